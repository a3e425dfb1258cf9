"""Who is who: the plants by year, their ids, attributes and restatements, and what is in doubt."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from comingclean.database import cited
from comingclean.database.part import GHGRP, Ground, Made, as_json, source_rows, with_lineage
from comingclean.estimates import reported
from comingclean.facilities import attributes, links, registry, sites
from comingclean.model import (
    ATTRIBUTE,
    CANDIDATE,
    FACILITY,
    FACILITY_YEAR,
    IDENTIFIER,
    LINK_DOUBT,
    RESTATEMENT,
    SITE,
)

_OLDER = "epa_ghgrp_older"


def make(ground: Ground) -> Made:
    """The tables of plants, ids, attributes, restatements and candidates, and of links in doubt."""
    moved = ground.raw("restatement")
    older = moved.filter(pl.col("row").is_not_null())
    return Made(
        tables={
            FACILITY: _facility(described(ground), filings(ground)),
            FACILITY_YEAR: _years(ground),
            IDENTIFIER: _identifiers(ground.plants, ground.data),
            ATTRIBUTE: _attributes(ground),
            SITE: _sites(ground),
            RESTATEMENT: _restatements(ground, moved),
            CANDIDATE: registry.candidates(ground.data),
            LINK_DOUBT: ground.raw("link_doubt"),
        },
        rows=source_rows(older, _OLDER),
    )


def described(ground: Ground) -> pl.DataFrame:
    """The plants with the newest of their attributes: route, status, owner, parent."""
    newest = attributes.newest(_said(ground))
    return ground.plants.join(newest, on="facility_id", how="left", validate="1:1")


def in_year(ground: Ground, year: int) -> pl.DataFrame:
    """The plants with the route that they had in a year."""
    then = attributes.in_years(_said(ground), [year]).select("facility_id", "route")
    return ground.plants.join(then, on="facility_id", how="left", validate="1:1")


def _said(ground: Ground) -> pl.DataFrame:
    return attributes.read(ground.data).join(ground.plants, on="facility_id", how="semi")


def _years(ground: Ground) -> pl.DataFrame:
    """Route and status of every plant in the years that were read."""
    years = sorted(set(ground.raw("file").filter(source_id=GHGRP)["year"]))
    known = attributes.in_years(_said(ground), years)
    return known.rename({"lineage_ids": "sources"}).with_columns(as_json("sources"))


def filings(ground: Ground) -> pl.DataFrame:
    """The plants' filings, a row a plant and year, with the id of their source row."""
    return ground.of_plants(with_lineage(ground.raw("ghgrp_filing"), GHGRP))


def _facility(plants: pl.DataFrame, filings: pl.DataFrame) -> pl.DataFrame:
    span = filings.group_by("facility_id").agg(
        pl.col("year").min().alias("first_year"), pl.col("year").max().alias("last_year")
    )
    joined = plants.join(span, on="facility_id", how="left", validate="1:1")
    decided = pl.concat_str(pl.lit("facilities/"), pl.col("facility_id"))
    sources = pl.struct(sources="sources", decided=decided).map_elements(
        lambda row: json.dumps(sorted({*json.loads(row["sources"]), row["decided"]})),
        return_dtype=pl.String,
    )
    names = [column.name for column in FACILITY.columns if column.name in joined.columns]
    return joined.with_columns(sources.alias("sources")).select(*{*names, "sources"})


def _attributes(ground: Ground) -> pl.DataFrame:
    """What is said of a plant, or of the site where one record covers several plants."""
    places = [ground.plants["facility_id"], ground.plants["site_id"]]
    ours = pl.col("facility_id").is_in(pl.concat(places).implode())
    known = attributes.read(ground.data).filter(ours)
    ids = pl.concat_list(pl.concat_list("lineage_id"), cited.ids("source_row")).alias("sources")
    return known.with_columns(ids).drop("lineage_id").with_columns(as_json("sources"))


def _sites(ground: Ground) -> pl.DataFrame:
    known = sites.read(ground.data, ground.plants)
    named = known.with_columns(pl.concat_list("lineage_id").alias("sources"))
    return named.drop("row", "lineage_id").with_columns(as_json("sources"))


def _identifiers(plants: pl.DataFrame, data: Path) -> pl.DataFrame:
    """The id that defines each plant, and those that were linked to it."""
    key = ["facility_id", "program", "program_id"]
    linked = links.links(data).drop("row").join(plants, on="facility_id", how="semi")
    decided = pl.concat_list(pl.format("identifiers/{}/{}/{}", *key))
    linked = linked.with_columns(sources=pl.concat_list(decided, cited.ids("evidence")))
    own = plants.select(key).with_columns(link_method=pl.lit("id"), confidence=pl.lit("certain"))
    own = own.with_columns(sources=pl.concat_list(pl.format("facilities/{}", "facility_id")))
    whole = pl.concat([linked, own.join(linked, on=key, how="anti")], how="diagonal")
    return whole.with_columns(as_json("sources"))


def _restatements(ground: Ground, moved: pl.DataFrame) -> pl.DataFrame:
    rows = reported.name_process(ground.of_plants(moved, "industry"))
    sides = ((_OLDER, "row"), (GHGRP, "newer_row"))
    ids = [pl.format("{}/{}#{}", pl.lit(source), "year", row) for source, row in sides]
    named = rows.with_columns(
        pl.concat_list(ids).list.drop_nulls().alias("sources"), pl.lit("t CO2e").alias("unit")
    )
    columns = [name for name in RESTATEMENT.schema if name != "sources"]
    return named.select(*columns, as_json("sources"))
