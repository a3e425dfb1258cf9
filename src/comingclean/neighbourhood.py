"""The people around any places: the population layer and the table of indicators, made one.

The layer knows where people are, the table who they are. Plants, a reader's own place and the random
homes that plants are held against are all looked at through this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from comingclean import paths, proximity
from comingclean.estimates import community, community_arrays, community_draws, equity
from comingclean.estimates.community_arrays import LEVELS, Ints, Pairs, Table
from comingclean.estimates.community_table import Indicators
from comingclean.proximity import People
from comingclean.proximity.areas import read_areas
from comingclean.proximity.earth import Floats

if TYPE_CHECKING:
    from comingclean.facilities.county import Counties

LAYER: Final = "block_group.parquet"
# A place's county is looked for among those of the people around it, nearer ones first.
_SEARCH_MILES: Final = (1.0, 5.0, 50.0)
_NEAR_KM: Final = 5.0
# The same draws every time: the same inputs give the same bytes.
_SEED: Final = 20260101


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """`people`: block groups in the order of their ids, as the rows of `table`; `layer`: their grid."""

    people: People
    layer: proximity.Layer
    table: Table
    parameters: Mapping[str, float]

    @classmethod
    def read(
        cls, snapshot: Path, words: pl.DataFrame, parameters: Mapping[str, float]
    ) -> Neighbourhood:
        """That of a snapshot. `words`: data/indicators.csv; `parameters`: by name, per cent as shares.

        Raises InputError when the snapshot is not whole.
        """
        people = read_areas(snapshot / LAYER)
        frames = (pl.read_parquet(snapshot / name) for name in (LAYER, "tract.parquet"))
        table = community_arrays.build(_indicators(*frames), words, parameters[community.LEAST_KNOWN])
        return cls(people, proximity.build(people), table, parameters)

    def pairs(self, latitude: Floats, longitude: Floats, miles: Floats) -> Pairs:
        """Which block groups each circle holds; a place's circles follow each other by radius."""
        found = proximity.pairs(self.layer, latitude, longitude, miles)
        row = self.layer.source[found.row].astype(np.int64)
        return Pairs(found.circle, row, found.share, found.circles)

    def county(self, latitude: float, longitude: float) -> dict[str, str] | None:
        """The county of a place in degrees: fips (of 2023), name, state; None where nobody lives."""
        # Geometry and outlines take half a second to load: only for a place that is asked for.
        from comingclean.facilities.county import STATE_FIPS

        outlines = _counties(paths.counties())
        far: dict[str, float] = {}
        for miles in _SEARCH_MILES:
            near = self.pairs(np.array([latitude]), np.array([longitude]), np.array([miles])).row
            areas = self.table.areas["county"]
            codes = {str(areas.codes[at]) for at in areas.of[near] if at >= 0} - set(far)
            far |= {code: outlines.distance_km(code, latitude, longitude) for code in sorted(codes)}
            if 0.0 in far.values():
                break  # who lives nearest may live across the river: only inside is inside
        fips = min(far, key=lambda code: far[code], default=None)
        if fips is None or far[fips] >= _NEAR_KM:
            return None
        state = next(name for name, code in STATE_FIPS.items() if code == fips[:2])
        return {"fips": fips, "name": outlines.name(fips), "state": state}

    def community(self, places: pl.DataFrame, miles: Floats) -> pl.DataFrame:
        """Rows of the table `community` for places: (facility_id, latitude, longitude, county_fips)."""
        latitude, longitude = (places[name].to_numpy() for name in ("latitude", "longitude"))
        counts = proximity.count(self.layer, latitude, longitude, miles)
        low, high = proximity.interval(counts, self.layer.kind)
        each = np.repeat(np.arange(places.height), miles.size)
        state = pl.col("county_fips").str.head(2).alias("state_fips")
        circles = places.select("facility_id", "county_fips", state)[each].with_columns(
            radius_miles=np.tile(miles, places.height), low=low.ravel(), high=high.ravel()
        )
        found = self.pairs(latitude, longitude, miles)
        return community.rows(self.table, found, circles, self.parameters)

    def equity(self, plants: pl.DataFrame, groups: pl.DataFrame, miles: float) -> pl.DataFrame:
        """Do the neighbours of groups of plants differ from people elsewhere? See `equity.compare`.

        `plants`: (latitude, longitude, county_fips); `groups`: (group, circle), the row of the plant.
        """
        county = self.table.areas["county"].find(plants["county_fips"])
        state = self.table.areas["state"].find(plants["county_fips"].str.head(2))
        areas = dict(zip(LEVELS, (county, state, np.zeros_like(county)), strict=True))
        homes = community_draws.random_homes(self.table, areas, _SEED)
        around = {
            level: community_draws.around(self.table, self._around(drawn.row, miles), level)
            for level, drawn in homes.items()
        }
        chance = equity.Chance(homes, around, _SEED)
        latitude, longitude = (plants[name].to_numpy() for name in ("latitude", "longitude"))
        found = self.pairs(latitude, longitude, np.array([miles]))
        return equity.compare(self.table, found, groups, chance, miles)

    def _around(self, row: Ints, miles: float) -> Pairs:
        """Circles around the centres of block groups."""
        return self.pairs(self.people.latitude[row], self.people.longitude[row], np.array([miles]))


@lru_cache(maxsize=1)
def _counties(file: Path) -> Counties:
    from comingclean.facilities.county import Counties

    return Counties.read(file)


def _indicators(block_groups: pl.DataFrame, tracts: pl.DataFrame) -> Indicators:
    name = pl.col("geoid").cast(pl.String).str.zfill(12).alias("block_group")
    facts = pl.exclude("geoid", "latitude_e6", "longitude_e6", "radius_dm")
    return Indicators(block_groups.select(name, facts), tracts)
