"""What is said of a place of `monitor_next`: which pollutant, which rule left the gap, what ends it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from comingclean.estimates.monitor_next import Scores
from comingclean.estimates.monitor_places import WATCHED, Place, main_chemicals
from comingclean.estimates.precision import Known
from comingclean.estimates.precision_releases import WEIGHED

Row = dict[str, Any]
_BENZENE: Final = "71-43-2"
_HYDROCHLORIC: Final = "7647-01-0"
_CHROMIUM: Final = "7440-47-3"
_INTEGRATED: Final = "BF"  # blast furnaces, in the name of a route
_NOTHING: Final = "nothing_filed"
_ABSENT: Final = ("not_reported", "not_in_hand", _NOTHING)


@dataclass(frozen=True)
class Teller:
    """Makes rows of `monitor_next` for scored places.

    `plants`: candidates in the order that places count by; `released`: `monitor_places.releases`.
    """

    known: Known
    plants: pl.DataFrame
    released: pl.DataFrame
    _rows: list[Row] = field(init=False)
    _ways: dict[tuple[str, str], Row] = field(init=False)
    _mains: dict[str, Row] = field(init=False)
    _chemicals: dict[str, Row] = field(init=False)
    _national: int = field(init=False)

    def __post_init__(self) -> None:
        """Look up once what every place asks for."""
        ways = {(r["facility_id"], r["subject"]): r for r in self.released.iter_rows(named=True)}
        named = {row["chemical"]: row for row in self.known.chemical.iter_rows(named=True)}
        national = self.known.toxic_filing["year"].to_numpy()
        object.__setattr__(self, "_rows", list(self.plants.iter_rows(named=True)))
        object.__setattr__(self, "_ways", ways)
        object.__setattr__(self, "_mains", main_chemicals(self.known))
        object.__setattr__(self, "_chemicals", named)
        object.__setattr__(self, "_national", int(national.max(initial=0)))

    def rows(self, places: list[Place], scored: Scores, people: np.ndarray[Any, Any]) -> list[Row]:
        """A row for each place, in their order; `sources` as lists."""
        return [self._row(place, at, scored, float(people[at])) for at, place in enumerate(places)]

    def _row(self, place: Place, at: int, scored: Scores, people: float) -> Row:
        members = [self._rows[number] for number in place.plants]
        pollutant = WATCHED[int(scored.pollutant[at])]
        leading = self._leading(members, pollutant)
        main = self._mains.get(leading["facility_id"]) if pollutant == WEIGHED else None
        way = self._ways[leading["facility_id"], pollutant]
        kilometres = min(row["monitor_km"] for row in members)
        asked = Asked(
            pollutant=pollutant,
            how=main["how"] if main else way["how"],
            plant=leading,
            chemical=self._chemicals[main["chemical"]] if main else None,
            near=kilometres < self.known.rules["precision_far_km"],
            opened=(leading["first_year"] or 0) > self._national,
        )
        amount, near, weakness, distance = scored.parts[at].tolist()
        return {
            "kind": place.kind,
            "place": place.place,
            "name": place.name,
            "states": ",".join(sorted({row["state"] for row in members if row["state"]})),
            "facilities": json.dumps([row["facility_id"] for row in members]),
            "rank": int(scored.rank[at]),
            "score": float(scored.score[at]),
            "amount": amount,
            "near": near,
            "weakness": weakness,
            "distance": distance,
            "people": people,
            "monitor_km": kilometres,
            "pollutant": pollutant,
            "chemical": main["chemical"] if main else None,
            "unknown": json.dumps(self._unknown(members)),
            "how": asked.how,
            "gap": gap(asked),
            "close": close(asked),
            "stays_in_top20": float(scored.stays[at]),
            "rank_low": int(scored.low[at]),
            "rank_high": int(scored.high[at]),
            "sources": self._sources(leading["facility_id"], main),
        }

    def _leading(self, members: list[Row], pollutant: str) -> Row:
        """The plant of a place that releases most of the pollutant times the weakness of its method."""

        def pull(row: Row) -> float:
            way = self._ways[row["facility_id"], pollutant]
            return float((way["amount"] or 0.0) * (way["weakness"] or 0.0))

        return max(members, key=pull)

    def _unknown(self, members: list[Row]) -> list[str]:
        """The watched pollutants of which no plant of a place has a figure in hand."""
        ways = [[self._ways[row["facility_id"], one] for row in members] for one in WATCHED]
        return [
            one
            for one, each in zip(WATCHED, ways, strict=True)
            if all(way["amount"] is None for way in each)
        ]

    def _sources(self, plant: str, main: Row | None) -> list[str]:
        return [f"facilities/{plant}", *(main["sources"] if main else [])]


@dataclass(frozen=True)
class Asked:
    """What a place asks for.

    `plant`: industry and route of the leading plant; `chemical`: the row of the chemical, where the
    pollutant is toxic air; `near`: an open monitoring site stands near; `opened`: after the newest year
    of the national toxics file.
    """

    pollutant: str
    how: str
    plant: Row
    chemical: Row | None
    near: bool
    opened: bool


def gap(asked: Asked) -> str:
    """The rule of reporting that left a gap: a name in data/reporting_rules.csv."""
    if asked.how == "monitored":
        return "site_near" if asked.near else "network"
    if asked.pollutant != WEIGHED:
        return "nei_methods"
    if asked.how == _NOTHING:  # it filed, with nothing to air; of the rest nothing is in hand
        return "nei_not_in_hand" if asked.plant["industry"] == "aluminum" else "nei_thresholds"
    if asked.how in _ABSENT:
        return "opened_later" if asked.opened else "tri_thresholds"
    return "tri_basis"


def close(asked: Asked) -> str:
    """What would close a gap: a name in data/reporting_rules.csv."""
    if asked.how == "monitored":
        return "site_pollutant" if asked.near else "ambient_monitor"
    if asked.pollutant != WEIGHED:
        return "stack_monitor"
    if asked.how in _ABSENT:
        return "newer_files"
    return _by_chemical(asked.plant, asked.chemical or {})


def _by_chemical(plant: Row, chemical: Row) -> str:
    """What would measure a chemical at a kind of plant."""
    kiln, measured = plant["industry"] == "cement", chemical.get("measured")
    if measured == "metal":
        return "stack_metals" if kiln else _of_metal(plant, chemical)
    if measured == "mercury" or chemical.get("chemical") == _HYDROCHLORIC:
        return "kiln_monitors" if kiln else "stack_test"
    if kiln or measured not in ("volatile", "semivolatile"):
        return "stack_test"
    if measured == "semivolatile":
        return "fenceline_pah"
    ovens = plant["industry"] == "met_coke" and chemical["chemical"] == _BENZENE
    return "fenceline_benzene" if ovens else "fenceline_volatile"


def _of_metal(plant: Row, chemical: Row) -> str:
    integrated = plant["industry"] == "iron_steel" and _INTEGRATED in (plant["route"] or "")
    ruled = integrated and chemical["element"] == _CHROMIUM
    return "fenceline_steel" if ruled else "fenceline_metals"
