"""Coke of merchant plants: capacity times use, or emissions where no capacity is known.

Ovens that recover by-products send part of their gas away, so that their emissions say little of their
coke; the tonnage is the capacity's where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Item, stacked
from comingclean.estimates.draws import Numbers, between
from comingclean.estimates.evidence import SCOPE1, YEARS
from comingclean.estimates.production.common import Made, Tools, meet, ratio_sigma, target_of, together

INDUSTRY: Final = "met_coke"
BY_PRODUCT: Final = "by-product coke"
HEAT_RECOVERY: Final = "heat-recovery coke"
_SERIES: Final = {BY_PRODUCT: "coke_by_product", HEAT_RECOVERY: "coke_heat_recovery"}
_SHORT: Final = {BY_PRODUCT: "by_product", HEAT_RECOVERY: "heat_recovery"}


@dataclass(frozen=True)
class Battery:
    """Capacity of a plant's ovens (t a year) with its 90 % interval, and where it is said."""

    value: float
    low: float
    high: float
    sources: tuple[str, ...]


def production(tools: Tools) -> Made:
    """Coke per merchant plant and year (t)."""
    made = [_year(tools, route, year) for year in YEARS for route in (BY_PRODUCT, HEAT_RECOVERY)]
    return together(made, tools.draws.count)


def _year(tools: Tools, route: str, year: int) -> Made:
    pairs = []
    idle = tools.factors.of("mill_idle_below", "share").value
    for plant in tools.evidence.of_industry(INDUSTRY):
        runs = year in tools.evidence.ran(plant) and tools.evidence.activity(plant, year) >= idle
        if runs and tools.evidence.route(plant, year)[0] == route:
            pairs.append(_plant(tools, plant, route, year))
    target = target_of(tools, _SERIES[route], year, "the merchant coke")
    return meet(tools, stacked(pairs, tools.draws.count), (INDUSTRY, "coke", route), year, target)


def _plant(tools: Tools, plant: str, route: str, year: int) -> tuple[Item, Numbers]:
    held = capacity(tools, plant)
    return _used(tools, plant, route, year, held) if held else _inverted(tools, plant, route, year)


def capacity(tools: Tools, plant: str) -> Battery | None:
    """What a plant's ovens can make: a parameter before an inventory."""
    for factor in tools.factors.named(f"capacity_coke/{plant}"):
        return Battery(factor.value, factor.low, factor.high, (factor.source,))
    for row in tools.evidence.numbers(plant, "capacity_coke"):
        return Battery(row["number"], row["low"], row["high"], (row["lineage_id"],))
    return None


def _used(tools: Tools, plant: str, route: str, year: int, held: Battery) -> tuple[Item, Numbers]:
    sources = held.sources
    name = tools.yearly(f"coke_utilisation_{_SHORT[route]}", year)
    use = tools.factors.of(name, "share")
    active = tools.evidence.activity(plant, year)
    partial = active < tools.factors.of("mill_partial_below", "share").value
    drawn = between(tools.draws.normal(f"capacity/{plant}"), held.value, held.low, held.high)
    drawn = drawn * tools.draws.factor(f"{name}/{plant}/{year}", use)
    if partial:
        drawn = drawn * active * tools.spread(f"part/{plant}/{year}", "mill_part_spread")
        sources = (*sources, *tools.filed_sources(plant, year), "parameters/mill_part_spread")
    item = Item(
        plant,
        year,
        route,
        "coke_capacity_part" if partial else "coke_capacity",
        "E" if partial else "D",
        (*sources, use.source),
        inverted=partial,
        unit=plant,
        ceiling=held.high * tools.factors.of("coke_ceiling", "share").value,
        own=(
            ratio_sigma(held.low, held.value, held.high) ** 2
            + ratio_sigma(use.low, use.value, use.high) ** 2
        )
        ** 0.5,
    )
    return item, np.minimum(drawn, item.ceiling)


def _inverted(tools: Tools, plant: str, route: str, year: int) -> tuple[Item, Numbers]:
    name = f"coke_ghg_{_SHORT[route]}"
    factor = tools.factors.of(name, "t CO2e/t coke")
    item = Item(
        plant,
        year,
        route,
        "coke_from_emissions",
        "E",
        (*tools.filed_sources(plant, year), factor.source),
        inverted=True,
        unit=plant,
        own=ratio_sigma(factor.low, factor.value, factor.high),
    )
    drawn = tools.evidence.amount(SCOPE1, plant, year) / tools.draws.factor(f"{name}/{plant}", factor)
    return item, drawn
