"""Connecticut's two sets of counties.

Since 2022 its nine planning regions stand in for counties; the tracts of 2020, and every file that
lists them, still carry the eight counties of before. Each tract lies in one region.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

STATE: Final = "09"
_SCALE: Final = float(np.cos(np.radians(41.6)))  # a degree of longitude there, in degrees of latitude


def planning_regions(census: pl.DataFrame, outlines: Mapping[str, BaseGeometry]) -> pl.DataFrame:
    """The region of each tract of Connecticut: (tract, county_fips).

    `census`: (block_group, latitude, longitude, population); `outlines`: the regions by FIPS code, in
    degrees. A tract goes with the region that is nearest to the homes of most of its people.
    """
    here = census.filter(pl.col("block_group").str.starts_with(STATE)).sort("block_group")
    fips = np.array(sorted(outlines))
    nearest = fips[_distances(here, [outlines[code] for code in fips]).argmin(axis=0)]
    return (
        here.with_columns(pl.Series("county_fips", nearest, dtype=pl.String))
        .group_by(pl.col("block_group").str.head(11).alias("tract"), "county_fips")
        .agg(pl.col("population").sum())
        .sort("tract", "population", "county_fips", descending=[False, True, False])
        .group_by("tract", maintain_order=True)
        .agg(pl.col("county_fips").first())
    )


def _distances(places: pl.DataFrame, outlines: list[BaseGeometry]) -> NDArray[np.float64]:
    """Degrees of latitude from each outline (row) to each place (column), 0 inside."""
    points = shapely.points(places["longitude"].to_numpy() * _SCALE, places["latitude"].to_numpy())
    flat = [shapely.transform(outline, lambda xy: xy * [_SCALE, 1.0]) for outline in outlines]
    return np.array([shapely.distance(outline, points) for outline in flat])
