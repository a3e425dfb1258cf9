"""Outlines of counties, coasts, lakes and neighbouring countries, simplified as maps have them."""

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
from comingclean.proximity.earth import METRES_PER_MILE, Floats

Yes = NDArray[np.bool_]
Texts = NDArray[np.str_]

_RADIUS: Final = 6_371_000.0
# Of a rim so many corners are one piece of the search: few enough that most pieces are never measured.
_CORNERS: Final = 16


@dataclass(frozen=True, eq=False)
class Outlines:
    """Shapes in degrees, longitude first.

    `foreign`: polygons of other countries and of islands that the census file leaves out, `country`
    the three letters of each. `rims`: their rims in pieces, on a map that keeps angles, so that the
    nearest there is the nearest on the ground; `of_rim`: the three letters of each piece.
    """

    counties: shapely.STRtree
    lands: shapely.STRtree
    lakes: shapely.STRtree
    foreign: shapely.STRtree
    country: Texts
    rims: shapely.STRtree
    of_rim: Texts


@lru_cache(maxsize=1)
def outlines() -> Outlines:
    """The outlines that the package ships, which take half a second to read."""
    counties = shapely.STRtree(_shapes(paths.counties(), "counties")[0])
    lands, lakes = (
        shapely.STRtree(_shapes(paths.lands(), name)[0]) for name in ("land", "great-lakes")
    )
    return Outlines(counties, lands, lakes, *_abroad(*_shapes(paths.abroad(), "abroad")))


def _abroad(
    shapes: list[BaseGeometry], names: list[str]
) -> tuple[shapely.STRtree, Texts, shapely.STRtree, Texts]:
    shapely.prepare(shapes)
    pieces = [_pieces(shape) for shape in shapes]
    rims = [piece for several in pieces for piece in several]
    of_rim = np.repeat(names, [len(several) for several in pieces])
    return shapely.STRtree(shapes), np.array(names), shapely.STRtree(rims), of_rim


def _pieces(shape: BaseGeometry) -> list[BaseGeometry]:
    """The rim of a shape in pieces of a few corners, on Mercator's map of radius 1."""
    flat: list[BaseGeometry] = []
    for part in (part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"):
        corners = shapely.get_coordinates(shapely.get_exterior_ring(part))
        on_map = np.stack(_mercator(corners[:, 1], corners[:, 0]), axis=1)
        starts = range(0, len(on_map) - 1, _CORNERS)
        flat += [shapely.LineString(on_map[start : start + _CORNERS + 1]) for start in starts]
    return flat


def _mercator(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    return np.radians(longitude), np.arcsinh(np.tan(np.radians(latitude)))


def near_county(latitude: Floats, longitude: Floats, degrees: float | Floats) -> Yes:
    """Which places lie within so many degrees of any county."""
    points = shapely.points(longitude, latitude)
    found = outlines().counties.query(points, predicate="dwithin", distance=degrees)
    return _met(found, latitude.size)


def circles_near_county(latitude: Floats, longitude: Floats, miles: Floats) -> Yes:
    """Which circles, places by radii, may meet a county: all that do, and some that nearly do."""
    degrees = np.degrees(miles * METRES_PER_MILE / _RADIUS)
    # The shortest degree there is one of longitude.
    wide = 1 / np.cos(np.radians(latitude))
    met = [near_county(latitude, longitude, wide * reach) for reach in degrees.tolist()]
    return np.stack(met, axis=1) if met else np.zeros((latitude.size, 0), dtype=bool)


def on_land(latitude: Floats, longitude: Floats) -> Yes:
    """Which places lie on North America's land and in none of the Great Lakes."""
    points = shapely.points(longitude, latitude)
    land, lake = (
        _met(tree.query(points, predicate="intersects"), latitude.size)
        for tree in (outlines().lands, outlines().lakes)
    )
    return land & ~lake


def country_of(latitude: Floats, longitude: Floats) -> Texts:
    """The three letters of the other country or island that each place lies in; empty for none."""
    here = outlines()
    place, shape = here.foreign.query(shapely.points(longitude, latitude))
    inside = shapely.contains_xy(here.foreign.geometries[shape], longitude[place], latitude[place])
    names = np.full(latitude.size, "", dtype="U3")
    names[place[inside]] = here.country[shape[inside]]
    return names


def nearest_country(latitude: Floats, longitude: Floats, metres: float) -> tuple[Texts, Floats]:
    """The three letters of the nearest country within `metres`, and how many metres away its rim is.

    Empty and infinite where there is none. A per cent or so is as near as the map tells at 50 miles.
    """
    here = outlines()
    names, far = np.full(latitude.size, "", dtype="U3"), np.full(latitude.size, np.inf)
    if not latitude.size:
        return names, far
    scale = _RADIUS * np.cos(np.radians(latitude))
    points = shapely.points(*_mercator(latitude, longitude))
    widest = metres / float(scale.min())
    (place, rim), apart = here.rims.query_nearest(
        points, max_distance=widest, return_distance=True, all_matches=False
    )
    found = apart * scale[place]
    close = found <= metres
    names[place[close]], far[place[close]] = here.of_rim[rim[close]], found[close]
    return names, far


def _met(pairs: NDArray[np.int64], size: int) -> Yes:
    """Which points are in any of the pairs of point and shape that a search found."""
    met = np.zeros(size, dtype=bool)
    met[pairs[0]] = True
    return met


def _shapes(file: Path, name: str) -> tuple[list[BaseGeometry], list[str]]:
    """The polygons of one object of a TopoJSON file, and the id of the shape that each is part of."""
    atlas = json.loads(file.read_text("utf-8"))
    scale, shift = np.array(atlas["transform"]["scale"]), np.array(atlas["transform"]["translate"])
    lines = [np.cumsum(arc, axis=0) * scale + shift for arc in atlas["arcs"]]
    shapes = atlas["objects"][name]["geometries"]
    rings = [(shape.get("id", ""), p[0]) for shape in shapes for p in _polygons(shape)]
    whole = [(key, np.concatenate([_line(lines, arc) for arc in ring])) for key, ring in rings]
    kept = [(key, points) for key, points in whole if len(points) > 3]
    made = [shapely.make_valid(shapely.Polygon(points)) for _, points in kept]
    return made, [key for key, _ in kept]


def _polygons(shape: dict[str, Any]) -> list[Any]:
    """Polygons as lists of rings of arcs. Lakes cut out of them are left filled."""
    return [shape["arcs"]] if shape["type"] == "Polygon" else list(shape.get("arcs", []))


def _line(lines: list[NDArray[np.float64]], arc: int) -> NDArray[np.float64]:
    return lines[arc] if arc >= 0 else lines[~arc][::-1]
