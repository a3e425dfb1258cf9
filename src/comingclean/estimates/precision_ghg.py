"""How greenhouse gases are known: calculation tiers of fuel, and what stands behind a process."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.precision_parts import ids, newest, part

_FUEL: Final = "ghg_subpart_c"
_PROCESS: Final = "ghg_subpart_process"
_PFC: Final = "ghg_pfc"
_RECOVERY: Final = "by-product coke"
# 40 CFR 98.33(a): a monitor; measured carbon; measured or default heat and a published factor.
_TIERS: Final = {
    "4": "monitored",
    "3": "plant_factor",
    "2": "published_factor",
    "1": "published_factor",
}
_TIER_YEAR: Final = 2017
_MONITOR_YEAR: Final = 2020
# Methane and nitrous oxide are in a filing and not in its units: up to this part may be theirs.
_LOST: Final = 0.05
_SITE: Final = ["facility_id"]


def combustion(values: pl.DataFrame, tiers: pl.DataFrame) -> pl.DataFrame:
    """Parts of fuel by calculation tier, by tonnes of the units of 2017.

    Only where every unit of 2020 has a monitor is that year newer. What no unit of 2017 accounts for,
    and plants without units, are not public.
    """
    figures = newest(values).filter(pl.col("subject") == _FUEL)
    known = _mix(values, tiers).join(figures, on="facility_id", how="semi")
    rest = figures.join(known, on="facility_id", how="anti").select(
        *_SITE,
        pl.lit("not_public").alias("how"),
        pl.lit(1.0).alias("weight"),
        pl.lit(None, pl.Int64).alias("method_year"),
    )
    filed = _filed(values, _FUEL)
    rest = rest.join(filed, on="facility_id", validate="1:1")
    return part(pl.concat([known, rest], how="diagonal_relaxed"), subject=pl.lit(_FUEL))


def _filed(values: pl.DataFrame, quantity: str) -> pl.DataFrame:
    """The source rows of a plant's newest figure of a quantity: (facility_id, sources)."""
    rows = values.filter(pl.col("quantity") == quantity).sort("year").group_by("facility_id").last()
    own = ids().list.filter(pl.element().str.contains("#", literal=True))
    return rows.select(*_SITE, own.alias("sources"))


def _mix(values: pl.DataFrame, tiers: pl.DataFrame) -> pl.DataFrame:
    """(facility_id, how, weight, method_year, sources) of plants whose tiers are public."""
    some = tiers.filter(pl.col("tonnes") > 0)
    in_2020 = some.filter(pl.col("year") == _MONITOR_YEAR)
    all_monitored = in_2020.filter((pl.col("tier") == "4").all().over("facility_id"))
    in_2017 = some.filter(pl.col("year") == _TIER_YEAR).join(
        all_monitored, on="facility_id", how="anti"
    )
    units = pl.concat([all_monitored, in_2017])
    in_order = units.sort("facility_id", "year", "lineage_id")
    found = in_order.group_by("facility_id", _how().alias("how"), "year", maintain_order=True).agg(
        pl.col("tonnes").sum().cast(pl.Float64).alias("weight"),
        pl.col("lineage_id").unique().sort().alias("sources"),
    )
    named = found.rename({"year": "method_year"}).with_columns(pl.col("method_year").cast(pl.Int64))
    return pl.concat([named, _unaccounted(values, in_2017)], how="diagonal_relaxed")


def _how() -> pl.Expr:
    return pl.col("tier").replace_strict(_TIERS, default="not_public", return_dtype=pl.String)


def _unaccounted(values: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """What was filed for 2017 and stands under no unit, as a part that is not public."""
    filed = values.filter((pl.col("quantity") == _FUEL) & (pl.col("year") == _TIER_YEAR))
    in_order = units.sort("facility_id", "lineage_id")
    there = in_order.group_by("facility_id", maintain_order=True).agg(
        pl.col("tonnes").sum().alias("known")
    )
    joined = filed.join(there, on="facility_id", validate="1:1")
    lost = joined.filter(pl.col("value") - pl.col("known") > _LOST * pl.col("value"))
    return lost.select(
        *_SITE,
        pl.lit("not_public").alias("how"),
        (pl.col("value") - pl.col("known")).alias("weight"),
        pl.lit(_TIER_YEAR, pl.Int64).alias("method_year"),
        ids().list.filter(pl.element().str.contains("#", literal=True)).alias("sources"),
    )


def process(values: pl.DataFrame, facility: pl.DataFrame, kiln_fuel: float) -> pl.DataFrame:
    """Parts of the process of an industry, by the monitor flag of the newest filing.

    The flag speaks of a site, not of each stack. A cement plant with it is monitored where its kilns'
    fuel stands under the monitor, too: where fuel filed apart is less than `kiln_fuel` of both. Of
    others, of a steel works and of a coke plant the flag speaks of some stacks, so that several ways
    stand together. Without it a kiln has factors of its own (40 CFR 98.83); steel and ovens without
    recovery a carbon balance or a factor of their own, which the file does not tell apart (98.173(b));
    ovens with recovery file the pushing of coke by a published factor, and flares, for their stacks are
    fuel (98.172). Of a smelter the perfluorocarbons rest on its own slope, the rest on a balance.
    """
    rows = values.filter(pl.col("quantity") == _PROCESS).sort("year").group_by("facility_id").last()
    named = rows.join(
        facility.select("facility_id", "industry", "route"), on="facility_id", validate="1:1"
    )
    with_pfc = _beside(_beside(named, values, _PFC, "pfc"), values, _FUEL, "fuel")
    smelter = pl.col("method") == "ghg_process_smelter"
    slope = pl.min_horizontal("pfc", "value")
    own = ids().list.filter(pl.element().str.contains("#", literal=True))
    facts = {"subject": pl.lit(_PROCESS), "method_year": pl.col("year"), "sources": own}
    unknown = pl.col("method") == "ghg_process_unknown"
    whole = with_pfc.filter(~smelter)
    gases = with_pfc.filter(smelter & (slope > 0))
    anodes = with_pfc.filter(smelter)
    return pl.concat(
        [
            part(
                whole,
                how=_behind(kiln_fuel),
                weight=pl.col("value"),
                **facts | {"method_year": pl.when(~unknown).then("year")},
            ),
            part(gases, how=pl.lit("plant_factor"), weight=slope, **facts),
            part(anodes, how=pl.lit("mass_balance"), weight=pl.col("value") - slope, **facts),
        ]
    )


def _beside(rows: pl.DataFrame, values: pl.DataFrame, quantity: str, name: str) -> pl.DataFrame:
    """Rows with another quantity of the same plant and year, 0 where it filed none."""
    other = values.filter(pl.col("quantity") == quantity).select(
        "facility_id", "year", pl.col("value").alias(name)
    )
    joined = rows.join(other, on=["facility_id", "year"], how="left", validate="1:1")
    return joined.with_columns(pl.col(name).fill_null(0.0))


def _behind(kiln_fuel: float) -> pl.Expr:
    """What stands behind a process figure, by method, industry and route."""
    kiln = pl.col("industry") == "cement"
    apart = pl.col("fuel") >= kiln_fuel * (pl.col("fuel") + pl.col("value"))
    recovery = (pl.col("route") == _RECOVERY).fill_null(False)
    flagged = pl.when(kiln & ~apart).then(pl.lit("monitored")).otherwise(pl.lit("several"))
    calculated = (
        pl.when(kiln)
        .then(pl.lit("plant_factor"))
        .when(recovery)
        .then(pl.lit("published_factor"))
        .otherwise(pl.lit("own_measurement"))
    )
    return (
        pl.when(pl.col("method") == "ghg_process_monitor")
        .then(flagged)
        .when(pl.col("method") == "ghg_process_calculated")
        .then(calculated)
        .otherwise(pl.lit("not_public"))
    )
