"""Forms: rows of the Toxics Release Inventory's basic file, brought to media, and what cannot be right.

A form holds all that a facility filed of one chemical, by kind of disposal. Its parts must make up its
own totals; a file in which they do not, or in which fine droplets of acid run into rivers, has its
columns under the wrong headers and is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities.rejects import ABSURD_KILOGRAMS, parted
from comingclean.facilities.releases import DIOXINS, MOST_DIOXIN_KILOGRAMS
from comingclean.sources import sheet
from comingclean.sources.chemicals import is_cas, keys
from comingclean.sources.sheet import ROW

# How each amount of the basic file counts: the first three as StEWI adds them up. EPA files landfills,
# ponds and wells by their permit; the column without it is of older years.
MEDIA: Final = {
    "air": ("air_fugitive", "air_stack"),
    "water": ("water",),
    "land": ("land_treatment", "land_other", "off_site_land_treatment", "off_site_land_other"),
    "landfill": ("landfill", "landfill_hazardous", "landfill_other"),
    "impoundment": ("impoundment", "impoundment_hazardous", "impoundment_other"),
    "underground": ("underground", "underground_class_1", "underground_other"),
    "off_site": ("off_site_total",),
    "air_fugitive": ("air_fugitive",),
    "air_stack": ("air_stack",),
}
_ON_SITE: Final = (
    *MEDIA["air"],
    *MEDIA["water"],
    "land_treatment",
    "land_other",
    *MEDIA["landfill"],
    *MEDIA["impoundment"],
    *MEDIA["underground"],
)
_GRAMS: Final = "Grams"
_KNOWN_UNITS: Final = ("Pounds", _GRAMS)
# Listed as fine droplets in air only; what runs into water or onto land is not asked for.
_AEROSOLS: Final = ("7664-93-9", "7647-01-0")
# Amounts are filed in pounds, two digits behind the point at most in either unit.
_ROUNDING: Final = 0.005
_SLACK_KILOGRAMS: Final = 0.01
# Of the acid forms of five years of Illinois not one names water, and every form meets its totals.
_TOO_MANY_AEROSOLS: Final = 0.1
_TOO_MANY_SUMS: Final = 0.5
# Fewer facilities than this say nothing about a whole file; of Illinois 97 in 100 agree.
_LEAST_FACILITIES: Final = 20
_TOO_FEW_AGREE: Final = 0.5


def sort_out(
    rows: pl.DataFrame, listed: frozenset[str], source_id: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `tri_basic.read`, long by medium, and forms set aside.

    `listed`: the chemicals of the publishers' lists. Set aside: a form that stands twice (the first
    stays), a chemical that no list knows and that has no valid CAS number, an amount whose unit is
    neither pounds nor grams, grams for what is no dioxin or pounds for one, an amount below zero or
    beyond reason, an acid aerosol in water, a form whose parts do not make up its own totals. Kept with
    a word: a valid CAS number that no list has, and a form with the very amounts of another. Several
    forms of a facility for one chemical are parts of it, and add up. Returns kept (tri_id, filed_as,
    chemical, medium, kilograms, row, year), a reported zero as a zero and blanks as none, and rejects.
    """
    named = _named(rows)
    judged = named.with_columns(_verdict(listed).alias("reason"))
    kept, aside = parted(judged, "tri_id", "filed_as", source_id)
    sums = [sheet.total(parts).alias(medium) for medium, parts in MEDIA.items()]
    index = ["tri_id", "filed_as", "chemical", ROW, "year"]
    long = kept.select(*index, *sums).unpivot(
        on=list(MEDIA), index=index, variable_name="medium", value_name="kilograms"
    )
    return long, aside


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    key = keys("chemical_id").alias("key")
    return rows.with_columns(key).rename({"chemical": "filed_as"}).rename({"key": "chemical"})


def known(rows: pl.DataFrame, listed: frozenset[str]) -> pl.DataFrame:
    """The rows of `tri_basic.read` whose chemical may be taken at its name."""
    return rows.filter(~_unknown(listed, keys("chemical_id")))


def _unknown(listed: frozenset[str], key: pl.Expr) -> pl.Expr:
    """No list knows the id, and it is no CAS number that the form itself repeats."""
    number = key.map_elements(is_cas, return_dtype=pl.Boolean).fill_null(False)
    repeats = (key == keys("cas")).fill_null(False)
    return key.is_null() | (~key.is_in(list(listed)) & ~(number & repeats))


def _verdict(listed: frozenset[str]) -> pl.Expr:
    chemical, total = pl.col("chemical"), pl.col("total")
    amounts = sorted({name for parts in MEDIA.values() for name in parts})
    dioxin = chemical == DIOXINS
    most = pl.when(dioxin).then(MOST_DIOXIN_KILOGRAMS).otherwise(ABSURD_KILOGRAMS)
    again = ~pl.struct("tri_id", "year", "chemical", *amounts).is_first_distinct()
    return (
        pl.when(~pl.struct("form", "tri_id").is_first_distinct())
        .then(pl.lit("copied_row"))
        .when(_unknown(listed, chemical))
        .then(pl.lit("unknown_chemical"))
        .when(~pl.col("unit").is_in(_KNOWN_UNITS).fill_null(False))
        .then(pl.lit("unknown_unit"))
        .when((dioxin != (pl.col("unit") == _GRAMS)) | (dioxin & (total > most)))
        .then(pl.lit("dioxin_unit"))
        .when(pl.any_horizontal(pl.col(amounts) < 0) | (total > most))
        .then(pl.lit("impossible_amount"))
        .when(_wet_aerosol())
        .then(pl.lit("aerosol_to_water"))
        .when(_does_not_add_up())
        .then(pl.lit("parts_do_not_add"))
        .when(~chemical.is_in(list(listed)))
        .then(pl.lit("unlisted_chemical"))
        .when(again & (total > 0))
        .then(pl.lit("same_form_again"))
    )


def _wet_aerosol() -> pl.Expr:
    return pl.col("chemical").is_in(_AEROSOLS) & (pl.col("water") > 0).fill_null(False)


def _does_not_add_up() -> pl.Expr:
    """The parts on the site differ from their total, or both totals from the total of all."""
    site, total = pl.col("on_site_total"), pl.col("total")
    parts = pl.sum_horizontal(_ON_SITE)
    both = site + pl.col("off_site_total")
    apart = [
        (parts - site).abs() > _ROUNDING * site + _SLACK_KILOGRAMS,
        (both - total).abs() > _ROUNDING * total + _SLACK_KILOGRAMS,
    ]
    return pl.any_horizontal(apart).fill_null(False)


def refuse_swapped(rows: pl.DataFrame, path: Path) -> None:
    """Raise InputError for a file whose columns stand under the wrong headers.

    `rows`: tri_basic.read. The sign is acid aerosols in water, or totals that most forms miss.
    """
    named = _named(rows)
    acids = named.filter(pl.col("chemical").is_in(_AEROSOLS))
    wet, lost = acids.filter(_wet_aerosol()), named.filter(_does_not_add_up())
    mend = "put every header over its own column, or download the file again"
    if wet.height > _TOO_MANY_AEROSOLS * acids.height:
        what = f"{wet.height} of {acids.height} forms of acid aerosols, found in air only, name water"
        raise InputError(
            f"{what} (“5.3 - WATER”): two headers are swapped", mend, file=path, row=wet[ROW][0]
        )
    if lost.height > _TOO_MANY_SUMS * named.height:
        what = f"in {lost.height} of {named.height} forms the parts miss “ON-SITE RELEASE TOTAL”"
        raise InputError(f"{what}: headers are swapped", mend, file=path, row=lost[ROW][0])


def refuse_stranger(agreement: pl.DataFrame, path: Path) -> None:
    """Raise InputError when a file of a year that StEWI has, too, disagrees with it in most facilities.

    `agreement`: rows of releases.agreement for that year, (medium, stewi, basic). Amounts disagree that
    differ by more than a factor of two.
    """
    near = (pl.col("stewi") / pl.col("basic")).log(2).abs() < 1
    held = agreement.group_by("medium").agg(
        pl.len().alias("n"), near.fill_null(False).mean().alias("near"), pl.col(ROW).first()
    )
    strange = held.filter((pl.col("n") >= _LEAST_FACILITIES) & (pl.col("near") < _TOO_FEW_AGREE))
    for row in strange.sort("medium").iter_rows(named=True):
        what = f"to {row['medium']} only {row['near']:.0%} of facilities are near what StEWI has"
        mend = "look whether two headers are swapped, or download the file again"
        raise InputError(what, mend, file=path, row=row[ROW])
