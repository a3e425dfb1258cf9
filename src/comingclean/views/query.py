"""What views ask of a database: plants, quantities, and all about one plant."""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from math import cos, floor, log10, radians
from typing import Any, Final

from comingclean.errors import InputError

Row = dict[str, Any]
# A degree of latitude is 68.7 to 69.4 miles long.
_MILES_A_DEGREE: Final = 68.5
# Where a program shows a plant; followed only when a reader clicks.
PROGRAM_PAGES: Final = {
    "ghgrp": "https://ghgdata.epa.gov/ghgp/service/facilityDetail/{year}?id={id}&ds=E",
    "frs": "https://echo.epa.gov/detailed-facility-report?fid={id}",
    "tri": "https://enviro.epa.gov/facts/tri/ef-facilities/#/Facility/{id}",
}


_HELD: Final = ("facility_id", "year", "value", "low", "high", "grade", "kind")
# Whom a plant is compared with, or why with nobody.
_COMPARED: Final = ("peers", "why")
_COLUMNS: Final = f"""select {", ".join(_HELD)}, peers, reason as why from value
    left join rank using (facility_id, year, quantity)
    left join unranked using (facility_id, year, quantity)
    where quantity = ? order by facility_id, year"""
_VALUES: Final = """select value.* from value join quantity using (quantity)
    where facility_id = ? order by quantity.sort, year"""
_SITE: Final = """select facility_id, name, industry from facility
    where site_id = ? and facility_id <> ?"""
_ATTRIBUTES: Final = """select * from attribute where facility_id in (?, ?)
    and attribute not in ('coordinates', 'coordinate_spread')
    order by attribute, last_year desc, value"""
_OWNERSHIP: Final = """select ownership.*, name as company from ownership
    join company using (company_id) where facility_id = ?
    order by standing = 'decided' desc, last_year desc, role desc, share desc, company.name"""
# Warnings first, then gaps, then notes.
_FINDINGS: Final = """select * from finding where facility_id = ?
    order by severity = 'warning' desc, severity = 'gap' desc, rule, subject"""
_RESTATEMENTS: Final = """select restatement.* from restatement join quantity using (quantity)
    where facility_id = ? and part = 'boundary' order by year, quantity.sort"""


def rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    """The answer to a question, each row by column name."""
    return [dict(row) for row in connection.execute(sql, values)]


def plants(connection: sqlite3.Connection) -> list[Row]:
    """Every plant, in the order of its name."""
    return rows(connection, "select * from facility order by name, state")


def quantities(connection: sqlite3.Connection) -> list[Row]:
    """The quantities that have a value, in the order that they are shown in."""
    return rows(
        connection,
        """select * from quantity where quantity in (select distinct quantity from value)
        order by sort""",
    )


def years(connection: sqlite3.Connection) -> list[int]:
    """The years that the atlas spans, rising: those with a greenhouse gas report of any plant."""
    sql = "select distinct year from value where quantity = 'ghg_reported' order by year"
    return [row["year"] for row in rows(connection, sql)]


def columns(connection: sqlite3.Connection, quantity: str) -> Row | None:
    """All values of one quantity as columns, by plant and year; None for an unknown quantity."""
    known = rows(connection, "select unit from quantity where quantity = ?", quantity)
    if not known:
        return None
    found = [_short(row) for row in rows(connection, _COLUMNS, quantity)]
    compared = any(row["peers"] or row["why"] for row in found)
    names = _HELD + _COMPARED if compared else _HELD
    held = {name: [row[name] for row in found] for name in names}
    return {"quantity": quantity, "unit": known[0]["unit"], **held}


def _short(row: Row) -> Row:
    """No digit that means nothing: a tenth, or three digits, and two of the width of the interval."""
    width = row["high"] - row["low"]
    places = [1, *(2 - _exponent(row["value"]), 1 - _exponent(width))]
    return row | {end: round(row[end], max(places)) for end in ("value", "low", "high")}


def _exponent(number: float) -> int:
    """The exponent of the leading digit; of zero, 0."""
    return floor(log10(abs(number))) if number else 0


def plant(connection: sqlite3.Connection, facility_id: str) -> Row | None:
    """Everything about one plant, each number with the rows it rests on; None when unknown."""
    found = rows(connection, "select * from facility where facility_id = ?", facility_id)
    return plant_of(connection, found[0]) if found else None


def plant_of(connection: sqlite3.Connection, facility: Row) -> Row:
    """As `plant`, for a row of the table facility."""
    facility_id = facility["facility_id"]
    values = _decoded(rows(connection, _VALUES, facility_id), "sources")
    restatements = _decoded(rows(connection, _RESTATEMENTS, facility_id), "sources")
    findings = _decoded(rows(connection, _FINDINGS, facility_id), "evidence")
    return {
        "facility": facility,
        "site": rows(connection, _SITE, facility["site_id"], facility_id),
        "identifiers": _identifiers(connection, facility),
        "values": values,
        "findings": findings,
        "attributes": rows(connection, _ATTRIBUTES, facility["site_id"], facility_id),
        "ownership": rows(connection, _OWNERSHIP, facility_id),
        "restatements": restatements,
        "quantities": _named(
            connection, "quantity", {row["quantity"] for row in [*values, *restatements]}
        ),
        "methods": _named(connection, "method", {row["method"] for row in values}),
        **_origins(connection, facility, [*values, *restatements], findings),
    }


def _decoded(found: list[Row], column: str) -> list[Row]:
    return [row | {column: json.loads(row[column])} for row in found]


def _identifiers(connection: sqlite3.Connection, facility: Row) -> list[Row]:
    sql = "select * from identifier where facility_id = ? order by program"
    return [
        row | {"url": _page(row, facility["last_year"])}
        for row in rows(connection, sql, facility["facility_id"])
    ]


def _page(identifier: Row, year: int | None) -> str | None:
    page = PROGRAM_PAGES.get(identifier["program"])
    return page.format(id=identifier["program_id"], year=year) if page else None


def _named(connection: sqlite3.Connection, table: str, names: set[str]) -> dict[str, Row]:
    """Rows of a table by its own name column."""
    found = rows(connection, f"select * from {table}")
    return {row[table]: row for row in found if row[table] in names}


def _origins(
    connection: sqlite3.Connection, facility: Row, values: list[Row], findings: list[Row]
) -> Row:
    """The lineage rows that are used, by id, and the cards of their sources, by source."""
    used = {name for row in values for name in row["sources"]}
    used |= {name for row in findings for name in row["evidence"]}
    used |= set(json.loads(facility["sources"]))
    marks = ", ".join("?" * len(used))
    found = rows(connection, f"select * from lineage where lineage_id in ({marks})", *sorted(used))
    cards = {row["source_id"]: row for row in sources(connection)}
    return {
        "lineage": {row["lineage_id"]: row for row in found},
        "sources": {row["source_id"]: cards[row["source_id"]] for row in found},
    }


def sources(connection: sqlite3.Connection) -> list[Row]:
    """Every source card."""
    return rows(connection, "select * from source order by source_id")


def indicators(connection: sqlite3.Connection) -> list[Row]:
    """Every indicator of the people around, in the order that it is shown in."""
    return rows(connection, "select * from indicator order by sort")


def series(connection: sqlite3.Connection, facility_id: str, quantity: str) -> list[Row]:
    """One quantity of one plant, by year."""
    sql = "select * from value where facility_id = ? and quantity = ? order by year"
    return rows(connection, sql, facility_id, quantity)


def emitters(
    connection: sqlite3.Connection, latitude: float, longitude: float, miles: float
) -> list[Row]:
    """Facilities of other industries in a box of degrees that holds a circle, date line or not."""
    high, wide = box(latitude, miles)
    sql = """select * from emitter where abs(latitude - ?) <= ?
        and (abs(longitude - ?) <= ? or abs(longitude - ?) >= ?)"""
    return rows(connection, sql, latitude, high, longitude, wide, longitude, 360 - wide)


def box(latitude: float, miles: float) -> tuple[float, float]:
    """Half the height and half the width, in degrees, of a box that holds a circle around a place."""
    high = miles / _MILES_A_DEGREE
    nearest_the_pole = cos(radians(min(abs(latitude) + high, 90)))
    return high, min(high / max(nearest_the_pole, 1e-9), 180)


def emitter_years(connection: sqlite3.Connection, ghgrp_id: str) -> list[Row]:
    """What a facility of another industry reported, by year."""
    return rows(connection, "select * from emitter_year where ghgrp_id = ? order by year", ghgrp_id)


def community(connection: sqlite3.Connection, facility_id: str) -> list[Row]:
    """Every figure about the people around a plant, by radius and indicator."""
    return rows(
        connection,
        """select community.* from community left join indicator using (indicator)
        where facility_id = ? order by radius_miles, sort""",
        facility_id,
    )


def methods(connection: sqlite3.Connection) -> list[Row]:
    """Every method."""
    return rows(connection, "select * from method order by method")


def find(connection: sqlite3.Connection, text: str) -> Row:
    """The one plant that `text` means: an id of ours or of a program, or a part of its name.

    Raises InputError that lists the choices when it means none or several.
    """
    everyone, wanted = plants(connection), _folded(text)
    exact = [row for row in everyone if text == row["facility_id"] or wanted == _folded(row["name"])]
    ids = rows(connection, "select facility_id from identifier where program_id = ?", text)
    exact += [row for row in everyone if {"facility_id": row["facility_id"]} in ids]
    close = exact or _close(everyone, text)
    if len(close) == 1:
        return close[0]
    raise InputError(f"“{text}” means {_choices(close)}", "use one of these ids, or other words")


def matching(connection: sqlite3.Connection, text: str) -> list[Row]:
    """Plants of whose name, place and owner every word of `text` is a part."""
    return _close(plants(connection), text)


def _close(everyone: list[Row], text: str) -> list[Row]:
    words = _folded(text).split() or [text]  # a text without a letter that we know means no plant
    return [row for row in everyone if all(word in _haystack(row) for word in words)]


def _haystack(row: Row) -> str:
    parts = (row["name"], row["city"], row["state"], row["parent"], row["facility_id"])
    return _folded(" ".join(part for part in parts if part))


def _folded(text: str) -> str:
    """Letters without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c if c.isalnum() else " " if c != "." else "" for c in plain).split())


def _choices(close: list[Row]) -> str:
    if not close:
        return "no plant of the atlas"
    names = ", ".join(row["facility_id"] for row in close[:8])
    more = f" and {len(close) - 8} more" if len(close) > 8 else ""
    return f"{len(close)} plants: {names}{more}"
