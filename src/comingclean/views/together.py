"""Everyone near any of some plants, each counted once: a page, and the same as data."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from comingclean.views import figures, pages
from comingclean.views.community import circles
from comingclean.views.fenceline import RADII

Row = dict[str, Any]
_FIRST: Final = 3.0
_POPULATION: Final = "population"
_PLANT: Final = ("facility_id", "name", "industry", "city", "state", "latitude", "longitude")


def of_plants(
    connection: sqlite3.Connection, plants: Sequence[str], radii: Sequence[float]
) -> Row | None:
    """Everyone within each of `radii` miles of any plant; None where one is not of the atlas."""
    # Numbers take half a second to load, which the map's first answer must not wait for.
    from comingclean.views import many

    found = many.together(connection, plants, radii)
    if found is None:
        return None
    short = {
        group: [{name: row[name] for name in _PLANT} for row in found[group]]
        for group in ("plants", "unplaced")
    }
    return found | short


def together_page(
    connection: sqlite3.Connection, plants: Sequence[str], radii: Sequence[float], lang: str
) -> str | None:
    """The page on people near any of the plants; None where one is not of the atlas."""
    found = of_plants(connection, plants, radii)
    if found is None:
        return None
    miles = {} if tuple(radii) == RADII else {"miles": ",".join(f"{one:g}" for one in radii)}
    path = f"near?{urlencode({'plants': ','.join(plants)} | miles, safe=',')}"
    facts = {
        "plants": found["plants"],
        "unplaced": found["unplaced"],
        "asked": ",".join(plants),
        "circles": circles(connection, found["community"], lang),
        "sums": _sums(found["community"], lang),
        "first": _FIRST if _FIRST in radii else max(radii),
        "radii": ", ".join(f"{one:g}" for one in radii),
    }
    return pages.render("together.html", lang, path, **facts)


def _sums(rows: list[Row], lang: str) -> dict[float, str]:
    """By radius, what the plants' circles hold when added up, as finely as the count of all."""
    return {
        row["radius_miles"]: figures.written(
            row["sum"], figures.decimal_place(row["value"], row["low"], row["high"]), 1.0, lang
        )
        for row in rows
        if row["indicator"] == _POPULATION
    }
