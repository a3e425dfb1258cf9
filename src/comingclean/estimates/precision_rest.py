"""How everything else is known: production, bought electricity, jobs, neighbours, the place itself."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.precision_parts import ids, part

_OURS: Final = ("production", "ghg_scope2", "employment")
# Figures that somebody stated for this very plant; all else of these kinds is our arithmetic.
_STATED: Final = ("steel_output", "employment_notice", "employment_inventory")
PEOPLE_MILES: Final = 3.0
_CORRECTED: Final = "corrected by hand"
_SPREAD: Final = "coordinate_spread"


def estimated(values: pl.DataFrame) -> pl.DataFrame:
    """Parts of production, bought electricity and jobs: stated for the plant, or estimated by us."""
    rows = values.filter(pl.col("quantity").is_in(_OURS)).sort("year")
    last = rows.group_by("facility_id", "quantity", maintain_order=True).last()
    stated = pl.col("method").is_in(_STATED)
    return part(
        last,
        subject=pl.col("quantity"),
        how=pl.when(stated).then(pl.lit("counted")).otherwise(pl.lit("estimated")),
        weight=pl.col("value"),
        method_year=pl.col("year"),
        sources=ids(),
    )


def people(community: pl.DataFrame) -> pl.DataFrame:
    """Parts of the neighbours within three miles: our estimate from census counts of block groups."""
    near = (pl.col("indicator") == "population") & (pl.col("radius_miles") == PEOPLE_MILES)
    rows = community.filter(near & pl.col("value").is_not_null())
    year = pl.lit(2020, pl.Int64)
    return part(
        rows,
        subject=pl.lit("population"),
        how=pl.lit("estimated"),
        weight=pl.lit(1.0),
        method_year=year,
        sources=pl.concat_list(pl.format("facilities/{}", "facility_id")),
        own_value=pl.col("value"),
        own_unit=pl.lit("people"),
        own_year=year,
        own_grade=pl.lit("B"),
    )


def coordinates(facility: pl.DataFrame, attribute: pl.DataFrame, near_km: float) -> pl.DataFrame:
    """Parts of the place: seen on an image, filed, or corrected by us; graded by how near others are.

    B where every linked record lies within `near_km`, C where one is farther, D where there is no other
    record to hold it against.
    """
    spread = attribute.filter(pl.col("attribute") == _SPREAD).select(
        "facility_id", pl.col("value").cast(pl.Float64).alias("km"), "sources"
    )
    spread = spread.group_by("facility_id").agg(pl.col("km").max(), pl.col("sources").first())
    placed = facility.filter(pl.col("latitude").is_not_null()).drop("sources")
    rows = placed.join(spread, on="facility_id", how="left", validate="1:1")
    fixed = pl.col("coordinate_accuracy").str.starts_with(_CORRECTED)
    own = pl.concat_list(pl.format("facilities/{}", "facility_id"))
    year = pl.col("coordinate_as_of")
    grade = pl.when(pl.col("km") <= near_km).then(pl.lit("B")).when(pl.col("km").is_not_null())
    return part(
        rows,
        subject=pl.lit("coordinates"),
        how=pl.when(fixed).then(pl.lit("estimated")).otherwise(pl.lit("counted")),
        weight=pl.lit(1.0),
        method_year=year,
        sources=pl.coalesce(ids(), own),
        own_year=year,
        own_grade=grade.then(pl.lit("C")).otherwise(pl.lit("D")),
    )
