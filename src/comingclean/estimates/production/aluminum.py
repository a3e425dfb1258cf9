"""Primary aluminum: metal from the carbon of the anodes.

A smelter files the carbon dioxide of its anodes and the perfluorocarbons of voltage upsets under one
subpart. The first is in proportion to the metal (40 CFR 98.63), so that filing without the second,
divided by a factor, gives the metal. The second is not used, and so it still ranks the smelters.
"""

from __future__ import annotations

from statistics import median
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Item, stacked
from comingclean.estimates.draws import REACH, Numbers
from comingclean.estimates.evidence import PFC, PROCESS, YEARS
from comingclean.estimates.production.common import Made, Tools, meet, ratio_sigma, target_of, together

INDUSTRY: Final = "aluminum"
ROUTE: Final = "electrolysis"
SERIES: Final = "aluminum"
FACTOR: Final = "aluminum_anode_co2"
SPREAD: Final = "aluminum_anode_plant_spread"
UNIT: Final = "t CO2/t aluminum"


def production(tools: Tools) -> Made:
    """Aluminum per smelter and year (t), reconciled where a national total is verified."""
    return together([_year(tools, year) for year in YEARS], tools.draws.count)


def anode_carbon(tools: Tools, plant: str, year: int) -> Numbers | None:
    """Draws of the filing under subpart F without perfluorocarbons (t CO2), or None."""
    process = tools.scope1(plant, year, PROCESS)
    if process is None:
        return None
    # The interval of the whole is that of its gases; the anodes' part has the narrower one.
    half = tools.share("ghg_halfwidth_anode")
    z = tools.draws.normal(f"filing/{PROCESS}/{plant}")
    return np.maximum(_carbon(tools, plant, year) * (1 + z * half / REACH), 0.0)


def _year(tools: Tools, year: int) -> Made:
    factor = tools.factors.of(FACTOR, UNIT)
    divisor = tools.draws.factor(FACTOR, factor)
    pairs = []
    for plant in tools.evidence.of_industry(INDUSTRY):
        carbon = anode_carbon(tools, plant, year)
        if carbon is None or carbon.mean() / factor.value < _least(tools, plant):
            continue
        spread = tools.spread(f"aluminum/{plant}", SPREAD)
        pairs.append((_item(tools, plant, year), carbon / divisor * spread))
    target = target_of(tools, SERIES, year, "the primary aluminum")
    label = (INDUSTRY, "aluminum", ROUTE)
    return meet(tools, stacked(pairs, tools.draws.count), label, year, target)


def _least(tools: Tools, plant: str) -> float:
    """Less metal than this is a smelter that stood still: a share of its usual year."""
    made = [_carbon(tools, plant, year) for year in tools.evidence.ran(plant)]
    usual = median(made) / tools.factors.of(FACTOR, UNIT).value if made else 0.0
    least = tools.factors.of("least_tonnes", "t").value
    return max(least, usual * tools.factors.of("mill_idle_below", "share").value)


def _carbon(tools: Tools, plant: str, year: int) -> float:
    whole = tools.evidence.amount(PROCESS, plant, year)
    return max(whole - tools.evidence.amount(PFC, plant, year), 0.0)


def _item(tools: Tools, plant: str, year: int) -> Item:
    factor = tools.factors[FACTOR]
    return Item(
        plant,
        year,
        ROUTE,
        "production_anode_carbon",
        "C",
        (*tools.filed_sources(plant, year, PROCESS), factor.source, f"parameters/{SPREAD}"),
        inverted=True,
        unit=plant,
        own=tools.deviation(SPREAD),
        shared=ratio_sigma(factor.low, factor.value, factor.high),
    )
