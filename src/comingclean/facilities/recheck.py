"""Every link and attribute held against the files once more: what a new vintage puts in doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.facilities import attributes, doubts, links, ownership, place, records, verify
from comingclean.facilities.doubts import Doubt, Linked
from comingclean.facilities.propose import Place
from comingclean.facilities.records import Files
from comingclean.sources import frs, ghgrp, oris

_MOVED_KM: Final = 0.5  # a new report may round its point; farther it is another


@dataclass(frozen=True)
class Known:
    """What is known of the plants without the files of other programs.

    `places`: the plants as they can be compared; `own`: the program and id that define each;
    `reports`: the year of their newest greenhouse gas report; `filed_frs`: pairs of plant and FRS id
    that the workbooks have; `sites`: the site of each plant; `filed`: the points of the newest reports.
    """

    places: Sequence[Place]
    own: Mapping[str, tuple[str, str]]
    reports: Mapping[str, int]
    filed_frs: frozenset[tuple[str, str]]
    sites: Mapping[str, str]
    filed: Mapping[str, tuple[float, float]]


def places(frame: pl.DataFrame, data: Path) -> list[Place]:
    """Plants of the registry with their coordinates and owners, as they can be compared."""
    owned = ownership.ownership(data).group_by("facility_id").agg(pl.col("written").unique())
    owners = dict(owned.iter_rows())
    return [
        Place(
            row["facility_id"],
            (row["name"],),
            row["city"],
            row["state"],
            row.get("address"),
            tuple(sorted(owners.get(row["facility_id"], ()))),
            row["latitude"],
            row["longitude"],
        )
        for row in frame.iter_rows(named=True)
    ]


def known(plants: pl.DataFrame, filings: pl.DataFrame, data: Path) -> Known:
    """`Known` from the registry with places and the plants' filings of every year."""
    filers = plants.filter(program="ghgrp").select("facility_id", ghgrp_id="program_id")
    filed = filings.join(filers, on="ghgrp_id", validate="m:1")
    own = plants.select("facility_id", "program", "program_id").iter_rows()
    newest = filed.group_by("facility_id").agg(pl.col("year").max())
    return Known(
        places(plants, data),
        {plant: (program, number) for plant, program, number in own},
        dict(newest.iter_rows()),
        frozenset(filed.select("facility_id", "frs_id").drop_nulls().iter_rows()),
        dict(plants.select("facility_id", "site_id").iter_rows()),
        {
            plant: (latitude, longitude)
            for plant, latitude, longitude in plants.select(
                "facility_id", "filed_latitude", "filed_longitude"
            )
            .drop_nulls()
            .iter_rows()
        },
    )


def doubtful(data: Path, known: Known, files: Files) -> list[Doubt]:
    """Every doubt, by program: links first, then attributes.

    A program without a file in hand is passed over. Raises InputError for a file that cannot be read.
    """
    linked = _linked(data, known)
    missing = links.missing(data)
    found: list[Doubt] = []
    for program in records.SOURCES:
        settled = missing.filter(program=program)["facility_id"]
        found += _of_program(program, linked, files, settled)
    found += _lists(linked, known, files)
    ids = _ids(linked, known)
    said = attributes.read(data).filter(pl.col("facility_id").is_in(list(ids)))
    return [*found, *_refiled(said, known), *verify.unsaid(said, ids, files)]


def _of_program(
    program: str, linked: Sequence[Linked], files: Files, settled: Iterable[str]
) -> list[Doubt]:
    read = records.by_file(program, files)
    newest, released = records.newest(read), program in records.RELEASES
    whole = all(files.get(source) for source, _ in records.SOURCES[program])
    # What is not in one of two lists may stand in the other, which is not in hand.
    open_ = released and not whole
    ours = [
        link for link in linked if link.program == program and (link.program_id in newest or not open_)
    ]
    years = {year for file in read for one in file for year in one.years}
    return doubts.of_program(ours, newest, years, settled, released=released) if read else []


def _refiled(said: pl.DataFrame, known: Known) -> Iterator[Doubt]:
    """Plants that stand where they filed to stand, and now file another point."""
    ours = said.filter(attribute=place.POINT, source_id=ghgrp.SOURCE)
    for row in ours.iter_rows(named=True):
        plant, point = row["facility_id"], known.filed.get(row["facility_id"])
        km = place.apart(*place.degrees(row), *point) if point else None
        if km is not None and km > _MOVED_KM:
            words = f"the point that it files is now {km:.1f} km from the one that was decided"
            yield Doubt(plant, place.POINT, row["source_row"], "moved", words)


def _linked(data: Path, known: Known) -> list[Linked]:
    plant = {one.place_id: one for one in known.places}
    rows = links.links(data).filter(pl.col("facility_id").is_in(list(plant)))
    # An id that defines a plant was taken from a release, so that the program must still have it.
    defining = [Linked(plant[name], *own, years=(0, 0)) for name, own in known.own.items()]
    return defining + [
        Linked(
            plant[row["facility_id"]],
            row["program"],
            row["program_id"],
            (row["first_year"], row["last_year"]),
            row["until"],
            row["evidence"],
            row["reason"],
            known.reports.get(row["facility_id"]),
        )
        for row in rows.iter_rows(named=True)
    ]


def _lists(linked: Sequence[Linked], known: Known, files: Files) -> list[Doubt]:
    """Ids that EPA's own lists no longer have: FRS ids, and the ORIS codes of its crosswalk."""
    return [*_frs(linked, known, files), *_oris(linked, known, files)]


def _frs(linked: Sequence[Linked], known: Known, files: Files) -> Iterator[Doubt]:
    listed = {name for path, _ in files.get(frs.SOURCE, ()) for name in frs.read(path)["frs_id"]}
    for link in linked:
        there = link.program_id in listed or (link.plant.place_id, link.program_id) in known.filed_frs
        if link.program == "frs" and listed and not there:
            yield link.doubt("left", "neither the workbooks nor EPA's list have this FRS id")


def _oris(linked: Sequence[Linked], known: Known, files: Files) -> Iterator[Doubt]:
    for path, name in files.get(oris.SOURCE, ()):
        pairs = set(oris.read(path).select("ghgrp_id", "oris_id").iter_rows())
        for link in linked:
            cited = link.program == "oris" and name in link.evidence.split(" row ", maxsplit=1)[0]
            if cited and (known.own[link.plant.place_id][1], link.program_id) not in pairs:
                yield link.doubt("left", "EPA's crosswalk does not join this code to the plant")


def _ids(linked: Sequence[Linked], known: Known) -> dict[str, frozenset[str]]:
    """The ids of every plant, and of all plants of a site under the name of the site."""
    found: dict[str, set[str]] = {}
    for plant, site in known.sites.items():
        ids = {link.program_id for link in linked if link.plant.place_id == plant}
        for name in {plant, site}:
            found.setdefault(name, set()).update(ids)
    return {name: frozenset(ids) for name, ids in found.items()}
