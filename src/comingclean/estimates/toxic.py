"""Toxic releases: how sure a filed figure is, what it weighs, and the figures of a plant.

What a filer said of the basis of estimate gives the interval: a factor by which the true release may
be larger or smaller, from how far two federal programs disagree on the same plant, chemical and year
(`toxic_agreement`). Weights turn kilograms of different chemicals into one figure for screening. They
say nothing of where the air goes, who breathes it or for how long: not risk, not exposure. All frames
carry source ids as lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

# Value, low and high of each parameter; a share is a share, not per cent.
Ranges = Mapping[str, tuple[float, float, float]]

_KEY: Final = ["facility_id", "year"]
# The scores that StEWI gives to the five codes of the form, and what each is worth here.
_TRI: Final = {
    1: ("tri_factor_monitored", "B"),
    2: ("tri_factor_factor", "C"),
    3: ("tri_factor_balance", "C"),
    4: ("tri_factor_other", "D"),
    5: ("tri_factor_unknown", "D"),
}
_NEI: Final = {
    1: ("nei_factor_measured", "B"),
    2: ("nei_factor_published", "C"),
    3: ("nei_factor_unpublished", "D"),
    4: ("nei_factor_balance", "C"),
    5: ("nei_factor_judgement", "D"),
}
# A score this near to a whole number is that number; others are means of several bases.
_WHOLE: Final = 0.01
# A part counts for the grade of a sum when it makes up this share of it.
_WEIGHTY: Final = 0.1
_LEAST: Final = "tri_least_kilograms"
_MICROGRAMS: Final = 1000.0  # in a milligram
QUANTITIES: Final = {"air": "toxic_air", "water": "toxic_water", "land": "toxic_land"}


def weights(chemicals: pl.DataFrame, ranges: Ranges) -> pl.DataFrame:
    """What a kilogram of each chemical weighs: (chemical, weight, basis, weight_mn, basis_mn, part).

    The larger of unit risk per mg/m³ over `toxicity_weight_cancer` and `toxicity_weight_noncancer` over
    the reference concentration, as EPA's RSEI has it; `basis` is cancer or noncancer. Empty where the
    chemical has no benchmark. Where only a part of a chemical is weighed, `part` names the parameter of
    its share, and the weight is that of a kilogram of this part.
    """
    frame = chemicals.select("chemical", "part", *_weighed("", ranges), *_weighed("_mn", ranges))
    return frame.sort("chemical")


def _weighed(suffix: str, ranges: Ranges) -> list[pl.Expr]:
    cancer = pl.col(f"unit_risk{suffix}") * _MICROGRAMS / ranges["toxicity_weight_cancer"][0]
    other = ranges["toxicity_weight_noncancer"][0] / pl.col(f"reference{suffix}")
    basis = pl.when(cancer.fill_null(0) >= other.fill_null(0)).then(pl.lit("cancer"))
    some = pl.any_horizontal(cancer.is_not_null(), other.is_not_null())
    return [
        pl.max_horizontal(cancer, other).alias(f"weight{suffix}"),
        pl.when(some).then(basis.otherwise(pl.lit("noncancer"))).alias(f"basis{suffix}"),
    ]


def part_weighed(shares: Mapping[str, float]) -> pl.Expr:
    """The share of a kilogram that is weighed, by the columns `part` and `industry`; 1 for all of it.

    `shares`: parameters by name, 0 to 1. The one of an industry, `<part>_<industry>`, goes before
    `<part>`, which holds elsewhere.
    """
    of_industry = pl.concat_str("part", "industry", separator="_")
    named = [
        name.replace_strict(shares, default=None, return_dtype=pl.Float64)
        for name in (of_industry, pl.col("part"))
    ]
    return pl.coalesce(*named, pl.lit(1.0))


def factors(reliability: pl.Expr, ranges: Ranges, *, nei: bool = False) -> pl.Expr:
    """The factor of uncertainty of each score; between whole scores its logarithm goes straight.

    A figure without a score has that of the weakest.
    """
    table = {score: ranges[name][0] for score, (name, _) in (_NEI if nei else _TRI).items()}
    score = reliability.clip(1, 5).fill_null(5.0)
    below = score.floor().cast(pl.Int64)
    rest = score - below
    logs = {at: pl.lit(value).log() for at, value in table.items()}
    low = pl.lit(0.0)
    high = pl.lit(0.0)
    for at in table:
        low = pl.when(below == at).then(logs[at]).otherwise(low)
        high = pl.when((below + 1).clip(1, 5) == at).then(logs[at]).otherwise(high)
    return (low * (1 - rest) + high * rest).exp()


def grades(reliability: pl.Expr, *, nei: bool = False) -> pl.Expr:
    """The grade of each score; of a mean, that of the next weaker score."""
    table = {score: grade for score, (_, grade) in (_NEI if nei else _TRI).items()}
    score = (reliability.clip(1, 5).fill_null(5.0) - _WHOLE).ceil().cast(pl.Int64)
    return score.replace_strict(table, return_dtype=pl.String)


def methods(reliability: pl.Expr, program: str) -> pl.Expr:
    """The name of the method behind each score: `program`_1 … `program`_5, or _mixed for a mean."""
    score = reliability.round(0).cast(pl.Int64)
    whole = (reliability - score).abs() <= _WHOLE
    name = pl.format("{}_{}", pl.lit(program), score)
    mixed = pl.when(whole).then(name).otherwise(pl.lit(f"{program}_mixed"))
    return pl.when(reliability.is_null()).then(pl.lit(f"{program}_unknown")).otherwise(mixed)


def releases(rows: pl.DataFrame, ranges: Ranges) -> pl.DataFrame:
    """`rows` with low, high, unit, method and grade.

    `rows`: kilograms, reliability (empty where the file has no basis of estimate) and more columns.
    A reported zero may be a release too small for the form.
    """
    factor = factors(pl.col("reliability"), ranges)
    least = ranges[_LEAST][0]
    zero = pl.col("kilograms") == 0
    return rows.with_columns(
        (pl.col("kilograms") / factor).alias("low"),
        pl.when(zero).then(least).otherwise(pl.col("kilograms") * factor).alias("high"),
        pl.lit("kg").alias("unit"),
        methods(pl.col("reliability"), "tri").alias("method"),
        grades(pl.col("reliability")).alias("grade"),
        rests_on(pl.col("reliability")).alias("parameters"),
    )


def rests_on(reliability: pl.Expr, *, nei: bool = False) -> pl.Expr:
    """Ids of the parameters that the interval of a score is made of: one, or two for a mean."""
    table = {score: f"parameters/{name}" for score, (name, _) in (_NEI if nei else _TRI).items()}
    score = reliability.clip(1, 5).fill_null(5.0)
    ends = [(score + slack).cast(pl.Int64) for slack in (_WHOLE, 1 - _WHOLE)]
    names = [end.replace_strict(table, default=None, return_dtype=pl.String) for end in ends]
    return pl.concat_list(names).list.unique().list.sort()


def values(released: pl.DataFrame, weighed: pl.DataFrame, ranges: Ranges) -> pl.DataFrame:
    """The figures of each plant and year as value rows, with `sources` as lists.

    `released`: releases() with facility_id, industry, year, chemical, medium and lineage_id, a row a
    source row. `weighed`: weights(). Sums by medium in kilograms, the weighted air by EPA's and by
    Minnesota's benchmarks, and the share of the air's mass that has no EPA benchmark, in per cent. A
    year without a row has no figure. Errors of different chemicals are taken as independent.
    """
    main = released.filter(pl.col("medium").is_in(list(QUANTITIES)))
    named = main.with_columns(
        pl.col("medium").replace_strict(QUANTITIES, return_dtype=pl.String).alias("quantity")
    )
    sums = added(named.rename({"kilograms": "value"})).with_columns(
        pl.lit("toxic_sum").alias("method"), pl.lit("calculated").alias("kind")
    )
    air = main.filter(medium="air").join(weighed, on="chemical", how="left", validate="m:1")
    parts = [sums, *(_weighted(air, suffix, ranges) for suffix in ("", "_mn")), _unweighted(air)]
    return pl.concat([part.select(_VALUE) for part in parts]).sort(*_KEY, "quantity")


_VALUE: Final = (*_KEY, "quantity", "value", "low", "high", "kind", "method", "grade", "sources")


def added(parts: pl.DataFrame) -> pl.DataFrame:
    """Sums by plant, year and quantity: value, low, high, grade and sources.

    `parts`: facility_id, year, quantity, value, low, high, grade, lineage_id, parameters. Errors are
    joined as independent, upwards and downwards apart; the weakest part that makes up a tenth grades
    the sum. `sources` are the ids of rows and parameters.
    """
    key = [*_KEY, "quantity"]
    share = pl.col("value") / pl.col("value").sum().over(key)
    weighty = (share >= _WEIGHTY) | ~share.is_finite()
    up, down = pl.col("high") - pl.col("value"), pl.col("value") - pl.col("low")
    summed = (
        parts.with_columns(pl.when(weighty).then("grade").alias("weighty"))
        .group_by(key)
        .agg(
            pl.col("value").sum(),
            up.pow(2).sum().sqrt().alias("up"),
            down.pow(2).sum().sqrt().alias("down"),
            # Of many small parts none may be weighty.
            pl.coalesce(pl.col("weighty").max(), pl.col("grade").max()).alias("grade"),
            _sources(),
        )
    )
    return summed.with_columns(
        (pl.col("value") - pl.col("down")).clip(0).alias("low"),
        (pl.col("value") + pl.col("up")).alias("high"),
    ).drop("up", "down")


def _sources() -> pl.Expr:
    ids = pl.concat_list(pl.col("lineage_id").unique().sort().implode(), _parameters())
    return ids.list.unique(maintain_order=True).alias("sources")


def _parameters() -> pl.Expr:
    return pl.col("parameters").explode(empty_as_null=False).unique().sort().implode()


def spread(ranges: Ranges) -> tuple[pl.Expr, pl.Expr]:
    """Factors downwards and upwards for a chemical of which a part is weighed (part, industry)."""
    sure = {name: ends for name, ends in ranges.items() if ends[0] > 0 and ends[1] > 0}
    value, low, high = (
        part_weighed({name: ends[at] for name, ends in sure.items()}) for at in range(3)
    )
    return value / low, high / value


def _weighted(air: pl.DataFrame, suffix: str, ranges: Ranges) -> pl.DataFrame:
    """Sum of kilograms times weight; the interval holds that of the mass and of the part weighed."""
    weight = pl.col(f"weight{suffix}") * part_weighed(middles(ranges))
    down, up = spread(ranges)
    below = ((pl.col("kilograms") / pl.col("low")).log() ** 2 + down.log() ** 2).sqrt().exp()
    above = ((pl.col("high") / pl.col("kilograms")).log() ** 2 + up.log() ** 2).sqrt().exp()
    value, some = pl.col("kilograms") * weight, pl.col("kilograms") > 0
    parts = air.filter(weight.is_not_null()).with_columns(
        value.alias("value"),
        pl.when(some).then(value / below).otherwise(0.0).alias("low"),
        pl.when(some).then(value * above).otherwise(pl.col("high") * weight).alias("high"),
        pl.lit(f"toxicity_weighted_air{suffix}").alias("quantity"),
        pl.concat_list("parameters", _parts_of(ranges)).alias("parameters"),
    )
    sums = added(parts).with_columns(pl.lit("estimated").alias("kind"))
    used = pl.col("sources").list.concat(pl.lit(pl.Series([_CONSTANTS])))
    return sums.with_columns(
        pl.lit(f"toxicity_weighted{suffix}").alias("method"), used.alias("sources")
    )


def middles(ranges: Ranges) -> dict[str, float]:
    """The value of each parameter."""
    return {name: value for name, (value, _, _) in ranges.items()}


def _parts_of(ranges: Ranges) -> pl.Expr:
    """The id of the parameter that says which part of a chemical is weighed, as a list, or none."""
    of_industry = pl.concat_str("part", "industry", separator="_")
    name = pl.when(of_industry.is_in(list(ranges))).then(of_industry).otherwise("part")
    return pl.concat_list(pl.format("parameters/{}", name)).list.drop_nulls()


_CONSTANTS: Final = [
    f"parameters/{name}" for name in ("toxicity_weight_cancer", "toxicity_weight_noncancer")
]


def _unweighted(air: pl.DataFrame) -> pl.DataFrame:
    """Per cent of the mass released to air that has no EPA benchmark, with its interval."""
    bare = pl.col("weight").is_null()
    sums = [
        pl.col(name).filter(where).sum().alias(f"{name}_{side}")
        for name in ("kilograms", "low", "high")
        for side, where in (("bare", bare), ("known", ~bare))
    ]
    share = air.group_by(_KEY).agg(*sums, pl.col("grade").max(), _sources())
    some = share.filter(pl.col("kilograms_bare") + pl.col("kilograms_known") > 0)
    return some.select(
        *_KEY,
        pl.lit("toxic_air_unweighted_share").alias("quantity"),
        _percent("kilograms_bare", "kilograms_known").clip(0, 100).alias("value"),
        (_percent("low_bare", "high_known") - _ROUNDING).clip(0).alias("low"),
        (_percent("high_bare", "low_known") + _ROUNDING).clip(0, 100).alias("high"),
        pl.lit("calculated").alias("kind"),
        pl.lit("toxic_unweighted").alias("method"),
        "grade",
        "sources",
    )


_ROUNDING: Final = 0.05  # per cent: a share of nothing or all is known to this


def _percent(part: str, rest: str) -> pl.Expr:
    return 100 * pl.col(part) / (pl.col(part) + pl.col(rest))
