"""EPA National Emissions Inventory through NREL AEGIS: which facilities stand in it, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import nei
from comingclean.sources.sheet import ROW

SOURCE: Final = "nrel_aegis"
_SITE: Final = ("name", "address", "city", "state", "naics", "latitude", "longitude")


def read(path: Path) -> pl.DataFrame:
    """The NEI part of a file: one row a facility and pollutant, with `row`, as `nei.read` gives it."""
    return nei.read(path)


def sites(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a facility and year: where it is, its FRS id, its first row, and how many pollutants

    stand under its name (`pollutants`).
    """
    first = [pl.col(name).first() for name in ("frs_id", *_SITE, ROW)]
    count = pl.len().alias("pollutants")
    return rows.sort(ROW).group_by("eis_id", "year", maintain_order=True).agg(*first, count)
