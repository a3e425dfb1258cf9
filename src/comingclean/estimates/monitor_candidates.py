"""Which plants are asked for where to monitor next, and why the others are not."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.precision import Known, filed_of
from comingclean.estimates.precision_parts import ids

# Reasons by what is last known of a plant.
_BY_STATUS: Final = {
    "construction": "planned",
    "announced": "planned",
    "closed": "closed",
    "idle": "idle",
    "no process emissions": "no_process",
}
_GASES: Final = "ghg_reported"
_KEY: Final = "facility_id"


def candidates(known: Known) -> pl.DataFrame:
    """Plants that run, as far as a file says: the table `facility` with monitor_km, by facility_id."""
    near = known.nearest_monitor.select(_KEY, pl.col("kilometres").alias("monitor_km"))
    run = sifted(known).filter(pl.col("reason").is_null())
    standing = known.facility.join(run, on=_KEY, how="semi")
    return standing.join(near, on=_KEY, validate="1:1").sort(_KEY)


def left_out(known: Known) -> pl.DataFrame:
    """Rows of the table `monitor_left_out`, `sources` as lists: every plant that is no candidate."""
    out = sifted(known).filter(pl.col("reason").is_not_null())
    own = pl.concat_list(pl.format("facilities/{}", _KEY))
    rests = pl.concat_list(own, pl.col("rests").fill_null([]))
    return out.select(_KEY, "reason", "year", "part", rests.alias("sources")).sort(_KEY)


def sifted(known: Known) -> pl.DataFrame:
    """Every plant with `reason` (empty for a candidate), `year`, `part` and `rests`.

    A plant that ever reported greenhouse gases must have done so for the newest year, and no less than
    the parameter runs_least_of_median of its own median year; another must have filed with the toxics
    inventory for the newest year of the national file.
    """
    gases, toxics = _last_gases(known), _last_toxics(known)
    both = known.facility.join(gases, on=_KEY, how="left", validate="1:1").join(
        toxics, on=_KEY, how="left", validate="1:1"
    )
    newest = pl.col("year").max()
    national = pl.lit(known.toxic_filing["year"].max(), pl.Int64)
    status = pl.col("status").replace_strict(_BY_STATUS, default=None, return_dtype=pl.String)
    small = pl.col("part") < known.rules["runs_least_of_median"]
    never = pl.col("year").is_null()
    stopped = (pl.col("year") < newest) | (never & (pl.col("year_toxics") < national))
    reason = (
        pl.when(status.is_not_null())
        .then(status)
        .when(never & pl.col("year_toxics").is_null())
        .then(pl.lit("no_filing"))
        .when(stopped.fill_null(False))
        .then(pl.lit("stopped"))
        .when(small.fill_null(False))
        .then(pl.lit("small"))
        .when(pl.col("latitude").is_null())
        .then(pl.lit("no_place"))
    )
    year = pl.coalesce("year", "year_toxics")
    return both.select(_KEY, reason.alias("reason"), year.alias("year"), "part", "rests")


def _last_gases(known: Known) -> pl.DataFrame:
    """The newest report of gases of each plant: (facility_id, year, part, rests)."""
    rows = known.value.filter(pl.col("quantity") == _GASES).sort(_KEY, "year")
    part = (pl.col("value") / pl.col("value").median().over(_KEY)).fill_nan(None)
    own = ids().list.filter(pl.element().str.contains("#", literal=True)).alias("rests")
    last = rows.with_columns(part.alias("part"), own).group_by(_KEY, maintain_order=True).last()
    return last.select(_KEY, "year", "part", "rests")


def _last_toxics(known: Known) -> pl.DataFrame:
    return filed_of(known).group_by(_KEY).agg(pl.col("year").max().alias("year_toxics"))
