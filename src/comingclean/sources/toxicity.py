"""How toxic a chemical is when breathed for years: unit risks and reference concentrations.

EPA's come from the dose-response library of its Human Exposure Model; Minnesota's from the inhalation
health benchmarks of its Pollution Control Agency. A unit risk (URE) is the added risk of cancer over
a lifetime per microgram in a cubic metre of air, a reference concentration (RfC) the milligrams in
a cubic metre that are likely harmless. EPA writes 0 where it has none: a benchmark of 0 cannot be.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.chemicals import keys
from comingclean.sources.sheet import ROW

EPA: Final = "epa_hem5"
MINNESOTA: Final = "mpca"
_EPA_COLUMNS: Final = {
    "name": "pollutant",
    "group": "pollutant group",
    "chemical": "cas no.",
    "unit_risk": "ure 1/(ug/m3)",
    "reference": "chronic refval (mg/m3)",
}
_MINNESOTA_COLUMNS: Final = {
    "chemical": "CAS",
    "name": "Pollutant",
    "reference": "Chronic Non-cancer Reference Conc (ug/m3)",
    "risk_concentration": "Lifetime cancer risk of 1E-5 Air Conc (ug/m3)",
}
_NOT_AVAILABLE: Final = "NA"
_RISK: Final = 1e-5  # at which Minnesota states a concentration
_SHEET: Final = "Dose Response"


def read_epa(path: Path) -> pl.DataFrame:
    """EPA's library: (chemical, name, group, unit_risk, reference, row).

    `chemical` is a CAS number with dashes or EPA's own code, unit_risk per µg/m³, reference in mg/m³,
    zeros and blanks as they stand. Raises InputError when a column is missing or a cell is no number.
    """
    _, cells = sheet.open_sheet(path, _SHEET)
    headers = [sheet.plain(text) for text in cells.row(0)]
    sheet.require(list(_EPA_COLUMNS.values()), headers, path, row=1)
    columns = [
        cells.to_series(headers.index(title)).alias(name) for name, title in _EPA_COLUMNS.items()
    ]
    body = cells.select(columns).with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).slice(1)
    body = body.filter(pl.col("name").is_not_null())
    titles = {name: _EPA_COLUMNS[name] for name in ("unit_risk", "reference")}
    return _checked(sheet.numbers(body, titles, path), path)


def read_minnesota(path: Path) -> pl.DataFrame:
    """Minnesota's benchmarks in EPA's units: (chemical, name, unit_risk, reference, row).

    A concentration at a risk of 1 in 100,000 becomes a unit risk, µg/m³ become mg/m³, NA is empty.
    Raises InputError when a column is missing or a cell is no number.
    """
    frame = sheet.read_csv(path, _MINNESOTA_COLUMNS.values())
    named = [pl.col(title).alias(name) for name, title in _MINNESOTA_COLUMNS.items()]
    frame = frame.select(*named, ROW).with_columns(pl.all().exclude(ROW).replace(_NOT_AVAILABLE, None))
    titles = {name: _MINNESOTA_COLUMNS[name] for name in ("reference", "risk_concentration")}
    frame = sheet.numbers(frame, titles, path).with_columns(
        (_RISK / pl.col("risk_concentration")).alias("unit_risk"), pl.col("reference") / 1000
    )
    return _checked(frame.drop("risk_concentration"), path)


def _checked(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    bad = frame.filter((pl.col("unit_risk") < 0) | (pl.col("reference") < 0))
    if bad.height:
        raise InputError(
            f"{bad['name'][0]} has a benchmark below zero",
            "correct the cell or fetch the file again",
            file=path,
            row=bad[ROW][0],
        )
    return frame.with_columns(keys("chemical"))
