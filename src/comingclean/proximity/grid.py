"""The sorted grid: places in bands of latitude, and along each band from west to east.

One sort makes the whole index. A band's places lie side by side, so that whatever a circle holds in a
band is one run of rows, found by bisection. Discs of like size share a tier, each with bands to suit,
because a search must reach as far as the largest disc of its tier.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comingclean.errors import InputError
from comingclean.proximity.earth import METRES_PER_MILE, Floats, meridian

Keys = NDArray[np.uint32]
Rows = NDArray[np.int64]
# Largest disc of a tier in miles, and the height of its bands in degrees of latitude.
Plan = tuple[tuple[float, float], ...]

# The key of the row after the last: larger than any that a place or a search can have.
END: Final = 2**32 - 1
# Degrees of longitude without any place that a layer must leave: longitudes are counted from there.
GAP: Final = 20.0


@dataclass(frozen=True)
class Tier:
    """Rows `start` to before `stop`: discs of at most `reach` metres, in bands of `height` degrees.

    `columns` is the number of steps of longitude that a band is cut into for its keys.
    """

    start: int
    stop: int
    reach: float
    height: float
    columns: int

    @cached_property
    def edges(self) -> tuple[Floats, Floats]:
        """Distance from the axis and height above the equator of every band's edge, in metres."""
        latitudes = np.arange(_bands(self.height) + 1) * self.height - 90
        return meridian(np.clip(latitudes, -90, 90))

    def band(self, latitude: Floats) -> Rows:
        """The band that holds a latitude in degrees."""
        return np.floor((latitude + 90) / self.height).astype(np.int64)

    def column(self, east: Floats) -> Rows:
        """The step of longitude that holds a place `east` degrees east of the cut, kept on the band."""
        step = np.floor(east * (self.columns / 360)).astype(np.int64)
        return np.clip(step, 0, self.columns - 1)

    def key(self, band: Rows, column: Rows) -> Keys:
        """The sort key: bands from south to north, in each from west to east."""
        return (band * self.columns + column).astype(np.uint32)


def cut(longitude: Floats) -> float:
    """The meridian in the middle of the widest gap between places, from which longitudes are counted.

    Raises InputError when places go all round the globe: no circle may cross the cut.
    """
    if not longitude.size:
        return 0.0
    # Tenths of a degree do, since the gap is wide; eight million longitudes need no sort.
    taken = np.zeros(3600, dtype=bool)
    taken[np.floor((longitude + 180) * 10).astype(np.int64) % 3600] = True
    stops = np.flatnonzero(taken)
    gaps = np.diff(np.append(stops, stops[0] + 3600))
    widest = int(np.argmax(gaps))
    if gaps[widest] < GAP * 10:
        raise InputError("the places go all round the globe", "cut the layer in two by longitude")
    return float((stops[widest] + gaps[widest] / 2) / 10 % 360 - 180)


def east_of(cut: float, longitude: Floats) -> Floats:
    """Degrees east of the cut, 0 to 360."""
    return np.mod(longitude - cut, 360.0)


def arrange(
    latitude: Floats, east: Floats, radius: Floats, plan: Plan
) -> tuple[tuple[Tier, ...], Rows, Keys]:
    """Tiers, the order of rows, and the keys in that order. `radius` in metres, the rest in degrees."""
    limits = np.array([limit for limit, _ in plan]) * METRES_PER_MILE
    of = np.searchsorted(limits, radius)
    tiers: list[Tier] = []
    orders, keys = [np.zeros(0, np.int64)], [np.zeros(0, np.uint32)]
    for number in np.unique(of).tolist():
        rows = np.flatnonzero(of == number)
        tier = _tier(
            tiers[-1].stop if tiers else 0, rows.size, float(radius[rows].max()), plan[number][1]
        )
        key = tier.key(tier.band(latitude[rows]), tier.column(east[rows]))
        order = np.argsort(key, kind="stable")
        tiers.append(tier)
        orders.append(rows[order])
        keys.append(key[order])
    return tuple(tiers), np.concatenate(orders), np.concatenate(keys)


def _tier(start: int, size: int, reach: float, height: float) -> Tier:
    # As fine along the band as 32 bits allow, but no finer than a hundredth of the band's height.
    columns = min(round(36000 / height), (END - 1) // (_bands(height) + 1))
    return Tier(start, start + size, reach, height, columns)


def _bands(height: float) -> int:
    return int(np.ceil(180 / height))


def one_by_one(begin: NDArray[np.int64], length: NDArray[np.int64]) -> Rows:
    """All rows of stretches of `length` rows that begin at `begin`, one after the other."""
    shift = begin - (np.cumsum(length) - length)
    rows = np.repeat(shift, length)
    rows += np.arange(rows.size)
    return rows
