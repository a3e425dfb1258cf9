"""Whether a place can be counted at all, and if not, why: one clear answer for each."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from comingclean import paths
from comingclean.proximity.earth import Floats

# South, north, west and east, in degrees.
Box = tuple[float, float, float, float]

# Words of a status that speak of the place alone.
MISSING: Final = "missing coordinates"
NOT_NUMBERS: Final = "not numbers"
IMPOSSIBLE: Final = "impossible coordinates"
SWAPPED: Final = "swapped coordinates"
OUTSIDE: Final = "out of the country"
NOT_COVERED: Final = "not covered"
AT_SEA: Final = "at sea"
OVER_THE_LIMIT: Final = "over the limit"

# The lower 48, Alaska (its islands lie on both sides of the date line), Hawaii, Puerto Rico.
COUNTRY: Final[tuple[Box, ...]] = (
    (24.3, 49.5, -125.0, -66.8),
    (51.0, 71.6, -180.0, -129.9),
    (51.0, 53.5, 172.0, 180.0),
    (18.8, 28.6, -178.5, -154.7),
    (17.8, 18.6, -68.0, -65.2),
)
# Guam, Northern Marianas, American Samoa, Virgin Islands: of the country, and not in the census file.
_ISLANDS: Final[tuple[Box, ...]] = (
    (13.2, 13.7, 144.6, 145.0),
    (14.0, 20.6, 144.8, 146.1),
    (-14.6, -11.0, -171.2, -168.1),
    (17.6, 18.5, -65.1, -64.5),
)
# Outlines are simplified: a place within so many degrees (2 to 3 km) of a county may be in it.
_NEAR_COUNTY: Final = 0.03


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a place: a word for its status and a sentence. Both empty when nothing is."""

    word: str = ""
    sentence: str = ""


_ABROAD: Final = Verdict(OUTSIDE, "the place lies in a neighbouring country")
_OPEN_WATER: Final = Verdict(
    AT_SEA, "the place lies in open water, 2 km or more from any county; only people ashore are counted"
)


def judge(latitude: float, longitude: float, boxes: tuple[Box, ...] = COUNTRY) -> Verdict:
    """What is wrong with a place in degrees, as far as `boxes` around all that is covered tell."""
    if _within(latitude, longitude, boxes):
        return Verdict()
    here = f"{latitude:g}, {longitude:g}"
    if _within(longitude, latitude, boxes):
        return Verdict(SWAPPED, f"{here} has the longitude first; nothing was counted")
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return Verdict(IMPOSSIBLE, _impossible(latitude, longitude, boxes))
    if boxes is not COUNTRY:
        return Verdict(NOT_COVERED, f"{here} lies outside the layer of people")
    if _within(latitude, longitude, _ISLANDS):
        return Verdict(
            NOT_COVERED, "the layer has no people of Guam, the Marianas, Samoa and the Virgin Islands"
        )
    return Verdict(OUTSIDE, _outside(latitude, longitude, boxes))


def _impossible(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> str:
    if _within(latitude, longitude - 360, boxes):
        return f"longitudes run from -180 to 180: write {longitude - 360:g}"
    return f"{latitude:g}, {longitude:g} is no place on Earth"


def _outside(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> str:
    if _within(latitude, -longitude, boxes):
        return f"longitudes in the United States are negative: is it {-longitude:g}?"
    if latitude == longitude == 0:
        return "0, 0 often stands for an unknown place"
    return "the layer holds the people of the United States and Puerto Rico only"


def _within(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> bool:
    return any(
        south <= latitude <= north and west <= longitude <= east for south, north, west, east in boxes
    )


def off_land(latitude: Floats, longitude: Floats) -> list[Verdict]:
    """For places in the boxes of the country: at sea, in a neighbouring country, or nothing wrong.

    Where the outlines of the map are not installed nothing is found.
    """
    outlines = _outlines()
    if outlines is None or not latitude.size:
        return [Verdict()] * latitude.size
    counties, lands, lakes = outlines
    points = np.asarray(shapely.points(longitude, latitude))
    verdicts = [Verdict()] * latitude.size
    home = _met(counties.query(points, predicate="dwithin", distance=_NEAR_COUNTY), latitude.size)
    strange = np.flatnonzero(~home)
    land, lake = (
        _met(tree.query(points[strange], predicate="intersects"), strange.size)
        for tree in (lands, lakes)
    )
    for at, dry in zip(strange.tolist(), land & ~lake, strict=True):
        verdicts[at] = _ABROAD if dry else _OPEN_WATER
    return verdicts


def _met(pairs: NDArray[np.int64], size: int) -> NDArray[np.bool_]:
    """Which points are in any of the pairs of point and shape that a search found."""
    met = np.zeros(size, dtype=bool)
    met[pairs[0]] = True
    return met


@lru_cache(maxsize=1)
def _outlines() -> tuple[shapely.STRtree, shapely.STRtree, shapely.STRtree] | None:
    """The counties, and North America's land and Great Lakes, as the map draws them."""
    counties, near = paths.counties(), paths.web() / "atlas" / "near.json"
    if not (counties.exists() and near.exists()):
        return None
    lands, lakes = (shapely.STRtree(_shapes(near, name)) for name in ("land", "great-lakes"))
    return shapely.STRtree(_shapes(counties, "counties")), lands, lakes


def _shapes(file: Path, name: str) -> list[BaseGeometry]:
    """The polygons of one object of a TopoJSON file."""
    atlas = json.loads(file.read_text())
    scale, shift = np.array(atlas["transform"]["scale"]), np.array(atlas["transform"]["translate"])
    lines = [np.cumsum(arc, axis=0) * scale + shift for arc in atlas["arcs"]]
    shapes = atlas["objects"][name]["geometries"]
    rings = [ring for shape in shapes for polygon in _polygons(shape) for ring in polygon[:1]]
    whole = [np.concatenate([_line(lines, arc) for arc in ring]) for ring in rings]
    return [shapely.make_valid(shapely.Polygon(points)) for points in whole if len(points) > 3]


def _polygons(shape: dict[str, Any]) -> list[Any]:
    """Polygons as lists of rings of arcs. Lakes cut out of them are left filled."""
    return [shape["arcs"]] if shape["type"] == "Polygon" else list(shape.get("arcs", []))


def _line(lines: list[NDArray[np.float64]], arc: int) -> NDArray[np.float64]:
    return lines[arc] if arc >= 0 else lines[~arc][::-1]
