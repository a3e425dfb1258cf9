"""Mills: which of them share one record, what they can make in a year, and whether they ran."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from comingclean.estimates.draws import Numbers, sigma
from comingclean.estimates.evidence import SCOPE1, Row
from comingclean.estimates.production.common import Tools

_CAPACITIES: Final = ("capacity_steel", "capacity_steel_idle", "capacity_steel_retired")
_STATES: Final = ("status", "status_of_part")  # of the whole mill, or of one that runs in part
_IDLED: Final = re.compile(r"idled (\d{4})")


@dataclass(frozen=True)
class Capacity:
    """What a mill can make in a year (t): its middle, its end, and where that is said."""

    unit: str
    value: float
    high: float
    sources: tuple[str, ...]

    @property
    def deviation(self) -> float:
        """Standard deviation of its logarithm."""
        return sigma(self.high / self.value - 1)

    def drawn(self, tools: Tools) -> Numbers:
        """Draws (draws,) of it: one stream a mill, for the figure errs alike every year."""
        return self.value * tools.draws.spread(f"capacity/{self.unit}", self.high / self.value - 1)

    def ceiling(self, tools: Tools) -> float:
        """More than this was not made."""
        return self.high * tools.factors.of("mill_ceiling", "share").value


def unit_of(tools: Tools, plant: str) -> str:
    """The site, where its record covers several mills; else the plant itself."""
    site = str(tools.evidence.plant[plant]["site_id"])
    shared = site != plant and tools.evidence.said(site, "capacity_steel")
    return site if shared else plant


def units(tools: Tools, routes: tuple[str, ...], year: int) -> dict[str, list[str]]:
    """The mills of some routes that ran in a year, under the unit that speaks of them."""
    found: dict[str, list[str]] = {}
    for plant in tools.evidence.of_industry("iron_steel"):
        if tools.evidence.route(plant, year)[0] in routes and year in tools.evidence.ran(plant):
            unit = unit_of(tools, plant) if "BF-BOF" in routes else plant
            found.setdefault(unit, []).append(plant)
    return found


def activity(tools: Tools, plants: list[str], year: int) -> float:
    """Emissions of the year against the median of the years by the same route."""
    alone = [plant for plant in plants if tools.evidence.amount(SCOPE1, plant, year) > 0]
    if not alone:
        return 0.0
    now = sum(tools.evidence.amount(SCOPE1, plant, year) for plant in plants)
    usual = sum(_usual(tools, plant, year) for plant in plants)
    return now / usual if usual > 0 else 0.0


def idle(tools: Tools, plants: list[str], year: int) -> bool:
    """True where a works finished steel and melted none, by its emissions."""
    least = tools.factors.of("mill_idle_below", "share").value
    return activity(tools, plants, year) < least


def partial(tools: Tools, plants: list[str], year: int) -> bool:
    """True where a works ran part of the year, by its emissions."""
    whole = tools.factors.of("mill_partial_below", "share").value
    return activity(tools, plants, year) < whole


def _usual(tools: Tools, plant: str, year: int) -> float:
    route = tools.evidence.route(plant, year)
    years = [at for at in tools.evidence.ran(plant) if tools.evidence.route(plant, at) == route]
    return median(tools.evidence.amount(SCOPE1, plant, at) for at in years)


def parts(tools: Tools, plants: list[str], year: int, *, usual: bool = False) -> list[Numbers | float]:
    """The share of each plant in its unit: by its emissions of the year, uncertain where several.

    `usual` takes those of a usual year, for what does not follow a single one.
    """
    if len(plants) == 1:
        return [1.0]
    emitted = _usual if usual else _of_year
    spread = "site_split_spread"
    weights = np.stack(
        [emitted(tools, plant, year) * tools.spread(f"split/{plant}", spread) for plant in plants]
    )
    return list(weights / weights.sum(axis=0))


def _of_year(tools: Tools, plant: str, year: int) -> float:
    return tools.evidence.amount(SCOPE1, plant, year)


def starts(tools: Tools, plants: list[str], year: int) -> bool:
    """True in the first year of a mill that is known to be new, or new by the route of that year."""
    plant = plants[0]
    route = tools.evidence.route(plant, year)
    alike = [at for at in tools.evidence.ran(plant) if tools.evidence.route(plant, at) == route]
    begun = {row["number"] for row in tools.evidence.numbers(plant, "start_year")}
    return year == min(alike, default=None) and any(year - 1 <= at <= year for at in begun)


def capacity(tools: Tools, unit: str, plants: list[str], year: int) -> Capacity | None:
    """What a unit could make in a year, or None.

    A row of data/parameters.csv for that year goes before the inventory's of 2025; of the inventory,
    what is idle or retired now counts in the years before it stopped.
    """
    for factor in tools.factors.named(f"capacity_steel/{unit}/"):
        first, last = factor.years()
        if first <= year <= last:
            return Capacity(unit, factor.value, factor.high, (factor.source,))
    if tools.evidence.route(plants[0], year)[0] != tools.evidence.route(plants[0], 2023)[0]:
        return None
    rows = [row for name in _CAPACITIES for row in _counting(tools, unit, name, year)]
    if not rows:
        return None
    value = sum(row["number"] for row in rows)
    high = sum(row["high"] or row["number"] for row in rows)
    return Capacity(unit, value, high, tuple(sorted(row["lineage_id"] for row in rows)))


def _counting(tools: Tools, unit: str, name: str, year: int) -> list[Row]:
    """Capacity that is idle or retired now counts in the years before it stopped.

    A part of a mill that runs counts before the year in which the part stopped, and not at all where
    that year is not said; a whole mill counts until it stopped, for its emissions show how far it ran.
    """
    rows = tools.evidence.numbers(unit, name)
    if name == "capacity_steel":
        return rows
    said = [row for name in _STATES for row in tools.evidence.said(unit, name)]
    ended = [_IDLED.search(row["note"] or "") for row in said]
    last = max((int(found[1]) for found in ended if found), default=None)
    if unit not in tools.evidence.plant:  # the electric furnace of a site of oxygen furnaces
        return []
    if tools.evidence.numbers(unit, "capacity_steel"):
        return rows if last is not None and year < last else []
    return rows if last is None or year <= last else []
