"""EPA eGRID: emission rates of the grid's subregions, and the power plants of 2018 with theirs.

Rates are per unit of electricity sent out. The Emission Factors Hub hands on those of 2019, 2022 and
2023; for 2018 the emissions and the electricity of every plant stand in the files of EPA's StEWI, of
which the rates are sums. Puerto Rico is in the rates from 2022 on, and among no plants of 2018.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

RATES: Final = "epa_egrid_rates"
PLANTS: Final = "epa_egrid_plants"
FLOWS: Final = "epa_egrid_flows"
PLANTS_YEAR: Final = 2018
GASES: Final = {"co2": "co2_lb_mwh", "ch4": "ch4_lb_mwh", "n2o": "n2o_lb_mwh"}
_KILOGRAMS_PER_POUND: Final = 0.45359237
_MEGAJOULES_PER_MWH: Final = 3600.0
_ID: Final = "FacilityID"
_SUBREGION: Final = "eGRID subregion acronym"
_PLANT: Final = {"name": "FacilityName", "state": "State", "fuel": "Plant primary fuel"}
_DEGREES: Final = {"latitude": "Plant latitude", "longitude": "Plant longitude"}
_FLOWS: Final = {
    "Carbon dioxide": "co2",
    "Methane": "ch4",
    "Nitrous oxide": "n2o",
    "Electricity": "megajoules",
}
_MEND: Final = "fetch the file again from its publisher"


def read_rates(path: Path) -> pl.DataFrame:
    """Rows (subregion, year, co2, ch4, n2o in kg/MWh, row); the national average is left out.

    Raises InputError when a column is missing, a cell is no number, or a subregion stands twice.
    """
    frame = sheet.read_csv(path, ["egrid_year", "acronym", *GASES.values()])
    frame = sheet.numbers(frame, ["egrid_year", *GASES.values()], path)
    # The average of the nation has no acronym in one year and its own name in another.
    own = frame.filter(pl.col("acronym").str.len_chars() == 4)
    rates = own.select(
        pl.col("acronym").alias("subregion"),
        pl.col("egrid_year").cast(pl.Int32).alias("year"),
        *(pl.col(title) * _KILOGRAMS_PER_POUND for title in GASES.values()),
        ROW,
    ).rename({title: gas for gas, title in GASES.items()})
    _refuse(rates.filter(~pl.struct("subregion", "year").is_first_distinct()), "stands twice", path)
    _refuse(rates.filter(pl.any_horizontal(pl.col(*GASES).is_null())), "lacks a rate", path)
    return rates


def read_plants(path: Path) -> pl.DataFrame:
    """Power plants with their ORIS code as `plant_id`; `subregion` and the place may be missing.

    Columns: plant_id, name, state, fuel (a code of EPA's, such as BFG for blast-furnace gas) and
    subregion as text, latitude and longitude in degrees, row. Raises InputError when a column is
    missing or a coordinate is no number.
    """
    frame = sheet.read_csv(path, [_ID, _SUBREGION, *_PLANT.values(), *_DEGREES.values()])
    frame = sheet.numbers(frame, list(_DEGREES.values()), path)
    return frame.select(
        pl.col(_ID).alias("plant_id"),
        pl.col(_SUBREGION).alias("subregion"),
        *(pl.col(title).alias(name) for name, title in (_PLANT | _DEGREES).items()),
        ROW,
    )


def read_flows(path: Path) -> pl.DataFrame:
    """Rows (plant_id, co2, ch4, n2o in kg, mwh): emissions and electricity of each power plant.

    Raises InputError when a column is missing or a cell is no number.
    """
    frame = sheet.read_csv(path, [_ID, "FlowName", "FlowAmount"])
    kept = sheet.numbers(frame.filter(pl.col("FlowName").is_in(list(_FLOWS))), ["FlowAmount"], path)
    wide = kept.group_by(pl.col(_ID).alias("plant_id")).agg(
        pl.col("FlowAmount").filter(pl.col("FlowName") == flow).sum().alias(name)
        for flow, name in _FLOWS.items()
    )
    mwh = (pl.col("megajoules") / _MEGAJOULES_PER_MWH).alias("mwh")
    return wide.select("plant_id", "co2", "ch4", "n2o", mwh).sort("plant_id")


def rates_of(plants: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Rates of the subregions (subregion, co2, ch4, n2o in kg/MWh) as sums over their plants."""
    joined = plants.join(flows, on="plant_id", how="inner", validate="1:1")
    sums = joined.filter(pl.col("subregion").is_not_null()).group_by("subregion")
    total = sums.agg(pl.col("co2", "ch4", "n2o", "mwh").sum())
    return total.select("subregion", *(pl.col(gas) / pl.col("mwh") for gas in GASES)).sort("subregion")


def _refuse(bad: pl.DataFrame, what: str, path: Path) -> None:
    if bad.height:
        raise InputError(f"{bad['subregion'][0]} {what}", _MEND, file=path, row=bad[ROW][0])
