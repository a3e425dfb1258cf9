"""How well each number of a plant is known, and whom to ask: what its own page says of its record."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from comingclean.tables.precision import HOWS, SUBJECTS
from comingclean.views import query

Row = dict[str, Any]
# The columns of the grid, in groups.
GROUPS: Final = {
    "ghg": SUBJECTS[:2],
    "toxics": SUBJECTS[2:6],
    "air": SUBJECTS[6:14],
    "output": SUBJECTS[14:17],
    "place": SUBJECTS[17:],
}
_AIR_REPORT: Final = "https://echo.epa.gov/air-pollutant-report?fid={id}"
VIOLATION: Final = "https://echo.epa.gov/report-environmental-violations"
# A second way of knowing is worth a word when this part of a figure is known so.
_WORTH: Final = 0.05


def of_plant(connection: sqlite3.Connection, facility_id: str) -> Row:
    """How each kind of number of a plant is known, its place on the list, its agency and links."""
    sql = "select * from precision where facility_id = ?"
    found = query.rows(connection, sql, facility_id)
    kinds = {subject: _kind(list(rows)) for subject, rows in _by_subject(found)}
    sql = "select * from monitor_next where kind = 'plant' and place = ?"
    ranked = query.rows(connection, sql, facility_id)
    sql = "select reason from monitor_left_out where facility_id = ?"
    out = query.rows(connection, sql, facility_id)
    return {
        "groups": [
            (name, [(one, kinds[one]) for one in subjects]) for name, subjects in GROUPS.items()
        ],
        "hows": HOWS,
        "monitor": ranked[0] if ranked else None,
        "left_out": out[0]["reason"] if out else None,
        "ranked": query.rows(connection, _COUNT)[0]["n"],
        "agency": agency(connection, facility_id),
        "links": _links(connection, facility_id),
        "violation": VIOLATION,
        "rules": rules(connection),
    }


_COUNT: Final = "select count(*) as n from monitor_next where kind = 'plant'"


def _by_subject(found: list[Row]) -> Iterable[tuple[str, Iterable[Row]]]:
    """Rows by kind of number, in the order of the grid."""
    ordered = sorted(found, key=lambda row: SUBJECTS.index(row["subject"]))
    return groupby(ordered, key=lambda row: row["subject"])


def _kind(rows: list[Row]) -> Row:
    """One kind of number: the main way first, then others that are worth a word."""
    main = next(row for row in rows if row["main"])
    others = [row for row in rows if not row["main"] and (row["share"] or 0) >= _WORTH]
    others.sort(key=lambda row: -row["share"])
    return main | {"others": others}


def rules(connection: sqlite3.Connection) -> dict[str, Row]:
    """Rules that leave gaps and measures that would close them, by name."""
    found = query.rows(connection, "select * from reporting_rule order by role desc, rule")
    return {row["rule"]: row for row in found}


def agency(connection: sqlite3.Connection, facility_id: str) -> Row | None:
    """The agency of a plant's state, with its EPA region; None where no row names one."""
    sql = "select agency.* from agency join facility using (state) where facility_id = ?"
    found = query.rows(connection, sql, facility_id)
    return found[0] if found else None


def _links(connection: sqlite3.Connection, facility_id: str) -> list[Row]:
    """Pages of EPA about a plant, made from its ids: what they show, the id, the address."""
    sql = """select identifier.*, facility.last_year as filed from identifier
    join facility using (facility_id) where facility_id = ? and confidence <> 'possible'
    and program in ('frs', 'ghgrp', 'tri') order by program, program_id"""
    made = []
    for row in query.rows(connection, sql, facility_id):
        known = {"id": row["program_id"], "year": row["filed"]}
        if row["program"] != "ghgrp" or row["filed"]:
            page = query.PROGRAM_PAGES[row["program"]].format(**known)
            name = {"frs": "echo", "ghgrp": "flight", "tri": "tri"}[row["program"]]
            made.append({"what": name, "id": row["program_id"], "url": page})
        if row["program"] == "frs":
            made.append({"what": "air", "id": row["program_id"], "url": _AIR_REPORT.format(**known)})
    order = ("echo", "air", "flight", "tri")
    return sorted(made, key=lambda row: (order.index(row["what"]), row["id"]))


def decoded(row: Row, *columns: str) -> Row:
    """A row with JSON columns as lists."""
    return row | {name: json.loads(row[name]) for name in columns}
