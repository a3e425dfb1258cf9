"""Every facility of the country: what it released to air in a year, in kilograms and weighed."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.toxic import Ranges, middles, part_weighed, spread

_KEY: Final = ["number", "year"]
# The score of a release is not kept for facilities outside the atlas, so the widest factor holds.
_FACTOR: Final = "tri_factor_other"
# Iron and steel, merchant coke, cement and concrete.
_NAICS: Final = {"3311": "iron_steel", "324199": "met_coke", "3273": "cement"}


def industries(sites: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """(number, industry): whose share of a chemical is weighed at each facility; empty elsewhere.

    `sites`: number, naics, facility_id (of the plant of the atlas that it is, or empty); `plants`:
    facility_id, industry. A facility outside the atlas is of an industry by its NAICS code.
    """
    known = sites.join(plants, on="facility_id", how="left", validate="m:1")
    code = pl.col("naics")
    by_code = [
        pl.when(code.str.starts_with(start)).then(pl.lit(industry))
        for start, industry in _NAICS.items()
    ]
    return known.select("number", pl.coalesce("industry", *by_code).alias("industry"))


def years(
    air: pl.DataFrame, weights: pl.DataFrame, industry: pl.DataFrame, ranges: Ranges
) -> pl.DataFrame:
    """A row a facility and year with a release to air.

    `air`: number, chemical, year, kilograms. `weights`: toxic.weights(). `industry`: industries().
    Columns: number, year, kilograms, unweighted (kilograms without an EPA benchmark), weighted, low,
    high (90 %, from the widest factor and the share of chromium), weighted_mn, main_chemical and
    main_share (of weighted, empty where nothing has a benchmark).
    """
    down, up = spread(ranges)
    factor = pl.lit(ranges[_FACTOR][0])
    share = part_weighed(middles(ranges))
    value = (pl.col("kilograms").cast(pl.Float64) * pl.col("weight") * share).fill_null(0.0)
    below = (factor.log() ** 2 + down.log() ** 2).sqrt().exp()
    above = (factor.log() ** 2 + up.log() ** 2).sqrt().exp()
    weighed = air.join(weights, on="chemical", how="left", validate="m:1")
    rows = weighed.join(industry, on="number", how="left", validate="m:1").with_columns(
        value.alias("weighted"),
        (value - value / below).alias("down"),
        (value * above - value).alias("up"),
        (pl.col("weight_mn") * share).alias("weight_mn"),
        pl.col("kilograms").cast(pl.Float64),
    )
    sums = rows.sort(*_KEY, "weighted", "chemical").group_by(_KEY).agg(*_sums())
    return sums.select(
        pl.col("number").cast(pl.Int64),
        pl.col("year").cast(pl.Int64),
        "kilograms",
        "unweighted",
        "weighted",
        (pl.col("weighted") - pl.col("down")).clip(0).alias("low"),
        (pl.col("weighted") + pl.col("up")).alias("high"),
        "weighted_mn",
        pl.when(pl.col("weighted") > 0).then("main_chemical").alias("main_chemical"),
        pl.when(pl.col("weighted") > 0).then(pl.col("most") / pl.col("weighted")).alias("main_share"),
    )


def _sums() -> list[pl.Expr]:
    return [
        pl.col("kilograms").sum(),
        pl.col("kilograms").filter(pl.col("weight").is_null()).sum().alias("unweighted"),
        pl.col("weighted").sum(),
        pl.col("weighted").last().alias("most"),
        pl.col("chemical").last().alias("main_chemical"),
        pl.col("down").pow(2).sum().sqrt(),
        pl.col("up").pow(2).sum().sqrt(),
        (pl.col("kilograms") * pl.col("weight_mn")).sum().alias("weighted_mn"),
    ]
