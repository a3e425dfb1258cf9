"""What toxic figures rest on: totals, the official file, the other program, and what was set aside."""

from __future__ import annotations

import json
from typing import Final

import polars as pl

from comingclean.database import decided
from comingclean.database.part import Ground, as_json, with_lineage
from comingclean.estimates import toxic_agreement
from comingclean.estimates.findings import finding, worded
from comingclean.estimates.toxic import Ranges
from comingclean.facilities import links
from comingclean.sources import tri_basic, tri_sites

_SHARED: Final = "kept_at_site"
_NOTHING: Final = "nothing_to_air"
_NOT_FILED: Final = "not_in_tri"


def filings(ground: Ground, released: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `toxic_filing`: the years a plant filed with TRI, with air or without."""
    key = ["facility_id", "year", "program_id"]
    filed = with_lineage(ground.raw("tri_filing"), tri_sites.SOURCE).rename({"tri_id": "program_id"})
    linked = links.holding(filed, ground.data, "tri", "program_id")
    rows = linked.join(ground.plants, on="facility_id", how="semi")
    air = released.filter(medium="air").group_by(key).agg(pl.lit(1, pl.Int64).alias("air"))
    joined = rows.join(air, on=key, how="left", validate="1:1")
    return joined.select(
        *key, pl.col("air").fill_null(0), pl.format('["{}"]', "lineage_id").alias("sources")
    )


def nothing_to_air(ground: Ground, released: pl.DataFrame) -> pl.DataFrame:
    """Findings on plants of the universe of 2020 without toxic air in the national file's newest year:

    either they filed and nothing stood above zero, or they did not file at all.
    """
    year = int(ground.raw("tri_air")["year"].to_numpy().max())
    done = released.filter((pl.col("year") == year) & (pl.col("medium") == "air"))
    silent = ground.plants.filter(reference_2020=1).join(done, on="facility_id", how="anti")
    filed = (
        filings(ground, released)
        .filter(year=year)
        .select("facility_id", filing="sources")
        .unique("facility_id", keep="first", maintain_order=True)
    )
    words = decided.toml(ground.data / "findings.toml")
    joined = silent.join(filed, on="facility_id", how="left", validate="1:1").sort("facility_id")
    rows = []
    for row in joined.iter_rows(named=True):
        rule = _NOTHING if row["filing"] else _NOT_FILED
        evidence = json.loads(row["filing"] or f'["facilities/{row["facility_id"]}"]')
        rows.append(finding(row["facility_id"], "tri", rule, evidence, years=str(year)))
    return worded(rows, words)


def control(ground: Ground, ranges: Ranges) -> pl.DataFrame:
    """Rows of the table `toxic_control`, by chemical and medium, so that no error hides another."""
    tolerance = 100 * ranges["tri_control_tolerance"][0]
    rows = with_lineage(ground.raw("tri_control"))
    sums = rows.group_by("year", "chemical", "medium").agg(
        pl.col("published", "ours").sum(),
        pl.col("lineage_id").filter(pl.col("row").is_not_null()).unique().sort().alias("sources"),
    )
    percent = 100 * (pl.col("ours") / pl.col("published") - 1)
    held = (pl.col("ours") - pl.col("published")).abs() <= tolerance / 100 * pl.col("published")
    return sums.with_columns(
        pl.when(pl.col("published") > 0).then(percent).alias("percent"),
        pl.lit(tolerance).alias("tolerance"),
        held.cast(pl.Int64).alias("within"),
        as_json("sources"),
    )


def agreement(ground: Ground, ranges: Ranges) -> pl.DataFrame:
    """Rows of the table `toxic_agreement`."""
    tolerance = ranges["tri_agreement_tolerance"][0]
    rows = with_lineage(ground.raw("tri_agreement"), tri_basic.SOURCE)
    held = (pl.col("stewi") - pl.col("basic")).abs() <= tolerance * pl.col("basic")
    return rows.select(
        "year",
        "tri_id",
        "medium",
        pl.col("basic").alias("official"),
        pl.col("stewi").alias("ours"),
        held.fill_null(False).cast(pl.Int64).alias("within"),
        pl.format('["{}"]', "lineage_id").alias("sources"),
    )


def pairs(ground: Ground, released: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """TRI beside NEI for each plant, chemical (metals with their compounds) and year that both have."""
    element = ground.raw("chemical").select(
        "chemical", pl.coalesce("element", "chemical").alias("element")
    )
    columns = ("facility_id", "year", "element", "kilograms", "reliability")
    left = released.filter(medium="air").join(element, on="chemical", validate="m:1").select(columns)
    right = plants.join(element, on="chemical", validate="m:1").select(columns)
    return toxic_agreement.pairs(left, right).with_columns(pl.col("same").cast(pl.Int64))


def kept_at_site(ground: Ground, emitted: pl.DataFrame) -> pl.DataFrame:
    """A record that covers several plants is kept at their site, and each of them says so."""
    words = decided.toml(ground.data / "findings.toml")
    shared = emitted.filter("shared").with_columns(
        pl.col("plants").str.split("; ").alias("facility_id")
    )
    at = (
        shared.explode("facility_id", empty_as_null=True, keep_nulls=True)
        .group_by("facility_id", maintain_order=True)
        .agg(
            pl.col("year").unique().sort().cast(pl.String).str.join(", ").alias("years"),
            pl.col("lineage_id").unique().sort().head(1).alias("evidence"),
        )
    )
    rows = [
        finding(row["facility_id"], "eis", _SHARED, row["evidence"], years=row["years"])
        for row in at.sort("facility_id").iter_rows(named=True)
    ]
    return worded(rows, words)


def rejects(ground: Ground, rows: pl.DataFrame | None = None) -> pl.DataFrame:
    """Rows of the table `reject`, with words: those of the snapshot, or others of the same columns."""
    words = decided.toml(ground.data / "rejects.toml")
    english = {name: one["en"] for name, one in words.items()}
    spanish = {name: one["es"] for name, one in words.items()}
    aside = ground.raw("reject") if rows is None else rows
    return aside.with_columns(
        pl.col("kept").cast(pl.Int64),
        pl.col("subject").fill_null("?"),
        pl.col("reason").replace_strict(english, return_dtype=pl.String).alias("sentence_en"),
        pl.col("reason").replace_strict(spanish, return_dtype=pl.String).alias("sentence_es"),
    )
