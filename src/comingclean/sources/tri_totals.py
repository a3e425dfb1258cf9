"""EPA's national totals of the Toxics Release Inventory by chemical, as StEWI keeps them.

Taken from TRI Explorer to check StEWI's files: pounds, dioxins too (the form asks for grams of these),
all of the country, for the releases that StEWI adds up.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_tri_totals"
AMOUNTS: Final = {
    "air": ("Fugitive Air Emissions", "Point Source Air Emissions"),
    "water": ("Surface Water Discharges",),
    "land": (
        "On-site Land Treatment",
        "Other On-site Land Disposal",
        "Off-site Land Treatment",
        "Other Off-site Land Disposal",
    ),
}
_NAME: Final = "Chemical"
_ID: Final = "CAS Number"
_NOTHING: Final = "."  # how EPA writes an empty cell
_KILOGRAMS: Final = 0.45359237  # of a pound


def read(path: Path) -> pl.DataFrame:
    """Rows (chemical, chemical_id, medium, kilograms, row, year), a row a chemical and medium.

    `chemical_id` is a CAS number without dashes or a category code such as N420. A chemical without
    any amount for a medium has none. Raises InputError when a column is missing, a cell is no number
    or the name of the file lacks the year.
    """
    titles = [title for group in AMOUNTS.values() for title in group]
    frame = sheet.read_csv(path, [_NAME, _ID, *titles])
    frame = frame.filter(pl.col(_ID).is_not_null())
    plain = [pl.col(title).str.replace_all(",", "").replace(_NOTHING, None) for title in titles]
    frame = sheet.numbers(frame.with_columns(plain), titles, path)
    sums = [sheet.total(group).alias(medium) for medium, group in AMOUNTS.items()]
    index = [pl.col(_NAME).alias("chemical"), pl.col(_ID).alias("chemical_id")]
    long = frame.select(*index, ROW, *sums).unpivot(
        on=list(AMOUNTS),
        index=["chemical", "chemical_id", ROW],
        variable_name="medium",
        value_name="kilograms",
    )
    return long.with_columns(
        pl.col("kilograms") * _KILOGRAMS, pl.lit(_year(path), dtype=pl.Int32).alias("year")
    )


def _year(path: Path) -> int:
    found = re.search(r"_(\d{4})\.csv", path.name)
    if not found:
        raise InputError("no year in the file's name", "name it …_<year>.csv", file=path)
    return int(found[1])
