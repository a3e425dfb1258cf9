"""EPA Toxics Release Inventory through StEWI: which facilities reported in a year, and where.

Names, addresses and coordinates change with the years; the id does not, unless a plant is sold and
its new owner asks for another. What each released is read elsewhere; here only which had releases.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_tri"
SITES: Final = {
    "tri_id": "FacilityID",
    "name": "FacilityName",
    "address": "Address",
    "city": "City",
    "county": "County",
    "state": "State",
    "zip": "Zip",
    "naics": "NAICS",
    "latitude": "Latitude",
    "longitude": "Longitude",
}
RELEASES: Final = {
    "tri_id": "FacilityID",
    "chemical": "FlowName",
    "medium": "Compartment",
    "kilograms": "FlowAmount",
}


def read(path: Path) -> pl.DataFrame:
    """One row a facility of the year in the file's name (facility_TRI_<year>), with `row`.

    Columns: those of SITES as text, latitude and longitude in degrees, year as a whole number.
    Raises InputError when a column is missing or a coordinate is not a number.
    """
    frame = _open(path, SITES)
    return sheet.numbers(frame, {n: SITES[n] for n in ("latitude", "longitude")}, path)


def read_releases(path: Path) -> pl.DataFrame:
    """Rows (tri_id, chemical, medium, kilograms, row, year) of flowbyfacility_TRI_<year>, as filed.

    `medium` is air, water or soil. Raises InputError when a column is missing or a cell is wrong.
    """
    return sheet.numbers(_open(path, RELEASES), {"kilograms": RELEASES["kilograms"]}, path)


def _open(path: Path, columns: dict[str, str]) -> pl.DataFrame:
    opened = sheet.read_parquet if path.suffix == ".parquet" else sheet.read_csv
    frame = opened(path, columns.values())
    named = [pl.col(title).cast(pl.String).alias(name) for name, title in columns.items()]
    return frame.select(*named, ROW, pl.lit(_year(path), dtype=pl.Int32).alias("year"))


def _year(path: Path) -> int:
    found = re.search(r"_TRI_(\d{4})", path.name)
    if not found:
        raise InputError("no year in the file's name", "name it …_TRI_<year>", file=path)
    return int(found[1])
