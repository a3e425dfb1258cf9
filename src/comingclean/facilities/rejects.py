"""Rows set aside: what is wrong with a row, in a word, and how rows are parted by it.

Nothing is dropped in silence. A row that cannot be right stands in the rejects with the reason and,
where it stays out of every sum, `kept` false. Rows that count but need a word (a facility that moved to
another industry) stand there too, with `kept` true. The words are in data/rejects.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from comingclean.sources.sheet import ROW

SCHEMA: Final = {
    "source_id": pl.String,
    "year": pl.Int32,
    "row": pl.Int64,
    "record_id": pl.String,
    "subject": pl.String,
    "reason": pl.String,
    "kept": pl.Boolean,
}
NONE: Final = pl.DataFrame(schema=SCHEMA)
# A row with one of these still counts.
KEPT: Final = ("unlisted_chemical", "same_form_again", "moved_industry")
# More of one chemical than the largest mine puts on its land.
ABSURD_KILOGRAMS: Final = 1e9


def verdict(key: Sequence[str]) -> pl.Expr:
    """Why a row of (chemical, kilograms, and `key`) is set aside; empty where it is good.

    No chemical, no amount, one below zero or beyond reason, an exact copy of a row of the same key (the
    first stays), or rows of one key that contradict each other (none stays).
    """
    amount, whole = pl.col("kilograms"), pl.struct(key)
    copied = ~pl.struct(*key, "kilograms").is_first_distinct()
    same = amount.n_unique().over(key) == 1
    return (
        pl.when(pl.col("chemical").is_null())
        .then(pl.lit("unknown_chemical"))
        .when(amount.is_null())
        .then(pl.lit("no_amount"))
        .when(~amount.is_between(0, ABSURD_KILOGRAMS))
        .then(pl.lit("impossible_amount"))
        .when(whole.is_duplicated() & same & copied)
        .then(pl.lit("copied_row"))
        .when(whole.is_duplicated() & ~same)
        .then(pl.lit("contradicting_rows"))
    )


def parted(
    judged: pl.DataFrame, record: str, subject: str, source_id: str | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with a `reason` or none, parted into those that count, without it, and the rejects.

    `record` and `subject` are the columns that the rejects name; `source_id` that of all rows, where
    they have no such column.
    """
    stays = pl.col("reason").is_null() | pl.col("reason").is_in(KEPT)
    aside = judged.filter(pl.col("reason").is_not_null()).select(
        pl.lit(source_id).alias("source_id") if source_id else pl.col("source_id"),
        "year",
        ROW,
        pl.col(record).alias("record_id"),
        pl.col(subject).alias("subject"),
        "reason",
        pl.col("reason").is_in(KEPT).alias("kept"),
    )
    return judged.filter(stays).drop("reason"), aside.cast(pl.Schema(SCHEMA))
