"""How good the estimates are where something is known that they were not made with.

Held out are smelters' published sizes, what a company said of one plant, and, for the method of
capacity and utilisation, the output of mills that Global Energy Monitor has and that is not a
company's total shared out by capacity. Where a spread was set on the cases themselves the test says
so: it then shows how wide the spread is, and validates nothing. Years of one mill are not independent
cases, so that mills are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts
from comingclean.estimates.draws import Numbers
from comingclean.estimates.production import mills, steel
from comingclean.estimates.production.common import Tools

ENOUGH: Final = 20
NOT_HELD_OUT: Final = "not held out"
_Z: Final = 1.645
# Years of output, and the spread that was set on them.
_OUTPUT: Final = {
    "steel_capacity_2019_2020": ((2019, 2020), "mill_use_spread"),
    "steel_capacity_2021_2023": ((2021, 2022, 2023), "mill_use_spread"),
}
_SET_ON_STATES: Final = "clinker_plant_spread"


@dataclass(frozen=True)
class Case:
    """One thing known: what it is, and the estimate's draws beside it.

    `unit`: the plant or state; years of one are not independent. `set_on`: the parameter that was set
    on this case, empty where none was.
    """

    test: str
    unit: str
    year: int
    known: float
    drawn: Numbers
    source: str
    set_on: str = ""

    @property
    def inside(self) -> bool:
        """True when the 90 % interval holds what is known."""
        low, high = np.quantile(self.drawn, [0.05, 0.95])
        return bool(low <= self.known <= high)

    @property
    def error(self) -> float:
        """The middle estimate against what is known, as a share of it."""
        return float(self.drawn.mean() / self.known - 1)


@dataclass(frozen=True)
class Score:
    """A test: units and cases, share inside with its 90 % interval, median error, verdict.

    `covered`: the mean over units of the share of their years that lie inside.
    """

    test: str
    n: int
    cases: int
    covered: float
    low: float
    high: float
    median_error: float
    bias: float
    set_on: str
    verdict: str


def score(test: str, cases: list[Case]) -> Score:
    """Count the units of one test. Fewer than 20 validate nothing."""
    by_unit: dict[str, list[bool]] = {}
    for case in cases:
        by_unit.setdefault(case.unit, []).append(case.inside)
    n = len(by_unit)
    covered = sum(sum(inside) / len(inside) for inside in by_unit.values()) / n
    low, high = wilson(covered * n, n)
    set_on = ", ".join(sorted({case.set_on for case in cases} - {""}))
    verdict = "holds" if low <= 0.9 <= high else "fails"
    return Score(
        test,
        n,
        len(cases),
        covered,
        low,
        high,
        median(abs(case.error) for case in cases),
        median(case.error for case in cases),
        set_on,
        NOT_HELD_OUT if set_on else verdict if n >= ENOUGH else "not validated",
    )


def wilson(inside: float, n: int) -> tuple[float, float]:
    """The 90 % interval of a share (Wilson 1927)."""
    share, z2 = inside / n, _Z**2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5 / (1 + z2 / n)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def cases(tools: Tools, clinker: Amounts, aluminum: Amounts, coke: Amounts) -> list[Case]:
    """Every case of every test."""
    return [
        *_states(tools, clinker),
        *_named(tools, "smelters", aluminum),
        *_named(tools, "coke_ovens", coke),
        *_capacity(tools),
    ]


def _states(tools: Tools, clinker: Amounts) -> Iterable[Case]:
    """Clinker of whole states in a year, against the sum of their plants."""
    for factor in tools.factors.named("heldout/clinker/"):
        state, (year, _) = factor.name.split("/")[2], factor.years()
        plants = [
            clinker.draws[at]
            for at, item in enumerate(clinker.items)
            if item.year == year and tools.evidence.plant[item.facility_id]["state"] == state
        ]
        if plants:
            known = factor.value, np.sum(plants, axis=0), factor.source
            yield Case("clinker_of_states", state, year, *known, _SET_ON_STATES)


def _named(tools: Tools, test: str, amounts: Amounts) -> Iterable[Case]:
    """What is published of single plants: `heldout/<test>/<facility>/<year>`."""
    for factor in tools.factors.named(f"heldout/{test}/"):
        plant, (year, _) = factor.name.split("/")[2], factor.years()
        drawn = amounts.at((plant, year))
        if drawn is not None:
            yield Case(test, plant, year, factor.value, drawn, factor.source)


def _capacity(tools: Tools) -> Iterable[Case]:
    """Steel by capacity and utilisation alone, against output that the estimate was not given."""
    blind = steel.production(tools, with_output=False).final
    for test, (years, set_on) in _OUTPUT.items():
        for year in years:
            for routes in (steel.OXYGEN, steel.ELECTRIC):
                for unit, plants in mills.units(tools, routes, year).items():
                    found = _known(tools, blind, unit, plants, year)
                    if found:
                        yield Case(test, unit, year, *found, set_on)


def _known(
    tools: Tools, blind: Amounts, unit: str, plants: list[str], year: int
) -> tuple[float, Numbers, str] | None:
    """What a mill made of itself in a year, and the estimate without it."""
    rows = tools.evidence.made(unit, "steel", year)
    drawn = [made for plant in plants if (made := blind.at((plant, year))) is not None]
    known = sum(row["value"] for row in rows)
    if not known or any(row["shared"] for row in rows) or len(drawn) < len(plants):
        return None
    return known, np.sum(drawn, axis=0), rows[0]["lineage_id"]
