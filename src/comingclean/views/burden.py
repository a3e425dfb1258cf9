"""The toxic air around a plant or a place: how much, who causes it, and how it went."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from comingclean.views import amounts, figures, toxics_data
from comingclean.views.amounts import Amount
from comingclean.views.community import distance, tenths
from comingclean.views.trend import trend

Row = dict[str, Any]
NEAR_MILES: Final = 3.0
PLANT_MILES: Final = (3.0, 10.0)
_PLACE: Final = "place"
_ASIDE: Final = (_PLACE, "own", "facility_id", "weighted_part", "low_part", "high_part")
_KM_PER_MILE: Final = 1.609344
_TREND: Final = ("trend", "trend_low", "trend_high")
_BLANK: Final = ("unweighted_share", "own_share", "own_low", "own_high", *_TREND)


def of_plant(held: Row, lang: str) -> list[Row]:
    """The circles around a plant that has coordinates. `held`: toxics_data.of_plant."""
    if not held["placed"]:
        return []
    made = {"burden": held["burden"], "causes": held["causes"], "newest": held["newest"]}
    return circles(made | {"radii": PLANT_MILES}, held["chemicals"], lang)


def of_place(
    connection: sqlite3.Connection, latitude: float, longitude: float, miles: float, lang: str
) -> list[Row]:
    """The circles of `NEAR_MILES` and `miles` around any place, calculated on request."""
    found = around(connection, latitude, longitude, miles)
    chemicals = toxics_data.named(connection, {row["main_chemical"] for row in found["causes"]})
    return circles(found, chemicals, lang)


def around(connection: sqlite3.Connection, latitude: float, longitude: float, miles: float) -> Row:
    """Rows as in the tables burden and burden_cause for any place, within `NEAR_MILES` and `miles`.

    `burden` lacks a circle and year for which nothing was filed; `newest` is the newest year in hand.
    """
    # Numbers take half a second to load, which a page that needs none must not wait for.
    import polars as pl

    from comingclean import burden
    from comingclean.tables.toxic import TOXIC_SITE, TOXIC_SITE_YEAR

    radii = tuple(sorted({NEAR_MILES, miles}))
    near = toxics_data.around(connection, latitude, longitude, max(radii))
    place = pl.DataFrame({"place": [_PLACE], "latitude": [latitude], "longitude": [longitude]})
    sites = pl.DataFrame(near["sites"], schema=TOXIC_SITE.schema)
    years = pl.DataFrame(near["years"], schema=TOXIC_SITE_YEAR.schema)
    made = burden.around(place, sites, years, near["newest"], radii=radii)
    return {
        "radii": radii,
        "newest": near["newest"],
        "burden": made.years.drop("place").to_dicts(),
        "causes": [_as_cause(row) for row in made.causes.to_dicts()],
    }


def _as_cause(row: Row) -> Row:
    kept = {name: value for name, value in row.items() if name not in _ASIDE}
    return kept | {"plant": row["facility_id"], "sources": []}


def circles(found: Row, chemicals: dict[str, Row], lang: str) -> list[Row]:
    """Rows of burden and burden_cause by radius, each figure written as it is known.

    `found`: radii, newest, burden, causes; `chemicals`: those that causes name, by key.
    """
    made = []
    for miles in found["radii"]:
        rows = [row for row in found["burden"] if row["radius_miles"] == miles]
        if not rows or rows[-1]["year"] != found["newest"]:
            rows = [*rows, _nothing(miles, found["newest"])]
        causes = [row for row in found["causes"] if row["radius_miles"] == miles]
        circle = _circle(rows, [_cause(row, chemicals, lang) for row in causes], lang)
        made.append(circle | {"miles": miles, "within": distance(miles, lang)})
    return made


def _nothing(miles: float, year: int) -> Row:
    """The row of a circle in which nobody filed a release to air for a year."""
    sums = dict.fromkeys(("kilograms", "weighted", "low", "high", "weighted_mn"), 0.0)
    blank = dict.fromkeys(_BLANK)
    return {"radius_miles": miles, "year": year, "facilities": 0, "grade": "D", **sums, **blank}


def _circle(rows: list[Row], causes: list[Row], lang: str) -> Row:
    factor, word = amounts.scale_of(max(row["weighted"] for row in rows))
    drawn = [row for row in rows if row["facilities"]]
    span = [rows[0]["year"], rows[-1]["year"]]
    shown = [_written(row, factor, lang) for row in reversed(rows)]
    return {
        "newest": shown[0] | {"sum": amounts.large(_sum(rows[-1]), lang)},
        "rows": shown,
        "word": word,
        "chart": trend([_point(row, factor) for row in drawn], span, lang) if len(drawn) > 1 else None,
        "trend": _trend(rows[-1], lang),
        "first": rows[0]["year"],
        "causes": causes,
    }


def _sum(row: Row) -> Amount:
    return Amount(row["weighted"], row["low"], row["high"])


def _point(row: Row, factor: float) -> Row:
    value, low, high = (row[name] / factor for name in ("weighted", "low", "high"))
    return {"year": row["year"], "value": value, "low": low, "high": high, "unit": ""}


def _written(row: Row, factor: float, lang: str) -> Row:
    """A year of a circle with its texts: kilograms, bare, weighed, second opinion, own share."""
    bare = row["unweighted_share"]
    own = (row["own_share"], row["own_low"], row["own_high"])
    return row | {
        "kilograms_text": _about(row["kilograms"], lang),
        "bare_text": None if bare is None else figures.written(100 * bare, 0, 1.0, lang),
        "weighed": amounts.text(_sum(row), lang, factor),
        "mn_text": figures.written(row["weighted_mn"], _place_of(row), factor, lang),
        "own": amounts.percent(None if own[0] is None else Amount(*own), lang),
    }


def _about(kilograms: float, lang: str) -> str:
    """To three digits: the sums of the country's file are kept no finer."""
    return figures.figure(kilograms, None, None, 1.0, lang)


def _place_of(row: Row) -> int:
    """The second opinion is written as finely as the first."""
    return figures.decimal_place(row["weighted_mn"], row["low"], row["high"])


def _cause(row: Row, chemicals: dict[str, Row], lang: str) -> Row:
    share = Amount(row["share"], row["share_low"], row["share_high"])
    return row | {
        "percent": amounts.percent(share, lang),
        "miles_text": tenths(row["miles"], lang),
        "km_text": tenths(row["miles"] * _KM_PER_MILE, lang),
        "chemical": toxics_data.called(chemicals[row["main_chemical"]], lang),
    }


def _trend(row: Row, lang: str) -> Row | None:
    """Which way the weighed sum went, and how fast: words, and numbers without their signs.

    Where the interval holds both ways, none is claimed.
    """
    value, low, high = (row[name] for name in _TREND)
    if value is None:
        return None
    way = "none" if low <= 0 <= high else "up" if value > 0 else "down"
    ends = (low, high) if way == "none" else sorted((abs(low), abs(high)))
    texts = [_percent(end, lang) for end in (abs(value), *ends)]
    return {"way": way, **dict(zip(("text", "low_text", "high_text"), texts, strict=True))}


def _percent(number: float, lang: str) -> str:
    """Per cent a year: whole, or the first digit of less than one."""
    place = min(0, amounts.leading(abs(number))) if number else 0
    return figures.written(number, place, 1.0, lang)
