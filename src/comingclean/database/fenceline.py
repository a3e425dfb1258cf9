"""Who lives near each plant, whether they differ from people elsewhere, and what else stands there."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from comingclean.database import decided, toxic_checks
from comingclean.database.part import GHGRP, Ground, Made, as_json, source_rows, with_lineage
from comingclean.database.plants import described, in_year
from comingclean.estimates.community_monitor import nearest
from comingclean.neighbourhood import Neighbourhood
from comingclean.tables.fenceline import (
    COMMUNITY,
    EMITTER,
    EMITTER_YEAR,
    EQUITY,
    INDICATOR,
    MONITOR,
    NEAREST_MONITOR,
)

MILES: Final = np.array([1.0, 3.0, 5.0, 10.0])
# The question of equity takes many draws: it is asked at the fence and at three miles.
_EQUITY_MILES: Final = (1.0, 3.0)
_UNIVERSE: Final = 2020  # the year of the reference universe: a plant counts by its route then


def make(ground: Ground) -> Made:
    """The tables of the fenceline, for every plant that has coordinates."""
    plants = described(ground).filter(pl.col("latitude").is_not_null()).sort("facility_id")
    words = decided.indicators(ground.data)
    people = Neighbourhood.read(ground.snapshot, words, ground.factors)
    monitors = _monitors(ground)
    others = ground.raw("emitter").join(plants, left_on="ghgrp_id", right_on="program_id", how="anti")
    filed = ground.raw("emission").join(others, on="ghgrp_id", how="semi")
    return Made(
        rejects=_below_nought(ground, filed),
        tables={
            COMMUNITY: people.community(plants, MILES),
            INDICATOR: words,
            EQUITY: _equity(people, in_year(ground, _UNIVERSE)),
            MONITOR: monitors.drop("source_id", "year", "lineage_id"),
            NEAREST_MONITOR: _nearest(plants, monitors),
            EMITTER: others,
            EMITTER_YEAR: _emissions(ground, filed),
        },
        rows=source_rows(monitors),
    )


def _equity(people: Neighbourhood, plants: pl.DataFrame) -> pl.DataFrame:
    """All plants of 2020 together, then by industry and by the route of that year."""
    plants = plants.filter(pl.col("latitude").is_not_null()).sort("facility_id")
    then = plants.with_row_index("circle").filter(pl.col("reference_2020") == 1)
    groups = pl.concat(
        then.select(name.alias("group"), pl.col("circle").cast(pl.Int64))
        for name in (pl.lit("all"), pl.col("industry"), pl.col("route"))
    ).drop_nulls()
    found = [people.equity(plants, groups, miles) for miles in _EQUITY_MILES]
    method = pl.lit("equity_random_homes").alias("method")
    return pl.concat(found).rename({"group": "plants"}).with_columns(method)


def _monitors(ground: Ground) -> pl.DataFrame:
    card = (pl.lit("aqs").alias("source_id"), pl.lit(2025).alias("year"))
    return with_lineage(ground.raw("monitor").with_columns(card))


def _nearest(plants: pl.DataFrame, monitors: pl.DataFrame) -> pl.DataFrame:
    places = plants.select(pl.col("facility_id").alias("id"), "latitude", "longitude")
    found = (
        nearest(places, monitors)
        .drop("miles", "row", "name", "city", "state")
        .rename({"id": "facility_id"})
    )
    ids = monitors.select("site", pl.concat_list("lineage_id").alias("sources"))
    return found.join(ids, on="site", validate="m:1").with_columns(as_json("sources"))


def _below_nought(ground: Ground, filed: pl.DataFrame) -> pl.DataFrame:
    """Figures below nought, which are set aside: nobody takes greenhouse gases out of the air."""
    rows = filed.filter(pl.col("tonnes") < 0).select(
        pl.lit(GHGRP).alias("source_id"),
        "year",
        "row",
        pl.col("ghgrp_id").alias("record_id"),
        pl.format("{} t CO2e", "tonnes").alias("subject"),
        pl.lit("impossible_amount").alias("reason"),
        pl.lit(False).alias("kept"),
    )
    return toxic_checks.rejects(ground, rows)


def _emissions(ground: Ground, filed: pl.DataFrame) -> pl.DataFrame:
    """As filed; how it was calculated is not looked into, so the interval is that of any method.

    A figure of nought is a figure. Whole tonnes were kept, so that none is surer than half of one.
    """
    tonnes = pl.col("tonnes").cast(pl.Float64)
    half = pl.max_horizontal(tonnes * ground.factors["ghg_halfwidth_other"], pl.lit(0.5))
    return filed.filter(pl.col("tonnes") >= 0).select(
        "ghgrp_id",
        "year",
        tonnes.alias("value"),
        (tonnes - half).clip(0).alias("low"),
        (tonnes + half).alias("high"),
        pl.lit("t CO2e").alias("unit"),
        pl.lit("ghg_any_industry").alias("method"),
        pl.lit("D").alias("grade"),
        "row",
    )
