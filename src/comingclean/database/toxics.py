"""Toxic and criteria pollution of the plants, and of every facility around any place.

What this rests on is in `toxic_checks`: totals, the official file, the other program, rows set aside.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.database import decided, toxic_checks
from comingclean.database.part import Ground, Made, as_json, source_rows, with_lineage
from comingclean.estimates import toxic, toxic_emissions, toxic_sites
from comingclean.facilities import chemistry, links
from comingclean.sources import tri_basic, tri_sites, tri_totals
from comingclean.tables.toxic import (
    AIR_EMISSION,
    AIR_PROCESS,
    AIR_STACK,
    CHEMICAL,
    TOXIC_FILING,
    TOXIC_RELEASE,
    TOXIC_SITE,
    TOXIC_SITE_YEAR,
)
from comingclean.tables.toxic_checks import PROGRAM_PAIR, REJECT, TOXIC_AGREEMENT, TOXIC_CONTROL

_INTERVAL: Final = ("low", "high", "unit", "method", "grade", "reliability")
_OWNER: Final = ["year", "group"]
_DIGITS: Final = 5  # of sums over chemicals that have three each
_LISTS: Final = {"benchmark_row": ("epa_hem5", 2025), "benchmark_row_mn": ("mpca", 2023)}


def make(ground: Ground) -> Made:
    """Values, findings and tables of toxic releases and of the emissions inventory."""
    ranges = _ranges(ground)
    weights = toxic.weights(ground.raw("chemical"), ranges)
    released = _released(ground, ranges)
    emitted = _emitted(ground, ranges)
    plants = emitted.filter(~pl.col("shared"))
    sites = _sites(ground)
    return Made(
        values=pl.concat(
            [toxic.values(released, weights, ranges), toxic_emissions.values(plants)], how="diagonal"
        ),
        findings=pl.concat(
            [toxic_checks.kept_at_site(ground, emitted), toxic_checks.nothing_to_air(ground, released)]
        ),
        tables={
            CHEMICAL: _chemicals(ground, weights),
            TOXIC_RELEASE: _release_table(released),
            AIR_EMISSION: _emission_table(emitted),
            AIR_PROCESS: _processes(ground, ranges),
            AIR_STACK: _stacks(ground),
            TOXIC_SITE: sites,
            TOXIC_SITE_YEAR: _site_years(ground, sites, weights, ranges),
            TOXIC_CONTROL: toxic_checks.control(ground, ranges),
            TOXIC_AGREEMENT: toxic_checks.agreement(ground, ranges),
            PROGRAM_PAIR: toxic_checks.pairs(ground, released, plants),
            REJECT: toxic_checks.rejects(ground),
            TOXIC_FILING: toxic_checks.filings(ground, released),
        },
        rows=_rows(ground),
    )


def _ranges(ground: Ground) -> dict[str, tuple[float, float, float]]:
    scale = pl.when(pl.col("unit") == "%").then(0.01).otherwise(1.0)
    three = [pl.coalesce(name, "value") * scale for name in ("value", "low", "high")]
    return {
        name: (v, low, high)
        for name, v, low, high in ground.parameters.select("parameter", *three).iter_rows()
    }


def _released(ground: Ground, ranges: toxic.Ranges) -> pl.DataFrame:
    """The plants' filed releases with interval, a row a source row."""
    linked = links.holding(with_lineage(ground.raw("tri_release")), ground.data, "tri", "tri_id")
    rows = linked.join(
        ground.plants.select("facility_id", "industry"), on="facility_id", validate="m:1"
    )
    return toxic.releases(rows.rename({"tri_id": "program_id"}), ranges)


def _release_table(released: pl.DataFrame) -> pl.DataFrame:
    """One row a plant, year, id, chemical and medium; several forms of one id are added up."""
    key = ["facility_id", "year", "program_id", "chemical", "medium"]
    sums = toxic.added(
        released.with_columns(
            pl.concat_str("program_id", "chemical", "medium", separator="\n").alias("quantity"),
            pl.col("kilograms").alias("value"),
        )
    )
    first = released.unique(key, keep="first", maintain_order=True)
    first = first.with_columns(
        pl.concat_str("program_id", "chemical", "medium", separator="\n").alias("quantity")
    )
    named = first.select(*key, "quantity", "unit", "method", "reliability")
    joined = named.join(sums, on=["facility_id", "year", "quantity"], validate="1:1")
    return (
        joined.rename({"value": "kilograms"}).with_columns(_cas(), as_json("sources")).drop("quantity")
    )


def _cas() -> pl.Expr:
    number = pl.col("chemical").str.contains(r"^\d+-\d\d-\d$")
    return pl.when(number).then("chemical").alias("cas")


def _emitted(ground: Ground, ranges: toxic.Ranges) -> pl.DataFrame:
    """Rows of the emissions inventory with interval and the plant or site that they belong to."""
    owners = ground.raw("nei_owner").with_columns(pl.col("year").cast(pl.Int64))
    rows = with_lineage(ground.raw("nei_emission"))
    return toxic_emissions.emissions(rows.join(owners, on=_OWNER, validate="m:1"), ranges)


def _emission_table(emitted: pl.DataFrame) -> pl.DataFrame:
    key = ["facility_id", "year", "chemical"]
    sums = toxic.added(emitted.rename({"chemical": "quantity", "kilograms": "value"}))
    more = emitted.group_by(key).agg(
        pl.col("unit", "method", "shared").first(),
        ((pl.col("reliability") * pl.col("kilograms")).sum() / pl.col("kilograms").sum())
        .fill_nan(None)
        .alias("reliability"),
        pl.col("eis_id").unique().sort().alias("records"),
    )
    named = sums.rename({"quantity": "chemical", "value": "kilograms"})
    joined = more.join(named, on=key, validate="1:1")
    return joined.with_columns(as_json("sources"), as_json("records"), pl.col("shared").cast(pl.Int64))


def _processes(ground: Ground, ranges: toxic.Ranges) -> pl.DataFrame:
    owners = ground.raw("nei_owner").with_columns(pl.col("year").cast(pl.Int64))
    rows = with_lineage(ground.raw("nei_process")).join(owners, on=_OWNER, validate="m:1")
    words = ground.raw("nei_scc").select(
        "scc",
        pl.concat_str(
            "level_one", "level_two", "level_three", "level_four", separator=" › ", ignore_nulls=True
        ).alias("process"),
    )
    named = rows.join(words, on="scc", how="left", validate="m:1")
    made = toxic_emissions.emissions(named, ranges).rename({"eis_id": "record_id"})
    columns = (
        "facility_id",
        "year",
        "record_id",
        "scc",
        "process",
        "chemical",
        "kilograms",
        *_INTERVAL,
    )
    return made.select(*columns, _own_row())


def _own_row() -> pl.Expr:
    return pl.format('["{}"]', "lineage_id").alias("sources")


def _stacks(ground: Ground) -> pl.DataFrame:
    group = ground.raw("nei_emission").filter(year=2017).select("eis_id", "group").unique("eis_id")
    owners = ground.raw("nei_owner").filter(year=2017).select("group", "facility_id")
    who = group.join(owners, on="group", validate="m:1").drop("group")
    rows = with_lineage(ground.raw("nei_stack")).join(who, on="eis_id", validate="m:1")
    kept = rows.unique(["eis_id", "unit_id", "process_id"], keep="first", maintain_order=True)
    columns = ("unit_id", "process_id", "height", "diameter", "temperature", "flow", "velocity")
    return kept.select("facility_id", pl.col("eis_id").alias("record_id"), *columns, _own_row())


def _sites(ground: Ground) -> pl.DataFrame:
    sites = with_lineage(ground.raw("tri_site"), tri_sites.SOURCE)
    linked = links.links(ground.data).filter(program="tri").select("facility_id", tri_id="program_id")
    ours = linked.join(ground.plants, on="facility_id", how="semi").unique("tri_id")
    joined = sites.join(ours, on="tri_id", how="left", validate="1:1")
    return joined.drop("year", "row").with_columns(_own_row()).drop("lineage_id")


def _site_years(
    ground: Ground, sites: pl.DataFrame, weights: pl.DataFrame, ranges: toxic.Ranges
) -> pl.DataFrame:
    plants = ground.plants.select("facility_id", "industry")
    industry = toxic_sites.industries(sites, plants).cast({"number": pl.UInt32})
    made = toxic_sites.years(ground.raw("tri_air"), weights, industry, ranges)
    made = made.sort("year", "number")
    made = made.with_columns(pl.col(pl.Float64).round_sig_figs(_DIGITS))
    first = pl.concat([made.select("year"), ground.raw("tri_air_row")], how="horizontal")
    row = first.select(pl.col("step").cast(pl.Int64).cum_sum().over("year").alias("row"))
    return pl.concat([made, row], how="horizontal")


def _chemicals(ground: Ground, weights: pl.DataFrame) -> pl.DataFrame:
    flags = ("hap", "carcinogen", "metal", "pbt", "pfas")
    ids = [
        pl.format("{}/{}#{}", pl.lit(source), pl.lit(year), pl.col(column))
        for column, (source, year) in _LISTS.items()
    ]
    ids.append(pl.format("{}/{}#{}", pl.lit(tri_basic.SOURCE), "flags_year", "flags_row"))
    decided_row = pl.format("chemical_weights/{}", "chemical")
    frame = ground.raw("chemical").with_columns(pl.concat_list(ids).list.drop_nulls().alias("sources"))
    joined = (
        frame.join(weights.drop("part"), on="chemical", validate="1:1")
        .join(chemistry.words(ground.data), on="chemical", how="left", validate="1:1")
        .with_columns(
            pl.when(pl.col("cas")).then("chemical").alias("cas"), pl.col(flags).cast(pl.Int64)
        )
    )
    named = decided.csv_rows(ground.data / "chemical_weights.csv")
    weighed = [row["chemical"] for _, row in named]
    also = pl.when(pl.col("chemical").is_in(weighed)).then(pl.concat_list(decided_row))
    both = pl.concat_list("sources", also.otherwise(pl.lit([], dtype=pl.List(pl.String))))
    wanted = [column.name for column in CHEMICAL.columns]
    return joined.with_columns(both.alias("sources")).with_columns(as_json("sources")).select(wanted)


def _rows(ground: Ground) -> pl.DataFrame:
    """Source rows that any of these tables may name."""
    named = [
        source_rows(ground.raw(name))
        for name in ("tri_release", "nei_emission", "nei_process", "nei_stack")
    ]
    flags = ground.raw("chemical").select(year="flags_year", row="flags_row").drop_nulls()
    single = [
        (flags, tri_basic.SOURCE),
        (ground.raw("tri_agreement"), tri_basic.SOURCE),
        (ground.raw("tri_control").drop_nulls("row"), tri_totals.SOURCE),
        (ground.raw("tri_site"), tri_sites.SOURCE),
        (ground.raw("tri_filing"), tri_sites.SOURCE),
    ]
    lists = [
        (ground.raw("chemical").select(pl.lit(year).alias("year"), row=column).drop_nulls(), source)
        for column, (source, year) in _LISTS.items()
    ]
    return pl.concat([*named, *(source_rows(frame, source) for frame, source in [*single, *lists])])
