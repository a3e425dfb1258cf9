"""Why an estimate is not there: a reason for every plant, quantity and year that one would expect.

Expected is an estimate for every year in which a plant filed greenhouse gases on site. Each reason is
the name of a rule in data/findings.toml; a year that is neither estimated nor explained is a fault of
ours, which `comingclean check` looks for in the finished database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from comingclean.estimates.amounts import Amounts, Item
from comingclean.estimates.evidence import SCOPE1, Evidence
from comingclean.estimates.intensity import LEAVES_THE_FENCE
from comingclean.estimates.production.cement import GRINDING, GRINDING_YEARS
from comingclean.estimates.production.common import Tools
from comingclean.estimates.scope2 import FIRST_YEAR, parameter_of

EXPECTED: Final = (
    "production",
    "ghg_scope2",
    "ghg_intensity_scope1",
    "ghg_intensity_scope1_2",
    "employment",
)
_NO_STEEL: Final = ("DRI", "iron nuggets", "iron, route not stated")
Row = dict[str, Any]


@dataclass(frozen=True)
class Absent:
    """A plant, year and quantity that has no value, and the rule that says why."""

    facility_id: str
    year: int
    quantity: str
    rule: str


def expected_years(evidence: Evidence, plant: str) -> list[int]:
    """Years in which a plant filed greenhouse gases, or in which a mill that files nothing stood."""
    if evidence.plant[plant]["program"] == "ghgrp":
        return evidence.reported(plant)
    return list(GRINDING_YEARS) if evidence.route(plant, 2023)[0] == GRINDING else []


def absent(tools: Tools, made: Mapping[str, Amounts]) -> list[Absent]:
    """What is not there, each with its reason."""
    return [
        Absent(plant, year, quantity, _reason(tools, made, plant, quantity, year))
        for plant, quantity, year in missing(tools.evidence, made)
    ]


def missing(evidence: Evidence, made: Mapping[str, Amounts]) -> Iterator[tuple[str, str, int]]:
    """Plants, quantities and years that are expected and have no value."""
    for plant in sorted(evidence.plant):
        for year in expected_years(evidence, plant):
            for quantity in EXPECTED:
                if (plant, year) not in made[quantity].index:
                    yield plant, quantity, year


def findings(evidence: Evidence, found: Iterable[Absent]) -> list[Row]:
    """Rows of findings: facility_id, subject, rule, evidence, facts (years) for what is absent."""
    years: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for one in found:
        years[one.facility_id, one.quantity, one.rule].append(one.year)
    never = [
        (plant, "production", "never_ran")
        for plant in sorted(evidence.plant)
        if evidence.plant[plant]["reference_2020"] == 1 and not expected_years(evidence, plant)
    ]
    told = [_row(evidence, key, sorted(at)) for key, at in years.items()]
    return told + [_row(evidence, key, []) for key in never]


def _reason(tools: Tools, made: Mapping[str, Amounts], plant: str, quantity: str, year: int) -> str:
    evidence = tools.evidence
    runs = year in evidence.ran(plant) or evidence.plant[plant]["program"] != "ghgrp"
    if quantity == "employment":
        return "no_national_employment" if runs else "idle_people_not_said"
    route, _ = evidence.route(plant, year)
    item = made["production"].item((plant, year))
    if item is None and quantity != "ghg_scope2":
        return _no_product(tools, route, plant, year)
    if quantity == "ghg_scope2":
        return _no_power(route, item, year)
    if evidence.filed(SCOPE1, plant, year) is None:
        return "no_filing_no_intensity"
    return "no_scope2_no_sum"


def _no_product(tools: Tools, route: str, plant: str, year: int) -> str:
    if route == "rolling only":
        return "melts_nothing"
    if route in _NO_STEEL:
        return "makes_iron_only"
    return "fuel_without_process" if _burnt(tools, plant, year) else "stood_idle"


def _burnt(tools: Tools, plant: str, year: int) -> bool:
    """True for a kiln that burnt fuel as in other years and filed nothing of its stone."""
    evidence, industry = tools.evidence, tools.evidence.plant[plant]["industry"]
    idle = tools.factors.of("mill_idle_below", "share").value
    least = tools.factors.of("least_tonnes", "t").value
    enough = evidence.amount(SCOPE1, plant, year) > least and evidence.activity(plant, year) >= idle
    return industry == "cement" and year not in evidence.ran(plant) and enough


def _no_power(route: str, item: Item | None, year: int) -> str:
    if year < FIRST_YEAR:
        return "no_grid_rates_before_2018"
    if route in LEAVES_THE_FENCE or route == "heat-recovery coke":
        return "no_electricity_factor"
    if item is None:
        return "no_electricity_factor" if route == "rolling only" else "no_tonnage_no_power"
    return "no_electricity_factor" if parameter_of(item) is None else "no_grid_rate"


def _row(evidence: Evidence, key: tuple[str, str, str], years: list[int]) -> Row:
    plant, quantity, rule = key
    rows = [evidence.filed(SCOPE1, plant, year) for year in years]
    ids = sorted({name for row in rows if row for name in row["sources"] if "#" in name})
    return {
        "facility_id": plant,
        "subject": quantity,
        "rule": rule,
        "evidence": ids or [f"facilities/{plant}"],
        "facts": {"years": years},
    }
