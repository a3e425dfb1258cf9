"""Slow and plain ways to the same answers, which share no code with the engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyproj import Geod

from comingclean.proximity import People

GEOD = Geod(ellps="WGS84")
MILE = 1609.344
Array = np.ndarray[Any, Any]


def metres(latitude: float, longitude: float, people: People) -> Array:
    """Geodesic distance of every place of the layer from one site, by pyproj."""
    size = people.latitude.size
    here = np.full(size, longitude), np.full(size, latitude)
    return np.asarray(GEOD.inv(*here, people.longitude, people.latitude)[2])


def share(apart: Array, circle: float, radius: Array) -> Array:
    """The part of each disc within a circle, by Heron's formula for the kite of two crossing rims."""
    radius = np.maximum(radius, 1e-3)
    d = np.clip(apart, np.abs(circle - radius) + 1e-9, circle + radius)
    heron = (
        (circle + radius - d) * (d + circle - radius) * (d - circle + radius) * (d + circle + radius)
    )
    big = np.arccos(np.clip((d**2 + circle**2 - radius**2) / (2 * d * circle), -1, 1))
    small = np.arccos(np.clip((d**2 + radius**2 - circle**2) / (2 * d * radius), -1, 1))
    area = circle**2 * big + radius**2 * small - np.sqrt(np.maximum(heron, 0)) / 2
    crossing = area / (np.pi * radius**2)
    held = np.where(circle < radius, (circle / radius) ** 2, 1.0)
    return np.where(
        apart >= circle + radius, 0, np.where(apart <= np.abs(circle - radius), held, crossing)
    )


def held(people: People, latitude: float, longitude: float, miles: Array) -> Array:
    """The share of every place of the layer within each of `miles` of one site: a row a radius."""
    apart = metres(latitude, longitude, people)
    if people.kind == "points":
        return np.array([apart <= mile * MILE for mile in miles]).astype(float)
    radius = people.radius.astype(np.float32).astype(np.float64)
    return np.array([share(apart, mile * MILE, radius) for mile in miles])


def population(people: People, latitude: Array, longitude: Array, miles: Array) -> Array:
    """People within each of `miles` of each site, one site after the other."""
    places = zip(latitude, longitude, strict=True)
    return np.array([held(people, lat, lon, miles) @ people.population for lat, lon in places])
