"""Counties: their names, their outlines, and how far a point lies from one.

Outlines are those of 2023 (Connecticut in planning regions), from the package that draws the map.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from math import cos, radians
from pathlib import Path
from typing import Any, Final

import shapely
from pyproj import Geod
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

_GEOD: Final = Geod(ellps="WGS84")
_KIND: Final = re.compile(
    r"\b(county|parish|borough|census area|municipality|municipio|planning region)\b"
)
_LONG: Final = {"saint": "st", "sainte": "ste"}

STATE_FIPS: Final = {
    "AL": "01", "AK": "02", "AZ": "04", "AR": "05", "CA": "06", "CO": "08", "CT": "09", "DE": "10",
    "DC": "11", "FL": "12", "GA": "13", "HI": "15", "ID": "16", "IL": "17", "IN": "18", "IA": "19",
    "KS": "20", "KY": "21", "LA": "22", "ME": "23", "MD": "24", "MA": "25", "MI": "26", "MN": "27",
    "MS": "28", "MO": "29", "MT": "30", "NE": "31", "NV": "32", "NH": "33", "NJ": "34", "NM": "35",
    "NY": "36", "NC": "37", "ND": "38", "OH": "39", "OK": "40", "OR": "41", "PA": "42", "RI": "44",
    "SC": "45", "SD": "46", "TN": "47", "TX": "48", "UT": "49", "VT": "50", "VA": "51", "WA": "53",
    "WV": "54", "WI": "55", "WY": "56", "AS": "60", "GU": "66", "MP": "69", "PR": "72", "VI": "78",
}  # fmt: skip


@dataclass(frozen=True)
class Counties:
    """All counties of a TopoJSON atlas with an object `counties` (id = FIPS, properties.name)."""

    atlas: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> Counties:
        """The counties of a TopoJSON file."""
        return cls(json.loads(path.read_text("utf-8")))

    def find(self, state: str, name: str | None) -> str | None:
        """The FIPS code of a county by state and name as filed; None where no one county fits.

        An independent city may share its name with a county: "Roanoke City" is the city, while
        plain "Roanoke" is the county.
        """
        fips, plain = STATE_FIPS.get(state, ""), plain_name(name or "")
        codes = self._codes.get((fips, plain), [])
        if not codes and plain.endswith("city"):
            shared = self._codes.get((fips, plain.removesuffix("city")), [])
            codes = [code for code in shared if _is_city(code)]
        elif len(codes) > 1:
            codes = [code for code in codes if not _is_city(code)]
        return codes[0] if len(codes) == 1 else None

    def around(self, state: str, latitude: float, longitude: float) -> str | None:
        """The FIPS code of the county of a state that is nearest to a point."""
        here = [fips for fips in self._shapes if fips[:2] == STATE_FIPS.get(state)]
        return min(here, key=lambda fips: self.distance_km(fips, latitude, longitude), default=None)

    def name(self, fips: str) -> str:
        """The county's name as the map has it."""
        return str(self._shapes[fips]["properties"]["name"])

    def distance_km(self, fips: str, latitude: float, longitude: float) -> float:
        """Geodesic distance from a point to a county, 0 inside. Kilometres."""
        outline, point = self.outline(fips), Point(longitude, latitude)
        if outline.covers(point):
            return 0.0
        near = shapely.shortest_line(_flat(outline, latitude), _flat(point, latitude)).coords[0]
        scale = _longitude_scale(latitude)
        metres = _GEOD.inv(longitude, latitude, near[0] / scale, near[1])[2]
        return float(metres) / 1000

    def outline(self, fips: str) -> BaseGeometry:
        """The county as longitude and latitude."""
        shape = self._shapes[fips]
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        parts = [[self._ring(arcs) for arcs in polygon] for polygon in polygons]
        # Simplified outlines leave islets of two or three points, which bound nothing.
        solid = [[ring for ring in part if len(ring) >= 4] for part in parts]
        return shapely.make_valid(MultiPolygon([Polygon(p[0], p[1:]) for p in solid if p]))

    def outlines(self, state: str) -> dict[str, BaseGeometry]:
        """The outlines of a state's counties, by FIPS code."""
        here = sorted(fips for fips in self._shapes if fips[:2] == STATE_FIPS[state])
        return {fips: self.outline(fips) for fips in here}

    def _ring(self, arcs: list[int]) -> list[tuple[float, float]]:
        points: list[tuple[float, float]] = []
        for arc in arcs:
            line = self._lines[arc] if arc >= 0 else self._lines[~arc][::-1]
            points += line[1:] if points else line
        return points

    @cached_property
    def _lines(self) -> list[list[tuple[float, float]]]:
        (sx, sy), (tx, ty) = self.atlas["transform"]["scale"], self.atlas["transform"]["translate"]
        lines = []
        for arc in self.atlas["arcs"]:
            x = y = 0
            line = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                line.append((x * sx + tx, y * sy + ty))
            lines.append(line)
        return lines

    @cached_property
    def _shapes(self) -> dict[str, dict[str, Any]]:
        return {shape["id"]: shape for shape in self.atlas["objects"]["counties"]["geometries"]}

    @cached_property
    def _codes(self) -> dict[tuple[str, str], list[str]]:
        codes: dict[tuple[str, str], list[str]] = {}
        for fips, shape in sorted(self._shapes.items()):
            codes.setdefault((fips[:2], plain_name(shape["properties"]["name"])), []).append(fips)
        return codes


def _is_city(fips: str) -> bool:
    """Independent cities have county codes from 510 up."""
    return fips[2:] >= "510"


def plain_name(name: str) -> str:
    """A county's name without kind, accents, case, spaces and the ways to write Saint."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z ]", "", _KIND.sub("", text)).split()
    return "".join(_LONG.get(word, word) for word in words)


def _longitude_scale(latitude: float) -> float:
    return cos(radians(latitude))


def _flat(shape: BaseGeometry, latitude: float) -> BaseGeometry:
    """Degrees of longitude shrunk to the length of degrees of latitude: true enough for 100 km."""
    scale = _longitude_scale(latitude)
    return shapely.transform(shape, lambda points: points * [scale, 1.0])
