"""How far two federal programs disagree on the same plant, chemical and year: a measure of precision.

The Toxics Release Inventory and the National Emissions Inventory ask the same plants for the same
releases to air. Where both have a figure, the factor between them shows what either is worth. Many
pairs are one figure filed twice, so this rather flatters; others differ in what they cover.
"""

from __future__ import annotations

from typing import Final

import polars as pl

_KEY: Final = ["facility_id", "year", "element"]
# Nine of ten figures should lie within the factor. Half of the large disagreements are laid to one
# program and half to the other, so the factor is the one that four of five pairs keep to.
QUANTILE: Final = 0.8
_SAME: Final = 0.01


def pairs(tri: pl.DataFrame, nei: pl.DataFrame) -> pl.DataFrame:
    """TRI beside NEI: (facility_id, year, element, tri, nei, reliability, factor, same).

    `tri` and `nei`: facility_id, year, element (a chemical's key, or the metal it counts to),
    kilograms, reliability; releases to air. A metal and its compounds are added up in both. `factor`
    is the larger figure over the smaller, `reliability` TRI's score, `same` whether they agree within
    1 %. Pairs with a zero are left out: no factor leads from or to nothing.
    """
    left = (
        tri.filter(pl.col("kilograms") > 0)
        .group_by(_KEY)
        .agg(pl.col("kilograms").sum().alias("tri"), _mean_score())
    )
    right = (
        nei.filter(pl.col("kilograms") > 0).group_by(_KEY).agg(pl.col("kilograms").sum().alias("nei"))
    )
    both = left.join(right, on=_KEY, validate="1:1")
    ratio = (pl.col("tri") / pl.col("nei")).log()
    return both.with_columns(
        ratio.abs().exp().alias("factor"), (ratio.abs() <= _SAME).alias("same")
    ).sort(_KEY)


def _mean_score() -> pl.Expr:
    weighed = pl.col("reliability") * pl.col("kilograms")
    return (weighed.sum() / pl.col("kilograms").sum()).alias("reliability")


def factors(both: pl.DataFrame) -> pl.DataFrame:
    """By TRI score (rounded): pairs, share that is the same, share within a factor of 2, and the

    factor that four of five pairs keep to.
    """
    score = pl.col("reliability").round(0).cast(pl.Int64).alias("score")
    return (
        both.group_by(score)
        .agg(
            pl.len().alias("pairs"),
            pl.col("same").mean(),
            (pl.col("factor") <= 2).mean().alias("within_2"),
            pl.col("factor").quantile(QUANTILE, "linear").alias("factor"),
        )
        .sort("score")
    )
