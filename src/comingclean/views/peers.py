"""Where a plant stands among those that make the same by the same route.

Ranks are the table `rank`: only plants with a tonnage of their own are in it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from comingclean.views import figures, query
from comingclean.views.trend import WIDTH, ceiling
from comingclean.views.words import say, words

Row = dict[str, Any]
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 52, 4, 20
# Height of a peer's line: few stand apart, many together.
_SPARSE, _DENSE, _TALL = 11.0, 2.6, 150.0
_NEWEST: Final = """select * from rank where facility_id = ?
    and year = (select max(year) from rank r where r.facility_id = rank.facility_id
        and r.quantity = rank.quantity)"""
_PEERS: Final = """select rank.*, name, value, value.low, value.high, unit, grade
    from rank join value using (facility_id, year, quantity) join facility using (facility_id)
    where rank.year = ? and quantity = ? and peers = ? order by value, name"""


@dataclass(frozen=True)
class Strip:
    """Geometry of one strip plot, in the units of its view box: a line a plant, lowest first."""

    height: float
    lines: tuple[tuple[float, float, float, float, bool, str], ...]
    ticks: tuple[tuple[float, str], ...]


def of_plant(connection: sqlite3.Connection, facility_id: str, lang: str) -> dict[str, Row]:
    """Standing among peers by quantity, of the newest year with a rank; those without are absent."""
    ranks = query.rows(connection, _NEWEST, facility_id)
    return {rank["quantity"]: _standing(connection, rank, lang) for rank in ranks}


def _standing(connection: sqlite3.Connection, rank: Row, lang: str) -> Row:
    found = query.rows(connection, _PEERS, rank["year"], rank["quantity"], rank["peers"])
    return rank | {
        "route": group(rank["peers"], lang),
        "chance": chance(rank["better"], lang),
        "rows": [_written(row, lang) for row in found],
        "strip": strip(found, rank["facility_id"], lang),
    }


def group(peers: str, lang: str) -> str:
    """The plants that are compared, in words: a route, and for electric mills what they roll."""
    known = words(lang)
    return known.get(f"compared.{peers}", known.get(f"route.{peers}", peers))


def chance(share: float, lang: str) -> str:
    """A probability in per cent, never said to be certain."""
    percent = round(100 * share)
    if 1 <= percent <= 99:
        return f"{percent}\u00a0%"
    return say(lang, "peers.below" if percent < 1 else "peers.above")


def _written(row: Row, lang: str) -> Row:
    low, high = figures.ends(row["value"], row["low"], row["high"], 1.0, lang)
    text = figures.figure(row["value"], row["low"], row["high"], 1.0, lang)
    return row | {"text": text, "low_text": low, "high_text": high}


def strip(rows: list[Row], facility_id: str, lang: str) -> Strip:
    """The strip plot of peers (value, low, high, facility_id, name), which come lowest first."""
    end = ceiling(max(row["high"] for row in rows))
    step = max(_DENSE, min(_SPARSE, _TALL / len(rows)))
    across = (WIDTH - _LEFT - _RIGHT) / end
    lines = tuple(
        (
            *(round(_LEFT + across * row[at], 1) for at in ("low", "value", "high")),
            round(_TOP + step * (number + 0.5), 1),
            row["facility_id"] == facility_id,
            row["name"],
        )
        for number, row in enumerate(rows)
    )
    ticks = tuple(
        (round(_LEFT + across * at, 1), figures.exactly(at, 1.0, lang)) for at in (0.0, end / 2, end)
    )
    return Strip(round(_TOP + step * len(rows) + _BOTTOM, 1), lines, ticks)
