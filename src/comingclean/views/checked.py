"""What toxic figures were held against: rows set aside, national totals, EPA's own file of a state."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any, Final

from comingclean.views import figures, pages, query, toxics_data

Row = dict[str, Any]
_MEDIA: Final = ("air", "water", "land")
_REJECTS: Final = "select * from reject order by kept, reason, source_id, year, row"
_CONTROL: Final = "select * from toxic_control order by within, abs(ours - published) desc"
_AGREEMENT: Final = """select toxic_agreement.*, name, city from toxic_agreement
    left join toxic_site using (tri_id)
    order by year desc, abs(coalesce(official, 0) - coalesce(ours, 0)) desc"""


def checks_page(connection: sqlite3.Connection, lang: str) -> str:
    """Rows set aside by reason, national totals by chemical and medium, the agreement with Illinois."""
    control = _control(connection, lang)
    agreement = _agreement(connection, lang)
    return pages.render(
        "checks.html",
        lang,
        "checks",
        reasons=_reasons(connection),
        totals=_totals(control, lang),
        missed=[row for row in control if not row["within"]],
        met=[row for row in control if row["within"]],
        tolerance=f"{control[0]['tolerance']:g}" if control else "",
        agreed=_agreed(agreement),
        differences=[row for row in agreement if not row["within"]],
    )


def _reasons(connection: sqlite3.Connection) -> list[Row]:
    """Each reason with its sentence, whether its rows count, and the rows."""
    rows = query.rows(connection, _REJECTS)
    groups = [list(same) for _, same in groupby(rows, key=lambda row: (row["kept"], row["reason"]))]
    return [same[0] | {"rows": same} for same in groups]


def _control(connection: sqlite3.Connection, lang: str) -> list[Row]:
    """National totals with their texts, what misses most first."""
    rows = query.rows(connection, _CONTROL)
    chemicals = toxics_data.named(connection, {row["chemical"] for row in rows})
    return [
        row
        | toxics_data.called(chemicals[row["chemical"]], lang)
        | {
            "published_text": _kilograms(row["published"], lang),
            "ours_text": _kilograms(row["ours"], lang),
            "percent_text": _signed(row["percent"], lang),
        }
        for row in rows
    ]


def _totals(control: list[Row], lang: str) -> list[Row]:
    """By medium: chemicals, those within the tolerance, and their part of the mass in per cent."""
    made = []
    for medium in _MEDIA:
        rows = [row for row in control if row["medium"] == medium]
        held = [row for row in rows if row["within"]]
        mass, kept = (sum(row["published"] for row in some) for some in (rows, held))
        share = figures.written(100 * kept / mass, -1, 1.0, lang) if mass else None
        made.append({"medium": medium, "n": len(rows), "held": len(held), "share": share})
    return made


def _agreement(connection: sqlite3.Connection, lang: str) -> list[Row]:
    return [
        row
        | {
            "official_text": _kilograms(row["official"], lang),
            "ours_text": _kilograms(row["ours"], lang),
            "percent_text": _signed(_percent(row), lang),
        }
        for row in query.rows(connection, _AGREEMENT)
    ]


def _percent(row: Row) -> float | None:
    if not row["official"] or row["ours"] is None:
        return None
    return float(100 * (row["ours"] / row["official"] - 1))


def _agreed(agreement: list[Row]) -> list[Row]:
    """By year and medium: facilities, and those that agree."""
    groups = [list(same) for _, same in groupby(sorted(agreement, key=_by_year), key=_by_year)]
    return [
        {
            "year": same[0]["year"],
            "medium": same[0]["medium"],
            "n": len(same),
            "held": sum(row["within"] for row in same),
        }
        for same in groups
    ]


def _by_year(row: Row) -> tuple[int, int]:
    """The newest first, then by medium."""
    return -row["year"], _MEDIA.index(row["medium"])


def _kilograms(kilograms: float | None, lang: str) -> str | None:
    """As filed, to three digits."""
    return None if kilograms is None else figures.figure(kilograms, None, None, 1.0, lang)


def _signed(percent: float | None, lang: str) -> str | None:
    if percent is None:
        return None
    text = figures.figure(percent, None, None, 1.0, lang)
    return f"+{text}" if percent > 0 else text


def checks_data(connection: sqlite3.Connection) -> Row:
    """Every row of the three tables."""
    return {
        "rejects": query.rows(connection, _REJECTS),
        "totals": query.rows(connection, _CONTROL),
        "agreement": query.rows(connection, _AGREEMENT),
    }
