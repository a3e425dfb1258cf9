"""Bought electricity, location-based: tonnes, times electricity per tonne, times the grid's rate.

The rate is that of the eGRID subregion where the plant stands and of the year; years between two
tables are interpolated. Power that a works makes from its own gases is in its scope 1, so that only
what it buys is counted; a smelter's own power station is left out of scope 1 here and its metal is
counted as if it bought the power, so that either way it counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import Evidence
from comingclean.estimates.factors import Factor
from comingclean.estimates.production.cement import GRINDING
from comingclean.estimates.production.common import Tools, worst

FIRST_YEAR: Final = 2018
_UNIT: Final = "kWh/t"
_KILO: Final = 1000.0


# Routes whose electricity a source gives. Coke and plain rolling have none, and so no estimate.
USES: Final = {
    "EAF": "electricity_eaf",
    "EAF+DRI": "electricity_eaf",
    "BF; EAF": "electricity_eaf",
    "BF-BOF": "electricity_bof",
    "BOF": "electricity_bof",
    "electrolysis": "electricity_aluminum",
    GRINDING: "electricity_cement_grinding",
}
KILN: Final = "electricity_cement_kiln"
DRI: Final = "electricity_dri"


def parameter_of(item: Item) -> str | None:
    """The parameter of electricity per tonne for an amount of a product, or None."""
    if item.route in USES:
        return USES[item.route]
    return KILN if "kiln" in item.route else None


def scope2(tools: Tools, products: Amounts, reduced: Amounts) -> Amounts:
    """Scope 2 per plant and year from 2018 on (t CO2e); `reduced` is directly reduced iron."""
    pairs = []
    for item in products.items:
        tonnes, name = products.at(item.key), parameter_of(item)
        rate = _rate(tools, item)
        if tonnes is not None and name is not None and rate is not None:
            used = _electricity(tools, item, name) * tonnes + _iron_power(tools, reduced, item)
            pairs.append((_item(tools, item, name, rate), used * rate.drawn))
    alone = [item for item in reduced.items if item.key not in products.index]
    for item in alone:
        tonnes, rate = reduced.at(item.key), _rate(tools, item)
        if tonnes is not None and rate is not None:
            used = _electricity(tools, item, DRI) * tonnes
            pairs.append((_item(tools, item, DRI, rate), used * rate.drawn))
    return stacked(pairs, tools.draws.count)


def _iron_power(tools: Tools, reduced: Amounts, item: Item) -> Numbers | float:
    iron = reduced.at(item.key)
    return 0.0 if iron is None else _electricity(tools, item, DRI) * iron


def _electricity(tools: Tools, item: Item, name: str) -> Numbers:
    """MWh a tonne: what all plants of a route share, and the spread between them."""
    factor = tools.factors.of(name, _UNIT)
    together = tools.draws.factor(name, factor) / _KILO
    return together * tools.spread(f"electricity/{item.facility_id}", "electricity_plant_spread")


@dataclass(frozen=True)
class Rate:
    """The rate of a plant's grid in a year (t CO2e/MWh), and how it was come by."""

    drawn: Numbers
    interpolated: bool
    certain: bool
    sources: tuple[str, ...]


def _rate(tools: Tools, item: Item) -> Rate | None:
    """Draws of the rate: each draw has one subregion, by the neighbours' shares; None where unknown."""
    if item.year < FIRST_YEAR:
        return None
    places = [row for row in tools.evidence.grid_places.get(item.facility_id, []) if row["share"] > 0]
    known = [(row, _of_year(tools.evidence, row["subregion"], item.year)) for row in places]
    found = [(row, at) for row, at in known if at is not None]
    if not found:
        return None
    shares = np.cumsum([row["share"] for row, _ in found])
    u = _uniform(tools.draws.normal(f"subregion/{item.facility_id}")) * shares[-1]
    pick = np.minimum(np.searchsorted(shares, u), len(found) - 1)
    values = np.array([at[0] for _, at in found])[pick]
    interpolated = any(at[1] for _, at in found)
    name = "grid_rate_interpolated" if interpolated else "grid_rate_published"
    drawn = values * tools.spread(f"grid/{found[0][0]['subregion']}/{item.year}", name)
    sources = {name for row, at in found for name in (*row["lineage_ids"], *at[2])}
    return Rate(drawn, interpolated, len(found) == 1, (*sorted(sources), f"parameters/{name}"))


def _uniform(z: Numbers) -> Numbers:
    """Normal numbers as ranks between 0 and 1: every stream holds each quantile once."""
    ranks: Numbers = (np.argsort(np.argsort(z)) + 0.5) / len(z)
    return ranks


def _of_year(evidence: Evidence, subregion: str, year: int) -> tuple[float, bool, list[str]] | None:
    """The rate of a subregion in a year: value, whether interpolated, lineage ids."""
    known = evidence.grid_rates.get(subregion, {})
    if year in known:
        return known[year]["value"], False, [known[year]["lineage_id"]]
    before = [at for at in known if at < year]
    after = [at for at in known if at > year]
    if not before or not after:
        return None
    first, last = max(before), min(after)
    share = (year - first) / (last - first)
    value = known[first]["value"] * (1 - share) + known[last]["value"] * share
    return value, True, [known[first]["lineage_id"], known[last]["lineage_id"]]


def _item(tools: Tools, item: Item, name: str, rate: Rate) -> Item:
    factor: Factor = tools.factors[name]
    extra = ("parameters/electricity_plant_spread", factor.source, *rate.sources)
    return Item(
        item.facility_id,
        item.year,
        item.route,
        "scope2_interpolated" if rate.interpolated else "scope2_published",
        worst(item.grade, factor.grade, "D" if rate.interpolated or not rate.certain else "C"),
        (*item.sources, *extra),
        inverted=item.inverted,
        unit=item.unit,
    )
