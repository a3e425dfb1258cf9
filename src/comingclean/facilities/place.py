"""Where each plant stands: the coordinates of its latest filing, held against its stated county."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import polars as pl

from comingclean.facilities.county import Counties

_ORDINAL: Final = re.compile(r"(?<=\d)(St|Nd|Rd|Th)\b")
_SCHEMA: Final = {
    "facility_id": pl.String,
    "address": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "county": pl.String,
    "county_fips": pl.String,
    "county_distance_km": pl.Float64,
    "coordinate_accuracy": pl.String,
    "sources": pl.String,
}


def locate(registry: pl.DataFrame, filings: pl.DataFrame, counties: Counties) -> pl.DataFrame:
    """One row a plant of the registry: place, county, and the distance between them in kilometres.

    `filings` are the corrected rows of the GHGRP workbooks. A plant without one stands where the
    registry says, in the county that holds that point.
    """
    latest = filings.sort("year").group_by("ghgrp_id").last()
    filed = {row["ghgrp_id"]: row for row in latest.iter_rows(named=True)}
    rows = [_place(plant, filed, counties) for plant in registry.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=_SCHEMA).sort("facility_id")


def _place(
    plant: dict[str, Any], filed: dict[str, dict[str, Any]], counties: Counties
) -> dict[str, Any]:
    row = filed.get(plant["program_id"]) if plant["program"] == "ghgrp" else None
    return _as_filed(plant, row, counties) if row else _as_decided(plant, counties)


def _as_filed(plant: dict[str, Any], row: dict[str, Any], counties: Counties) -> dict[str, Any]:
    corrected = json.loads(row["corrected"])
    fips = counties.find(row["state"], row["county"])
    return {
        "facility_id": plant["facility_id"],
        "address": _proper(row["address"]),
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        **_county(counties, fips, row["latitude"], row["longitude"]),
        "coordinate_accuracy": _accuracy(corrected, row["year"]),
        "sources": json.dumps([f"epa_ghgrp/{row['year']}#{row['row']}", *corrected]),
    }


def _accuracy(corrected: list[str], year: int) -> str:
    moved = any(name.endswith(("/latitude", "/longitude")) for name in corrected)
    return "corrected by hand" if moved else f"as filed with EPA for {year}"


def _as_decided(plant: dict[str, Any], counties: Counties) -> dict[str, Any]:
    latitude, longitude = plant["latitude"], plant["longitude"]
    fips = counties.around(plant["state"], latitude, longitude) if latitude is not None else None
    return {
        "facility_id": plant["facility_id"],
        "address": None,
        "latitude": latitude,
        "longitude": longitude,
        **_county(counties, fips, latitude, longitude),
        "coordinate_accuracy": plant["coordinate_source"],
        "sources": json.dumps([f"facilities/{plant['facility_id']}"]),
    }


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
