"""What plants release besides greenhouse gases, and every toxic facility of the country around them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import chemistry, emissions, links, registry, rejects, releases
from comingclean.snapshot.part import Job, Part, Tables, file_row, file_rows
from comingclean.snapshot.toxics_read import VINTAGE, Stored, ToxicRead
from comingclean.sources import nei, tri, tri_basic, tri_sites, tri_totals
from comingclean.sources.sheet import ROW

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


def tables(job: Job) -> Tables:
    """Releases and emissions of the plants, the country's TRI sites and air, chemicals, checks.

    `tri_release`: rows of the plants, all chemicals and media; `tri_filing`: the years they filed.
    `tri_site`, `tri_air`, `tri_air_row`: every facility that released to air, where it is, kilograms
    by chemical and year, and its first row.
    `nei_…`: rows of the plants' groups. `chemical`: names, flags and benchmarks. `tri_control` and
    `tri_agreement`: our sums beside the publisher's. `reject`: rows set aside, with the reason.
    """
    read = ToxicRead(job)
    sites = _sites(read)
    emitted, processes, aside = _inventory(read)
    stacks, tall = _stacks(read, emitted)
    used = pl.concat([read.stewi[0]["chemical"], emitted["chemical"], processes["chemical"]])
    return {
        "tri_release": _plant_rows(read),
        "tri_filing": _filings(read),
        "tri_site": sites,
        **_air(read.stewi[0], sites),
        "chemical": chemistry.table(read.lists, used, job.data),
        "tri_control": _control(read),
        "tri_agreement": read.agreement.sort(pl.all()),
        "nei_emission": emitted,
        "nei_owner": emissions.owners(emitted, read.links, job.plants),
        "nei_process": processes.drop("level_one", "level_two", "level_three", "level_four"),
        "nei_scc": _scc(processes),
        "nei_stack": stacks,
        "reject": _rejects(read, aside, tall),
        "file": _files(read),
    }


PART: Final = Part(
    "toxics",
    (
        tri.SOURCE,
        tri_sites.SOURCE,
        tri_basic.SOURCE,
        tri_totals.SOURCE,
        *VINTAGE,
        *_FACILITY,
        *_PROCESS,
        *_STACK,
    ),
    tables,
    decisions=(registry.FACILITIES, links.IDENTIFIERS, chemistry.NAMES, chemistry.WEIGHTS),
)


def _plant_rows(read: ToxicRead) -> pl.DataFrame:
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


def _filings(read: ToxicRead) -> pl.DataFrame:
    """The plants' years in the files of facilities: who filed, whatever was released."""
    ours = releases.of_plants(read.sites, read.links, "tri", "tri_id")
    first = ours.group_by("tri_id", "year").agg(pl.col(ROW).min())
    return first.sort("tri_id", "year")


def _sites(read: ToxicRead) -> pl.DataFrame:
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


def _control(read: ToxicRead) -> pl.DataFrame:
    made = releases.control(read.stewi[0], read.published.totals, tri_totals.SOURCE)
    return made.sort("year", "chemical", "medium")


def _inventory(read: ToxicRead) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The plants' rows of the inventory, by facility and by process; and rows set aside."""
    eis = read.links.filter(program="eis")["program_id"].unique()
    columns = ("source_id", "year", ROW, "eis_id", "group", "chemical", "kilograms", "reliability")
    words = ("scc", "level_one", "level_two", "level_three", "level_four")
    kept, strange = [], []
    for sources, read_file in ((_FACILITY, nei.read), (_PROCESS, nei.read_processes)):
        rows = emissions.with_groups(read.inventory(sources, read_file))
        good, bad = emissions.sort_out(emissions.whole_groups(rows, eis), read.names)
        good = good.select(*columns, *(name for name in words if name in good.columns))
        kept.append(good.sort("source_id", "year", ROW))
        strange.append(bad)
    return kept[0], kept[1], pl.concat(strange)


def _scc(processes: pl.DataFrame) -> pl.DataFrame:
    words = ("level_one", "level_two", "level_three", "level_four")
    return processes.select("scc", *words).unique("scc", keep="first", maintain_order=True).sort("scc")


def _stacks(read: ToxicRead, emitted: pl.DataFrame) -> Stored:
    rows = read.inventory(_STACK, nei.read_stacks).with_columns(
        pl.lit(_NEI_YEAR, dtype=pl.Int32).alias("year")
    )
    there = pl.col("eis_id").is_in(emitted["eis_id"].unique().implode())
    some = rows.filter(there & pl.col("height").is_not_null())
    bad = (pl.col("height") > _TALLEST_METRES) | (pl.col("velocity") > _FASTEST)
    aside = some.filter(bad.fill_null(False))
    return some.filter(~bad.fill_null(False)).sort("source_id", ROW), aside


def _rejects(read: ToxicRead, inventory: pl.DataFrame, stacks: pl.DataFrame) -> pl.DataFrame:
    sites = releases.of_plants(read.sites, read.links, "tri", "tri_id")
    size = pl.format("{} m, {} m/s", pl.col("height").round(1), pl.col("velocity").round(1))
    tall = stacks.with_columns(size.alias("size"), pl.lit("impossible_stack").alias("reason"))
    parts = [
        read.stewi[1],
        read.official[1],
        releases.moved_industry(sites, tri_sites.SOURCE),
        inventory,
        rejects.parted(tall, "eis_id", "size")[1],
    ]
    return pl.concat(parts).sort(pl.all())


def _files(read: ToxicRead) -> pl.DataFrame:
    files = read.job.files
    rows = [
        file_row(file, tri.year_of(file.path))
        for name in (tri.SOURCE, tri_sites.SOURCE)
        for file in files[name]
    ]
    rows += [file_row(file, frame["year"][0]) for file, frame in [*read.basic, *read.totals]]
    rows += [file_row(file, year) for name, year in VINTAGE.items() for file in files[name]]
    rows += [
        file_row(file, _folder_year(file.name))
        for name in (*_FACILITY, *_PROCESS, *_STACK)
        for file in files[name]
    ]
    return file_rows(rows)


def _folder_year(name: str) -> int:
    """The year of an inventory's file: the folder that it lies in."""
    years = [int(part) for part in Path(name).parts if part.isdigit()]
    if not years:
        raise InputError("no year in its path", "put it into a folder of the year", file=name)
    return years[0]
