"""The people around any places: the population layer and the table of indicators, made one.

The layer knows where people are, the table who they are. Plants, a reader's own place and the random
homes that plants are held against are all looked at through this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from comingclean import paths, proximity
from comingclean.estimates import (
    community,
    community_arrays,
    community_draws,
    community_table,
    equity,
)
from comingclean.estimates.community_arrays import LEVELS, Ints, Pairs, Table
from comingclean.estimates.community_draws import Around, Homes, Yes
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
# What all places together go by where one has its id.
TOGETHER: Final = "together"
# More digits than any source has.
_DIGITS: Final = 6
_CIRCLE: Final = ("facility_id", "radius_miles")
# Places whose indicators are held at a time, and what is told of each, by the end of a column's name.
_AT_A_TIME: Final = 2_000
_WIDE: Final = {
    "value": "",
    "low": "_low",
    "high": "_high",
    "ratio": "_ratio",
    "percentile": "_percentile",
}
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
        # Of the whole country, as the layer that is opened for any place.
        layer = replace(proximity.build(people), origin=proximity.SHIPPED)
        return cls(people, layer, table, parameters)

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
        by = proximity.Reach.of(self.parameters)
        low, high = proximity.interval(counts, self.layer.kind, by)
        each = np.repeat(np.arange(places.height), miles.size)
        state = pl.col("county_fips").str.head(2).alias("state_fips")
        abroad = proximity.countries_reached(latitude, longitude, miles).ravel().tolist()
        circles = places.select("facility_id", "county_fips", state)[each].with_columns(
            pl.Series("abroad", abroad, dtype=pl.String),
            radius_miles=np.tile(miles, places.height),
            low=low.ravel(),
            high=high.ravel(),
        )
        found = self.pairs(latitude, longitude, miles)
        return community.rows(self.table, found, circles, self.parameters)

    def indicators(self, latitude: Floats, longitude: Floats, miles: Floats) -> pl.DataFrame:
        """Every indicator of every circle in columns of its own, one row a place and radius, in order.

        Of each: the mean, `_low` and `_high`, `_ratio` to the country and `_percentile`; empty where it
        is not known or too few people live.
        """
        starts = range(0, max(latitude.size, 1), _AT_A_TIME)
        some = [slice(start, start + _AT_A_TIME) for start in starts]
        return pl.concat(self._wide(latitude[part], longitude[part], miles) for part in some)

    def _wide(self, latitude: Floats, longitude: Floats, miles: Floats) -> pl.DataFrame:
        keys = [f"{at:06d}" for at in range(latitude.size)]
        at = {"latitude": latitude, "longitude": longitude}
        places = pl.DataFrame({"facility_id": pl.Series(keys, dtype=pl.String), **at})
        nowhere = pl.lit(None, pl.String).alias("county_fips")
        rows = self.community(places.with_columns(nowhere), miles)
        circles = {
            "facility_id": pl.Series([key for key in keys for _ in miles], dtype=pl.String),
            "radius_miles": np.tile(miles, len(keys)),
        }
        each = pl.DataFrame(circles)
        for name in self.table.names:
            columns = [pl.col(column).alias(name + end) for column, end in _WIDE.items()]
            own = rows.filter(pl.col("indicator") == name).select(*_CIRCLE, *columns)
            each = each.join(own, on=_CIRCLE, how="left", maintain_order="left", validate="1:1")
        return each.drop(_CIRCLE).with_columns(pl.all().round_sig_figs(_DIGITS))

    def shown(self, indicator: int, row: Ints) -> Floats:
        """An indicator of block groups one by one; NaN too of who lives in one with few people."""
        value: Floats = self.table.values[indicator][row]
        if community_table.REASON[self.table.sources[indicator]] == community_table.UNKNOWN:
            return value  # of the air, whoever breathes it
        few = self.table.population[row] < self.parameters[community.SPARSE]
        return np.where(few, np.nan, value)

    def people_near(self, latitude: Floats, longitude: Floats, miles: Floats) -> Floats:
        """How many people each circle holds, places by radii."""
        return proximity.count(self.layer, latitude, longitude, miles).population

    def together(self, latitude: Floats, longitude: Floats, miles: Floats) -> pl.DataFrame:
        """Rows of the table `community` for all places together, each person near them counted once."""
        found = [proximity.held(self.layer, latitude, longitude, mile) for mile in miles.tolist()]
        by = proximity.Reach.of(self.parameters)
        ends = [proximity.interval(each.counts, self.layer.kind, by) for each in found]
        low, high = (np.array([float(end[of][0, 0]) for end in ends]) for of in (0, 1))
        circle = np.repeat(np.arange(miles.size), [each.row.size for each in found])
        row = self.layer.source[np.concatenate([each.row for each in found])].astype(np.int64)
        share = np.concatenate([each.share for each in found])
        nowhere = [pl.lit(None, pl.String).alias(name) for name in ("county_fips", "state_fips")]
        abroad = proximity.countries_reached(latitude, longitude, miles)
        circles = pl.DataFrame({"radius_miles": miles, "low": low, "high": high})
        circles = circles.with_columns(
            pl.lit(TOGETHER).alias("facility_id"),
            pl.Series("abroad", [" ".join(sorted({*names} - {""})) for names in abroad.T]),
            *nowhere,
        )
        return community.rows(
            self.table, Pairs(circle, row, share, miles.size), circles, self.parameters
        )

    def equity(self, plants: pl.DataFrame, groups: pl.DataFrame, miles: float) -> pl.DataFrame:
        """Do the neighbours of groups of plants differ from people elsewhere? See `equity.compare`.

        `plants`: (latitude, longitude, county_fips); `groups`: (group, circle), the row of the plant.
        """
        latitude, longitude = (plants[name].to_numpy() for name in ("latitude", "longitude"))
        homes = community_draws.random_homes(self.table, self.areas(plants), _SEED)
        around = {
            level: self.around_homes(drawn, level, latitude, longitude, miles)
            for level, drawn in homes.items()
        }
        chance = equity.Chance(homes, around, _SEED)
        found = self.pairs(latitude, longitude, np.array([miles]))
        least = self.parameters[equity.LEAST_PEOPLE]
        return equity.compare(self.table, found, groups, chance, miles, least)

    def areas(self, plants: pl.DataFrame) -> dict[str, Ints]:
        """By level, the number of the area of each plant (county_fips), -1 where it is not known."""
        county = self.table.areas["county"].find(plants["county_fips"])
        state = self.table.areas["state"].find(plants["county_fips"].str.head(2))
        return dict(zip(LEVELS, (county, state, np.zeros_like(county)), strict=True))

    def around_homes(
        self, homes: Homes, level: str, latitude: Floats, longitude: Floats, miles: float
    ) -> Around:
        """What circles around homes hold, and which of them meet those around places in degrees."""
        row = homes.row
        degrees = self.people.latitude[row], self.people.longitude[row]
        pairs = self.pairs(*degrees, np.array([miles]))
        meets = self.meets(row, latitude, longitude, miles)
        return community_draws.around(self.table, pairs, level, meets)

    def meets(self, row: Ints, latitude: Floats, longitude: Floats, miles: float) -> Yes:
        """By block group (row) and place (column), whether circles around the two meet."""
        homes = np.stack(proximity.in_space(self.people.latitude[row], self.people.longitude[row]))
        places = np.stack(proximity.in_space(latitude, longitude))
        reach = (2 * miles * proximity.METRES_PER_MILE) ** 2
        met = np.empty((row.size, latitude.size), bool)
        for start in range(0, row.size, _AT_A_TIME):
            few = slice(start, start + _AT_A_TIME)
            both = (homes[:, few] ** 2).sum(axis=0)[:, None] + (places**2).sum(axis=0)
            met[few] = both - 2 * homes[:, few].T @ places < reach
        return met


@lru_cache(maxsize=1)
def _counties(file: Path) -> Counties:
    from comingclean.facilities.county import Counties

    return Counties.read(file)


def _indicators(block_groups: pl.DataFrame, tracts: pl.DataFrame) -> Indicators:
    name = pl.col("geoid").cast(pl.String).str.zfill(12).alias("block_group")
    facts = pl.exclude("geoid", "latitude_e6", "longitude_e6", "radius_dm")
    return Indicators(block_groups.select(name, facts), tracts)
