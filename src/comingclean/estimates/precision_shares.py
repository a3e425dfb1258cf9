"""How many plants, and how much, each way of knowing stands for: the table `precision_share`."""

from __future__ import annotations

from typing import Final

import polars as pl

_KIND: Final = ["universe", "industry", "subject"]


def shares(precision: pl.DataFrame, facility: pl.DataFrame) -> pl.DataFrame:
    """By universe, industry and kind of number: plants by their main way, and amounts by every way.

    Made here step by step; `model_precision.SHARES_SQL` asks the same of the finished database, and a
    check holds the two together. Industry all is the four together; tonnes of different products are
    not added up.
    """
    plants = facility.select("facility_id", "industry", "reference_2020")
    universes = [
        plants.filter(pl.col("reference_2020") == 1).with_columns(pl.lit("2020").alias("universe")),
        plants.with_columns(pl.lit("all").alias("universe")),
    ]
    scope = pl.concat(universes)
    wide = pl.concat([scope, scope.with_columns(pl.lit("all").alias("industry"))])
    # Numbers are added up in one order, so that the same inputs give the same bytes.
    rows = wide.join(precision, on="facility_id", validate="m:m").sort(*_KIND, "how", "facility_id")
    counted = rows.group_by(*_KIND, "how", maintain_order=True).agg(
        pl.col("main").sum().alias("plants"), pl.col("amount").sum().alias("amount")
    )
    whole = pl.col("amount").sum().over(_KIND)
    mixed = (pl.col("industry") == "all") & (pl.col("subject") == "production")
    return counted.with_columns(
        (pl.col("plants") / pl.col("plants").sum().over(_KIND)).alias("share_plants"),
        pl.when(~mixed & (whole > 0)).then(pl.col("amount") / whole).alias("share_amount"),
    )
