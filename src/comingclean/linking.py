"""Verbs for whoever maintains the links: what may be linked, and what a person decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from comingclean import paths
from comingclean.database.part import Ground
from comingclean.errors import InputError
from comingclean.facilities import decide, links, ownership, propose, records
from comingclean.facilities.propose import Place, Proposal
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
        owned = ownership.ownership(self.data).group_by("facility_id").agg(pl.col("written").unique())
        owners = dict(owned.iter_rows())
        return [_place(row, owners) for row in frame.iter_rows(named=True)]


def _place(row: dict[str, object], owners: dict[str, list[str]]) -> Place:
    text = {name: str(row[name]) for name in ("facility_id", "name", "city", "state")}
    north, east = (None if row[n] is None else float(str(row[n])) for n in ("latitude", "longitude"))
    held = tuple(sorted(owners.get(text["facility_id"], ())))
    street = row.get("address")
    address = None if street is None else str(street)
    names = (text["name"],)
    return Place(text["facility_id"], names, text["city"], text["state"], address, held, north, east)


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
    for name in [program] if program else list(records.FILES):
        known = records.read(name, desk.mirror)
        fitting = plants.filter(pl.col("industry").is_in(records.INDUSTRIES.get(name, INDUSTRIES)))
        for plant in desk.places(plants if facility and program else fitting):
            if (plant.place_id, name) not in settled:
                cases.append(Case(plant, name, tuple(propose.propose(plant, known))))
    return cases


def choose(
    desk: Desk, program: str, facility: str, ask: Callable[[str], str], tell: Callable[[str], None]
) -> dict[str, str] | None:
    """Show a person the proposals for one plant and write the answer; None when it is left open."""
    (case,) = proposals(desk, program, facility)
    return decide.decide(case.plant, program, case.proposals, desk.data, ask, tell)


def link(decision: decide.Link, data: Path | None = None, mirror: Path | None = None) -> dict[str, str]:
    """Write a link that a person decided; the row. Whole, or nothing.

    Without evidence in words the record is looked up in `mirror` and compared with the plant. Raises
    InputError for an unknown plant or record, and whatever `decide.record_link` refuses.
    """
    desk = Desk.at(mirror or Path(), data)
    (plant,) = desk.places(desk.registry(decision.facility_id))
    if not decision.evidence.strip() and mirror is not None:
        known = {place.place_id: place for place in records.read(decision.program, mirror)}
        if decision.program_id not in known:
            what = f"{decision.program} has no record {decision.program_id} in the files"
            raise InputError(what, "check the id, or give the evidence in words", file=mirror)
        compared = propose.compare(plant, known[decision.program_id])
        fields = vars(decision) | {"evidence": decide.evidence_of(compared)}
        decision = decide.Link(**fields)
    return decide.record_link(decision, desk.data)
