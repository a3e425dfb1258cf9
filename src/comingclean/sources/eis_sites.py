"""EPA National Emissions Inventory through NREL AEGIS: which facilities stand in it, and where.

AEGIS joined NEI, TRI and GHGRP for steel with coke and for cement, 2011 and 2017. Records that
share an FRS id are added up by pollutant, and each sum stands once, under the first of their names:
a plant's nitrogen oxides may stand under a contractor's name. So take all records of an FRS id
together, never one name of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "nrel_aegis"
_INVENTORY: Final = "Source"
_NEI: Final = "NEI"
COLUMNS: Final = {
    "eis_id": "FacilityID",
    "frs_id": "FRS_ID",
    "name": "FacilityName",
    "address": "Address",
    "city": "City",
    "state": "State",
    "naics": "NAICS",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "year": "Year",
    "pollutant": "FlowName",
    "kilograms": "FlowAmount",
}
_NUMBERS: Final = ("latitude", "longitude", "year", "kilograms")
_SITE: Final = ("name", "address", "city", "state", "naics", "latitude", "longitude")


def read(path: Path) -> pl.DataFrame:
    """The NEI part: one row a facility and pollutant, with `row`.

    The columns of COLUMNS as text, but latitude and longitude in degrees, year as a whole number,
    kilograms released to air. Raises InputError when a column is missing or a cell is not a number.
    """
    frame = sheet.read_csv(path, [_INVENTORY, *COLUMNS.values()])
    frame = frame.filter(pl.col(_INVENTORY) == _NEI)
    frame = frame.select(*(pl.col(title).alias(name) for name, title in COLUMNS.items()), ROW)
    frame = sheet.numbers(frame, {name: COLUMNS[name] for name in _NUMBERS}, path)
    ids = [pl.col(name).str.replace(r"\.0$", "") for name in ("eis_id", "frs_id")]
    return frame.with_columns(*ids, pl.col("year").cast(pl.Int32))


def sites(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a facility and year: where it is, its FRS id, its first row, and how many pollutants

    stand under its name (`pollutants`).
    """
    first = [pl.col(name).first() for name in ("frs_id", *_SITE, ROW)]
    count = pl.len().alias("pollutants")
    return rows.sort(ROW).group_by("eis_id", "year", maintain_order=True).agg(*first, count)
