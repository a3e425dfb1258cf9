"""Findings on series: gaps, figures that never change, old ones, restated ones; jumps stand apart.

Every rule is a function from what is known to rows for `findings.worded`, words in data/findings.toml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import polars as pl

from comingclean.estimates.findings import years_in_words
from comingclean.estimates.precision import Known, filed_of
from comingclean.estimates.precision_jumps import came_or_went, jumps
from comingclean.estimates.precision_parts import chemical_names, ids, listed
from comingclean.estimates.precision_words import finding

Row = dict[str, Any]
_INVENTORY: Final = ("pm25", "so2", "nox", "co", "voc", "lead")
_LISTED: Final = 3
_ROUNDING: Final = 1e-6


def gaps(known: Known) -> Iterator[Row]:
    """Years without a toxics filing between the first and the last, of years with a national file."""
    filed = known.toxic_filing
    plants = filed.group_by("year").agg(pl.col("facility_id").n_unique().alias("n"))
    national = plants.filter(pl.col("n") > 0.5 * pl.col("n").max())["year"].to_list()
    for (plant,), rows in filed.sort("year").group_by("facility_id", maintain_order=True):
        have = rows["year"].to_list()
        lost = [year for year in sorted(national) if have[0] < year < have[-1] and year not in have]
        if lost:
            rests = [name for row in rows.select(ids())["sources"] for name in row]
            yield finding(str(plant), "tri", "gap_in_toxics", rests, years=years_in_words(lost))


def same_every_year(known: Known) -> Iterator[Row]:
    """The very same kilograms of a chemical to air, filing after filing."""
    least, runs = known.rules["precision_same_kg"], known.rules["precision_same_filings"]
    key = ["facility_id", "program_id", "chemical"]
    air = known.toxic_release.filter(pl.col("medium") == "air").sort(*key, "year")
    as_before = (pl.col("kilograms") - pl.col("kilograms").shift(1)).abs() <= _ROUNDING
    turned = (~as_before).fill_null(True).cum_sum().over(key)
    run = air.with_columns(turned.alias("run")).group_by(*key, "run", maintain_order=True)
    found = run.agg(
        pl.col("kilograms").first(),
        pl.col("year").min().alias("first"),
        pl.col("year").max().alias("last"),
        pl.len().alias("filings"),
        ids().explode(empty_as_null=False).alias("rests"),
    ).filter((pl.col("filings") >= runs) & (pl.col("kilograms") >= least))
    called = chemical_names(known.chemical)
    ordered = found.sort(
        "facility_id", "kilograms", "chemical", "first", descending=[False, True, False, False]
    )
    for (plant,), rows in ordered.group_by("facility_id", maintain_order=True):
        texts = [
            {
                lang: f"{name} ({row['first']}–{row['last']})"
                for lang, name in called[row["chemical"]].items()
            }
            for row in rows.head(_LISTED).iter_rows(named=True)
        ]
        rests = [name for row in rows["rests"] for name in row]
        more = [{"en": "…", "es": "…"}] if rows.height > _LISTED else []
        facts = {"chemicals": listed([*texts, *more])}
        yield finding(str(plant), "toxic_air", "same_every_year", rests, **facts)


def old_figures(known: Known) -> Iterator[Row]:
    """Air pollutants or a toxics filing that are years older than the newest of all figures."""
    newest = _last_year(known.value)
    too_old = newest - pl.col("year") >= known.rules["precision_old_years"]
    counted = known.value.filter(pl.col("quantity").is_in(_INVENTORY)).sort("quantity")
    last = counted.filter(pl.col("year") == pl.col("year").max().over("facility_id"))
    # Of plants that are only in an older inventory `dropped` speaks.
    last = last.filter(pl.col("year") == pl.col("year").max())
    for plant, year, rests in _by_plant(last.filter(too_old)):
        yield finding(plant, "eis", "old_figure_eis", rests, year=year, newest=newest)
    for plant, year, rests in _by_plant(_last_filings(known).filter(too_old)):
        yield finding(plant, "tri", "old_figure_tri", rests, year=year, newest=newest)


def _last_filings(known: Known) -> pl.DataFrame:
    """The rows of each plant's newest toxics filing: (facility_id, year, sources), air or none."""
    years = filed_of(known)
    last = years.filter(pl.col("year") == pl.col("year").max().over("facility_id"))
    columns = ("facility_id", "year", "sources")
    rows = pl.concat([known.toxic_filing.select(columns), known.toxic_release.select(columns)])
    return rows.join(last, on=["facility_id", "year"], how="semi").sort(columns)


def _last_year(rows: pl.DataFrame) -> int:
    """The newest year of value rows, 0 for none."""
    return int(rows["year"].to_numpy().max(initial=0))


def dropped(known: Known) -> Iterator[Row]:
    """In an older emissions inventory, running when the newest was made, and not in that."""
    rows = known.value.filter(pl.col("quantity").is_in(_INVENTORY)).sort("quantity")
    newest = _last_year(rows)
    ran = known.value.filter((pl.col("quantity") == "ghg_reported") & (pl.col("year") == newest))
    last = rows.filter(pl.col("year") == pl.col("year").max().over("facility_id"))
    lost = last.filter(pl.col("year") < newest).join(ran, on="facility_id", how="semi")
    for plant, year, rests in _by_plant(lost):
        yield finding(plant, "eis", "dropped_from_inventory", rests, year=year, newest=newest)


def _by_plant(rows: pl.DataFrame) -> Iterable[tuple[str, int, list[str]]]:
    """The plant, year and source rows of each group of value rows."""
    grouped = rows.sort("facility_id").group_by("facility_id", maintain_order=True)
    for (plant,), group in grouped:
        rests = [name for row in group.select(ids())["sources"] for name in row if "#" in name]
        yield str(plant), int(group["year"][0]), rests


def restated(known: Known) -> Iterator[Row]:
    """A later release changed the total that was reported by more than a parameter."""
    least = 100 * known.rules["precision_restated"]
    rows = known.restatement.filter(
        (pl.col("quantity") == "ghg_reported") & (pl.col("percent").abs() >= least)
    ).sort("facility_id", "year")
    for (plant,), group in rows.group_by("facility_id", maintain_order=True):
        texts = [f"{row['year']} {row['percent']:+.0f} %" for row in group.iter_rows(named=True)]
        rests = [name for row in group.select(ids())["sources"] for name in row]
        changes = ", ".join(texts).replace("-", "−")
        yield finding(str(plant), "ghg_reported", "restated", rests, changes=changes)


SERIES: Final = (jumps, came_or_went, gaps, same_every_year, old_figures, dropped, restated)
