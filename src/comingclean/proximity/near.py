"""Who lives near any places: one row a place and radius, in the order they were given.

The places are cut into spatial tiles, each worked out by itself on one core, in several processes or
on a cluster, and the answer has the same bits. What is wrong with a place is a word in its own rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from comingclean.errors import InputError
from comingclean.proximity import outlines, place, tiles, union
from comingclean.proximity.answer import Counted, per_site
from comingclean.proximity.earth import METRES_PER_MILE, Floats
from comingclean.proximity.grid import Rows
from comingclean.proximity.interval import interval
from comingclean.proximity.kernel import Counts, count
from comingclean.proximity.layer import Layer
from comingclean.proximity.place import AT_SEA, COUNTRY, Box, Verdict
from comingclean.proximity.shelf import SHIPPED, open_layer
from comingclean.proximity.sites import LEAST_MILES, MOST_MILES, Sites, usable

Progress = Callable[[int, int], None]
Covers = tuple[union.Cover, ...]
Found = tuple[Counts, Covers]

# A circle of one metre: it meets the discs that a place stands on.
_FOOT: Final = np.array([1 / METRES_PER_MILE])
# Degrees around a person's own layer in which a place is still taken to belong to it.
_MARGIN: Final = 1.0


@dataclass(frozen=True)
class Work:
    """Where the work is done: on one core, in several `processes`, or on the cluster of a dask
    `scheduler` (its address). `progress` is told how many tiles are done, and of how many.
    """

    processes: int = 1
    scheduler: str | None = None
    progress: Progress = lambda done, of: None


@dataclass(frozen=True)
class _Good:
    """The sites that can be counted: their numbers among all, and their places in degrees."""

    number: Rows
    latitude: Floats
    longitude: Floats


def near(
    sites: Sites, miles: Floats, layer: Layer | None = None, work: Work | None = None
) -> pl.DataFrame:
    """People within each of `miles` of each site, of the shipped block groups or another `layer`.

    Columns are those of `SCHEMA`: the population with the ends of its 90 % interval, empty where it
    could not be computed; how many areas or points were counted; the people of the areas that the
    line cuts; the states reached. Raises InputError when the layer or the cluster cannot be used.
    """
    layer = open_layer() if layer is None else layer
    found = verdicts(sites, layer)
    good, radii = _good(sites, found), miles[usable(miles)]
    counts, _ = _found(layer, good, radii, work or Work(), together=False)
    return per_site(layer, sites, miles, found, _counted(layer, good, radii, counts))


def together(
    sites: Sites, miles: Floats, layer: Layer | None = None, work: Work | None = None
) -> pl.DataFrame:
    """People within each of `miles` of any of the sites, each counted once; one row a radius.

    Columns: `miles`, `sites` (how many could be counted), `population`, `low`, `high`, `areas`,
    `people_at_line`, and `sum`, which counts a person near two sites twice. Raises InputError as
    `near` does, and for a radius that cannot be computed.
    """
    if not usable(miles).all():
        mend = f"give miles from {LEAST_MILES:g} to {MOST_MILES:g}"
        raise InputError(f"a radius of {miles[~usable(miles)][0]:g} miles", mend)
    layer = open_layer() if layer is None else layer
    good = _good(sites, verdicts(sites, layer))
    counts, covers = _found(layer, good, miles, work or Work(), together=True)
    return _total(layer, good, counts, miles, covers)


def verdicts(sites: Sites, layer: Layer | None = None) -> list[Verdict]:
    """What is wrong with each site, the first thing found."""
    layer = open_layer() if layer is None else layer
    national = layer.origin == SHIPPED
    boxes = COUNTRY if national else _boxes(layer)
    degrees = zip(sites.verdict, sites.latitude.tolist(), sites.longitude.tolist(), strict=True)
    found = [own if own.word else place.judge(lat, lon, boxes) for own, lat, lon in degrees]
    if national:
        _look_abroad(sites, found)
        _look_off_land(layer, sites, found)
    return found


def _boxes(layer: Layer) -> tuple[Box, ...]:
    """Where a layer has people, grown by a degree, and again a turn further west."""
    south, north, first, last = layer.box
    west, east = layer.cut + first - _MARGIN, layer.cut + last + _MARGIN
    across = (south - _MARGIN, north + _MARGIN)
    return (*across, west, east), (*across, west - 360, east - 360)


def _look_abroad(sites: Sites, found: list[Verdict]) -> None:
    """Add the verdicts on places across a border, on whichever side of it the disc of an area lies."""
    good = _good(sites, found)
    for at, verdict in zip(
        good.number.tolist(), place.abroad(good.latitude, good.longitude), strict=True
    ):
        found[at] = verdict


def _look_off_land(layer: Layer, sites: Sites, found: list[Verdict]) -> None:
    """Add the verdicts on places in open water. On an area's disc there is land."""
    good = _good(sites, found)
    on_disc = count(layer, good.latitude, good.longitude, _FOOT, spread=False).rows[:, 0] > 0
    number = good.number[~on_disc]
    seen = place.off_land(sites.latitude[number], sites.longitude[number])
    for at, verdict in zip(number.tolist(), seen, strict=True):
        found[at] = verdict


def _counted(layer: Layer, good: _Good, miles: Floats, counts: Counts) -> Counted:
    """Counts with what is told of circles from outlines; a person's own layer has none of these."""
    shape = good.number.size, miles.size
    if layer.origin != SHIPPED:
        return Counted(good.number, counts, np.ones(shape, bool), np.full(shape, ""))
    # Only of a circle that holds no area it matters whether there is land.
    ashore, empty = np.ones(shape, bool), np.flatnonzero((counts.population == 0).any(axis=1))
    where = good.latitude[empty], good.longitude[empty]
    ashore[empty] = outlines.circles_near_county(*where, miles)
    abroad = place.countries_reached(good.latitude, good.longitude, miles)
    return Counted(good.number, counts, ashore, abroad)


def _good(sites: Sites, verdicts: list[Verdict]) -> _Good:
    # Open water is no reason not to count: people ashore may be within the circle.
    number = np.flatnonzero([verdict.word in {"", AT_SEA} for verdict in verdicts])
    return _Good(number, sites.latitude[number], sites.longitude[number])


def _found(layer: Layer, good: _Good, miles: Floats, work: Work, *, together: bool) -> Found:
    """Counts in the order of the good sites, and for each radius the cover, if asked for."""
    parts = tiles.cut(good.latitude, good.longitude)
    results: list[Found] = []
    job = partial(of_tile, layer, miles, together)
    for result in tiles.work(job, parts, processes=work.processes, scheduler=work.scheduler):
        results.append(result)
        work.progress(len(results), len(parts))
    nothing = count(layer, np.zeros(0), np.zeros(0), miles)
    of = np.concatenate([np.zeros(0, np.int64), *(tile.number for tile in parts)])
    counts = _in_order([nothing, *(counts for counts, _ in results)], np.argsort(of))
    radii = miles.size if together else 0
    return counts, tuple(union.join(covers[number] for _, covers in results) for number in range(radii))


def of_tile(layer: Layer, miles: Floats, together: bool, tile: tiles.Tile) -> Found:
    """The work of one tile, which needs nothing of any other: its counts, and covers if asked for."""
    covers = [
        union.cover(layer, tile.latitude, tile.longitude, tile.number, mile)
        for mile in (miles.tolist() if together else [])
    ]
    return count(layer, tile.latitude, tile.longitude, miles), tuple(covers)


def _in_order(parts: list[Counts], order: Rows) -> Counts:
    whole = (np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Counts))
    return Counts(*(values[order] for values in whole))


def _total(layer: Layer, good: _Good, alone: Counts, miles: Floats, covers: Covers) -> pl.DataFrame:
    rows = []
    for number, (mile, cover) in enumerate(zip(miles.tolist(), covers, strict=True)):
        whole = union.total(layer, good.latitude, good.longitude, mile, cover)
        if layer.kind == "points":
            # Which side of a line a point's people are on is not known for each line: add them all up.
            whole = replace(whole, variance=alone.variance[:, number].sum().reshape(1, 1))
        low, high = interval(whole, layer.kind)
        numbers = {"population": whole.population, "low": low, "high": high, "areas": whole.rows,
                   "people_at_line": whole.cut, "sum": alone.population[:, number].sum()}  # fmt: skip
        people = {name: round(float(np.squeeze(value))) for name, value in numbers.items()}
        rows.append({"miles": mile, "sites": good.number.size, **people})
    return pl.DataFrame(rows)
