"""What commands print: for people as tables, for programs as JSON."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comingclean.checks import Answer
from comingclean.views import figures, kinds
from comingclean.views.words import say

Row = dict[str, Any]
_SHOWN: Final = 10


def show_plant(console: Console, plant: Row) -> None:
    """All about one plant: identity, each quantity by year with its interval, findings, sources."""
    facility = plant["facility"]
    industry = say("en", f"industry.{facility['industry']}")
    console.print(f"[bold]{escape(facility['name'])}[/]  {facility['facility_id']}")
    parent = escape(facility["parent"] or "?")
    console.print(f"{industry} · {escape(kinds.whereabouts(facility, 'en'))} · {parent}")
    ids = ", ".join(f"{row['program'].upper()} {row['program_id']}" for row in plant["identifiers"])
    county = escape(str(facility["county"]))
    console.print(f"{ids} · county {county} ({facility['county_fips']})")
    for line in _identity(plant):
        console.print(escape(line), highlight=False)
    console.print()
    for name, rows in groupby(plant["values"], key=lambda row: row["quantity"]):
        console.print(_values(plant["quantities"][name], list(rows), plant))
    for name, method in plant["methods"].items():
        console.print(f"[bold]{name.removeprefix('ghg_')}[/] {escape(method['title_en'])}")
    for finding in plant["findings"]:
        console.print(f"[bold]{finding['severity']}[/] {escape(finding['sentence_en'])}")
    for row in kinds.attributes(plant["attributes"], "en"):
        console.print(escape(_on_record(row)), highlight=False)
    for row in plant["restatements"]:
        console.print(_restated(row, plant), highlight=False)


def _identity(plant: Row) -> list[str]:
    """What it is, whose, and where, each with the year of which its source speaks."""
    facility = plant["facility"]
    lines = []
    for kind in ("route", "status", "owner", "parent"):
        text = kinds.said(kind, facility[kind], "en") if facility[kind] else None
        if text:
            lines.append(f"{kind}: {text} (as of {facility[f'{kind}_as_of']})")
    if facility["latitude"] is not None:
        at = f"{facility['latitude']:.5f}, {facility['longitude']:.5f}"
        lines.append(f"coordinates: {at} ({'; '.join(kinds.point(facility, 'en'))})")
    if plant["site"]:
        beside = ", ".join(row["facility_id"] for row in plant["site"])
        lines.append(f"site {facility['site_id']}, with {beside}")
    return lines


def _on_record(row: Row) -> str:
    """One thing that a source says of a plant, with its row."""
    interval = f" ({row['interval_text']})" if row["interval_text"] else ""
    where = row["source_row"].rsplit("row ", 1)[-1]
    told = f"{row['what']}: {row['value_text']}{interval}, {row['years_text']}, {row['certainty_text']}"
    return f"{told} · {row['source_id']} row {where}"


def _restated(row: Row, plant: Row) -> str:
    label = plant["quantities"][row["quantity"]]["label_en"]
    sides = (
        "none" if side is None else f"{side:,.0f} t" for side in (row["value"], row["newer_value"])
    )
    return f"restated: {row['year']} {label}: {' → '.join(sides)} ({row['release']})"


def _values(quantity: Row, rows: list[Row], plant: Row) -> Table:
    scale = figures.scale_for(max(abs(row["value"]) for row in rows), quantity["unit"], "en")
    table = Table(title=f"{quantity['label_en']}, {scale.unit}", title_justify="left", box=None)
    for name, justify in (
        ("year", "left"),
        ("value", "right"),
        ("between", "left"),
        ("grade", "left"),
    ):
        # However narrow the terminal, a figure is whole: long names of files fold instead.
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    table.add_column("method", no_wrap=True)
    table.add_column("row", overflow="fold")
    for row in rows:
        low, high = figures.ends(row["value"], row["low"], row["high"], scale.factor, "en")
        text = figures.figure(row["value"], row["low"], row["high"], scale.factor, "en")
        method = row["method"].removeprefix("ghg_")
        origin = _first_row(row, plant)
        table.add_row(str(row["year"]), text, f"{low}–{high}", row["grade"], method, origin)
    return table


def _first_row(row: Row, plant: Row) -> str:
    origins = (plant["lineage"][name] for name in row["sources"])
    # What rests on parameters alone names one of them.
    origin = min(origins, key=lambda found: found["source_id"] == "parameters")
    return f"{origin['file'].partition('.')[0]}:{origin['row']}"


def show_answers(console: Console, answers: list[Answer]) -> None:
    """Each question with yes, or with the rows that offend."""
    for answer in answers:
        mark = "[red]✗[/]" if answer.rows else "[green]✓[/]"
        console.print(f"{mark} {answer.question.name}")
        if answer.rows:
            console.print(_offenders(answer))


def _offenders(answer: Answer) -> Table:
    table = Table(*answer.columns, box=None)
    for row in answer.rows[:_SHOWN]:
        table.add_row(*(escape(str(cell)) for cell in row))
    return table
