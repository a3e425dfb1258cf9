"""What commands print: for people as tables, for programs as JSON."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from comingclean.checks import Answer
from comingclean.views import figures
from comingclean.views.words import say

Row = dict[str, Any]
_SHOWN: Final = 10


def show_plant(console: Console, plant: Row) -> None:
    """All about one plant: identity, each quantity by year with its interval, findings, sources."""
    facility = plant["facility"]
    industry = say("en", f"industry.{facility['industry']}")
    console.print(f"[bold]{escape(facility['name'])}[/]  {facility['facility_id']}")
    console.print(f"{industry} · {facility['city']}, {facility['state']} · {facility['parent'] or '?'}")
    ids = ", ".join(f"{row['program'].upper()} {row['program_id']}" for row in plant["identifiers"])
    console.print(f"{ids} · county {facility['county']} ({facility['county_fips']})\n")
    for name, rows in groupby(plant["values"], key=lambda row: row["quantity"]):
        console.print(_values(plant["quantities"][name], list(rows), plant))
    for name, method in plant["methods"].items():
        console.print(f"[bold]{name.removeprefix('ghg_')}[/] {escape(method['title_en'])}")
    for finding in plant["findings"]:
        console.print(f"[bold]{finding['severity']}[/] {escape(finding['sentence_en'])}")


def _values(quantity: Row, rows: list[Row], plant: Row) -> Table:
    scale = figures.scale_for(max(abs(row["value"]) for row in rows), quantity["unit"], "en")
    table = Table(title=f"{quantity['label_en']}, {scale.unit}", title_justify="left", box=None)
    for name, justify in (
        ("year", "left"),
        ("value", "right"),
        ("between", "left"),
        ("grade", "left"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    table.add_column("method", no_wrap=True)
    table.add_column("row", no_wrap=True)
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
    return f"{origin['file'].removesuffix('.xlsx')}:{origin['row']}"


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
