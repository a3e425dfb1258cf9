"""How good the estimates are where something is known that they were not made with.

Held out are clinker of states, smelters' published sizes, what a company said of one plant, and, for
the method of capacity and utilisation, the output of plants in years that Global Energy Monitor has
and that is not a company's total shared out by capacity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from comingclean.estimates.amounts import Amounts
from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import YEARS
from comingclean.estimates.production import mills, steel
from comingclean.estimates.production.common import Tools

ENOUGH: Final = 20
# The spread of a mill's use was set on the outputs of the years before this one.
TESTED_FROM: Final = 2021
_Z: Final = 1.645


@dataclass(frozen=True)
class Case:
    """One thing known: what it is, and the estimate's draws beside it."""

    test: str
    name: str
    year: int
    known: float
    drawn: Numbers
    source: str

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
    """A test: number of cases, share inside with its 90 % interval, median absolute error, verdict."""

    test: str
    n: int
    covered: float
    low: float
    high: float
    median_error: float
    bias: float
    verdict: str


def score(test: str, cases: list[Case]) -> Score:
    """Count the cases of one test. Fewer than 20 validate nothing."""
    inside = sum(case.inside for case in cases)
    low, high = wilson(inside, len(cases))
    verdict = "not validated" if len(cases) < ENOUGH else "holds" if low <= 0.9 <= high else "fails"
    return Score(
        test,
        len(cases),
        inside / len(cases),
        low,
        high,
        median(abs(case.error) for case in cases),
        median(case.error for case in cases),
        verdict,
    )


def wilson(inside: int, n: int) -> tuple[float, float]:
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
            drawn = np.sum(plants, axis=0)
            yield Case("clinker_of_states", state, year, factor.value, drawn, factor.source)


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
    for year in YEARS:
        if year < TESTED_FROM:
            continue
        for routes in (steel.OXYGEN, steel.ELECTRIC):
            for unit, plants in mills.units(tools, routes, year).items():
                rows = tools.evidence.made(unit, "steel", year)
                found = [blind.at((plant, year)) for plant in plants]
                if not rows or any(row["shared"] for row in rows) or any(d is None for d in found):
                    continue
                known = sum(row["value"] for row in rows)
                if known > 0:
                    drawn = np.sum([d for d in found if d is not None], axis=0)
                    yield Case("steel_capacity", unit, year, known, drawn, rows[0]["lineage_id"])
