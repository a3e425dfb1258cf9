"""EPA FLIGHT: facilities of 2017 with finer coordinates and parent companies (old Excel, .xls).

The lists also hold plants that had stopped reporting; their tonnes are zero and mean no report.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import gem_steel, sheet
from comingclean.sources.sheet import ROW, plain

SOURCE: Final = "epa_flight"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_FETCH: Final = "fetch the file again from its publisher"

COLUMNS: Final = {
    "ghgrp_id": "ghgrp id",
    "year": "reporting year",
    "name": "facility name",
    "address": "reported address",
    "city": "city name",
    "county": "county name",
    "state": "state",
    "zip": "zip code",
    "latitude": "latitude",
    "longitude": "longitude",
    "parents": "parent companies",
    "ghg_reported": "ghg quantity (metric tons co2e)",
    "subparts": "subparts",
}
_NUMBERS: Final = ("latitude", "longitude", "ghg_reported")


def read(path: Path) -> pl.DataFrame:
    """One row a facility, with `row`.

    The columns of COLUMNS as text, but year as a whole number, latitude and longitude in degrees,
    ghg_reported in tonnes of CO2e.
    Raises InputError when the file is no old workbook, a column is missing, or a cell is wrong.
    """
    cells = _cells(path)
    headers = [plain(text) for text in cells.row(0)]
    sheet.require(COLUMNS.values(), headers, path, 1)
    frame = cells.select(
        cells.to_series(headers.index(header)).alias(name) for name, header in COLUMNS.items()
    )
    frame = frame.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).slice(1)
    frame = sheet.numbers(frame, {name: COLUMNS[name] for name in _NUMBERS}, path)
    return frame.with_columns(pl.col("year").cast(pl.Int32))


def _cells(path: Path) -> pl.DataFrame:
    import fastexcel

    if not path.exists():
        raise InputError("no such file", "check the path", file=path)
    if not path.read_bytes()[:8].startswith(_OLD_EXCEL):
        raise InputError("not an old Excel workbook (.xls)", _FETCH, file=path)
    try:
        first = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    except Exception as error:  # calamine raises many kinds, each meaning: not a whole workbook
        raise InputError("not a readable workbook, it may be cut off", _FETCH, file=path) from error
    return first.to_polars()


def owners(text: str | None) -> list[tuple[str, float | None]]:
    """The companies of a cell like “A (51%); B (49%)”, with their shares in percent, None unknown.

    A holder whom the cell calls “unknown” or “N/A” is no company, and is left out with its share.
    """
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    found = [re.fullmatch(r"(.+?)\s*(?:\(([\d.]+)%\))?", part) for part in parts]
    known = [match for match in found if match and not re.match(gem_steel.NO_NUMBER, match[1])]
    return [(match[1], float(match[2]) if match[2] else None) for match in known]
