"""NREL Foundational Industry Energy Data: which calculation tier each combustion unit used in 2017.

The tiers are those of 40 CFR 98.33: 1 published factor, 2 measured heat, 3 measured carbon,
4 continuous monitor.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "nrel_fied"
_MASS: Final = {
    "1": "TIER1_CO2_COMBUSTION_EMISSIONS",
    "2": "TIER2_CO2_COMBUSTION_EMISSIONS",
    "3": "TIER3_CO2_COMBUSTION_EMISSIONS",
}
_FACILITY: Final = "FACILITY_ID"
_YEAR: Final = "REPORTING_YEAR"
_CEMS: Final = "CEMS_USED"
_ALL: Final = "MTCO2e_TOTAL"


def read(path: Path) -> pl.DataFrame:
    """Rows (ghgrp_id, year, row, tier, tonnes), one per unit, fuel and tier with a figure.

    `tonnes` is CO2 for tiers 1 to 3; for tier 4 it is NREL's estimate from fuel, in CO2e.
    Raises InputError when the file or a column is missing.
    """
    frame = sheet.read_parquet(path, [_FACILITY, _YEAR, _CEMS, _ALL, *_MASS.values()])
    units = frame.select(
        pl.col(_FACILITY).cast(pl.String).alias("ghgrp_id"),
        pl.col(_YEAR).cast(pl.Int32).alias("year"),
        ROW,
        *(pl.col(column).alias(tier) for tier, column in _MASS.items()),
        pl.when(pl.col(_CEMS) == "Y").then(pl.col(_ALL)).alias("4"),
    )
    tiers = units.unpivot(
        on=[*_MASS, "4"], index=["ghgrp_id", "year", ROW], variable_name="tier", value_name="tonnes"
    )
    return tiers.filter(pl.col("tonnes").is_not_null()).sort(ROW, "tier")
