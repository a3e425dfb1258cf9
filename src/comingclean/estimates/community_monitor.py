"""The nearest open air-monitoring site to a place, by distance and direction.

Of a site it is known where it stands and that it is open, not what it measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pyproj import Geod

Floats = NDArray[np.float64]
_GEOD: Final = Geod(ellps="WGS84")
_METRES_PER_MILE: Final = 1609.344
_BATCH: Final = 1000
# The geodesic decides among this many that are nearest in a straight line through a round earth.
_CLOSE: Final = 4
DIRECTIONS: Final = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")
SCHEMA: Final[dict[str, Any]] = {
    "site": pl.String,
    "row": pl.Int64,
    "name": pl.String,
    "city": pl.String,
    "state": pl.String,
    "established": pl.Date,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
}


def open_sites(sites: pl.DataFrame) -> pl.DataFrame:
    """Of all sites those that are open and stand somewhere, in the columns of SCHEMA.

    Open: no day of closing, and set up by the day the list was taken. A site at 0, 0 has no place.
    """
    somewhere = (pl.col("latitude") != 0) | (pl.col("longitude") != 0)
    there = pl.all_horizontal(pl.col("latitude", "longitude").is_not_null()) & somewhere
    running = pl.col("closed").is_null() & (pl.col("established") <= pl.col("extracted"))
    return (
        sites.filter(there & running).select(pl.col(n).cast(k) for n, k in SCHEMA.items()).sort("site")
    )


def nearest(places: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """The nearest site of each place, one row a place, in order.

    `places`: (id, latitude, longitude) in degrees, each id once; `sites`: from `open_sites`. Returns
    (id, site, row, name, city, state, miles, kilometres, bearing, direction), null but for the id where
    a place has no coordinates or there is no site. `bearing`: degrees from north, clockwise, from the
    place to the site; `direction`: one of DIRECTIONS.
    """
    known = places.drop_nulls(["latitude", "longitude"])
    found = [_batch(part, sites) for part in _parts(known)] if sites.height else []
    columns = {"id": places.schema["id"], **_FOUND}
    frame = pl.concat([pl.DataFrame(schema=columns), *found])
    named = frame.join(sites.select("site", "row", "name", "city", "state"), on="site", validate="m:1")
    joined = places.select("id").join(named, on="id", how="left", validate="1:1", maintain_order="left")
    return joined.select("id", "site", "row", "name", "city", "state", *list(_FOUND)[1:])


_FOUND: Final[dict[str, Any]] = {
    "site": pl.String,
    "miles": pl.Float64,
    "kilometres": pl.Float64,
    "bearing": pl.Float64,
    "direction": pl.String,
}


def _parts(places: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for first in range(0, places.height, _BATCH):
        yield places[first : first + _BATCH]


def _batch(places: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    close = min(_CLOSE, sites.height)
    nearness = _on_a_ball(places) @ _on_a_ball(sites).T
    candidates = np.argpartition(-nearness, close - 1, axis=1)[:, :close]
    candidates.sort(axis=1)  # of two sites just as near, the first by number
    azimuth, metres = _geodesic(places, sites, candidates)
    best = np.arange(places.height), metres.argmin(axis=1)
    bearing = azimuth[best] % 360
    sector = np.round(bearing / 45).astype(int) % 8
    return pl.DataFrame(
        {
            "id": places["id"],
            "site": sites["site"].gather(candidates[best]),
            "miles": metres[best] / _METRES_PER_MILE,
            "kilometres": metres[best] / 1000,
            "bearing": bearing,
            "direction": [DIRECTIONS[number] for number in sector],
        },
        schema={"id": places.schema["id"], **_FOUND},
    )


def _on_a_ball(places: pl.DataFrame) -> Floats:
    phi, turn = (np.radians(places[name].to_numpy()) for name in ("latitude", "longitude"))
    across = np.cos(phi)
    return np.stack([across * np.cos(turn), across * np.sin(turn), np.sin(phi)], axis=1)


def _geodesic(
    places: pl.DataFrame, sites: pl.DataFrame, candidates: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Azimuth in degrees and metres from each place to each of its candidates."""
    times = candidates.shape[1]
    east, north = (np.repeat(places[name].to_numpy(), times) for name in ("longitude", "latitude"))
    to_east, to_north = (sites[n].to_numpy()[candidates.ravel()] for n in ("longitude", "latitude"))
    azimuth, _, metres = _GEOD.inv(east, north, to_east, to_north)
    return np.reshape(azimuth, candidates.shape), np.reshape(metres, candidates.shape)
