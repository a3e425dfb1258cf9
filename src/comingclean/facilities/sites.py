"""Sites: plants behind one fence or under one name, decided in data/sites.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SITES: Final = "sites.csv"
_COLUMNS: Final = ("site_id", "name", "facilities", "shared_records", "reason")


def read(data: Path, plants: pl.DataFrame) -> pl.DataFrame:
    """The sites of which `plants` (facility_id, site_id) have two or more, with `row` and `lineage_id`.

    (site_id, name, shared_records, reason). Raises InputError for plants that share a site without a
    row, and for a row that names other plants than the registry has there.
    """
    path = data / SITES
    known = sheet.read_csv(path, _COLUMNS)
    members = plants.group_by("site_id").agg(pl.col("facility_id").sort().alias("members"))
    several = members.filter(pl.col("members").list.len() > 1).sort("site_id")
    for site in several.join(known, on="site_id", how="anti")["site_id"]:
        what = f"several plants share the site {site}, which has no row"
        raise InputError(what, "add it with its name, plants and reason", file=path)
    found = known.join(several, on="site_id", validate="1:1").sort("site_id")
    named = pl.col("facilities").str.split("; ")
    for row in found.filter(pl.col("members").list.set_difference(named).list.len() > 0).to_dicts():
        what = f"{row['site_id']} does not name all of {', '.join(row['members'])}"
        raise InputError(what, "name the plants that share the site", file=path, row=row[ROW])
    lineage = pl.format("sites/{}", "site_id").alias("lineage_id")
    return found.select("site_id", "name", "shared_records", "reason", ROW, lineage)
