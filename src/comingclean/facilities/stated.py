"""What is stated of the plants of the registry: attributes whose plant and route are known."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import attributes
from comingclean.sources import sheet

ROUTES: Final = "routes.csv"


def stated(data: Path, plants: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `attribute` of `plants` (facility_id, site_id, industry) and of their sites.

    Raises InputError, by row, for a plant that the registry does not have, and for a route that is not
    one of its industry (data/routes.csv).
    """
    rows, path = attributes.read(data), data / attributes.ATTRIBUTES
    places = {*plants["facility_id"], *plants["site_id"]}
    industries = dict(plants.select("facility_id", "industry").iter_rows())
    routes = _routes(data)
    for plant, attribute, value, line in rows.select(
        "facility_id", "attribute", "value", sheet.ROW
    ).iter_rows():
        if plant not in places:
            mend = "correct the id of the plant"
            raise InputError(f"{plant} is not in the registry", mend, file=path, row=line)
        known = routes.get(industries.get(plant, ""))
        if attribute == "route" and known and value not in known:
            what = f"the route “{value}” of {plant} is not one of {industries[plant]}"
            raise InputError(what, f"write one of {'; '.join(known)}", file=path, row=line)
    return rows


def _routes(data: Path) -> dict[str, list[str]]:
    """The routes of each industry."""
    rows = sheet.read_csv(data / ROUTES, ("industry", "route"))
    return dict(rows.group_by("industry").agg(pl.col("route").sort()).iter_rows())
