"""Attributes: what sources say of a plant besides its releases, decided in data/attributes.csv."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

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
# What a plant has one of at a time.
KINDS: Final = ("route", "status", "owner")
DISPUTED: Final = "disputed"
_STILL: Final = 9999  # the last year of what has no end


def read(data: Path) -> pl.DataFrame:
    """Rows of the table `attribute`, with `row` and `lineage_id`.

    The id names plant, attribute, source and the place among the rows that share these, so that it
    outlives a new order of plants. Raises InputError where a number is none, and where a plant has
    two different routes, states or owners as of one newest year.
    """
    path = data / ATTRIBUTES
    frame = sheet.numbers(sheet.read_csv(path, _COLUMNS), _NUMBERS, path)
    years = [pl.col(name).cast(pl.Int64) for name in ("first_year", "last_year")]
    place = pl.int_range(1, pl.len() + 1).over(KEY)
    name = pl.format("attributes/{}/{}/{}/{}", *KEY, place).alias("lineage_id")
    known = frame.with_columns(*years, name).rename({"source": "source_id"})
    _refuse_ties(known, path)
    return known


def newest(attributes: pl.DataFrame) -> pl.DataFrame:
    """One row a plant: route, status and owner as its newest source says, each with the year `…_as_of`.

    A row without a last year holds still, and goes before any that has ended. An assumed route says so;
    a status about which sources disagree is `disputed`, and one last known before RECENT is left out.
    """
    recent = (pl.col("attribute") != "status") | (_end() >= RECENT)
    ranked = _of_kinds(attributes).filter(recent).sort(_rank())
    last = ranked.group_by("facility_id", "attribute", maintain_order=True).last()
    return _wide(last)


def _wide(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of a plant side by side: each kind, and the year of which its source speaks."""
    as_of = pl.coalesce("last_year", "first_year")
    plants = rows.select(pl.col("facility_id").unique(maintain_order=True))
    for kind in KINDS:
        one = rows.filter(attribute=kind).select(
            "facility_id", _shown().alias(kind), as_of.alias(f"{kind}_as_of")
        )
        plants = plants.join(one, on="facility_id", how="left", validate="1:1")
    return plants


def in_years(attributes: pl.DataFrame, years: Iterable[int]) -> pl.DataFrame:
    """Route and status by plant and year (facility_id, year, route, status, lineage_ids).

    The route is that of the statement nearest in time, the later of two, as a plant keeps its route
    until it is rebuilt. A status holds for the years of which a source speaks and for no other.
    """
    asked = pl.lit(list(years), dtype=pl.List(pl.Int64)).alias("year")
    kept = _of_kinds(attributes).filter(pl.col("attribute") != "owner")
    rows = kept.with_columns(asked).explode("year")
    before, after = pl.col("first_year") - pl.col("year"), pl.col("year") - _end()
    apart = pl.max_horizontal(before, after, pl.lit(0)).alias("apart")
    known = rows.with_columns(apart).filter((pl.col("attribute") == "route") | (pl.col("apart") == 0))
    key = ["facility_id", "year", "attribute"]
    nearest = known.sort(pl.col("apart").neg(), _rank())
    chosen = nearest.group_by(key, maintain_order=True).last()
    group = chosen.with_columns(_shown().alias("value")).group_by("facility_id", "year")
    wide = group.agg(
        *(pl.col("value").filter(attribute=kind).first().alias(kind) for kind in ("route", "status")),
        pl.col("lineage_id").sort().alias("lineage_ids"),
    )
    return wide.sort("facility_id", "year")


def _of_kinds(attributes: pl.DataFrame) -> pl.DataFrame:
    return attributes.filter(pl.col("attribute").is_in(KINDS))


def _end() -> pl.Expr:
    """The last year for which a row is said: without end where it only has a first, else long ago."""
    still = pl.when(pl.col("first_year").is_not_null()).then(pl.lit(_STILL)).otherwise(pl.lit(0))
    return pl.coalesce("last_year", still)


def _rank() -> pl.Expr:
    """A number that rises with the last year of a row and, within it, with the first."""
    return (_STILL + 1) * _end() + pl.col("first_year").fill_null(0)


def _shown() -> pl.Expr:
    """The value as others show it: an assumed one says so, one that is disputed is not settled."""
    assumed, status = pl.col("certainty") == "assumed", pl.col("attribute") == "status"
    return (
        pl.when(status & (pl.col("certainty") == "disputed"))
        .then(pl.lit(DISPUTED))
        .when(assumed)
        .then(pl.format("{} (assumed)", "value"))
        .otherwise("value")
    )


def _refuse_ties(frame: pl.DataFrame, path: Path) -> None:
    """Two answers for one year are none: a person decides, or writes that sources disagree."""
    rows, group = _of_kinds(frame), ("facility_id", "attribute")
    newest = rows.filter(_rank() == _rank().max().over(group))
    for row in newest.filter(pl.col("value").n_unique().over(group) > 1).iter_rows(named=True):
        what = f"{row['facility_id']} has two newest values of {row['attribute']}, of one year"
        mend = "decide which holds, or give one of them a name of its own"
        raise InputError(what, mend, file=path, row=row[ROW])
