"""Who might be who: proposes links between a plant and the records of a program, best first.

It only proposes. What a person decides is written by the module decide, with a reason; the module
links reads and refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Final

import polars as pl
from pyproj import Geod

# How much each part counts. They only order proposals; no sum of them makes a link.
WEIGHTS: Final = {"distance": 0.4, "name": 0.25, "address": 0.15, "city": 0.1, "owner": 0.1}
_HALF_KM: Final = 2.0  # at this distance the distance part has fallen to 1/e

_GEOD: Final = Geod(ellps="WGS84")
# Words that half of the plants carry, so that they tell none from another.
_COMMON: Final = re.compile(
    r"\b(ag|america|and|cement|co|coke|company|corp|corporation|division|dba|enterprises|facility|for"
    r"|group|holdings?|inc|incorporated|industries|international|iron|limited|llc|lp|ltd|materials"
    r"|mills?|north|of|operations|plant|plc|products|sa|steel|the|united|usa?|works|[a-z0-9])\b"
)
_STREETS: Final = re.compile(
    r"\b(st|street|rd|road|ave|avenue|hwy|highway|dr|drive|ln|lane|blvd|route|[nsew])\b"
)


@dataclass(frozen=True)
class Place:
    """A plant or a record of a program, as far as it can be compared."""

    place_id: str
    names: tuple[str, ...]
    city: str | None = None
    state: str | None = None
    address: str | None = None
    owners: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    origin: str | None = None  # file and row
    years: tuple[int, ...] = ()  # of the files that have the record, rising


@dataclass(frozen=True)
class Proposal:
    """A record that may be the plant: its score, the parts of the score (0 to 1), the distance."""

    place: Place
    score: float
    parts: Mapping[str, float]
    distance_km: float | None


def propose(
    plant: Place, records: Iterable[Place], within_km: float = 10.0, top: int = 5
) -> list[Proposal]:
    """The `top` likeliest records for a plant, best first.

    A record farther than `within_km`, or in another state where both are known, is no proposal. One
    without coordinates must agree in the state and in part of its name or its city.
    """
    compared = (compare(plant, record) for record in records if _same_state(plant, record))
    near = [proposal for proposal in compared if _possible(proposal, within_km)]
    return sorted(near, key=lambda p: (-p.score, p.place.place_id))[:top]


def compare(plant: Place, record: Place) -> Proposal:
    """How alike a plant and a record are, part by part."""
    km = distance_km(plant, record)
    parts = {
        "distance": exp(-km / _HALF_KM) if km is not None else 0.0,
        "name": max((_alike(a, b) for a in plant.names for b in record.names), default=0.0),
        "address": _same_address(plant.address, record.address),
        "city": float(_plain(plant.city) == _plain(record.city) != ""),
        "owner": max((_alike(a, b) for a in plant.owners for b in record.owners), default=0.0),
    }
    score = sum(WEIGHTS[part] * value for part, value in parts.items())
    return Proposal(record, round(score, 4), parts, km)


def distance_km(a: Place, b: Place) -> float | None:
    """Geodesic distance in kilometres, None where a coordinate is missing."""
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return None
    metres = _GEOD.inv(a.longitude, a.latitude, b.longitude, b.latitude)[2]
    return float(metres) / 1000


def _same_state(plant: Place, record: Place) -> bool:
    return not plant.state or not record.state or _plain(plant.state) == _plain(record.state)


def _possible(proposal: Proposal, within_km: float) -> bool:
    if proposal.distance_km is not None:
        return proposal.distance_km <= within_km
    return proposal.parts["name"] > 0 or proposal.parts["city"] > 0


def tokens(text: str | None) -> frozenset[str]:
    """The words of a name that tell one plant from another."""
    plain = re.sub(r"[^a-z0-9]+", " ", (text or "").lower().replace(".", ""))
    return frozenset(_COMMON.sub(" ", plain).split())


def _alike(a: str, b: str) -> float:
    """The share of the shorter name's words that both names have."""
    left, right = tokens(a), tokens(b)
    shorter = min(len(left), len(right))
    return len(left & right) / shorter if shorter else 0.0


def _plain(text: str | None) -> str:
    return re.sub(r"[^a-z0-9]", "", (text or "").lower())


def _same_address(a: str | None, b: str | None) -> float:
    """1 where house number and a word of the street agree, else 0."""
    left, right = (_address_words(text) for text in (a, b))
    shared = left & right
    numbers = {word for word in shared if word.isdigit()}
    return float(bool(numbers) and bool(shared - numbers))


def _address_words(text: str | None) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", _STREETS.sub(" ", (text or "").lower())))


def describe(proposal: Proposal) -> str:
    """A proposal in one line: score, id, name, place, distance, and what speaks for it."""
    place, km = proposal.place, proposal.distance_km
    far = f"{km:.2f} km" if km is not None else "no coordinates"
    parts = ", ".join(f"{part} {value:.2f}" for part, value in proposal.parts.items() if value > 0)
    name = place.names[0] if place.names else "without a name"
    return f"{proposal.score:.2f} {place.place_id} {name}, {place.city or '?'}: {far} ({parts})"


def places(
    frame: pl.DataFrame,
    place_id: str,
    names: Sequence[str],
    owners: Sequence[str] = (),
    file: str | None = None,
) -> list[Place]:
    """The rows of a reader's frame as places; `names` and `owners` are columns, blanks left out.

    `file` is the name under which a row of the frame (its column `row`) is cited.
    """
    return [_from_row(row, place_id, names, owners, file) for row in frame.iter_rows(named=True)]


def _from_row(
    row: Mapping[str, Any],
    place_id: str,
    names: Sequence[str],
    owners: Sequence[str],
    file: str | None,
) -> Place:
    return Place(
        place_id=row[place_id],
        names=tuple(row[name] for name in names if row.get(name)),
        city=row.get("city"),
        state=row.get("state"),
        address=row.get("address"),
        owners=tuple(row[name] for name in owners if row.get(name)),
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
        origin=f"{file} row {row['row']}" if file else None,
        years=(int(row["year"]),) if row.get("year") else (),
    )
