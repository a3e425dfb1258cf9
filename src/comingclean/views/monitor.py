"""Pages on where to monitor next: the nation, one page a state, and what was left out and why."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any, Final

from comingclean.tables.precision import HOWS, PLACES
from comingclean.views import figures, pages, query, record, toxics_data

Row = dict[str, Any]
_KM_PER_MILE: Final = 1.609344
# How much of a list a page shows; all of it is in the data file.
_PLANTS, _AREAS, _OF_STATE, _AREAS_OF_STATE = 40, 15, 8, 3
_PARTS: Final = ("amount", "near", "weakness", "distance")
# What is said of a pollutant that has no figure in hand.
_NOT_IN_HAND: Final = ("nei_not_in_hand", "nei_thresholds")
_REASONS: Final = (
    "stopped",
    "small",
    "idle",
    "no_process",
    "closed",
    "planned",
    "no_filing",
    "no_place",
)


def nation_page(connection: sqlite3.Connection, lang: str) -> str:
    """The national list of plants and areas, how the score is made, and a link for each state."""
    everything = _places(connection, lang)
    parameters = query.rows(connection, "select parameter, value from parameter")
    weights = {row["parameter"]: row["value"] for row in parameters}
    plants = [row for row in everything if row["kind"] == "plant"]
    together = [row for row in everything if row["kind"] == "cluster" and len(row["facilities"]) > 1]
    counties = [row for row in everything if row["kind"] == "county"]
    states = query.rows(connection, _STATES)
    reasons = _left_out(connection)
    return pages.render(
        "monitor.html",
        lang,
        "monitor/",
        plants=plants[:_PLANTS],
        clusters=together[:_AREAS],
        counties=counties[:_AREAS],
        numbers=_numbers(everything),
        weights=[(name, f"{100 * weights[f'monitor_weight_{name}']:.0f}") for name in _PARTS],
        states=states,
        rules=_used(connection, everything),
        reasons=reasons,
        out_of_rank=sum(len(plants) for _, plants in reasons),
        hows=HOWS,
    )


_STATES: Final = """select state, state_name, count(*) as plants from facility
    join agency using (state) join monitor_next on kind = 'plant' and place = facility_id
    group by state order by state_name"""


def state_page(connection: sqlite3.Connection, state: str, lang: str) -> str | None:
    """The plants and areas of a state on one printed page; None for letters that no state has."""
    found = query.rows(connection, "select * from agency where state = ?", state)
    if not found:
        return None
    everything = _places(connection, lang)
    here = [row for row in everything if state in row["states"].split(",")]
    plants = [row for row in here if row["kind"] == "plant"]
    areas = [row for row in here if row["kind"] == "cluster" and len(row["facilities"]) > 1]
    counties = [row for row in here if row["kind"] == "county"]
    shown = [plants[:_OF_STATE], areas[:_AREAS_OF_STATE], counties[:_AREAS_OF_STATE]]
    return pages.render(
        "monitor_state.html",
        lang,
        f"monitor/{state}",
        agency=found[0],
        plants=shown[0],
        areas=shown[1],
        counties=shown[2],
        here=len(plants),
        numbers=_numbers(everything),
        rules=_used(connection, [row for rows in shown for row in rows]),
        reasons=_left_out(connection, state),
        hows=HOWS,
        violation=record.VIOLATION,
    )


def _used(connection: sqlite3.Connection, places: list[Row]) -> dict[str, Row]:
    """The rules that any of these places names, and what is said of pollutants not in hand."""
    used = {row[role] for row in places for role in ("gap", "close")}
    used |= set(_NOT_IN_HAND) if any(row["unknown"] for row in places) else set()
    return {name: row for name, row in record.rules(connection).items() if name in used}


def _left_out(connection: sqlite3.Connection, state: str | None = None) -> list[tuple[str, list[Row]]]:
    """The plants that are not ranked, of a state or of all, by reason and name."""
    found = query.rows(connection, _OUT)
    here = [
        row | {"percent": None if row["part"] is None else round(100 * row["part"])}
        for row in found
        if state in (None, row["state"])
    ]
    here.sort(key=lambda row: (_REASONS.index(row["reason"]), row["name"]))
    return [(reason, list(rows)) for reason, rows in groupby(here, key=lambda row: row["reason"])]


_OUT: Final = (
    "select monitor_left_out.*, name, state from monitor_left_out join facility using (facility_id)"
)


def _numbers(everything: list[Row]) -> dict[str, int]:
    return {kind: sum(row["kind"] == kind for row in everything) for kind in PLACES}


def _places(connection: sqlite3.Connection, lang: str) -> list[Row]:
    """Every place by kind and rank, with its texts."""
    labels = {row["quantity"]: row for row in query.rows(connection, "select * from quantity")}
    sql = """select monitor_next.*, industry, city, state from monitor_next
    left join facility on kind = 'plant' and place = facility_id order by kind, rank"""
    rows = query.rows(connection, sql)
    chemicals = toxics_data.named(connection, {row["chemical"] for row in rows if row["chemical"]})
    found = [_written(row, labels, chemicals, lang) for row in rows]
    plants = query.rows(connection, "select facility_id, name from facility")
    known = {row["facility_id"]: row for row in plants}
    return [row | {"members": [known[one] for one in row["facilities"]]} for row in found]


def _written(row: Row, labels: dict[str, Row], chemicals: dict[str, Row], lang: str) -> Row:
    point = "," if lang == "es" else "."
    what = {"name": labels[row["pollutant"]][f"label_{lang}"], "english": False}
    if row["chemical"]:
        what = toxics_data.called(chemicals[row["chemical"]], lang)
    km = row["monitor_km"]
    return record.decoded(row, "facilities", "unknown") | {
        "what": what["name"].split(" (")[0],
        "english": what["english"],
        "people_text": figures.written(row["people"], _place(row["people"]), 1.0, lang),
        "km_text": _short(km).replace(".", point),
        "miles_text": _short(km / _KM_PER_MILE).replace(".", point),
        "score_text": f"{row['score']:.2f}".replace(".", point),
        "stays_text": f"{100 * row['stays_in_top20']:.0f}",
        "parts": [(name, round(100 * row[name])) for name in _PARTS],
    }


def _short(length: float) -> str:
    return f"{length:.0f}" if length >= 10 else f"{length:.1f}"


def _place(people: float) -> int:
    """Two digits of a number of people."""
    return max(figures.decimal_place(people, None, None) + 1, 0)


def monitor_data(connection: sqlite3.Connection) -> Row:
    """Every place with its score and what was left out of the pages, and the rules."""
    rows = query.rows(connection, "select * from monitor_next order by kind, rank")
    return {
        "places": [record.decoded(row, "facilities", "unknown", "sources") for row in rows],
        "left_out": query.rows(connection, "select * from monitor_left_out order by facility_id"),
        "rules": list(record.rules(connection).values()),
        "agencies": query.rows(connection, "select * from agency order by state"),
    }
