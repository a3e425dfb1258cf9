"""Where a circle meets a band of latitude: from which row to which, exactly.

At a latitude, the places within a chord of the centre span a half-width of longitude that follows from
the chord alone (the law of cosines around the Earth's axis). Between a band's two edges the half-width
has no valley, so its smaller end bounds what is surely inside; its larger end, or the widest half-width
of the whole circle where the peak lies in the band, bounds what can be inside at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from comingclean.proximity.earth import E2, A, Floats, chord, in_space, mean_radius
from comingclean.proximity.grid import Rows, Tier, east_of
from comingclean.proximity.layer import Layer

# Slack in radians of longitude (6 mm), so that rounding never decides what is surely in or out; and,
# as a part of the distance, for discs, whose reach of many miles leaves the chord's 4 mm behind.
_SLACK: Final = 1e-9
_STRETCH: Final = 1e-5
# The shortest radius of curvature there is, along the meridian on the equator.
_TIGHTEST: Final = A * (1 - E2)


@dataclass(frozen=True)
class Circles:
    """Circles on the ground, one a row: centre in degrees and in space, radius in metres of ground."""

    latitude: Floats
    longitude: Floats
    x: Floats
    y: Floats
    z: Floats
    curvature: Floats
    metres: Floats
    chord: Floats

    @classmethod
    def around(cls, latitude: Floats, longitude: Floats, metres: Floats) -> Circles:
        """Circles of `metres` around places in degrees, all of one length."""
        curvature = mean_radius(latitude)
        x, y, z = in_space(latitude, longitude)
        return cls(latitude, longitude, x, y, z, curvature, metres, chord(metres, curvature))

    def __len__(self) -> int:
        """How many circles."""
        return self.latitude.size

    def part(self, first: int, stop: int) -> Circles:
        """The circles from `first` to before `stop`."""
        return Circles(*(getattr(self, name)[first:stop] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Runs:
    """Rows that circles hold in bands: surely all from `start` to `stop`, none before `first` or
    from `last` on. Sorted by circle, bands from south to north.
    """

    circle: Rows
    first: Rows
    start: Rows
    stop: Rows
    last: Rows

    def part(self, first: int, stop: int) -> Runs:
        """The runs from `first` to before `stop`."""
        return Runs(*(getattr(self, name)[first:stop] for name in self.__dataclass_fields__))


def bands(tier: Tier, circles: Circles, reach: float) -> tuple[Rows, Rows]:
    """The southernmost and northernmost band that each circle can touch, grown by `reach` metres."""
    grown = np.degrees((circles.metres + reach) * (1 + _STRETCH) / _TIGHTEST) + 1e-9
    south = np.maximum(circles.latitude - grown, -90)
    north = np.minimum(circles.latitude + grown, 90 - 1e-9)
    return tier.band(south), tier.band(north)


def runs(layer: Layer, tier: Tier, circles: Circles, reach: float) -> Runs:
    """The runs of rows of a tier that hold all discs of radius up to `reach` metres at the circles."""
    circle, band, outer, inner = _half_widths(tier, circles, reach)
    east = east_of(layer.cut, circles.longitude)[circle]
    base = band * tier.columns
    first = _search(layer, tier, base + tier.column(east - outer))
    last = _search(layer, tier, base + tier.column(east + outer) + 1)
    held = np.flatnonzero(first < last)
    circle, first, last = circle[held], first[held], last[held]
    east, inner, base = east[held], inner[held], base[held]
    # The steps at both ends are left out: they may reach beyond the half-width.
    west_end = base + tier.column(east - inner) + 1
    east_end = np.maximum(base + tier.column(east + inner), west_end)
    start, stop = _search(layer, tier, west_end), _search(layer, tier, east_end)
    nothing = inner <= 0
    return Runs(circle, first, np.where(nothing, first, start), np.where(nothing, first, stop), last)


def _search(layer: Layer, tier: Tier, key: Rows) -> Rows:
    """The first row of the tier whose key is not below `key`."""
    keys = layer.key[tier.start : tier.stop]
    return np.searchsorted(keys, key.astype(np.uint32)) + tier.start


def _half_widths(tier: Tier, circles: Circles, reach: float) -> tuple[Rows, Rows, Floats, Floats]:
    """Circle and band of every meeting, and the outer and the inner half-width in degrees."""
    south, north = bands(tier, circles, reach)
    edges = north - south + 2
    ends = np.cumsum(edges)
    circle = np.repeat(np.arange(len(circles)), edges)
    edge = np.repeat(south - (ends - edges), edges) + np.arange(circle.size)
    outer, inner = _at_edges(tier, circles, circle, edge, reach)
    below = np.ones(circle.size, dtype=bool)
    below[ends - 1] = False
    lower = np.flatnonzero(below)
    circle, band = circle[lower], edge[lower]
    widest = _widest(tier, circles, circle, band, reach)
    outer = np.maximum(np.maximum(outer[lower], outer[lower + 1]), widest)
    inner = np.minimum(inner[lower], inner[lower + 1])
    return circle, band, np.degrees(outer + _SLACK), np.degrees(inner - _SLACK)


def _at_edges(
    tier: Tier, circles: Circles, circle: Rows, edge: Rows, reach: float
) -> tuple[Floats, Floats]:
    """Half-widths in radians at the edges of bands, of the circles grown and shrunk by `reach`."""
    axis, height = (values[edge] for values in tier.edges)
    own = np.hypot(circles.x, circles.y)[circle]
    apart = (axis - own) ** 2 + (height - circles.z[circle]) ** 2
    scale = 4 * axis * own

    def half(chord: Floats) -> Floats:
        return 2 * np.arcsin(np.sqrt(np.clip(((chord**2)[circle] - apart) / scale, 0, 1)))

    if not reach:
        both = half(circles.chord)
        return both, both
    grown = chord((circles.metres + reach) * (1 + _STRETCH), circles.curvature)
    shrunk = chord(np.maximum(circles.metres - reach, 0) * (1 - _STRETCH), circles.curvature)
    return half(grown), half(shrunk)


def _widest(tier: Tier, circles: Circles, circle: Rows, band: Rows, reach: float) -> Floats:
    """The circle's widest half-width in radians, in the bands about its peak; 0 in the others."""
    phi = np.radians(circles.latitude)
    angle = (circles.metres + reach) * (1 + _STRETCH) / _TIGHTEST
    sine = np.sin(angle) / np.cos(phi)
    # The slack of half a per cent covers the ellipsoid; a circle about a pole holds every longitude.
    widest = np.where(sine < 1, np.arcsin(np.minimum(sine, 1)) * 1.005, np.pi)
    peak = np.degrees(np.arcsin(np.clip(np.sin(phi) / np.cos(angle), -1, 1)))
    at = tier.band(np.minimum(peak, 90 - 1e-9))
    return np.where(np.abs(band - at[circle]) <= 1, widest[circle], 0.0)
