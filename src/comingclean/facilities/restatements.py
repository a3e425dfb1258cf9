"""What EPA restated: the figures of an older release of the GHGRP beside those of a newer one."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.sources.ghgrp import Workbook

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


def restatements(older: Workbook, newer: Workbook) -> pl.DataFrame:
    """Figures of one reporting year that differ between two releases, one row each.

    `release` is the date that a workbook says its data are of; values and difference (newer minus
    older) are in tonnes of CO2e (biogenic CO2 in tonnes), percent is of the older value. A figure
    that only one release has stands with the other side empty; a reported zero is a figure.
    Raises ValueError when the workbooks are of different years, or in the wrong order.
    """
    _refuse(older, newer)
    both = compared(older, newer)
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


def _refuse(older: Workbook, newer: Workbook) -> None:
    if older.year != newer.year:
        raise ValueError(f"releases of different years: {older.year} and {newer.year}")
    if older.as_of > newer.as_of:
        raise ValueError(f"the older release ({older.as_of}) is newer than {newer.as_of}")
