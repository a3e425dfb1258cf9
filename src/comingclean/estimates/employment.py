"""People who work at a plant: as a source says for that plant, else its share of the industry.

Where the nation's number is known all plants of the industry are made to add up to it, less what
works outside the atlas; a number that a source gives for a whole company is not used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers, sigma
from comingclean.estimates.evidence import YEARS
from comingclean.estimates.factors import Factor
from comingclean.estimates.production import mills
from comingclean.estimates.production.common import (
    Made,
    Tools,
    meet,
    ratio_sigma,
    together,
    total_draws,
    worst,
)
from comingclean.estimates.production.reconcile import Target

_GUESS: Final = {
    "iron_steel": "jobs_steel",
    "cement": "jobs_cement",
    "aluminum": "jobs_aluminum",
}
_COKE: Final = {
    "by-product coke": "jobs_coke_by_product",
    "heat-recovery coke": "jobs_coke_heat_recovery",
}
SERIES: Final = {"iron_steel": "jobs_iron_steel", "cement": "jobs_cement"}
# Global Energy Monitor's numbers are undated; before the years of its output they are worth less.
UNDATED_FROM: Final = 2019
_UNIT: Final = "people/kt"
_SLACK: Final = 2


def employment(tools: Tools, industry: str, products: Amounts) -> Made:
    """People per plant and year; reconciled where the nation's number is verified."""
    years = _years(tools, industry)
    made = [_year(tools, industry, products, year) for year in years]
    return together(made, tools.draws.count)


def _years(tools: Tools, industry: str) -> list[int]:
    """Years with a verified number; without any, those in which plants' numbers are near."""
    if industry not in SERIES:
        return [year for year in YEARS if year >= UNDATED_FROM]
    return [year for year in YEARS if tools.evidence.total(SERIES[industry], year)]


def _year(tools: Tools, industry: str, products: Amounts, year: int) -> Made:
    pairs = []
    for plant in tools.evidence.of_industry(industry):
        if year in tools.evidence.ran(plant) or (plant, year) in products.index:
            found = _said(tools, plant, year) or _guessed(tools, industry, products, plant, year)
            pairs += [found] if found else []
    label = (industry, "jobs", "all")
    return meet(stacked(pairs, tools.draws.count), label, year, _target(tools, industry, year))


def _said(tools: Tools, plant: str, year: int) -> tuple[Item, Numbers] | None:
    """What a source says of this very plant: a notice of about that year, else the inventory."""
    noticed = [f for f in tools.factors.named(f"workforce/{plant}/") if _near(f, year)]
    if noticed:
        factor = min(noticed, key=lambda f: abs(f.years()[0] - year))
        drawn = tools.draws.factor(f"workforce/{plant}", factor)
        item = _item(plant, year, "employment_notice", worst("C", factor.grade), (factor.source,))
        return _own(item, ratio_sigma(factor.low, factor.value, factor.high)), drawn
    return _inventory(tools, plant, year)


def _near(factor: Factor, year: int) -> bool:
    first, last = factor.years()
    return first - _SLACK <= year <= last + _SLACK


def _inventory(tools: Tools, plant: str, year: int) -> tuple[Item, Numbers] | None:
    """The undated workforce of an inventory; where it is a whole site's, by emissions."""
    unit = plant if tools.evidence.numbers(plant, "workforce") else mills.unit_of(tools, plant)
    rows = tools.evidence.numbers(unit, "workforce")
    if not rows:
        return None
    people = sum(row["number"] for row in rows)
    name = "workforce_spread" if year >= UNDATED_FROM else "workforce_spread_older"
    spread = tools.share(name)
    drawn = people * tools.draws.spread(f"workforce/{unit}", spread)
    sources = (*(row["lineage_id"] for row in rows), f"parameters/{name}")
    if unit == plant:
        item = _item(plant, year, "employment_inventory", "D", sources)
        return _own(item, sigma(spread)), drawn
    together = mills.units(tools, ("BF-BOF",), year).get(unit, [])
    if plant not in together:
        return None
    part = mills.parts(tools, together, year)[together.index(plant)]
    item = _item(plant, year, "employment_site_shared_out", "E", sources)
    return _own(item, sigma(spread)), drawn * part


def _guessed(
    tools: Tools, industry: str, products: Amounts, plant: str, year: int
) -> tuple[Item, Numbers] | None:
    """By its product: so many people a thousand tonnes, and for cement half of them by the plant."""
    tonnes, made = products.at((plant, year)), products.item((plant, year))
    if tonnes is None or made is None:
        return _base(tools, industry, plant, year)
    name = _COKE.get(made.route) or _GUESS[industry]
    factor = tools.factors.of(name, _UNIT)
    people = tools.draws.factor(name, factor) * tonnes / 1000
    if industry == "cement":
        people = people / 2 + tools.factors.of("jobs_cement_plant", "people").value / 2
    spread = tools.share("jobs_plant_spread")
    sources = (*made.sources, factor.source, "parameters/jobs_plant_spread")
    item = _item(plant, year, "employment_share", "E", sources)
    own = (sigma(spread) ** 2 + made.own**2) ** 0.5
    return _own(
        item, own, ratio_sigma(factor.low, factor.value, factor.high)
    ), people * tools.draws.spread(f"jobs/{plant}", spread)


def _base(tools: Tools, industry: str, plant: str, year: int) -> tuple[Item, Numbers] | None:
    """A mill that melts nothing, or stands idle: the people of a finishing line."""
    if industry != "iron_steel":
        return None
    factor = tools.factors.of("jobs_finishing", "people")
    item = _item(plant, year, "employment_finishing", "E", (factor.source,))
    return (
        _own(item, ratio_sigma(factor.low, factor.value, factor.high)),
        tools.draws.factor(f"jobs/{plant}", factor),
    )


def _item(plant: str, year: int, method: str, grade: str, sources: tuple[str, ...]) -> Item:
    return Item(plant, year, "", method, grade, sources, unit=plant)


def _own(item: Item, own: float, shared: float = 0.0) -> Item:
    return replace(item, own=own, shared=shared)


def _target(tools: Tools, industry: str, year: int) -> Target | None:
    series = SERIES.get(industry)
    row = tools.evidence.total(series, year) if series else None
    if row is None:
        return None
    outside = tools.factors.of(f"jobs_outside_{industry}", "share")
    z = tools.draws.factor(f"jobs_outside_{industry}", outside)
    total = np.asarray(total_draws(tools, row) * (1 - z))
    sources = (*row["sources"], outside.source)
    published = row["value"] * (1 - outside.value)
    return Target(f"the people of {industry} in {year}", total, sources, published, row["verified"])
