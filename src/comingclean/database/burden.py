"""What surrounds each plant: all toxic air within some miles, and who causes it."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean import burden
from comingclean.database.part import Ground, Made, source_rows, with_lineage
from comingclean.database.plants import described
from comingclean.facilities import links
from comingclean.sources import tri
from comingclean.tables.columns import Table, conform
from comingclean.tables.toxic import (
    BURDEN,
    BURDEN_CAUSE,
    TOXIC_FILING,
    TOXIC_RELEASE,
    TOXIC_SITE,
    TOXIC_SITE_YEAR,
)

_NEEDED: Final = (TOXIC_SITE, TOXIC_SITE_YEAR, TOXIC_FILING, TOXIC_RELEASE)


def make(ground: Ground, toxic: dict[Table, pl.DataFrame]) -> Made:
    """The tables burden and burden_cause, for every plant that has coordinates.

    `toxic`: the tables of the part `toxics`.
    """
    sites, released, filings, releases = (conform(toxic[table], table) for table in _NEEDED)
    plants = described(ground).filter(pl.col("latitude").is_not_null())
    places = plants.select(pl.col("facility_id").alias("place"), "latitude", "longitude").sort("place")
    own = _own(ground, sites, filings, releases)
    newest = max(released["year"], default=0)
    found = burden.around(places, sites, released, newest, own)
    causes = with_lineage(found.causes.drop("facility_id"), tri.SOURCE).with_columns(
        pl.format('["{}"]', "lineage_id").alias("sources")
    )
    tables = {BURDEN: found.years, BURDEN_CAUSE: causes}
    named = {table: frame.rename({"place": "facility_id"}) for table, frame in tables.items()}
    return Made(
        tables={
            table: frame.select(column.name for column in table.columns)
            for table, frame in named.items()
        },
        rows=source_rows(causes.select("year", "row").unique(), tri.SOURCE),
    )


def _own(
    ground: Ground, sites: pl.DataFrame, filings: pl.DataFrame, releases: pl.DataFrame
) -> pl.DataFrame:
    """The facilities that are a plant, by the years for which the plant filed under that id."""
    linked = links.links(ground.data).filter(program="tri").select("facility_id", "program_id")
    key = ["facility_id", "program_id", "year"]
    filed = pl.concat([filings.select(key), releases.select(key)]).unique()
    named = linked.join(
        sites.select("number", "tri_id"), left_on="program_id", right_on="tri_id", validate="m:1"
    )
    return (
        named.join(filed, on=["facility_id", "program_id"], how="left", validate="1:m")
        .select(pl.col("facility_id").alias("place"), "number", "year")
        .sort("place", "number", "year")
    )
