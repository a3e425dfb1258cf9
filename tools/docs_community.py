"""The generated parts of docs/community.md: what the tests of equity found."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from comingclean import verbs
from comingclean.model import INDUSTRIES

_GROUPS = {
    "all": "all plants of 2020",
    "iron_steel": "iron and steel",
    "met_coke": "coke",
    "cement": "cement",
    "aluminum": "aluminum",
}
_LEVELS = {"us": "against the country", "state": "own state", "county": "own county"}
_HOMES = "random homes; beyond them"


def parts(database: Path) -> dict[str, str]:
    """Every part by its name."""
    rows = verbs.table("equity", database)
    return {
        f"equity-{indicator.replace('_', '-')}-{miles:.0f}": _table(rows, indicator, miles)
        for indicator in ("people_of_colour", "poverty")
        for miles in (1.0, 3.0)
    }


def _table(rows: pl.DataFrame, indicator: str, miles: float) -> str:
    of = rows.filter((pl.col("indicator") == indicator) & (pl.col("radius_miles") == miles))
    lines = []
    for group in ("all", *INDUSTRIES):
        by_level = {row["compare"]: row for row in of.iter_rows(named=True) if row["plants"] == group}
        if by_level:
            lines.append(_line(group, by_level))
    head = ["plants", "near"]
    for level in _LEVELS.values():
        head += [level, _HOMES]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) + "\n"


def _line(group: str, by_level: dict[str, dict[str, float]]) -> str:
    any_level = by_level["county"]
    people = any_level["people"]
    count = f"{people / 1e6:.2f} M" if people >= 1e5 else f"{people:,.0f}"
    cells = [
        f"{_GROUPS[group]}, {any_level['n_plants']}, {count} people",
        f"{any_level['value']:.1f}{_span(any_level['low'], any_level['high'], '')}",
    ]
    for level in _LEVELS:
        cells += [_difference(by_level[level]), _excess(by_level[level])]
    return "| " + " | ".join(cell.replace("-", "−") for cell in cells) + " |"


def _difference(row: dict[str, float]) -> str:
    return f"{row['difference']:+.1f}{_span(row['difference_low'], row['difference_high'], '+')}"


def _excess(row: dict[str, float]) -> str:
    """What random homes show, how far the neighbours are beyond it, and how often chance is as far."""
    beyond = f"{row['excess']:+.1f}{_span(row['excess_low'], row['excess_high'], '+')}"
    chance = "" if row["p"] is None else f", p {row['p']:.3f}"
    return f"{row['expected']:+.1f}; {beyond}{chance}"


def _span(low: float | None, high: float | None, sign: str) -> str:
    return "" if low is None or high is None else f" ({low:{sign}.1f} to {high:{sign}.1f})"
