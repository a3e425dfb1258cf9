"""Capacity as values: what a plant can make in a year, carried to the years near the statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from comingclean.estimates.amounts import SCHEMA
from comingclean.estimates.evidence import YEARS
from comingclean.estimates.production import cement, coke, mills
from comingclean.estimates.production.common import Tools, worst

# The year of which the inventories of an industry speak.
_STATED: Final = {"iron_steel": 2025, "cement": 2021, "met_coke": 2020, "aluminum": 2020}


@dataclass(frozen=True)
class Held:
    """Capacity of a plant's product (t a year) with its interval, and where it is said."""

    value: float
    low: float
    high: float
    sources: tuple[str, ...]
    method: str = "capacity_inventory"
    kind: str = "reported"
    grade: str = "D"


def capacities(tools: Tools) -> pl.DataFrame:
    """Value rows of `capacity` (t a year), for the years in which a plant ran."""
    rows = [
        row
        for plant in sorted(tools.evidence.plant)
        for year in _years(tools, plant)
        for row in _one(tools, plant, year)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _years(tools: Tools, plant: str) -> list[int]:
    carried = tools.factors.of("capacity_carried", "years").value
    first = _STATED[tools.evidence.plant[plant]["industry"]] - carried
    ran = tools.evidence.ran(plant)
    grinds = not ran and tools.evidence.route(plant, YEARS[-1])[0] == cement.GRINDING
    return [year for year in (cement.GRINDING_YEARS if grinds else ran) if year >= first]


def _one(tools: Tools, plant: str, year: int) -> list[tuple[Any, ...]]:
    held = _held(tools, plant, year)
    if held is None:
        return []
    decided = all(name.startswith("parameters/") for name in held.sources)
    method = "capacity_decided" if decided else held.method
    grade = worst(held.grade, tools.factors.weakest(held.sources))
    ends = held.value, held.low, held.high
    return [(plant, year, "capacity", *ends, held.kind, method, grade, sorted(held.sources))]


def _held(tools: Tools, plant: str, year: int) -> Held | None:
    """Capacity of the plant's product, or None."""
    industry = tools.evidence.plant[plant]["industry"]
    if industry == "iron_steel":
        mill = mills.capacity(tools, plant, [plant], year)
        return Held(mill.value, mill.value**2 / mill.high, mill.high, mill.sources) if mill else None
    if industry == "met_coke":
        oven = coke.capacity(tools, plant)
        return Held(oven.value, oven.low, oven.high, oven.sources) if oven else None
    if industry == "cement":
        return _cement(tools, plant)
    rows = tools.evidence.numbers(plant, "capacity_aluminum")
    return _row(rows[0]) if rows else None


def _row(row: dict[str, Any]) -> Held:
    return Held(row["number"], row["low"], row["high"], (row["lineage_id"],))


def _cement(tools: Tools, plant: str) -> Held | None:
    stated, kiln = cement.capacity_row(tools, plant), cement.kiln_row(tools, plant)
    if kiln is None:
        return _row(stated) if stated else None
    ratio = tools.factors.of("clinker_per_cement", "t clinker/t cement")
    value, low, high = (kiln[end] / ratio.value for end in ("number", "low", "high"))
    sources = (kiln["lineage_id"], ratio.source)
    return Held(value, low, high, sources, "capacity_from_clinker", "estimated", "E")
