"""EPA Envirofacts: GHGRP facilities of 2023 with their parent company.

One row a facility and so one parent, even where several share it: a percentage below 100 says so,
and the others are not in the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_parents"
COLUMNS: Final = {
    "ghgrp_id": "GHGRP FACILITY ID",
    "frs_id": "FRS ID (FACILITY)",
    "year": "REPORTING YEAR",
    "name": "FACILITY NAME",
    "address": "FACILITY ADDRESS",
    "city": "FACILITY CITY",
    "state": "FACILITY STATE",
    "zip": "FACILITY ZIP",
    "county": "FACILITY COUNTY",
    "parent": "PARENT COMPANY NAME",
    "parent_city": "PARENT CO. CITY",
    "parent_state": "PARENT CO. STATE",
    "parent_percent": "PARENT CO. PERCENT OWNERSHIP",
    "naics": "FACILITY NAICS CODE",
}


def read(path: Path) -> pl.DataFrame:
    """One row a facility, with `row`.

    The columns of COLUMNS as text, but year as a whole number and parent_percent as a number, empty
    where not stated.
    Raises InputError when the file or a column is missing, or a cell is not a number.
    """
    frame = sheet.read_csv(path, COLUMNS.values())
    frame = frame.select(*(pl.col(title).alias(name) for name, title in COLUMNS.items()), ROW)
    frame = frame.with_columns(pl.col("ghgrp_id").str.replace(r"\.0$", ""))  # exported as decimals
    titles = {name: COLUMNS[name] for name in ("year", "parent_percent")}
    return sheet.numbers(frame, titles, path).with_columns(pl.col("year").cast(pl.Int32))
