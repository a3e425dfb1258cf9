"""Who lives where, what is known of their tracts, and who measures the air."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates import community_monitor
from comingclean.estimates.community_table import Indicators, compile_indicators
from comingclean.proximity import compile_areas
from comingclean.snapshot.part import Job, Part, Tables, file_row, file_rows
from comingclean.sources import aqs, census, dep_index, eji, ejscreen

# The year that each file speaks of; a card names one file.
_YEARS: Final = {
    census.SOURCE: 2020,
    dep_index.SOURCE: 2023,
    eji.SOURCE: 2024,
    ejscreen.SOURCE: 2020,
    aqs.SOURCE: 2025,
}


def tables(job: Job) -> Tables:
    """`block_group`: the population layer; `tract`: its indicators; `monitor`: open air monitors."""
    job.progress("reading block groups, tracts and monitors")
    file = {name: job.files[name][0] for name in _YEARS}
    people = census.read(file[census.SOURCE].path)
    known = _indicators(job, people)
    facts = known.block_groups.drop("block_group", "population")
    sites = aqs.read(file[aqs.SOURCE].path)
    return {
        "block_group": pl.concat([compile_areas(people), facts], how="horizontal"),
        "tract": known.tracts,
        "monitor": community_monitor.open_sites(sites),
        "file": file_rows(file_row(file[name], year) for name, year in _YEARS.items()),
    }


def _indicators(job: Job, people: pl.DataFrame) -> Indicators:
    # Geometry takes half a second to load, which a run that finds nothing changed must not pay.
    from comingclean.estimates.community_region import planning_regions
    from comingclean.facilities.county import Counties

    outlines = Counties.read(job.counties).outlines("CT")
    regions = planning_regions(people, outlines)
    return compile_indicators(
        people,
        dep_index.read(job.files[dep_index.SOURCE][0].path),
        eji.read(job.files[eji.SOURCE][0].path),
        ejscreen.read(job.files[ejscreen.SOURCE][0].path),
        regions,
    )


PART: Final = Part("fenceline", tuple(_YEARS), tables)
