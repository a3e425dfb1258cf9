"""EPA: GHGRP facilities and their ORIS codes, the ids of power plants in EIA and CAMD data.

Codes that begin with 88 were given by EPA to plants outside the power sector.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import gem_steel
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_oris"
_SHEET: Final = "ORIS Crosswalk"
_NONE: Final = "No Match"
IDENTITY: Final = {
    "ghgrp_id": "ghgrp facility id",
    "name": "facility name",
    "city": "ghgrp - city",
    "state": "ghgrp - state",
}
CODES: Final = {
    "1": "oris code",
    "2": "oris code 2",
    "3": "oris code 3",
    "4": "oris code 4",
    "5": "oris code 5",
}


def read(path: Path) -> pl.DataFrame:
    """Rows (ghgrp_id, name, city, state, row, oris_id), all text, one per facility and code.

    Facilities that EPA marks “No Match” have no row. Raises InputError when the sheet or a column
    is missing, or a code is not a number.
    """
    frame = gem_steel.body(path, _SHEET, {**IDENTITY, **CODES})
    codes = frame.unpivot(
        on=list(CODES), index=[*IDENTITY, ROW], variable_name="place", value_name="oris_id"
    )
    codes = codes.filter(pl.col("oris_id").is_not_null() & (pl.col("oris_id") != _NONE))
    _check(codes, path)
    return codes.sort(ROW, "place").drop("place")


def _check(codes: pl.DataFrame, path: Path) -> None:
    bad = codes.filter(~pl.col("oris_id").str.contains(r"^\d+$"))
    if bad.height:
        what = f"“{bad['oris_id'][0]}” is not an ORIS code"
        raise InputError(what, "correct the cell", file=path, row=bad[ROW][0])
