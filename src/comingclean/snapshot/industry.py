"""What is known of the industries as a whole: national totals, mills' output, and the grid."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.facilities import links
from comingclean.snapshot.part import Job, Part, Tables, file_row, file_rows
from comingclean.sources import egrid, gem_steel, usgs
from comingclean.sources.card import SourceFile

# The year under which a file's rows are looked up, and what one release speaks of.
_GEM_YEAR: Final = 2025
_USGS_YEAR: Final = 2024
_OUTPUT_SHEET: Final = "Plant production"
_PRODUCTS: Final = {
    "Crude steel production (ttpa)": "steel",
    "BF iron production (ttpa)": "pig_iron",
    "DRI iron production (ttpa)": "dri",
}
# Plants whose share of their company's output by capacity is the same to so much share one figure.
_ALIKE: Final = 0.012
_DIGITS: Final = 6


def tables(job: Job) -> Tables:
    """`national_total`, `gem_output`, `grid_rate` and `grid_plant`."""
    job.progress("reading national totals, mills' output and the grid")
    file = {name: job.files[name][0] for name in PART.sources}
    plants = egrid.read_plants(file[egrid.PLANTS].path)
    return {
        "national_total": usgs.read(file[usgs.SOURCE].path).rename({"source": "page"}),
        "gem_output": _output(job, file[gem_steel.SOURCE].path),
        "grid_rate": _rates(file, plants),
        "grid_plant": plants.drop_nulls(["subregion", "latitude", "longitude"])
        .select("subregion", "latitude", "longitude", "row")
        .sort("row"),
        "file": file_rows(_files(file)),
    }


def _files(file: dict[str, SourceFile]) -> list[dict[str, object]]:
    rates = [file_row(file[egrid.RATES], year) for year in (2019, 2022, 2023)]
    plants = [file_row(file[name], egrid.PLANTS_YEAR) for name in (egrid.PLANTS, egrid.FLOWS)]
    gem = file_row(file[gem_steel.SOURCE], _GEM_YEAR) | {"sheet": _OUTPUT_SHEET}
    return [*rates, *plants, gem, file_row(file[usgs.SOURCE], _USGS_YEAR)]


def _rates(file: dict[str, SourceFile], plants: pl.DataFrame) -> pl.DataFrame:
    """Rates of every year with a table, with the source and row of each; sums stand on the header."""
    published = egrid.read_rates(file[egrid.RATES].path)
    summed = egrid.rates_of(plants, egrid.read_flows(file[egrid.FLOWS].path))
    first = summed.with_columns(
        pl.lit(egrid.PLANTS_YEAR, dtype=pl.Int32).alias("year"),
        pl.lit(1, dtype=pl.Int64).alias("row"),
        pl.lit(egrid.FLOWS).alias("source_id"),
    )
    rest = published.with_columns(pl.lit(egrid.RATES).alias("source_id"), pl.col("row").cast(pl.Int64))
    columns = ["subregion", "year", *egrid.GASES, "row", "source_id"]
    both = pl.concat([first.select(columns), rest.select(columns)])
    return both.with_columns(pl.col(*egrid.GASES).round_sig_figs(_DIGITS)).sort("year", "subregion")


def _output(job: Job, path: Path) -> pl.DataFrame:
    """Steel, pig iron and DRI of plants in kilotonnes (unit, product, year, kilotonnes, shared, row).

    `unit` is the plant, or its site where one record covers several plants. `shared` marks steel that
    is a company's output shared out by capacity: in that year two of its plants use theirs alike.
    """
    tracker = gem_steel.read(path)
    named = links.links(job.data).filter(pl.col("program") == "gem")
    unit = _units(job, named)
    kinds = tracker.production.filter(pl.col("kind").is_in(list(_PRODUCTS)))
    rows = kinds.drop_nulls("kilotonnes").with_columns(
        pl.col("kind").replace_strict(_PRODUCTS, return_dtype=pl.String).alias("product")
    )
    joined = rows.join(unit, left_on="gem_id", right_on="program_id", validate="m:1")
    marked = joined.join(_shared(joined, tracker), on=["gem_id", "year"], how="left", validate="m:1")
    steel = pl.col("product") == "steel"
    return marked.select(
        "unit",
        "product",
        pl.col("year").cast(pl.Int64),
        "kilotonnes",
        (pl.col("shared").fill_null(False) & steel).alias("shared"),
        pl.col("row").cast(pl.Int64),
    ).sort("unit", "product", "year", "row")


def _units(job: Job, named: pl.DataFrame) -> pl.DataFrame:
    sites = job.plants.select("facility_id", "site_id")
    joined = named.join(sites, on="facility_id", validate="m:1")
    several = pl.col("facility_id").n_unique().over("program_id") > 1
    unit = pl.when(several).then(pl.col("site_id")).otherwise(pl.col("facility_id")).alias("unit")
    return joined.select("program_id", unit).unique().sort("program_id")


def _shared(joined: pl.DataFrame, tracker: gem_steel.Tracker) -> pl.DataFrame:
    """Plants and years (gem_id, year, shared) of companies whose plants use their capacity alike.

    A company that was seen sharing its output out does so in later years too, and where it did with
    the very share of another year.
    """
    used = _use(joined, tracker).sort("company", "year", "use")
    company = ["company", "year"]
    alike = (pl.col("use") / pl.col("use").shift(1).over(company) - 1) < _ALIKE
    by_year = used.with_columns(alike.any().over(company).fill_null(False).alias("alike"))
    since = pl.col("year").filter("alike").min().over("company")
    marked = by_year.with_columns((pl.col("year") >= since).fill_null(False).alias("since"))
    known = pl.col("use").filter(pl.col("since")).over("company", mapping_strategy="join")
    again = known.list.eval(pl.element().round(3)).list.contains(pl.col("use").round(3))
    return marked.select("gem_id", "year", (pl.col("since") | again.fill_null(False)).alias("shared"))


def _use(joined: pl.DataFrame, tracker: gem_steel.Tracker) -> pl.DataFrame:
    """Output over capacity of plants (gem_id, year, company, use); a company by its first word."""
    held = tracker.capacities.group_by("gem_id").agg(pl.col("capacity_steel").sum().alias("capacity"))
    company = pl.col("parent").str.split(" ").list.first().alias("company")
    steel = joined.filter(pl.col("product") == "steel")
    used = steel.join(held, on="gem_id", validate="m:1").join(
        tracker.plants.select("gem_id", company), on="gem_id", validate="m:1"
    )
    use = (pl.col("kilotonnes") / pl.col("capacity")).alias("use")
    kept = used.with_columns(use).filter(pl.col("use").is_finite() & (pl.col("use") > 0))
    return kept.select("gem_id", "year", "company", "use")


PART: Final = Part(
    "industry",
    (usgs.SOURCE, gem_steel.SOURCE, egrid.RATES, egrid.PLANTS, egrid.FLOWS),
    tables,
    decisions=(links.IDENTIFIERS,),
)
