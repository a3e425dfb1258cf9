"""Random homes to hold plants against: drawn from the same county, the same state, the country.

A home is drawn with the chance that a random resident lives in its block group. What a circle around
such a home shows is what the neighbours of nothing in particular look like there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comingclean.estimates.community_arrays import LEVELS, Floats, Ints, Pairs, Table, add, summed

Yes = NDArray[np.bool_]

# How many homes stand for an area, and how many of them stand for one plant: those whose number of
# people around is most like its own. Homes in dense places differ from their county and weigh more:
# without this, 25 to 40 of 100 sets of random homes would be taken for something (docs/community.md).
SIZES: Final[Mapping[str, tuple[int, int]]] = {
    "county": (200, 40),
    "state": (800, 80),
    "us": (4000, 200),
}


@dataclass(frozen=True)
class Homes:
    """Homes drawn at one level. `row`: the block groups drawn, once each, in whose middle circles go.

    `pool`: by area (row), which of them its draws are. `area`: the row of `pool` of each plant, -1
    where the plant's area is not known. `alike`: how many of a pool stand for one plant.
    """

    row: Ints
    pool: Ints
    area: Ints
    alike: int


@dataclass(frozen=True)
class Around:
    """What the circles around homes hold: people, and the mean excess by indicator (row) and home.

    `meets`: by home (row) and plant (column), whether the circles around the two meet.
    """

    people: Floats
    excess: Floats
    meets: Yes


def random_homes(table: Table, plants: Mapping[str, Ints], seed: int) -> dict[str, Homes]:
    """Random homes at each level. `plants`: by level, the number of the area of each plant, or -1."""
    draw = np.random.default_rng(seed)
    return {level: _drawn(table, level, plants[level], draw) for level in LEVELS}


def _drawn(table: Table, level: str, plants: Ints, draw: np.random.Generator) -> Homes:
    areas, at = np.unique(plants[plants >= 0], return_inverse=True)
    of = table.areas[level].of
    order = np.argsort(of, kind="stable")[np.count_nonzero(of < 0) :]
    until = np.cumsum(table.population[order])
    bounds = np.searchsorted(of[order], np.stack([areas, areas + 1]))
    before, after = np.concatenate([[0.0], until])[bounds]
    size, alike = SIZES[level]
    chance = draw.random((areas.size, size))
    wanted = before[:, None] + chance * (after - before)[:, None]
    drawn = order[np.searchsorted(until, wanted, "right")]
    row, pool = np.unique(drawn, return_inverse=True)
    area = np.full(plants.size, -1)
    area[plants >= 0] = at
    return Homes(row, pool.reshape(drawn.shape), area, alike)


def around(table: Table, pairs: Pairs, level: str, meets: Yes) -> Around:
    """What circles around homes hold, from the pairs of one radius: circle i around home i.

    `meets`: by home and plant, whether their circles meet.
    """
    weight, total = excess(table, pairs, level)
    mean = np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)
    people = add(pairs.circle, pairs.share * table.population[pairs.row], pairs.circles)
    return Around(people, mean, meets)


def excess(table: Table, pairs: Pairs, level: str) -> tuple[Floats, Floats]:
    """How far the people of each circle differ from their own county, their own state or the country.

    By indicator (row) and circle (column): the weight of those for whom both are known, and the sum of
    weight x (value - mean of the area where each of them lives).
    """
    held = np.zeros(table.population.size, bool)
    held[pairs.row] = True
    number = np.cumsum(held) - 1
    few = Pairs(pairs.circle, number[pairs.row], pairs.share, pairs.circles)
    found = summed(few, table.apart(level, np.flatnonzero(held)))
    many = len(table.names)
    return found[:many], found[many:]
