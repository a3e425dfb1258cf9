"""The page on precision: how every number is known, by industry and plant by plant."""

from __future__ import annotations

import sqlite3
from itertools import accumulate, groupby
from typing import Any, Final

from comingclean.model import INDUSTRIES
from comingclean.tables.precision import HOWS, SHARES_SQL, SUBJECTS
from comingclean.views import pages, query, record

Row = dict[str, Any]
_UNIVERSE: Final = "2020"
_ALL: Final = "all"
# Below this part of a bar there is no room for a letter.
_ROOM: Final = 0.07
_WHOLE: Final = 0.995


def precision_page(connection: sqlite3.Connection, lang: str) -> str:
    """The shares by industry, and the grid of plants and kinds of number."""
    shares = query.rows(connection, "select * from precision_share where universe = ?", _UNIVERSE)
    plants = _grid(connection)
    sql = "select distinct state from facility where state is not null order by state"
    states = query.rows(connection, sql)
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
    plants.sort(key=lambda row: (INDUSTRIES.index(row["industry"]), row["state"] or "", row["name"]))
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
