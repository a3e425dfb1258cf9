"""US Geological Survey: national production and employment, 2019 to 2023, typed from its pages.

The column `source` says which page; some years are estimates at the time of that page.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "usgs"
_IDENTITY: Final = ("series", "unit", "source")
_YEAR: Final = r"^(\d{4})(e?)$"  # 2023e: an estimate


def read(path: Path) -> pl.DataFrame:
    """Rows (series, unit, source, row, year, value, estimated), one per series and year with a figure.

    Units are those of the file (Mt, kt, kt/yr, %, persons). `estimated` is true for a year that the
    header marks with an e. Raises InputError when a column is missing or a cell is not a number.
    """
    frame = sheet.read_csv(path, _IDENTITY)
    years = [name for name in frame.columns if name not in (*_IDENTITY, ROW)]
    long = sheet.numbers(frame, years, path).unpivot(
        on=years, index=[*_IDENTITY, ROW], variable_name="header", value_name="value"
    )
    return (
        long.filter(pl.col("value").is_not_null())
        .with_columns(
            pl.col("header").str.extract(_YEAR, 1).cast(pl.Int32).alias("year"),
            (pl.col("header").str.extract(_YEAR, 2) == "e").alias("estimated"),
        )
        .select(*_IDENTITY, ROW, "year", "value", "estimated")
        .sort(ROW, "year")
    )
