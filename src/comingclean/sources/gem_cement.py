"""Global Energy Monitor: Global Cement and Concrete Tracker.

Integrated and grinding plants of the world, with those retired since 2021. Where a figure is not
known the sheet holds a word (“>0”, “unknown”, “n/a”): the number is then empty and the word
stands in the column of the same name with `_text`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import gem_steel

SOURCE: Final = "gem_cement"
_SHEET: Final = "Plant Data"

IDENTITY: Final = {
    "gem_id": "gem plant id",
    "name": "gem asset name (english)",
    "other_names": "alternative asset name(s)",
    "sfi_id": "sfi id",
    "coordinates": "coordinates",
    "coordinate_accuracy": "coordinate accuracy",
    "page": "gem wiki page",
    "city": "municipality",
    "state": "subnational unit",
    "country": "country/area",
    "status": "operating status",
    "start": "start date",
    "owner": "owner name (english)",
    "parent": "parent",
    "plant_type": "plant type",
    "kiln": "production type",
    "cement_type": "majority cement type",
    "color": "cement color",
}
CAPACITIES: Final = {
    "capacity_cement": "cement capacity (millions metric tonnes per annum)",
    "capacity_clinker": "clinker capacity (millions metric tonnes per annum)",
}


def read(path: Path) -> pl.DataFrame:
    """One row a plant, all countries, with `row`.

    The columns of IDENTITY as text, but `coordinates` as latitude and longitude in degrees;
    capacity_cement and capacity_clinker in million tonnes a year. What is no number stands in the
    column of the same name with `_text`. `sfi_id` is the id in the SFI database, or “n/a”.
    Raises InputError when the sheet or a column is missing, an id stands twice, or a cell is wrong.
    """
    frame = gem_steel.body(path, _SHEET, {**IDENTITY, **CAPACITIES})
    frame = gem_steel.numbers_or_words(gem_steel.once(frame, "gem_id", path), CAPACITIES, path)
    return gem_steel.dates(gem_steel.place(frame, path), ("start",))
