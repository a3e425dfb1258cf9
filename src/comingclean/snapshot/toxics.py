"""What plants release besides greenhouse gases, and every toxic facility of the country around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import chemistry, emissions, links, registry, releases
from comingclean.snapshot.part import Job, Part, Read, Tables, file_row, file_rows, read_each
from comingclean.sources import chemicals, nei, toxicity, tri, tri_basic, tri_sites, tri_totals
from comingclean.sources.sheet import ROW

# The year that a file without a year in its name speaks of: its release.
_VINTAGE: Final = {chemicals.SOURCE: 2023, toxicity.EPA: 2025, toxicity.MINNESOTA: 2023}
_FACILITY: Final = tuple(nei.SOURCE.format(industry=name) for name in nei.INDUSTRIES)
_PROCESS: Final = tuple(nei.PROCESSES.format(industry=name) for name in nei.INDUSTRIES)
_STACK: Final = tuple(nei.STACKS.format(industry=name) for name in nei.INDUSTRIES)
_NEI_YEAR: Final = 2017  # of the stacks, whose file does not say so in a column
# For sums over a place three digits are more than anyone knows of a release; 11 m of its place.
_DIGITS: Final = 3
_DECIMALS: Final = 4
# Taller than any chimney on earth, and faster than sound in a stack: slips of the keyboard.
_TALLEST_METRES: Final = 420.0
_FASTEST: Final = 343.0
Stored = tuple[pl.DataFrame, pl.DataFrame]


@dataclass(frozen=True)
class _Read:
    """Everything read once: StEWI's releases and sites, basic files, lists, links."""

    job: Job

    @cached_property
    def links(self) -> pl.DataFrame:
        """The ids of the plants, decided by hand."""
        return links.links(self.job.data).join(self.job.plants, on="facility_id", how="semi")

    @cached_property
    def basic(self) -> list[Read]:
        """Basic files, one a year."""
        return _one_a_year(read_each(self.job.files[tri_basic.SOURCE], tri_basic.read))

    @cached_property
    def totals(self) -> list[Read]:
        """National totals, a file a year."""
        return read_each(self.job.files[tri_totals.SOURCE], tri_totals.read)

    @cached_property
    def lists(self) -> chemistry.Lists:
        """The publishers' lists of chemicals."""
        first = {name: self.job.files[name][0].path for name in _VINTAGE}
        return chemistry.Lists(
            stewi=chemicals.read(first[chemicals.SOURCE]),
            totals=pl.concat(frame for _, frame in self.totals),
            basic=pl.concat(tri_basic.chemicals(frame) for _, frame in self.basic),
            epa=toxicity.read_epa(first[toxicity.EPA]),
            minnesota=toxicity.read_minnesota(first[toxicity.MINNESOTA]),
        )

    @cached_property
    def names(self) -> pl.DataFrame:
        """Which name means which chemical."""
        return chemistry.names(self.lists, self.job.data)

    @cached_property
    def stewi(self) -> Stored:
        """Releases of every facility, kept and set aside."""
        return self._sorted(tri.SOURCE, tri.read)

    @cached_property
    def sites(self) -> pl.DataFrame:
        """Facilities of every year."""
        return pl.concat(f for _, f in read_each(self.job.files[tri_sites.SOURCE], tri_sites.read))

    @cached_property
    def official(self) -> Stored:
        """Releases of the basic files, kept and set aside."""
        pairs = [releases.sort_out_basic(frame, tri_basic.SOURCE) for _, frame in self.basic]
        return pl.concat(kept for kept, _ in pairs), pl.concat(aside for _, aside in pairs)

    def _sorted(self, source: str, read: Callable[[Path], pl.DataFrame]) -> Stored:
        pairs = []
        for file in self.job.files[source]:
            self.job.progress(f"reading {file.path.name}")
            pairs.append(releases.sort_out(read(file.path), self.names, source))
        return pl.concat(kept for kept, _ in pairs), pl.concat(aside for _, aside in pairs)

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


def tables(job: Job) -> Tables:
    """Releases and emissions of the plants, the country's TRI sites and air, chemicals, checks.

    `tri_release`: rows of the plants, all chemicals and media; `tri_filing`: the years they filed.
    `tri_site`, `tri_air`, `tri_air_row`: every facility that released to air, where it is, kilograms
    by chemical and year, and its first row.
    `nei_…`: rows of the plants' groups. `chemical`: names, flags and benchmarks. `tri_control` and
    `tri_agreement`: our sums beside the publisher's. `reject`: rows set aside, with the reason.
    """
    read = _Read(job)
    sites = _sites(read)
    emitted, processes, strange = _inventory(read)
    stacks, tall = _stacks(read, emitted)
    used = pl.concat([read.stewi[0]["chemical"], emitted["chemical"], processes["chemical"]])
    return {
        "tri_release": _plant_rows(read),
        "tri_filing": _filings(read),
        "tri_site": sites,
        **_air(read.stewi[0], sites),
        "chemical": chemistry.table(read.lists, used, job.data),
        "tri_control": _control(read),
        "tri_agreement": releases.agreement(read.stewi[0], read.official[0]).sort(pl.all()),
        "nei_emission": emitted,
        "nei_owner": emissions.owners(emitted, read.links, job.plants),
        "nei_process": processes.drop("level_one", "level_two", "level_three", "level_four"),
        "nei_scc": _scc(processes),
        "nei_stack": stacks,
        "reject": _rejects(read, strange, tall),
        "file": _files(read),
    }


PART: Final = Part(
    "toxics",
    (
        tri.SOURCE,
        tri_sites.SOURCE,
        tri_basic.SOURCE,
        tri_totals.SOURCE,
        *_VINTAGE,
        *_FACILITY,
        *_PROCESS,
        *_STACK,
    ),
    tables,
    decisions=(registry.FACILITIES, links.IDENTIFIERS, chemistry.NAMES, chemistry.WEIGHTS),
)


def _plant_rows(read: _Read) -> pl.DataFrame:
    """StEWI's rows, and of the basic files what StEWI has not: other years, and finer media."""
    columns = ("source_id", "year", ROW, "tri_id", "chemical", "medium", "kilograms", "reliability")
    stewi = read.stewi[0].with_columns(pl.lit(tri.SOURCE).alias("source_id"))
    basic = read.official[0].filter(pl.col("kilograms").is_not_null())
    covered = pl.col("year").is_in(stewi["year"].unique().implode())
    basic = basic.filter(~covered | ~pl.col("medium").is_in(list(tri.MEDIA.values())))
    basic = basic.with_columns(
        pl.lit(tri_basic.SOURCE).alias("source_id"), pl.lit(None, pl.Float64).alias("reliability")
    )
    both = pl.concat([stewi.select(columns), basic.select(columns)])
    ours = releases.of_plants(both, read.links, "tri", "tri_id")
    return ours.sort("source_id", "tri_id", "chemical", "medium", "year", ROW)


def _filings(read: _Read) -> pl.DataFrame:
    """The plants' years in the files of facilities: who filed, whatever was released."""
    ours = releases.of_plants(read.sites, read.links, "tri", "tri_id")
    first = ours.group_by("tri_id", "year").agg(pl.col(ROW).min())
    return first.sort("tri_id", "year")


def _sites(read: _Read) -> pl.DataFrame:
    """Every facility that released to air in some year, as the newest file has it, numbered."""
    air = read.stewi[0].filter(medium="air").select("tri_id").unique()
    newest = read.sites.sort("year", ROW, descending=[True, False])
    newest = newest.unique("tri_id", keep="first", maintain_order=True)
    placed = air.join(newest, on="tri_id", how="left", validate="1:1").sort("tri_id")
    degrees = pl.col("latitude", "longitude").round(_DECIMALS)
    return placed.with_row_index("number").select(
        "number", "tri_id", "name", "city", "state", "naics", degrees, "year", ROW
    )


def _air(stewi: pl.DataFrame, sites: pl.DataFrame) -> Tables:
    """Kilograms by facility, chemical and year; and each facility's first row in the file of a year.

    The rows stand in the order of (year, number), which the first table has already, and as steps
    from the facility before in that year: so they take a tenth of the space.
    """
    air = stewi.filter(medium="air").join(sites.select("number", "tri_id"), on="tri_id", validate="m:1")
    kilograms = pl.col("kilograms").round_sig_figs(_DIGITS).cast(pl.Float32)
    first = air.group_by("year", "number").agg(pl.col(ROW).min()).sort("year", "number")
    step = pl.col(ROW) - pl.col(ROW).shift(1).over("year").fill_null(0)
    return {
        "tri_air": air.select("number", "chemical", pl.col("year").cast(pl.UInt16), kilograms).sort(
            "number", "chemical", "year"
        ),
        "tri_air_row": first.select(step.cast(pl.Int32).alias("step")),
    }


def _control(read: _Read) -> pl.DataFrame:
    made = releases.control(read.stewi[0], read.lists.totals, tri_totals.SOURCE)
    return made.sort("year", "chemical", "medium")


def _inventory(read: _Read) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The plants' rows of the inventory, by facility and by process; and rows of unknown pollutants."""
    eis = read.links.filter(program="eis")["program_id"].unique()
    columns = ("source_id", "year", ROW, "eis_id", "group", "chemical", "kilograms", "reliability")
    words = ("scc", "level_one", "level_two", "level_three", "level_four")
    kept, strange = [], []
    for sources, read_file in ((_FACILITY, nei.read), (_PROCESS, nei.read_processes)):
        rows = emissions.with_groups(read.inventory(sources, read_file))
        good, bad = emissions.named(emissions.whole_groups(rows, eis), read.names)
        good = good.select(*columns, *(name for name in words if name in good.columns))
        kept.append(good.sort("source_id", "year", ROW))
        strange.append(bad.select("source_id", "year", ROW, "eis_id", "pollutant"))
    return kept[0], kept[1], pl.concat(strange)


def _scc(processes: pl.DataFrame) -> pl.DataFrame:
    words = ("level_one", "level_two", "level_three", "level_four")
    return processes.select("scc", *words).unique("scc", keep="first", maintain_order=True).sort("scc")


def _stacks(read: _Read, emitted: pl.DataFrame) -> Stored:
    rows = read.inventory(_STACK, nei.read_stacks).with_columns(
        pl.lit(_NEI_YEAR, dtype=pl.Int32).alias("year")
    )
    there = pl.col("eis_id").is_in(emitted["eis_id"].unique().implode())
    some = rows.filter(there & pl.col("height").is_not_null())
    bad = (pl.col("height") > _TALLEST_METRES) | (pl.col("velocity") > _FASTEST)
    aside = some.filter(bad.fill_null(False))
    return some.filter(~bad.fill_null(False)).sort("source_id", ROW), aside


def _rejects(read: _Read, strange: pl.DataFrame, stacks: pl.DataFrame) -> pl.DataFrame:
    sites = releases.of_plants(read.sites, read.links, "tri", "tri_id")
    unknown = strange.rename({"eis_id": "record_id", "pollutant": "subject"}).with_columns(
        pl.lit("unknown_chemical").alias("reason"), pl.lit(False).alias("kept")
    )
    tall = stacks.select(
        "source_id",
        "year",
        ROW,
        pl.col("eis_id").alias("record_id"),
        pl.format("{} m, {} m/s", pl.col("height").round(1), pl.col("velocity").round(1)).alias(
            "subject"
        ),
        pl.lit("impossible_stack").alias("reason"),
        pl.lit(False).alias("kept"),
    )
    schema = pl.Schema(releases.REJECT_SCHEMA)
    parts = [
        read.stewi[1],
        read.official[1],
        releases.moved_industry(sites, tri_sites.SOURCE),
        unknown.select(list(schema)).cast(schema),
        tall.cast(schema),
    ]
    return pl.concat(parts).sort(pl.all())


def _files(read: _Read) -> pl.DataFrame:
    files = read.job.files
    rows = [
        file_row(file, tri.year_of(file.path))
        for name in (tri.SOURCE, tri_sites.SOURCE)
        for file in files[name]
    ]
    rows += [file_row(file, frame["year"][0]) for file, frame in [*read.basic, *read.totals]]
    rows += [file_row(file, year) for name, year in _VINTAGE.items() for file in files[name]]
    rows += [
        file_row(file, _folder_year(file.name))
        for name in (*_FACILITY, *_PROCESS, *_STACK)
        for file in files[name]
    ]
    return file_rows(rows)


def _folder_year(name: str) -> int:
    """The year of an inventory's file: the folder that it lies in."""
    return next(int(part) for part in Path(name).parts if part.isdigit())
