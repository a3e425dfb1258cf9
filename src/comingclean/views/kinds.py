"""What a plant is and where, in the reader's words: route, status, place, and all else on record."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from comingclean.views import figures, query
from comingclean.views.words import say, words

Row = dict[str, Any]
_ASSUMED: Final = " (assumed)"
_PARTS: Final = ("idle", "planned", "retired", "text")
_SHARE: Final = "% owned"
_APART_KM: Final = 0.05  # nearer, the filed point is the same to a tenth of a kilometre
_WORDED: Final = {"route": "route", "status": "status", "status_of_part": "status"}


def said(kind: str, code: str | None, lang: str) -> str | None:
    """A route or a status in words; an assumed one says so, an unknown code stays as it is."""
    if code is None:
        return None
    plain = code.removesuffix(_ASSUMED)
    text = words(lang).get(f"{kind}.{plain}", plain)
    return text if plain == code else say(lang, "kind.supposed", what=text)


def whereabouts(row: Row, lang: str) -> str:
    """City and state of a plant, or that its place is not known yet."""
    known = [part for part in (row["city"], row["state"]) if part]
    return ", ".join(known) if row["city"] else ", ".join([*known, say(lang, "place.unknown")])


def point(facility: Row, lang: str) -> list[str]:
    """What is to know of a plant's coordinates: what they are, how far others are, what was filed."""
    told = [say(lang, f"place.{facility['coordinate_accuracy']}")]
    if facility["coordinate_as_of"]:
        told.append(say(lang, "plant.as_of", year=facility["coordinate_as_of"]))
    if facility["coordinate_spread_km"]:
        told.append(say(lang, "place.spread", km=_km(facility["coordinate_spread_km"], lang)))
    if facility["filed_km"] is not None and facility["filed_km"] >= _APART_KM:
        pair = f"{facility['filed_latitude']:.4f}, {facility['filed_longitude']:.4f}"
        told.append(say(lang, "place.filed", place=pair, km=_km(facility["filed_km"], lang)))
    return told


def _km(number: float, lang: str) -> str:
    return figures.written(number, -1, 1.0, lang)


def attributes(rows: list[Row], lang: str) -> list[Row]:
    """What else is said of a plant, each row with its words: what, value, interval, years, how sure."""
    return [
        row
        | {
            "what": _what(row["attribute"], lang),
            "value_text": _value(row, lang),
            "interval_text": _interval(row, lang),
            "years_text": _years(row, lang),
            "certainty_text": say(lang, f"certainty.{row['certainty']}"),
        }
        for row in rows
    ]


def _what(name: str, lang: str) -> str:
    known = words(lang).get(f"attribute.{name}")
    whole, _, part = name.rpartition("_")
    if known is None and part in _PARTS:
        return say(lang, f"attribute.part.{part}", what=_what(whole, lang))
    return known or name.replace("_", " ")


def _value(row: Row, lang: str) -> str:
    """A number with its unit, a kind in words, a word of a source as it stands."""
    name, value = row["attribute"], str(row["value"])
    if name in _WORDED:
        return str(said(_WORDED[name], value, lang))
    if name == "kiln_as_stated":
        return words(lang).get(f"kiln.{value}", value)
    if name == "products":
        return words(lang).get(f"product.{value}", value)
    if row["unit"] in (None, _SHARE) or not value.isdecimal():
        return value
    return f"{figures.written(float(value), 0, 1.0, lang)} {say(lang, 'unit.' + row['unit'])}"


def _interval(row: Row, lang: str) -> str:
    low, high = row["low"], row["high"]
    if low is None or high is None:
        return ""
    share = row["unit"] == _SHARE
    ends = dict.fromkeys(figures.written(end, -1 if share else 0, 1.0, lang) for end in (low, high))
    text = "–".join(end.removesuffix(",0").removesuffix(".0") for end in ends)
    return say(lang, "attributes.percent", share=text) if share else text


def _years(row: Row, lang: str) -> str:
    first, last = row["first_year"], row["last_year"]
    if last is None:
        return say(lang, "attributes.since", year=first) if first else ""
    return str(last) if first in (None, last) else f"{first}–{last}"


def of_plants(connection: sqlite3.Connection, years: list[int]) -> dict[str, Row]:
    """What the map filters by besides columns, by plant: `companies` that count it, and `history`.

    `history` has route and status as they changed over `years`: pairs of a year and what holds from it
    on. A status that no source states for a year is null.
    """
    found: dict[str, Row] = {
        row["facility_id"]: {"companies": [], "history": {"route": [], "status": []}}
        for row in query.plants(connection)
    }
    for row in query.rows(connection, "select * from facility_year order by facility_id, year"):
        for kind, steps in found[row["facility_id"]]["history"].items():
            if row["year"] in years and (not steps or steps[-1][1] != row[kind]):
                steps.append([row["year"], row[kind]])
    sql = """select distinct facility_id, company_id from ownership
        where counted = 1 order by company_id"""
    for row in query.rows(connection, sql):
        found[row["facility_id"]]["companies"].append(row["company_id"])
    return found


def companies(connection: sqlite3.Connection) -> list[Row]:
    """The companies that count a plant, by name: parents, and owners and others within a group."""
    sql = """select distinct company_id, company.name, basis
        from ownership join company using (company_id) where counted = 1 order by company.name"""
    return query.rows(connection, sql)
