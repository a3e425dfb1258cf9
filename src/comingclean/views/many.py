"""Many places at once: who lives near any of some plants, and who they are near each of many places."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.views import query
from comingclean.views.around import MILES, neighbourhood

Row = dict[str, Any]
_POPULATION: Final = "population"


def together(
    connection: sqlite3.Connection, plants: Sequence[str], radii: Sequence[float] = MILES
) -> Row | None:
    """Everyone within each of `radii` miles of any of the plants, counted once, and who they are.

    `community` has the rows of that table for all plants together, those of the population with `sum`,
    which counts a person near two plants twice; `plants` those that have coordinates, `unplaced` the
    others. None where a plant is not of the atlas, or none is given.
    """
    known = {row["facility_id"]: row for row in query.plants(connection)}
    asked = [known.get(name) for name in dict.fromkeys(plants)]
    named = [row for row in asked if row is not None]
    if not named or len(named) < len(asked):
        return None
    placed = [row for row in named if row["latitude"] is not None]
    unplaced = [row for row in named if row["latitude"] is None]
    found = {"plants": placed, "unplaced": unplaced, "community": []}
    return found | {"community": _rows(connection, placed, radii)} if placed else found


def _rows(connection: sqlite3.Connection, plants: list[Row], radii: Sequence[float]) -> list[Row]:
    people, miles = neighbourhood(connection), np.array(radii)
    latitude, longitude = (
        np.array([row[name] for row in plants]) for name in ("latitude", "longitude")
    )
    alone = people.people_near(latitude, longitude, miles).sum(axis=0)
    sums = dict(zip(radii, alone.tolist(), strict=True))
    rows = people.together(latitude, longitude, miles).drop("facility_id").to_dicts()
    return [
        row | {"sum": sums[row["radius_miles"]]} if row["indicator"] == _POPULATION else row
        for row in rows
    ]


def with_indicators(
    connection: sqlite3.Connection,
    found: pl.DataFrame,
    latitude: NDArray[np.float64],
    longitude: NDArray[np.float64],
) -> pl.DataFrame:
    """An answer of the engine, site by site, with columns for every indicator.

    They are empty where nobody could be counted.
    """
    if not found.height:
        return found
    here = found["population"].is_not_null().to_numpy().reshape(latitude.size, -1)
    sites, radii = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
    miles = found["miles"].to_numpy()[: here.shape[1]]
    people = neighbourhood(connection)
    wide = people.indicators(latitude[sites], longitude[sites], miles[radii])
    at = (sites[:, None] * here.shape[1] + radii).ravel()
    rows = found.with_row_index("at")
    numbered = wide.with_columns(pl.Series("at", at, dtype=rows.schema["at"]))
    return rows.join(numbered, on="at", how="left", maintain_order="left", validate="1:1").drop("at")
