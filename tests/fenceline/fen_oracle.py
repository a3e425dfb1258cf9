"""Who lives in a circle, worked out anew: geodesics by pyproj, discs and circles by plain geometry."""

from __future__ import annotations

from functools import cache
from math import pi, sqrt

import numpy as np
import polars as pl
from pyproj import Geod

from comingclean import paths

GEOD = Geod(ellps="WGS84")
METRES = 1609.344


@cache
def block_groups() -> pl.DataFrame:
    """The shipped block groups, in plain units."""
    frame = pl.read_parquet(paths.snapshot() / "block_group.parquet")
    return frame.select(
        pl.col("geoid"),
        (pl.col("latitude_e6") / 1e6).alias("latitude"),
        (pl.col("longitude_e6") / 1e6).alias("longitude"),
        (pl.col("radius_dm") / 10).alias("radius_m"),
        "population",
    )


def metres_to(frame: pl.DataFrame, latitude: float, longitude: float) -> np.ndarray:
    """Geodesic metres from a place to each row."""
    size = frame.height
    found = GEOD.inv(
        np.full(size, longitude), np.full(size, latitude), frame["longitude"], frame["latitude"]
    )
    return np.asarray(found[2])


def part_of_disc(distance: float, disc: float, circle: float) -> float:
    """Which part of a disc lies in a circle whose centre is `distance` away: the lens of the two."""
    if distance >= disc + circle:
        return 0.0
    if distance <= abs(circle - disc):
        return 1.0 if disc <= circle else (circle / disc) ** 2
    # The chord that both share cuts the lens into a segment of each.
    to_chord = (distance**2 + disc**2 - circle**2) / (2 * distance)
    half = sqrt(max(disc**2 - to_chord**2, 0.0))
    angle_disc = 2 * np.arctan2(half, to_chord)
    angle_circle = 2 * np.arctan2(half, distance - to_chord)
    segments = (disc**2 * (angle_disc - np.sin(angle_disc))) / 2
    segments += (circle**2 * (angle_circle - np.sin(angle_circle))) / 2
    return float(segments / (pi * disc**2))


def shares(latitude: float, longitude: float, miles: float) -> pl.DataFrame:
    """The block groups that a circle holds, each with its share, in the order of their ids."""
    frame = block_groups()
    close = frame.filter(
        ((pl.col("latitude") - latitude).abs() < 2) & ((pl.col("longitude") - longitude).abs() < 4)
    )
    away = metres_to(close, latitude, longitude)
    held = [
        part_of_disc(far, disc, miles * METRES)
        for far, disc in zip(away, close["radius_m"], strict=True)
    ]
    return close.with_columns(pl.Series("share", held)).filter(pl.col("share") > 0).sort("geoid")


def people(latitude: float, longitude: float, miles: float) -> float:
    """How many people a circle holds."""
    found = shares(latitude, longitude, miles)
    return float((found["share"] * found["population"]).sum())
