"""Who lives near the plants of an industry: poorer, or more often people of colour, than elsewhere?

All plants of a group together, everyone counted once. Each neighbour is held against the mean of the
country, of their own state and of their own county; the mean of those differences is the answer. Two
tests say how sure it is, and they ask different things:

* `p`: each plant's neighbours are changed for those of a random home in the same county (state,
  country) that has about as many people around it. How often is the difference then at least as far
  from what is usual? Plants whose circles meet are moved together. `excess` is how far the difference
  is from what is usual.
* `low`, `high`: how much would the answer change with other plants of the same kind? A bootstrap over
  clusters of plants whose circles meet. Where there are too few for that, there is no p either.

Neither says why people and plants came to be near each other. No plant is ranked by its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from comingclean.estimates.community_arrays import LEVELS, Floats, Ints, Pairs, Sums, Table, add
from comingclean.estimates.community_chance import (
    Stands,
    bootstrap,
    by_chance,
    clusters,
    p_value,
    stands,
    usual,
)
from comingclean.estimates.community_draws import Around, Homes, excess
from comingclean.estimates.community_union import people_once, shared_out

# Fewer plants than this are no group: its figures would be those of single places.
LEAST_PLANTS: Final = 3
# The parameter that says how many people are too few for one.
LEAST_PEOPLE: Final = "equity_least_people"
SCHEMA: Final[Mapping[str, Any]] = {
    "group": pl.String,
    "indicator": pl.String,
    "radius_miles": pl.Float64,
    "compare": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "reference": pl.Float64,
    "difference": pl.Float64,
    "difference_low": pl.Float64,
    "difference_high": pl.Float64,
    "expected": pl.Float64,
    "excess": pl.Float64,
    "excess_low": pl.Float64,
    "excess_high": pl.Float64,
    "p": pl.Float64,
    "overlap": pl.Float64,
    "n_plants": pl.Int64,
    "n_clusters": pl.Int64,
    "n_effective": pl.Float64,
    "people": pl.Float64,
    "people_low": pl.Float64,
    "people_high": pl.Float64,
}


@dataclass(frozen=True)
class Chance:
    """What random homes look like, by level, for one radius; and the seed of the tests.

    From `community_draws.random_homes`, and `around` with the pairs of circles around those homes.
    """

    homes: Mapping[str, Homes]
    around: Mapping[str, Around]
    seed: int


@dataclass(frozen=True)
class _Group:
    """The circles of one group: everyone dealt out to one of them, their sums, and their clusters.

    `people`: everyone in each circle, whatever other circles hold. `ends`: of each indicator's mean.
    """

    dealt: Pairs
    found: Sums
    cluster: Ints
    people: Floats
    ends: tuple[Floats, Floats]


def compare(
    table: Table,
    pairs: Pairs,
    groups: pl.DataFrame,
    chance: Chance,
    radius_miles: float,
    least_people: float,
) -> pl.DataFrame:
    """One row a group, indicator and level of comparison, in the columns of SCHEMA.

    `pairs`: what lies within one radius of each plant. `groups`: (group, circle), a plant may be in
    several. `reference`: the mean that the neighbours are held against; `difference`: value less
    reference; `expected`: what random homes show; `excess`: difference less expected; `overlap`: of
    100 homes, by the plants' people, how many have circles that meet the plants' own. Intervals are
    90 %, null for few clusters, as p then is. `n_effective`: as many clusters of one size would say as
    much; `people` are counted once, between `people_low` and `people_high`. A group of fewer than 3
    plants or `least_people` has no row.
    """
    frames = [pl.DataFrame(schema=SCHEMA)]
    for (name,), part in groups.sort("group", "circle").group_by("group", maintain_order=True):
        own = pairs.only(part["circle"].to_numpy())
        people, least, most = people_once(table, own)
        if part.height >= LEAST_PLANTS and people >= least_people:
            whole = {"group": name, "radius_miles": radius_miles, "n_plants": part.height}
            whole |= {"people": people, "people_low": least, "people_high": most}
            frames.append(
                _rows(table, own, chance).with_columns(_as_columns(whole)).select(SCHEMA.keys())
            )
    return pl.concat(frames)


def _as_columns(constants: Mapping[str, Any]) -> list[pl.Expr]:
    return [pl.lit(value, SCHEMA[name]).alias(name) for name, value in constants.items()]


def _rows(table: Table, pairs: Pairs, chance: Chance) -> pl.DataFrame:
    dealt = shared_out(table, pairs)
    near = add(pairs.circle, pairs.share * table.population[pairs.row], pairs.circles)
    found, cluster = table.sums(dealt), clusters(dealt)
    ends = bootstrap(found.known, found.total, cluster, chance.seed)
    group = _Group(dealt, found, cluster, near, ends)
    people = add(group.cluster[group.cluster >= 0], group.found.people[group.cluster >= 0], 0)
    sizes = {
        "n_clusters": people.size,
        "n_effective": people.sum() ** 2 / (people**2).sum(),
    }
    levels = [_level(table, group, chance, level) for level in LEVELS if level in chance.homes]
    order = pl.DataFrame({"indicator": table.names}).with_row_index("place")
    joined = pl.concat(levels).join(order, on="indicator", validate="m:1", maintain_order="left")
    return joined.sort("place", maintain_order=True).with_columns(_as_columns(sizes))


def _level(table: Table, group: _Group, chance: Chance, level: str) -> pl.DataFrame:
    """All indicators of one group beside one level."""
    found, (low, high) = group.found, group.ends
    weight, apart = excess(table, group.dealt, level)
    value = _mean(found.known, found.total, found.weight, table.least_known)
    difference = _mean(weight, apart, found.weight, table.least_known)
    nearer, farther = bootstrap(weight, apart, group.cluster, chance.seed)
    cells = {"value": value, "low": low, "high": high, "reference": value - difference}
    cells |= {"difference": difference, "difference_low": nearer, "difference_high": farther}
    cells |= _against_homes(group, weight, apart, difference, chance, level)
    return pl.DataFrame({"indicator": table.names}, schema={"indicator": pl.String}).with_columns(
        pl.lit(level).alias("compare"),
        *(pl.Series(name, cell, nan_to_null=True) for name, cell in cells.items()),
    )


def _against_homes(
    group: _Group, weight: Floats, apart: Floats, difference: Floats, chance: Chance, level: str
) -> dict[str, Floats]:
    """What random homes show, how far the difference is from it, and how sure that is."""
    around = chance.around[level]
    by = stands(group.people, chance.homes[level], around, group.cluster)
    drawn = by_chance(weight, around, by, group.cluster, chance.seed)
    expected, p = p_value(difference, drawn)
    beyond = difference - expected
    low, high = _about(beyond, weight, apart - usual(weight, around, by), group, chance.seed)
    return {
        "expected": expected,
        "excess": beyond,
        "excess_low": low,
        "excess_high": high,
        "p": np.where(np.isnan(low), np.nan, p),
        "overlap": np.full_like(beyond, _overlap(group, by)),
    }


def _about(
    centre: Floats, weight: Floats, beyond: Floats, group: _Group, seed: int
) -> tuple[Floats, Floats]:
    """The interval of an excess: what other plants would change of it, laid about `centre`.

    `beyond`: weight x (value - mean of the area) less what the homes of each circle show.
    """
    low, high = bootstrap(weight, beyond, group.cluster, seed)
    below = weight.sum(axis=1)
    middle = np.divide(beyond.sum(axis=1), below, out=np.full_like(below, np.nan), where=below > 0)
    return low + centre - middle, high + centre - middle


def _overlap(group: _Group, by: Stands) -> float:
    """Of 100 homes, by the people of the plants, how many have circles that meet the plants' own."""
    people = group.people[by.live]
    return float(100 * (people @ by.overlap[by.stand]) / people.sum()) if people.sum() else np.nan


def _mean(weight: Floats, total: Floats, whole: Floats, least: float) -> Floats:
    """The mean over all circles by indicator, NaN where too little of the `whole` weight is known."""
    below, above, all_of = weight.sum(axis=1), total.sum(axis=1), whole.sum(axis=1)
    mean: Floats = np.full_like(above, np.nan)
    np.divide(above, below, out=mean, where=(below > 0) & (below >= least * all_of))
    return mean
