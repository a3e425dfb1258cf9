"""How releases are known: what the Toxics Release Inventory and the emissions inventory say of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from comingclean.estimates.precision_parts import ids, part
from comingclean.estimates.toxic import part_weighed

# Scores that a file gives to the basis of an estimate. Two kinds of factor have one score in the first:
# it cannot be told whether a factor was the plant's own.
_TRI: Final = {
    "tri_1": "monitored",
    "tri_2": "published_factor",
    "tri_3": "mass_balance",
    "tri_4": "judgement",
    "tri_mixed": "several",
}
_NEI: Final = {
    "nei_1": "monitored",
    "nei_2": "published_factor",
    "nei_3": "published_factor",
    "nei_4": "mass_balance",
    "nei_5": "judgement",
    "nei_mixed": "several",
}
MEDIA: Final = {"air": "toxic_air", "water": "toxic_water", "land": "toxic_land"}
WEIGHED: Final = "toxicity_weighted_air"
POLLUTANTS: Final = {
    "PM2.5": "pm25",
    "7446-09-5": "so2",
    "NOX": "nox",
    "VOC": "voc",
    "630-08-0": "co",
    "7664-41-7": "nh3",
    "7439-92-1": "lead",
}
# The file by facility has fine particles and those between the sizes; the file by process both whole.
_BY_FACILITY: Final = {"PM2.5": "pm10", "PM10-PM2.5": "pm10"}
_BY_PROCESS: Final = {"PM10": "pm10"}
_PROCESS_YEAR: Final = 2017


def weighing(
    release: pl.DataFrame, chemical: pl.DataFrame, facility: pl.DataFrame, rules: Mapping[str, float]
) -> pl.DataFrame:
    """Rows of toxic_release with `weighed`: kilograms to air times weight, of the part that is weighed.

    Empty for other media and without a benchmark. `rules`: parameters by name, 0 to 1.
    """
    per = chemical.select("chemical", "part", per="weight")
    rows = release.join(per, on="chemical", validate="m:1", maintain_order="left").join(
        facility.select("facility_id", "industry"),
        on="facility_id",
        validate="m:1",
        maintain_order="left",
    )
    air = pl.when(pl.col("medium") == "air").then("kilograms")
    weighed = (air * pl.col("per") * part_weighed(rules)).alias("weighed")
    return rows.with_columns(weighed).drop("part", "per", "industry")


def toxics(weighed: pl.DataFrame, filed: pl.DataFrame) -> pl.DataFrame:
    """Parts of toxic releases by medium, by kilograms, and of air weighed by toxicity.

    `weighed`: weighing(); `filed`: precision_parts.filing_years. What the newest filing does not have
    is nothing filed, whatever an older one had. Of the newest year whose file says how each figure was
    estimated; where none does, not public.
    """
    main = weighed.filter(pl.col("medium").is_in(list(MEDIA))).with_columns(_tri().alias("how"))
    subject = pl.col("medium").replace_strict(MEDIA, return_dtype=pl.String).alias("subject")
    named = main.with_columns(subject, pl.col("kilograms").alias("weight"))
    air = main.filter(pl.col("weighed").is_not_null())
    also = air.with_columns(pl.lit(WEIGHED).alias("subject"), pl.col("weighed").alias("weight"))
    rows = pl.concat([named, also], how="diagonal")
    return part(_summed(_newest_told(rows, filed)))


def _newest_told(rows: pl.DataFrame, filed: pl.DataFrame) -> pl.DataFrame:
    """Of plants and subjects in the newest filing, the rows of the newest year that says how."""
    last_filed = filed.group_by("facility_id").agg(pl.col("year").max().alias("filed"))
    held = rows.join(last_filed, on="facility_id", how="left", validate="m:1").filter(
        pl.col("year").max().over("facility_id", "subject") >= pl.col("filed").fill_null(0)
    )
    told = pl.col("how") != "not_public"
    last = pl.coalesce(pl.col("year").filter(told).max(), pl.col("year").max())
    return held.filter(pl.col("year") == last.over("facility_id", "subject"))


def _tri() -> pl.Expr:
    return pl.col("method").replace_strict(_TRI, default="not_public", return_dtype=pl.String)


def _nei() -> pl.Expr:
    return pl.col("method").replace_strict(_NEI, default="not_public", return_dtype=pl.String)


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows added up by plant, subject and how."""
    told = pl.col("how") != "not_public"
    return rows.group_by("facility_id", "subject", "how", maintain_order=True).agg(
        pl.col("weight").sum(),
        pl.when(told).then("year").max().alias("method_year"),
        ids().explode(empty_as_null=False).unique().sort().alias("sources"),
    )


def criteria(emission: pl.DataFrame, process: pl.DataFrame, facility: pl.DataFrame) -> pl.DataFrame:
    """Parts of criteria pollutants, by kilograms, of the newest inventory that has the pollutant.

    Where the file by process has the plant, a score that is a mean of several is told apart by it. A
    record that covers the plants of a site speaks for each of them, with scope site and no amount.
    """
    rows = _named(emission, POLLUTANTS, _BY_FACILITY)
    rows = rows.filter(pl.col("year") == pl.col("year").max().over("facility_id", "subject"))
    fine = _summed(_named(process, POLLUTANTS, _BY_PROCESS))
    apart = fine.filter((pl.col("how") != "several").any().over("facility_id", "subject"))
    then = rows.filter(pl.col("year") == _PROCESS_YEAR)
    apart = apart.join(then, on=["facility_id", "subject"], how="semi")
    coarse = _summed(rows).join(apart, on=["facility_id", "subject"], how="anti")
    both = pl.concat([apart, coarse])
    own = both.join(facility, on="facility_id", how="semi")
    return pl.concat([part(own), _of_site(both, rows, facility)])


def _named(frame: pl.DataFrame, *names: dict[str, str]) -> pl.DataFrame:
    """Rows of the criteria pollutants with their subject, weight and how."""
    found = [
        frame.filter(pl.col("chemical").is_in(list(one))).with_columns(
            pl.col("chemical").replace_strict(one, return_dtype=pl.String).alias("subject"),
            pl.col("kilograms").alias("weight"),
            _nei().alias("how"),
        )
        for one in names
    ]
    return pl.concat(found)


def _of_site(both: pl.DataFrame, rows: pl.DataFrame, facility: pl.DataFrame) -> pl.DataFrame:
    """The records of a site for each of its plants that has none of its own."""
    at_site = both.join(facility, on="facility_id", how="anti").rename({"facility_id": "site_id"})
    about = rows.group_by("facility_id", "subject").agg(
        pl.col("year").max().alias("own_year"), pl.col("grade").max().alias("own_grade")
    )
    plants = facility.select("facility_id", "site_id")
    own = both.select("facility_id", "subject").unique()
    joined = (
        at_site.join(plants, on="site_id", validate="m:m")
        .join(own, on=["facility_id", "subject"], how="anti")
        .join(about.rename({"facility_id": "site_id"}), on=["site_id", "subject"], validate="m:1")
    )
    return part(joined, scope=pl.lit("site"))


def chemicals(weighed: pl.DataFrame, filed: pl.DataFrame) -> pl.DataFrame:
    """What each plant's toxic air is made of, by chemical and how it is known.

    (facility_id, chemical, how, year, kilograms, weighed, sources).

    The rows behind `toxics`: air of the newest year whose file says how it was estimated, and none of a
    plant whose newest filing has no air. `weighed` is 0 without a benchmark; `sources` a list.
    """
    air = weighed.filter(pl.col("medium") == "air").with_columns(
        _tri().alias("how"), pl.lit(MEDIA["air"]).alias("subject")
    )
    return (
        _newest_told(air, filed)
        .group_by("facility_id", "chemical", "how", "year", maintain_order=True)
        .agg(pl.col("kilograms").sum(), pl.col("weighed").fill_null(0.0).sum(), united_ids())
    )


def united_ids() -> pl.Expr:
    """In a group: the source ids of all rows, sorted, each once."""
    return ids().explode(empty_as_null=False).unique().sort().alias("sources")
