"""What is known of each block group and tract, joined and made small enough to ship.

Two frames: block groups with what the Census counted, tracts with what was surveyed or modelled.
Numbers are kept in whole steps, as fine as their source gives them (a tenth of a point, a hundred
dollars). Race shares, which are made from counts, are kept to a hundredth of a point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

_RACES: Final = ("white", "black", "native", "asian", "multiple", "hispanic")
_BLOCK_GROUP: Final[Mapping[str, float]] = dict.fromkeys(_RACES, 100.0)
_TRACT: Final[Mapping[str, float]] = {
    **dict.fromkeys(("poverty", "assistance", "insured", "high_school", "vacant"), 10.0),
    "income": 0.01,
    "diesel_pm": 10_000.0,
    "cancer_risk": 1.0,
    "high_ozone_days": 1000.0,
    "high_pm_days": 1000.0,
    "pm25": 1000.0,
}
# What the interval of an indicator holds, by its source.
LINE, SURVEY, UNKNOWN, COUNT = "line", "line_and_survey_at_most", "model_error_not_published", "count"
REASON: Final[Mapping[str, str]] = {
    "census": LINE,
    "dep_index": SURVEY,
    "eji": UNKNOWN,
    "ejscreen": UNKNOWN,
}
# How many whole steps make one unit, by column. A stored number is this many times the value.
STEPS: Final[Mapping[str, float]] = {**_BLOCK_GROUP, **_TRACT}


@dataclass(frozen=True)
class Indicators:
    """The snapshot's two frames, sorted by id, in whole steps (see STEPS); nulls are not known.

    `block_groups`: (block_group, population, adults, white … hispanic). `tracts`: (tract, county_fips,
    poverty … pm25), one row a tract that has a block group; counties are those of 2023.
    """

    block_groups: pl.DataFrame
    tracts: pl.DataFrame


def compile_indicators(
    census: pl.DataFrame,
    dep_index: pl.DataFrame,
    eji: pl.DataFrame,
    ejscreen: pl.DataFrame,
    regions: pl.DataFrame,
) -> Indicators:
    """Join what four readers read, by the tract of 2020.

    `regions`: (tract, county_fips), the tracts whose county of 2023 is not in their own id.
    A tract that a source does not list has no value of it; one without a block group is left out.
    """
    block_groups = census.sort("block_group")
    own = pl.col("block_group").str.head(11).alias("tract")
    tracts = block_groups.select(own.unique(maintain_order=True))
    for frame in (dep_index, eji, ejscreen):
        facts = frame.select("tract", *(name for name in _TRACT if name in frame.columns))
        tracts = tracts.join(facts, on="tract", how="left", validate="1:1", maintain_order="left")
    tracts = tracts.join(regions, on="tract", how="left", validate="1:1", maintain_order="left")
    county = pl.col("county_fips").fill_null(pl.col("tract").str.head(5))
    people = pl.col("population", "adults").cast(pl.UInt32)
    return Indicators(
        block_groups.select("block_group", people, *_in_steps(_BLOCK_GROUP)),
        tracts.select("tract", county, *_in_steps(_TRACT)),
    )


def _in_steps(steps: Mapping[str, float]) -> list[pl.Expr]:
    return [(pl.col(name) * step).round().cast(pl.UInt16) for name, step in steps.items()]


def values(compiled: Indicators) -> pl.DataFrame:
    """One row a block group with everything known of it and its tract, in the indicators' own units.

    Rows are in the order of `block_groups`. (block_group, tract, county_fips, population, adults, and
    the columns of STEPS as float64; under_18 and people_of_colour, which follow from them.)
    """
    tract = pl.col("block_group").str.head(11).alias("tract")
    joined = compiled.block_groups.with_columns(tract).join(
        compiled.tracts, on="tract", how="left", validate="m:1", maintain_order="left"
    )
    adults = pl.col("adults") / pl.col("population") * 100
    return joined.select(
        "block_group",
        "tract",
        "county_fips",
        "population",
        "adults",
        *(pl.col(name) / step for name, step in STEPS.items()),
        (100 - pl.when(pl.col("population") > 0).then(adults)).alias("under_18"),
        (100 - pl.col("white") / STEPS["white"]).alias("people_of_colour"),
    )


# Puerto Rico (72) and the islands have codes from here up; “the country” is the fifty states and DC.
FIRST_TERRITORY: Final = "60"
