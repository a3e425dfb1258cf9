"""How far a figure about the neighbours may be off, from what is known of its error.

Two errors are known of, and one is not:

* the line of the circle: a block group that it cuts is counted in part, and it is not known which
  people that part holds. As if each were wholly in or wholly out, with its share as the chance; and
  who is in differs from the whole as much as block groups of one tract differ from each other;
* the chance of the survey: no margins are in the file, so the most that it can be is taken from how
  much tracts next to each other in the list differ, which is their chance and their true difference;
* what a model of the air gets wrong: not published with it, so there is no interval.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from comingclean.estimates.community_arrays import Floats, Pairs, Sums, Table, add
from comingclean.estimates.community_table import REASON, SURVEY, UNKNOWN

# From a standard deviation to half the width of a 90 % interval.
_HALF_90: Final = 1.6448536269514722


def interval(table: Table, pairs: Pairs, found: Sums, means: Floats) -> tuple[Floats, Floats]:
    """Low and high of each mean, 90 %, kept to what is possible; NaN where the error is not known."""
    variance = np.full_like(means, np.nan)
    for k, source in enumerate(table.sources):
        if REASON[source] != UNKNOWN:
            between = table.spread[k]
            variance[k] = _line(table, pairs, k, means[k], between)
            if REASON[source] == SURVEY:
                variance[k] += between**2 * _concentration(table, pairs, k)
            squared = found.known[k] ** 2
            variance[k] = np.divide(variance[k], squared, out=variance[k], where=squared > 0)
    half = _HALF_90 * np.sqrt(variance)
    ceiling = np.array([100.0 if unit == "%" else np.inf for unit in table.units])[:, None]
    return np.maximum(means - half, 0.0), np.minimum(means + half, ceiling)


def _line(table: Table, pairs: Pairs, k: int, mean: Floats, between: float) -> Floats:
    """Variance, times weight squared, from not knowing who in a block group on the line is inside."""
    value = table.values[k][pairs.row]
    on = (pairs.share < 1) & ~np.isnan(value)
    circle, share, weight = pairs.circle[on], pairs.share[on], table.weights[k][pairs.row[on]]
    apart = np.nan_to_num(value[on] - mean[circle]) ** 2 + between**2
    return add(circle, share * (1 - share) * weight**2 * apart, pairs.circles)


def _concentration(table: Table, pairs: Pairs, k: int) -> Floats:
    """Sum of squares of the weights of the tracts in each circle."""
    there = ~np.isnan(table.values[k][pairs.row])
    circle, row = pairs.circle[there], pairs.row[there]
    tracts = int(table.tract[-1]) + 1
    keys, at = np.unique(circle * tracts + table.tract[row], return_inverse=True)
    part = add(at, pairs.share[there] * table.weights[k][row], keys.size)
    return add(keys // tracts, part**2, pairs.circles)
