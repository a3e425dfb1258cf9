"""Capacity as values: what a plant can make in a year, carried to the years near the statement."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from comingclean.estimates.amounts import SCHEMA
from comingclean.estimates.evidence import YEARS, Evidence
from comingclean.estimates.factors import Factors
from comingclean.estimates.production import cement, coke, mills
from comingclean.estimates.production.common import Tools

# A statement is not carried farther back than this.
_NEAR: Final = 5
_STATED: Final = {"iron_steel": 2025, "cement": 2021, "met_coke": 2020, "aluminum": 2020}


def capacities(tools: Tools) -> pl.DataFrame:
    """Value rows of `capacity` (t a year), for the years in which a plant ran."""
    rows = [
        row
        for plant in sorted(tools.evidence.plant)
        for year in _years(tools.evidence, plant)
        for row in _one(tools, plant, year)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _years(evidence: Evidence, plant: str) -> list[int]:
    near = _STATED[evidence.plant[plant]["industry"]] - _NEAR
    ran = evidence.ran(plant)
    grinds = not ran and evidence.route(plant, YEARS[-1])[0] == cement.GRINDING
    return [year for year in (cement.GRINDING_YEARS if grinds else ran) if year >= near]


def _one(tools: Tools, plant: str, year: int) -> list[tuple[Any, ...]]:
    found = _held(tools, plant, year)
    if found is None:
        return []
    value, low, high, sources = found
    decided = all(name.startswith("parameters/") for name in sources)
    method = "capacity_decided" if decided else "capacity_inventory"
    return [(plant, year, "capacity", value, low, high, "reported", method, "D", sorted(sources))]


def _held(tools: Tools, plant: str, year: int) -> tuple[float, float, float, tuple[str, ...]] | None:
    """Capacity of the plant's product with its interval, or None."""
    industry = tools.evidence.plant[plant]["industry"]
    if industry == "iron_steel":
        held = mills.capacity(tools, plant, [plant], year)
        return (held.value, held.value**2 / held.high, held.high, held.sources) if held else None
    if industry == "met_coke":
        oven = coke.capacity(tools, plant)
        return (oven.value, oven.low, oven.high, oven.sources) if oven else None
    row = cement.capacity_row(tools, plant) if industry == "cement" else None
    if industry == "aluminum":
        rows = tools.evidence.numbers(plant, "capacity_aluminum")
        row = rows[0] if rows else None
    return (row["number"], row["low"], row["high"], (row["lineage_id"],)) if row else None


def check_plants(factors: Factors, evidence: Evidence) -> list[str]:
    """Names of parameters that speak of a plant which no row of the registry has."""
    known = {*evidence.plant, *(row["site_id"] for row in evidence.plant.values())}
    prefixes = ("capacity_steel/", "capacity_coke/", "workforce/", "gas_leaves/")
    names = [factor.name for prefix in prefixes for factor in factors.named(prefix)]
    return [name for name in names if name.split("/")[1] not in known]
