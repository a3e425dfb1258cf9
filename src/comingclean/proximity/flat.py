"""Discs and circles on a plane: how much of a disc one circle covers, or several together.

Centres lie within some tens of miles of each other, where drawing them on a plane is off by less than
a ten-thousandth of the area.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import acos, atan2, cos, hypot, pi, prod, sin, tau
from typing import Final

import numpy as np

from comingclean.proximity.earth import Floats

# Circles on one disc that are worked out exactly; it takes time with the square of their number.
_MANY: Final = 200

Circle = tuple[float, float]
Arc = tuple[float, float]


def overlap(apart: Floats, metres: Floats, radius: Floats) -> Floats:
    """The part of a disc of `radius` that lies in a circle of `metres`, their centres `apart`.

    Three arrays of one length, in metres, the last two above 0. Between 0 and 1.
    """
    share = np.where(apart <= metres - radius, 1.0, 0.0)
    within = np.flatnonzero(apart < radius - metres)
    share[within] = (metres[within] / radius[within]) ** 2
    cut = np.flatnonzero((apart < metres + radius) & (apart > np.abs(metres - radius)))
    share[cut] = _lens(apart[cut], metres[cut], radius[cut])
    return share


def _lens(d: Floats, big: Floats, small: Floats) -> Floats:
    """Area common to two crossing circles `d` apart, as a part of the area of the `small` one."""
    alpha = np.arccos(np.clip((d**2 + big**2 - small**2) / (2 * d * big), -1, 1))
    beta = np.arccos(np.clip((d**2 + small**2 - big**2) / (2 * d * small), -1, 1))
    # Two circular segments, each a sector less a triangle.
    area = big**2 * (alpha - np.sin(2 * alpha) / 2) + small**2 * (beta - np.sin(2 * beta) / 2)
    part: Floats = np.clip(area / (np.pi * small**2), 0.0, 1.0)
    return part


def covered(east: Floats, north: Floats, share: Floats, metres: float, radius: float) -> float:
    """The part of a disc of `radius` that circles of `metres` cover together.

    `east`, `north`: their centres as seen from the disc's; `share`: what each covers alone, above 0
    and below 1. Exact up to 200 different circles; beyond, as if they lay there independently.
    """
    centres = sorted(set(zip(east.tolist(), north.tolist(), strict=True)))
    least, most = float(share.max()), min(float(share.sum()), 1.0)
    if len(centres) > _MANY:
        return 1.0 - float(prod(1 - part for part in share.tolist()))
    area = sum(_own_part(circle, centres, metres, radius) for circle in centres)
    rim = [
        _towards(x, y, hypot(x, y), radius, metres)
        for x, y in centres
        if _crosses(x, y, metres, radius)
    ]
    bare = sum(end - begin for begin, end in _bare(rim))
    area += radius**2 / 2 * (tau - bare)
    return min(max(area / (pi * radius**2), least), most)


def _crosses(x: float, y: float, metres: float, radius: float) -> bool:
    return hypot(x, y) > radius - metres


def _own_part(circle: Circle, centres: list[Circle], metres: float, radius: float) -> float:
    """What a circle's rim adds to the area (Green's theorem): where it is in the disc, in no other."""
    x, y = circle
    hidden = [
        _towards(u - x, v - y, hypot(u - x, v - y), metres, metres)
        for u, v in centres
        if (u, v) != circle and hypot(u - x, v - y) < 2 * metres
    ]
    if _crosses(x, y, metres, radius):
        begin, end = _towards(-x, -y, hypot(x, y), metres, radius)
        hidden.append((end, begin + tau))
    return sum(
        metres / 2 * (metres * (b - a) + x * (sin(b) - sin(a)) - y * (cos(b) - cos(a)))
        for a, b in _bare(hidden)
    )


def _towards(x: float, y: float, apart: float, own: float, other: float) -> Arc:
    """The arc of a circle of radius `own` inside one of radius `other`, whose centre is at x, y."""
    half = acos(min(max((apart**2 + own**2 - other**2) / (2 * apart * own), -1.0), 1.0))
    middle = atan2(y, x)
    return middle - half, middle + half


def _bare(hidden: Iterable[Arc]) -> list[Arc]:
    """The arcs of a whole turn that none of `hidden` reaches."""
    parts = []
    for begin, end in hidden:
        a = begin % tau
        b = a + (end - begin)
        parts += [(a, min(b, tau))] + ([(0.0, b - tau)] if b > tau else [])
    bare, reached = [], 0.0
    for begin, end in sorted(parts):
        if begin > reached:
            bare.append((reached, begin))
        reached = max(reached, end)
    return [*bare, (reached, tau)] if reached < tau else bare
