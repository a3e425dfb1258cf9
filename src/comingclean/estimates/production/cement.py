"""Clinker and cement.

A kiln's greenhouse gases follow its clinker closely, for most of them come out of the stone: they are
divided by a factor for its kind of kiln, and the plants made to add up to the national clinker where
that is verified. Cement is clinker divided by the year's national ratio; a plant that only grinds is
judged by its capacity.
"""

from __future__ import annotations

from typing import Final

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import SCOPE1, YEARS, Row
from comingclean.estimates.production.common import (
    Made,
    Tools,
    meet,
    ratio_sigma,
    target_of,
    together,
    worst,
)

INDUSTRY: Final = "cement"
GRINDING: Final = "grinding"
# Puerto Rico stands outside the national totals of the Geological Survey.
_OUTSIDE: Final = "PR"
_FACTOR_UNIT: Final = "t CO2e/t clinker"
_RATIO_UNIT: Final = "t clinker/t cement"
# For plants that never filed, the inventories of 2021 and 2025 say that they ran, and no older one.
GRINDING_YEARS: Final = (2020, 2021, 2022, 2023)


def clinker(tools: Tools) -> Made:
    """Clinker per kiln plant and year (t)."""
    made = [_clinker_year(tools, year, outside) for year in YEARS for outside in (False, True)]
    return together(made, tools.draws.count)


def cement(tools: Tools, clinker_made: Amounts) -> Made:
    """Cement per plant and year (t), from its clinker or, where it only grinds, its capacity."""
    made = [
        _cement_year(tools, clinker_made, year, outside) for year in YEARS for outside in (False, True)
    ]
    return together(made, tools.draws.count)


def kiln(route: str) -> str:
    """The kind of kiln that decides the factor: dry, wet or unsettled."""
    kinds = {"dry kiln": "dry", "wet kiln": "wet"}
    return kinds.get(route, "unsettled")


def factor_name(route: str, year: int) -> str:
    """The parameter of greenhouse gases per tonne of clinker for a kind of kiln and a year."""
    early = "_before_2014" if year < 2014 else ""
    return f"clinker_ghg_{kiln(route)}{early}"


def _outside(tools: Tools, plant: str) -> bool:
    return bool(tools.evidence.plant[plant]["state"] == _OUTSIDE)


def _clinker_year(tools: Tools, year: int, outside: bool) -> Made:
    pairs = []
    for plant in tools.evidence.of_industry(INDUSTRY):
        emitted = tools.scope1(plant, year) if year in tools.evidence.ran(plant) else None
        if emitted is not None and _outside(tools, plant) is outside:
            pairs.append(_from_emissions(tools, plant, year, emitted))
    least = tools.factors.of("least_tonnes", "t").value
    kept = [(item, drawn) for item, drawn in pairs if drawn.mean() >= least]
    target = None if outside else target_of(tools, "clinker", year, "the clinker")
    label = (INDUSTRY, "clinker", "kiln, Puerto Rico" if outside else "kiln")
    return meet(tools, stacked(kept, tools.draws.count), label, year, target)


def _from_emissions(tools: Tools, plant: str, year: int, emitted: Numbers) -> tuple[Item, Numbers]:
    route, _ = tools.evidence.route(plant, year)
    name = factor_name(route, year)
    factor = tools.factors.of(name, _FACTOR_UNIT)
    spread = "clinker_plant_spread"
    drawn = emitted / tools.draws.factor(name, factor)
    item = Item(
        plant,
        year,
        route if route != GRINDING else "kiln",
        "clinker_from_emissions",
        "D",
        (*tools.filed_sources(plant, year), factor.source, f"parameters/{spread}"),
        inverted=True,
        unit=plant,
        own=tools.deviation(spread),
        shared=ratio_sigma(factor.low, factor.value, factor.high),
    )
    return item, drawn * tools.spread(f"clinker/{plant}", spread)


def _cement_year(tools: Tools, clinker_made: Amounts, year: int, outside: bool) -> Made:
    pairs = []
    for plant in tools.evidence.of_industry(INDUSTRY):
        if _outside(tools, plant) is not outside:
            continue
        made = clinker_made.at((plant, year))
        if made is not None:
            pairs.append(_from_clinker(tools, clinker_made, plant, year))
        elif year in GRINDING_YEARS and tools.evidence.route(plant, year)[0] == GRINDING:
            pairs += _ground(tools, plant, year)
    target = None if outside else target_of(tools, "cement", year, "the cement")
    label = (INDUSTRY, "cement", "all, Puerto Rico" if outside else "all")
    return meet(tools, stacked(pairs, tools.draws.count), label, year, target)


def _from_clinker(tools: Tools, clinker_made: Amounts, plant: str, year: int) -> tuple[Item, Numbers]:
    item, drawn = clinker_made.both((plant, year))
    name = tools.yearly("clinker_per_cement", year)
    ratio = tools.factors.of(name, _RATIO_UNIT)
    spread = "cement_plant_spread"
    ground = tools.draws.factor("cement_ground_share", tools.factors.of("cement_ground_share", "share"))
    made = drawn * (1 - ground) / tools.draws.factor(name, ratio)
    made = made * tools.spread(f"cement/{plant}", spread)
    shares = "parameters/cement_ground_share", f"parameters/{spread}"
    sources = (*item.sources, ratio.source, *shares)
    joint = Item(
        plant,
        year,
        item.route,
        "cement_from_clinker",
        worst(item.grade, ratio.grade),
        sources,
        inverted=True,
        unit=plant,
        own=(item.own**2 + tools.deviation(spread) ** 2) ** 0.5,
        shared=ratio_sigma(ratio.low, ratio.value, ratio.high),
    )
    return joint, made


def capacity_row(tools: Tools, plant: str) -> Row | None:
    """The cement capacity of a plant: stated before modelled, the older first."""
    rows = tools.evidence.numbers(plant, "capacity_cement")
    rows = sorted(rows, key=lambda row: (row["certainty"] != "stated", row["first_year"] or 0))
    return rows[0] if rows else None


def kiln_row(tools: Tools, plant: str) -> Row | None:
    """The clinker capacity of a plant where its kiln makes more than its cement capacity allows.

    The two figures of one inventory then contradict each other, and the kiln's is the one that bounds
    what is made.
    """
    rows, ground = tools.evidence.numbers(plant, "capacity_clinker"), capacity_row(tools, plant)
    ratio = tools.factors.of("clinker_per_cement", _RATIO_UNIT).value
    if not rows or ground is None:
        return None
    return rows[0] if rows[0]["number"] / ratio > ground["high"] else None


def _ground(tools: Tools, plant: str, year: int) -> list[tuple[Item, Numbers]]:
    row = capacity_row(tools, plant)
    if row is None or tools.evidence.amount(SCOPE1, plant, year) > 0:
        return []
    use = tools.factors.of("grinding_utilisation", "share")
    full = tools.draws.spread(f"capacity/{plant}", row["high"] / row["number"] - 1) * row["number"]
    z = f"grinding/{plant}"
    item = Item(
        plant,
        year,
        GRINDING,
        "cement_ground",
        "E",
        (row["lineage_id"], use.source),
        unit=plant,
        ceiling=row["high"],
        own=ratio_sigma(use.low, use.value, use.high),
    )
    return [(item, full * tools.draws.factor(z, use))]
