"""The report on any place, as a page and as data: who lives around it, and what stands there."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import urlencode

from comingclean.errors import PlaceError
from comingclean.views import burden, figures, pages, query
from comingclean.views.community import circles, distance, far
from comingclean.views.equity import signed
from comingclean.views.words import say, words

Row = dict[str, Any]
# How far one looks around a place who does not say, and within which radii people are counted then.
REACH_MILES: Final = 10.0
RADII: Final = (1.0, 3.0, 5.0, 10.0)
# The circle that a report opens with, where it is one of those asked for.
_FIRST: Final = 3.0
# What states call their counties, where it is another word; independent cities have codes from 510 up.
_KINDS: Final = {"AK": "area", "CT": "region", "DC": "area", "LA": "parish", "PR": "municipio"}
_CITIES: Final = "510"
_FIGURE: Final = ("year", "value", "low", "high", "unit", "grade")


def place_page(connection: sqlite3.Connection, at: str, radii: Sequence[float], lang: str) -> str:
    """The report on a place that is named by ZIP code, city or coordinates, or the question which.

    People are counted within each of `radii` in miles; plants and emitters are told within the widest.
    """
    # Numbers and places take half a second to load, which the map's first answer must not wait for.
    from comingclean.views import around, gazetteer

    spots = gazetteer.meant(at)
    path = f"near?{urlencode(_asked(at, radii))}" if at else "near"
    if len(spots) != 1:
        plants = query.matching(connection, at) if at.strip() else []
        return pages.render("ask.html", lang, path, at=at, spots=spots, plants=plants)
    spot = gazetteer.named(spots[0])
    miles = max(radii)
    found = around.around(connection, spot.latitude, spot.longitude, miles, radii)
    facts = {
        "place": spot,
        "first": _FIRST if _FIRST in radii else miles,
        "radii": ", ".join(f"{one:g}" for one in radii),
        "found": found | {"monitor": found["monitor"] and far(found["monitor"], lang)},
        "why": _why(found, lang),
        "county": _county(found["county"], lang),
        "circles": circles(connection, found["community"], lang),
        "plants": [_neighbour(row, lang) for row in found["plants"]],
        "emitters": [_neighbour(row, lang) for row in found["emitters"]],
        "reach": distance(miles, lang),
        "toxic": _toxic(connection, found, miles, lang),
    }
    return pages.render("place.html", lang, path, **facts)


def _toxic(connection: sqlite3.Connection, found: Row, miles: float, lang: str) -> list[Row]:
    """The toxic air around a place where people were looked for."""
    if not found["community"]:
        return []
    return burden.of_place(connection, found["latitude"], found["longitude"], miles, lang)


def _neighbour(row: Row, lang: str) -> Row:
    """A facility nearby: distance in words, its newest figure, and what became of the first."""
    values = row["values"]
    newest, first = (values[-1], values[0]) if values else (None, None)
    shown = None
    if newest:
        scale = figures.scale_for(newest["value"], newest["unit"], lang)
        shown = pages.written(newest, scale, lang) | {"unit": scale.unit, "year": newest["year"]}
    change = None
    if newest and first and first["year"] < newest["year"] and first["value"] > 0:
        percent = 100 * (newest["value"] / first["value"] - 1)
        change = {"year": first["year"], "text": signed(percent, lang)}
    return far(row, lang) | {"shown": shown, "newest": newest, "change": change}


def _why(found: Row, lang: str) -> str:
    """Why a place cannot be counted, where there is more to say than its status does."""
    country = found["country"] and say(lang, f"country.{found['country']}")
    key = "reason.neighbour_named" if country else f"reason.{found['reason']}"
    return words(lang).get(key, "").format(country=country)


def _county(county: Row | None, lang: str) -> str | None:
    """The county of a place by what its state calls it: a parish, a municipio, a city of its own."""
    if county is None:
        return None
    kind = _KINDS.get(county["state"], "county")
    if county["fips"][2:] >= _CITIES and kind == "county":
        kind = "city"
    return say(lang, f"county.{kind}", county=county["name"], state=county["state"])


def _asked(at: str, radii: Sequence[float]) -> Row:
    """What the address of a report says, so that the other language asks the same."""
    miles = ",".join(f"{one:g}" for one in radii)
    return {"at": at} if tuple(radii) == RADII else {"at": at, "miles": miles}


def spots(text: str) -> list[Row]:
    """Places that a text may become."""
    from comingclean.views import gazetteer

    return [asdict(spot) for spot in gazetteer.find(text)]


def near(connection: sqlite3.Connection, at: str, radii: Sequence[float]) -> Row:
    """All that is known around a place. Raises PlaceError where `at` is no one place."""
    from comingclean.views import around

    return around.around(connection, *_one(at), max(radii), radii)


def blocks(connection: sqlite3.Connection, at: str, miles: float) -> Row:
    """The block groups around a place. Raises PlaceError where it is none that can be counted."""
    from comingclean.views import around

    return around.blocks(connection, *_counted(connection, at), miles)


def emitters(connection: sqlite3.Connection, at: str, miles: float) -> list[Row]:
    """Facilities of all other industries around a place with their newest figure. Raises as above."""
    from comingclean.views import around

    place = _counted(connection, at)
    return [_newest(row) for row in around.emitters(connection, *place, miles)]


def toxic_air(connection: sqlite3.Connection, at: str, miles: float) -> Row:
    """The toxic air around a place by radius and year, and who causes it. Raises as above."""
    return burden.around(connection, *_counted(connection, at), miles)


def _newest(row: Row) -> Row:
    """A facility with the last of its values in place of all of them, None where it has none."""
    last = row["values"][-1] if row["values"] else dict.fromkeys(_FIGURE)
    plain = {name: value for name, value in row.items() if name != "values"}
    return plain | {name: last[name] for name in _FIGURE}


def _one(at: str) -> tuple[float, float]:
    """The one place that a text means. Raises PlaceError with the choices where it means several."""
    from comingclean.views import gazetteer

    spots = gazetteer.meant(at)
    if len(spots) == 1:
        return spots[0].latitude, spots[0].longitude
    if spots:
        mend = "name one of the choices, or another by its state"
        raise PlaceError(f"“{at}” may mean several places", mend, choices=[s.label for s in spots])
    mend = "give a ZIP code such as 46402, a city with its state, or coordinates such as 41.61,-87.33"
    raise PlaceError(f"“{at}” is no place", mend)


def _counted(connection: sqlite3.Connection, at: str) -> tuple[float, float]:
    """The one place that a text means, where people are looked for. Raises PlaceError for another."""
    from comingclean.views import around

    place = _one(at)
    wrong = around.verdict(connection, *place)
    if wrong.word:
        meant = wrong.mend and f"{wrong.mend[0]:g},{wrong.mend[1]:g}"
        mend = f"write {meant}" if meant else "name a place in the United States or Puerto Rico"
        raise PlaceError(f"{wrong.word}: {wrong.sentence}", mend, status=wrong.word)
    return place
