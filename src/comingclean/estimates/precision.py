"""How each number of a plant is known, in a closed vocabulary, put together from all programs.

Makers (`precision_ghg`, `precision_releases`, `precision_rest`) give parts: one row a plant, kind of
number and way of knowing, with the weight of that part. Here parts become shares of the plant's newest
figure, and whatever no maker knows is said to be absent, and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from comingclean.estimates import precision_ghg, precision_releases, precision_rest
from comingclean.estimates.precision_parts import EMPTY, KEY, filing_years, newest
from comingclean.tables.precision import HOWS, SUBJECTS

_GHG: Final = ("ghg_subpart_c", "ghg_subpart_process")
_TRI: Final = ("toxic_air", "toxicity_weighted_air", "toxic_water", "toxic_land")
_NEI: Final = ("pm25", "pm10", "so2", "nox", "voc", "co", "nh3", "lead")
# The files of the emissions inventory in hand are those of steel, coke and cement.
_NOT_IN_HAND: Final = ("aluminum",)


@dataclass(frozen=True)
class Known:
    """What is looked at; frames are tables of the database with `sources` as JSON, and one more.

    `tiers`: combustion units (facility_id, year, tier, tonnes, lineage_id). `rules`: parameters by
    name, per cent as shares.
    """

    facility: pl.DataFrame
    value: pl.DataFrame
    tiers: pl.DataFrame
    toxic_release: pl.DataFrame
    toxic_filing: pl.DataFrame
    air_emission: pl.DataFrame
    air_process: pl.DataFrame
    chemical: pl.DataFrame
    program_pair: pl.DataFrame
    restatement: pl.DataFrame
    nearest_monitor: pl.DataFrame
    community: pl.DataFrame
    attribute: pl.DataFrame
    quantity: pl.DataFrame
    rules: Mapping[str, float]


def rows(known: Known) -> pl.DataFrame:
    """Rows of the table `precision`, `sources` as lists: every plant and every kind of number.

    Shares of a plant and kind add up to 1; one row of them is the main one: the largest share, of
    equal ones the weaker.
    """
    parts = pl.concat(
        [
            precision_ghg.combustion(known.value, known.tiers),
            precision_ghg.process(
                known.value, known.facility, known.rules["precision_kiln_fuel_share"]
            ),
            precision_releases.toxics(weighed_of(known), filed_of(known)),
            precision_releases.criteria(known.air_emission, known.air_process, known.facility),
            precision_rest.estimated(known.value),
            precision_rest.people(known.community),
            precision_rest.coordinates(
                known.facility, known.attribute, known.rules["precision_spread_km"]
            ),
        ],
        how="diagonal",
    )
    shared = _shared(parts, newest(known.value))
    return pl.concat([shared, _absent(known, shared)], how="diagonal").select(list(_COLUMNS))


def weighed_of(known: Known) -> pl.DataFrame:
    """The toxic releases with what each weighs."""
    tables = (known.toxic_release, known.chemical, known.facility)
    return precision_releases.weighing(*tables, known.rules)


def filed_of(known: Known) -> pl.DataFrame:
    """The years for which each plant filed with the toxics inventory."""
    return filing_years(known.toxic_filing, known.toxic_release)


_COLUMNS: Final = (
    *KEY,
    "how",
    "main",
    "share",
    "amount",
    "unit",
    "year",
    "method_year",
    "grade",
    "scope",
    "sources",
)


def _shared(parts: pl.DataFrame, figures: pl.DataFrame) -> pl.DataFrame:
    """Parts with their share of the newest figure, and which is the main one."""
    ordered = parts.sort(*KEY, "how")
    named = ordered.join(figures, on=KEY, how="left", validate="m:1", maintain_order="left")
    whole = pl.col("weight").sum().over(KEY)
    even = 1 / pl.len().over(KEY)
    weakness = pl.col("how").replace_strict(_ORDER, return_dtype=pl.Int64)
    place = pl.struct(-pl.col("share"), -weakness).rank("ordinal").over(KEY)
    own = pl.col("scope") == "plant"
    return (
        named.with_columns(
            pl.when(whole > 0).then(pl.col("weight") / whole).otherwise(even).alias("share")
        )
        .with_columns((place == 1).cast(pl.Int64).alias("main"))
        .with_columns(
            pl.when(own).then(pl.col("share") * pl.coalesce("value", "own_value")).alias("amount"),
            pl.when(own).then(pl.coalesce("unit", "own_unit")).alias("unit"),
            pl.coalesce("year", "own_year").alias("year"),
            pl.coalesce("grade", "own_grade").alias("grade"),
        )
    )


_ORDER: Final = {how: place for place, how in enumerate(HOWS)}


def _absent(known: Known, parts: pl.DataFrame) -> pl.DataFrame:
    """A row for each plant and kind of number that no part speaks of, with the reason."""
    subjects = pl.DataFrame({"subject": SUBJECTS})
    wanted = known.facility.select("facility_id", "industry").join(
        subjects, how="cross", validate="m:m"
    )
    missing = wanted.join(parts, on=KEY, how="anti")
    why = pl.lit("not_reported")
    for asked, filed in (
        (_GHG, known.value.filter(pl.col("quantity") == "ghg_reported")["facility_id"]),
        (_TRI, known.toxic_filing["facility_id"]),
        (_NEI, parts.filter(pl.col("subject").is_in(_NEI))["facility_id"]),
    ):
        there = pl.col("facility_id").is_in(filed.unique().implode())
        why = (
            pl.when(pl.col("subject").is_in(asked) & there).then(pl.lit("nothing_filed")).otherwise(why)
        )
    outside = pl.col("industry").is_in(_NOT_IN_HAND) & pl.col("subject").is_in(_NEI)
    return missing.select(
        *KEY,
        pl.when(outside).then(pl.lit("not_in_hand")).otherwise(why).alias("how"),
        pl.lit(1, pl.Int64).alias("main"),
        *(pl.lit(None, EMPTY[name]).alias(name) for name in ("share", "amount", "unit", "year")),
        *(pl.lit(None, EMPTY[name]).alias(name) for name in ("method_year", "grade")),
        pl.lit("plant").alias("scope"),
        pl.concat_list(pl.format("facilities/{}", "facility_id")).alias("sources"),
    )
