"""The generated parts of docs/estimates.md: totals met, independent figures, tests, methods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from comingclean import verbs

_YEARS = tuple(range(2010, 2024))
_COMPARED = (2020, 2021, 2022)
_NAMES = {
    "steel_scope1_2": "steel, scope 1 and 2",
    "eaf_scope1_2": "electric steel, scope 1 and 2",
    "bof_scope1": "oxygen steel, scope 1",
    "eaf_scope1": "electric steel, scope 1",
    "coke_heat_recovery_scope1": "heat-recovery coke, scope 1",
    "clinker_scope1": "clinker, scope 1",
    "cement_scope1": "cement, scope 1",
    "aluminum_scope1": "primary aluminum, scope 1",
    "steel_jobs": "people in iron and steel",
}


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) + "\n"


def parts(database: Path) -> dict[str, str]:
    """Every part by its name."""
    return {
        "adjustments": adjustments(database),
        "comparison": comparison(database),
        "backtest": backtest(database),
        "production-methods": methods(database),
        "absent": absent(database),
        "outside": outside(database),
    }


def adjustments(database: Path) -> str:
    """The factor by which the plants of a product were moved, by year; a dash where no total is."""
    rows = verbs.table("adjustment", database)
    found = []
    for key, group in rows.group_by("industry", "product", "route", maintain_order=True):
        factor = {
            row["year"]: f"{row['factor']:.3f}{'' if row['verified'] else '*'}"
            for row in group.iter_rows(named=True)
            if row["published"] is not None
        }
        if factor:
            name = f"{str(key[0]).replace('_', ' ')}: {key[1]}, {key[2]}"
            found.append((name, *(factor.get(year, "–") for year in _YEARS)))
    return table(("plants’ sum times", *map(str, _YEARS)), found)


def _sum(database: Path, quantity: str, plants: set[str]) -> float:
    rows = verbs.values(quantity, database).filter(pl.col("year").is_in(list(_COMPARED)))
    return float(rows.filter(pl.col("facility_id").is_in(list(plants)))["value"].sum())


def _makers(
    database: Path, industry: str, group: str, quantity: str = "production"
) -> set[tuple[str, int]]:
    """Plants and years of a group, by the method and route that their tonnage has."""
    plants = verbs.table("facility", database).filter(pl.col("industry") == industry)
    rows = verbs.values(quantity, database).join(
        plants.select("facility_id", "route"), on="facility_id", validate="m:1"
    )
    oxygen = pl.col("route").str.contains("BF-BOF|^BOF")
    kinds = {
        "all": pl.lit(True),
        "bof": oxygen,
        "eaf": ~oxygen,
        "heat_recovery": pl.col("route").str.contains("heat-recovery"),
    }
    kept = rows.filter(kinds[group] & pl.col("year").is_in(list(_COMPARED)))
    return set(kept.select("facility_id", "year").iter_rows())


def _over(
    database: Path, industry: str, group: str, above: Sequence[str], below: str = "production"
) -> float:
    makers = _makers(database, industry, group, below)
    key = pl.DataFrame(sorted(makers), schema=["facility_id", "year"], orient="row")

    def added(quantity: str) -> float:
        rows = verbs.values(quantity, database).join(key, on=["facility_id", "year"], how="semi")
        return float(rows["value"].sum())

    return sum(added(name) for name in above) / added(below)


def _ours(database: Path) -> dict[str, float]:
    both = ("ghg_scope1", "ghg_scope2")
    one = ("ghg_scope1",)
    jobs = verbs.values("employment", database).filter(pl.col("year") == 2020)
    steel = verbs.table("facility", database).filter(pl.col("industry") == "iron_steel")
    return {
        "steel_scope1_2": _over(database, "iron_steel", "all", both),
        "eaf_scope1_2": _over(database, "iron_steel", "eaf", both),
        "bof_scope1": _over(database, "iron_steel", "bof", one),
        "eaf_scope1": _over(database, "iron_steel", "eaf", one),
        "coke_heat_recovery_scope1": _over(database, "met_coke", "heat_recovery", one),
        "clinker_scope1": _over(database, "cement", "all", one, "production_clinker"),
        "cement_scope1": _over(database, "cement", "all", one),
        "aluminum_scope1": _over(database, "aluminum", "all", one),
        "steel_jobs": float(jobs.join(steel, on="facility_id", how="semi")["value"].sum()),
    }


def comparison(database: Path) -> str:
    """Averages of 2020 to 2022 beside figures that others published, with the reason of each gap."""
    given = verbs.table("parameter", database).filter(pl.col("parameter").str.starts_with("compare/"))
    theirs = {row["parameter"].removeprefix("compare/"): row for row in given.iter_rows(named=True)}
    rows = []
    for name, ours in _ours(database).items():
        row = theirs[name]
        digits = 0 if row["unit"] == "people" else 2
        gap = f"{ours / row['value'] - 1:+.0%}"
        shown = (f"{ours:,.{digits}f}", f"{row['value']:,.{digits}f}", gap)
        rows.append(
            (_NAMES[name], row["unit"], *shown, f"{row['citation']} ({row['period']})", row["note"])
        )
    return table(("what", "unit", "ours", "theirs", "gap", "who, when", "why"), rows)


def backtest(database: Path) -> str:
    """The tests, as the database has them."""
    rows = [
        (
            row["test"].replace("_", " "),
            row["n"],
            row["cases"],
            f"{row['covered']:.0%}",
            f"{row['low']:.0%} to {row['high']:.0%}",
            f"{row['median_error']:.1%}",
            f"{row['bias']:+.1%}",
            f"`{row['set_on']}`" if row["set_on"] else "–",
            row["verdict"],
        )
        for row in verbs.table("backtest", database).iter_rows(named=True)
    ]
    ends = ("inside", "90 % interval of that", "median error", "bias", "set on these", "verdict")
    return table(("known", "n", "cases", *ends), rows)


def outside(database: Path) -> str:
    """People who work outside the atlas: what was thought before, and what the plants leave."""
    rows = verbs.table("adjustment", database).filter(pl.col("route") == "outside the atlas")
    whole = verbs.table("adjustment", database).filter(
        (pl.col("product") == "jobs") & (pl.col("route") == "all")
    )
    joined = rows.join(
        whole.select("industry", "year", nation="published"),
        on=["industry", "year"],
        validate="1:1",
    )
    found = [
        (
            row["industry"].replace("_", " "),
            row["year"],
            f"{row['nation']:,.0f}",
            f"{row['before']:,.0f}",
            f"{row['after']:,.0f}",
            f"{row['after'] / row['nation']:.0%}",
        )
        for row in joined.sort("industry", "year").iter_rows(named=True)
    ]
    head = ("industry", "year", "nation", "outside, before", "outside, after", "of the nation")
    return table(head, found)


def methods(database: Path) -> str:
    """Plants of 2020 by the method and grade of their tonnage, with their share of the tonnes."""
    plants = verbs.table("facility", database).select("facility_id", "industry")
    made = verbs.values("production", database).filter(pl.col("year") == 2020)
    joined = made.join(plants, on="facility_id", validate="m:1")
    whole = dict(joined.group_by("industry").agg(pl.col("value").sum()).iter_rows())
    groups = joined.group_by("industry", "method").agg(
        pl.len(), pl.col("value").sum(), pl.col("grade").min().alias("best"), pl.col("grade").max()
    )
    rows = [
        (
            row["industry"].replace("_", " "),
            f"`{row['method']}`",
            row["best"] if row["best"] == row["grade"] else f"{row['best']} to {row['grade']}",
            row["len"],
            f"{row['value'] / whole[row['industry']]:.0%}",
        )
        for row in groups.sort("industry", "value", descending=[False, True]).iter_rows(named=True)
    ]
    return table(("industry", "method", "grade", "plants", "share of tonnes"), rows)


def absent(database: Path) -> str:
    """Why an estimate is not there, by rule and number of plants."""
    subjects = [
        "production",
        "ghg_scope2",
        "ghg_intensity_scope1",
        "ghg_intensity_scope1_2",
        "employment",
    ]
    rows = verbs.table("finding", database).filter(pl.col("subject").is_in(subjects))
    counted = (
        rows.group_by("subject", "rule").agg(pl.col("facility_id").n_unique()).sort("subject", "rule")
    )
    return table(("about", "rule", "plants"), counted.iter_rows())
