"""The filings of the greenhouse gas program, their amounts, tiers, totals and restatements."""

from __future__ import annotations

import json
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import attributes, registry
from comingclean.facilities.restatements import NONE, restatements
from comingclean.snapshot.part import (
    Book,
    Job,
    Part,
    Read,
    Tables,
    file_row,
    file_rows,
    read_books,
    read_each,
    year_files,
)
from comingclean.sources import envirofacts, fied, ghgrp, totals
from comingclean.sources.card import SourceFile

OLDER: Final = "epa_ghgrp_older"  # superseded releases: what changed since is told, if they are here
# A larger figure than any plant on earth has reported: a slip of the keyboard, not an emission.
_ABSURD_TONNES: Final = 100e6
_POTENTIAL: Final = {"CH4": 25.0, "N2O": 298.0, "SF6": 22_800.0, "NF3": 17_200.0}  # IPCC AR4
_TOLERANCE: Final = 0.01
_CONTROLLED: Final = ("C", "F", "H", "Q")


def tables(job: Job) -> Tables:
    """Filings, amounts, combustion tiers, control totals, restatements and places of the plants."""
    books = job.workbooks
    _one_book_a_year(books)
    older = read_books(job, OLDER)
    amounts = pl.concat([_plausible(job.ours(book.amounts), file) for file, book in books])
    job.progress("reading combustion tiers and control totals")
    tiers, published = _read_tiers(job), read_each(job.files[totals.SOURCE], totals.read)
    made = {
        "ghgrp_filing": job.filings,
        "ghgrp_amount": amounts,
        "combustion_tier": job.ours(pl.concat(frame for _, frame in tiers)),
        "control_total": _control(published, [book for _, book in books]),
        "restatement": job.ours(_restated(older, books, _industries(job))),
        "place": job.places,
        "file": pl.concat([_book_files([*books, *older]), year_files([*tiers, *published])]),
    }
    return {name: frame.sort(pl.all().exclude("tonnes")) for name, frame in made.items()}


PART: Final = Part(
    "filings",
    (ghgrp.SOURCE, fied.SOURCE, envirofacts.SOURCE, totals.SOURCE),
    tables,
    decisions=(registry.FACILITIES, registry.CORRECTIONS, attributes.ATTRIBUTES),
    optional=(OLDER,),
)


def _one_book_a_year(books: list[Book]) -> None:
    years: dict[int, str] = {}
    for file, book in books:
        if book.year in years:
            raise InputError(
                f"speaks of {book.year} as {years[book.year]} does", "remove one", file=file.path
            )
        years[book.year] = file.name


def _plausible(amounts: pl.DataFrame, file: SourceFile) -> pl.DataFrame:
    bad = amounts.filter((pl.col("tonnes") < 0) | (pl.col("tonnes") > _ABSURD_TONNES))
    if bad.height:
        first = bad.row(0, named=True)
        raise InputError(
            f"{first['tonnes']:,.0f} t is no possible {first['quantity']} of {first['ghgrp_id']}",
            "ask the publisher, or correct the cell",
            file=file.path,
            row=first["row"],
        )
    return amounts


def _read_tiers(job: Job) -> list[Read]:
    read = read_each(job.files[fied.SOURCE], fied.read)
    read += read_each(job.files[envirofacts.SOURCE], envirofacts.read)
    return [(f, frame.with_columns(pl.lit(f.source_id).alias("source_id"))) for f, frame in read]


def _control(read: list[Read], books: list[ghgrp.Workbook]) -> pl.DataFrame:
    """National totals beside ours, over every facility of a workbook, for the subparts that we use."""
    published = pl.concat(frame for _, frame in read).filter(
        pl.col("subpart").is_in(_CONTROLLED) & (pl.col("gas") != "BIOCO2")
    )
    potential = pl.col("gas").replace_strict(_POTENTIAL, default=1.0, return_dtype=pl.Float64)
    theirs = published.group_by("year", "subpart").agg(
        ((pl.col("kilograms") * potential).sum() / 1000).alias("published")
    )
    letter = pl.col("quantity").str.strip_prefix("ghg_subpart_").str.to_uppercase()
    ours = pl.concat([book.amounts for book in books]).group_by("year", letter.alias("subpart"))
    joined = theirs.join(
        ours.agg(pl.col("tonnes").sum().alias("ours")), on=["year", "subpart"], validate="1:1"
    )
    return joined.with_columns(
        pl.col("published", "ours").round(1),
        pl.lit(totals.SOURCE).alias("source_id"),
        pl.lit("t CO2e").alias("unit"),
        pl.lit(_TOLERANCE).alias("tolerance"),
    )


def _book_files(books: list[Book]) -> pl.DataFrame:
    return file_rows(
        file_row(file, book.year)
        | {
            "sheet": book.sheet,
            "as_of": book.as_of.isoformat(),
            "unknown_columns": json.dumps(book.unknown),
        }
        for file, book in books
    )


def _industries(job: Job) -> dict[str, str]:
    """The industry of each plant, by its GHGRP id."""
    return dict(job.plants.filter(program="ghgrp").select("program_id", "industry").iter_rows())


def _restated(older: list[Book], books: list[Book], industries: dict[str, str]) -> pl.DataFrame:
    """What each superseded release said otherwise than the newest one of its year."""
    newest = {book.year: book for _, book in books}
    pairs = [(book, newest[book.year]) for _, book in older if book.year in newest]
    moved = [restatements(*pair, industries) for pair in pairs]
    return pl.concat([NONE, *moved])
