"""One row a figure as filed: what every estimate of its interval and grade gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

Parameters = Mapping[str, float]
Row = dict[str, Any]
KEY: Final = ["facility_id", "year"]
# A part of a sum counts for the sum's grade when it makes up this share of it.
WEIGHTY: Final = 0.1


def row_of(cell: Row, half: float, method: str, grade: str, ids: list[str]) -> Row:
    """A row of (facility_id, year, quantity, value, half, method, grade, sources); `half` in tonnes."""
    return {
        "facility_id": cell["facility_id"],
        "year": cell["year"],
        "quantity": cell["quantity"],
        "value": cell["tonnes"],
        "half": half,
        "method": method,
        "grade": grade,
        "sources": sorted({cell["lineage_id"], *ids}),
    }


_ROW: Final[dict[str, Any]] = {
    "facility_id": pl.String,
    "year": pl.Int64,
    "quantity": pl.String,
    "value": pl.Float64,
    "half": pl.Float64,
    "method": pl.String,
    "grade": pl.String,
    "sources": pl.List(pl.String),
}


def frame(rows: list[Row]) -> pl.DataFrame:
    """Rows of `row_of` as a frame, also where there are none."""
    return pl.DataFrame(rows, schema=_ROW)
