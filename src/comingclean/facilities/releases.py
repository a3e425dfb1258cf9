"""Releases: rows of the Toxics Release Inventory sorted into good ones and ones set aside.

What is done with a row that cannot be right, and why, is told in `rejects`; the basic files, which come
in another form, are read in `forms`.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.facilities import rejects
from comingclean.sources.chemicals import keys, plain_name
from comingclean.sources.sheet import ROW

DIOXINS: Final = "N150"
# Three times the largest row of eleven years (1.67 kg); the whole country filed 2.07 kg for 2020.
MOST_DIOXIN_KILOGRAMS: Final = 5.0
# Grams taken for kilograms are a thousand times too much, grams taken for pounds 454 times; the other
# years of a facility vary, so that half and double of that may be either.
_SLIP: Final = (227.0, 2000.0)
_KEY: Final = ("tri_id", "chemical", "medium", "year")


def sort_out(
    rows: pl.DataFrame, names: pl.DataFrame, source_id: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `tri.read` with `chemical` as a key, and those set aside.

    `names` is chemistry.names. Set aside: what `rejects.verdict` says of rows of the same facility,
    chemical and medium, and dioxins in the wrong unit.
    Returns (kept, rejects): kept has the columns of `rows` with `filed_as`, the name as filed.
    """
    named = rows.with_columns(plain_name("chemical").alias("plain")).rename({"chemical": "filed_as"})
    known = names.filter(inventory="TRI").select("plain", "chemical")
    joined = named.join(known, on="plain", how="left", validate="m:1")
    absurd = (pl.col("chemical") == DIOXINS) & (pl.col("kilograms") > MOST_DIOXIN_KILOGRAMS)
    reason = pl.when(absurd).then(pl.lit("dioxin_unit")).otherwise(rejects.verdict(_KEY))
    judged = joined.with_columns(reason.alias("reason")).drop("plain")
    return rejects.parted(judged, "tri_id", "filed_as", source_id)


def slipped(kept: pl.DataFrame, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Kept rows of all years, and dioxins that must be grams taken for kilograms or pounds.

    The sign is one amount some thousand times the largest of the facility's other years for the same
    medium. Returns (kept, rejects) as `sort_out` does.
    """
    dioxins = kept.filter(pl.col("chemical") == DIOXINS)
    place = ["tri_id", "medium"]
    others = dioxins.join(
        dioxins.select(*place, other="year", had="kilograms"), on=place, validate="m:m"
    )
    others = others.filter(pl.col("year") != pl.col("other"))
    usual = others.group_by(*place, "year").agg(pl.col("had").max())
    least, most = (times * pl.col("had") for times in _SLIP)
    near = pl.col("kilograms").is_between(least, most)
    far = dioxins.join(usual, on=[*place, "year"], validate="m:1").filter(near & (pl.col("had") > 0))
    slips = far.select(*place, "year", "chemical", pl.lit("dioxin_unit").alias("reason"))
    judged = kept.join(slips, on=list(_KEY), how="left", validate="m:1", maintain_order="left")
    return rejects.parted(judged, "tri_id", "filed_as", source_id)


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
    ).cast(pl.Schema(rejects.SCHEMA))


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
