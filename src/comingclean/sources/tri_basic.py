"""EPA Toxics Release Inventory, the basic data file: the official download, a state or the country.

https://www.epa.gov/toxics-release-inventory-tri-program gives one CSV a state and year. It has stack
and fugitive air apart, every kind of land disposal, off-site transfers and reported zeros; it lacks
the basis of estimate. Columns are found by name, whatever number or place they have.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_tri_basic"
IDENTITY: Final = {
    "year": "year",
    "tri_id": "trifd",
    "frs_id": "frs id",
    "name": "facility name",
    "city": "city",
    "state": "st",
    "latitude": "latitude",
    "longitude": "longitude",
    "naics": "primary naics",
    "form": "doc_ctrl_num",
    "form_type": "form type",
    "chemical": "chemical",
    "chemical_id": "tri chemical/compound id",
    "cas": "cas#",
    "unit": "unit of measure",
}
FLAGS: Final = {
    "hap": "clean air act chemical",
    "metal": "metal",
    "metal_category": "metal category",
    "carcinogen": "carcinogen",
    "pbt": "pbt",
    "pfas": "pfas",
}
# What StEWI adds up as soil, on the site and off it, is told apart here from what it leaves out.
AMOUNTS: Final = {
    "air_fugitive": "5.1 - fugitive air",
    "air_stack": "5.2 - stack air",
    "water": "5.3 - water",
    "underground": "5.4 - underground",
    "underground_class_1": "5.4.1 - underground cl i",
    "underground_other": "5.4.2 - underground c ii-v",
    "landfill": "5.5.1 - landfills",
    "landfill_hazardous": "5.5.1a - rcra c landfill",
    "landfill_other": "5.5.1b - other landfills",
    "land_treatment": "5.5.2 - land treatment",
    "impoundment": "5.5.3 - surface impndmnt",
    "impoundment_hazardous": "5.5.3a - rcra surface im",
    "impoundment_other": "5.5.3b - other surface i",
    "land_other": "5.5.4 - other disposal",
    "on_site_total": "on-site release total",
    "off_site_land_treatment": "6.2 - m73",
    "off_site_land_other": "6.2 - m79",
    "off_site_total": "off-site release total",
    "total": "total releases",
}
_KILOGRAMS: Final = {"Pounds": 0.45359237, "Grams": 0.001}


def read(path: Path) -> pl.DataFrame:
    """One row a form: the columns of IDENTITY and FLAGS as text, AMOUNTS in kilograms, and `row`.

    Year is a whole number, latitude and longitude are in degrees, an empty amount stays empty. An
    amount in a unit other than pounds and grams is empty too, and its unit stands in `unit`. Raises
    InputError when a column is missing or a cell is not a number.
    """
    frame = _named(path)
    titles = {**AMOUNTS, "year": "year", "latitude": "latitude", "longitude": "longitude"}
    frame = sheet.numbers(frame, titles, path)
    factor = pl.col("unit").replace_strict(_KILOGRAMS, default=None, return_dtype=pl.Float64)
    return frame.with_columns(
        *(pl.col(name) * factor for name in AMOUNTS), pl.col("year").cast(pl.Int32)
    )


def chemicals(rows: pl.DataFrame) -> pl.DataFrame:
    """What a file says of its chemicals: (chemical_id, chemical, cas, the FLAGS, first row, year)."""
    first = [pl.col(name).first() for name in ("chemical", "cas", *FLAGS, ROW, "year")]
    ordered = rows.sort(ROW).group_by("chemical_id", maintain_order=True)
    return ordered.agg(first).sort("chemical_id")


def _named(path: Path) -> pl.DataFrame:
    frame = sheet.read_csv(path, ())
    titles = {_title(name): name for name in frame.columns if name != ROW}
    wanted = IDENTITY | FLAGS | AMOUNTS
    sheet.require(list(wanted.values()), list(titles), path, row=1)
    columns = [pl.col(titles[title]).alias(name) for name, title in wanted.items()]
    return frame.select(*columns, ROW)


def _title(header: str) -> str:
    """A column's name without the number that EPA puts before it."""
    return re.sub(r"^\d+\. ", "", sheet.plain(header))
