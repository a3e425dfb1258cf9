"""The layer that the package ships: the block groups of 2020, as one small table.

Places in millionths of a degree and radii in tenths of a metre: whole numbers, which take half the
space of the same numbers with a point.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from comingclean.errors import InputError
from comingclean.proximity.layer import People
from comingclean.proximity.nearest import disc_radius

_DEGREE: Final = 1_000_000
_DECIMETRE: Final = 10
_COLUMNS: Final = ("geoid", "latitude_e6", "longitude_e6", "population", "radius_dm")


def compile_areas(block_groups: pl.DataFrame) -> pl.DataFrame:
    """The table that is shipped, one row a block group in the order of their ids.

    `block_groups`: (block_group, latitude, longitude, population) as `sources.census` reads them, in
    degrees and people. Gives (geoid, the id as a number; latitude_e6 and longitude_e6, millionths of a
    degree; population; radius_dm, decimetres of the disc that stands for the block group).
    """
    frame = block_groups.sort("block_group")
    radius = disc_radius(frame["latitude"].to_numpy(), frame["longitude"].to_numpy())
    return frame.select(
        pl.col("block_group").cast(pl.Int64).alias("geoid"),
        (pl.col("latitude") * _DEGREE).round().cast(pl.Int32).alias("latitude_e6"),
        (pl.col("longitude") * _DEGREE).round().cast(pl.Int32).alias("longitude_e6"),
        pl.col("population").cast(pl.Int32),
        pl.Series("radius_dm", np.rint(radius * _DECIMETRE).astype(np.int32)),
    )


def read_areas(file: Path) -> People:
    """The people of the shipped table. Raises InputError for another file, or a damaged one."""
    try:
        frame = pl.read_parquet(file, columns=list(_COLUMNS))
    except (OSError, pl.exceptions.PolarsError) as error:
        mend = "install the package again, or compile the snapshot again"
        raise InputError("not a readable layer of block groups", mend, file=file) from error
    return People(
        kind="areas",
        latitude=frame["latitude_e6"].to_numpy() / _DEGREE,
        longitude=frame["longitude_e6"].to_numpy() / _DEGREE,
        population=frame["population"].to_numpy(),
        radius=frame["radius_dm"].to_numpy() / _DECIMETRE,
        identity=frame["geoid"].to_numpy(),
    )
