"""What a person decides about links: rows of data/identifiers.csv and links_missing.csv.

Nothing is decided here: each row carries the reason that a person gave, and the files are written
whole or not at all, every other row as it stood.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from comingclean import store
from comingclean.errors import InputError
from comingclean.facilities.links import (
    COLUMNS,
    CONFIDENCES,
    IDENTIFIERS,
    MISSING,
    MISSING_COLUMNS,
)
from comingclean.facilities.propose import Place, Proposal, describe
from comingclean.facilities.registry import FACILITIES
from comingclean.model import PROGRAMS

Row = dict[str, str]
Ask = Callable[[str], str]
_KEY = ("facility_id", "program", "program_id")


# A record farther from its plant than this, in kilometres, needs a yes of its own.
FAR_KM = 10.0


@dataclass(frozen=True)
class Link:
    """A link as a person decides it. `why` says why two plants share the id, where they do; `years`
    are those of the record."""

    facility_id: str
    program: str
    program_id: str
    confidence: str
    evidence: str
    reason: str
    why: str = ""
    years: tuple[int, ...] = ()


def record_link(link: Link, data: Path) -> Row:
    """Write a link decided by hand, and take away the reason why there was none; the row.

    Raises InputError for a link without reason or evidence, a program or confidence that cannot be, a
    link that stands there already, an id that defines a plant of the registry, and an id that another
    plant has, unless `why` is given: then it is added to the reasons of all plants that share it and
    have none.
    """
    _refuse_blanks(link)
    _refuse_defining(link, data)
    path = data / IDENTIFIERS
    rows = _rows(path, COLUMNS)
    others = shared_with(link.program, link.program_id, link.facility_id, rows)
    if others and not link.why.strip():
        what = f"{link.program} {link.program_id} is linked to {', '.join(others)} already"
        raise InputError(what, "say with --why why both have it, or choose another id", file=path)
    reason = f"{link.reason.strip()} {_sharing(others, link.why)}".strip()
    for row in rows:
        if others and (row["program"], row["program_id"]) == (link.program, link.program_id):
            row["reason"] = row["reason"] or _sharing([link.facility_id], link.why)
    made = dict.fromkeys(COLUMNS, "") | {
        **{name: getattr(link, name) for name in (*_KEY, "confidence", "evidence")},
        "link_method": "by hand",
        "reason": reason,
    }
    if link.years:
        made |= {"first_year": str(min(link.years)), "last_year": str(max(link.years))}
    _write(path, COLUMNS, rows, made)
    _forget_missing(link, data)
    return made


def _refuse_defining(link: Link, data: Path) -> None:
    """An id by which the registry knows a plant is that plant's alone."""
    if link.program == "ghgrp":
        mend = "change the plant's own row there, with its reason"
        raise InputError("GHGRP ids stand in the registry", mend, file=data / FACILITIES)
    for row in _plain(data / FACILITIES):
        if (row["program"], row["program_id"]) == (link.program, link.program_id):
            what = f"{link.program} {link.program_id} is the id by which {row['facility_id']} is known"
            raise InputError(what, "choose another id", file=data / FACILITIES)


def _plain(path: Path) -> list[Row]:
    """The rows of a table, none where it is not there."""
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _forget_missing(link: Link, data: Path) -> None:
    """Take away the reason why the plant had no record in the program: it has one now."""
    path = data / MISSING
    rows = _rows(path, MISSING_COLUMNS)
    left = [r for r in rows if (r["facility_id"], r["program"]) != (link.facility_id, link.program)]
    if len(left) < len(rows):
        _put(path, MISSING_COLUMNS, left)


def record_missing(facility_id: str, program: str, reason: str, data: Path) -> Row:
    """Write why a plant has no record in a program; the row. Raises InputError without a reason."""
    if not reason.strip():
        raise InputError("a missing link without a reason", "say why there is none")
    row = dict.fromkeys(MISSING_COLUMNS, "") | {
        "facility_id": facility_id,
        "program": program,
        "reason": reason.strip(),
    }
    _write(data / MISSING, MISSING_COLUMNS, _rows(data / MISSING, MISSING_COLUMNS), row)
    return row


def _sharing(others: Sequence[str], why: str) -> str:
    return f"Shared with {', '.join(others)}: {why.strip()}" if others else ""


def _refuse_blanks(link: Link) -> None:
    for name in ("reason", "evidence", "program_id"):
        if not getattr(link, name).strip():
            raise InputError(f"a link without {name}", f"give it with --{name.replace('_', '-')}")
    for name, known in (("program", PROGRAMS), ("confidence", CONFIDENCES)):
        if getattr(link, name) not in known:
            what = f"“{getattr(link, name)}” is not a {name}"
            raise InputError(what, f"choose among {', '.join(known)}")


def shared_with(program: str, program_id: str, but: str, rows: Iterable[Row]) -> list[str]:
    """The other plants that have an id, in order."""
    same = [row for row in rows if (row["program"], row["program_id"]) == (program, program_id)]
    return sorted({row["facility_id"] for row in same} - {but})


def decide(
    plant: Place,
    program: str,
    proposals: Sequence[Proposal],
    data: Path,
    ask: Ask = input,
    tell: Callable[[str], None] = print,
) -> Row | None:
    """Show the proposals for a plant, ask a person, and write the answer; the row, or None if skipped.

    The person gives the number of a proposal with its confidence and reason, or n with the reason
    why there is no link, or nothing to skip.
    """
    tell(f"{plant.place_id}: {plant.names[0]}, {plant.city or '?'} {plant.state or ''}")
    for number, proposal in enumerate(proposals, 1):
        tell(f"  {number}. {describe(proposal)}")
    answer = ask(f"{program}: number, n for none, Enter to skip: ").strip().lower()
    if answer == "n":
        return record_missing(plant.place_id, program, _reason(ask), data)
    if not answer.isdecimal() or not 1 <= int(answer) <= len(proposals):
        return None
    return _chosen(plant, program, proposals[int(answer) - 1], data, ask)


def _chosen(plant: Place, program: str, proposal: Proposal, data: Path, ask: Ask) -> Row | None:
    """The link to a proposal; None where another plant has the id and no one says why both do."""
    number, why = proposal.place.place_id, ""
    others = shared_with(program, number, plant.place_id, _rows(data / IDENTIFIERS, COLUMNS))
    if others:
        why = ask(f"{', '.join(others)} has it. Why do both? Enter to leave it: ").strip()
        if not why:
            return None
    confidence, reason = _confidence(ask), _reason(ask)
    evidence, years = evidence_of(proposal), proposal.place.years
    link = Link(plant.place_id, program, number, confidence, evidence, reason, why, years)
    return record_link(link, data)


def evidence_of(proposal: Proposal) -> str:
    """Where the record stands, and how it compares with the plant."""
    origin = proposal.place.origin
    return f"{origin}: {describe(proposal)}" if origin else describe(proposal)


def _confidence(ask: Ask) -> str:
    while True:
        answer = ask(f"confidence ({', '.join(CONFIDENCES)}): ").strip().lower()
        if answer in CONFIDENCES:
            return answer


def _reason(ask: Ask) -> str:
    while True:
        answer = ask("reason, in plain words: ").strip()
        if answer:
            return answer


def _rows(path: Path, columns: Sequence[str]) -> list[Row]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    torn = any(None in (*row, *row.values()) for row in rows)
    if torn or list(reader.fieldnames or ()) != list(columns):
        what, mend = "has other columns than it should, or a row that is cut off", "mend it first"
        raise InputError(what, mend, file=path)
    return rows


def _write(path: Path, columns: Sequence[str], rows: list[Row], made: Mapping[str, str]) -> None:
    """The rows and a new one, behind those of its plant; refuses a key that stands there already."""
    key = [name for name in _KEY if name in columns]
    if any(all(old[name] == made[name] for name in key) for old in rows):
        what = f"{' '.join(made[name] for name in key)} stands there already"
        raise InputError(what, "change that row by hand", file=path)
    plant = made["facility_id"]
    before = [place for place, row in enumerate(rows, 1) if row["facility_id"] <= plant]
    at = before[-1] if before else 0
    _put(path, columns, [*rows[:at], dict(made), *rows[at:]])


def _put(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """The whole table anew: whole, or as it stood."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    with store.whole_file(path) as fresh:
        fresh.write_text(text.getvalue(), "utf-8", newline="")
