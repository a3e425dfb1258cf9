"""Crude steel per plant and year.

Several witnesses may speak of a mill: Global Energy Monitor's output, its blast furnace iron, its
capacity with the utilisation of the year. They are averaged by how sure each is. Where none speaks,
the mill's own emissions are divided by the factor of its route; such tonnage is marked, for an
intensity made of it would only give the factor back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Item, stacked
from comingclean.estimates.draws import Numbers, sigma
from comingclean.estimates.evidence import SCOPE1, YEARS
from comingclean.estimates.production import mills
from comingclean.estimates.production.common import (
    Made,
    Tools,
    meet,
    ratio_sigma,
    together,
    total_draws,
)
from comingclean.estimates.production.reconcile import Target

INDUSTRY: Final = "iron_steel"
OXYGEN: Final = ("BF-BOF", "BOF")
ELECTRIC: Final = ("EAF", "EAF+DRI", "BF; EAF")
GROUPS: Final = (("BOF", OXYGEN), ("EAF", ELECTRIC))
MELTING: Final = OXYGEN + ELECTRIC
_INVERSION_UNIT: Final = "t CO2e/t steel"


@dataclass(frozen=True)
class Witness:
    """One thing said of a mill's tonnage: draws, how sure (log. deviation), method, grade, sources."""

    drawn: Numbers
    deviation: float
    method: str
    grade: str
    sources: tuple[str, ...]
    shared: float = 0.0
    inverted: bool = False
    ceiling: float = float("inf")


def production(tools: Tools, *, with_output: bool = True) -> Made:
    """Crude steel per mill and year (t), by route, reconciled where a national total is verified.

    `with_output` False leaves out what Global Energy Monitor says was made, to test what is left.
    """
    made = [
        _group_year(tools, name, routes, year, with_output) for year in YEARS for name, routes in GROUPS
    ]
    return together(made, tools.draws.count)


def _group_year(tools: Tools, name: str, routes: tuple[str, ...], year: int, with_output: bool) -> Made:
    units = mills.units(tools, routes, year)
    whole = [
        (unit, plants, _unit(tools, unit, plants, year, with_output)) for unit, plants in units.items()
    ]
    pairs = [
        pair for unit, plants, found in whole for pair in _shared_out(tools, unit, plants, year, found)
    ]
    target = _target(tools, name, year)
    return meet(stacked(pairs, tools.draws.count), (INDUSTRY, "steel", name), year, target)


def _unit(tools: Tools, unit: str, plants: list[str], year: int, with_output: bool) -> list[Witness]:
    """What is said of a mill, or of mills with one record; its emissions where nothing is."""
    active = mills.activity(tools, plants, year)
    if active < tools.factors.of("mill_idle_below", "share").value:
        return []
    own = [*_output(tools, unit, plants, year)] if with_output else []
    # A company's output shared out by capacity is the capacity once more, and better informed.
    shared = any(witness.method == "steel_output_shared" for witness in own)
    held = mills.capacity(tools, unit, plants, year)
    if held is not None and not shared:
        own.append(_capacity(tools, plants, year, held, active))
    return own or [_inverted(tools, plants, year)]


def _output(tools: Tools, unit: str, plants: list[str], year: int) -> Iterable[Witness]:
    """Its output, and its blast furnace iron, as Global Energy Monitor has them."""
    rows = tools.evidence.made(unit, "steel", year)
    if rows and sum(row["value"] for row in rows) > 0:
        shared = any(row["shared"] for row in rows)
        name = "output_shared_spread" if shared else "output_own_spread"
        yield Witness(
            tools.draws.spread(f"output/{unit}/{year}", tools.share(name))
            * sum(row["value"] for row in rows),
            sigma(tools.share(name)),
            "steel_output_shared" if shared else "steel_output",
            "D" if shared else "C",
            (*(row["lineage_id"] for row in rows), f"parameters/{name}"),
        )
    iron = tools.evidence.made(unit, "pig_iron", year)
    if iron and sum(row["value"] for row in iron) > 0:
        yield _from_iron(tools, unit, plants, year)


def _from_iron(tools: Tools, unit: str, plants: list[str], year: int) -> Witness:
    """Steel from the iron of its own blast furnaces, by the nation's ratio."""
    rows = tools.evidence.made(unit, "pig_iron", year)
    ratio = tools.factors.of("steel_per_pig_iron", "t steel/t pig iron")
    name = "output_own_spread"
    drawn = tools.draws.spread(f"iron/{unit}/{year}", tools.share(name)) * sum(r["value"] for r in rows)
    return Witness(
        drawn * tools.draws.factor("steel_per_pig_iron", ratio),
        (sigma(tools.share(name)) ** 2 + ratio_sigma(ratio.low, ratio.value, ratio.high) ** 2) ** 0.5,
        "steel_from_iron",
        "C",
        (*(row["lineage_id"] for row in rows), ratio.source, f"parameters/{name}"),
        shared=ratio_sigma(ratio.low, ratio.value, ratio.high),
    )


def _capacity(
    tools: Tools, plants: list[str], year: int, held: mills.Capacity, active: float
) -> Witness:
    """Its capacity times the utilisation of the year; a year run in part counts in part."""
    name = tools.yearly("steel_utilisation", year)
    use = tools.factors.of(name, "share")
    partial = active < tools.factors.of("mill_partial_below", "share").value
    drawn = held.drawn(tools) * tools.draws.factor(name, use)
    drawn = drawn * tools.draws.spread(f"use/{plants[0]}/{year}", tools.share("mill_use_spread"))
    if partial:
        drawn = (
            drawn
            * active
            * tools.draws.spread(f"part/{plants[0]}/{year}", tools.share("mill_part_spread"))
        )
    first = mills.starts(tools, plants, year)
    if first:
        ramp = tools.factors.of("mill_first_year", "share")
        drawn = drawn * tools.draws.factor(f"first/{plants[0]}", ramp)
    extra = sigma(tools.share("mill_part_spread")) if partial or first else 0.0
    sources = (*held.sources, use.source, "parameters/mill_use_spread")
    return Witness(
        drawn,
        (held.deviation**2 + sigma(tools.share("mill_use_spread")) ** 2 + extra**2) ** 0.5,
        "steel_capacity_part" if partial or first else "steel_capacity",
        "E" if partial or first else "D",
        (*sources, *tools.filed_sources(plants[0], year)) if partial else sources,
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
        emitted
        / tools.draws.factor(name, factor)
        * tools.draws.spread(f"inverted/{plants[0]}", tools.share(spread)),
        sigma(tools.share(spread)),
        "steel_from_emissions",
        "E",
        (*tools.filed_sources(plants[0], year), factor.source, f"parameters/{spread}"),
        shared=ratio_sigma(factor.low, factor.value, factor.high),
        inverted=True,
    )


def weighed(witnesses: list[Witness]) -> tuple[Numbers, float]:
    """Several independent witnesses as one: the mean of their logarithms, each by its precision."""
    weights = np.array([1 / max(w.deviation, 1e-6) ** 2 for w in witnesses])
    logs = np.log(np.stack([np.maximum(w.drawn, 1e-9) for w in witnesses]))
    drawn: Numbers = np.exp((logs * weights[:, None]).sum(axis=0) / weights.sum())
    return drawn, float(weights.sum() ** -0.5)


def _shared_out(
    tools: Tools, unit: str, plants: list[str], year: int, found: list[Witness]
) -> list[tuple[Item, Numbers]]:
    """The tonnage of a unit for each of its plants, by their emissions where one record has several."""
    if not found:
        return []
    drawn, own = weighed(found)
    first = max(found, key=lambda witness: 1 / witness.deviation)
    parts = mills.parts(tools, plants, year)
    several = len(plants) > 1
    return [
        (
            Item(
                plant,
                year,
                tools.evidence.route(plant, year)[0],
                "steel_site_shared_out" if several else first.method,
                "E" if several else min(w.grade for w in found),
                tuple(sorted({name for w in found for name in w.sources}))
                + (tools.filed_sources(plant, year) if several else ()),
                inverted=all(w.inverted for w in found),
                unit=unit,
                ceiling=max(w.ceiling for w in found),
                own=own,
                shared=max(w.shared for w in found) / len(found),
            ),
            drawn * part,
        )
        for plant, part in zip(plants, parts, strict=True)
    ]


def _target(tools: Tools, group: str, year: int) -> Target | None:
    """The national steel of a route: raw steel times the oxygen furnaces' share, or the rest."""
    raw = tools.evidence.total("raw_steel", year)
    share = tools.evidence.total("bof_share", year)
    if raw is None or share is None:
        return None
    oxygen = total_draws(tools, raw) * total_draws(tools, share)
    total = oxygen if group == "BOF" else total_draws(tools, raw) - oxygen
    sources = (*raw["sources"], *share["sources"])
    published = raw["value"] * (share["value"] if group == "BOF" else 1 - share["value"])
    verified = raw["verified"] and share["verified"]
    return Target(f"the {group} steel of {year}", total, sources, published, verified)
