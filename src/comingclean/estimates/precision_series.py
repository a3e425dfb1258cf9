"""Findings on series: jumps, gaps, figures that never change, old ones, restated ones.

Every rule is a function from what is known to rows for `findings.worded`, words in data/findings.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl

from comingclean.estimates.findings import years_in_words
from comingclean.estimates.precision import Known
from comingclean.estimates.precision_parts import ids

Row = dict[str, Any]
# Series that are watched for jumps, and the parameter that says how large a step counts as one.
_WATCHED: Final = {
    "ghg_reported": "precision_jump_factor_ghg",
    "toxic_air": "precision_jump_factor_toxics",
    "toxic_water": "precision_jump_factor_toxics",
    "toxicity_weighted_air": "precision_jump_factor_toxics",
}
# A robust spread needs as many steps to mean something.
_LEAST_STEPS: Final = 5
# Fewer plants of an industry in a year are no measure of what is usual in it.
_LEAST_PEERS: Final = 5
_MAD_TO_SIGMA: Final = 1.4826
# One missing file lies between 2018 and 2020.
_LONGEST_STEP: Final = 2
_INVENTORY: Final = ("pm25", "so2", "nox", "co", "voc", "lead")
_LISTED: Final = 3
_LONG_NAME: Final = 30
_ROUNDING: Final = 1e-6


def finding(plant: str, subject: str, rule: str, evidence: list[str], **facts: object) -> Row:
    """A row for `findings.worded`; a finding without rows of its own rests on the plant's entry."""
    known = sorted(set(evidence)) or [f"facilities/{plant}"]
    return {
        "facility_id": plant,
        "subject": subject,
        "rule": rule,
        "evidence": known,
        "facts": facts,
    }


def brief(name: str) -> str:
    """A chemical's name without a long remark in brackets."""
    return name.split(" (", maxsplit=1)[0] if len(name) > _LONG_NAME else name


def labels(known: Known) -> dict[str, dict[str, dict[str, str]]]:
    """The names of a quantity as facts of a sentence: {quantity: {"what": {"en": …, "es": …}}}."""
    columns = ("quantity", "label_en", "label_es")
    return {
        name: {"what": {"en": english, "es": spanish}}
        for name, english, spanish in known.quantity.select(columns).iter_rows()
    }


def jumps(known: Known) -> Iterator[Row]:
    """Steps far outside a plant's own ups and downs and those of its industry."""
    names = labels(known)
    for quantity, factor in _WATCHED.items():
        steps = _steps(known, quantity)
        large = steps.filter(
            (pl.col("step").abs() >= pl.lit(known.rules[factor]).log())
            & (pl.col("apart").abs() > known.rules["precision_jump_spreads"] * pl.col("spread"))
        )
        for (plant,), rows in large.group_by("facility_id", maintain_order=True):
            text = "; ".join(_step_in_words(row) for row in rows.iter_rows(named=True))
            rests = [name for row in rows["rests"] for name in row if "#" in name]
            yield finding(str(plant), quantity, "jump", rests, jumps=text, **names[quantity])


def _step_in_words(row: Row) -> str:
    times = round(2.718281828459045 ** abs(row["step"]))
    return f"{row['before']}–{row['year']} {'×' if row['step'] > 0 else '÷'} {times}"


def _steps(known: Known, quantity: str) -> pl.DataFrame:
    """Steps between years as logarithms, `apart` from the plant's and the industry's usual step.

    Columns facility_id, before, year, step, apart, rests (ids of both years) and spread: the median
    absolute deviation of the plant's steps, as a standard deviation, and no less than the parameter
    precision_jump_least_spread.
    """
    rows = known.value.filter((pl.col("quantity") == quantity) & (pl.col("value") > 0))
    rows = rows.sort("facility_id", "year").join(
        known.facility.select("facility_id", "industry"), on="facility_id", validate="m:1"
    )
    before = [pl.col(name).shift(1).over("facility_id") for name in ("year", "value")]
    named = rows.with_columns(
        before[0].alias("before"),
        (pl.col("value") / before[1]).log().alias("step"),
        pl.concat_list(ids(), ids().shift(1).over("facility_id")).alias("rests"),
    ).filter(pl.col("year") - pl.col("before") <= _LONGEST_STEP)
    kind = ("industry", "year")
    usual = pl.when(pl.len().over(kind) >= _LEAST_PEERS).then(pl.col("step").median().over(kind))
    apart = named.with_columns((pl.col("step") - usual.otherwise(0.0)).alias("own")).with_columns(
        (pl.col("own") - pl.col("own").median().over("facility_id")).alias("apart")
    )
    spread = _MAD_TO_SIGMA * pl.col("apart").abs().median().over("facility_id")
    least = known.rules["precision_jump_least_spread"]
    long = pl.len().over("facility_id") >= _LEAST_STEPS
    return apart.filter(long).with_columns(spread.clip(least).alias("spread"))


def gaps(known: Known) -> Iterator[Row]:
    """Years without a toxics filing between the first and the last, of years with a national file."""
    filed = known.toxic_filing
    plants = filed.group_by("year").agg(pl.col("facility_id").n_unique().alias("n"))
    national = plants.filter(pl.col("n") > 0.5 * pl.col("n").max())["year"].to_list()
    for (plant,), rows in filed.sort("year").group_by("facility_id", maintain_order=True):
        have = rows["year"].to_list()
        lost = [year for year in sorted(national) if have[0] < year < have[-1] and year not in have]
        if lost:
            rests = [name for row in rows.select(ids())["sources"] for name in row]
            yield finding(str(plant), "tri", "gap_in_toxics", rests, years=years_in_words(lost))


def same_every_year(known: Known) -> Iterator[Row]:
    """The very same kilograms of a chemical to air, filing after filing."""
    least, runs = known.rules["precision_same_kg"], known.rules["precision_same_filings"]
    key = ["facility_id", "program_id", "chemical"]
    air = known.toxic_release.filter(pl.col("medium") == "air").sort(*key, "year")
    as_before = (pl.col("kilograms") - pl.col("kilograms").shift(1)).abs() <= _ROUNDING
    turned = (~as_before).fill_null(True).cum_sum().over(key)
    run = air.with_columns(turned.alias("run")).group_by(*key, "run", maintain_order=True)
    found = run.agg(
        pl.col("kilograms").first(),
        pl.col("year").min().alias("first"),
        pl.col("year").max().alias("last"),
        pl.len().alias("filings"),
        ids().explode(empty_as_null=False).alias("rests"),
    ).filter((pl.col("filings") >= runs) & (pl.col("kilograms") >= least))
    named = found.join(known.chemical.select("chemical", "name"), on="chemical", validate="m:1")
    named = named.sort(
        "facility_id", "kilograms", "name", "first", descending=[False, True, False, False]
    )
    for (plant,), rows in named.group_by("facility_id", maintain_order=True):
        texts = [
            f"{brief(row['name'])} ({row['first']}–{row['last']})" for row in rows.iter_rows(named=True)
        ]
        rests = [name for row in rows["rests"] for name in row]
        more = "; …" if len(texts) > _LISTED else ""
        facts = {"chemicals": "; ".join(texts[:_LISTED]) + more}
        yield finding(str(plant), "toxic_air", "same_every_year", rests, **facts)


def old_figures(known: Known) -> Iterator[Row]:
    """Air pollutants or toxic releases whose newest figure is years older than the newest of all."""
    newest = _last_year(known.value)
    for subject, quantities in (("eis", _INVENTORY), ("tri", ("toxic_air",))):
        rows = known.value.filter(pl.col("quantity").is_in(quantities)).sort("quantity")
        last = rows.filter(pl.col("year") == pl.col("year").max().over("facility_id"))
        if subject == "eis":  # of plants that are only in an older inventory `dropped` speaks
            last = last.filter(pl.col("year") == pl.col("year").max())
        old = last.filter(newest - pl.col("year") >= known.rules["precision_old_years"])
        for plant, year, rests in _by_plant(old):
            rule = f"old_figure_{subject}"
            yield finding(plant, subject, rule, rests, year=year, newest=newest)


def _last_year(rows: pl.DataFrame) -> int:
    """The newest year of value rows, 0 for none."""
    return int(rows["year"].to_numpy().max(initial=0))


def dropped(known: Known) -> Iterator[Row]:
    """In an older emissions inventory, running when the newest was made, and not in that."""
    rows = known.value.filter(pl.col("quantity").is_in(_INVENTORY)).sort("quantity")
    newest = _last_year(rows)
    ran = known.value.filter((pl.col("quantity") == "ghg_reported") & (pl.col("year") == newest))
    last = rows.filter(pl.col("year") == pl.col("year").max().over("facility_id"))
    lost = last.filter(pl.col("year") < newest).join(ran, on="facility_id", how="semi")
    for plant, year, rests in _by_plant(lost):
        yield finding(plant, "eis", "dropped_from_inventory", rests, year=year, newest=newest)


def _by_plant(rows: pl.DataFrame) -> Iterable[tuple[str, int, list[str]]]:
    """The plant, year and source rows of each group of value rows."""
    grouped = rows.sort("facility_id").group_by("facility_id", maintain_order=True)
    for (plant,), group in grouped:
        rests = [name for row in group.select(ids())["sources"] for name in row if "#" in name]
        yield str(plant), int(group["year"][0]), rests


def restated(known: Known) -> Iterator[Row]:
    """A later release changed the total that was reported by more than a parameter."""
    least = 100 * known.rules["precision_restated"]
    rows = known.restatement.filter(
        (pl.col("quantity") == "ghg_reported") & (pl.col("percent").abs() >= least)
    ).sort("facility_id", "year")
    for (plant,), group in rows.group_by("facility_id", maintain_order=True):
        texts = [f"{row['year']} {row['percent']:+.0f} %" for row in group.iter_rows(named=True)]
        rests = [name for row in group.select(ids())["sources"] for name in row]
        changes = ", ".join(texts).replace("-", "−")
        yield finding(str(plant), "ghg_reported", "restated", rests, changes=changes)


SERIES: Final = (jumps, gaps, same_every_year, old_figures, dropped, restated)
