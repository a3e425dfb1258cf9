"""Parts: the common form in which each program says how the numbers of a plant are known.

A part is (facility_id, subject, how, weight, method_year, scope, sources): `weight` is mass or another
measure whose shares among the parts of a plant and subject count, `method_year` the year whose files
say how, `sources` a list of lineage ids. A maker that has no value row gives own_value, own_unit,
own_year and own_grade as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from comingclean.tables.precision import STOPPED

KEY: Final = ["facility_id", "subject"]
EMPTY: Final[dict[str, type[pl.DataType]]] = {
    "share": pl.Float64,
    "amount": pl.Float64,
    "unit": pl.String,
    "year": pl.Int64,
    "method_year": pl.Int64,
    "grade": pl.String,
}
_OWN: Final[dict[str, type[pl.DataType]]] = {
    "own_value": pl.Float64,
    "own_unit": pl.String,
    "own_year": pl.Int64,
    "own_grade": pl.String,
}


def part(frame: pl.DataFrame, **named: pl.Expr) -> pl.DataFrame:
    """`frame` as parts: its columns or `named` for each of theirs, what is absent empty."""
    given = {name: pl.col(name) for name in frame.columns} | named
    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "facility_id": pl.String,
        "subject": pl.String,
        "how": pl.String,
        "weight": pl.Float64,
        "method_year": pl.Int64,
        "scope": pl.String,
        "sources": pl.List(pl.String),
        **_OWN,
    }
    plant = {"scope": pl.lit("plant")}
    chosen = plant | {name: one for name, one in given.items() if name in columns}
    return frame.select(
        chosen.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in columns.items()
    )


def newest(values: pl.DataFrame) -> pl.DataFrame:
    """The newest figure of each plant and subject: (facility_id, subject, value, unit, year, grade)."""
    last = pl.col("year") == pl.col("year").max().over("facility_id", "quantity")
    return values.filter(last).select(
        "facility_id", pl.col("quantity").alias("subject"), "value", "unit", "year", "grade"
    )


def ids(column: str = "sources") -> pl.Expr:
    """A column of JSON arrays as lists, those that name a row of a source."""
    return pl.col(column).str.json_decode(pl.List(pl.String))


# A fact of a sentence by language.
Said = dict[str, str]
_LONG_NAME: Final = 30


def brief(name: str) -> str:
    """A chemical's name without a long remark in brackets."""
    return name.split(" (", maxsplit=1)[0] if len(name) > _LONG_NAME else name


def chemical_names(chemical: pl.DataFrame) -> dict[str, Said]:
    """What each chemical is called in a sentence, by its key; in English where no other name is known.

    An element that is no chemical of the table is called as what counts to it.
    """
    named = chemical.select("chemical", "element", "name", pl.coalesce("name_es", "name").alias("es"))
    rows = named.iter_rows()
    found = [(key, element, {"en": brief(one), "es": brief(two)}) for key, element, one, two in rows]
    elements = {element: said for _, element, said in reversed(found) if element}
    return elements | {key: said for key, _, said in found}


def listed(parts: Iterable[Said], between: str = "; ") -> Said:
    """Parts of a sentence in one, in each language."""
    every = list(parts)
    return {lang: between.join(part[lang] for part in every) for lang in ("en", "es")}


def filing_years(filing: pl.DataFrame, release: pl.DataFrame) -> pl.DataFrame:
    """The years for which plants filed with the toxics inventory: (facility_id, year), each once.

    `filing`: toxic_filing, which has the years of the national file with or without a release;
    `release`: toxic_release, which has those of the states' own files, too.
    """
    key = ["facility_id", "year"]
    return pl.concat([filing.select(key), release.select(key)]).unique().sort(key)


def stood(
    values: pl.DataFrame, facility: pl.DataFrame, least: float, wound_down: float
) -> pl.DataFrame:
    """The years in which a plant hardly ran, as far as its greenhouse gases say: (facility_id, year).

    Below `least` of its own median year; a year with gases and no product, of a plant that has a
    product in others (the finding stood_idle); of a plant that has stopped, the last years in a row
    below `wound_down` of the median; and the first year of a plant that began after the program did.
    """
    key = ["facility_id", "year"]
    gases = values.filter(pl.col("quantity") == "ghg_reported").select(*key, "value").sort(key)
    part = gases.with_columns(
        (pl.col("value") / pl.col("value").median().over("facility_id")).alias("part")
    )
    made = values.filter(pl.col("quantity") == "production").select(key)
    idle = part.join(made, on="facility_id", how="semi").join(made, on=key, how="anti")
    over = facility.filter(pl.col("status").is_in(STOPPED)).select("facility_id")
    silent = part.group_by("facility_id").agg(pl.col("year").max().alias("last"))
    silent = silent.filter(pl.col("last") < pl.col("last").max()).select("facility_id")
    tail = (pl.col("part") < wound_down).reverse().cum_min().reverse().over("facility_id")
    ended = part.join(pl.concat([over, silent]), on="facility_id", how="semi").filter(tail)
    low = part.filter(pl.col("part") < least)
    first = pl.col("year").min().over("facility_id")
    began = part.filter((pl.col("year") == first) & (first > pl.col("year").min()))
    return pl.concat(frame.select(key) for frame in (low, idle, ended, began)).unique().sort(key)
