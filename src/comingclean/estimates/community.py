"""The people around a plant: each indicator within each radius, beside county, state and country.

Pure arithmetic on what the proximity engine finds (which block groups each circle holds, and how much
of each) and on the table of indicators. Where fewer than 500 people live nothing is said about who
they are; where too few of them have a figure, the figure is empty, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from comingclean.estimates import community_error
from comingclean.estimates.community_arrays import Floats, Ints, Pairs, Sums, Table
from comingclean.estimates.community_table import COUNT, REASON, UNKNOWN

Parameters = Mapping[str, float]
SPARSE: Final = "population_sparse"
LEAST_KNOWN: Final = "community_least_known"
MOST_TIED: Final = "community_most_tied"
POPULATION: Final = "population"

# The status of a row says of its own value: `ok`; `sparse`: too few people to say who they are, so that
# other rows are absent; `unknown`: too few of the people have a figure; `no one counted`: no area with
# people reaches into the circle, which is no proof that nobody lives there.
# A part of a person is no one.
_SOMEONE: Final = 0.5
# Means of one and the same figure differ by the dust of binary fractions, by no more than this part.
_DUST: Final = 1e-9
SCHEMA: Final[Mapping[str, Any]] = {
    "facility_id": pl.String,
    "radius_miles": pl.Float64,
    "indicator": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "county": pl.Float64,
    "state": pl.Float64,
    "us": pl.Float64,
    "ratio": pl.Float64,
    "percentile": pl.Float64,
    "known": pl.Float64,
    "status": pl.String,
    "error": pl.String,
    "abroad": pl.String,
}


def rows(table: Table, pairs: Pairs, circles: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Every indicator of every circle, in the columns of SCHEMA.

    `circles`: one row a circle of `pairs`, in order: (facility_id, radius_miles, county_fips,
    state_fips, low, high, abroad), `low` and `high` being the interval of the people counted, or null.
    `low`, `high`: 90 %; `error` says what they hold, and why they are null. `county`, `state`, `us`:
    the same mean there. `ratio`: to the country. `percentile`: see `percentiles`. `known`: share of the
    people who have the figure. `abroad`: as in `circles`.
    """
    if circles.height != pairs.circles:
        raise ValueError(f"{circles.height} rows for {pairs.circles} circles")
    found = table.sums(pairs)
    frames = [
        _people(table, found, circles, parameters),
        _figures(table, pairs, found, circles, parameters),
    ]
    order = {name: place for place, name in enumerate((POPULATION, *table.names))}
    return pl.concat(frames).sort(
        "facility_id", "radius_miles", pl.col("indicator").replace_strict(order, return_dtype=pl.Int64)
    )


def _people(table: Table, found: Sums, circles: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    few = pl.col("value") < parameters[SPARSE]
    empty = pl.col("value") < _SOMEONE
    beside = {
        level: _of_area(table.beside[level].people, at) for level, at in _homes(table, circles).items()
    }
    return (
        circles.with_columns(
            pl.lit(POPULATION).alias("indicator"),
            pl.Series("value", found.people),
            *(pl.Series(level, people, nan_to_null=True) for level, people in beside.items()),
            pl.lit(None, pl.Float64).alias("ratio"),
            pl.lit(None, pl.Float64).alias("percentile"),
            pl.lit(1.0).alias("known"),
            pl.lit(COUNT).alias("error"),
        )
        .with_columns(
            pl.when(empty).then(pl.lit("no one counted")).when(few).then(pl.lit("sparse"))
            .otherwise(pl.lit("ok")).alias("status")
        )
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    )  # fmt: skip


def _figures(
    table: Table, pairs: Pairs, found: Sums, circles: pl.DataFrame, parameters: Parameters
) -> pl.DataFrame:
    means = found.means(table.least_known)
    low, high = community_error.interval(table, pairs, found, means)
    homes = _homes(table, circles)
    beside = {
        level: np.array([_of_area(m, at) for m in table.means[level]]) for level, at in homes.items()
    }
    known = np.divide(found.known, found.weight, out=np.zeros_like(means), where=found.weight > 0)
    cells = {"value": means, "low": low, "high": high, **beside, "ratio": _ratio(means, beside["us"])}
    cells |= {"percentile": percentiles(table, means, parameters[MOST_TIED]), "known": known}
    frame = _long(table, circles, cells)
    people = np.tile(found.people, len(table.names))
    return _said(frame.with_columns(pl.Series("people", people)), parameters)


def _long(table: Table, circles: pl.DataFrame, cells: Mapping[str, Floats]) -> pl.DataFrame:
    """One row an indicator and circle, from arrays with a row an indicator."""
    size, many = circles.height, len(table.names)
    keys = circles.select("facility_id", "radius_miles", "abroad")
    every = pl.concat([keys] * many) if many else keys.clear()
    reasons = [REASON[source] for source in table.sources]
    return every.with_columns(
        pl.Series("indicator", np.repeat(np.array(table.names), size).tolist(), dtype=pl.String),
        pl.Series("error", np.repeat(np.array(reasons), size).tolist(), dtype=pl.String),
        *(pl.Series(name, values.ravel(), nan_to_null=True) for name, values in cells.items()),
    )


def _said(frame: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Without rows on who lives where few or none do, and with the status of the others."""
    sparse = pl.col("people") < parameters[SPARSE]
    of_air = pl.col("error") == UNKNOWN
    status = pl.when(pl.col("value").is_null()).then(pl.lit("unknown"))
    return (
        frame.filter((pl.col("people") >= _SOMEONE) & (of_air | ~sparse))
        .with_columns(
            status.when(sparse).then(pl.lit("sparse")).otherwise(pl.lit("ok")).alias("status")
        )
        .select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())
    )


def _homes(table: Table, circles: pl.DataFrame) -> dict[str, Ints]:
    """The area of each level that each circle's centre lies in, -1 where it is not known."""
    return {
        "county": table.areas["county"].find(circles["county_fips"]),
        "state": table.areas["state"].find(circles["state_fips"]),
        "us": np.zeros(circles.height, np.int64),
    }


def _of_area(of_areas: Floats, at: Ints) -> Floats:
    return np.where(at >= 0, of_areas[at], np.nan)


def _ratio(value: Floats, us: Floats) -> Floats:
    return np.divide(value, us, out=np.full_like(value, np.nan), where=us > 0)


def percentiles(table: Table, means: Floats, most_tied: float) -> Floats:
    """Of a hundred people in the country, how many live in a block group with less than each mean.

    Of those who live in one with just as much, half count as less. NaN where a source is too coarse to
    rank: where a figure that the mean has, or lies beside, is that of more than the share `most_tied`.
    """
    ranks = [_rank(*ladder, row, most_tied) for ladder, row in zip(table.ladders, means, strict=True)]
    return np.array(ranks).reshape(means.shape)


def _rank(ladder: Floats, below: Floats, wanted: Floats, most_tied: float) -> Floats:
    if not below[-1]:
        return np.full(wanted.size, np.nan)
    wanted = _undusted(ladder, wanted)
    left = np.searchsorted(ladder, wanted, "left")
    right = np.searchsorted(ladder, wanted, "right")
    rank = 50 * (below[left] + below[right]) / below[-1]
    tied = _tied(ladder, below, left, right) / below[-1]
    return np.where(np.isnan(wanted) | (tied > most_tied), np.nan, rank)


def _undusted(ladder: Floats, wanted: Floats) -> Floats:
    """Each mean as the value of the ladder that it can only differ from by rounding, or as it is."""
    above = np.minimum(np.searchsorted(ladder, wanted), ladder.size - 1)
    for step in (ladder[np.maximum(above - 1, 0)], ladder[above]):
        wanted = np.where(np.isclose(wanted, step, rtol=_DUST, atol=_DUST), step, wanted)
    return wanted


def _tied(ladder: Floats, below: Floats, left: Ints, right: Ints) -> Floats:
    """The weight of all that have the same value, or, of a mean between two values, either of these."""
    last = ladder.size - 1
    beside = ladder[np.maximum(left - 1, 0)], ladder[np.minimum(right, last)]
    starts, stops = (
        [np.searchsorted(ladder, values, side) for values in beside] for side in ("left", "right")
    )
    either = [below[stop] - below[start] for start, stop in zip(starts, stops, strict=True)]
    return np.where(right > left, below[right] - below[left], np.maximum(*either))
