"""Parts: the common form in which each program says how the numbers of a plant are known.

A part is (facility_id, subject, how, weight, method_year, scope, sources): `weight` is mass or another
measure whose shares among the parts of a plant and subject count, `method_year` the year whose files
say how, `sources` a list of lineage ids. A maker that has no value row gives own_value, own_unit,
own_year and own_grade as well.
"""

from __future__ import annotations

from typing import Final

import polars as pl

KEY: Final = ["facility_id", "subject"]
EMPTY: Final[dict[str, type[pl.DataType]]] = {
    "share": pl.Float64,
    "amount": pl.Float64,
    "unit": pl.String,
    "year": pl.Int64,
    "method_year": pl.Int64,
    "grade": pl.String,
}
_OWN: Final[dict[str, type[pl.DataType]]] = {
    "own_value": pl.Float64,
    "own_unit": pl.String,
    "own_year": pl.Int64,
    "own_grade": pl.String,
}


def part(frame: pl.DataFrame, **named: pl.Expr) -> pl.DataFrame:
    """`frame` as parts: its columns or `named` for each of theirs, what is absent empty."""
    given = {name: pl.col(name) for name in frame.columns} | named
    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "facility_id": pl.String,
        "subject": pl.String,
        "how": pl.String,
        "weight": pl.Float64,
        "method_year": pl.Int64,
        "scope": pl.String,
        "sources": pl.List(pl.String),
        **_OWN,
    }
    plant = {"scope": pl.lit("plant")}
    chosen = plant | {name: one for name, one in given.items() if name in columns}
    return frame.select(
        chosen.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in columns.items()
    )


def newest(values: pl.DataFrame) -> pl.DataFrame:
    """The newest figure of each plant and subject: (facility_id, subject, value, unit, year, grade)."""
    last = pl.col("year") == pl.col("year").max().over("facility_id", "quantity")
    return values.filter(last).select(
        "facility_id", pl.col("quantity").alias("subject"), "value", "unit", "year", "grade"
    )


def ids(column: str = "sources") -> pl.Expr:
    """A column of JSON arrays as lists, those that name a row of a source."""
    return pl.col(column).str.json_decode(pl.List(pl.String))
