"""Steps in a series: jumps that nothing else explains, and chemicals that were first or last filed.

A toxic series counts the chemicals that were filed in both years, for one that is not filed is
missing, not zero. A step into or out of a year in which the plant hardly ran is no jump: other findings
say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from typing import Any, Final

import polars as pl

from comingclean.estimates.precision import Known, filed_of, weighed_of
from comingclean.estimates.precision_parts import Said, chemical_names, ids, listed, stood
from comingclean.estimates.precision_releases import MEDIA, WEIGHED
from comingclean.estimates.precision_words import finding, labels

Row = dict[str, Any]
_GASES: Final = "ghg_reported"
# A robust spread needs as many steps to mean something.
_LEAST_STEPS: Final = 5
# Fewer plants of an industry in a year are no measure of what is usual in it.
_LEAST_PEERS: Final = 5
_MAD_TO_SIGMA: Final = 1.4826
# One missing file lies between 2018 and 2020.
_LONGEST_STEP: Final = 2
# A factor beyond this says no more than this.
_MOST: Final = 100
_STEP: Final = {
    True: {
        "en": "from {before} to {year} multiplied by {times}",
        "es": "de {before} a {year} se multiplica por {times}",
    },
    False: {
        "en": "from {before} to {year} divided by {times}",
        "es": "de {before} a {year} se divide entre {times}",
    },
}
_BEYOND: Final = {"en": "more than 100", "es": "más de 100"}
_CAME: Final = {
    "first": {
        "en": "{name} first filed for {year}",
        "es": "{name}, declarado por primera vez para {year}",
    },
    "last": {
        "en": "{name} last filed for {year}",
        "es": "{name}, declarado por última vez para {year}",
    },
}
_LISTED: Final = 3


def jumps(known: Known) -> Iterator[Row]:
    """Steps far outside a plant's own ups and downs and those of its industry."""
    explained = _stood(known)
    gases = known.value.filter((pl.col("quantity") == _GASES) & (pl.col("value") > 0))
    yield from _jumps(known, _gas_steps(gases), explained, _GASES, "jump", "precision_jump_factor_ghg")
    for quantity, steps in _toxic_steps(known):
        factor = "precision_jump_factor_toxics"
        yield from _jumps(known, steps, explained, quantity, "jump_toxics", factor)


def _stood(known: Known) -> pl.DataFrame:
    rules = known.rules
    ends = (rules["runs_least_of_median"], rules["runs_wound_down"])
    return stood(known.value, known.facility, *ends)


def _jumps(
    known: Known, steps: pl.DataFrame, explained: pl.DataFrame, quantity: str, rule: str, factor: str
) -> Iterator[Row]:
    """Findings on steps (facility_id, before, year, step, rests) of one quantity."""
    apart = _apart(known, steps)
    large = apart.filter(
        (pl.col("step").abs() >= pl.lit(known.rules[factor]).log())
        & (pl.col("apart").abs() > known.rules["precision_jump_spreads"] * pl.col("spread"))
    )
    told = _unexplained(known, large, explained).sort("facility_id", "year")
    what = labels(known)[quantity]
    for (plant,), rows in told.group_by("facility_id", maintain_order=True):
        text = listed(_in_words(row) for row in rows.iter_rows(named=True))
        rests = [name for row in rows["rests"] for name in row if "#" in name]
        yield finding(str(plant), quantity, rule, rests, jumps=text, **what)


def _unexplained(known: Known, steps: pl.DataFrame, explained: pl.DataFrame) -> pl.DataFrame:
    """Steps between years in which the plant ran, and reported its gases if it ever does."""
    years = pl.col("year")
    gases = known.value.filter(pl.col("quantity") == _GASES).group_by("facility_id")
    spans = gases.agg(years.min().alias("first"), years.max().alias("last"))
    inside = steps.join(spans, on="facility_id", how="left", validate="m:1").filter(
        (years <= pl.col("last")).fill_null(True)
        & (pl.col("before") >= pl.col("first")).fill_null(True)
    )
    before = explained.rename({"year": "before"})
    return inside.join(explained, on=["facility_id", "year"], how="anti").join(
        before, on=["facility_id", "before"], how="anti"
    )


def _gas_steps(values: pl.DataFrame) -> pl.DataFrame:
    """Steps of a series of values as logarithms: (facility_id, before, year, step, rests)."""
    ordered = values.sort("facility_id", "year")
    year, value = (pl.col(name).shift(1).over("facility_id") for name in ("year", "value"))
    return ordered.select(
        "facility_id",
        year.alias("before"),
        "year",
        (pl.col("value") / value).log().alias("step"),
        pl.concat_list(ids(), ids().shift(1).over("facility_id")).alias("rests"),
    ).filter(pl.col("year") - pl.col("before") <= _LONGEST_STEP)


def _toxic_steps(known: Known) -> Iterator[tuple[str, pl.DataFrame]]:
    """For each toxic quantity its steps, of the chemicals that were filed in both years."""
    for quantity, rows in _by_element(known):
        pairs = _pairs(rows)
        both = pairs.filter(pl.all_horizontal(pl.col("amount", "amount_before") > 0))
        sums = both.group_by("facility_id", "before", "year").agg(
            pl.col("amount", "amount_before").sum(),
            pl.concat_list("rests", "rests_before").explode(empty_as_null=False).alias("rests"),
        )
        least = known.rules["precision_jump_kg"] if quantity != WEIGHED else 0.0
        large = sums.filter(pl.max_horizontal("amount", "amount_before") >= least)
        step = (pl.col("amount") / pl.col("amount_before")).log().alias("step")
        yield quantity, large.select("facility_id", "before", "year", step, "rests")


def _by_element(known: Known) -> Iterator[tuple[str, pl.DataFrame]]:
    """For air, water and weighed air: (facility_id, year, element, amount, rests), metals with their

    compounds, so that a chemical filed as the one and then as the other is the same.
    """
    element = known.chemical.select("chemical", pl.coalesce("element", "chemical").alias("element"))
    rows = weighed_of(known).join(element, on="chemical", validate="m:1")
    medium = pl.col("medium")
    for quantity, frame, amount in (
        (MEDIA["air"], rows.filter(medium == "air"), "kilograms"),
        (MEDIA["water"], rows.filter(medium == "water"), "kilograms"),
        (WEIGHED, rows.filter(pl.col("weighed").is_not_null()), "weighed"),
    ):
        yield (
            quantity,
            frame.group_by("facility_id", "year", "element").agg(
                pl.col(amount).sum().alias("amount"),
                ids().explode(empty_as_null=False).unique().sort().alias("rests"),
            ),
        )


def _pairs(rows: pl.DataFrame) -> pl.DataFrame:
    """Each element of a year beside that of the plant's filing before: amount, amount_before, rests."""
    key = ["facility_id", "year"]
    years = rows.select(key).unique().sort(key)
    years = years.with_columns(pl.col("year").shift(1).over("facility_id").alias("before"))
    near = years.filter(pl.col("year") - pl.col("before") <= _LONGEST_STEP)
    former = rows.rename({"year": "before", "amount": "amount_before", "rests": "rests_before"})
    now = near.join(rows, on=key, validate="1:m")
    return now.join(former, on=["facility_id", "before", "element"], validate="1:1")


def _apart(known: Known, steps: pl.DataFrame) -> pl.DataFrame:
    """Steps with `apart`, from the plant's and the industry's usual step, and `spread`: the median

    absolute deviation of the plant's steps, as a standard deviation, and no less than the parameter
    precision_jump_least_spread. Plants with few steps are left out.
    """
    named = steps.join(
        known.facility.select("facility_id", "industry"), on="facility_id", validate="m:1"
    )
    kind = ("industry", "year")
    usual = pl.when(pl.len().over(kind) >= _LEAST_PEERS).then(pl.col("step").median().over(kind))
    own = named.with_columns((pl.col("step") - usual.otherwise(0.0)).alias("own"))
    apart = own.with_columns(
        (pl.col("own") - pl.col("own").median().over("facility_id")).alias("apart")
    )
    spread = _MAD_TO_SIGMA * pl.col("apart").abs().median().over("facility_id")
    least = known.rules["precision_jump_least_spread"]
    long = pl.len().over("facility_id") >= _LEAST_STEPS
    return apart.filter(long).with_columns(spread.clip(least).alias("spread"))


def _in_words(row: Row) -> Said:
    times = round(exp(abs(row["step"])))
    much = _BEYOND if times > _MOST else {"en": str(times), "es": str(times)}
    text = _STEP[row["step"] > 0]
    return {
        lang: text[lang].format(before=row["before"], year=row["year"], times=much[lang])
        for lang in text
    }


def came_or_went(known: Known) -> Iterator[Row]:
    """Chemicals that made up much of a plant's releases, and were first or last filed on the way."""
    share, least = known.rules["precision_came_share"], known.rules["precision_came_kg"]
    names, called = labels(known), chemical_names(known.chemical)
    filed = filed_of(known).group_by("facility_id")
    spans = filed.agg(pl.col("year").min().alias("begin"), pl.col("year").max().alias("end"))
    for quantity, rows in _by_element(known):
        if quantity != WEIGHED:
            large = _ends(rows, spans, share, least)
            for (plant,), part in large.group_by("facility_id", maintain_order=True):
                text = listed(_came(row, called) for row in part.head(_LISTED).iter_rows(named=True))
                rests = [name for row in part["rests"] for name in row]
                facts = {"changes": text, "percent": round(100 * share)}
                yield finding(str(plant), quantity, "came_or_went", rests, **facts, **names[quantity])


def _ends(rows: pl.DataFrame, spans: pl.DataFrame, share: float, least: float) -> pl.DataFrame:
    """First and last filings of an element, inside the plant's years, that were `share` of the sum."""
    year = pl.col("year")
    whole = rows.with_columns(
        (pl.col("amount") / pl.col("amount").sum().over("facility_id", "year")).alias("share"),
        year.min().over("facility_id", "element").alias("first"),
        year.max().over("facility_id", "element").alias("last"),
    ).join(spans, on="facility_id", validate="m:1")
    much = whole.filter((pl.col("share") >= share) & (pl.col("amount") >= least))
    ends = [
        much.filter((year == pl.col("first")) & (year > pl.col("begin"))).with_columns(
            end=pl.lit("first")
        ),
        much.filter((year == pl.col("last")) & (year < pl.col("end"))).with_columns(end=pl.lit("last")),
    ]
    return pl.concat(ends).sort("facility_id", "year", "element", "end")


def _came(row: Row, called: dict[str, Said]) -> Said:
    text = _CAME[row["end"]]
    name = called[row["element"]]
    return {lang: text[lang].format(name=name[lang], year=row["year"]) for lang in text}
