"""What the parts of a build stand on, and what each gives."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.database import decided
from comingclean.errors import InputError
from comingclean.estimates.parameter_kinds import Kind
from comingclean.facilities import registry
from comingclean.model import Table

GHGRP: Final = "epa_ghgrp"
# Letters that JSON writes otherwise than they are: quotes, backslashes, and all beyond plain ASCII.
_NOT_PLAIN: Final = r"[^ !#-\[\]-~]"
_ROWS: Final = {"lineage_id": pl.String, "source_id": pl.String, "row": pl.Int64, "year": pl.Int64}


@dataclass(frozen=True)
class Ground:
    """The snapshot, the decisions in `data`, and what every part needs of them."""

    snapshot: Path
    data: Path
    _read: dict[str, pl.DataFrame] = field(default_factory=dict)

    def raw(self, name: str) -> pl.DataFrame:
        """One table of the snapshot. Raises InputError when it is not there or damaged."""
        if name not in self._read:
            self._read[name] = _whole(self.snapshot, name)
        return self._read[name]

    @cached_property
    def parameters(self) -> pl.DataFrame:
        """Rows of the table `parameter`."""
        return decided.parameters(self.data)

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """What a parameter may be."""
        return decided.kinds(self.data)

    @cached_property
    def factors(self) -> dict[str, float]:
        """Parameter values by name, per cent as shares."""
        return decided.factors(self.parameters)

    @cached_property
    def plants(self) -> pl.DataFrame:
        """The registry with places. Raises InputError for a plant that the snapshot does not know."""
        plants, place = registry.read(self.data), self.raw("place")
        filed = self.raw("ghgrp_filing")["ghgrp_id"].unique().implode()
        lost = plants.filter((pl.col("program") == "ghgrp") & ~pl.col("program_id").is_in(filed))
        unplaced = plants.join(place, on="facility_id", how="anti")
        for row in [*lost.iter_rows(named=True), *unplaced.iter_rows(named=True)]:
            raise InputError(
                f"{row['facility_id']} ({row['program']} {row['program_id']}) is not in the snapshot",
                "correct the id, or run comingclean compile",
                file=self.data / registry.FACILITIES,
                row=row["row"],
            )
        plain = plants.drop("latitude", "longitude", "row")
        return plain.join(place, on="facility_id", validate="1:1")

    def of_plants(self, rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
        """Rows of a GHGRP table with the plant that they speak of, and more of its `columns`."""
        key = self.plants.filter(pl.col("program") == "ghgrp")
        key = key.select("facility_id", "program_id", *columns)
        return rows.join(key, left_on="ghgrp_id", right_on="program_id", validate="m:1")


@dataclass(frozen=True)
class Made:
    """What a part gives: rows of `value`, `finding` and `reject`, whole tables, and rows for `lineage`.

    `values` have the columns of the table without `unit`, and `sources` as lists of ids; `rows` name
    the source rows that these ids mean: `lineage_id`, `source_id`, `row`, `year`.
    """

    values: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: pl.DataFrame = field(default_factory=pl.DataFrame)
    rejects: pl.DataFrame = field(default_factory=pl.DataFrame)
    tables: dict[Table, pl.DataFrame] = field(default_factory=dict)
    rows: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_ROWS))


def _whole(folder: Path, name: str) -> pl.DataFrame:
    path = folder / f"{name}.parquet"
    if not path.exists():
        raise InputError(f"the snapshot lacks {name}", "run comingclean compile", file=folder)
    try:
        return pl.read_parquet(path)
    except pl.exceptions.PolarsError as error:
        what = f"the snapshot is damaged at {name}"
        raise InputError(what, "run comingclean compile", file=folder) from error


def with_lineage(frame: pl.DataFrame, source: str | None = None) -> pl.DataFrame:
    """`frame` with `lineage_id` made of its source (or its column `source_id`), year and row."""
    name = pl.format("{}/{}#{}", pl.lit(source) if source else "source_id", "year", "row")
    return frame.with_columns(name.alias("lineage_id"), pl.col("year").cast(pl.Int64))


def source_rows(frame: pl.DataFrame, source: str | None = None) -> pl.DataFrame:
    """The rows of `lineage` for a table of the snapshot, as `Made.rows` takes them."""
    if source:
        frame = frame.with_columns(pl.lit(source).alias("source_id"))
    return with_lineage(frame).select(list(_ROWS)).cast(pl.Schema(_ROWS))


def as_json(column: str) -> pl.Expr:
    """A column of lists of ids as JSON arrays."""
    return pl.col(column).map_batches(_dumped, return_dtype=pl.String)


def _dumped(lists: pl.Series) -> pl.Series:
    """Lists of ids as JSON writes them; one by one only where a letter is not written as it is."""
    odd = lists.list.join("", ignore_nulls=False).str.contains(_NOT_PLAIN).fill_null(True)
    plain = pl.format('["{}"]', lists.list.join('", "'))
    empty = pl.when(lists.list.len() == 0).then(pl.lit("[]"))
    texts = pl.select(empty.otherwise(plain)).to_series().rename(lists.name)
    one_by_one = [None if ids is None else json.dumps(ids) for ids in lists.filter(odd).to_list()]
    return texts.scatter(odd.arg_true(), one_by_one) if one_by_one else texts
