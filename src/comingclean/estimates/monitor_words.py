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
_INTEGRATED: Final = "BF"  # blast furnaces, in the name of a route


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
    _chemicals: dict[str, Row] = field(init=False)

    def __post_init__(self) -> None:
        """Look up once what every place asks for."""
        ways = {(r["facility_id"], r["subject"]): r for r in self.released.iter_rows(named=True)}
        object.__setattr__(self, "_rows", list(self.plants.iter_rows(named=True)))
        object.__setattr__(self, "_ways", ways)
        object.__setattr__(self, "_chemicals", main_chemicals(self.known))

    def rows(self, places: list[Place], scored: Scores, people: np.ndarray[Any, Any]) -> list[Row]:
        """A row for each place, in their order; `sources` as lists."""
        return [self._row(place, at, scored, float(people[at])) for at, place in enumerate(places)]

    def _row(self, place: Place, at: int, scored: Scores, people: float) -> Row:
        members = [self._rows[number] for number in place.plants]
        pollutant = WATCHED[int(scored.pollutant[at])]
        leading = self._leading(members, pollutant)
        way = self._ways[leading["facility_id"], pollutant]
        toxic = self._chemicals.get(leading["facility_id"]) if pollutant == WEIGHED else None
        how = toxic["how"] if toxic else way["how"]
        amount, near, weakness, distance = scored.parts[at].tolist()
        return {
            "kind": place.kind,
            "place": place.place,
            "name": place.name,
            "states": ",".join(sorted({row["state"] for row in members})),
            "facilities": json.dumps([row["facility_id"] for row in members]),
            "rank": int(scored.rank[at]),
            "score": float(scored.score[at]),
            "amount": amount,
            "near": near,
            "weakness": weakness,
            "distance": distance,
            "people": people,
            "monitor_km": min(row["monitor_km"] for row in members),
            "pollutant": pollutant,
            "chemical": toxic["chemical"] if toxic else None,
            "how": how,
            "gap": gap(pollutant, how),
            "close": close(pollutant, how, leading, toxic),
            "stays_in_top20": float(scored.stays[at]),
            "rank_low": int(scored.low[at]),
            "rank_high": int(scored.high[at]),
            "sources": self._sources(leading["facility_id"], toxic),
        }

    def _leading(self, members: list[Row], pollutant: str) -> Row:
        """The plant of a place that releases most of the pollutant times the weakness of its method."""

        def pull(row: Row) -> float:
            way = self._ways[row["facility_id"], pollutant]
            return float((way["amount"] or 0.0) * way["weakness"])

        return max(members, key=pull)

    def _sources(self, plant: str, toxic: Row | None) -> list[str]:
        return [f"facilities/{plant}", *(toxic["sources"] if toxic else [])]


def gap(pollutant: str, how: str) -> str:
    """The rule of reporting that left a gap: a name in data/reporting_rules.csv."""
    if how == "monitored":
        return "network"
    if pollutant == WEIGHED:
        return "tri_thresholds" if how == "not_reported" else "tri_basis"
    return {"not_in_hand": "nei_not_in_hand", "not_reported": "nei_thresholds"}.get(how, "nei_methods")


def close(pollutant: str, how: str, plant: Row, toxic: Row | None) -> str:
    """What would close a gap: a name in data/reporting_rules.csv.

    `plant`: industry and route; `toxic`: the chemical, where the pollutant is toxic air.
    """
    if how == "monitored":
        return "ambient_monitor"
    if pollutant != WEIGHED:
        return "file_in_hand" if how == "not_in_hand" else "stack_monitor"
    if how == "not_reported":
        return "newer_files"
    if plant["industry"] == "met_coke" or (toxic and toxic["chemical"] == _BENZENE):
        return "fenceline_benzene"
    if plant["industry"] == "cement":
        return "kiln_monitors"
    integrated = plant["industry"] == "iron_steel" and _INTEGRATED in (plant["route"] or "")
    return "fenceline_steel" if integrated else "fenceline_other"
