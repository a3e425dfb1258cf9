"""Attributes: what sources say of a plant besides its releases, decided in data/attributes.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet

ATTRIBUTES: Final = "attributes.csv"
_COLUMNS: Final = (
    "facility_id",
    "attribute",
    "value",
    "low",
    "high",
    "unit",
    "first_year",
    "last_year",
    "source",
    "source_row",
    "certainty",
    "note",
)
_NUMBERS: Final = ("low", "high", "first_year", "last_year")
# What an attribute's lineage id is made of, with the row's place among those that share it.
KEY: Final = ("facility_id", "attribute", "source")
# What no source of this year or later says is not called today's.
RECENT: Final = 2023


def read(data: Path) -> pl.DataFrame:
    """Rows of the table `attribute`, with `row` and `lineage_id`.

    The id names plant, attribute, source and the place among the rows that share these, so that it
    outlives a new order of plants. Raises InputError where a number is none.
    """
    path = data / ATTRIBUTES
    frame = sheet.numbers(sheet.read_csv(path, _COLUMNS), _NUMBERS, path)
    years = [pl.col(name).cast(pl.Int64) for name in ("first_year", "last_year")]
    place = pl.int_range(1, pl.len() + 1).over(KEY)
    name = pl.format("attributes/{}/{}/{}/{}", *KEY, place).alias("lineage_id")
    return frame.with_columns(*years, name).rename({"source": "source_id"})


def newest(attributes: pl.DataFrame) -> pl.DataFrame:
    """One row a plant: route, status and owner as its newest source says, empty where none does.

    An assumed route says so. A status that was last known before 2023 is left empty.
    """
    assumed = pl.col("certainty") == "assumed"
    value = pl.when(assumed).then(pl.format("{} (assumed)", "value")).otherwise(pl.col("value"))
    recent = (pl.col("attribute") != "status") | (pl.col("last_year") >= RECENT)
    kept = attributes.filter(pl.col("attribute").is_in(["route", "status", "owner"]) & recent)
    latest = kept.sort("last_year", "source_row", nulls_last=False).with_columns(value.alias("value"))
    last = latest.group_by("facility_id", "attribute", maintain_order=True).last()
    wide = last.pivot(on="attribute", index="facility_id", values="value")
    absent = [name for name in ("route", "status", "owner") if name not in wide.columns]
    empty = [pl.lit(None, dtype=pl.String).alias(name) for name in absent]
    return wide.with_columns(empty).select("facility_id", "route", "status", "owner")
