"""What the toxic part of the snapshot reads, each file once: releases, forms, lists, the inventory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import chemistry, forms, links, releases
from comingclean.snapshot.part import Job, Read, read_each
from comingclean.sources import chemicals, toxicity, tri, tri_basic, tri_sites, tri_totals

# The year that a file without a year in its name speaks of: its release.
VINTAGE: Final = {chemicals.SOURCE: 2023, toxicity.EPA: 2025, toxicity.MINNESOTA: 2023}
Stored = tuple[pl.DataFrame, pl.DataFrame]


@dataclass(frozen=True)
class ToxicRead:
    """Everything read once: StEWI's releases and sites, basic files, lists, links."""

    job: Job

    @cached_property
    def links(self) -> pl.DataFrame:
        """The ids of the plants, decided by hand."""
        return links.links(self.job.data).join(self.job.plants, on="facility_id", how="semi")

    @cached_property
    def basic(self) -> list[Read]:
        """Basic files, one a year. Raises InputError for one with columns under the wrong headers."""
        read = _one_a_year(read_each(self.job.files[tri_basic.SOURCE], tri_basic.read))
        for file, frame in read:
            forms.refuse_swapped(frame, file.path)
        return read

    @cached_property
    def totals(self) -> list[Read]:
        """National totals, a file a year."""
        return read_each(self.job.files[tri_totals.SOURCE], tri_totals.read)

    @cached_property
    def published(self) -> chemistry.Published:
        """The publishers' lists of chemicals, but those of the basic files."""
        first = {name: self.job.files[name][0].path for name in VINTAGE}
        return chemistry.Published(
            stewi=chemicals.read(first[chemicals.SOURCE]),
            totals=pl.concat(frame for _, frame in self.totals),
            epa=toxicity.read_epa(first[toxicity.EPA]),
            minnesota=toxicity.read_minnesota(first[toxicity.MINNESOTA]),
        )

    @cached_property
    def listed(self) -> frozenset[str]:
        """Every chemical that one of these lists knows, by its key."""
        return chemistry.listed(self.published, self.job.data)

    @cached_property
    def lists(self) -> chemistry.Lists:
        """All lists: a basic file teaches the name of a chemical only where its id can be right."""
        taught = [tri_basic.chemicals(forms.known(frame, self.listed)) for _, frame in self.basic]
        return chemistry.Lists(self.published, pl.concat(taught))

    @cached_property
    def names(self) -> pl.DataFrame:
        """Which name means which chemical."""
        return chemistry.names(self.lists, self.job.data)

    @cached_property
    def stewi(self) -> Stored:
        """Releases of every facility, kept and set aside."""
        pairs = []
        for file in self.job.files[tri.SOURCE]:
            self.job.progress(f"reading {file.path.name}")
            pairs.append(releases.sort_out(tri.read(file.path), self.names, tri.SOURCE))
        kept, slips = releases.slipped(pl.concat(kept for kept, _ in pairs), tri.SOURCE)
        return kept, pl.concat([*(aside for _, aside in pairs), slips])

    @cached_property
    def sites(self) -> pl.DataFrame:
        """Facilities of every year."""
        return pl.concat(f for _, f in read_each(self.job.files[tri_sites.SOURCE], tri_sites.read))

    @cached_property
    def official(self) -> Stored:
        """Releases of the basic files, kept and set aside."""
        pairs = [forms.sort_out(frame, self.listed, tri_basic.SOURCE) for _, frame in self.basic]
        return pl.concat(kept for kept, _ in pairs), pl.concat(aside for _, aside in pairs)

    @cached_property
    def agreement(self) -> pl.DataFrame:
        """StEWI beside the basic files. Raises InputError for a file that says something else."""
        found = releases.agreement(self.stewi[0], self.official[0])
        for file, frame in self.basic:
            forms.refuse_stranger(found.filter(pl.col("year") == frame["year"][0]), file.path)
        return found

    def inventory(self, sources: Iterable[str], read: Callable[[Path], pl.DataFrame]) -> pl.DataFrame:
        """Files of the emissions inventory with the source that each belongs to."""
        return pl.concat(
            read(file.path).with_columns(pl.lit(name).alias("source_id"))
            for name in sources
            for file in self.job.files[name]
        )


def _one_a_year(read: list[Read]) -> list[Read]:
    years: dict[int, str] = {}
    for file, frame in read:
        for year in frame["year"].unique().to_list():
            if year in years:
                what = f"speaks of {year} as {years[year]} does"
                mend = "keep one file a year; the file of the whole country (US) has every state"
                raise InputError(what, mend, file=file.path)
            years[year] = file.name
    return read
