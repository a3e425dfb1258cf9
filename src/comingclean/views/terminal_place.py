"""What the command `near` prints of one place."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from comingclean.views import figures
from comingclean.views.community import beside, here, rank, ratio
from comingclean.views.words import say

Row = dict[str, Any]
_SHOWN: Final = 10
_MILES: Final = 3.0
_LEVELS: Final = ("county", "state", "us")


def show_place(console: Console, report: Row) -> None:
    """People by radius, who they are, plants and other emitters around, the nearest monitor."""
    console.print(
        f"[bold]{escape(report['label'])}[/]  {report['latitude']:.4f}, {report['longitude']:.4f}"
    )
    if report["message"]:
        console.print(f"{report['status']}: {report['message']}")
    if " " in (report["states"] or ""):
        console.print(f"the widest circle reaches into {report['states'].replace(' ', ', ')}")
    if report["abroad"]:
        country = say("en", f"country.{report['abroad']}")
        console.print(f"the widest circle reaches {country}, or nearly: people there are not counted")
    console.print(_people(report["community"]))
    console.print(_indicators(report["community"], report["words"]))
    console.print(_around("plants of the atlas", report["plants"]))
    console.print(_around("other facilities that report greenhouse gases", report["emitters"]))
    if report["monitor"]:
        m = report["monitor"]
        direction = say("en", f"direction.{m['direction']}")
        name = escape(m["name"] or m["site"])
        console.print(f"nearest open air monitor: {name}, {m['miles']:.1f} mi {direction}")


def _whole(*heads: str) -> list[Column]:
    """Columns whose figures stay whole: in a narrow terminal the words beside them wrap."""
    return [Column(head, no_wrap=True) for head in heads]


def _people(rows: list[Row]) -> Table:
    table = Table("miles", *_whole("people", "between"), "", box=None)
    for row in (row for row in rows if row["indicator"] == "population"):
        low, high = figures.ends(row["value"], row["low"], row["high"], 1.0, "en")
        text = figures.figure(row["value"], row["low"], row["high"], 1.0, "en")
        table.add_row(f"{row['radius_miles']:g}", text, f"{low}–{high}", row["status"])
    return table


def _indicators(rows: list[Row], words: dict[str, Row]) -> Table:
    """Who lives within three miles, or the widest circle, beside county, state and country."""
    radii = [row["radius_miles"] for row in rows]
    miles = _MILES if _MILES in radii else max(radii)
    within = f"within {miles:g} {'mile' if miles == 1 else 'miles'}"
    beside = ("county", "state", "country", "times the country", "rank of 100")
    label = Column(within, overflow="fold", min_width=10)
    table = Table(label, *_whole("here", "between"), *beside, box=None, pad_edge=False)
    chosen = [row for row in rows if row["radius_miles"] == miles and row["indicator"] != "population"]
    for row in chosen:
        own = words[row["indicator"]]
        there = (_beside(row[level], own) for level in _LEVELS)
        last = ratio(row["ratio"], "en") or "", _rank(row)
        table.add_row(
            f"{own['label_en']}, {own['unit']}", _here(row, own), _between(row), *there, *last
        )
    return table


def _here(row: Row, words: Row) -> str:
    return "not known" if row["value"] is None else here(row, words, "en")


def _beside(value: float | None, words: Row) -> str:
    return "not known" if value is None else beside(value, words, "en")


def _rank(row: Row) -> str:
    """Of a hundred people how many have less, or that the source is too coarse to say."""
    return rank(row["percentile"]) or ("" if row["value"] is None else "no rank")


def _between(row: Row) -> str:
    if row["low"] is None:
        return ""
    return "–".join(figures.ends(row["value"], row["low"], row["high"], 1.0, "en"))


def _around(title: str, rows: list[Row]) -> Table:
    table = Table(title, *_whole("miles", "", "year", "t CO₂e", "between"), box=None)
    for row in rows[:_SHOWN]:
        where = (f"{row['miles']:.1f}", row["direction"])
        if not row["values"]:
            table.add_row(escape(row["name"]), *where, "", "no figure", "")
            continue
        newest = row["values"][-1]
        low, high = figures.ends(newest["value"], newest["low"], newest["high"], 1.0, "en")
        text = figures.figure(newest["value"], newest["low"], newest["high"], 1.0, "en")
        table.add_row(escape(row["name"]), *where, str(newest["year"]), text, f"{low}–{high}")
    if len(rows) > _SHOWN:
        table.add_row(f"and {len(rows) - _SHOWN} more, with --json")
    return table
