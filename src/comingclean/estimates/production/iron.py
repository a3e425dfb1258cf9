"""Iron: from blast furnaces (pig iron), and reduced directly by gas or coal (DRI)."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import SCOPE1, YEARS
from comingclean.estimates.production import mills
from comingclean.estimates.production.common import (
    Made,
    Tools,
    meet,
    ratio_sigma,
    target_of,
    together,
    worst,
)

INDUSTRY: Final = "iron_steel"
_BLAST: Final = "BF-BOF"
_REDUCED: Final = ("DRI", "EAF+DRI", "iron nuggets")
_PIG_UNIT: Final = "t steel/t pig iron"


def pig_iron(tools: Tools, steel: Amounts) -> Made:
    """Pig iron per works and year (t): as recorded, else by the nation's ratio of steel to iron."""
    return together([_pig_year(tools, steel, year) for year in YEARS], tools.draws.count)


def reduced(tools: Tools) -> Made:
    """Directly reduced iron per plant and year (t). No national total is published."""
    return together([_reduced_year(tools, year) for year in YEARS], tools.draws.count)


def _pig_year(tools: Tools, steel: Amounts, year: int) -> Made:
    pairs = []
    for unit, plants in mills.units(tools, (_BLAST,), year).items():
        if (plants[0], year) in steel.index:
            pairs += _pig_unit(tools, steel, unit, plants, year)
    target = target_of(tools, "pig_iron", year, "the pig iron")
    label = (INDUSTRY, "pig iron", _BLAST)
    return meet(tools, stacked(pairs, tools.draws.count), label, year, target)


def _pig_unit(
    tools: Tools, steel: Amounts, unit: str, plants: list[str], year: int
) -> list[tuple[Item, Numbers]]:
    rows = tools.evidence.made(unit, "pig_iron", year)
    known = sum(row["value"] for row in rows)
    if known <= 0:
        return [
            _by_ratio(tools, steel, plant, year) for plant in plants if (plant, year) in steel.index
        ]
    drawn = known * tools.spread(f"iron/{unit}/{year}", "output_own_spread")
    several = len(plants) > 1
    return [
        (
            Item(
                plant,
                year,
                _BLAST,
                "pig_iron_site_shared_out" if several else "pig_iron_recorded",
                "E" if several else "C",
                (*(row["lineage_id"] for row in rows), "parameters/output_own_spread")
                + (tools.filed_sources(plant, year) if several else ()),
                unit=unit,
                own=tools.deviation("output_own_spread"),
            ),
            drawn * part,
        )
        for plant, part in zip(plants, mills.parts(tools, plants, year), strict=True)
    ]


def _by_ratio(tools: Tools, steel: Amounts, plant: str, year: int) -> tuple[Item, Numbers]:
    item, drawn = steel.both((plant, year))
    ratio = tools.factors.of("steel_per_pig_iron", _PIG_UNIT)
    spread = "pig_iron_plant_spread"
    made = drawn / tools.draws.factor("steel_per_pig_iron", ratio)
    joint = Item(
        plant,
        year,
        _BLAST,
        "pig_iron_from_steel",
        worst(item.grade, "D"),
        (*item.sources, ratio.source, f"parameters/{spread}"),
        inverted=item.inverted,
        unit=item.unit,
        own=(item.own**2 + tools.deviation(spread) ** 2) ** 0.5,
        shared=ratio_sigma(ratio.low, ratio.value, ratio.high),
    )
    return joint, made * tools.spread(f"pig/{plant}", spread)


def _reduced_year(tools: Tools, year: int) -> Made:
    pairs = []
    for plant in tools.evidence.of_industry(INDUSTRY):
        if tools.evidence.route(plant, year)[0] in _REDUCED and year in tools.evidence.ran(plant):
            pairs += _reduced_plant(tools, plant, year)
    return meet(tools, stacked(pairs, tools.draws.count), (INDUSTRY, "DRI", "DRI"), year, None)


def _reduced_plant(tools: Tools, plant: str, year: int) -> list[tuple[Item, Numbers]]:
    route, _ = tools.evidence.route(plant, year)
    rows = tools.evidence.made(plant, "dri", year)
    if rows and sum(row["value"] for row in rows) > 0:
        spread = "output_own_spread"
        drawn = sum(r["value"] for r in rows) * tools.spread(f"dri/{plant}/{year}", spread)
        sources = (*(row["lineage_id"] for row in rows), f"parameters/{spread}")
        item = Item(plant, year, route, "dri_recorded", "C", sources, unit=plant)
        return [(replace(item, own=tools.deviation(spread)), drawn)]
    if route == "EAF+DRI":
        return _beside_a_furnace(tools, plant, year, route)
    factor = tools.factors.of("dri_ghg", "t CO2e/t DRI")
    emitted = tools.evidence.amount(SCOPE1, plant, year)
    sources = (*tools.filed_sources(plant, year), factor.source)
    item = Item(plant, year, route, "dri_from_emissions", "E", sources, inverted=True, unit=plant)
    own = ratio_sigma(factor.low, factor.value, factor.high)
    return [(replace(item, own=own), emitted / tools.draws.factor(f"dri_ghg/{plant}", factor))]


def _beside_a_furnace(tools: Tools, plant: str, year: int, route: str) -> list[tuple[Item, Numbers]]:
    """An iron unit whose emissions are filed together with those of the steel furnace beside it."""
    rows = tools.evidence.numbers(plant, "capacity_dri")
    use = tools.factors.of("dri_utilisation", "share")
    drawn = tools.draws.factor(f"dri_use/{plant}/{year}", use)
    return [
        (
            Item(plant, year, route, "dri_capacity", "E", (row["lineage_id"], use.source), unit=plant),
            drawn * row["number"],
        )
        for row in rows[:1]
    ]
