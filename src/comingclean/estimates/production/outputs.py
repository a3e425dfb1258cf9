"""What Global Energy Monitor says that a mill made: in the year itself, and in the years around it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from comingclean.estimates.draws import REACH, sigma
from comingclean.estimates.evidence import SCOPE1, YEARS, Row
from comingclean.estimates.production import mills
from comingclean.estimates.production.common import Tools, ratio_sigma
from comingclean.estimates.production.witness import Witness, weighed

OWN: Final = "steel_output"
SHARED: Final = "steel_output_shared"
CARRIED: Final = "steel_carried"
_RATIO: Final = "t steel/t pig iron"


def outputs(tools: Tools, unit: str, plants: list[str], year: int) -> list[Witness]:
    """Its output of the year, and steel from its blast furnace iron."""
    steel, iron = (_some(tools.evidence.made(unit, name, year)) for name in ("steel", "pig_iron"))
    found = []
    if steel:
        found.append(_output(tools, unit, year, steel))
    if iron:
        found.append(_from_iron(tools, unit, year, iron))
    return found


def _some(rows: list[Row]) -> list[Row]:
    return rows if sum(row["value"] for row in rows) > 0 else []


def _output(tools: Tools, unit: str, year: int, rows: list[Row]) -> Witness:
    shared = any(row["shared"] for row in rows)
    name = "output_shared_spread" if shared else "output_own_spread"
    tonnes = sum(row["value"] for row in rows)
    rounded = 0.0 if shared else _rounding(tools, tonnes)
    z = tools.draws.normal(f"rounding/{unit}/{year}")
    drawn = tonnes * tools.spread(f"output/{unit}/{year}", name)
    return Witness(
        drawn * np.exp(z * rounded - rounded**2 / 2),
        float(np.hypot(tools.deviation(name), rounded)),
        SHARED if shared else OWN,
        "D" if shared else "C",
        (*(row["lineage_id"] for row in rows), f"parameters/{name}"),
    )


def _rounding(tools: Tools, tonnes: float) -> float:
    """The deviation that a round figure has from its rounding, as a logarithm; zero for others."""
    digit = tools.factors.of("output_rounding", "t").value
    return sigma(digit / 2 / tonnes) * REACH / 3**0.5 if digit and tonnes % digit == 0 else 0.0


def _from_iron(tools: Tools, unit: str, year: int, rows: list[Row]) -> Witness:
    """Steel from the iron of its own blast furnaces, by the nation's ratio."""
    ratio = tools.factors.of("steel_per_pig_iron", _RATIO)
    name = "output_own_spread"
    drawn = tools.spread(f"iron/{unit}/{year}", name) * sum(row["value"] for row in rows)
    together = ratio_sigma(ratio.low, ratio.value, ratio.high)
    return Witness(
        drawn * tools.draws.factor("steel_per_pig_iron", ratio),
        float(np.hypot(tools.deviation(name), together)),
        "steel_from_iron",
        "C",
        (*(row["lineage_id"] for row in rows), ratio.source, f"parameters/{name}"),
        shared=together,
    )


def carried(tools: Tools, unit: str, plants: list[str], year: int) -> Witness | None:
    """Its output of other years, moved by its emissions; None where no other year has one.

    A mill's greenhouse gases per tonne change slowly. An output that is a company's, shared out by
    capacity, says nothing of the mill and is left out.
    """
    others = [one for at in YEARS if at != year for one in _moved(tools, unit, plants, at, year)]
    if not others:
        return None
    name = "output_carried_spread"
    whole = weighed(others, tools.draws.normal(f"apart/carried/{unit}/{year}"))
    return Witness(
        whole.drawn * tools.spread(f"carried/{unit}/{year}", name),
        float(np.hypot(whole.deviation, tools.deviation(name))),
        CARRIED,
        "D",
        tuple(sorted({source for one in others for source in one.sources})),
        shared=whole.shared,
        inverted=mills.partial(tools, plants, year),
    )


def _moved(tools: Tools, unit: str, plants: list[str], at: int, year: int) -> list[Witness]:
    """The output of one year turned into that of another, by emissions."""
    found = [one for one in outputs(tools, unit, plants, at) if one.method != SHARED]
    alike = tools.evidence.route(plants[0], at) == tools.evidence.route(plants[0], year)
    if not found or not alike or mills.partial(tools, plants, at):
        return []
    then, now = (
        sum(tools.evidence.amount(SCOPE1, plant, when) for plant in plants) for when in (at, year)
    )
    if not then or not now:
        return []
    name = "output_carried_spread"
    whole = weighed(found, tools.draws.normal(f"apart/{unit}/{at}"))
    filed = [
        name for plant in plants for when in (at, year) for name in tools.filed_sources(plant, when)
    ]
    sources = {source for one in found for source in one.sources} | {*filed, f"parameters/{name}"}
    first = replace(whole.first, drawn=whole.drawn * now / then, sources=tuple(sources))
    return [replace(first, deviation=float(np.hypot(whole.deviation, tools.deviation(name))))]
