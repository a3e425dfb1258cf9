"""The Earth as WGS84 has it: places as points in space, and the ground between them.

A straight chord through the Earth costs four operations and follows the geodesic closely: turned into
ground distance with the mean curvature at the site it is within 4 mm of it up to 50 miles (measured
against pyproj in the tests). A sphere of one radius is off by up to 0.4 %.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

METRES_PER_MILE: Final = 1609.344
# WGS84 (NIMA TR8350.2): half the longer axis in metres, and the flattening.
A: Final = 6_378_137.0
FLATTENING: Final = 1 / 298.257223563
E2: Final = FLATTENING * (2 - FLATTENING)


def meridian(latitude: Floats) -> tuple[Floats, Floats]:
    """Distance from the axis and height above the equator's plane, metres, by latitude in degrees."""
    phi = np.radians(latitude)
    normal = A / np.sqrt(1 - E2 * np.sin(phi) ** 2)
    return normal * np.cos(phi), normal * (1 - E2) * np.sin(phi)


def in_space(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats, Floats]:
    """Earth-centred x, y and z in metres of places on the ellipsoid, given in degrees."""
    axis, height = meridian(latitude)
    turn = np.radians(longitude)
    return axis * np.cos(turn), axis * np.sin(turn), height


def mean_radius(latitude: Floats) -> Floats:
    """Gaussian radius of curvature in metres, by latitude in degrees."""
    curvature: Floats = A * np.sqrt(1 - E2) / (1 - E2 * np.sin(np.radians(latitude)) ** 2)
    return curvature


def chord(metres: Floats, radius: Floats) -> Floats:
    """Length of the straight chord below `metres` of ground, for a mean `radius` of curvature."""
    return 2 * radius * np.sin(metres / (2 * radius))


def ground(chord: Floats, radius: Floats) -> Floats:
    """Metres of ground above a straight chord, for a mean `radius` of curvature."""
    return 2 * radius * np.arcsin(chord / (2 * radius))
