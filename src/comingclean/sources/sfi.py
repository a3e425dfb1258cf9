"""Spatial Finance Initiative: Global Database of Cement Production Assets, July 2021.

The closest inventory to 2020. Capacity is blank for about half of the US plants, and where the
source column says “Estimated” it was modelled from the size of the kiln as seen from above. Some
ids outside the United States stand twice; both rows are kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import gem_steel, sheet

SOURCE: Final = "sfi"
_SHEET: Final = "SFI_ALD_Cement_Database"

COLUMNS: Final = {
    "sfi_id": "uid",
    "city": "city",
    "state": "state",
    "country": "iso3",
    "latitude": "latitude",
    "longitude": "longitude",
    "coordinate_accuracy": "accuracy",
    "status": "status",
    "plant_type": "plant_type",
    "kiln": "production_type",
    "capacity_cement": "capacity",
    "capacity_source": "capacity_source",
    "start": "year",
    "owner": "owner_name",
    "parent": "parent_name",
    "parent_share": "ownership_stake",
    "parent_2": "parent_name_2",
    "parent_2_share": "ownership_stake_2",
}
_DEGREES: Final = {"latitude": "latitude", "longitude": "longitude"}
_CAPACITY: Final = {"capacity_cement": "capacity"}


def read(path: Path) -> pl.DataFrame:
    """One row a plant, all countries, with `row`.

    The columns of COLUMNS as text, but latitude and longitude in degrees, capacity_cement in million
    tonnes a year; a word in its place (“unknown”, “N/A”, “>0”) stands in capacity_cement_text. Shares
    are as written, a fraction of 1.
    Raises InputError when the sheet or a column is missing, or a cell is neither a number nor such a
    word, or below zero.
    """
    frame = sheet.numbers(gem_steel.body(path, _SHEET, COLUMNS), _DEGREES, path)
    return gem_steel.numbers_or_words(frame, _CAPACITY, path)
