"""The page on all plants together: are their neighbours poorer, or more often people of colour?"""

from __future__ import annotations

import math
import sqlite3
from itertools import groupby
from typing import Any, Final

from comingclean.model import INDUSTRIES
from comingclean.views import figures, pages, query
from comingclean.views.community import distance
from comingclean.views.words import say, words

Row = dict[str, Any]
# What the page shows; everything else is in the table.
_ASKED: Final = ("people_of_colour", "poverty")
_LEVELS: Final = ("county", "state", "us")
_CLEAR: Final = 0.05
# An overlap of fewer homes in a hundred is not worth a line.
_OVERLAP: Final = 5
_ALWAYS: Final = ("all", *INDUSTRIES)
_POINT: Final = {"en": ".", "es": ","}
_ASSUMED: Final = " (assumed)"


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
        "people_ends": figures.ends(*people, 1.0, lang),
        "near": _whole(one["value"], lang),
        "near_ends": _written(_ends(one["low"], one["high"]), lang),
        "levels": [_difference(levels[level], lang) for level in _LEVELS],
    }


def _label(name: str, lang: str) -> str:
    """The words for a group: all plants, or a route, and whether the route is assumed."""
    if name == "all":
        return say(lang, "equity.group.all")
    plain = name.removesuffix(_ASSUMED)
    label = words(lang).get(f"route.{plain}", plain)
    return label if plain == name else say(lang, "equity.assumed", route=label)


def _difference(row: Row, lang: str) -> Row:
    """How far the neighbours differ from one level, what random homes show, and what is beyond it.

    `sure`: chance hardly makes the excess, and its range as it is written leaves out nought.
    """
    beyond = _ends(row["excess_low"], row["excess_high"])
    clear = beyond is not None and not beyond[0] <= 0 <= beyond[1]
    share = row["overlap"]
    return {
        "level": row["compare"],
        "text": signed(row["difference"], lang),
        "ends": _written(_ends(row["difference_low"], row["difference_high"]), lang),
        "expected": None if row["expected"] is None else signed(row["expected"], lang),
        "excess": None if row["excess"] is None else signed(row["excess"], lang),
        "excess_ends": _written(beyond, lang),
        "p": None if row["p"] is None else f"{row['p']:.3f}".replace(".", _POINT[lang]),
        "overlap": None if share is None or share < _OVERLAP else _whole(share, lang),
        "sure": clear and row["p"] is not None and row["p"] < _CLEAR,
    }


def _ends(low: float | None, high: float | None) -> tuple[int, int] | None:
    """Both ends of a range in whole points, outwards."""
    return None if low is None or high is None else (math.floor(low), math.ceil(high))


def _written(ends: tuple[int, int] | None, lang: str) -> tuple[str, str] | None:
    return None if ends is None else (_whole(ends[0], lang), _whole(ends[1], lang))


def _whole(share: float, lang: str) -> str:
    """Per cent or points, whole: finer than most of the ranges, and all of a column alike."""
    return figures.written(share, 0, 1.0, lang)


def signed(number: float, lang: str) -> str:
    """A whole number with its sign; nought has none."""
    text = _whole(number, lang)
    return f"+{text}" if number > 0 and text != "0" else text
