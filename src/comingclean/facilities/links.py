"""Links: which ids a plant has in which program, decided by hand in data/identifiers.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.model import PROGRAMS
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

IDENTIFIERS: Final = "identifiers.csv"
MISSING: Final = "links_missing.csv"
COLUMNS: Final = (
    "facility_id",
    "program",
    "program_id",
    "link_method",
    "confidence",
    "first_year",
    "last_year",
    "until",
    "evidence",
    "reason",
)
MISSING_COLUMNS: Final = ("facility_id", "program", "reason", "reason_es")
_YEARS: Final = ("first_year", "last_year", "until")
METHODS: Final = ("id", "id through FRS", "distance and name", "by hand")
CONFIDENCES: Final = ("certain", "probable", "possible")


def links(data: Path) -> pl.DataFrame:
    """data/identifiers.csv as text with `row`; years are whole numbers.

    `first_year` and `last_year` are those of the records in hand; `until` is the last year for which
    the link holds, where the record goes on as another place. Raises InputError for a program, method
    or confidence that cannot be, a link that stands twice, a row without evidence, or an id that two
    plants share where a row does not say why.
    """
    path = data / IDENTIFIERS
    frame = sheet.read_csv(path, COLUMNS)
    for column, known in (("program", PROGRAMS), ("link_method", METHODS), ("confidence", CONFIDENCES)):
        _refuse(frame, ~pl.col(column).is_in(known), f"is not a {column}", path, column)
    _refuse(frame, pl.col("evidence").is_null(), "has no evidence", path)
    key = pl.struct("facility_id", "program", "program_id")
    _refuse(frame, ~key.is_first_distinct(), "stands twice", path, "program_id")
    shared = pl.struct("program", "program_id").is_duplicated() & pl.col("reason").is_null()
    _refuse(frame, shared, "is shared by two plants without a reason", path, "program_id")
    return sheet.numbers(frame, _YEARS, path).with_columns(pl.col(*_YEARS).cast(pl.Int64))


def _refuse(
    frame: pl.DataFrame, bad: pl.Expr, what: str, path: Path, column: str = "facility_id"
) -> None:
    rows = frame.filter(bad.fill_null(True))
    if rows.height:
        text = f"“{rows[column][0] or ''}” {what}"
        raise InputError(text, "correct the row", file=path, row=rows[ROW][0])


def holding(rows: pl.DataFrame, data: Path, program: str, key: str) -> pl.DataFrame:
    """`rows` with `facility_id`: of each plant that has their id `key` in the year of the row.

    A row whose id no plant has is left out, and so is one after the last year of its link.
    """
    linked = links(data).filter(program=program).select("facility_id", "until", key_="program_id")
    joined = rows.join(linked, left_on=key, right_on="key_", validate="m:m")
    holds = pl.col("until").is_null() | (pl.col("year") <= pl.col("until"))
    return joined.filter(holds).drop("until")


def missing(data: Path) -> pl.DataFrame:
    """data/links_missing.csv as text with `row`: why a plant has no record in a program."""
    return sheet.read_csv(data / MISSING, MISSING_COLUMNS)
