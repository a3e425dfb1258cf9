"""EPA Toxics Release Inventory through StEWI: every release by facility, chemical and medium.

StEWI adds up what a facility filed for one chemical and medium: stack and fugitive air are one
figure, and so are land treatment and other land disposal, on the site and off it. Landfills, ponds
and wells are not in it. It drops every reported zero; the few that stand there are rounded. The
reliability score is the mean, weighted by kilograms, of what the filer said of the basis of estimate:
1 monitored, 2 a published or a site's own factor, 3 mass balance, 4 other, 5 not said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_tri"
COLUMNS: Final = {
    "tri_id": "FacilityID",
    "chemical": "FlowName",
    "medium": "Compartment",
    "kilograms": "FlowAmount",
}
# The same score under the name that each release of StEWI gave it.
_RELIABILITY: Final = ("ReliabilityScore", "DataReliability")
MEDIA: Final = {"air": "air", "water": "water", "soil": "land"}


def read(path: Path) -> pl.DataFrame:
    """Rows (tri_id, chemical, medium, kilograms, reliability, row, year), as filed.

    Reads flowbyfacility_TRI_<year>, CSV or Parquet; `medium` is air, water or land. Raises InputError
    when a column is missing, a cell is no number, or a medium is none of the three.
    """
    frame = open_year(path, COLUMNS, _RELIABILITY)
    frame = frame.rename({name: "reliability" for name in _RELIABILITY if name in frame.columns})
    _refuse_medium(frame, path)
    titles = {"kilograms": COLUMNS["kilograms"], "reliability": "reliability"}
    frame = sheet.numbers(frame, titles, path)
    order = (*COLUMNS, "reliability", ROW, "year")
    return frame.with_columns(pl.col("medium").replace_strict(MEDIA)).select(order)


def open_year(path: Path, columns: Mapping[str, str], either: tuple[str, ...] = ()) -> pl.DataFrame:
    """A file of one year, CSV or Parquet: `columns` renamed, as text, with `row` and `year`.

    `either` are names of one more column, of which the file must have one.
    """
    opened = sheet.read_parquet if path.suffix == ".parquet" else sheet.read_csv
    frame = opened(path, columns.values())
    found = [name for name in either if name in frame.columns]
    if either and not found:
        sheet.require(either[:1], frame.columns, path)
    named = [pl.col(title).cast(pl.String).alias(name) for name, title in columns.items()]
    texts = [*named, *(pl.col(name).cast(pl.String) for name in found)]
    return frame.select(*texts, ROW, pl.lit(year_of(path), dtype=pl.Int32).alias("year"))


def year_of(path: Path) -> int:
    """The year in the name of a file …_TRI_<year>. Raises InputError when there is none."""
    found = re.search(r"_TRI_(\d{4})", path.name)
    if not found:
        raise InputError("no year in the file's name", "name it …_TRI_<year>", file=path)
    return int(found[1])


def _refuse_medium(frame: pl.DataFrame, path: Path) -> None:
    strange = frame.filter(~pl.col("medium").is_in(list(MEDIA)).fill_null(False))
    if strange.height:
        raise InputError(
            f"“{strange['medium'][0] or ''}” is no medium (air, water, soil)",
            "correct the cell or fetch the file again",
            file=path,
            row=strange[ROW][0],
        )
