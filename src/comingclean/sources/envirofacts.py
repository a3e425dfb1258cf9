"""EPA Envirofacts: combustion units of GHGRP facilities, monitored (tier 4) or calculated."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_envirofacts"
CALCULATED: Final = "1-3"  # the table does not tell tiers 1, 2 and 3 from each other
_FACILITY: Final = "FACILITY_ID"
_YEAR: Final = "REPORTING_YEAR"
_MASS: Final = {
    CALCULATED: "TIER_1_2_3_FOSSIL_CO2_EMISSION",
    "4": "TIER4_NONBIOGENIC_CO2EMISSION",
}


def read(path: Path) -> pl.DataFrame:
    """Rows (ghgrp_id, year, row, tier, tonnes) of CO2, one per unit and tier with a figure.

    Raises InputError when the file or a column is missing, or a cell is not a number.
    """
    frame = sheet.read_csv(path, [_FACILITY, _YEAR, *_MASS.values()])
    frame = sheet.numbers(frame, [_YEAR, *_MASS.values()], path)
    units = frame.select(
        pl.col(_FACILITY).alias("ghgrp_id"),
        pl.col(_YEAR).cast(pl.Int32).alias("year"),
        ROW,
        *(pl.col(column).alias(tier) for tier, column in _MASS.items()),
    )
    tiers = units.unpivot(
        on=list(_MASS), index=["ghgrp_id", "year", ROW], variable_name="tier", value_name="tonnes"
    )
    return tiers.filter(pl.col("tonnes").is_not_null()).sort(ROW, "tier")
