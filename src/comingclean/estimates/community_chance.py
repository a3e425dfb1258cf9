"""How sure is a difference between the neighbours of many plants and everyone else?

Plants whose circles meet share neighbours, so they are one cluster and never counted as two cases.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from comingclean.estimates.community_arrays import Floats, Ints, Pairs, add
from comingclean.estimates.community_draws import Around, Homes, Yes

DRAWS: Final = 999
# A bootstrap over fewer clusters than this is too narrow to print.
LEAST_CLUSTERS: Final = 10
_BATCH: Final = 100


def clusters(pairs: Pairs) -> Ints:
    """The number of the cluster of each circle, from 0; -1 for a circle that holds nobody.

    Two circles that hold a part of one block group are in one cluster, and so on along the chain.
    """
    order = np.argsort(pairs.row, kind="stable")
    row, circle = pairs.row[order], pairs.circle[order]
    meets = row[1:] == row[:-1]
    one, other = circle[:-1][meets], circle[1:][meets]
    label = np.arange(pairs.circles)
    while (label[one] != label[other]).any():
        least = np.minimum(label[one], label[other])
        np.minimum.at(label, one, least)
        np.minimum.at(label, other, least)
    live = np.unique(pairs.circle)
    number = np.full(pairs.circles, -1)
    number[live] = np.unique(label[live], return_inverse=True)[1]
    return number


def bootstrap(weight: Floats, total: Floats, cluster: Ints, seed: int) -> tuple[Floats, Floats]:
    """The 90 % interval of total / weight by indicator (row), had there been other clusters of circles.

    NaN for fewer than LEAST_CLUSTERS.
    """
    size = int(cluster.max(initial=-1)) + 1
    if size < LEAST_CLUSTERS:
        nothing = np.full(weight.shape[0], np.nan)
        return nothing, nothing
    member = np.equal.outer(cluster, np.arange(size)).astype(np.float64)
    counts = _samples(size, seed)
    below, above = (counts @ (array @ member).T for array in (weight, total))
    means = np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
    low, high = np.quantile(means, [0.05, 0.95], axis=0)
    return low, high


@lru_cache(maxsize=4)
def _samples(size: int, seed: int) -> Floats:
    """How often each of `size` clusters is in each of DRAWS samples of as many; the same every time."""
    return np.random.default_rng(seed).multinomial(size, np.full(size, 1 / size), DRAWS).astype(float)


@dataclass(frozen=True)
class Stands:
    """The homes that stand for circles. A stand is a cluster in an area, and has homes of its own.

    `live`: the circles that have a stand, `stand` the stand of each. `alike`: the homes of each stand
    (row). `overlap`: of each stand, the share of its homes whose circles meet one of its own.
    """

    live: Ints
    stand: Ints
    alike: Ints
    overlap: Floats


def stands(people: Floats, homes: Homes, around: Around, cluster: Ints) -> Stands:
    """The homes in each circle's own area with about as many people around as it has (`people`).

    Homes whose circles meet the stand's own stay in: a random resident of the area may live there, and
    without them the test calls chance itself unlikely (docs/community.md). How many there are is told.
    """
    live = np.flatnonzero((cluster >= 0) & (homes.area >= 0))
    both = np.stack([homes.area[live], cluster[live]])
    named, stand = np.unique(both, axis=1, return_inverse=True)
    stand, size = stand.ravel(), named.shape[1]
    usual = add(stand, np.log1p(people[live]), size) / np.maximum(np.bincount(stand, minlength=size), 1)
    pool = homes.pool[named[0]]
    apart = np.abs(np.log1p(around.people)[pool] - usual[:, None])
    nearest = np.argsort(apart, axis=1, kind="stable")[:, : homes.alike]
    alike = np.take_along_axis(pool, nearest, axis=1)
    overlap = _meets(around, alike, live, stand).mean(axis=1)
    return Stands(live, stand, alike, overlap)


def _meets(around: Around, alike: Ints, live: Ints, stand: Ints) -> Yes:
    """By stand and home of it, whether the home's circle meets any of the stand's own."""
    found = np.zeros(alike.shape, bool)
    for circle, at in zip(live.tolist(), stand.tolist(), strict=True):
        found[at] |= around.meets[alike[at], circle]
    return found


def usual(weight: Floats, around: Around, by: Stands) -> Floats:
    """The mean excess of the homes that stand for each circle, by indicator and circle, times `weight`.

    Nought for circles without a stand, and where no home has the indicator.
    """
    values = around.excess[:, by.alike]
    known = np.isfinite(values)
    some = known.sum(axis=2)
    mean = np.divide(
        np.where(known, values, 0.0).sum(axis=2), some, out=np.zeros(some.shape), where=some > 0
    )
    found = np.zeros_like(weight)
    found[:, by.live] = weight[:, by.live] * mean[:, by.stand]
    return found


def by_chance(weight: Floats, around: Around, by: Stands, cluster: Ints, seed: int) -> Floats:
    """The difference that random homes would show: (DRAWS, indicators).

    Each circle keeps the weight of its own people (`weight`, by indicator and circle), and gets the
    mean excess of a home of its stand. One draw serves all circles of a cluster that stand in one area.
    """
    known = np.isfinite(around.excess)
    values, there = np.where(known, around.excess, 0.0).T, known.T.astype(np.float64)
    found = []
    for pick in _picks(by.alike.shape[1], int(cluster.max(initial=-1)) + 1, seed):
        home = by.alike[by.stand, pick[:, cluster[by.live]]]
        top = np.einsum("bck,kc->bk", values[home], weight[:, by.live])
        below = np.einsum("bck,kc->bk", there[home], weight[:, by.live])
        found.append(np.divide(top, below, out=np.full_like(top, np.nan), where=below > 0))
    return np.concatenate(found)


def _picks(pool: int, size: int, seed: int) -> Iterator[Ints]:
    draw = np.random.default_rng(seed)
    for first in range(0, DRAWS, _BATCH):
        yield draw.integers(pool, size=(min(_BATCH, DRAWS - first), size))


def p_value(seen: Floats, drawn: Floats) -> tuple[Floats, Floats]:
    """What chance shows on average, and how often it is at least as far from that as `seen` is.

    Two-sided, by indicator; the case at hand counts as one of the draws, so that p is never 0.
    """
    usual = drawn.mean(axis=0)
    as_far = np.abs(drawn - usual) >= np.abs(seen - usual) * (1 - 1e-12)
    p = (1 + as_far.sum(axis=0)) / (1 + drawn.shape[0])
    sure = np.isfinite(seen) & np.isfinite(usual)
    return np.where(sure, usual, np.nan), np.where(sure, p, np.nan)
