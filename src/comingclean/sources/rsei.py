"""EPA's Risk-Screening Environmental Indicators: its own toxicity weights, for users who have them.

The workbook (toxicity_data_rsei_v….xlsx, from the page on RSEI toxicity weights) is not in the
project. `ITW` is the weight by breathing that EPA settled on; where EPA had none for breathing it took
the one for swallowing and marked the class with an asterisk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.chemicals import keys
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_rsei"
_SHEET: Final = "Toxicity"
# The column with dashes has been turned into dates in places; the packed one is whole.
_COLUMNS: Final = {
    "chemical": "casnumber",
    "name": "chemical",
    "weight": "itw",
    "effect": "toxicityclassinhale",
}


def read(path: Path) -> pl.DataFrame:
    """(chemical, name, weight, effect, from_oral, row): one row a chemical, weight empty where none.

    `chemical` is a CAS number with dashes or a TRI category code, weight is without a unit. Raises
    InputError when a column is missing, a cell is no number, a weight is not above zero, or a
    chemical stands twice.
    """
    _, cells = sheet.open_sheet(path, _SHEET)
    headers = [sheet.plain(text) for text in cells.row(0)]
    sheet.require(list(_COLUMNS.values()), headers, path, row=1)
    columns = [cells.to_series(headers.index(title)).alias(n) for n, title in _COLUMNS.items()]
    body = cells.select(columns).with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).slice(1)
    body = body.filter(pl.col("chemical").is_not_null())
    frame = sheet.numbers(body, {"weight": "ITW"}, path).with_columns(
        keys("chemical"), pl.col("effect").str.contains("*", literal=True).alias("from_oral")
    )
    _refuse(frame, ~(pl.col("weight") > 0), "has a weight that is not above zero", path)
    _refuse(frame, ~pl.col("chemical").is_first_distinct(), "stands twice", path)
    return frame.select("chemical", "name", "weight", "effect", "from_oral", ROW)


def _refuse(frame: pl.DataFrame, bad: pl.Expr, what: str, path: Path) -> None:
    rows = frame.filter(bad)  # an empty weight is no answer, and so is let through
    if rows.height:
        raise InputError(
            f"{rows['chemical'][0]} {what}",
            "fetch the workbook again from EPA",
            file=path,
            row=rows[ROW][0],
        )
