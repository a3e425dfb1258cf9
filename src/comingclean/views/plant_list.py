"""Every plant with its newest figure, largest first, ready for one table in one unit."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from comingclean.views import figures, query

Row = dict[str, Any]
_NEWEST: Final = """select value.* from value join (select facility_id, max(year) as year from value
    where quantity = ? group by facility_id) using (facility_id, year) where quantity = ?"""
# One unit for all, so that the column can be read down: thousands of tonnes.
SCALE: Final = figures.Scale(1e3, "kt CO₂e")


def plants(connection: sqlite3.Connection, quantity: str, lang: str) -> list[Row]:
    """Every plant; those with a figure first and by it, the others by name with `newest` None."""
    found = {row["facility_id"]: row for row in query.rows(connection, _NEWEST, quantity, quantity)}
    everyone = query.plants(connection)
    known = [row for row in everyone if row["facility_id"] in found]
    known.sort(key=lambda row: -found[row["facility_id"]]["value"])
    newest = drawn([found[row["facility_id"]] for row in known], SCALE, lang)
    shown = [row | {"newest": figure} for row, figure in zip(known, newest, strict=True)]
    return shown + [row | {"newest": None} for row in everyone if row["facility_id"] not in found]


def drawn(rows: list[Row], scale: figures.Scale, lang: str) -> list[Row]:
    """Rows of a ranked column with the texts of value and ends, and a band against the widest end."""
    places = figures.column_places([(row["value"], row["low"], row["high"]) for row in rows])
    top = max((row["high"] for row in rows), default=1.0) or 1.0
    return [
        row | {"shown": _written(row, place, scale, lang), "bar": bar(row, top)}
        for row, place in zip(rows, places, strict=True)
    ]


def _written(row: Row, place: int, scale: figures.Scale, lang: str) -> Row:
    low, high = figures.ends(row["value"], row["low"], row["high"], scale.factor, lang, place)
    text = figures.written(row["value"], place, scale.factor, lang)
    return {"text": text, "low_text": low, "high_text": high}


def bar(row: Row, top: float) -> Row:
    """A band with its tick, in per cent of `top`."""
    left, tick, right = (100 * row[end] / top for end in ("low", "value", "high"))
    return {"left": round(left, 2), "width": round(right - left, 2), "tick": round(tick, 2)}
