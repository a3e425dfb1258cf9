"""Census 2020 by block group: where people live, how many, how many are 18 and over, and their race.

The shares are of residents 18 and over, and they are adjusted: whoever answered “some other race” was
shared out over the other groups. Hispanic is of any race, the others are not Hispanic; Pacific
Islanders are not apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "census"
_MEND: Final = "correct the cell or fetch the file again"
_MISSING: Final = -999.0

COLUMNS: Final = {
    "latitude": "lat",
    "longitude": "lon",
    "population": "pop2020",
    "adults": "pop18",
}
SHARES: Final = {
    "white": "s18_white",
    "black": "s18_black",
    "native": "s18_native",
    "asian": "s18_asian",
    "multiple": "s18_multiple",
    "hispanic": "s18_hispanic",
}
_ID: Final = "bgfips"
_STATE: Final = "ST"
_LIMITS: Final = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "population": (0.0, 1e6),
    "adults": (0.0, 1e6),
    **dict.fromkeys(SHARES, (0.0, 100.0)),
}


def read(path: Path) -> pl.DataFrame:
    """One row a block group: (block_group, row, state, latitude, longitude, population, adults, …).

    `block_group` has twelve digits, `state` two letters; the centre of population is in degrees;
    `adults` are residents 18 and over, and white to hispanic their adjusted shares in per cent,
    empty where nobody lives. Raises InputError naming file, row and mend.
    """
    frame = sheet.read_parquet(path, [_ID, _STATE, *COLUMNS.values(), *SHARES.values()])
    named = identified(frame, _ID, "block_group", 12, path)
    found = filled(named, COLUMNS | SHARES, path).with_columns(pl.col(*SHARES) * 100)
    within(found, _LIMITS, path)
    _counted(found, path)
    people = pl.col("population", "adults").cast(pl.Int64)
    named_state = pl.col(_STATE).alias("state")
    return found.with_columns(people, named_state).select("block_group", ROW, "state", *_LIMITS)


def _counted(frame: pl.DataFrame, path: Path) -> None:
    """Refuse a block group without place or people, or with more adults than people."""
    lost = frame.filter(pl.any_horizontal(pl.col(*COLUMNS).is_null()))
    if lost.height:
        raise InputError("has no place or no count of people", _MEND, file=path, row=lost[ROW][0])
    odd = frame.filter(pl.col("adults") > pl.col("population"))
    if odd.height:
        what = "has more residents 18 and over than residents"
        raise InputError(what, _MEND, file=path, row=odd[ROW][0])


def identified(frame: pl.DataFrame, column: str, name: str, digits: int, path: Path) -> pl.DataFrame:
    """`frame` with the ids in `column` as text under `name`.

    Raises InputError for an id that has not that many digits, or that stands twice.
    """
    named = frame.with_columns(pl.col(column).cast(pl.String).alias(name))
    bad = named.filter(~pl.col(name).str.contains(rf"^\d{{{digits}}}$").fill_null(False))
    if bad.height:
        what = f"“{bad[name][0] or ''}” is not an id of {digits} digits, in the column “{column}”"
        raise InputError(what, _MEND, file=path, row=bad[ROW][0])
    twice = named.filter(~pl.col(name).is_first_distinct())
    if twice.height:
        what = f"{twice[name][0]} stands twice"
        raise InputError(what, "remove one of its rows", file=path, row=twice[ROW][0])
    return named


def filled(frame: pl.DataFrame, columns: Mapping[str, str], path: Path) -> pl.DataFrame:
    """`frame` with numbers under our names; -999, blanks and what is no number on purpose are null.

    Raises InputError naming row and text where a cell holds anything else.
    """
    numbers = {name: _numbers(frame, column, path) for name, column in columns.items()}
    known = [pl.when(values != _MISSING).then(values).alias(n) for n, values in numbers.items()]
    return frame.with_columns(known)


def _numbers(frame: pl.DataFrame, column: str, path: Path) -> pl.Series:
    given = frame[column]
    if given.dtype != pl.String:
        return given.cast(pl.Float64, strict=False).fill_nan(None)
    text = given.str.strip_chars()
    values = text.cast(pl.Float64, strict=False).fill_nan(None)
    bad = (values.is_null() & ~text.is_in(["", "NaN"])).arg_true()
    if bad.len():
        what = f"“{text[bad[0]]}” is not a number, in the column “{column}”"
        raise InputError(what, _MEND, file=path, row=frame[ROW][bad[0]])
    return values


def within(frame: pl.DataFrame, limits: Mapping[str, tuple[float, float]], path: Path) -> None:
    """Raise InputError for a number outside of what its column can hold."""
    for name, (low, high) in limits.items():
        bad = frame.filter(~pl.col(name).is_between(low - 1e-6, high + 1e-6))
        if bad.height:
            what = f"{bad[name][0]:,g} is no possible {name} (it goes from {low:,g} to {high:,g})"
            raise InputError(what, _MEND, file=path, row=bad[ROW][0])
