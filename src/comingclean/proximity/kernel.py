"""The kernel: what each circle holds of a layer, whole runs of rows at a time.

What lies well inside a circle is counted by one subtraction of running totals; only the rows at the
line are looked at one by one. Each circle is worked out by itself and in one order, so that any way of
cutting the work gives the same bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from comingclean.proximity.earth import METRES_PER_MILE, Floats, ground
from comingclean.proximity.flat import overlap
from comingclean.proximity.grid import Rows, Tier, one_by_one
from comingclean.proximity.layer import Layer
from comingclean.proximity.runs import Circles, Runs, bands, runs
from comingclean.proximity.states import Bits

# Meetings of circle and band, and rows at the line, held at a time: few enough for a core's cache.
_BANDS: Final = 32_768
_EDGES: Final = 262_144


@dataclass(frozen=True)
class Piece:
    """A part of what circles hold: runs of rows wholly inside, and single rows at the line.

    The circles are those from `base` on, `size` of them; `circle` and `edge_circle` count from there
    and ascend. `share`: how much of the row the layer's kind puts inside. `spread`: how much of the
    row's disc is inside, the same for areas; 0 for points unless it was asked for.
    """

    base: int
    size: int
    circle: Rows
    start: Rows
    stop: Rows
    edge_circle: Rows
    edge_row: Rows
    share: Floats
    spread: Floats


@dataclass(frozen=True)
class Counts:
    """People within circles; each array has a row a site and a column a radius.

    `rows`: how many areas or points have any share. `cut`: people of the areas that the line cuts.
    `variance`: of the count, were the people of each area all in one spot anywhere in its disc.
    `states`: a bit for each state of `layer.states` that is reached; 0 for a layer without.
    """

    population: Floats
    rows: Rows
    cut: Floats
    variance: Floats
    states: Bits


def count(
    layer: Layer, latitude: Floats, longitude: Floats, miles: Floats, *, spread: bool = True
) -> Counts:
    """People within each of `miles` (1-d) of each site (degrees), all radii in one pass.

    Without `spread` points are only counted, and their `cut` and `variance` are 0.
    """
    order = np.lexsort((longitude, np.floor(latitude * 4)))
    circles = circles_of(latitude[order], longitude[order], miles)
    sums, bits = np.zeros((4, len(circles))), np.zeros(len(circles), np.uint64)
    for piece in pieces(layer, circles, spread=spread):
        here = slice(piece.base, piece.base + piece.size)
        sums[:, here] += _sums(layer, piece)
        _mark(layer, piece, bits[here])
    back = np.argsort(order)
    shape = latitude.size, miles.size
    people, rows, cut, variance = (part.reshape(shape)[back] for part in sums)
    return Counts(people, rows.astype(np.int64), cut, variance, bits.reshape(shape)[back])


def circles_of(latitude: Floats, longitude: Floats, miles: Floats) -> Circles:
    """The circles of all `miles` around each site, a site's together."""
    metres = np.tile(miles * METRES_PER_MILE, latitude.size)
    return Circles.around(np.repeat(latitude, miles.size), np.repeat(longitude, miles.size), metres)


def _sums(layer: Layer, piece: Piece) -> Floats:
    """People, rows, people at the line and variance, by circle of the piece."""
    people = layer.population[piece.edge_row].astype(np.float64)
    whole = layer.before[piece.stop] - layer.before[piece.start]
    inside = np.bincount(piece.circle, whole, piece.size)
    rows = np.bincount(piece.circle, piece.stop - piece.start, piece.size)
    inside += np.bincount(piece.edge_circle, people * piece.share, piece.size)
    rows += np.bincount(piece.edge_circle, piece.share > 0, piece.size)
    lump = piece.spread * (1 - piece.spread)
    cut = np.bincount(piece.edge_circle, people * (lump > 0), piece.size)
    return np.stack([inside, rows, cut, np.bincount(piece.edge_circle, people**2 * lump, piece.size)])


def _mark(layer: Layer, piece: Piece, bits: Bits) -> None:
    if layer.states is None:
        return
    layer.states.mark(bits, piece.circle, piece.start, piece.stop)
    layer.states.mark(bits, piece.edge_circle, piece.edge_row, piece.edge_row + 1)


def pieces(layer: Layer, circles: Circles, *, spread: bool = True) -> Iterator[Piece]:
    """Everything that the circles hold, each row of the layer once a circle.

    A circle's pieces come in one order, tier by tier, whatever other circles there are.
    """
    for tier in layer.tiers:
        reach = tier.reach if spread or layer.kind == "areas" else 0.0
        for first, stop in _batches(tier, circles, reach):
            part = circles.part(first, stop)
            held = runs(layer, tier, part, reach)
            for few in _split(held):
                yield _piece(layer, part, few, first, reach)


def _batches(tier: Tier, circles: Circles, reach: float) -> Iterator[tuple[int, int]]:
    if not len(circles):
        return
    south, north = bands(tier, circles, reach)
    total = np.cumsum(north - south + 2)
    cuts = np.searchsorted(total, np.arange(_BANDS, total[-1], _BANDS))
    bounds = np.unique([0, *cuts.tolist(), len(circles)]).tolist()
    yield from pairwise(bounds)


def _split(held: Runs) -> Iterator[Runs]:
    """The runs in parts with not too many rows at the line, cut between circles only."""
    if not held.circle.size:
        return
    total = np.cumsum(held.start - held.first + held.last - held.stop)
    ends = np.flatnonzero(np.append(held.circle[1:] != held.circle[:-1], True)) + 1
    wanted = np.searchsorted(total[ends - 1], np.arange(_EDGES, total[-1], _EDGES))
    bounds = np.unique([0, *ends[wanted].tolist(), held.circle.size]).tolist()
    for first, stop in pairwise(bounds):
        yield held.part(first, stop)


def _piece(layer: Layer, circles: Circles, held: Runs, first: int, reach: float) -> Piece:
    base, size = int(held.circle[0]), int(held.circle[-1] - held.circle[0] + 1)
    begin = np.stack([held.first, held.stop], axis=1).ravel()
    length = np.stack([held.start - held.first, held.last - held.stop], axis=1).ravel()
    circle = np.repeat(np.repeat(held.circle, 2), length)
    edge, row, share, disc = _at_line(layer, circles, circle, one_by_one(begin, length), reach)
    return Piece(
        first + base, size, held.circle - base, held.start, held.stop, edge - base, row, share, disc
    )


def _at_line(
    layer: Layer, circles: Circles, circle: Rows, row: Rows, reach: float
) -> tuple[Rows, Rows, Floats, Floats]:
    """Of candidates the ones with a share: circle, row, share of the kind, share of the disc."""
    square = (layer.x[row] - circles.x[circle]) ** 2
    square += (layer.y[row] - circles.y[circle]) ** 2
    square += (layer.z[row] - circles.z[circle]) ** 2
    if layer.kind == "points" and not reach:
        held = np.flatnonzero(square <= (circles.chord**2)[circle])
        return circle[held], row[held], np.ones(held.size), np.zeros(held.size)
    metres, radius = circles.metres[circle], np.maximum(layer.radius[row].astype(np.float64), 1e-3)
    apart = ground(np.sqrt(square), circles.curvature[circle])
    disc = overlap(apart, metres, radius)
    share = disc if layer.kind == "areas" else (square <= (circles.chord**2)[circle]).astype(np.float64)
    held = np.flatnonzero((disc > 0) | (share > 0))
    return circle[held], row[held], share[held], disc[held]
