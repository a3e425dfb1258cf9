"""People near any of many sites, each counted once.

Points and areas that one circle holds wholly are runs of rows, which join like intervals. An area cut
by one circle has its share; one cut by several has the part of its disc that they cover together,
worked out from the arcs of their rims.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from comingclean.proximity.earth import METRES_PER_MILE, Floats, ground
from comingclean.proximity.flat import covered, overlap
from comingclean.proximity.grid import Rows, one_by_one
from comingclean.proximity.kernel import Counts, circles_of, pieces
from comingclean.proximity.layer import Layer
from comingclean.proximity.runs import Circles


@dataclass(frozen=True)
class Cover:
    """What circles of one radius hold of a layer.

    Rows from `start` to before `stop` wholly, in disjoint runs; and of each `row` a part, for the
    circle about the site number `site`. Covers of any cut of the sites join to the same cover.
    """

    start: Rows
    stop: Rows
    row: Rows
    site: Rows


def cover(layer: Layer, latitude: Floats, longitude: Floats, site: Rows, miles: float) -> Cover:
    """What the circles of `miles` about sites (degrees, and the numbers they go by) hold."""
    circles = circles_of(latitude, longitude, np.array([miles]))
    return _joined(_covers(layer, circles, site))


def _covers(layer: Layer, circles: Circles, site: Rows) -> Iterator[Cover]:
    for piece in pieces(layer, circles, spread=False):
        whole = piece.share >= 1
        alone = piece.edge_row[whole]
        start, stop = np.append(piece.start, alone), np.append(piece.stop, alone + 1)
        some = start < stop
        circle = piece.edge_circle[~whole] + piece.base
        yield Cover(*_merged(start[some], stop[some]), piece.edge_row[~whole], site[circle])


def join(covers: Iterable[Cover]) -> Cover:
    """One cover of all, the same for any order of `covers`: parts of rows held wholly are gone."""
    whole = _joined(covers)
    run = np.searchsorted(whole.start, whole.row, side="right") - 1
    inside = (run >= 0) & (whole.row < np.append(whole.stop, 0)[run])
    row, site = whole.row[~inside], whole.site[~inside]
    order = np.lexsort((site, row))
    return Cover(whole.start, whole.stop, row[order], site[order])


def _joined(covers: Iterable[Cover]) -> Cover:
    nothing = np.zeros(0, np.int64)
    parts = [Cover(nothing, nothing, nothing, nothing), *covers]
    start, stop = (np.concatenate([getattr(c, name) for c in parts]) for name in ("start", "stop"))
    row, site = (np.concatenate([getattr(c, name) for c in parts]) for name in ("row", "site"))
    return Cover(*_merged(start, stop), row, site)


def _merged(start: Rows, stop: Rows) -> tuple[Rows, Rows]:
    """Runs that overlap or touch, as one."""
    order = np.argsort(start, kind="stable")
    start, furthest = start[order], np.maximum.accumulate(stop[order])
    fresh = np.flatnonzero(np.append(True, start[1:] > furthest[:-1])[: start.size])
    last = np.append(fresh[1:] - 1, start.size - 1)[: fresh.size]
    return start[fresh], furthest[last]


@dataclass(frozen=True)
class Held:
    """What circles of one radius hold together: counts of one row and column, and each `row` of the
    layer once with the `share` of it that they cover.
    """

    counts: Counts
    row: Rows
    share: Floats


def held(layer: Layer, latitude: Floats, longitude: Floats, miles: float) -> Held:
    """What lies within `miles` of any of the sites, in degrees, everything once."""
    whole = join([cover(layer, latitude, longitude, np.arange(latitude.size), miles)])
    inside = one_by_one(whole.start, whole.stop - whole.start)
    row, share = _shares(layer, latitude, longitude, miles, whole)
    counts = _counts(layer, whole, row, share)
    return Held(counts, np.concatenate([inside, row]), np.concatenate([np.ones(inside.size), share]))


def total(layer: Layer, latitude: Floats, longitude: Floats, miles: float, whole: Cover) -> Counts:
    """People within `miles` of any site, each counted once; arrays of one row and one column.

    `whole` is the joined cover, whose site numbers are places in `latitude` and `longitude`.
    """
    return _counts(layer, whole, *_shares(layer, latitude, longitude, miles, whole))


def _counts(layer: Layer, whole: Cover, row: Rows, share: Floats) -> Counts:
    """The people of a cover, of whose rows at the line the share that any circle covers is known."""
    inside = layer.before[whole.stop] - layer.before[whole.start]
    people = layer.population[row].astype(np.float64)
    lump = share * (1 - share)
    return Counts(
        population=np.array([[inside.sum() + (people * share).sum()]]),
        rows=np.array([[(whole.stop - whole.start).sum() + row.size]]),
        cut=np.array([[people[lump > 0].sum()]]),
        variance=np.array([[(people**2 * lump).sum()]]),
        states=np.zeros((1, 1), np.uint64),
    )


def _shares(
    layer: Layer, latitude: Floats, longitude: Floats, miles: float, whole: Cover
) -> tuple[Rows, Floats]:
    """Each row that is held in part, once, and the part of it that any circle covers."""
    if not whole.row.size:
        return whole.row, np.zeros(0)
    circles = Circles.around(
        latitude[whole.site], longitude[whole.site], np.full(whole.site.size, miles * METRES_PER_MILE)
    )
    east, north, share = _seen_from_discs(layer, circles, whole.row)
    first = np.flatnonzero(np.append(True, whole.row[1:] != whole.row[:-1]))
    stop = np.append(first[1:], share.size)
    row, part = whole.row[first], share[first]
    for number in np.flatnonzero(stop - first > 1).tolist():
        of, radius = slice(first[number], stop[number]), float(layer.radius[row[number]])
        part[number] = covered(east[of], north[of], share[of], miles * METRES_PER_MILE, radius)
    return row, part


def _seen_from_discs(layer: Layer, circles: Circles, row: Rows) -> tuple[Floats, Floats, Floats]:
    """Metres of ground east and north from each disc's centre to the circle's, and the disc's share."""
    x, y, z = layer.x[row], layer.y[row], layer.z[row]
    dx, dy, dz = circles.x - x, circles.y - y, circles.z - z
    axis = np.hypot(x, y)
    east = (dy * x - dx * y) / axis
    # North along the geocentric meridian: a sixth of a degree off the plumb line, the same for all.
    up = np.sqrt(axis**2 + z**2)
    north = (dz * axis - (dx * x + dy * y) / axis * z) / up
    apart = ground(np.sqrt(dx**2 + dy**2 + dz**2), circles.curvature)
    scale = apart / np.maximum(np.hypot(east, north), 1e-9)
    radius = np.maximum(layer.radius[row].astype(np.float64), 1e-3)
    return east * scale, north * scale, overlap(apart, circles.metres, radius)
