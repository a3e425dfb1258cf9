"""EPA's national totals of the GHGRP by gas and subpart, as control totals for the workbooks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_totals"
_GAS: Final = "FlowCode"
_SUBPART: Final = "SUBPART_NAME"
_AMOUNT: Final = "FlowAmount"


def read(path: Path) -> pl.DataFrame:
    """Rows (year, row, gas, subpart, kilograms).

    `gas` is EPA's code. Groups of fluorinated gases are in kilograms of CO2 equivalent, single
    gases (CO2, CH4, N2O, BIOCO2, SF6, NF3) in kilograms of the gas. The year is in the file name.
    """
    frame = sheet.read_csv(path, [_GAS, _SUBPART, _AMOUNT])
    frame = sheet.numbers(frame, [_AMOUNT], path)
    return frame.select(
        pl.lit(_year(path)).alias("year"),
        ROW,
        pl.col(_GAS).alias("gas"),
        pl.col(_SUBPART).alias("subpart"),
        pl.col(_AMOUNT).alias("kilograms"),
    )


def _year(path: Path) -> int:
    found = re.search(r"_(\d{4})_", path.name)
    if not found:
        raise InputError(
            "no year in the file's name", "name it GHGRP_<year>_NationalTotals.csv", file=path
        )
    return int(found[1])
