"""EPA Facility Registry Service: which ids of GHGRP, TRI and NEI belong to one FRS id.

The list is the one that EPA's StEWI tools ship. A place may have several FRS ids and an FRS id
several places, and some FRS ids differ from those in the GHGRP workbooks: try both.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_frs"
_FRS: Final = "FRS_ID"
_PROGRAM: Final = "Source"
_ID: Final = "FacilityID"
PROGRAMS: Final = {"GHGRP": "ghgrp", "TRI": "tri", "NEI": "eis"}


def read(path: Path) -> pl.DataFrame:
    """Rows (frs_id, program, program_id, row), ids as text; frs_id is empty where the list has none.

    `program` is ours (ghgrp, tri, eis); another inventory keeps its own name.
    Raises InputError when the file or a column is missing.
    """
    frame = sheet.read_parquet(path, [_FRS, _PROGRAM, _ID])
    return frame.select(
        pl.col(_FRS).fill_nan(None).cast(pl.Int64).cast(pl.String).alias("frs_id"),
        pl.col(_PROGRAM).replace(PROGRAMS).alias("program"),
        pl.col(_ID).cast(pl.String).alias("program_id"),
        ROW,
    )
