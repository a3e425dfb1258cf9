"""How large an area is, where only its centre is known: from the distance to its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from comingclean.proximity.earth import Floats, ground, in_space, mean_radius
from comingclean.proximity.grid import Rows, one_by_one

# The disc of an area has the radius d6 / sqrt(6), where d6 is the distance to its sixth nearest centre:
# a sixth of the ground that holds six neighbours.
NEIGHBOURS: Final = 6
# Cubes that the search begins with, in metres; they double until enough neighbours are sure.
_FIRST_CUBE: Final = 1000.0
_HELD: Final = 1_000_000
# Cube numbers are packed into 64 bits, 21 for each direction.
_BITS: Final = 21


def disc_radius(latitude: Floats, longitude: Floats) -> Floats:
    """Metres of radius of the disc that stands for each area, from the centres in degrees.

    Where there are not six other centres in the layer, every radius is 0: a point. Raises ValueError
    for a centre that is no number.
    """
    if not np.isfinite(latitude).all() or not np.isfinite(longitude).all():
        raise ValueError("a centre has no coordinates")
    if latitude.size <= NEIGHBOURS:
        return np.zeros(latitude.size)
    chord = _sixth(np.stack(in_space(latitude, longitude), axis=1))
    radius: Floats = ground(chord, mean_radius(latitude)) / np.sqrt(NEIGHBOURS)
    return radius


def _sixth(place: Floats) -> Floats:
    """The straight distance from each place (n by 3, metres) to its sixth nearest other place."""
    found = np.full(len(place), np.nan)
    cube, open_ = _FIRST_CUBE, np.arange(len(place))
    while open_.size:
        for who, distance in _nearby(place, open_, cube):
            # What lies within one cube's side is surely among the 27 cubes that were searched.
            found[who] = np.where(distance <= cube, distance, np.nan)
        open_ = open_[np.isnan(found[open_])]
        cube *= 2
    return found


def _nearby(place: Floats, who: Rows, cube: float) -> Iterator[tuple[Rows, Floats]]:
    """Places of `who` with six others in the cubes about them, and the sixth distance there."""
    cell = np.floor(place / cube).astype(np.int64) + (1 << (_BITS - 1))
    key = _packed(cell)
    order = np.argsort(key, kind="stable")
    first, last = _stretches(key[order], cell[who])
    size = (last - first).sum(axis=1)
    enough = np.flatnonzero(size > NEIGHBOURS)
    parts = np.searchsorted(np.cumsum(size[enough]), np.arange(_HELD, size[enough].sum(), _HELD))
    for part in np.split(enough, np.unique(parts)):
        rows = order[one_by_one(first[part].ravel(), (last - first)[part].ravel())]
        yield who[part], _seventh(place, who[part], rows, size[part])


def _packed(cell: Rows) -> Rows:
    return (cell[..., 0] << (2 * _BITS)) + (cell[..., 1] << _BITS) + cell[..., 2]


def _stretches(key: Rows, cell: Rows) -> tuple[Rows, Rows]:
    """First and last row of the nine rods of three cubes about each cell; cubes in a rod adjoin."""
    aside = np.array([(i, j, 0) for i in (-1, 0, 1) for j in (-1, 0, 1)])
    middle = _packed(cell[:, None, :] + aside)
    return np.searchsorted(key, middle - 1), np.searchsorted(key, middle + 1, side="right")


def _seventh(place: Floats, who: Rows, rows: Rows, size: Rows) -> Floats:
    """The seventh smallest distance from each place to its candidates, the first being its own 0."""
    of = np.repeat(np.arange(who.size), size)
    distance = np.sqrt(((place[rows] - place[who[of]]) ** 2).sum(axis=1))
    order = np.lexsort((distance, of))
    begin = np.cumsum(size) - size
    seventh: Floats = distance[order][begin + NEIGHBOURS]
    return seventh
