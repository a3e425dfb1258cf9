"""Why an estimate is not there: a reason for every plant, quantity and year that one would expect.

Each rule is a name in data/findings.toml. A year that is neither estimated nor explained is a fault of
ours; `unexplained` lists them, and a test keeps the list empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from comingclean.estimates.amounts import Amounts, Item
from comingclean.estimates.evidence import Evidence
from comingclean.estimates.intensity import LEAVES_THE_FENCE
from comingclean.estimates.production.cement import GRINDING, GRINDING_YEARS
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
Key = tuple[str, str, str]


def expected_years(evidence: Evidence, plant: str) -> list[int]:
    """Years in which a plant ran, as far as any file says."""
    ran = evidence.ran(plant)
    if ran or evidence.plant[plant]["program"] == "ghgrp":
        return ran
    return list(GRINDING_YEARS) if evidence.route(plant, 2023)[0] == GRINDING else []


def gaps(evidence: Evidence, made: Mapping[str, Amounts]) -> list[Row]:
    """Rows of findings: facility_id, subject, rule, evidence, facts (years) for what is absent."""
    years: dict[Key, list[int]] = defaultdict(list)
    for plant, quantity, year in _absent(evidence, made):
        years[plant, quantity, _reason(evidence, made, plant, quantity, year)].append(year)
    return [_row(evidence, key, found) for key, found in years.items()] + [
        _row(evidence, (plant, "production", "never_ran"), [])
        for plant in sorted(evidence.plant)
        if evidence.plant[plant]["reference_2020"] == 1 and not expected_years(evidence, plant)
    ]


def _absent(evidence: Evidence, made: Mapping[str, Amounts]) -> Iterator[tuple[str, str, int]]:
    for plant in sorted(evidence.plant):
        for year in expected_years(evidence, plant):
            for quantity in EXPECTED:
                if (plant, year) not in made[quantity].index:
                    yield plant, quantity, year


def _reason(
    evidence: Evidence, made: Mapping[str, Amounts], plant: str, quantity: str, year: int
) -> str:
    if quantity == "employment":
        return "no_national_employment"
    route, _ = evidence.route(plant, year)
    item = made["production"].item((plant, year))
    if item is None and quantity != "ghg_scope2":
        return _no_product(route)
    if quantity == "ghg_scope2":
        return _no_power(evidence, route, item, plant, year)
    if evidence.filed("ghg_scope1", plant, year) is None:
        return "no_filing_no_intensity"
    return "no_scope2_no_sum"


def _no_product(route: str) -> str:
    if route == "rolling only":
        return "melts_nothing"
    return "makes_iron_only" if route in _NO_STEEL else "stood_idle"


def _no_power(evidence: Evidence, route: str, item: Item | None, plant: str, year: int) -> str:
    if year < FIRST_YEAR:
        return "no_grid_rates_before_2018"
    if route in LEAVES_THE_FENCE or route == "heat-recovery coke":
        return "no_electricity_factor"
    if item is None:
        return "no_electricity_factor" if route == "rolling only" else "no_tonnage_no_power"
    return "no_electricity_factor" if parameter_of(item) is None else "no_grid_rate"


def _row(evidence: Evidence, key: Key, years: list[int]) -> Row:
    plant, quantity, rule = key
    rows = [evidence.filed("ghg_scope1", plant, year) for year in years]
    ids = sorted({name for row in rows if row for name in row["sources"] if "#" in name})
    return {
        "facility_id": plant,
        "subject": quantity,
        "rule": rule,
        "evidence": ids or [f"facilities/{plant}"],
        "facts": {"years": sorted(years)},
    }


def unexplained(evidence: Evidence, made: Mapping[str, Amounts], found: list[Row]) -> list[Key]:
    """Plants of 2020, quantities and years (as text) with neither a value nor a reason."""
    told = {
        (row["facility_id"], row["subject"], year)
        for row in found
        for year in row["facts"].get("years", ())
    }
    return [
        (plant, quantity, str(year))
        for plant, quantity, year in _absent(evidence, made)
        if evidence.plant[plant]["reference_2020"] == 1 and (plant, quantity, year) not in told
    ]
