"""Who is better than whom: ranks among plants that make the same thing by the same route.

Ranked are only plants with a tonnage of their own. Whoever is not ranked has a reason, which is the
name of a row of data/findings.toml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts, Item
from comingclean.estimates.evidence import PlantYear
from comingclean.estimates.intensity import LEAVES_THE_FENCE, group
from comingclean.estimates.production.common import Tools
from comingclean.estimates.production.steel import CAPACITY, ELECTRIC

_FEWEST: Final = 3
PRODUCTS: Final = "products"


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


@dataclass(frozen=True)
class Unranked:
    """A plant and year that is shown and not ranked, and the rule that says why."""

    facility_id: str
    year: int
    quantity: str
    reason: str


@dataclass(frozen=True)
class Ranking:
    """Who is ranked, and who is not."""

    ranked: tuple[Rank, ...] = ()
    rest: tuple[Unranked, ...] = ()

    def __add__(self, other: Ranking) -> Ranking:
        """Both together."""
        return Ranking(self.ranked + other.ranked, self.rest + other.rest)


def in_doubt(tools: Tools, per_tonne: Amounts, products: Amounts) -> set[PlantYear]:
    """Plants and years whose electric furnace would emit far less or more a tonne than any is known to.

    Their tonnage is likelier wrong than their furnace is a wonder: they are shown and not ranked. A
    capacity that is in doubt in one year is in doubt in all: it is the same figure.
    """
    factor = tools.factors["steel_ghg_eaf"].value
    far = tools.factors.of("tonnage_doubt", "factor").value
    middle = {
        item.key: float(at) for item, at in zip(per_tonne.items, per_tonne.middles(), strict=True)
    }
    electric = [item for item in per_tonne.items if item.route in ELECTRIC and not item.inverted]
    found = {i.key for i in electric if not factor / far <= middle[i.key] <= factor * far}
    doubted = {(key[0], held) for key in found if (held := _capacity(products, key))}
    return found | {i.key for i in electric if (i.facility_id, _capacity(products, i.key)) in doubted}


def _capacity(products: Amounts, key: PlantYear) -> frozenset[str]:
    """The rows of the capacity that a tonnage rests on, empty where it rests on more."""
    item = products.item(key)
    if item is None or item.method != CAPACITY:
        return frozenset()
    return frozenset(name for name in item.sources if "capacity_steel" in name)


def peers(tools: Tools, item: Item) -> str | None:
    """The group that a plant is compared in: its route, and for electric mills what they roll.

    None where an electric mill's products are not known.
    """
    if item.route not in ELECTRIC:
        return group(item)
    rows = tools.evidence.said(item.facility_id, PRODUCTS)
    return f"{item.route}, {rows[0]['value']}" if rows else None


def ranking(
    tools: Tools, amounts: Amounts, quantity: str, doubtful: frozenset[PlantYear] = frozenset()
) -> Ranking:
    """Ranks among peers: same product, same route, same year, tonnage of their own, at least three.

    `doubtful` plants and years are left out, and so are those whose gas leaves the fence.
    """
    exporting = {factor.name.split("/")[1] for factor in tools.factors.named("gas_leaves/")}
    groups: dict[tuple[str, int], list[Item]] = defaultdict(list)
    rest = []
    for item in amounts.items:
        name = peers(tools, item)
        reason = _reason(item, exporting, doubtful) or (None if name else "products_not_known")
        if reason or name is None:
            rest.append((item, reason or ""))
        else:
            groups[name, item.year].append(item)
    made = [_rank(amounts, items, name, quantity) for (name, _), items in groups.items()]
    few = [(item, "too_few_peers") for items in groups.values() for item in _lonely(items)]
    return Ranking(
        tuple(rank for found in made for rank in found),
        tuple(Unranked(item.facility_id, item.year, quantity, why) for item, why in (*rest, *few)),
    )


def _reason(item: Item, exporting: set[str], doubtful: frozenset[PlantYear]) -> str | None:
    if item.method == "intensity_smelter":
        return "smelter_by_factor"
    if item.inverted:
        return "tonnage_from_emissions"
    if item.route in LEAVES_THE_FENCE or item.facility_id in exporting:
        return "gas_leaves_the_fence"
    return "tonnage_in_doubt" if item.key in doubtful else None


def _units(items: Iterable[Item]) -> list[str]:
    """Plants with one record count as one peer."""
    return sorted({item.unit for item in items})


def _lonely(items: list[Item]) -> list[Item]:
    return items if len(_units(items)) < _FEWEST else []


def _rank(amounts: Amounts, items: list[Item], name: str, quantity: str) -> list[Rank]:
    """Plants with one record get the same rank."""
    units = _units(items)
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
            name,
            len(units),
            int(np.floor(low[at[item.unit]])),
            int(np.ceil(high[at[item.unit]])),
            round(float(better[at[item.unit]]), 3),
        )
        for item in items
    ]
