"""A person's own population layer: any Parquet or CSV of places and people, such as census blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.errors import InputError
from comingclean.proximity.columns import find, matching, numbers, separator
from comingclean.proximity.earth import Floats
from comingclean.proximity.layer import Kind, People
from comingclean.proximity.nearest import disc_radius

# Squares in which places are counted to tell how much ground each has: 0.02 degrees, 2.2 km.
_SQUARE: Final = 0.02
_METRES_PER_DEGREE: Final = 111_195.0
# Letters of a header that are looked at.
_HEADER: Final = 65_536
_NUMBERS: Final = ("lat", "lon", "population")


def read_people(file: Path, kind: Kind) -> People:
    """People of a Parquet or CSV file with columns of latitude, longitude and population.

    An id that is a whole number is kept. A column `radius_m` says how large each place is; without it
    areas take it from their neighbours' distance and points from their number around. Raises
    InputError that names the row of what cannot be used.
    """
    frame = _open(file)
    names = {wanted: find(wanted, frame.columns, file) for wanted in _NUMBERS}
    read = {wanted: numbers(frame[name]) for wanted, name in names.items()}
    _check(read, file)
    latitude, longitude = read["lat"], read["lon"]
    return People(
        kind=kind,
        latitude=latitude,
        longitude=longitude,
        population=read["population"].astype(np.int32),
        radius=_radius(frame, kind, latitude, longitude, file),
        identity=_identity(frame),
    )


def _open(file: Path) -> pl.DataFrame:
    try:
        if file.suffix.lower() == ".parquet":
            return pl.read_parquet(file)
        with file.open(encoding="utf-8-sig") as stream:
            between = separator(stream.readline(_HEADER))
        return pl.read_csv(file, separator=between, infer_schema_length=10_000)
    except (OSError, UnicodeError, pl.exceptions.PolarsError) as error:
        mend = "give a Parquet or CSV file of id, lat, lon, population"
        raise InputError("not a readable table of people", mend, file=file) from error


def _check(read: dict[str, Floats], file: Path) -> None:
    people = read["population"]
    limits = np.iinfo(np.int32)
    _refuse(~(np.abs(read["lat"]) <= 90), "no latitude in degrees", file)
    _refuse(~(np.abs(read["lon"]) <= 180), "no longitude in degrees", file)
    whole = (people >= 0) & (people <= limits.max) & (people == np.floor(people))
    _refuse(~whole, "no whole number of people", file)


def _refuse(bad: NDArray[np.bool_], what: str, file: Path) -> None:
    if bad.any():
        count, first = int(bad.sum()), int(np.argmax(bad))
        more = f" (nor in {count - 1:,} more rows)" if count > 1 else ""
        # In a CSV the first line is the header.
        row = first + (1 if file.suffix.lower() == ".parquet" else 2)
        raise InputError(what + more, "correct the rows or leave them out", file=file, row=row)


def _radius(frame: pl.DataFrame, kind: Kind, latitude: Floats, longitude: Floats, file: Path) -> Floats:
    given = matching("radius", frame.columns)
    if given:
        radius = numbers(frame[find("radius", frame.columns, file)])
        _refuse(~((radius >= 0) & (radius < 1e6)), "no radius in metres", file)
        return radius
    return disc_radius(latitude, longitude) if kind == "areas" else room(latitude, longitude)


def room(latitude: Floats, longitude: Floats) -> Floats:
    """Metres of radius of the ground that each point has for itself in its square, at most 1.25 km."""
    row = np.floor(latitude / _SQUARE).astype(np.int64)
    column = np.floor(longitude * np.cos(np.radians(row * _SQUARE)) / _SQUARE).astype(np.int64)
    _, square, count = np.unique(row * 100_000 + column, return_inverse=True, return_counts=True)
    side = _SQUARE * _METRES_PER_DEGREE
    radius: Floats = (side / np.sqrt(np.pi * count))[square]
    return radius


def _identity(frame: pl.DataFrame) -> NDArray[np.int64] | None:
    found = matching("id", frame.columns)
    whole = None if not found else frame[found[0]].cast(pl.Int64, strict=False)
    return None if whole is None or whole.null_count() else whole.to_numpy()
