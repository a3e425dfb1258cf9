"""What to know of an estimate: gas that leaves the fence, numbers not used, mixed grids, doubts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from comingclean.estimates.amounts import Amounts
from comingclean.estimates.evidence import Evidence, PlantYear
from comingclean.estimates.factors import Factors
from comingclean.estimates.intensity import LEAVES_THE_FENCE

Row = dict[str, Any]


def notes(
    evidence: Evidence,
    factors: Factors,
    production: Amounts,
    scope2: Amounts,
    doubtful: set[PlantYear],
) -> list[Row]:
    """Rows of findings, as in `gaps`."""
    made = {item.facility_id for item in production.items}
    rows = [
        *_gas(evidence, factors, made),
        *_inverted(production),
        *_unreconciled(production),
        *_company_wide(evidence),
        *_mixed_grid(evidence, {item.facility_id for item in scope2.items}),
        *_captive(evidence),
        *_doubtful(doubtful),
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


def _gas(evidence: Evidence, factors: Factors, made: set[str]) -> list[Row]:
    said = {factor.name.split("/")[1]: factor.source for factor in factors.named("gas_leaves/")}
    ovens = {
        plant
        for plant in made
        for year in (2020,)
        if evidence.route(plant, year)[0] in LEAVES_THE_FENCE
    }
    return [
        _note(
            plant,
            "ghg_intensity_scope1",
            "gas_leaves_the_fence",
            [said[plant]] if plant in said else [],
        )
        for plant in sorted({*said, *ovens} & made)
    ]


def _inverted(production: Amounts) -> list[Row]:
    years: dict[str, list[int]] = defaultdict(list)
    for item in production.items:
        if item.inverted:
            years[item.facility_id].append(item.year)
    return [
        _note(plant, "ghg_intensity_scope1", "tonnage_from_emissions", [], years=sorted(found))
        for plant, found in years.items()
    ]


def _unreconciled(production: Amounts) -> list[Row]:
    years: dict[str, list[int]] = defaultdict(list)
    for item in production.items:
        if not item.reconciled:
            years[item.facility_id].append(item.year)
    return [
        _note(plant, "production", "no_national_total", [], years=sorted(found))
        for plant, found in years.items()
    ]


def _company_wide(evidence: Evidence) -> list[Row]:
    """A workforce that stands as words, for the number is that of a whole company."""
    rows = []
    for plant in sorted(evidence.plant):
        for row in evidence.said(plant, "workforce_text"):
            if row["value"].replace(",", "").isdigit():
                ids = [row["lineage_id"]]
                rows.append(
                    _note(plant, "employment", "company_workforce_not_used", ids, people=row["value"])
                )
    return rows


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
    rows = []
    for plant, found in evidence.captive.items():
        ids = sorted({name for row in found for name in row["sources"] if "#" in name})
        rows.append(
            _note(
                plant, "ghg_scope2", "captive_power_once", ids, years=sorted(r["year"] for r in found)
            )
        )
    return rows


def _doubtful(doubtful: set[PlantYear]) -> list[Row]:
    years: dict[str, list[int]] = defaultdict(list)
    for plant, year in sorted(doubtful):
        years[plant].append(year)
    return [
        _note(plant, "production", "tonnage_in_doubt", [], years=found)
        for plant, found in years.items()
    ]
