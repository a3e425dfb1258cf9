"""Emissions: rows of the National Emissions Inventory brought to the plants, by whole FRS groups.

The inventory's file adds up the records that share an FRS id, so a plant's figures are those of its
group, under whatever name they stand. A group that several plants share belongs to their site.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.facilities import rejects
from comingclean.sources.chemicals import plain_name

_GROUP: Final = ["year", "group"]
# A record has one row for a pollutant, as filed, and in a file by process one for each process.
_KEY: Final = ("source_id", "year", "eis_id", "pollutant", "scc")
GREENHOUSE: Final = ("124-38-9", "74-82-8", "10024-97-2")  # carbon dioxide, methane, nitrous oxide


def with_groups(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with `group`: the FRS id, or the record's own id where it has none."""
    return rows.with_columns(pl.coalesce("frs_id", pl.format("EIS {}", "eis_id")).alias("group"))


def whole_groups(rows: pl.DataFrame, eis_ids: pl.Series) -> pl.DataFrame:
    """All rows of every group that has a record among `eis_ids`."""
    ours = rows.filter(pl.col("eis_id").is_in(eis_ids.implode())).select(_GROUP).unique()
    return rows.join(ours, on=_GROUP, how="semi")


def sort_out(rows: pl.DataFrame, names: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows with `chemical` as a key, without greenhouse gases; and those set aside, as rejects.

    `rows`: source_id, year, row, eis_id, pollutant, kilograms and, in a file by process, scc. `names`
    is chemistry.names. Set aside is what `rejects.verdict` says of rows of one record and pollutant.
    """
    known = names.filter(inventory="NEI").select("plain", "chemical")
    plain = rows.with_columns(plain_name("pollutant").alias("plain"))
    joined = plain.join(known, on="plain", how="left", validate="m:1").drop("plain")
    other = joined.filter(~pl.col("chemical").is_in(GREENHOUSE).fill_null(False))
    key = [name for name in _KEY if name in rows.columns]
    judged = other.with_columns(rejects.verdict(key).alias("reason"))
    return rejects.parted(judged, "eis_id", "pollutant")


def owners(rows: pl.DataFrame, links: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """Who a group belongs to: (year, group, facility_id, site_id, shared, plants), one row a group.

    `links` is facilities.links, `plants` the registry. Where several plants have a record in the
    group, `shared` is true and `facility_id` is the site's id; `plants` are their ids, parted by "; ".
    """
    eis = links.filter(program="eis").select("facility_id", pl.col("program_id").alias("eis_id"))
    eis = eis.join(plants.select("facility_id", "site_id"), on="facility_id", validate="m:1")
    held = rows.select(*_GROUP, "eis_id").unique().join(eis, on="eis_id", validate="m:m")
    counted = held.group_by(_GROUP).agg(
        pl.col("facility_id").unique().sort(), pl.col("site_id").unique().sort()
    )
    one = pl.col("facility_id").list.len() == 1
    site = pl.col("site_id").list.first()
    return counted.select(
        *_GROUP,
        pl.when(one).then(pl.col("facility_id").list.first()).otherwise(site).alias("facility_id"),
        site.alias("site_id"),
        (~one).alias("shared"),
        pl.col("facility_id").list.join("; ").alias("plants"),
    ).sort(_GROUP)
