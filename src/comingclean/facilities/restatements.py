"""What EPA restated: the figures of an older release of the GHGRP beside those of a newer one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from comingclean.model import PROCESS_SUBPART
from comingclean.sources.ghgrp import Workbook

SCOPE1: Final = "ghg_scope1"
COMBUSTION: Final = "ghg_subpart_c"
_KEY: Final = ("ghgrp_id", "year", "quantity")
_SAME: Final = 0.5  # tonnes: below this a difference is rounding
_SCHEMA: Final = {
    "ghgrp_id": pl.String,
    "year": pl.Int32,
    "quantity": pl.String,
    "release": pl.String,
    "value": pl.Float64,
    "row": pl.Int64,
    "newer_release": pl.String,
    "newer_value": pl.Float64,
    "newer_row": pl.Int64,
    "difference": pl.Float64,
    "percent": pl.Float64,
}


NONE: Final = pl.DataFrame(schema=_SCHEMA)


def restatements(
    older: Workbook, newer: Workbook, industries: Mapping[str, str] | None = None
) -> pl.DataFrame:
    """Figures of one reporting year that differ between two releases, one row each.

    With `industries` (by GHGRP id) those facilities have the reference boundary too (`ghg_scope1`).

    `release` is the date that a workbook says its data are of; values and difference (newer minus
    older) are in tonnes of CO2e (biogenic CO2 in tonnes), percent is of the older value. A figure
    that only one release has stands with the other side empty; a reported zero is a figure.
    Raises ValueError when the workbooks are of different years, or in the wrong order.
    """
    _refuse(older, newer)
    both = compared(older, newer)
    both = pl.concat([both, _scope1(both, industries or {})])
    moved = (pl.col("newer_value") - pl.col("value")).abs() >= _SAME
    one_sided = pl.col("value").is_null() | pl.col("newer_value").is_null()
    return both.filter(moved.fill_null(False) | one_sided).sort(_KEY)


def compared(older: Workbook, newer: Workbook) -> pl.DataFrame:
    """Every figure of either release beside the other's, whether it moved or not."""
    columns = [*_KEY, "value", "row"]
    left = older.amounts.rename({"tonnes": "value"}).select(columns)
    right = newer.amounts.rename({"tonnes": "newer_value", "row": "newer_row"})
    right = right.select(*_KEY, "newer_value", "newer_row")
    joined = left.join(right, on=list(_KEY), how="full", coalesce=True, validate="1:1")
    difference = pl.col("newer_value") - pl.col("value")
    whole = joined.with_columns(
        pl.lit(older.as_of.isoformat()).alias("release"),
        pl.lit(newer.as_of.isoformat()).alias("newer_release"),
        difference.alias("difference"),
        pl.when(pl.col("value") != 0).then(100 * difference / pl.col("value")).alias("percent"),
    )
    return whole.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())


def _scope1(both: pl.DataFrame, industries: Mapping[str, str]) -> pl.DataFrame:
    """Combustion and the process of the industry added up, where both releases have either.

    A release without one of the two counts the other alone, as the atlas does for a year's value.
    """
    process = {plant: f"ghg_subpart_{PROCESS_SUBPART[kind]}" for plant, kind in industries.items()}
    own = pl.col("ghgrp_id").replace_strict(process, default=None, return_dtype=pl.String)
    parts = both.filter((pl.col("quantity") == COMBUSTION) | (pl.col("quantity") == own))
    parts = parts.filter(pl.col("ghgrp_id").is_in(list(process)))
    sides = ("value", "newer_value")
    once = [pl.col(name).max() for name in ("row", "newer_row", "release", "newer_release")]
    known = [pl.col(name).is_not_null().any().alias(f"has_{name}") for name in sides]
    added = parts.group_by("ghgrp_id", "year").agg(pl.col(sides).sum(), *once, *known)
    added = added.filter("has_value", "has_newer_value")
    difference = pl.col("newer_value") - pl.col("value")
    whole = added.with_columns(
        pl.lit(SCOPE1).alias("quantity"),
        difference.alias("difference"),
        pl.when(pl.col("value") != 0).then(100 * difference / pl.col("value")).alias("percent"),
    )
    return whole.select(pl.col(name).cast(kind) for name, kind in _SCHEMA.items())


def _refuse(older: Workbook, newer: Workbook) -> None:
    if older.year != newer.year:
        raise ValueError(f"releases of different years: {older.year} and {newer.year}")
    if older.as_of > newer.as_of:
        raise ValueError(f"the older release ({older.as_of}) is newer than {newer.as_of}")
