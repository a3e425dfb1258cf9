"""Which name means which chemical, and what is known of each: flags, benchmarks, what it is weighed as.

A chemical has one key: its CAS number with dashes, or the code of a category such as N420 (lead
compounds). Names come from the publishers' own lists; what no list has, and what a chemical is weighed
as when it has no benchmark of its own, is decided by hand in data/chemical_names.csv and
data/chemical_weights.csv, with a reason in each row. What it is called in Spanish and what kind of
instrument measures it in air stands in data/chemical_words.csv.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.chemicals import is_cas, keys, plain_name
from comingclean.sources.sheet import ROW

NAMES: Final = "chemical_names.csv"
WEIGHTS: Final = "chemical_weights.csv"
WORDS: Final = "chemical_words.csv"
# What is measured alike, in a stack or at the fence: metals on filters, mercury by itself, what
# passive tubes or what filters with foam catch, aldehydes, acid gases, dioxins, and all else.
MEASURED: Final = (
    "metal",
    "mercury",
    "volatile",
    "semivolatile",
    "carbonyl",
    "acid_gas",
    "dioxin",
    "other",
)
_NAME_COLUMNS: Final = ("inventory", "name", "chemical", "reason")
_WORD_COLUMNS: Final = ("chemical", "name_es", "measured")
_WEIGHT_COLUMNS: Final = ("chemical", "element", "weigh_as", "weigh_as_mn", "part", "reason")
_FLAGS: Final = ("hap", "carcinogen", "metal", "pbt", "pfas")
_YES: Final = {"YES": True, "NO": False}


@dataclass(frozen=True)
class Published:
    """The publishers' lists, as their readers give them.

    `stewi`: chemicals.read; `totals`: tri_totals.read of every year; `epa` and `minnesota`:
    toxicity.read_epa and read_minnesota.
    """

    stewi: pl.DataFrame
    totals: pl.DataFrame
    epa: pl.DataFrame
    minnesota: pl.DataFrame


@dataclass(frozen=True)
class Lists:
    """These, and `basic`: tri_basic.chemicals of every basic file, those whose id can be right."""

    published: Published
    basic: pl.DataFrame


def listed(lists: Published, data: Path) -> frozenset[str]:
    """The key of every chemical that a published list or data/chemical_names.csv knows."""
    decided = sheet.read_csv(data / NAMES, _NAME_COLUMNS)
    ours = lists.stewi.filter(pl.col("inventory").is_in(["TRI", "NEI"]))
    by_number = ours.select(chemical_id="cas")
    named = [
        frame.select(keys("chemical_id").alias("chemical")) for frame in (ours, by_number, lists.totals)
    ]
    every = pl.concat([*named, decided.select("chemical"), lists.epa.select("chemical")])
    return frozenset(every["chemical"].drop_nulls())


def names(lists: Lists, data: Path) -> pl.DataFrame:
    """(inventory, plain, chemical): every known spelling of a name, TRI and NEI, each once.

    Raises InputError when a name that was decided by hand means two chemicals.
    """
    decided = sheet.read_csv(data / NAMES, _NAME_COLUMNS)
    twice = decided.filter(~pl.struct("inventory", "name").is_first_distinct())
    if twice.height:
        what = f"“{twice['name'][0]}” stands twice"
        raise InputError(what, "remove a row", file=data / NAMES, row=twice[ROW][0])
    # NEI writes CO, SO2 and NH3 for chemicals that have a CAS number.
    nei = pl.when(inventory="NEI").then("cas")
    stewi = lists.published.stewi.filter(pl.col("inventory").is_in(["TRI", "NEI"])).with_columns(
        pl.coalesce(nei, "chemical_id").alias("chemical_id")
    )
    tri = pl.lit("TRI").alias("inventory")
    spelled = [
        _spelled(decided, "name", "chemical"),
        _spelled(stewi, "name", "chemical_id"),
        _spelled(lists.published.totals.with_columns(tri), "chemical", "chemical_id"),
        _spelled(lists.basic.with_columns(tri), "chemical", "chemical_id"),
    ]
    return pl.concat(spelled).unique(["inventory", "plain"], keep="first", maintain_order=True)


def _spelled(frame: pl.DataFrame, name: str, key: str) -> pl.DataFrame:
    named = frame.select("inventory", plain_name(name).alias("plain"), pl.col(key).alias("chemical"))
    return named.with_columns(keys("chemical")).drop_nulls()


def words(data: Path) -> pl.DataFrame:
    """(chemical, name_es, measured) of every chemical that a plant files, as decided by hand.

    Raises InputError for a row without a name, of no known kind, or that stands twice.
    """
    frame = sheet.read_csv(data / WORDS, _WORD_COLUMNS)
    faults = {
        "has no name": pl.col("name_es").is_null(),
        "is measured in no known way": ~pl.col("measured").is_in(MEASURED).fill_null(False),
        "stands twice": ~pl.col("chemical").is_first_distinct(),
    }
    for what, wrong in faults.items():
        for row in frame.filter(wrong).iter_rows(named=True):
            said = f"{row['chemical']} {what}"
            raise InputError(said, "correct the row", file=data / WORDS, row=row[ROW])
    return frame.select(_WORD_COLUMNS)


def table(lists: Lists, used: pl.Series, data: Path) -> pl.DataFrame:
    """One row a chemical of `used`: its name, flags, benchmarks, and the rows that say so.

    Columns: chemical, name, cas (whether the key is a CAS number), element (the metal that it counts
    to), hap, carcinogen, metal, pbt, pfas (true, false or not said), flags_source, flags_year,
    flags_row, part (the parameter of the share that is weighed), and for EPA and Minnesota (suffix
    _mn): weighed_as, unit_risk, reference, benchmark_row. A benchmark of 0 is none. Where a list has
    a chemical twice, the stricter value holds.
    """
    weighed = _decided(data)
    frame = pl.DataFrame({"chemical": used.unique().sort()}).with_columns(
        pl.col("chemical").map_elements(is_cas, return_dtype=pl.Boolean).alias("cas")
    )
    frame = frame.join(_titles(lists.published, data), on="chemical", how="left", validate="1:1")
    frame = frame.join(weighed, on="chemical", how="left", validate="1:1")
    for list_, suffix in ((lists.published.epa, ""), (lists.published.minnesota, "_mn")):
        key = pl.when(decided=True).then(f"weigh_as{suffix}").otherwise("chemical")
        frame = frame.with_columns(key.alias(f"weighed_as{suffix}"))
        frame = frame.join(
            _benchmarks(list_, suffix), on=f"weighed_as{suffix}", how="left", validate="m:1"
        )
    return _flagged(frame, lists).drop("weigh_as", "weigh_as_mn", "decided").sort("chemical")


def _decided(data: Path) -> pl.DataFrame:
    """data/chemical_weights.csv; a row that names no benchmark at all leaves the chemical its own

    when it only says the element, and none when it is a category.
    """
    frame = sheet.read_csv(data / WEIGHTS, _WEIGHT_COLUMNS).drop(ROW, "reason")
    own = pl.all_horizontal(pl.col("weigh_as", "weigh_as_mn").is_null())
    own &= (
        pl.col("chemical").map_elements(is_cas, return_dtype=pl.Boolean)
        & pl.col("element").is_not_null()
    )
    return frame.with_columns((~own).alias("decided"))


def _titles(lists: Published, data: Path) -> pl.DataFrame:
    """One name a chemical: TRI's newest, then NEI's, then the one decided by hand."""
    decided = sheet.read_csv(data / NAMES, _NAME_COLUMNS).select(
        "chemical", pl.col("name").str.slice(0, 1).str.to_uppercase() + pl.col("name").str.slice(1)
    )
    totals = lists.totals.sort("year", descending=True).select(
        keys("chemical_id").alias("chemical"), pl.col("chemical").alias("name")
    )
    stewi = lists.stewi.sort("inventory", descending=True).filter(
        pl.col("inventory").is_in(["TRI", "NEI"])
    )
    stewi = stewi.select(pl.coalesce("cas", "chemical_id").alias("chemical"), "name")
    every = pl.concat([totals, stewi.with_columns(keys("chemical")), decided]).drop_nulls()
    return every.unique("chemical", keep="first", maintain_order=True)


def _benchmarks(listed: pl.DataFrame, suffix: str) -> pl.DataFrame:
    some = listed.with_columns(
        pl.when(pl.col(name) > 0).then(pl.col(name)).alias(name) for name in ("unit_risk", "reference")
    )
    return (
        some.drop_nulls("chemical")
        .group_by("chemical")
        .agg(
            pl.col("unit_risk").max().alias(f"unit_risk{suffix}"),
            pl.col("reference").min().alias(f"reference{suffix}"),
            pl.col(ROW).min().alias(f"benchmark_row{suffix}"),
        )
        .rename({"chemical": f"weighed_as{suffix}"})
    )


def _flagged(frame: pl.DataFrame, lists: Lists) -> pl.DataFrame:
    """Flags as the newest basic file says them; else what EPA's library of air toxics implies."""
    said = lists.basic.sort("year", descending=True).select(
        keys("chemical_id").alias("chemical"),
        *(pl.col(name).replace_strict(_YES, default=None, return_dtype=pl.Boolean) for name in _FLAGS),
        pl.col("year").cast(pl.Int32).alias("flags_year"),
        pl.col(ROW).alias("flags_row"),
    )
    said = said.unique("chemical", keep="first", maintain_order=True)
    joined = frame.join(said, on="chemical", how="left", validate="1:1")
    yes, in_library = pl.lit(True), pl.col("benchmark_row").is_not_null()
    # TRI's list says no for some that have a unit risk, as it does for all chromium together.
    risk = pl.when(pl.col("unit_risk") > 0).then(yes).otherwise("carcinogen")
    # EPA's column says no for barium, vanadium and zinc, which it lists with a qualifier.
    metal = pl.when(pl.col("element").is_not_null()).then(yes).otherwise("metal").alias("metal")
    source = pl.when(pl.col("flags_row").is_not_null()).then(pl.lit("epa_tri_basic"))
    return joined.with_columns(
        pl.coalesce("hap", pl.when(in_library).then(yes)).alias("hap"),
        risk.alias("carcinogen"),
        metal,
        source.when(in_library).then(pl.lit("epa_hem5")).alias("flags_source"),
    )
