"""Greenhouse gases per tonne, and who is better than whom.

Only tonnage that does not come from a plant's own emissions makes an intensity of its own. Where it
does, dividing the emissions by it would give back the factor that it was made with: such a plant is
shown with the average of its route, marked so, and is in no ranking.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import COMBUSTION, PFC, PlantYear
from comingclean.estimates.production.common import Tools, worst

SCOPE1: Final = "ghg_intensity_scope1"
BOTH: Final = "ghg_intensity_scope1_2"
PFC_PER_TONNE: Final = "ghg_intensity_pfc"
ALUMINUM: Final = "electrolysis"
# Routes that are compared as one, and those whose gas leaves the fence, which no ranking can mend.
_PEERS: Final = {"EAF+DRI": "EAF", "BF; EAF": "EAF"}
LEAVES_THE_FENCE: Final = ("by-product coke",)
_FEWEST: Final = 3


@dataclass(frozen=True)
class Rank:
    """Where a plant stands among its peers in a year; 1 is the lowest intensity."""

    facility_id: str
    year: int
    quantity: str
    peers: str
    n: int
    low: int
    high: int
    better: float


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
    rest_pairs = [_average(tools, item, averages[_group(item), item.year]) for item in rest]
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
    return _quotient(_named(tools, item, "intensity_route_average", "E"), *average)


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
            emitted[_group(item), item.year] += filed
            tonnes[_group(item), item.year] += products.draws[products.index[item.key]]
    return {key: (emitted[key], tonnes[key]) for key in emitted}


def _group(item: Item) -> str:
    route = _PEERS.get(item.route, item.route)
    return "kiln" if "kiln" in route else route


def scope1_and_2(tools: Tools, per_tonne: Amounts, products: Amounts, bought: Amounts) -> Amounts:
    """Scope 1 and 2 per tonne (t CO2e/t)."""
    pairs = []
    for item in per_tonne.items:
        power, tonnes = bought.at(item.key), products.at(item.key)
        drawn, buys = per_tonne.at(item.key), bought.item(item.key)
        if power is None or tonnes is None or drawn is None or buys is None:
            continue
        method = item.method.replace("intensity_scope1", "intensity_scope1_2")
        if item.method == "intensity_route_average":
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


def in_doubt(tools: Tools, per_tonne: Amounts) -> set[PlantYear]:
    """Plants and years whose electric furnace would emit far less or more a tonne than any is known to.

    Their tonnage is likelier wrong than their furnace is a wonder: they are shown and not ranked.
    """
    factor = tools.factors["steel_ghg_eaf"].value
    far = tools.factors.of("tonnage_doubt", "factor").value
    found = set()
    for at, item in enumerate(per_tonne.items):
        middle = float(per_tonne.draws[at].mean())
        near = factor / far <= middle <= factor * far
        if _group(item) == "EAF" and not item.inverted and not near:
            found.add(item.key)
    return found


def ranks(
    tools: Tools, amounts: Amounts, quantity: str, doubtful: frozenset[PlantYear] = frozenset()
) -> list[Rank]:
    """Ranks among peers: same product, same route, same year, tonnage of their own, at least three.

    `doubtful` plants and years are left out, and so are those whose gas leaves the fence.
    """
    exporting = {factor.name.split("/")[1] for factor in tools.factors.named("gas_leaves/")}
    groups: dict[tuple[str, int], list[Item]] = defaultdict(list)
    for item in amounts.items:
        alone = item.inverted or item.method == "intensity_smelter"
        away = item.route in LEAVES_THE_FENCE or item.facility_id in exporting
        if not alone and not away and item.key not in doubtful:
            groups[_group(item), item.year].append(item)
    return [row for (name, _), items in groups.items() for row in _rank(amounts, items, name, quantity)]


def _rank(amounts: Amounts, items: list[Item], peers: str, quantity: str) -> list[Rank]:
    """Plants with one record count as one peer and get the same rank."""
    units = sorted({item.unit for item in items})
    if len(units) < _FEWEST:
        return []
    first = {item.unit: item for item in reversed(items)}
    drawn = np.stack([amounts.draws[amounts.index[first[unit].key]] for unit in units])
    place = np.argsort(np.argsort(drawn, axis=0), axis=0) + 1
    others = (drawn.sum(axis=0) - drawn) / (len(units) - 1)
    better = (drawn < others).mean(axis=1)
    low, high = np.quantile(place, [0.05, 0.95], axis=1)
    at = {unit: position for position, unit in enumerate(units)}
    return [
        Rank(
            item.facility_id,
            item.year,
            quantity,
            peers,
            len(units),
            int(np.floor(low[at[item.unit]])),
            int(np.ceil(high[at[item.unit]])),
            round(float(better[at[item.unit]]), 3),
        )
        for item in items
    ]
