"""Where each plant stands: the point that was decided for it, held against its stated county.

The point is decided in data/attributes.csv (`coordinates`): the centre that an inventory confirmed on
satellite images where that is surely the plant, else what was filed, after its corrections. What was
filed is kept beside it, with the distance between the two.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

import polars as pl
from pyproj import Geod

from comingclean.errors import InputError
from comingclean.facilities.county import Counties
from comingclean.sources import ghgrp, sfi

IMAGERY: Final = "centre confirmed on satellite images"
INVENTORY: Final = "from an inventory of plants"
FILED: Final = "as filed"
CORRECTED: Final = "corrected by hand"
POINT: Final = "coordinates"
SPREAD: Final = "coordinate_spread"
_ORDINAL: Final = re.compile(r"(?<=\d)(St|Nd|Rd|Th)\b")
_GEOD: Final = Geod(ellps="WGS84")
_PAIR: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")
_SCHEMA: Final = {
    "facility_id": pl.String,
    "address": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "county": pl.String,
    "county_fips": pl.String,
    "county_distance_km": pl.Float64,
    "coordinate_accuracy": pl.String,
    "coordinate_as_of": pl.Int64,
    "coordinate_spread_km": pl.Float64,
    "filed_latitude": pl.Float64,
    "filed_longitude": pl.Float64,
    "filed_km": pl.Float64,
    "sources": pl.String,
}
Row = dict[str, Any]


def locate(
    registry: pl.DataFrame, filings: pl.DataFrame, counties: Counties, attributes: pl.DataFrame
) -> pl.DataFrame:
    """One row a plant of the registry: its point, what kind of point it is, and its county.

    Degrees of WGS84, kilometres. `filings` are the corrected rows of the GHGRP workbooks, `attributes`
    those of attributes.read, of which a row `coordinates` of another source than the filing goes before
    it. A plant without either stands where the registry says, or nowhere yet.
    Raises InputError for decided coordinates that are no pair of degrees.
    """
    latest = filings.sort("year").group_by("ghgrp_id").last()
    filed = {row["ghgrp_id"]: row for row in latest.iter_rows(named=True)}
    said = {
        (row["facility_id"], row["attribute"]): row
        for row in attributes.filter(pl.col("attribute").is_in([POINT, SPREAD])).iter_rows(named=True)
    }
    rows = [_place(plant, filed, said, counties) for plant in registry.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=_SCHEMA).sort("facility_id")


def _place(
    plant: Row, filed: dict[str, Row], said: dict[tuple[str, str], Row], counties: Counties
) -> Row:
    row = filed.get(plant["program_id"]) if plant["program"] == "ghgrp" else None
    name = plant["facility_id"]
    base = _as_filed(row) if row else _as_decided(plant)
    point = base | _better(base, said.get((name, POINT)))
    spread = said.get((name, SPREAD))
    at = point["latitude"], point["longitude"]
    state = row["state"] if row else plant["state"]
    fips = counties.find(state, row["county"]) if row else _county_around(counties, state, *at)
    return {
        "facility_id": name,
        **point,
        **_county(counties, fips, *at),
        "coordinate_spread_km": float(spread["value"]) if spread else None,
        "filed_km": apart(*at, point["filed_latitude"], point["filed_longitude"]),
        "sources": json.dumps(point["sources"]),
    }


def _as_filed(row: Row) -> Row:
    corrected = json.loads(row["corrected"])
    moved = any(name.endswith(("/latitude", "/longitude")) for name in corrected)
    return {
        "address": _proper(row["address"]),
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "filed_latitude": row["latitude"],
        "filed_longitude": row["longitude"],
        "coordinate_accuracy": CORRECTED if moved else FILED,
        "coordinate_as_of": row["year"],
        "sources": [f"{ghgrp.SOURCE}/{row['year']}#{row['row']}", *corrected],
    }


def _as_decided(plant: Row) -> Row:
    known = plant["latitude"] is not None
    return {
        "address": None,
        "latitude": plant["latitude"],
        "longitude": plant["longitude"],
        "filed_latitude": None,
        "filed_longitude": None,
        "coordinate_accuracy": INVENTORY if known else None,
        "coordinate_as_of": None,
        "sources": [f"facilities/{plant['facility_id']}"],
    }


def _better(base: Row, said: Row | None) -> Row:
    """The decided point, where another source than the filing has it; nothing else changes."""
    if said is None or said["source_id"] == ghgrp.SOURCE:
        return {}
    latitude, longitude = degrees(said)
    return {
        "latitude": latitude,
        "longitude": longitude,
        "coordinate_accuracy": INVENTORY if said["source_id"] == sfi.SOURCE else IMAGERY,
        "coordinate_as_of": said["last_year"],
        "sources": [*base["sources"], said["lineage_id"]],
    }


def degrees(said: Row) -> tuple[float, float]:
    """Latitude and longitude of a row `coordinates`. Raises InputError for what is no such pair."""
    pair = _PAIR.fullmatch(said["value"])
    north, east = (float(pair[1]), float(pair[2])) if pair else (91.0, 181.0)
    if abs(north) > 90 or abs(east) > 180:
        what = f"“{said['value']}” is no latitude and longitude"
        raise InputError(what, "correct the row", file="attributes.csv", row=said["row"])
    return north, east


def apart(*pair: float | None) -> float | None:
    """Geodesic kilometres between two points, None where one is not known."""
    if None in pair:
        return None
    north, east, other_north, other_east = pair
    metres = _GEOD.inv(east, north, other_east, other_north)[2]
    return round(float(metres) / 1000, 3)


def _county_around(
    counties: Counties, state: str, latitude: float | None, longitude: float | None
) -> str | None:
    known = latitude is not None and longitude is not None
    return counties.around(state, latitude, longitude) if known else None  # type: ignore[arg-type]


def _county(
    counties: Counties, fips: str | None, latitude: float | None, longitude: float | None
) -> dict[str, Any]:
    known = fips is not None and latitude is not None and longitude is not None
    distance = counties.distance_km(fips, latitude, longitude) if known else None  # type: ignore[arg-type]
    return {
        "county": counties.name(fips) if fips else None,
        "county_fips": fips,
        "county_distance_km": round(distance, 3) if distance is not None else None,
    }


def _proper(text: str | None) -> str | None:
    """An address in capitals made easy to read; others stay as they are."""
    easy = text.title() if text and text.isupper() else text
    return _ORDINAL.sub(lambda found: found[0].lower(), easy.strip()) if easy else None
