"""Combustion as reported: an interval and a grade from the calculation tiers of a plant's own units.

Tiers are public for 2017, and monitored or not for 2020; to other years a plant's mix is carried over.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.reported_rows import KEY, WEIGHTY, Parameters, Row, frame, row_of

_TIER_YEAR: Final = 2017
_UNKNOWN: Final = "ghg_halfwidth_combustion_unknown"
_TIER_GRADE: Final = {"4": "A", "3": "B", "2": "C", "1": "C"}
_WORSE: Final = {"A": "B", "B": "C", "C": "D", "D": "D"}


def mixes(tiers: pl.DataFrame) -> pl.DataFrame:
    """Tonnes by tier for each plant and year that has them: (facility_id, tier_year, mix, ids)."""
    mass = tiers.group_by("facility_id", "year", "tier").agg(pl.col("tonnes").sum())
    ids = tiers.group_by(KEY).agg(pl.col("lineage_id").unique().sort().alias("tier_ids"))
    mix = mass.sort("tier").group_by(KEY).agg(pl.struct("tier", "tonnes").alias("mix"))
    joined = mix.join(ids, on=KEY, validate="1:1")
    return joined.rename({"year": "tier_year"}).sort("facility_id", "tier_year")


def combustion(cells: pl.DataFrame, tiers: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Rows of combustion figures. `tiers`: as `mixes` gives them."""
    known = {(row["facility_id"], row["tier_year"]): row for row in tiers.iter_rows(named=True)}
    then = {c["facility_id"]: c for c in cells.iter_rows(named=True) if c["year"] == _TIER_YEAR}
    rows = []
    for cell in cells.iter_rows(named=True):
        relative, method, grade, ids = _tiered(cell, then.get(cell["facility_id"]), known, parameters)
        rows.append(row_of(cell, relative * cell["tonnes"], method, grade, ids))
    return frame(rows)


def _tiered(
    cell: Row, then: Row | None, known: dict[tuple[str, int], Row], parameters: Parameters
) -> tuple[float, str, str, list[str]]:
    """Relative half-width, method, grade and further sources of one combustion figure.

    `then` is the plant's figure of the year whose tiers are known.
    """
    plant, year = cell["facility_id"], cell["year"]
    monitored = known.get((plant, 2020))
    if year == 2020 and monitored and set(_shares(monitored, cell)) == {"4"}:
        return _weigh(monitored, cell, parameters, "ghg_combustion_tier")
    row = known.get((plant, _TIER_YEAR))
    unknown = parameters[_UNKNOWN]
    if row is None or not _shares(row, cell):
        return unknown, "ghg_combustion_unknown", "D", [f"parameters/{_UNKNOWN}"]
    if year == _TIER_YEAR:
        return _weigh(row, cell, parameters, "ghg_combustion_tier")
    relative, method, grade, ids = _weigh(row, then, parameters, "ghg_combustion_carried")
    # A method carried over is never thought less certain than one that is wholly unknown.
    carried = min(relative * parameters["ghg_carry_widening"], unknown)
    return carried, method, _WORSE[grade], [*ids, "parameters/ghg_carry_widening"]


def _shares(row: Row, cell: Row | None) -> dict[str, float]:
    """Share of each tier in the combustion figure; what no unit accounts for is under "?".

    Without a cell the shares are those among the units themselves.
    """
    mass = {part["tier"]: part["tonnes"] for part in row["mix"] if part["tonnes"] > 0}
    total = sum(mass.values())
    if not total:
        return {}
    filed = cell["tonnes"] if cell else total
    whole = max(filed, total)
    shares = {tier: tonnes / whole for tier, tonnes in mass.items()}
    # Methane and nitrous oxide are in the filing and not in the units: up to 5 % may be theirs.
    missing = 1 - total / whole
    return shares | ({"?": missing} if missing > 0.05 else {})


def _weigh(
    row: Row, cell: Row | None, parameters: Parameters, method: str
) -> tuple[float, str, str, list[str]]:
    shares = _shares(row, cell)
    names = {
        tier: _UNKNOWN
        if tier not in _TIER_GRADE
        else "ghg_halfwidth_cems"
        if tier == "4"
        else f"ghg_halfwidth_tier{tier}"
        for tier in shares
    }
    relative = sum(share * parameters[names[tier]] for tier, share in shares.items())
    relative /= sum(shares.values())
    weighty = [tier for tier, share in shares.items() if share >= WEIGHTY]
    grade = max(_TIER_GRADE.get(tier, "D") for tier in weighty)
    ids = [*row["tier_ids"], *(f"parameters/{name}" for name in sorted(set(names.values())))]
    return relative, method, grade, ids
