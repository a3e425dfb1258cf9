"""Pages on who lives near what: the report on any place, and the neighbours of all plants together."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from comingclean.model import INDUSTRIES
from comingclean.views import burden, figures, pages, query
from comingclean.views.access import REACH_MILES
from comingclean.views.community import circles, distance, far
from comingclean.views.words import say, words

Row = dict[str, Any]
# What the page on equity shows; everything else is in the table.
_ASKED: Final = ("people_of_colour", "poverty")
_LEVELS: Final = ("county", "state", "us")
_CLEAR: Final = 0.05
_ALWAYS: Final = ("all", *INDUSTRIES)
_POINT: Final = {"en": ".", "es": ","}
_ASSUMED: Final = " (assumed)"
# What states call their counties, where it is another word; independent cities have codes from 510 up.
_KINDS: Final = {"AK": "area", "CT": "region", "DC": "area", "LA": "parish", "PR": "municipio"}
_CITIES: Final = "510"
_FIGURE: Final = ("year", "value", "low", "high", "unit", "grade")


def place_page(connection: sqlite3.Connection, at: str, miles: float, lang: str) -> str:
    """The report on a place that is named by ZIP code, city or coordinates, or the question which."""
    # Numbers and places take half a second to load, which the map's first answer must not wait for.
    from comingclean.views import around, gazetteer

    spots = gazetteer.meant(at)
    path = f"near?{urlencode(_asked(at, miles))}" if at else "near"
    if len(spots) != 1:
        return pages.render("ask.html", lang, path, at=at, spots=spots)
    spot = spots[0]
    found = around.around(connection, spot.latitude, spot.longitude, miles)
    facts = {
        "place": spot,
        "found": found | {"monitor": found["monitor"] and far(found["monitor"], lang)},
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
        change = {"year": first["year"], "text": _signed(percent, lang)}
    return far(row, lang) | {"shown": shown, "newest": newest, "change": change}


def _county(county: Row | None, lang: str) -> str | None:
    """The county of a place by what its state calls it: a parish, a municipio, a city of its own."""
    if county is None:
        return None
    kind = _KINDS.get(county["state"], "county")
    if county["fips"][2:] >= _CITIES and kind == "county":
        kind = "city"
    return say(lang, f"county.{kind}", county=county["name"], state=county["state"])


def _asked(at: str, miles: float) -> Row:
    """What the address of a report says, so that the other language asks the same."""
    return {"at": at} if miles == REACH_MILES else {"at": at, "miles": f"{miles:g}"}


def spots(text: str) -> list[Row]:
    """Places that a text may become."""
    from comingclean.views import gazetteer

    return [asdict(spot) for spot in gazetteer.find(text)]


def near(connection: sqlite3.Connection, at: str, miles: float) -> Row | None:
    """All that is known around a place; None where `at` is no one place."""
    from comingclean.views import around

    place = _one(at)
    return around.around(connection, *place, miles) if place else None


def blocks(connection: sqlite3.Connection, at: str, miles: float) -> Row | None:
    """The block groups around a place; None where `at` is no one place on Earth."""
    from comingclean.views import around

    place = _on_earth(at)
    return around.blocks(connection, *place, miles) if place else None


def emitters(connection: sqlite3.Connection, at: str, miles: float) -> list[Row] | None:
    """Facilities of all other industries around a place with their newest figure; None as above."""
    from comingclean.views import around

    place = _on_earth(at)
    return [_newest(row) for row in around.emitters(connection, *place, miles)] if place else None


def toxic_air(connection: sqlite3.Connection, at: str, miles: float) -> Row | None:
    """The toxic air around a place by radius and year, and who causes it; None as above."""
    place = _on_earth(at)
    return burden.around(connection, *place, miles) if place else None


def _newest(row: Row) -> Row:
    """A facility with the last of its values in place of all of them, None where it has none."""
    last = row["values"][-1] if row["values"] else dict.fromkeys(_FIGURE)
    plain = {name: value for name, value in row.items() if name != "values"}
    return plain | {name: last[name] for name in _FIGURE}


def _one(at: str) -> tuple[float, float] | None:
    from comingclean.views import gazetteer

    spots = gazetteer.meant(at)
    return (spots[0].latitude, spots[0].longitude) if len(spots) == 1 else None


def _on_earth(at: str) -> tuple[float, float] | None:
    place = _one(at)
    return place if place and abs(place[0]) <= 90 and abs(place[1]) <= 180 else None


def equity_page(connection: sqlite3.Connection, lang: str) -> str:
    """Are the neighbours of many plants poorer, or more often people of colour?"""
    sql = """select equity.* from equity join indicator using (indicator)
        order by radius_miles desc, sort, n_plants desc, plants"""
    asked = [row for row in query.rows(connection, sql) if row["indicator"] in _ASKED]
    named = {row["indicator"]: row for row in query.indicators(connection)}
    tables = [
        {"miles": distance(miles, lang), "words": named[name], "groups": _groups(list(part), lang)}
        for (miles, name), part in groupby(asked, key=lambda r: (r["radius_miles"], r["indicator"]))
    ]
    method = query.rows(connection, "select * from method where method = ?", "equity_random_homes")
    return pages.render("neighbours.html", lang, "neighbours", tables=tables, method=method[0])


def _groups(rows: list[Row], lang: str) -> list[Row]:
    """One row a group of plants: all of them, each industry, and the routes that allow a range.

    A group of whose neighbours too little is known is left out.
    """
    groups = [(name, list(part)) for name, part in groupby(rows, key=lambda row: row["plants"])]
    shown = [
        (name, part)
        for name, part in groups
        if (name in _ALWAYS or part[0]["low"] is not None)
        and all(row["difference"] is not None for row in part)
    ]
    shown.sort(key=lambda group: _ALWAYS.index(group[0]) if group[0] in _ALWAYS else len(_ALWAYS))
    return [_group(name, {row["compare"]: row for row in part}, lang) for name, part in shown]


def _group(name: str, levels: Row, lang: str) -> Row:
    one = levels["county"]
    people = (one["people"], one["people_low"], one["people_high"])
    return {
        "industry": name if name in INDUSTRIES else None,
        "label": _label(name, lang),
        "n": one["n_plants"],
        "people": figures.figure(*people, 1.0, lang),
        "near": _whole(one["value"], lang),
        "levels": [_difference(levels[level], lang) for level in _LEVELS],
    }


def _label(name: str, lang: str) -> str:
    """The words for a group: all plants, or a route, and whether the route is assumed."""
    if name == "all":
        return say(lang, "equity.group.all")
    plain = name.removesuffix(_ASSUMED)
    label = words(lang).get(f"route.{plain}", plain)
    return label if plain == name else say(lang, "equity.assumed", route=label)


def _whole(share: float, lang: str) -> str:
    """Per cent or points, whole: finer than most of the ranges, and all of a column alike."""
    return figures.written(share, 0, 1.0, lang)


def _signed(number: float, lang: str) -> str:
    """A whole number with its sign; nought has none."""
    text = _whole(number, lang)
    return f"+{text}" if number > 0 and text != "0" else text


def _difference(row: Row, lang: str) -> Row:
    """How far the neighbours differ from one level, with its sign, range and chance."""
    low, high = row["difference_low"], row["difference_high"]
    chance = None if row["p"] is None else f"{row['p']:.3f}".replace(".", _POINT[lang])
    return {
        "text": _signed(row["difference"], lang),
        "low_text": None if low is None else _whole(low, lang),
        "high_text": None if high is None else _whole(high, lang),
        "p": chance,
        "sure": row["p"] is not None and row["p"] < _CLEAR,
    }
