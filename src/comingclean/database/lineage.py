"""Where each number can be looked up: the source rows that the tables rest on, and no others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.database import cited, decided
from comingclean.database.part import Ground
from comingclean.facilities import attributes
from comingclean.model import ATTRIBUTE, IDENTIFIER, LINEAGE, Table

_COLUMNS: Final = ("lineage_id", "source_id", "file", "sheet", "row", "vintage", "sha256")
# Tables decided by hand: the columns that make the id of a row.
_DECIDED: Final = {
    "facilities": ("facility_id",),
    "parameters": ("parameter",),
    "corrections": ("source", "record_id", "field"),
    "links_missing": ("facility_id", "program"),
    "identifiers": ("facility_id", "program", "program_id"),
    "companies": ("name",),
    "sites": ("site_id",),
    "chemical_weights": ("chemical",),
}
# Here several rows share these; their place among them makes the id whole.
_NUMBERED: Final = {"attributes": attributes.KEY}
_NOW: Final = "with this release"
# Columns whose words name rows of files.
_EVIDENCE: Final = ((IDENTIFIER, "evidence"), (ATTRIBUTE, "source_row"))


def lineage(ground: Ground, rows: pl.DataFrame, made: dict[Table, pl.DataFrame]) -> pl.DataFrame:
    """The table `lineage`: `rows` of sources, decisions and cited rows that a table of `made` names."""
    read = rows.unique("lineage_id").join(_files(ground), on=["source_id", "year"], validate="m:1")
    texts = pl.concat([made[table][column] for table, column in _EVIDENCE])
    named = cited.rows(texts, ground.data).select(_COLUMNS)
    return pl.concat([read.select(_COLUMNS), _decisions(ground.data), named]).filter(
        pl.col("lineage_id").is_in(_used(made).implode())
    )


def _files(ground: Ground) -> pl.DataFrame:
    """The files that were read, by source and year; a pair that two files share names none of them."""
    known = ground.raw("file").select(
        "source_id",
        "sheet",
        "sha256",
        pl.col("year").cast(pl.Int64),
        pl.col("name").str.split("/").list.last().alias("file"),
        pl.coalesce(pl.format("as of {}", "as_of"), pl.format("year {}", "year")).alias("vintage"),
    )
    return known.filter(pl.struct("source_id", "year").is_unique())


def _used(made: dict[Table, pl.DataFrame]) -> pl.Series:
    held = [
        made[table][column.name].drop_nulls()
        for table in made
        for column in table.columns
        if column.lineage
    ]
    return pl.concat(held).unique().str.json_decode(pl.List(pl.String)).explode().unique()


def _decisions(data: Path) -> pl.DataFrame:
    """Rows of the tables decided by hand: they have a place like any other source row."""
    rows = [
        (name, table, f"{table}.csv", None, line, _NOW, None)
        for table in (*_DECIDED, *_NUMBERED)
        for line, name in _ids(table, data)
    ]
    return pl.DataFrame(rows, schema=LINEAGE.schema, orient="row").select(_COLUMNS)


def _ids(table: str, data: Path) -> Iterator[tuple[int, str]]:
    """The line and the id of each row of a decided table."""
    seen: Counter[str] = Counter()
    for line, row in decided.csv_rows(data / f"{table}.csv"):
        name = "/".join((table, *(row[column] for column in (_DECIDED | _NUMBERED)[table])))
        seen[name] += 1
        yield line, f"{name}/{seen[name]}" if table in _NUMBERED else name
