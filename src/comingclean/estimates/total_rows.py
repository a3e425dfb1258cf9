"""National totals under our names: series of the Geological Survey, and parameters of older years."""

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
# Half of the last digit that the source prints, in its own unit.
_ROUNDING: Final = {"Mt": 0.05, "%": 0.5, "kt": 0.5, "persons": 50.0}
# The Survey revises its first print by up to so much.
_FIRST_PRINT: Final = 0.017
_PREFIX: Final = "national/"
_UNITS: Final = {"t", "share", "people"}


def totals(national: pl.DataFrame, factors: Factors) -> pl.DataFrame:
    """Rows (series, year, value, low, high, verified, sources): tonnes, people or shares.

    `national`: series, unit, year, value, estimated, lineage_id, as the reader of the Survey's file
    gives them. Parameters `national/<series>_<year>` fill the years that the file has not. Raises
    InputError where a unit is not the one that belongs to the series.
    """
    rows = [_row(row) for row in national.iter_rows(named=True) if row["series"] in SERIES]
    have = {(row["series"], row["year"]) for row in rows}
    for factor in factors.named(_PREFIX):
        series, year = factor.name.removeprefix(_PREFIX).rsplit("_", 1)
        if factor.unit not in _UNITS:
            raise InputError(
                f"the parameter {factor.name} is in “{factor.unit}”",
                "give it in t, people or %",
                file="data/parameters.csv",
            )
        if (series, int(year)) not in have:
            ends = factor.value, factor.low, factor.high
            rows.append(_made(series, int(year), ends, factor.source, factor.seen != "judgement"))
    return pl.DataFrame(rows, infer_schema_length=None).sort("series", "year")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    series, unit, scale = SERIES[row["series"]]
    if row["unit"] != unit:
        raise InputError(
            f"“{row['series']}” is in {row['unit']}, and {unit} belongs there",
            "convert the row",
            file="national_totals_usgs.csv",
        )
    value = row["value"] * scale
    half = max(_ROUNDING[unit] * scale, value * _FIRST_PRINT if row["estimated"] else 0.0)
    return _made(series, row["year"], (value, value - half, value + half), row["lineage_id"])


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
