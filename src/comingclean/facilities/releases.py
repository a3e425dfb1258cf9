"""Releases: rows of the Toxics Release Inventory sorted into good ones and ones set aside.

Nothing is dropped in silence. A row that cannot be right stands in the rejects with the reason and,
where it stays out of every sum, `kept` false. Rows that are right but need a word (a facility that
moved to another industry) stand there too, with `kept` true.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.sources.chemicals import keys, plain_name
from comingclean.sources.sheet import ROW

REJECT_SCHEMA: Final = {
    "source_id": pl.String,
    "year": pl.Int32,
    "row": pl.Int64,
    "record_id": pl.String,
    "subject": pl.String,
    "reason": pl.String,
    "kept": pl.Boolean,
}
NONE: Final = pl.DataFrame(schema=REJECT_SCHEMA)
DIOXINS: Final = "N150"
# More dioxin than the whole country releases in a year: grams that were taken for pounds or kilograms.
_ABSURD_DIOXIN_KILOGRAMS: Final = 100.0
# More of one chemical than the largest mine puts on its land.
_ABSURD_KILOGRAMS: Final = 1e9
_KEY: Final = ("tri_id", "chemical", "medium", "year")
_GRAMS: Final = "Grams"
_KNOWN_UNITS: Final = ("Pounds", _GRAMS)
# How each amount of the basic file counts: the first three as StEWI adds them up.
BASIC_MEDIA: Final = {
    "air": ("air_fugitive", "air_stack"),
    "water": ("water",),
    "land": ("land_treatment", "land_other", "off_site_land_treatment", "off_site_land_other"),
    "landfill": ("landfill",),
    "impoundment": ("impoundment",),
    "underground": ("underground",),
    "off_site": ("off_site_total",),
    "air_fugitive": ("air_fugitive",),
    "air_stack": ("air_stack",),
}
# These are parts of another medium or hold one, so they never stand in the same sum.
OVERLAPPING: Final = ("off_site", "air_fugitive", "air_stack")


def sort_out(
    rows: pl.DataFrame, names: pl.DataFrame, source_id: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `tri.read` with `chemical` as a key, and those set aside.

    `names` is chemistry.names. Set aside: a chemical that no list knows, an amount below zero or
    beyond reason, dioxins in the wrong unit, an exact copy of a row (the first stays), and rows that
    contradict each other on the same facility, chemical and medium (none stays).
    Returns (kept, rejects): kept has the columns of `rows` with `filed_as`, the name as filed.
    """
    named = rows.with_columns(plain_name("chemical").alias("plain")).rename({"chemical": "filed_as"})
    known = names.filter(inventory="TRI").select("plain", "chemical")
    joined = named.join(known, on="plain", how="left", validate="m:1")
    judged = joined.with_columns(_verdict().alias("reason")).drop("plain")
    return _parted(judged, source_id)


def _verdict() -> pl.Expr:
    amount, key = pl.col("kilograms"), pl.struct(_KEY)
    copied = ~pl.struct(*_KEY, "kilograms").is_first_distinct()
    copies = pl.struct(*_KEY, "kilograms").len().over(_KEY)
    same = pl.col("kilograms").n_unique().over(_KEY) == 1
    return (
        pl.when(pl.col("chemical").is_null())
        .then(pl.lit("unknown_chemical"))
        .when(amount.is_null())
        .then(pl.lit("no_amount"))
        .when(~amount.is_between(0, _ABSURD_KILOGRAMS))
        .then(pl.lit("impossible_amount"))
        .when((pl.col("chemical") == DIOXINS) & (amount > _ABSURD_DIOXIN_KILOGRAMS))
        .then(pl.lit("dioxin_unit"))
        .when(key.is_duplicated() & same & copied & (copies > 1))
        .then(pl.lit("copied_row"))
        .when(key.is_duplicated() & ~same)
        .then(pl.lit("contradicting_rows"))
    )


def _parted(judged: pl.DataFrame, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    kept = judged.filter(pl.col("reason").is_null()).drop("reason")
    aside = judged.filter(pl.col("reason").is_not_null()).select(
        pl.lit(source_id).alias("source_id"),
        "year",
        ROW,
        pl.col("tri_id").alias("record_id"),
        pl.col("filed_as").alias("subject"),
        "reason",
        pl.lit(False).alias("kept"),
    )
    return kept, aside.cast(pl.Schema(REJECT_SCHEMA))


def sort_out_basic(rows: pl.DataFrame, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `tri_basic.read`, long by medium, and forms set aside.

    Set aside: a form that stands twice (the first stays), an amount whose unit is neither pounds nor
    grams, grams for what is no dioxin or pounds for one, a chemical without an id, an amount below
    zero. Several forms of a facility for one chemical are parts of it, and add up. Returns kept
    (tri_id, filed_as, chemical, medium, kilograms, row, year), a reported zero as a zero, and rejects.
    """
    key = rows.with_columns(keys("chemical_id").alias("key")).rename({"chemical": "filed_as"})
    named = key.rename({"key": "chemical"})
    judged = named.with_columns(_form_verdict(named.columns).alias("reason"))
    kept, aside = _parted(judged, source_id)
    sums = [pl.sum_horizontal(parts).alias(medium) for medium, parts in _parts(kept).items()]
    index = ["tri_id", "filed_as", "chemical", ROW, "year"]
    long = kept.select(*index, *sums).unpivot(
        on=list(BASIC_MEDIA), index=index, variable_name="medium", value_name="kilograms"
    )
    return long, aside


def _parts(frame: pl.DataFrame) -> dict[str, list[str]]:
    return {
        medium: [name for name in names if name in frame.columns]
        for medium, names in BASIC_MEDIA.items()
    }


def _form_verdict(columns: list[str]) -> pl.Expr:
    amounts = [name for parts in BASIC_MEDIA.values() for name in parts if name in columns]
    dioxin = pl.col("chemical") == DIOXINS
    return (
        pl.when(~pl.struct("form", "tri_id").is_first_distinct())
        .then(pl.lit("copied_row"))
        .when(pl.col("chemical").is_null())
        .then(pl.lit("unknown_chemical"))
        .when(~pl.col("unit").is_in(_KNOWN_UNITS).fill_null(False))
        .then(pl.lit("unknown_unit"))
        .when(dioxin != (pl.col("unit") == _GRAMS))
        .then(pl.lit("dioxin_unit"))
        .when(pl.any_horizontal(pl.col(sorted(set(amounts))) < 0))
        .then(pl.lit("impossible_amount"))
    )


def moved_industry(sites: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Facilities whose industry (first four digits of NAICS) differs from the year before: rejects

    with `kept` true, at the row of the new industry. `sites` are rows of `tri_sites.read`.
    """
    group = pl.col("naics").str.slice(0, 4).alias("group")
    first = sites.sort("year", ROW).unique(["tri_id", "year"], keep="first", maintain_order=True)
    moved = first.with_columns(group).with_columns(
        pl.col("group").shift(1).over("tri_id").alias("before"),
    )
    moved = moved.filter(pl.col("group") != pl.col("before"))
    return moved.select(
        pl.lit(source_id).alias("source_id"),
        "year",
        ROW,
        pl.col("tri_id").alias("record_id"),
        pl.format("NAICS {} → {}", "before", "group").alias("subject"),
        pl.lit("moved_industry").alias("reason"),
        pl.lit(True).alias("kept"),
    ).cast(pl.Schema(REJECT_SCHEMA))


def of_plants(rows: pl.DataFrame, links: pl.DataFrame, program: str, key: str) -> pl.DataFrame:
    """Rows of `rows` whose `key` is an id of `program` that a plant has (facilities.links)."""
    ids = links.filter(program=program)["program_id"].unique()
    return rows.filter(pl.col(key).is_in(ids.implode()))


def control(kept: pl.DataFrame, totals: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """National totals of the publisher beside ours, by chemical and medium, kilograms.

    `kept`: rows of every facility; `totals`: tri_totals.read with `chemical_id`. Only years that both
    have. Columns: source_id, year, chemical, medium, published, ours, row; a side without the
    chemical is 0, as the publisher's own check has it.
    """
    key = ["year", "chemical", "medium"]
    theirs = (
        totals.with_columns(keys("chemical_id").alias("chemical"))
        .group_by(key)
        .agg(pl.col("kilograms").sum().alias("published"), pl.col(ROW).min())
    )
    ours = kept.group_by(key).agg(pl.col("kilograms").sum().alias("ours"))
    years = set(ours["year"]) & set(theirs["year"])
    both = theirs.join(ours, on=key, how="full", coalesce=True, validate="1:1")
    both = both.filter(pl.col("year").is_in(list(years)))
    some = pl.max_horizontal(pl.col("published", "ours").fill_null(0)) > 0
    return both.filter(some).select(
        pl.lit(source_id).alias("source_id"), *key, pl.col("published", "ours").fill_null(0), ROW
    )


def agreement(stewi: pl.DataFrame, basic: pl.DataFrame) -> pl.DataFrame:
    """StEWI beside the official basic file, a row a facility, medium and year that both files cover.

    `stewi` and `basic` are kept rows. Columns: year, tri_id, medium, stewi, basic (kilograms, empty
    where the file has nothing but zeros), row (the first of the basic file).
    """
    key = ["year", "tri_id", "medium"]
    three = basic.filter(pl.col("medium").is_in(["air", "water", "land"]))
    official = three.group_by(key).agg(pl.col("kilograms").sum().alias("basic"), pl.col(ROW).min())
    here = stewi.join(official.select("year", "tri_id").unique(), on=["year", "tri_id"], how="semi")
    sums = here.group_by(key).agg(pl.col("kilograms").sum().alias("stewi"))
    years = set(stewi["year"]) & set(basic["year"])
    both = official.join(sums, on=key, how="left", validate="1:1")
    both = both.with_columns(pl.when(pl.col("basic") > 0).then("basic").alias("basic"))
    both = both.filter(pl.any_horizontal(pl.col("basic", "stewi").is_not_null()))
    return both.filter(pl.col("year").is_in(list(years))).select(*key, "stewi", "basic", ROW)
