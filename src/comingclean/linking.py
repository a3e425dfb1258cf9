"""Verbs for whoever maintains the links: what may be linked, and what a person decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from comingclean import paths
from comingclean.database.part import Ground
from comingclean.errors import InputError
from comingclean.facilities import decide, links, propose, recheck, records
from comingclean.facilities.doubts import Doubt
from comingclean.facilities.propose import Place, Proposal
from comingclean.facilities.records import Files
from comingclean.model import INDUSTRIES


@dataclass(frozen=True)
class Case:
    """A plant, a program, and the records of it that may be the plant, best first."""

    plant: Place
    program: str
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Desk:
    """Where proposing happens: the official files, and the decisions in hand."""

    mirror: Path
    data: Path
    snapshot: Path

    @classmethod
    def at(cls, mirror: Path, data: Path | None = None, snapshot: Path | None = None) -> Desk:
        """A desk with the decisions and the snapshot that the package ships, unless told otherwise."""
        return cls(mirror, data or paths.data(), snapshot or paths.snapshot())

    @property
    def files(self) -> Files:
        """The official files below the mirror, by source."""
        return records.below(self.mirror, self.data)

    def registry(self, facility: str | None = None) -> pl.DataFrame:
        """The plants of the registry with places, or one of them. Raises InputError for no plant."""
        frame = Ground(self.snapshot, self.data).plants
        if facility is not None:
            frame = frame.filter(pl.col("facility_id") == facility)
            if frame.is_empty():
                raise InputError(f"no plant “{facility}”", "use an id of data/facilities.csv")
        return frame.sort("facility_id")

    def places(self, frame: pl.DataFrame) -> list[Place]:
        """Plants of the registry with their owners, as they can be compared."""
        return recheck.places(frame, self.data)


def check(desk: Desk) -> list[Doubt]:
    """Every link and attribute that the files below the mirror put in doubt.

    Raises InputError where none of these files is there, or one cannot be read.
    """
    files = desk.files
    if not any(files.get(source) for sources in records.SOURCES.values() for source, _ in sources):
        raise InputError(
            "no file of any program", "fetch them, or name another --mirror", file=desk.mirror
        )
    filings = Ground(desk.snapshot, desk.data).raw("ghgrp_filing")
    return recheck.doubtful(desk.data, recheck.known(desk.registry(), filings, desk.data), files)


def proposals(
    desk: Desk,
    program: str | None = None,
    facility: str | None = None,
    *,
    again: bool = False,
) -> list[Case]:
    """Cases of plants without a link, by program: all of them, or those of one plant or program.

    A plant whose missing link has a recorded reason is left out unless it is named, or `again`.
    Raises InputError for an unknown plant or program, and where the files are not in the mirror.
    """
    plants = desk.registry(facility)
    settled = {(row[0], row[1]) for row in plants.select("facility_id", "program").iter_rows()}
    if not facility or not program:  # who names both wants to see them in any case
        settled |= set(links.links(desk.data).select("facility_id", "program").iter_rows())
    if not facility and not again:
        settled |= set(links.missing(desk.data).select("facility_id", "program").iter_rows())
    cases = []
    for name in [program] if program else list(records.SOURCES):
        known = list(records.read(name, desk.files).values())
        fitting = plants.filter(pl.col("industry").is_in(records.INDUSTRIES.get(name, INDUSTRIES)))
        for plant in desk.places(plants if facility and program else fitting):
            if (plant.place_id, name) not in settled:
                cases += _case(plant, name, known, asked=facility is not None)
    return cases


def _case(plant: Place, program: str, known: list[Place], *, asked: bool) -> list[Case]:
    """A plant with what may be it; none for a program that few plants are in, and nothing near."""
    near = records.NEAR_KM.get(program)
    found = propose.propose(plant, known) if near is None else propose.propose(plant, known, near)
    return [Case(plant, program, tuple(found))] if found or near is None or asked else []


def choose(
    desk: Desk, program: str, facility: str, ask: Callable[[str], str], tell: Callable[[str], None]
) -> dict[str, str] | None:
    """Show a person the proposals for one plant and write the answer; None when it is left open."""
    (case,) = proposals(desk, program, facility)
    return decide.decide(case.plant, program, case.proposals, desk.data, ask, tell)


def link(
    decision: decide.Link,
    data: Path | None = None,
    mirror: Path | None = None,
    *,
    far: bool = False,
) -> dict[str, str]:
    """Write a link that a person decided; the row. Whole, or nothing.

    With `mirror` the record is looked up and compared: its years are kept, and so is the comparison
    where there is no evidence in words. Raises InputError for an unknown plant or record, for a record
    in another state or more than 10 km away unless `far`, and whatever decide.record_link refuses.
    """
    desk = Desk.at(mirror or Path(), data)
    (plant,) = desk.places(desk.registry(decision.facility_id))
    if mirror is not None and decision.program in records.SOURCES:
        decision = _compared(decision, plant, records.read(decision.program, desk.files), far=far)
    return decide.record_link(decision, desk.data)


def _compared(
    decision: decide.Link, plant: Place, known: Mapping[str, Place], *, far: bool
) -> decide.Link:
    """The decision with what its record says."""
    record = known.get(decision.program_id)
    if record is None:
        if decision.evidence.strip():
            return decision
        what = f"{decision.program} has no record {decision.program_id} in the files"
        raise InputError(what, "check the id, or give the evidence in words")
    compared = propose.compare(plant, record)
    km = compared.distance_km
    away = km is not None and km > decide.FAR_KM
    if not far and (away or (record.state and plant.state and record.state != plant.state)):
        where = f"{km:.0f} km away" if km is not None else "no one knows how far"
        what = f"the record stands in {record.state or 'a state it does not name'}, {where}"
        raise InputError(what, "check the id; if it is the plant all the same, say so with --far")
    evidence = decision.evidence.strip() or decide.evidence_of(compared)
    return replace(decision, evidence=evidence, years=record.years)
