"""The people around a plant or a place, each figure written as finely as it is known."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any, Final

from comingclean.views import figures, query
from comingclean.views.words import say

Row = dict[str, Any]
_KM_PER_MILE: Final = 1.609344
_LEVELS: Final = ("county", "state", "us")
_MOST_BELOW: Final = 99


def of_plant(connection: sqlite3.Connection, facility_id: str, lang: str) -> Row:
    """What a plant's page says of its neighbours: circles, and the nearest monitor."""
    found = query.community(connection, facility_id)
    sql = "select * from nearest_monitor join monitor using (site) where facility_id = ?"
    monitors = query.rows(connection, sql, facility_id)
    return {
        "circles": circles(connection, found, lang),
        "monitor": far(monitors[0], lang) if monitors else None,
    }


def far(row: Row, lang: str) -> Row:
    """A row that has `kilometres` with its distance as texts: km_text, miles_text."""
    km = row["kilometres"]
    return row | {"km_text": tenths(km, lang), "miles_text": tenths(km / _KM_PER_MILE, lang)}


def tenths(number: float, lang: str) -> str:
    """A number with one decimal, as a language writes it."""
    return f"{number:.1f}".replace(".", "," if lang == "es" else ".")


def circles(connection: sqlite3.Connection, found: list[Row], lang: str) -> list[Row]:
    """Rows of the table community by radius, each figure written as it is known.

    `reaches`: countries that the circle is the first to reach, or nearly.
    """
    words = {row["indicator"]: row for row in query.indicators(connection)}
    groups = groupby(found, key=lambda row: row["radius_miles"])
    made = [_circle(miles, list(rows), words, lang) for miles, rows in groups]
    told: set[str] = set()
    for circle in made:
        circle["reaches"] = sorted(set(circle["people"]["abroad"].split()) - told)
        told |= set(circle["reaches"])
    return made


def _circle(miles: float, rows: list[Row], words: Row, lang: str) -> Row:
    shown = [_written(row, words[row["indicator"]], lang) for row in rows]
    people = next(row for row in shown if row["indicator"] == "population")
    rest = [row for row in shown if row["indicator"] != "population"]
    return {"miles": miles, "within": distance(miles, lang), "people": people, "figures": rest}


def distance(miles: float, lang: str) -> str:
    """“3 miles (4.8 km)” in a language."""
    n = f"{miles:g}".replace(".", "," if lang == "es" else ".")
    key = "community.miles_1" if miles == 1 else "community.miles_n"
    return say(lang, key, n=n, km=tenths(miles * _KM_PER_MILE, lang))


def _written(row: Row, words: Row, lang: str) -> Row:
    """A row with its texts; what it is held against is written as finely as itself."""
    texts: Row = {"words": words, "text": None, "low_text": None, "high_text": None}
    if row["value"] is not None:
        texts["text"] = here(row, words, lang)
        if row["low"] is not None:
            ends = figures.ends(row["value"], row["low"], row["high"], 1.0, lang)
            texts["low_text"], texts["high_text"] = ends
    for level in _LEVELS:
        there = row[level]
        texts[f"{level}_text"] = None if there is None else beside(there, words, lang)
    return row | texts | {"ratio_text": ratio(row["ratio"], lang), "rank": rank(row["percentile"])}


def here(row: Row, words: Row, lang: str) -> str:
    """The figure of a circle, no finer than its source. `words`: the row of the table indicator."""
    value = row["value"]
    place = figures.decimal_place(value, row["low"], row["high"])
    return figures.written(value, max(place, _coarsest(value, words)), 1.0, lang)


def beside(value: float, words: Row, lang: str) -> str:
    """The mean of a county, state or the country: three digits, and of a share no more than tenths."""
    place = max(figures.decimal_place(value, None, None), _coarsest(value, words))
    return figures.written(value, max(place, -1) if words["unit"] == "%" else place, 1.0, lang)


def _coarsest(value: float, words: Row) -> int:
    """The place of the last digit that the source gives of such a value."""
    finest = -99
    return finest if words["digits"] is None else figures.place_of_digit(value, words["digits"])


def ratio(value: float | None, lang: str) -> str | None:
    """How many times the country's figure, in two digits."""
    if value is None:
        return None
    return figures.written(value, figures.place_of_digit(value, 2), 1.0, lang)


def rank(percentile: float | None) -> str | None:
    """Of a hundred people how many have less, whole; never all of them, nor none."""
    if percentile is None:
        return None
    whole = round(percentile)
    return "<1" if whole < 1 else ">99" if whole > _MOST_BELOW else str(whole)
