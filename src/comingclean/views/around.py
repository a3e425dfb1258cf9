"""What surrounds a place: its people, the plants of the atlas, other emitters, who measures the air."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final

import numpy as np
import polars as pl
from pyproj import Geod

from comingclean import digest, paths, proximity
from comingclean.errors import InputError
from comingclean.neighbourhood import Neighbourhood
from comingclean.tables.release import PEOPLE
from comingclean.views import query

Row = dict[str, Any]
MILES: Final = (1.0, 3.0, 5.0, 10.0)
# Where nothing stands within reach, this many of the nearest plants are told all the same.
_NEAREST: Final = 3
_GEOD: Final = Geod(ellps="WGS84")
_METRES_PER_MILE: Final = 1609.344
_DIRECTIONS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
_AT_SEA: Final = "at sea"
# Words of the engine for a place where people were looked for.
_COUNTED: Final = ("ok", "sparse", "no one counted")
_PLACE: Final = "place"
# The people around, as the last few databases speak of them; read once though many may ask at a time.
_HELD: Final[OrderedDict[str, Neighbourhood]] = OrderedDict()
_HELD_MOST: Final = 2
_READING: Final = Lock()


def around(
    connection: sqlite3.Connection,
    latitude: float,
    longitude: float,
    miles: float,
    radii: Sequence[float] = MILES,
) -> Row:
    """All that is known around a place; `miles` is how far plants and emitters are looked for.

    `status` is the engine's word for the place: “ok” where people were looked for, on land. Where it is
    another, `message` says why, `reason` the same as a word, and `mend` which place may be meant; where
    nothing can be counted the rest is empty. `community` has the rows of that table for each of `radii`
    in miles; `plants`, `emitters` and `monitor` come by distance, with miles, kilometres, bearing and
    direction from the place.
    """
    people = neighbourhood(connection)
    site = proximity.one_site(f"{latitude},{longitude}")
    asked = proximity.near(site, np.array(radii), people.layer)
    standing = _standing(asked, site, people)
    row = {"latitude": latitude, "longitude": longitude, "miles": miles, **standing}
    if standing["status"] not in ("ok", _AT_SEA):
        return row | {"county": None, "community": [], "plants": [], "emitters": [], "monitor": None}
    county = people.county(latitude, longitude)
    near = _community(people, latitude, longitude, county["fips"] if county else None, radii)
    return row | {
        "county": county,
        "community": near if standing["status"] == "ok" else _ashore(near, asked),
        "plants": _plants(connection, latitude, longitude, miles),
        "emitters": emitters(connection, latitude, longitude, miles),
        "monitor": _monitor(connection, latitude, longitude),
    }


def verdict(connection: sqlite3.Connection, latitude: float, longitude: float) -> proximity.Verdict:
    """What is wrong with a place; at sea nothing is, for people ashore are looked for."""
    site = proximity.one_site(f"{latitude},{longitude}")
    (found,) = proximity.verdicts(site, neighbourhood(connection).layer)
    return proximity.Verdict() if found.word == _AT_SEA else found


def _standing(asked: pl.DataFrame, site: proximity.Sites, people: Neighbourhood) -> Row:
    """How the engine judges the place: its word, its reason, and what the widest circle reaches."""
    first, widest = asked.row(0, named=True), asked.sort("miles").row(-1, named=True)
    reach = {"states": widest["states"], "abroad": widest["abroad"] or ""}
    if first["status"] in _COUNTED:
        return {"status": "ok", "message": None, "reason": "", "mend": None, "country": "", **reach}
    (verdict,) = proximity.verdicts(site, people.layer)
    told = {"message": verdict.sentence, "reason": verdict.reason, "mend": verdict.mend}
    return {"status": first["status"], **told, "country": verdict.country, **reach}


def _ashore(near: list[Row], asked: pl.DataFrame) -> list[Row]:
    """Rows around a place at sea; where a circle holds open water alone, nobody lives for sure."""
    high = dict(zip(asked["miles"], asked["high"], strict=True))
    empty = {miles for miles, most in high.items() if most == 0}
    return [row | {"high": 0.0} if row["radius_miles"] in empty else row for row in near]


def warm(connection: sqlite3.Connection) -> None:
    """Read beforehand all that a report needs, by making one of the first plant."""
    place = query.rows(connection, "select * from facility where latitude is not null limit 1")[0]
    around(connection, place["latitude"], place["longitude"], MILES[0])


def neighbourhood(connection: sqlite3.Connection) -> Neighbourhood:
    """The people of the snapshot that is shipped, in the words and with the parameters of a database.

    Read on first use, which takes a second. Raises InputError when the database was made with others.
    """
    words = query.indicators(connection)
    found = query.rows(connection, "select parameter, value, unit from parameter")
    made = query.rows(connection, "select value from release where part = ?", PEOPLE)[0]["value"]
    key = digest.of([str(paths.snapshot()), made, repr(words), repr(found)])
    with _READING:
        if key not in _HELD:
            _HELD[key] = _read(words, found, made)
        _HELD.move_to_end(key)
        while len(_HELD) > _HELD_MOST:
            _HELD.popitem(last=False)
        return _HELD[key]


def _read(words: list[Row], parameters: list[Row], made: str) -> Neighbourhood:
    snapshot = paths.snapshot()
    if digest.people(snapshot) != made:
        what = "the database was made with other people around than this installation has"
        mend = "make it again with comingclean build, or use the release that made it"
        raise InputError(what, mend)
    shares = {row["parameter"]: row["value"] / (100 if row["unit"] == "%" else 1) for row in parameters}
    return Neighbourhood.read(snapshot, pl.DataFrame(words), shares)


def _community(
    people: Neighbourhood,
    latitude: float,
    longitude: float,
    county: str | None,
    radii: Sequence[float],
) -> list[Row]:
    place = pl.DataFrame(
        {
            "facility_id": [_PLACE],
            "latitude": [latitude],
            "longitude": [longitude],
            "county_fips": [county],
        },
        schema_overrides={"county_fips": pl.String},
    )
    return people.community(place, np.array(radii)).drop("facility_id").to_dicts()


def _plants(
    connection: sqlite3.Connection, latitude: float, longitude: float, miles: float
) -> list[Row]:
    """Plants of the atlas within reach with their newest and first figure, else the nearest few."""
    found = _by_distance(query.plants(connection), latitude, longitude)
    near = [row for row in found if row["miles"] <= miles] or found[:_NEAREST]
    return [
        row | {"values": query.series(connection, row["facility_id"], "ghg_scope1")} for row in near
    ]


def emitters(
    connection: sqlite3.Connection, latitude: float, longitude: float, miles: float
) -> list[Row]:
    """Facilities of other industries within reach, nearest first, with what each reported by year."""
    boxed = query.emitters(connection, latitude, longitude, miles)
    near = [row for row in _by_distance(boxed, latitude, longitude) if row["miles"] <= miles]
    return [row | {"values": query.emitter_years(connection, row["ghgrp_id"])} for row in near]


def _monitor(connection: sqlite3.Connection, latitude: float, longitude: float) -> Row | None:
    found = _by_distance(query.rows(connection, "select * from monitor"), latitude, longitude)
    return found[0] if found else None


def _by_distance(found: list[Row], latitude: float, longitude: float) -> list[Row]:
    """Rows that have coordinates, with how far and where they are, nearest first."""
    placed = [row for row in found if row["latitude"] is not None and row["longitude"] is not None]
    if not placed:
        return []
    size = len(placed)
    bearing, _, metres = _GEOD.inv(
        [longitude] * size,
        [latitude] * size,
        [row["longitude"] for row in placed],
        [row["latitude"] for row in placed],
    )
    far = [
        row
        | {
            "miles": length / _METRES_PER_MILE,
            "kilometres": length / 1000,
            "bearing": angle % 360,
            "direction": _DIRECTIONS[round(angle % 360 / 45) % 8],
        }
        for row, angle, length in zip(placed, bearing, metres, strict=True)
    ]
    return sorted(far, key=lambda row: row["miles"])


def blocks(connection: sqlite3.Connection, latitude: float, longitude: float, miles: float) -> Row:
    """The block groups that a circle holds, as columns, to be drawn: discs with every indicator.

    `radius_m`: of the disc that stands for a block group; `share`: how much of it the circle holds. Of
    who lives where few do nothing is said: those indicators are empty.
    """
    people = neighbourhood(connection)
    found = people.pairs(np.array([latitude]), np.array([longitude]), np.array([miles]))
    held = people.people
    indicators = {
        name: [None if np.isnan(v) else round(float(v), 3) for v in people.shown(k, found.row)]
        for k, name in enumerate(people.table.names)
    }
    return {
        "latitude": held.latitude[found.row].round(5).tolist(),
        "longitude": held.longitude[found.row].round(5).tolist(),
        "radius_m": held.radius[found.row].round().tolist(),
        "share": found.share.round(3).tolist(),
        "block_group": people.table.ids[found.row].tolist(),
        "population": held.population[found.row].tolist(),
        "indicators": indicators,
    }
