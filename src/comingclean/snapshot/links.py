"""What the files put in doubt of the links and attributes that were decided by hand."""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.facilities import attributes, companies, links, recheck, records, registry, verify
from comingclean.model import LINK_DOUBT
from comingclean.snapshot.part import Job, Part, Tables, file_row, file_rows
from comingclean.sources import (
    egrid,
    flight,
    frs,
    gem_cement,
    gem_steel,
    oris,
    parents,
    sfi,
    tri_sites,
)

_REQUIRED: Final = (tri_sites.SOURCE, gem_steel.SOURCE, egrid.PLANTS)
_READ: Final = (
    *(source for sources in records.SOURCES.values() for source, _ in sources),
    *verify.READERS,
    frs.SOURCE,
    oris.SOURCE,
)
# Read by this part alone: the year of which the release in hand speaks.
_OWN: Final = {
    gem_cement.SOURCE: 2025,
    sfi.SOURCE: 2021,
    flight.SOURCE: 2017,
    parents.SOURCE: 2023,
    frs.SOURCE: 2023,
    oris.SOURCE: 2020,
}


def tables(job: Job) -> Tables:
    """`link_doubt`: a row for each link or attribute at which a person should look."""
    job.progress("holding links and attributes against the files")
    plants = job.plants.drop("latitude", "longitude").join(job.places, on="facility_id", validate="1:1")
    known = recheck.known(plants, job.filings, job.data)
    files = {
        name: [(file.path, file.name) for file in job.files.get(name, [])]
        for name in dict.fromkeys(_READ)
    }
    found = [vars(doubt) for doubt in recheck.doubtful(job.data, known, files)]
    doubts = pl.DataFrame(found, schema=LINK_DOUBT.schema)
    once = doubts.sort(pl.all()).unique(LINK_DOUBT.key, keep="first", maintain_order=True)
    return {"link_doubt": once, "file": file_rows(_own_files(job))}


def _own_files(job: Job) -> list[dict[str, object]]:
    """The files that no other part reads, with the year of which each speaks."""
    return [file_row(file, year) for name, year in _OWN.items() for file in job.files.get(name, [])]


PART: Final = Part(
    "links",
    _REQUIRED,
    tables,
    decisions=(
        registry.FACILITIES,
        links.IDENTIFIERS,
        links.MISSING,
        attributes.ATTRIBUTES,
        companies.COMPANIES,
    ),
    optional=tuple(name for name in dict.fromkeys(_READ) if name not in _REQUIRED),
)
