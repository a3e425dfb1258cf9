"""EPA National Emissions Inventory through NREL AEGIS: what each facility released to air.

AEGIS joined NEI, TRI and GHGRP for steel with coke and for cement, 2011 and 2017. Records that
share an FRS id are added up by pollutant, and each sum stands once, under the first of their names:
a plant's nitrogen oxides may stand under a contractor's name. So take all records of an FRS id
together, never one name of them. The reliability score is 1 measured, 2 a factor that EPA or a state
published, 3 another factor, 4 mass balance, 5 judgement, or a mean of these weighted by kilograms.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

# One card a file: two files of one year would give their rows the same names.
SOURCE: Final = "nei_{industry}"
PROCESSES: Final = "nei_{industry}_process"
STACKS: Final = "nei_{industry}_stack"
INDUSTRIES: Final = ("steel", "cement")
COLUMNS: Final = {
    "eis_id": "FacilityID",
    "frs_id": "FRS_ID",
    "name": "FacilityName",
    "address": "Address",
    "city": "City",
    "state": "State",
    "naics": "NAICS",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "year": "Year",
    "pollutant": "FlowName",
    "kilograms": "FlowAmount",
    "reliability": "DataReliability",
}
_PROCESS: Final = {
    "eis_id": "FacilityID",
    "frs_id": "FRS_ID",
    "year": "Year",
    "pollutant": "FlowName",
    "kilograms": "FlowAmount",
    "reliability": "DataReliability",
    "scc": "SCC",
    "level_one": "scc level one",
    "level_two": "scc level two",
    "level_three": "scc level three",
    "level_four": "scc level four",
}
_STACK: Final = {
    "eis_id": "FACILITY_ID",
    "unit_id": "UNIT_ID",
    "process_id": "PROCESS_ID",
    "height": "STKHGT",
    "diameter": "STKDIAM",
    "temperature": "STKTEMP",
    "flow": "STKFLOW",
    "velocity": "STKVEL",
}
_INVENTORY: Final = "Source"
_NEI: Final = "NEI"
_UNIT: Final = "Unit"
_KILOGRAM: Final = "kg"
_NUMBERS: Final = ("latitude", "longitude", "year", "kilograms", "reliability")
_NO_ID: Final = ("nan", "")
_METRES: Final = 0.3048  # of a foot


def read(path: Path) -> pl.DataFrame:
    """The NEI part of a facility-level file: one row a record and pollutant, with `row`.

    The columns of COLUMNS as text, but latitude and longitude in degrees, year a whole number,
    kilograms to air and the reliability score; `frs_id` is empty where the record has none. Raises
    InputError when a column is missing, a cell is no number, or an amount is not in kilograms.
    """
    frame = _in_kilograms(path, COLUMNS)
    return _with_ids(sheet.numbers(frame, {n: COLUMNS[n] for n in _NUMBERS}, path))


def read_processes(path: Path) -> pl.DataFrame:
    """The file by process: a row a record, process (SCC) and pollutant, with words for the process.

    Units and errors as in `read`. Both sizes of particles stand there whole, not the difference.
    """
    frame = _in_kilograms(path, _PROCESS)
    numbers = {name: _PROCESS[name] for name in ("year", "kilograms", "reliability")}
    return _with_ids(sheet.numbers(frame, numbers, path))


def read_stacks(path: Path) -> pl.DataFrame:
    """Units and processes of facilities with their stacks: metres, kelvin, m³/s and m/s, and `row`.

    Empty where a process has no stack on record. Raises InputError as `read` does.
    """
    frame = sheet.read_csv(path, _STACK.values())
    frame = frame.select(*(pl.col(title).alias(name) for name, title in _STACK.items()), ROW)
    names = ("height", "diameter", "temperature", "flow", "velocity")
    frame = sheet.numbers(frame, {name: _STACK[name] for name in names}, path)
    return frame.with_columns(
        pl.col("height", "diameter", "velocity") * _METRES,
        (pl.col("temperature") - 32) / 1.8 + 273.15,
        pl.col("flow") * _METRES**3,
    )


def _in_kilograms(path: Path, columns: dict[str, str]) -> pl.DataFrame:
    frame = sheet.read_csv(path, [_INVENTORY, _UNIT, *columns.values()])
    frame = frame.filter(pl.col(_INVENTORY) == _NEI)
    other = frame.filter(pl.col(_UNIT).fill_null("") != _KILOGRAM)
    if other.height:
        raise InputError(
            f"“{other[_UNIT][0] or ''}” is not the unit of this file, kg",
            "correct the cell or fetch the file again",
            file=path,
            row=other[ROW][0],
        )
    return frame.select(*(pl.col(title).alias(name) for name, title in columns.items()), ROW)


def _with_ids(frame: pl.DataFrame) -> pl.DataFrame:
    ids = [pl.col(name).str.replace(r"\.0$", "") for name in ("eis_id", "frs_id")]
    named = frame.with_columns(*ids, pl.col("year").cast(pl.Int32))
    # A record without an FRS id stands alone; “nan” is not an id that such records share.
    alone = pl.col("frs_id").is_in(_NO_ID)
    return named.with_columns(pl.when(~alone).then(pl.col("frs_id")).alias("frs_id"))
