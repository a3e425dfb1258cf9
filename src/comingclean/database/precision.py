"""How well each number is known, where to monitor next, and whom to ask.

The last part of a build: it looks at what the others made.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from comingclean import proximity
from comingclean.database import decided
from comingclean.database.part import Ground, Made, as_json, with_lineage
from comingclean.errors import InputError
from comingclean.estimates import (
    monitor_candidates,
    monitor_places,
    monitor_words,
    precision,
    precision_rules,
)
from comingclean.estimates.findings import worded
from comingclean.estimates.monitor_next import Floats
from comingclean.estimates.monitor_places import Place
from comingclean.estimates.precision import Known
from comingclean.estimates.precision_shares import shares
from comingclean.model import ATTRIBUTE, FACILITY, QUANTITY, RESTATEMENT, VALUE, Table, conform
from comingclean.proximity.areas import read_areas
from comingclean.proximity.union import cover, total
from comingclean.tables.fenceline import COMMUNITY, NEAREST_MONITOR
from comingclean.tables.precision import (
    AGENCY,
    MONITOR_LEFT_OUT,
    MONITOR_NEXT,
    PLACES,
    PRECISION,
    PRECISION_SHARE,
    REPORTING_RULE,
)
from comingclean.tables.toxic import (
    AIR_EMISSION,
    AIR_PROCESS,
    CHEMICAL,
    TOXIC_FILING,
    TOXIC_RELEASE,
)
from comingclean.tables.toxic_checks import PROGRAM_PAIR

Row = dict[str, Any]
_LAYER: Final = "block_group.parquet"
_SEEN: Final = ["read", "quoted", "judgement"]
_LOOKED_AT: Final = (
    FACILITY,
    VALUE,
    TOXIC_RELEASE,
    TOXIC_FILING,
    AIR_EMISSION,
    AIR_PROCESS,
    CHEMICAL,
    PROGRAM_PAIR,
    RESTATEMENT,
    NEAREST_MONITOR,
    COMMUNITY,
    ATTRIBUTE,
    QUANTITY,
)


def make(ground: Ground, made: dict[Table, pl.DataFrame]) -> Made:
    """Findings and tables of precision. `made`: the tables that it looks at, as a build has them."""
    known = known_of(ground, made)
    rows = precision.rows(known)
    words = decided.toml(ground.data / "findings.toml")
    return Made(
        findings=worded(precision_rules.findings(known, rows), words),
        tables={
            PRECISION: rows.with_columns(as_json("sources")),
            PRECISION_SHARE: shares(rows, known.facility),
            MONITOR_NEXT: _monitor_next(ground, known, rows),
            MONITOR_LEFT_OUT: monitor_candidates.left_out(known).with_columns(as_json("sources")),
            REPORTING_RULE: _decided(ground, "reporting_rules", REPORTING_RULE),
            AGENCY: _decided(ground, "agencies", AGENCY),
        },
    )


def known_of(ground: Ground, made: dict[Table, pl.DataFrame]) -> Known:
    """What the estimates look at, from the tables that were made and the snapshot."""
    tables = {table.name: conform(made[table], table) for table in _LOOKED_AT}
    tiers = ground.of_plants(with_lineage(ground.raw("combustion_tier")))
    return Known(tiers=tiers, rules=ground.factors, **tables)


def _decided(ground: Ground, name: str, table: Table) -> pl.DataFrame:
    """A table decided by hand. Raises InputError for a row that does not hold."""
    path = ground.data / f"{name}.csv"
    frame = pl.read_csv(path, infer_schema=False)
    if set(frame.columns) != set(table.schema):
        raise InputError(f"its columns are not {', '.join(table.schema)}", "mend its head", file=path)
    wanted = [column.name for column in table.columns if column.required]
    wholes = [column.name for column in table.columns if column.type == "INTEGER"]
    numbers = frame.with_columns(pl.col(wholes).cast(pl.Int64, strict=False)) if wholes else frame
    bad = {
        "it lacks a value": pl.any_horizontal(pl.col(wanted).is_null()),
        "it stands there twice": pl.struct(table.key).is_duplicated(),
        "it was seen in no way that is known": ~pl.col("seen").is_in(_SEEN),
    }
    if "role" in frame.columns:
        bad["it is no gap and closes none"] = ~pl.col("role").is_in(["gap", "close"])
    lines = numbers.with_row_index("line", 2)
    for what, wrong in bad.items():
        for row in lines.filter(wrong.fill_null(True)).iter_rows(named=True):
            said = f"“{row[table.key[0]]}”: {what}"
            raise InputError(said, "correct the row", file=path, row=row["line"])
    return numbers


def _monitor_next(ground: Ground, known: Known, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `monitor_next`, each kind of place ranked for itself."""
    plants = monitor_candidates.candidates(known)
    released = monitor_places.releases(known, rows, plants)
    amount, weakness = monitor_places.matrices(released, plants)
    people = _people(ground, known, plants, monitor_places.places(plants))
    by, km = monitor_places.weights(known.rules), plants["monitor_km"].to_numpy()
    teller = monitor_words.Teller(known, plants, released)
    found: list[Row] = []
    for kind in PLACES:
        of_kind = [place for place in people if place.kind == kind]
        near = np.array([people[place] for place in of_kind])
        if of_kind:
            scored = monitor_places.ranked(of_kind, amount, weakness, near, km, by)
            found += teller.rows(of_kind, scored, near)
    frame = pl.DataFrame(found, schema=MONITOR_NEXT.schema | {"sources": pl.List(pl.String)})
    return frame.with_columns(as_json("sources"))


def _people(
    ground: Ground, known: Known, plants: pl.DataFrame, places: list[Place]
) -> dict[Place, float]:
    """People within three miles of any plant of each place, counted once."""
    alone = monitor_places.neighbours(known, plants)
    layer = proximity.build(read_areas(ground.snapshot / _LAYER))
    latitude, longitude = (plants[name].to_numpy() for name in ("latitude", "longitude"))
    several = {place.plants for place in places if len(place.plants) > 1}
    together = {members: _once(layer, latitude, longitude, members) for members in sorted(several)}
    return {place: together.get(place.plants, float(alone[place.plants[0]])) for place in places}


def _once(
    layer: proximity.Layer, latitude: Floats, longitude: Floats, members: tuple[int, ...]
) -> float:
    """People near any of several plants: what one circle holds is taken from the table community."""
    at = np.array(members)
    here, there = latitude[at], longitude[at]
    miles = monitor_places.REACH_MILES
    whole = cover(layer, here, there, np.arange(at.size), miles)
    return float(total(layer, here, there, miles, whole).population[0, 0])
