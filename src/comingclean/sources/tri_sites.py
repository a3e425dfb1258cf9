"""EPA Toxics Release Inventory through StEWI: which facilities reported in a year, and where.

Names, addresses and coordinates change with the years; the id does not, unless a plant is sold and
its new owner asks for another. What each released is read by `tri`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet, tri

SOURCE: Final = "epa_tri_sites"
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


def read(path: Path) -> pl.DataFrame:
    """One row a facility of the year in the file's name (facility_TRI_<year>), with `row`.

    Columns: those of SITES as text, latitude and longitude in degrees, year as a whole number.
    Raises InputError when a column is missing or a coordinate is not a number.
    """
    frame = tri.open_year(path, SITES)
    return sheet.numbers(frame, {n: SITES[n] for n in ("latitude", "longitude")}, path)
