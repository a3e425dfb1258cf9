"""How releases are known: what the Toxics Release Inventory and the emissions inventory say of each."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.precision_parts import ids, part

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


def toxics(release: pl.DataFrame, chemical: pl.DataFrame) -> pl.DataFrame:
    """Parts of toxic releases by medium, by kilograms, and of air weighed by toxicity.

    Of the newest year whose file says how each was estimated; where none does, not public.
    """
    main = release.filter(pl.col("medium").is_in(list(MEDIA))).with_columns(_tri().alias("how"))
    named = main.with_columns(
        pl.col("medium").replace_strict(MEDIA, return_dtype=pl.String).alias("subject"),
        pl.col("kilograms").alias("weight"),
    )
    air = named.filter(pl.col("medium") == "air").join(
        chemical.select("chemical", per="weight"),
        on="chemical",
        validate="m:1",
        maintain_order="left",
    )
    weighed = air.filter(pl.col("per").is_not_null()).with_columns(
        pl.lit(WEIGHED).alias("subject"), (pl.col("kilograms") * pl.col("per")).alias("weight")
    )
    rows = pl.concat([named, weighed.drop("per")])
    told = pl.col("how") != "not_public"
    last = pl.coalesce(pl.col("year").filter(told).max(), pl.col("year").max())
    newest = rows.filter(pl.col("year") == last.over("facility_id", "subject"))
    return part(_summed(newest))


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


def chemicals(release: pl.DataFrame, chemical: pl.DataFrame) -> pl.DataFrame:
    """What each plant's toxic air is made of, by chemical and how it is known.

    (facility_id, chemical, name, how, year, kilograms, weighed, sources).

    The rows behind `toxics`: air of the newest year whose file says how it was estimated. `weighed` is
    kilograms times weight, 0 without a benchmark; `sources` a list.
    """
    air = release.filter(pl.col("medium") == "air").with_columns(_tri().alias("how"))
    told = pl.col("how") != "not_public"
    last = pl.coalesce(pl.col("year").filter(told).max(), pl.col("year").max())
    newest = air.filter(pl.col("year") == last.over("facility_id"))
    per = chemical.select("chemical", "name", per="weight")
    joined = newest.join(per, on="chemical", validate="m:1", maintain_order="left")
    return joined.group_by("facility_id", "chemical", "name", "how", "year", maintain_order=True).agg(
        pl.col("kilograms").sum(),
        (pl.col("kilograms") * pl.col("per").fill_null(0.0)).sum().alias("weighed"),
        united_ids(),
    )


def united_ids() -> pl.Expr:
    """In a group: the source ids of all rows, sorted, each once."""
    return ids().explode(empty_as_null=False).unique().sort().alias("sources")
