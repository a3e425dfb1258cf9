"""Links that files put in doubt: an id that left its program, records that moved or were swapped.

Only rules on places, without reading. A doubt is a question to a person, never a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from comingclean.facilities.propose import Place, compare, distance_km

# A record so far from its plant needs a reason; one that came or went so far is another place.
FAR_KM: Final = 3.0
_THEN: Final = re.compile(r"; ([\d.]+) km")


@dataclass(frozen=True)
class Doubt:
    """What a person should look at: the link, the kind of doubt, and what was found."""

    facility_id: str
    program: str
    program_id: str
    doubt: str
    sentence: str

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.facility_id}, {self.program} {self.program_id}: {self.sentence}"


@dataclass(frozen=True)
class Linked:
    """A link as it was decided, with the plant. `last_report` is its newest greenhouse gas report."""

    plant: Place
    program: str
    program_id: str
    years: tuple[int | None, int | None] = (None, None)
    until: int | None = None
    evidence: str = ""
    reason: str | None = None
    last_report: int | None = None

    def doubt(self, kind: str, sentence: str) -> Doubt:
        """A doubt about this link."""
        return Doubt(self.plant.place_id, self.program, self.program_id, kind, sentence)


def of_program(
    linked: Sequence[Linked],
    records: Mapping[str, Place],
    read: Iterable[int],
    settled: Iterable[str] = (),
    *,
    released: bool = False,
) -> list[Doubt]:
    """Doubts about the links of one program, in the order of plants and ids.

    `records`: the newest record of each id with all its years; `read`: the years that files speak of;
    `settled`: plants of which a reason is on record why the program has no newer record; `released`:
    whether each file lists every plant of the program anew.
    """
    years = tuple(sorted(set(read)))
    known = [link for link in linked if link.program_id in records]
    found = [
        *_gone(linked, records, years, released=released),
        *(() if released else _ended(known, records, years, frozenset(settled))),
        *(doubt for link in known for doubt in _elsewhere(link, records[link.program_id])),
        *_swapped(known, records),
    ]
    return sorted(found, key=lambda doubt: (doubt.facility_id, doubt.program_id, doubt.doubt))


def _gone(
    linked: Sequence[Linked], records: Mapping[str, Place], years: Sequence[int], *, released: bool
) -> Iterator[Doubt]:
    """Links that claim a year of which a file was read that does not have the id."""
    for link in linked:
        record = records.get(link.program_id)
        held = record.years if record else ()
        said = {year for year in link.years if year is not None}
        claimed = sorted((said if released and record is None else said & {*years}) - {*held})
        if claimed:
            asked = years if released else claimed
            listed = " and ".join(str(year) for year in asked)
            yield link.doubt("left", f"the file of {listed} does not have this id")


def _ended(
    known: Sequence[Linked],
    records: Mapping[str, Place],
    years: Sequence[int],
    settled: frozenset[str],
) -> Iterator[Doubt]:
    """Plants that still report, whose ids are all missing from the newest file, without a reason."""
    by_plant: dict[str, list[Linked]] = {}
    for link in known:
        by_plant.setdefault(link.plant.place_id, []).append(link)
    for plant, links in by_plant.items():
        last = max(links, key=lambda link: records[link.program_id].years[-1:])
        ends = records[last.program_id].years
        reports = last.last_report is not None and last.last_report >= years[-1]
        if ends and ends[-1] < years[-1] and reports and plant not in settled:
            words = f"its last record is of {ends[-1]}; the file of {years[-1]} has none"
            yield last.doubt("left", words)


def _elsewhere(link: Linked, record: Place) -> Iterator[Doubt]:
    """A record in another state, far away without a reason, or not where it was when it was linked."""
    if record.state and link.plant.state and record.state != link.plant.state:
        yield link.doubt("other state", f"its record stands in {record.state}")
    km, then = distance_km(link.plant, record), _THEN.search(link.evidence)
    if km is None:
        return
    if km > FAR_KM and not link.reason:
        yield link.doubt("too far", f"its record stands {km:.1f} km away, and no reason says why")
    if then and abs(km - float(then[1])) > FAR_KM:
        words = f"its record stands {km:.1f} km away; when it was linked, {then[1]} km"
        yield link.doubt("moved", words)


def _swapped(known: Sequence[Linked], records: Mapping[str, Place]) -> Iterator[Doubt]:
    """Pairs of which each record is more like the other's plant, as when a publisher swaps two places.

    A pair that stands where it stood when it was linked, with reasons, was decided in sight of that.
    """
    judged = [(link, _as_linked(link, records[link.program_id])) for link in known]
    for (one, one_seen), (other, other_seen) in combinations(judged, 2):
        if one.plant.place_id == other.plant.place_id or (one_seen and other_seen):
            continue
        pair = records[one.program_id], records[other.program_id]
        if _nearer(one.plant, *pair) or _nearer(other.plant, *reversed(pair)):
            continue
        if _fits(one.plant, *reversed(pair)) and _fits(other.plant, *pair):
            for this, that in ((one, other), (other, one)):
                words = f"its record may be swapped with {that.program_id} of {that.plant.place_id}"
                yield this.doubt("swapped", words)


def _as_linked(link: Linked, record: Place) -> bool:
    """Whether a link with a reason has its record where it was."""
    km, then = distance_km(link.plant, record), _THEN.search(link.evidence)
    return bool(link.reason and then and km is not None and abs(km - float(then[1])) <= FAR_KM)


def _nearer(plant: Place, this: Place, that: Place) -> bool:
    """Whether `this` record is surely nearer to a plant, by a rough measure that costs little."""
    here, there = (_rough(plant, record) for record in (this, that))
    return here is not None and there is not None and here < 0.5 * there


def _rough(a: Place, b: Place) -> float | None:
    """Degrees between two places, squared; None where a coordinate is missing."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    return (a.latitude - b.latitude) ** 2 + (a.longitude - b.longitude) ** 2


def _fits(plant: Place, this: Place, that: Place) -> bool:
    """Whether `this` record is more like the plant than `that`."""
    return compare(plant, this).score > compare(plant, that).score
