"""People who work at a plant: as a source says for that plant, else by its product.

Where the nation's number is known, the plants and what lies outside the atlas are made to add up to it
together. Nobody publishes how many work outside, so that this item has a wide interval and takes up
most of what the plants' own numbers leave. A number that a source gives for a whole company is not
used.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts, Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import YEARS, Row
from comingclean.estimates.factors import Factor
from comingclean.estimates.production import mills
from comingclean.estimates.production.common import (
    Adjustment,
    Made,
    Tools,
    meet,
    ratio_sigma,
    together,
)

_PER_TONNE: Final = {
    "by-product coke": "jobs_coke_by_product",
    "heat-recovery coke": "jobs_coke_heat_recovery",
    "electrolysis": "jobs_aluminum",
}
SERIES: Final = {"iron_steel": "jobs_iron_steel", "cement": "jobs_cement"}
# Industries whose plants keep their people in a poor year: the usual tonnage counts.
_STEADY: Final = ("iron_steel", "cement")
# Global Energy Monitor's numbers are undated; before the years of its output they are worth less.
UNDATED_FROM: Final = 2019
OUTSIDE: Final = "outside the atlas"
_UNIT: Final = "people/kt"
_KILOTONNE, _MEGATONNE = 1e3, 1e6


def employment(tools: Tools, industry: str, products: Amounts) -> Made:
    """People per plant and year; reconciled where the nation's number is known."""
    tonnes = _tonnes(products, steady=industry in _STEADY)
    return together(
        [_year(tools, industry, (products, tonnes), year) for year in YEARS], tools.draws.count
    )


def _tonnes(products: Amounts, *, steady: bool) -> dict[tuple[str, int], Numbers]:
    """The tonnage that decides how many people work there: of the year, or of a usual year."""
    of_plant: dict[str, list[int]] = {}
    for at, item in enumerate(products.items):
        of_plant.setdefault(item.facility_id, []).append(at)
    usual = {plant: products.draws[at].mean(axis=0) for plant, at in of_plant.items()}
    return {
        item.key: usual[item.facility_id] if steady else products.draws[at]
        for at, item in enumerate(products.items)
    }


def _year(
    tools: Tools, industry: str, made: tuple[Amounts, dict[tuple[str, int], Numbers]], year: int
) -> Made:
    products, tonnes = made
    nation = tools.total(SERIES[industry], year) if industry in SERIES else None
    pairs = []
    for plant in tools.evidence.of_industry(industry):
        if year in tools.evidence.ran(plant) or (plant, year) in products.index:
            item = products.item((plant, year))
            dated = nation is None and year < UNDATED_FROM
            found = _noticed(tools, plant, year) or (
                None
                if dated
                else _inventory(tools, plant, year)
                or _guessed(tools, industry, item, tonnes.get((plant, year)), (plant, year))
            )
            pairs += [found] if found else []
    return _meet(tools, industry, pairs, year, nation)


def _noticed(tools: Tools, plant: str, year: int) -> tuple[Item, Numbers] | None:
    """What a source says of this very plant in about that year."""
    slack = tools.factors.of("workforce_slack", "years").value
    noticed = [f for f in tools.factors.named(f"workforce/{plant}/") if _near(f, year, slack)]
    if not noticed:
        return None
    factor = min(noticed, key=lambda f: abs(f.years()[0] - year))
    item = _item(plant, year, "employment_notice", "C", (factor.source,))
    drawn = tools.draws.factor(f"workforce/{plant}", factor)
    return _own(item, ratio_sigma(factor.low, factor.value, factor.high)), drawn


def _near(factor: Factor, year: int, slack: float) -> bool:
    first, last = factor.years()
    return first - slack <= year <= last + slack


def _inventory(tools: Tools, plant: str, year: int) -> tuple[Item, Numbers] | None:
    """The undated workforce of an inventory; where it is a whole site's, by emissions."""
    unit = plant if tools.evidence.numbers(plant, "workforce") else mills.unit_of(tools, plant)
    rows = tools.evidence.numbers(unit, "workforce")
    if not rows:
        return None
    name = "workforce_spread" if year >= UNDATED_FROM else "workforce_spread_older"
    drawn = sum(row["number"] for row in rows) * tools.spread(f"workforce/{unit}", name)
    sources = (*(row["lineage_id"] for row in rows), f"parameters/{name}")
    if unit == plant:
        item = _item(plant, year, "employment_inventory", "D", sources)
        return _own(item, tools.deviation(name)), drawn
    several = mills.units(tools, ("BF-BOF",), year).get(unit, [])
    if plant not in several:
        return None
    part = mills.parts(tools, several, year, usual=True)[several.index(plant)]
    item = _item(plant, year, "employment_site_shared_out", "E", sources)
    return _own(item, tools.deviation(name)), drawn * part


def _guessed(
    tools: Tools, industry: str, made: Item | None, tonnes: Numbers | None, key: tuple[str, int]
) -> tuple[Item, Numbers] | None:
    """By its product, for plants of which no source says how many work there."""
    if made is None or tonnes is None:
        return _finishing(tools, *key) if industry == "iron_steel" else None
    if industry == "iron_steel":
        return _by_size(tools, made, tonnes)
    name = "jobs_cement" if industry == "cement" else _PER_TONNE[made.route]
    factor, spread = tools.factors.of(name, _UNIT), "jobs_plant_spread"
    people, sources = tools.draws.factor(name, factor) * tonnes / _KILOTONNE, [factor.source]
    if industry == "cement":
        fixed, plant = (
            tools.factors.of(which, unit)
            for which, unit in (("jobs_cement_fixed", "share"), ("jobs_cement_plant", "people"))
        )
        there = tools.draws.factor(fixed.name, fixed)
        people = people * (1 - there) + tools.draws.factor(plant.name, plant) * there
        sources += [fixed.source, plant.source]
    item = _share(tools, made, (*sources, f"parameters/{spread}"), spread)
    shared = ratio_sigma(factor.low, factor.value, factor.high)
    return replace(item, shared=shared), people * tools.spread(f"jobs/{made.facility_id}", spread)


def _by_size(tools: Tools, made: Item, tonnes: Numbers) -> tuple[Item, Numbers]:
    """A mill: large ones have fewer people a tonne, as those with a known number show."""
    mill = tools.factors.of("jobs_steel_mill", "people")
    size = tools.factors.of("jobs_steel_size", "exponent")
    people = tools.draws.factor(mill.name, mill) * (tonnes / _MEGATONNE) ** tools.draws.factor(
        size.name, size
    )
    spread = "jobs_steel_spread"
    item = _share(tools, made, (mill.source, size.source, f"parameters/{spread}"), spread)
    shared = ratio_sigma(mill.low, mill.value, mill.high)
    return replace(item, shared=shared), people * tools.spread(f"jobs/{made.facility_id}", spread)


def _share(tools: Tools, made: Item, sources: tuple[str, ...], spread: str) -> Item:
    item = _item(made.facility_id, made.year, "employment_share", "E", (*made.sources, *sources))
    return _own(item, float(np.hypot(tools.deviation(spread), made.own)))


def _finishing(tools: Tools, plant: str, year: int) -> tuple[Item, Numbers]:
    """A mill that melts nothing, or stands idle: the people of a finishing line."""
    factor = tools.factors.of("jobs_finishing", "people")
    item = _item(plant, year, "employment_finishing", "E", (factor.source,))
    drawn = tools.draws.factor(f"jobs/{plant}", factor)
    return _own(item, ratio_sigma(factor.low, factor.value, factor.high)), drawn


def _item(plant: str, year: int, method: str, grade: str, sources: tuple[str, ...]) -> Item:
    return Item(plant, year, "", method, grade, sources, unit=plant)


def _own(item: Item, own: float) -> Item:
    return replace(item, own=own)


def _meet(
    tools: Tools,
    industry: str,
    pairs: list[tuple[Item, Numbers]],
    year: int,
    nation: Row | None,
) -> Made:
    """The plants of a year and what lies outside, made to add up to the nation's number."""
    label = (industry, "jobs", "all")
    if nation is None or not pairs:
        return meet(tools, stacked(pairs, tools.draws.count), label, year, None)
    people = tools.drawn_total(nation)
    whole = stacked([*pairs, _outside(tools, industry, people, year)], tools.draws.count)
    target = tools.target(f"the people of {industry} in {year}", people, [nation], nation["value"])
    made = meet(tools, whole, label, year, target)
    final, before = (
        part.where(lambda item: item.facility_id != OUTSIDE) for part in (made.final, made.before)
    )
    row = replace(made.adjustments[0], plants=len(pairs))
    return Made(final, before, (row, _residual(made, row)))


def _outside(tools: Tools, industry: str, people: Numbers, year: int) -> tuple[Item, Numbers]:
    share = tools.factors.of(f"jobs_outside_{industry}", "share")
    item = _item(OUTSIDE, year, "outside", "E", (share.source,))
    own = ratio_sigma(share.low, share.value, share.high)
    return _own(item, own), tools.draws.factor(share.name, share) * people


def _residual(made: Made, row: Adjustment) -> Adjustment:
    """How many work outside the atlas, before and after: a result, which nobody published."""
    item, before = made.before.both((OUTSIDE, row.year))
    _, after = made.final.both((OUTSIDE, row.year))
    return replace(
        row,
        route=OUTSIDE,
        published=None,
        before=float(before.mean()),
        after=float(after.mean()),
        plants=0,
        sources=(*row.sources, *item.sources),
        verified=False,
    )
