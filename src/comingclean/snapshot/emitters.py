"""Facilities of every industry that file with the greenhouse gas program: neighbours meet them all."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.snapshot.part import Job, Part, Tables, file_rows
from comingclean.sources import ghgrp


def tables(job: Job) -> Tables:
    """`emitter`: each facility as its newest filing has it; `emission`: its totals by year.

    Totals are whole tonnes, as fine as anyone reads them.
    """
    books = [book for _, book in job.workbooks]
    filings = pl.concat(book.facilities for book in books)
    total = pl.col("quantity") == "ghg_reported"
    amounts = pl.concat(book.amounts.filter(total) for book in books)
    return {
        "emitter": _newest(filings),
        "emission": amounts.select(
            "ghgrp_id",
            pl.col("year").cast(pl.Int16),
            pl.col("row").cast(pl.Int32),
            pl.col("tonnes").round().cast(pl.Int32),
        ).sort("ghgrp_id", "year"),
        "file": file_rows([]),
    }


def _newest(filings: pl.DataFrame) -> pl.DataFrame:
    span = filings.group_by("ghgrp_id").agg(
        pl.col("year").min().alias("first_year"), pl.col("year").max().alias("last_year")
    )
    last = filings.sort("year").unique("ghgrp_id", keep="last", maintain_order=True)
    degrees = pl.col("latitude", "longitude").cast(pl.Float64).round(5)
    return (
        last.select("ghgrp_id", "name", "city", "state", degrees, "sectors", "naics")
        .join(span, on="ghgrp_id", validate="1:1")
        .with_columns(pl.col("first_year", "last_year").cast(pl.Int16))
        .sort("ghgrp_id")
    )


PART: Final = Part("emitters", (ghgrp.SOURCE,), tables)
