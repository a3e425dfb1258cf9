"""Crude steel per plant and year.

Several witnesses may speak of a mill: Global Energy Monitor's output, its blast furnace iron, its
output of other years moved by its emissions, its capacity with the utilisation of the year. They are
averaged by how sure each is. Where none speaks, the mill's own emissions are divided by the factor of
its route; such tonnage is marked, for an intensity made of it would only give the factor back.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from comingclean.estimates.amounts import Item, stacked
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import SCOPE1, YEARS
from comingclean.estimates.production import mills
from comingclean.estimates.production.common import (
    Made,
    Tools,
    meet,
    ratio_sigma,
    together,
    worst,
)
from comingclean.estimates.production.outputs import OWN, SHARED, carried, outputs
from comingclean.estimates.production.reconcile import Target
from comingclean.estimates.production.witness import Weighed, Witness, weighed

INDUSTRY: Final = "iron_steel"
OXYGEN: Final = ("BF-BOF", "BOF")
ELECTRIC: Final = ("EAF", "EAF+DRI", "BF; EAF")
GROUPS: Final = (("BOF", OXYGEN), ("EAF", ELECTRIC))
MELTING: Final = OXYGEN + ELECTRIC
CAPACITY: Final = "steel_capacity"
_INVERSION_UNIT: Final = "t CO2e/t steel"
_WEAKER: Final = {"C": "D", "D": "E", "E": "E"}


def production(tools: Tools, *, with_output: bool = True) -> Made:
    """Crude steel per mill and year (t), by route, reconciled where a national total is known.

    `with_output` False leaves out what Global Energy Monitor says was made, to test what is left.
    """
    made = [
        _group_year(tools, name, routes, year, with_output) for year in YEARS for name, routes in GROUPS
    ]
    return together(made, tools.draws.count)


def _group_year(tools: Tools, name: str, routes: tuple[str, ...], year: int, with_output: bool) -> Made:
    units = mills.units(tools, routes, year)
    pairs = [
        pair
        for unit, plants in units.items()
        for pair in _shared_out(
            tools, unit, plants, year, witnesses(tools, unit, plants, year, with_output)
        )
    ]
    target = _target(tools, name, year)
    return meet(tools, stacked(pairs, tools.draws.count), (INDUSTRY, "steel", name), year, target)


def witnesses(
    tools: Tools, unit: str, plants: list[str], year: int, with_output: bool = True
) -> list[Witness]:
    """What is said of a mill, or of mills with one record; its emissions where nothing is.

    None where it stood idle.
    """
    if mills.idle(tools, plants, year):
        return []
    said = outputs(tools, unit, plants, year) if with_output else []
    other = carried(tools, unit, plants, year) if with_output else None
    said += [other] if other else []
    # A company's output shared out by capacity is the capacity once more, and better informed.
    shared = any(witness.method == SHARED for witness in said)
    held = mills.capacity(tools, unit, plants, year)
    if held is not None and not shared:
        said.append(_capacity(tools, plants, year, held))
    return said or [_inverted(tools, plants, year)]


def _capacity(tools: Tools, plants: list[str], year: int, held: mills.Capacity) -> Witness:
    """Its capacity times the utilisation of the year; a year run in part counts in part."""
    use = tools.factors.of(tools.yearly("steel_utilisation", year), "share")
    drawn = held.drawn(tools) * tools.draws.factor(use.name, use)
    drawn = drawn * tools.spread(f"use/{plants[0]}/{year}", "mill_use_spread")
    sources = (*held.sources, use.source, "parameters/mill_use_spread")
    extra, partial = 0.0, mills.partial(tools, plants, year)
    first = mills.starts(tools, plants, year)
    if partial:
        active = mills.activity(tools, plants, year)
        drawn = drawn * active * tools.spread(f"part/{plants[0]}/{year}", "mill_part_spread")
        sources = (*sources, *tools.filed_sources(plants[0], year), "parameters/mill_part_spread")
        extra = tools.deviation("mill_part_spread")
    if first:
        ramp = tools.factors.of("mill_first_year", "share")
        drawn = drawn * tools.draws.factor(f"first/{plants[0]}", ramp)
        sources = (*sources, ramp.source)
        extra = float(np.hypot(extra, ratio_sigma(ramp.low, ramp.value, ramp.high)))
    return Witness(
        drawn,
        float(np.linalg.norm([held.deviation, tools.deviation("mill_use_spread"), extra])),
        f"{CAPACITY}_part" if partial or first else CAPACITY,
        "D",
        sources,
        shared=ratio_sigma(use.low, use.value, use.high),
        inverted=partial,
        ceiling=held.ceiling(tools),
    )


def _inverted(tools: Tools, plants: list[str], year: int) -> Witness:
    """Its own emissions divided by the factor of its route."""
    route, _ = tools.evidence.route(plants[0], year)
    name = "steel_ghg_bof" if route in OXYGEN else "steel_ghg_eaf"
    factor = tools.factors.of(name, _INVERSION_UNIT)
    spread = f"{name}_plant_spread"
    emitted = sum(tools.evidence.amount(SCOPE1, plant, year) for plant in plants)
    return Witness(
        emitted / tools.draws.factor(name, factor) * tools.spread(f"inverted/{plants[0]}", spread),
        tools.deviation(spread),
        "steel_from_emissions",
        "E",
        (*tools.filed_sources(plants[0], year), factor.source, f"parameters/{spread}"),
        shared=ratio_sigma(factor.low, factor.value, factor.high),
        inverted=True,
    )


def _shared_out(
    tools: Tools, unit: str, plants: list[str], year: int, found: list[Witness]
) -> list[tuple[Item, Numbers]]:
    """The tonnage of a unit for each of its plants, by their emissions where one record has several."""
    if not found:
        return []
    whole = weighed(found, tools.draws.normal(f"apart/{unit}/{year}"))
    parts = mills.parts(tools, plants, year)
    return [
        (_item(tools, (unit, plant, year), found, whole, len(plants) > 1), whole.drawn * part)
        for plant, part in zip(plants, parts, strict=True)
    ]


def _item(
    tools: Tools, key: tuple[str, str, int], found: list[Witness], whole: Weighed, several: bool
) -> Item:
    unit, plant, year = key
    disagree = whole.apart > tools.factors.of("sources_disagree", "standard deviations").value
    grade = worst(min(w.grade for w in found), "E" if several else "C")
    outputs_of_year = any(w.method in (OWN, SHARED) for w in found)
    filed = tools.filed_sources(plant, year) if several else ()
    return Item(
        plant,
        year,
        tools.evidence.route(plant, year)[0],
        "steel_site_shared_out" if several else whole.first.method,
        _WEAKER[grade] if disagree else grade,
        (*sorted({name for w in found for name in w.sources}), *filed),
        inverted=all(w.inverted for w in found),
        unit=unit,
        ceiling=float("inf") if outputs_of_year else min(w.ceiling for w in found),
        own=whole.deviation,
        shared=min(whole.shared, whole.deviation),
        said=tuple(float(w.drawn.mean()) for w in found) if disagree else (),
    )


def _target(tools: Tools, group: str, year: int) -> Target | None:
    """The national steel of a route: raw steel times the oxygen furnaces' share, or the rest."""
    raw, share = tools.total("raw_steel", year), tools.total("bof_share", year)
    if raw is None or share is None:
        return None
    oxygen = tools.drawn_total(raw) * tools.drawn_total(share)
    total = oxygen if group == "BOF" else tools.drawn_total(raw) - oxygen
    published = raw["value"] * (share["value"] if group == "BOF" else 1 - share["value"])
    return tools.target(f"the {group} steel of {year}", total, [raw, share], published)
