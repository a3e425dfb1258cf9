"""Greenhouse gases per tonne.

Only tonnage that does not come from a plant's own emissions makes an intensity of its own. Where it
does, dividing the emissions by it would give back the factor that it was made with: such a plant is
shown with the average of its route, as far as plants of the route lie from it, and marked so.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import COMBUSTION, PFC
from comingclean.estimates.production.cement import kiln
from comingclean.estimates.production.common import Tools, worst

SCOPE1: Final = "ghg_intensity_scope1"
BOTH: Final = "ghg_intensity_scope1_2"
PFC_PER_TONNE: Final = "ghg_intensity_pfc"
ALUMINUM: Final = "electrolysis"
AVERAGE: Final = "intensity_route_average"
# Routes that count as one, and those whose gas leaves the fence.
_ONE: Final = {"EAF+DRI": "EAF", "BF; EAF": "EAF"}
LEAVES_THE_FENCE: Final = ("by-product coke",)


def scope1(tools: Tools, products: Amounts) -> Amounts:
    """Scope 1 per tonne of product (t CO2e/t); route averages where the tonnage was inverted."""
    own, rest = [], []
    for item in products.items:
        emitted, tonnes = tools.scope1(item.facility_id, item.year), products.at(item.key)
        if emitted is None or tonnes is None:
            continue
        if item.route == ALUMINUM:
            own.append(_smelter(tools, item, tonnes))
        elif item.inverted:
            rest.append(item)
        else:
            own.append(_own(tools, products, item))
    averages = _averages(tools, products)
    rest_pairs = [_average(tools, item, averages[group(item), item.year]) for item in rest]
    return stacked([*own, *rest_pairs], tools.draws.count)


def _named(tools: Tools, item: Item, method: str, grade: str = "A") -> Item:
    filed = tools.evidence.filed("ghg_scope1", item.facility_id, item.year)
    weakest = worst(item.grade, grade, str(filed["grade"]) if filed else "A")
    sources = (*item.sources, *tools.filed_sources(item.facility_id, item.year))
    return replace(item, method=method, grade=weakest, sources=sources)


def _own(tools: Tools, products: Amounts, item: Item) -> tuple[Item, Numbers]:
    """Emissions over tonnage of all plants with the same record: alone they cannot be told apart."""
    members = [m for m in products.items if m.unit == item.unit and m.year == item.year]
    drawn = [tools.scope1(m.facility_id, m.year) for m in members]
    emitted = np.sum([e for e in drawn if e is not None], axis=0)
    tonnes = np.sum([products.draws[products.index[m.key]] for m in members], axis=0)
    return _quotient(_named(tools, item, "intensity_scope1"), emitted, tonnes)


def _quotient(item: Item, above: Numbers, below: Numbers) -> tuple[Item, Numbers]:
    """A quotient whose middle is that of the two middles, so that a reader can check it."""
    return replace(item, middle=float(above.mean() / below.mean())), above / below


def _average(tools: Tools, item: Item, average: tuple[Numbers, Numbers]) -> tuple[Item, Numbers]:
    """The average, as far as plants lie from it: how far is what made the plant's tonnage unsure."""
    named, drawn = _quotient(_named(tools, item, AVERAGE, "E"), *average)
    z = tools.draws.normal(f"average/{item.facility_id}")
    return named, drawn * np.exp(z * item.own - item.own**2 / 2)


def _smelter(tools: Tools, item: Item, tonnes: Numbers) -> tuple[Item, Numbers]:
    """Its anodes by the factor that made its metal; its voltage upsets and fuel are its own."""
    factor = tools.draws.factor("aluminum_anode_co2", tools.factors["aluminum_anode_co2"])
    fuel = tools.scope1(item.facility_id, item.year, COMBUSTION)
    other = np.zeros_like(tonnes) if fuel is None else fuel
    pfc = tools.scope1(item.facility_id, item.year, PFC)
    other = other if pfc is None else other + pfc
    middle = float(factor.mean() + other.mean() / tonnes.mean())
    return replace(_named(tools, item, "intensity_smelter"), middle=middle), factor + other / tonnes


def _averages(tools: Tools, products: Amounts) -> dict[tuple[str, int], tuple[Numbers, Numbers]]:
    """Emissions and tonnes of all plants of a route in a year, draw by draw."""
    emitted: dict[tuple[str, int], Numbers] = defaultdict(lambda: np.zeros(tools.draws.count))
    tonnes: dict[tuple[str, int], Numbers] = defaultdict(lambda: np.zeros(tools.draws.count))
    for item in products.items:
        filed = tools.scope1(item.facility_id, item.year)
        if filed is not None:
            emitted[group(item), item.year] += filed
            tonnes[group(item), item.year] += products.draws[products.index[item.key]]
    return {key: (emitted[key], tonnes[key]) for key in emitted}


def group(item: Item) -> str:
    """The plants that share an average: of one route, and kilns of one kind."""
    route = _ONE.get(item.route, item.route)
    return f"{kiln(route)} kiln" if "kiln" in route else route


def scope1_and_2(tools: Tools, per_tonne: Amounts, products: Amounts, bought: Amounts) -> Amounts:
    """Scope 1 and 2 per tonne (t CO2e/t)."""
    pairs = []
    for item in per_tonne.items:
        power, tonnes = bought.at(item.key), products.at(item.key)
        drawn, buys = per_tonne.at(item.key), bought.item(item.key)
        if power is None or tonnes is None or drawn is None or buys is None:
            continue
        method = item.method.replace("intensity_scope1", "intensity_scope1_2")
        if item.method == AVERAGE:
            method = "intensity_route_average_grid"
        named = replace(
            item,
            method=method,
            grade=worst(item.grade, buys.grade),
            sources=(*item.sources, *buys.sources),
            middle=_plus(item.middle, power, tonnes),
        )
        pairs.append((named, drawn + power / tonnes))
    return stacked(pairs, tools.draws.count)


def _plus(middle: float | None, power: Numbers, tonnes: Numbers) -> float | None:
    return None if middle is None else middle + float(power.mean() / tonnes.mean())


def pfc(tools: Tools, products: Amounts) -> Amounts:
    """Perfluorocarbons per tonne of aluminum (t CO2e/t): not used to find the tonnage."""
    pairs = []
    for item in products.items:
        gas, tonnes = tools.scope1(item.facility_id, item.year, PFC), products.at(item.key)
        if item.route == ALUMINUM and gas is not None and tonnes is not None:
            sources = (*item.sources, *tools.filed_sources(item.facility_id, item.year, PFC))
            named = replace(item, method="intensity_pfc", sources=sources, inverted=False)
            pairs.append(_quotient(named, gas, tonnes))
    return stacked(pairs, tools.draws.count)
