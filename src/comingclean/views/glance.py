"""What a plant's page says first: what it is, a few figures, its neighbours beside everyone else."""

from __future__ import annotations

from typing import Any, Final

from comingclean.views import kinds

Row = dict[str, Any]
# The first figures that a plant has are shown, three at most, beside the people nearby.
_FIGURES: Final = ("ghg_scope1", "toxic_air", "pm25", "production", "employment", "capacity")
_MOST: Final = 3
# Who lives nearby is drawn for these, within three miles.
_BESIDE: Final = ("people_of_colour", "poverty", "assistance")
_MILES: Final = 3.0
# Room beyond the largest of an axis's marks.
_ROOM: Final = 1.08
# What needs no word: most plants run.
_USUAL: Final = "operating"
_URGENCY: Final = ("warning", "gap", "note")


def of_plant(facility: Row, topics: list[Row], fenceline: Row, findings: list[Row], lang: str) -> Row:
    """The first screen of a plant's page, from what the rest of it shows.

    `series`: up to three quantities that the page draws; `circle`: the people within three miles, if
    they were counted; `axes`: shares of them beside county and country, in per cent of one axis.
    """
    drawn = {one["quantity"]["quantity"]: one for topic in topics for one in topic["series"]}
    circles = [circle for circle in fenceline["circles"] if circle["miles"] == _MILES]
    return {
        "route": kinds.said("route", facility["route"], lang),
        "status": None
        if facility["status"] == _USUAL
        else kinds.said("status", facility["status"], lang),
        "series": [drawn[name] for name in _FIGURES if name in drawn][:_MOST],
        "trend": drawn.get("ghg_scope1"),
        "circle": circles[0] if circles else None,
        "axes": axes(circles[0]["figures"]) if circles else [],
        "findings": told_once(findings),
    }


def axes(figures: list[Row]) -> list[Row]:
    """Shares of the people nearby on one axis: positions in per cent of it, from nought.

    `figures`: rows of one circle. What has no figure here, or none of the country, is left out.
    """
    rows = [row for row in figures if row["indicator"] in _BESIDE and row["text"] and row["us"]]
    marks = [
        row[name] for row in rows for name in ("value", "high", "county", "us") if row[name] is not None
    ]
    return [_axis(row, max(marks) * _ROOM) for row in rows]


def _axis(row: Row, end: float) -> Row:
    places = {
        name: None if row[name] is None else round(100 * row[name] / end, 1)
        for name in ("value", "low", "high", "county", "us")
    }
    return {"row": row, "at": places}


def told_once(findings: list[Row]) -> list[Row]:
    """Findings that say the same are one, with the rows of all; what is graver comes first."""
    told: dict[str, Row] = {}
    for row in sorted(findings, key=lambda row: (_URGENCY.index(row["severity"]), row["sentence_en"])):
        first = told.setdefault(row["sentence_en"], row | {"evidence": []})
        first["evidence"] = list(dict.fromkeys([*first["evidence"], *row["evidence"]]))
    return list(told.values())
