"""Pages on precision: how every number is known, plant by plant, and where to monitor next."""

from __future__ import annotations

import sqlite3
from itertools import accumulate, groupby
from typing import Any, Final

from comingclean.model import INDUSTRIES
from comingclean.model_precision import HOWS, PLACES, SHARES_SQL, SUBJECTS
from comingclean.views import figures, pages, query, record

Row = dict[str, Any]
_UNIVERSE: Final = "2020"
_ALL: Final = "all"
_KM_PER_MILE: Final = 1.609344
# How much of a list a page shows; all of it is in the data file.
_PLANTS, _AREAS, _OF_STATE, _AREAS_OF_STATE = 40, 15, 8, 3
_PARTS: Final = ("amount", "near", "weakness", "distance")
# Below this part of a bar there is no room for a letter.
_ROOM: Final = 0.07
_WHOLE: Final = 0.995


def precision_page(connection: sqlite3.Connection, lang: str) -> str:
    """The shares by industry, and the grid of plants and kinds of number."""
    shares = query.rows(connection, "select * from precision_share where universe = ?", _UNIVERSE)
    plants = _grid(connection)
    states = query.rows(connection, "select distinct state from facility order by state")
    return pages.render(
        "precision.html",
        lang,
        "precision",
        hows=HOWS,
        groups=record.GROUPS,
        industries=INDUSTRIES,
        states=[row["state"] for row in states],
        bars=_bars(shares),
        table=_table(shares, lang),
        facts=_facts(connection, shares, lang),
        plants=plants,
        labels=_labels(connection),
        rules=record.rules(connection),
        sql=SHARES_SQL,
    )


def _labels(connection: sqlite3.Connection) -> dict[str, Row]:
    return {row["quantity"]: row for row in query.rows(connection, "select * from quantity")}


def _grid(connection: sqlite3.Connection) -> list[Row]:
    """Plants by industry, state and name, each with its cells in the order of SUBJECTS."""
    found = query.rows(connection, "select * from precision where main = 1 order by facility_id")
    cells = {
        plant: {row["subject"]: row | {"part": _part(row)} for row in rows}
        for plant, rows in groupby(found, key=lambda row: row["facility_id"])
    }
    plants = query.plants(connection)
    plants.sort(key=lambda row: (INDUSTRIES.index(row["industry"]), row["state"], row["name"]))
    return [row | {"cells": [cells[row["facility_id"]][one] for one in SUBJECTS]} for row in plants]


def _part(row: Row) -> int | None:
    """The main way's per cent of a figure that is known in several ways, else None."""
    return None if row["share"] is None or row["share"] >= _WHOLE else round(100 * row["share"])


def _bars(shares: list[Row]) -> list[tuple[str, dict[str, Row]]]:
    """For each kind of number, by industry: segments of both bars, the surest way first."""
    made: dict[str, dict[str, Row]] = {subject: {} for subject in SUBJECTS}
    for (subject, industry), rows in groupby(sorted(shares, key=_of_kind), key=_of_kind):
        ordered = sorted(rows, key=lambda row: list(HOWS).index(row["how"]))
        made[subject][industry] = {
            "count": _segments(ordered, "share_plants"),
            "amount": _segments(ordered, "share_amount"),
        }
    return list(made.items())


def _of_kind(row: Row) -> tuple[str, str]:
    return row["subject"], row["industry"]


def _segments(rows: list[Row], share: str) -> list[Row]:
    return [
        {
            "how": row["how"],
            "width": round(100 * row[share], 2),
            "percent": round(100 * row[share]),
            "letter": HOWS[row["how"]] if row[share] >= _ROOM else "",
        }
        for row in rows
        if row[share]
    ]


def _table(shares: list[Row], lang: str) -> list[Row]:
    """The shares as rows to read, by industry, kind of number and way."""
    industries = [_ALL, *INDUSTRIES]
    ordered = sorted(
        shares,
        key=lambda row: (
            SUBJECTS.index(row["subject"]),
            industries.index(row["industry"]),
            list(HOWS).index(row["how"]),
        ),
    )
    return [
        row
        | {
            "percent_plants": _percent(row["share_plants"], lang),
            "percent_amount": _percent(row["share_amount"], lang),
        }
        for row in ordered
    ]


def _percent(share: float | None, lang: str) -> str:
    if share is None:
        return ""
    return f"{100 * share:.1f}".replace(".", "," if lang == "es" else ".")


def _facts(connection: sqlite3.Connection, shares: list[Row], lang: str) -> Row:
    """What the head of the page says, in whole per cent."""
    of_all = {(r["subject"], r["how"]): r for r in shares if r["industry"] == _ALL}
    fuel = of_all.get(("ghg_subpart_c", "published_factor"))
    own = of_all.get(("ghg_subpart_c", "plant_factor"))
    judged = of_all.get(("toxicity_weighted_air", "judgement"))
    monitored = of_all.get(("toxicity_weighted_air", "monitored"))
    counted = query.rows(connection, "select sum(reference_2020) as n from facility")[0]["n"]
    last = "select max(year) as year from precision where subject = 'pm25' and year is not null"
    return {
        "n": counted,
        "count": _whole(fuel, "share_plants"),
        "amount": _whole(fuel, "share_amount"),
        "own": _whole(own, "share_amount"),
        "judged": _whole(judged, "share_amount"),
        "few": _few(connection),
        "monitored": _whole(monitored, "share_amount"),
        "year": query.rows(connection, last)[0]["year"],
    }


def _few(connection: sqlite3.Connection) -> int:
    """How many plants hold half of what is judged of toxic air weighed by toxicity."""
    sql = """select amount from precision join facility using (facility_id) where reference_2020 = 1
    and subject = 'toxicity_weighted_air' and how = 'judgement' order by amount desc"""
    amounts = [row["amount"] or 0.0 for row in query.rows(connection, sql)]
    held = list(accumulate(amounts))
    return next((n for n, sum_ in enumerate(held, 1) if 2 * sum_ >= held[-1]), 0)


def _whole(row: Row | None, share: str) -> int:
    return round(100 * (row[share] or 0.0)) if row else 0


def monitor_page(connection: sqlite3.Connection, lang: str) -> str:
    """The national list of plants and areas, how the score is made, and a link for each state."""
    everything = _places(connection, lang)
    parameters = query.rows(connection, "select parameter, value from parameter")
    weights = {row["parameter"]: row["value"] for row in parameters}
    plants = [row for row in everything if row["kind"] == "plant"]
    together = [row for row in everything if row["kind"] == "cluster" and len(row["facilities"]) > 1]
    counties = [row for row in everything if row["kind"] == "county"]
    states = query.rows(connection, _STATES)
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
        rules=record.rules(connection),
        hows=HOWS,
    )


_STATES: Final = """select state, state_name, count(*) as plants from facility
    join agency using (state) join monitor_next on kind = 'plant' and place = facility_id
    group by state order by state_name"""


def monitor_state_page(connection: sqlite3.Connection, state: str, lang: str) -> str | None:
    """The plants and areas of a state on one printed page; None for letters that no state has."""
    found = query.rows(connection, "select * from agency where state = ?", state)
    if not found:
        return None
    everything = _places(connection, lang)
    here = [row for row in everything if state in row["states"].split(",")]
    plants = [row for row in here if row["kind"] == "plant"]
    areas = [row for row in here if row["kind"] == "cluster" and len(row["facilities"]) > 1]
    shown = plants[:_OF_STATE]
    rules = record.rules(connection)
    used = {row[role] for row in [*shown, *areas[:_AREAS_OF_STATE]] for role in ("gap", "close")}
    return pages.render(
        "monitor_state.html",
        lang,
        f"monitor/{state}",
        agency=found[0],
        plants=shown,
        areas=areas[:_AREAS_OF_STATE],
        here=len(plants),
        numbers=_numbers(everything),
        rules={name: row for name, row in rules.items() if name in used},
        hows=HOWS,
        violation=record.VIOLATION,
    )


def _numbers(everything: list[Row]) -> dict[str, int]:
    return {kind: sum(row["kind"] == kind for row in everything) for kind in PLACES}


def _places(connection: sqlite3.Connection, lang: str) -> list[Row]:
    """Every place by kind and rank, with its texts."""
    labels = _labels(connection)
    sql = """select monitor_next.*, chemical.name as chemical_name, industry, city, state
    from monitor_next left join chemical using (chemical)
    left join facility on kind = 'plant' and place = facility_id order by kind, rank"""
    found = [_written(row, labels, lang) for row in query.rows(connection, sql)]
    plants = query.rows(connection, "select facility_id, name from facility")
    known = {row["facility_id"]: row for row in plants}
    return [row | {"members": [known[one] for one in row["facilities"]]} for row in found]


def _written(row: Row, labels: dict[str, Row], lang: str) -> Row:
    point = "," if lang == "es" else "."
    pollutant = labels[row["pollutant"]][f"label_{lang}"]
    what = row["chemical_name"].split(" (")[0] if row["chemical_name"] else pollutant
    km = row["monitor_km"]
    return record.decoded(row, "facilities") | {
        "what": what,
        "people_text": figures.written(row["people"], _place(row["people"]), 1.0, lang),
        "km_text": (f"{km:.0f}" if km >= 10 else f"{km:.1f}").replace(".", point),
        "miles_text": f"{km / _KM_PER_MILE:.1f}".replace(".", point),
        "score_text": f"{row['score']:.2f}".replace(".", point),
        "stays_text": f"{100 * row['stays_in_top20']:.0f}",
        "parts": [(name, round(100 * row[name])) for name in _PARTS],
    }


def _place(people: float) -> int:
    """Two digits of a number of people."""
    return max(figures.decimal_place(people, None, None) + 1, 0)


def precision_data(connection: sqlite3.Connection) -> Row:
    """How every number is known: rows of both tables, what the letters mean, and the statement."""
    rows = query.rows(connection, "select * from precision order by facility_id, subject, how")
    return {
        "letters": HOWS,
        "subjects": SUBJECTS,
        "sql": SHARES_SQL,
        "shares": query.rows(connection, "select * from precision_share"),
        "precision": [record.decoded(row, "sources") for row in rows],
    }


def monitor_data(connection: sqlite3.Connection) -> Row:
    """Every place with its score and what was left out of the pages, and the rules."""
    rows = query.rows(connection, "select * from monitor_next order by kind, rank")
    return {
        "places": [record.decoded(row, "facilities", "sources") for row in rows],
        "rules": list(record.rules(connection).values()),
        "agencies": query.rows(connection, "select * from agency order by state"),
    }
