"""What a part of the snapshot is: the sources it reads, and the tables it makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import attributes, registry
from comingclean.sources import ghgrp
from comingclean.sources.card import SourceFile

Progress = Callable[[str], None]
Tables = dict[str, pl.DataFrame]
Read = tuple[SourceFile, pl.DataFrame]
Book = tuple[SourceFile, ghgrp.Workbook]

_FILE: Final = {
    "source_id": pl.String,
    "name": pl.String,
    "sha256": pl.String,
    "year": pl.Int64,
    "sheet": pl.String,
    "as_of": pl.String,
    "unknown_columns": pl.String,
}


@dataclass(frozen=True)
class Job:
    """What every part is given: the files by source, the decisions in `data`, county outlines."""

    files: dict[str, list[SourceFile]]
    data: Path
    counties: Path
    progress: Progress

    @cached_property
    def workbooks(self) -> list[Book]:
        """The yearly workbooks of the greenhouse gas program, which more than one part reads."""
        return read_books(self, ghgrp.SOURCE)

    @cached_property
    def plants(self) -> pl.DataFrame:
        """The registry."""
        return registry.read(self.data)

    def ours(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows of a GHGRP table that speak of a plant of the registry."""
        ids = self.plants.filter(program="ghgrp")["program_id"]
        return frame.filter(pl.col("ghgrp_id").is_in(ids.implode()))

    @cached_property
    def filings(self) -> pl.DataFrame:
        """The plants' filings of every year, corrected. Raises InputError for a place off the earth."""
        filed = pl.concat(_on_earth(self.ours(book.facilities), file) for file, book in self.workbooks)
        return registry.correct(filed, registry.corrections(self.data, ghgrp.SOURCE), self.data)

    @cached_property
    def places(self) -> pl.DataFrame:
        """Where each plant stands, as place.locate has it."""
        # Geometry takes half a second to load, which a run that finds nothing changed must not pay.
        from comingclean.facilities import county, place

        outlines = county.Counties.read(self.counties)
        return place.locate(self.plants, self.filings, outlines, attributes.read(self.data))


@dataclass(frozen=True)
class Part:
    """One subject of the snapshot.

    `sources` must be in the mirror, `optional` ones may; `decisions` are the files of `data` that it
    depends on. `tables` gives frames by name; each table
    belongs to one part, but `file`, to which every part adds a row for each file that it read.
    """

    name: str
    sources: tuple[str, ...]
    tables: Callable[[Job], Tables]
    decisions: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


def _on_earth(filings: pl.DataFrame, file: SourceFile) -> pl.DataFrame:
    bad = filings.filter((pl.col("latitude").abs() > 90) | (pl.col("longitude").abs() > 180))
    if bad.height:
        first = bad.row(0, named=True)
        raise InputError(
            f"{first['latitude']}, {first['longitude']} is no place on earth",
            "ask the publisher, or correct the cell",
            file=file.path,
            row=first["row"],
        )
    return filings


def read_books(job: Job, source: str) -> list[Book]:
    """Every workbook of a source."""
    books = []
    for file in job.files[source]:
        job.progress(f"reading {file.path.name}")
        books.append((file, ghgrp.read(file.path)))
    return books


def read_each(files: list[SourceFile], read: Callable[[Path], pl.DataFrame]) -> list[Read]:
    """Every file with the frame that `read` makes of it."""
    return [(file, read(file.path)) for file in files]


def year_files(read: list[Read]) -> pl.DataFrame:
    """Rows of `file` for files that speak of one year each. Raises InputError for one of several."""
    for file, frame in read:
        if frame["year"].n_unique() != 1:
            raise InputError("does not speak of one year", "split it by year", file=file.path)
    return file_rows(file_row(file, frame["year"][0]) for file, frame in read)


def file_row(file: SourceFile, year: int) -> dict[str, Any]:
    """What the table `file` says of a file that speaks of `year`."""
    return {
        "source_id": file.source_id,
        "name": file.name,
        "sha256": file.sha256,
        "year": year,
        "sheet": None,
        "as_of": None,
        "unknown_columns": "[]",
    }


def file_rows(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Rows of the table `file`."""
    return pl.DataFrame(list(rows), schema=_FILE)
