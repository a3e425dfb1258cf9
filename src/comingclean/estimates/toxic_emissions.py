"""Criteria pollutants of a plant from the National Emissions Inventory, with interval and grade."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.toxic import Ranges, added, factors, grades, methods, rests_on

# The quantity of each pollutant, and what its kilograms are divided by.
QUANTITIES: Final = {
    "PM2.5": ("pm25", 1000.0),
    "7446-09-5": ("so2", 1000.0),
    "NOX": ("nox", 1000.0),
    "VOC": ("voc", 1000.0),
    "7664-41-7": ("nh3", 1000.0),
    "630-08-0": ("co", 1000.0),
    "7439-92-1": ("lead", 1.0),
}
# The facility-level file keeps what lies between the two sizes apart.
_PM10: Final = ("PM2.5", "PM10-PM2.5")
_LEAST: Final = "nei_least_kilograms"


def emissions(rows: pl.DataFrame, ranges: Ranges) -> pl.DataFrame:
    """`rows` (kilograms, reliability and more) with low, high, unit, method, grade and parameters."""
    factor = factors(pl.col("reliability"), ranges, nei=True)
    zero = pl.col("kilograms") == 0
    return rows.with_columns(
        (pl.col("kilograms") / factor).alias("low"),
        pl.when(zero).then(ranges[_LEAST][0]).otherwise(pl.col("kilograms") * factor).alias("high"),
        pl.lit("kg").alias("unit"),
        methods(pl.col("reliability"), "nei").alias("method"),
        grades(pl.col("reliability"), nei=True).alias("grade"),
        rests_on(pl.col("reliability"), nei=True).alias("parameters"),
    )


def values(emitted: pl.DataFrame) -> pl.DataFrame:
    """The criteria pollutants of each plant and year as value rows, with `sources` as lists.

    `emitted`: emissions() with facility_id, year, chemical and lineage_id, the records of a plant's
    group, each pollutant once. Tonnes, lead in kilograms. PM10 is the fine particles plus those
    between the two sizes, and stands only where the file has both. Nothing filed is no figure.
    """
    key = pl.col("chemical")
    single = emitted.filter(key.is_in(list(QUANTITIES))).with_columns(
        key.replace_strict({k: n for k, (n, _) in QUANTITIES.items()}, return_dtype=pl.String).alias(
            "quantity"
        ),
        key.replace_strict({k: d for k, (_, d) in QUANTITIES.items()}, return_dtype=pl.Float64).alias(
            "divisor"
        ),
    )
    sizes = emitted.filter(key.is_in(_PM10))
    whole = sizes.filter(key.n_unique().over("facility_id", "year") == len(_PM10))
    coarse = whole.with_columns(pl.lit("pm10").alias("quantity"), pl.lit(1000.0).alias("divisor"))
    scaled = pl.concat([single, coarse]).with_columns(
        pl.col("kilograms", "low", "high") / pl.col("divisor")
    )
    sums = added(scaled.rename({"kilograms": "value"}))
    return sums.with_columns(
        pl.lit("calculated").alias("kind"), pl.lit("nei_sum").alias("method")
    ).sort("facility_id", "year", "quantity")
