"""How often the test of equity calls something unlikely that is chance alone: its true size at 5 %.

Sets of random homes take the place of the plants of 2020, each home in its plant's own county, state or
the country, and the same test is asked of each set. docs/community.md has what this prints.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from comingclean import paths, verbs
from comingclean.database import decided
from comingclean.estimates import community_draws, equity
from comingclean.estimates.community_arrays import LEVELS, Ints
from comingclean.estimates.community_draws import Around, Homes
from comingclean.neighbourhood import Neighbourhood

_UNLIKELY = 0.05
_SEED = 7


def main() -> None:
    """Print the size at every level for each radius."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=100)
    parser.add_argument("--miles", type=float, nargs="+", default=[1.0, 3.0])
    parser.add_argument("--database", type=Path)
    asked = parser.parse_args()
    people = _people()
    plants = _plants(asked.database)
    print("| miles | level | called unlikely, of 100 | least and most of the indicators | overlap |")
    for miles in asked.miles:
        for level in LEVELS:
            print(_line(people, plants, miles, level, asked.sets), flush=True)


def _people() -> Neighbourhood:
    data = paths.data()
    factors = decided.factors(decided.parameters(data))
    return Neighbourhood.read(paths.snapshot(), decided.indicators(data), factors)


def _plants(database: Path | None) -> pl.DataFrame:
    of = verbs.table("facility", database)
    return of.filter(pl.col("reference_2020") == 1, pl.col("latitude").is_not_null())


@dataclass(frozen=True)
class _Trial:
    """What all sets of one level and radius share. `areas`: of the plants, as `Neighbourhood.areas`."""

    people: Neighbourhood
    areas: dict[str, Ints]
    homes: Homes
    around: Around
    level: str
    miles: float


def _line(people: Neighbourhood, plants: pl.DataFrame, miles: float, level: str, sets: int) -> str:
    areas = people.areas(plants)
    homes = community_draws.random_homes(people.table, areas, _SEED)[level]
    around = people.around_homes(homes, level, np.zeros(0), np.zeros(0), miles)
    trial = _Trial(people, areas, homes, around, level, miles)
    draw = np.random.default_rng(_SEED)
    found = [_set(trial, draw) for _ in range(sets)]
    called = 100 * (np.array([p for p, _ in found]) < _UNLIKELY).mean(axis=0)
    overlap = np.mean([share for _, share in found])
    ends = f"{called.min():.0f} to {called.max():.0f}"
    return f"| {miles:g} | {level} | {called.mean():.1f} | {ends} | {overlap:.0f} % |"


def _set(trial: _Trial, draw: np.random.Generator) -> tuple[list[float], float]:
    """p of every indicator for one set of random homes, and of 100 stand-ins how many overlap it."""
    people, homes, miles = trial.people, trial.homes, trial.miles
    seed = int(draw.integers(2**31))
    fresh = community_draws.random_homes(people.table, trial.areas, seed)[trial.level]
    pick = draw.integers(fresh.pool.shape[1], size=fresh.area.size)
    row = fresh.row[fresh.pool[fresh.area, pick]]
    latitude, longitude = people.people.latitude[row], people.people.longitude[row]
    meets = people.meets(homes.row, latitude, longitude, miles)
    around = Around(trial.around.people, trial.around.excess, meets)
    chance = equity.Chance({trial.level: homes}, {trial.level: around}, seed)
    group = pl.DataFrame({"group": ["all"] * row.size, "circle": np.arange(row.size)})
    pairs = people.pairs(latitude, longitude, np.array([miles]))
    rows = equity.compare(people.table, pairs, group, chance, miles, least_people=0.0)
    return rows["p"].to_list(), float(rows["overlap"][0])


if __name__ == "__main__":
    main()
