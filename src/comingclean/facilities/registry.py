"""The registry: which plants the atlas has, decided by hand in data/facilities.csv.

Each row has its reason. Corrections to a source are rows too (data/corrections.csv), with the text
that they expect to find, so that they fail loudly once the source mends itself.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.model import INDUSTRIES, PROGRAMS
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

FACILITIES: Final = "facilities.csv"
CORRECTIONS: Final = "corrections.csv"
CANDIDATES: Final = "candidates.csv"
_COLUMNS: Final = (
    "facility_id",
    "site_id",
    "name",
    "industry",
    "program",
    "program_id",
    "city",
    "state",
    "parent",
    "parent_as_of",
    "parent_source",
    "reference_2020",
    "reference_certainty",
    "latitude",
    "longitude",
    "coordinate_source",
    "reason",
)
_CORRECTION: Final = (
    "source",
    "record_id",
    "field",
    "first_year",
    "last_year",
    "expect",
    "value",
    "reason",
    "evidence",
)


def read(data: Path) -> pl.DataFrame:
    """The registry as text columns with `row`; reference_2020 is a whole number, places are degrees.

    Only a plant of an inventory that has no place yet may be without city or state. Raises
    InputError for a slug, industry or program that cannot be, a plant that stands twice, or a row
    without a reason.
    """
    path = data / FACILITIES
    frame = sheet.read_csv(path, _COLUMNS)
    _refuse(frame, ~_matches("facility_id", r"^[a-z0-9]+(-[a-z0-9]+)*$"), "is not a slug", path)
    _refuse(frame, ~pl.col("industry").is_in(INDUSTRIES), "is not an industry", path, "industry")
    _refuse(frame, ~pl.col("program").is_in(PROGRAMS), "is not a program", path, "program")
    _refuse(frame, ~_matches("reference_2020", "^[01]$"), "is not 0 or 1", path, "reference_2020")
    for column in ("reason", "site_id", "name", "program_id"):
        _refuse(frame, pl.col(column).is_null(), f"has no {column}", path)
    placed = (pl.col("program") == "ghgrp") | pl.col("latitude").is_not_null()
    for column in ("city", "state"):
        _refuse(frame, placed & pl.col(column).is_null(), f"has no {column}", path)
    _refuse(frame, ~pl.col("facility_id").is_first_distinct(), "stands twice", path)
    identity = pl.struct("program", "program_id")
    _refuse(frame, ~identity.is_first_distinct(), "stands twice", path, "program_id")
    frame = sheet.numbers(frame, ["latitude", "longitude"], path)
    return frame.with_columns(pl.col("reference_2020").cast(pl.Int64))


def _matches(column: str, pattern: str) -> pl.Expr:
    return pl.col(column).str.contains(pattern).fill_null(False)


def _refuse(
    frame: pl.DataFrame, bad: pl.Expr, what: str, path: Path, column: str = "facility_id"
) -> None:
    rows = frame.filter(bad)
    if rows.height:
        raise InputError(
            f"“{rows[column][0] or ''}” {what}", "correct the row", file=path, row=rows[ROW][0]
        )


def candidates(data: Path) -> pl.DataFrame:
    """Plants that were considered and left out, each with its reason."""
    columns = ("program", "program_id", "name", "city", "state", "industry", "years", "reason")
    return sheet.read_csv(data / CANDIDATES, columns).select(columns)


def corrections(data: Path, source: str) -> pl.DataFrame:
    """The corrections to one source, as text, years as whole numbers, with `row`.

    Raises InputError for a year that is no number.
    """
    path, years = data / CORRECTIONS, ["first_year", "last_year"]
    frame = sheet.read_csv(path, _CORRECTION).filter(pl.col("source") == source)
    return sheet.numbers(frame, years, path).with_columns(pl.col(*years).cast(pl.Int32))


def correct(filings: pl.DataFrame, rows: pl.DataFrame, data: Path) -> pl.DataFrame:
    """`filings` with the corrections done and a column `corrected` of lineage ids (JSON).

    Raises InputError when a row finds no filing, or one that does not hold what it expects, or would
    write what its field cannot hold.
    """
    frame = filings.with_columns(pl.lit("[]").alias("corrected"))
    for row in rows.iter_rows(named=True):
        hit = (pl.col("ghgrp_id") == row["record_id"]) & pl.col("year").is_between(
            row["first_year"], row["last_year"]
        )
        value = _value(row, frame, data / CORRECTIONS)
        _expect(frame.filter(hit), row, data / CORRECTIONS)
        note = pl.col("corrected").map_elements(partial(_noted, row), return_dtype=pl.String)
        frame = frame.with_columns(
            pl.when(hit).then(value).otherwise(pl.col(row["field"])).alias(row["field"]),
            pl.when(hit).then(note).otherwise(pl.col("corrected")).alias("corrected"),
        )
    return frame


def _value(row: dict[str, object], frame: pl.DataFrame, path: Path) -> pl.Expr:
    """The corrected value as a literal of its field's type."""
    kind = frame.schema.get(str(row["field"]))
    text = pl.Series([row["value"]], dtype=pl.String)
    value = text.cast(kind, strict=False) if kind else None
    if kind is None or value is None or value.null_count() > text.null_count():
        what = f"“{row['value'] or ''}” cannot be the {row['field']} of a filing"
        raise InputError(what, "correct the row", file=path, row=int(str(row[ROW])))
    return pl.lit(value[0], dtype=kind)


def _noted(row: dict[str, object], ids: str) -> str:
    return json.dumps([*json.loads(ids), lineage_id(row)])


def lineage_id(row: dict[str, object]) -> str:
    """The lineage id of a correction: by what it corrects, so that it outlives a new order of rows."""
    return f"corrections/{row['source']}/{row['record_id']}/{row['field']}"


def _expect(found: pl.DataFrame, row: dict[str, object], path: Path) -> None:
    texts = {_same(value) for value in found[str(row["field"])]} if found.height else {"no row"}
    if texts != {_same(row["expect"])}:
        raise InputError(
            f"expected “{row['expect'] or ''}” as {row['field']} of {row['record_id']}, "
            f"found {', '.join(sorted(f'“{text}”' for text in texts))}",
            "the source may have mended itself: check, then delete or renew the correction",
            file=path,
            row=int(str(row[ROW])),
        )


def _same(value: object) -> str:
    """A text that two writings of the same number share."""
    if value is None or value == "":
        return ""
    try:
        return repr(float(str(value)))
    except ValueError:
        return str(value).strip()
