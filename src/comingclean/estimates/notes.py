"""What to know of an estimate: gas that leaves, witnesses that disagree, mixed grids, doubts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, Final

from comingclean.estimates.amounts import Amounts, Item
from comingclean.estimates.evidence import Evidence, PlantYear
from comingclean.estimates.factors import Factors
from comingclean.estimates.grades import Moved
from comingclean.estimates.intensity import ALUMINUM, LEAVES_THE_FENCE

Row = dict[str, Any]
# Methods whose tonnage is the capacity times a use that no one measured at the plant.
_OF_CAPACITY: Final = ("steel_capacity", "coke_capacity")
_A_COURSE: Final = 3
_KILOTONNE: Final = 1e3
_OWN: Final = {"en": "its tonnes", "es": "sus toneladas"}
_SITES: Final = {"en": "the tonnes of its site", "es": "las toneladas de su sitio"}


def notes(
    evidence: Evidence,
    factors: Factors,
    production: Amounts,
    scope2: Amounts,
    doubtful: set[PlantYear],
) -> list[Row]:
    """Rows of findings, as in `gaps`."""
    rows = [
        *_gas(evidence, factors, production),
        *_of_years(production, "ghg_intensity_scope1", "tonnage_from_emissions", _inverted),
        *_of_years(production, "ghg_intensity_scope1", "smelter_by_factor", _smelts),
        *_of_years(production, "production", "no_national_total", lambda item: not item.reconciled),
        *_of_years(production, "production", "tonnage_in_doubt", lambda item: item.key in doubtful),
        *_disagree(production),
        *_without_course(production),
        *_company_wide(evidence),
        *_mixed_grid(evidence, {item.facility_id for item in scope2.items}),
        *_captive(evidence),
    ]
    return [row for row in rows if row["facility_id"] in evidence.plant]


def _note(plant: str, subject: str, rule: str, evidence: list[str], **facts: object) -> Row:
    return {
        "facility_id": plant,
        "subject": subject,
        "rule": rule,
        "evidence": evidence or [f"facilities/{plant}"],
        "facts": facts,
    }


def _gas(evidence: Evidence, factors: Factors, production: Amounts) -> list[Row]:
    said = {factor.name.split("/")[1]: factor.source for factor in factors.named("gas_leaves/")}
    ovens = {item.facility_id for item in production.items if item.route in LEAVES_THE_FENCE}
    made = {item.facility_id for item in production.items}
    rule = "gas_leaves_the_fence"
    return [
        _note(plant, "ghg_intensity_scope1", rule, [said[plant]] if plant in said else [])
        for plant in sorted({*said, *ovens} & made)
    ]


def _inverted(item: Item) -> bool:
    return item.inverted and item.route != ALUMINUM


def _smelts(item: Item) -> bool:
    return item.route == ALUMINUM


def _of_years(
    amounts: Amounts, subject: str, rule: str, holds: Callable[[Item], bool]
) -> Iterable[Row]:
    """One note a plant with the years for which something holds."""
    for plant, years in _years(amounts, holds).items():
        yield _note(plant, subject, rule, [], years=years)


def _years(amounts: Amounts, holds: Callable[[Item], bool]) -> dict[str, list[int]]:
    years: dict[str, list[int]] = defaultdict(list)
    for item in amounts.items:
        if holds(item):
            years[item.facility_id].append(item.year)
    return {plant: sorted(found) for plant, found in years.items()}


def _disagree(production: Amounts) -> Iterable[Row]:
    """Witnesses of one tonnage that lie farther apart than their errors allow."""
    for plant, years in _years(production, lambda item: bool(item.said)).items():
        items = [production.items[production.index[plant, year]] for year in years]
        widest = max(items, key=lambda item: max(item.said) / min(item.said))
        facts = {"years": years, "year": widest.year, "span": _kilotonnes(*_ends(widest.said))}
        whose = _SITES if widest.unit != plant else _OWN
        ids = sorted({name for item in items for name in item.sources if "parameters/" not in name})
        yield _note(plant, "production", "sources_disagree", ids, tonnes=whose, **facts)


def _ends(numbers: tuple[float, ...]) -> tuple[float, float]:
    return min(numbers), max(numbers)


def _kilotonnes(*numbers: float, digits: int = 2) -> dict[str, str]:
    """One number, or two ends, in thousand tonnes, as each language writes them."""
    said = [float(f"{number / _KILOTONNE:.{digits}g}") for number in numbers]
    english, spanish = ([f"{number:{mark}.10g}" for number in said] for mark in (",", ""))
    return {"en": " to ".join(english), "es": " a ".join(spanish).replace(".", ",")}


def _without_course(production: Amounts) -> Iterable[Row]:
    """Tonnes that do not tell what happened at the plant from year to year."""
    found = _years(production, lambda item: item.method in _OF_CAPACITY)
    for plant, years in found.items():
        if len(years) >= _A_COURSE:
            yield _note(plant, "production", "same_use_for_all", [], years=years)


def moved(evidence: Evidence, found: Iterable[Moved]) -> list[Row]:
    """Tonnages that a national total moved out of the interval of their own evidence."""
    by_plant: dict[tuple[str, str], list[Moved]] = defaultdict(list)
    for one in found:
        by_plant[one.facility_id, one.quantity].append(one)
    return [
        _note(
            plant,
            quantity,
            "moved_by_the_total",
            [],
            years=sorted(one.year for one in group),
            year=group[-1].year,
            own=_kilotonnes(group[-1].low, group[-1].high, digits=3),
            after=_kilotonnes(group[-1].after, digits=3),
        )
        for (plant, quantity), group in by_plant.items()
        if plant in evidence.plant
    ]


def _company_wide(evidence: Evidence) -> list[Row]:
    """A workforce that stands as words, for the number is that of a whole company."""
    return [
        _note(
            plant,
            "employment",
            "company_workforce_not_used",
            [row["lineage_id"]],
            people=row["value"],
        )
        for plant in sorted(evidence.plant)
        for row in evidence.said(plant, "workforce_text")
        if row["value"].replace(",", "").isdigit()
    ]


def _mixed_grid(evidence: Evidence, plants: set[str]) -> list[Row]:
    rows = []
    for plant in sorted(plants):
        places = evidence.grid_places.get(plant, [])
        if len(places) > 1:
            said = ", ".join(f"{row['subregion']} {row['share']:.0%}" for row in places)
            ids = sorted({name for row in places for name in row["lineage_ids"]})
            rows.append(_note(plant, "ghg_scope2", "grid_mixed", ids, places=said))
    return rows


def _captive(evidence: Evidence) -> list[Row]:
    """A power station inside the filing of a plant (subpart D)."""
    return [
        _note(
            plant,
            "ghg_scope2",
            "captive_power_once",
            sorted({name for row in found for name in row["sources"] if "#" in name}),
            years=sorted(row["year"] for row in found),
        )
        for plant, found in evidence.captive.items()
    ]
