"""Where a monitor would teach most: places ranked by a score of four parts, and how firm the ranks are.

The parts of a place are how much and how toxic (rank), how many live near (rank), how weak the method
is, how far the nearest open monitor (rank), each from 0 to 1; the score is their weighted geometric
mean. The first and the third are weighted means over pollutants. Nothing about who the neighbours are
enters. A pollutant of which no figure is in hand has no say in either. Weights are judgement, so they
are also drawn at random, and it is counted how often a place stays among the first twenty. Arrays have
a row a place; matrices a column a pollutant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS: Final = 2000
TOP: Final = 20
# The same draws every time: the same inputs give the same bytes.
SEED: Final = 20261124
_ENDS: Final = (5.0, 95.0)
_BLOCK: Final = 250


@dataclass(frozen=True)
class Places:
    """What is known of places.

    `amount`: what each releases of each pollutant, NaN where unknown. `weakness`: of the method behind
    each, 0 to 1, NaN where there is none. `people`: within three miles. `kilometres`: to the nearest
    monitor.
    """

    amount: Floats
    weakness: Floats
    people: Floats
    kilometres: Floats


@dataclass(frozen=True)
class Weights:
    """Weights of the four parts (amount, near, weakness, distance) and of the pollutants; any scale."""

    parts: Floats
    pollutants: Floats


@dataclass(frozen=True)
class Scores:
    """Of each place: the four parts (a column each), score, rank, main pollutant, and how firm that is.

    `stays`: part of the draws that leave it among the first twenty. `low` and `high`: best and worst
    rank in nine draws of ten.
    """

    parts: Floats
    score: Floats
    rank: Ints
    pollutant: Ints
    stays: Floats
    low: Ints
    high: Ints


def scores(places: Places, weights: Weights, draws: int = DRAWS, seed: int = SEED) -> Scores:
    """Parts, score and rank of each place by `weights`, and what `draws` of random ones do to them."""
    ranks = np.column_stack([share_below(column) for column in places.amount.T])
    fixed = np.column_stack([share_below(places.people), share_below(places.kilometres)])
    parts = _parts(ranks, places.weakness, fixed, weights.pollutants[None, :])[0]
    score = _mean(parts, weights.parts)
    drawn = _drawn(ranks, places.weakness, fixed, draws, seed)
    ends = np.percentile(drawn, _ENDS, axis=0, method="nearest").astype(np.int64)
    return Scores(
        parts=parts,
        score=score,
        rank=_places(score),
        pollutant=_main(ranks, places.weakness, weights.pollutants),
        stays=(drawn <= TOP).mean(axis=0),
        low=ends[0],
        high=ends[1],
    )


def share_below(values: Floats) -> Floats:
    """The middle rank of each value as a share of all that are known, above 0 and below 1; NaN stays.

    Equal values have the same share.
    """
    known = ~np.isnan(values)
    order = np.sort(values[known])
    below = np.searchsorted(order, values, side="left")
    upto = np.searchsorted(order, values, side="right")
    middle = (below + upto) / (2 * max(order.size, 1))
    return np.where(known, middle, np.nan)


def _parts(ranks: Floats, weakness: Floats, fixed: Floats, pollutants: Floats) -> Floats:
    """The four parts for each draw of pollutant weights: (draw, place, part).

    A pollutant that is unknown at a place has no say in how much, nor in how weak. A place of which
    nothing is known stands in the middle of both.
    """
    amount, weak = _mean_of_known(ranks, pollutants), _mean_of_known(weakness, pollutants)
    near, far = (np.broadcast_to(column, amount.shape) for column in fixed.T)
    return np.stack([amount, near, weak, far], axis=-1)


def _mean_of_known(values: Floats, pollutants: Floats) -> Floats:
    """The weighted mean over the pollutants that are known, (draw, place); else the median place's."""
    known = ~np.isnan(values)
    had = pollutants @ known.T.astype(np.float64)
    summed = pollutants @ np.nan_to_num(values).T
    told = known.any(axis=1)
    mean = np.divide(summed, had, out=np.full_like(summed, 0.5), where=had > 0)
    if told.any():
        mean[:, ~told] = np.median(mean[:, told], axis=1, keepdims=True)
    return mean


def _mean(parts: Floats, weights: Floats) -> Floats:
    """The weighted geometric mean over the last axis."""
    mean: Floats = np.exp((np.log(parts) * weights).sum(axis=-1) / weights.sum(axis=-1))
    return mean


def _places(score: Floats) -> Ints:
    """Places from 1 for the highest score; equal scores in the order of the rows."""
    order = np.argsort(-score, axis=-1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(1, score.shape[-1] + 1), axis=-1)
    return place.astype(np.int64)


def _main(ranks: Floats, weakness: Floats, pollutants: Floats) -> Ints:
    """The pollutant that adds most to amount times weakness; of an unknown one nothing is claimed."""
    pull = np.nan_to_num(ranks) * np.nan_to_num(weakness) * pollutants
    most: Ints = np.argmax(pull, axis=1).astype(np.int64)
    return most


def _drawn(ranks: Floats, weakness: Floats, fixed: Floats, draws: int, seed: int) -> Ints:
    """The rank of each place in each draw: weights of parts and pollutants are flat Dirichlet."""
    random = np.random.Generator(np.random.PCG64(seed))
    of_parts = random.dirichlet(np.ones(4), draws)
    of_pollutants = random.dirichlet(np.ones(ranks.shape[1]), draws)
    blocks = []
    for start in range(0, draws, _BLOCK):
        cut = slice(start, start + _BLOCK)
        parts = _parts(ranks, weakness, fixed, of_pollutants[cut])
        blocks.append(_places(_mean(parts, of_parts[cut][:, None, :])))
    return np.concatenate(blocks)


def chains(meet: NDArray[np.bool_]) -> Ints:
    """The number of the first place of the chain that each place belongs to.

    `meet`: whether two places are neighbours, a square matrix that is true on its diagonal.
    """
    number = np.arange(len(meet))
    while True:
        least = np.where(meet, number[None, :], len(meet)).min(axis=1)
        if np.array_equal(least, number):
            return number.astype(np.int64)
        number = least
