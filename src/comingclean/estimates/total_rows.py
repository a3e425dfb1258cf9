"""National totals under our names: series of the Geological Survey, and parameters of other years."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from comingclean.errors import InputError
from comingclean.estimates.factors import Factors

# Our name, the unit of the source, tonnes (or people, or a share) in one of it.
SERIES: Final = {
    "raw steel production": ("raw_steel", "Mt", 1e6),
    "raw steel BOF share": ("bof_share", "%", 0.01),
    "pig iron production": ("pig_iron", "Mt", 1e6),
    "primary aluminum production": ("aluminum", "kt", 1e3),
    "clinker production": ("clinker", "kt", 1e3),
    "portland+masonry cement production": ("cement", "kt", 1e3),
    "employment iron & steel mills (NAICS 3311)": ("jobs_iron_steel", "persons", 1.0),
    "cement employment mine+mill": ("jobs_cement", "persons", 1.0),
}
_ROUNDING: Final = {"Mt": "mt", "%": "percent", "kt": "kt", "persons": "people"}
SCHEMA: Final[dict[str, Any]] = {
    "series": pl.String,
    "year": pl.Int64,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "verified": pl.Boolean,
    "sources": pl.List(pl.String),
}


def totals(national: pl.DataFrame, factors: Factors) -> pl.DataFrame:
    """Rows (series, year, value, low, high, verified, sources): tonnes, people or shares.

    `national`: series, unit, year, value, estimated, lineage_id, as the reader of the Survey's file
    gives them. Raises InputError where a unit is not the one that belongs to the series.
    """
    rows = [_row(row, factors) for row in national.iter_rows(named=True) if row["series"] in SERIES]
    return pl.DataFrame(rows, schema=SCHEMA).sort("series", "year")


def given(factors: Factors, series: str, year: int) -> dict[str, Any] | None:
    """The total of a year that the Survey's file has not: the parameter `national/<series>_<year>`.

    One that was not read or quoted is not verified.
    """
    factor = factors.find(f"national/{series}_{year}")
    if factor is None:
        return None
    ends = factor.value, factor.low, factor.high
    return _made(series, year, ends, factor.source, factor.seen != "judgement")


def _row(row: dict[str, Any], factors: Factors) -> dict[str, Any]:
    series, unit, scale = SERIES[row["series"]]
    if row["unit"] != unit:
        raise InputError(
            f"“{row['series']}” is in {row['unit']}, and {unit} belongs there",
            "convert the row",
            file="national_totals_usgs.csv",
        )
    value = row["value"] * scale
    half = max(_printed(factors, unit, scale), _revised(factors, row) * value)
    return _made(series, row["year"], (value, value - half, value + half), row["lineage_id"])


def _printed(factors: Factors, unit: str, scale: float) -> float:
    """Half of the last digit that the Survey prints, in our unit; per cent are shares already."""
    factor = factors[f"survey_rounding_{_ROUNDING[unit]}"]
    return factor.value if factor.unit == "share" else factor.value * scale


def _revised(factors: Factors, row: dict[str, Any]) -> float:
    """How far a first print may be revised, as a share of it."""
    return factors.of("survey_first_print", "share").value if row["estimated"] else 0.0


def _made(
    series: str, year: int, ends: tuple[float, float, float], source: str, verified: bool = True
) -> dict[str, Any]:
    value, low, high = ends
    return {
        "series": series,
        "year": year,
        "value": value,
        "low": low,
        "high": high,
        "verified": verified,
        "sources": [source],
    }
