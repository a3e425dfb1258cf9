"""The places that a person asks about, a CSV of them or one in the command line, and the radii."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.errors import InputError
from comingclean.proximity import cells
from comingclean.proximity.columns import find, matching, number, numbers
from comingclean.proximity.earth import Floats
from comingclean.proximity.place import MISSING, NOT_NUMBERS, OVER_THE_LIMIT, Verdict

# Radii as a person gives them: “1,3,5”, a number, or several.
Miles = str | float | Iterable[float]
# So many sites are computed. Rows beyond are in the answer, which says so; a file ten times as long is
# refused.
MOST: Final = 100_000
_REFUSED: Final = 10 * MOST
# Below a tenth of a mile a circle is smaller than a city block; above 50 miles it is no neighbourhood,
# and distances were only measured up to there.
LEAST_MILES: Final = 0.1
MOST_MILES: Final = 50.0
MOST_RADII: Final = 20
_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
_BEYOND: Final = Verdict(
    OVER_THE_LIMIT, f"only the first {MOST:,} sites are computed: put the others into another file"
)


@dataclass(frozen=True)
class Sites:
    """Places in the order they were given: id as text, degrees (nan where there are none), verdict.

    `numbered`: the ids are numbers of rows, because no column of the file is one of ids.
    """

    id: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    verdict: tuple[Verdict, ...]
    numbered: bool = False

    def __len__(self) -> int:
        """How many sites."""
        return len(self.id)


def read_where(where: str) -> Sites:
    """What a person names on the command line: “LAT,LON”, a CSV file, or “-” for a CSV piped in.

    Raises InputError when it is none of these.
    """
    if where == "-":
        return from_frame(_table(sys.stdin.buffer.read(cells.MOST_BYTES), None))
    return read_sites(Path(where)) if names_a_file(where) else one_site(where)


def names_a_file(where: str) -> bool:
    """Whether a text is a file of places, even one that is not there."""
    try:
        return Path(where).suffix.lower() in _SUFFIXES or Path(where).is_file()
    except OSError:  # longer than a name can be
        return False


def read_sites(file: Path) -> Sites:
    """The sites of a CSV with columns of id, latitude and longitude, one a row.

    Other names are understood, and without an id the row's number is one. A row that cannot be used
    has its verdict, and so has every row after the 100,000th. Raises InputError for a file that is no
    such CSV, or has more than a million rows.
    """
    return from_frame(_table(cells.read(file), file), file)


def from_frame(frame: pl.DataFrame, file: Path | None = None) -> Sites:
    """The sites of a table with columns of id, latitude and longitude. Raises InputError as above."""
    if frame.height > _REFUSED:
        mend = f"cut it into parts of {MOST:,}"
        raise InputError(f"more than {_REFUSED:,} sites", mend, file=file)
    written = [_text(frame, find(name, frame.columns, file)) for name in ("lat", "lon")]
    named = bool(matching("id", frame.columns))
    ids = _text(frame, find("id", frame.columns, file)) if named else _numbered(frame.height)
    verdict = [*map(_verdict, *(column[:MOST].to_list() for column in written))]
    verdict += [_BEYOND] * (frame.height - MOST)
    latitude, longitude = (numbers(column) for column in written)
    return Sites(tuple(ids.to_list()), latitude, longitude, tuple(verdict), numbered=not named)


def one_site(text: str, name: str | None = None) -> Sites:
    """The one site of “LAT,LON”, whose id is `name` or the text. Raises InputError for other texts."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or any(number(part) is None for part in parts):
        raise InputError(f"“{text}” is no place", "write it as 41.61,-87.33, or name a CSV file")
    frame = pl.DataFrame({"id": [name or text], "lat": parts[:1], "lon": parts[1:]})
    return from_frame(frame)


def read_miles(miles: Miles) -> Floats:
    """Radii in miles from “1,3,5”, one number or several, in that order and each once.

    One that is too small or too large is kept: `near` says so in its rows. Raises InputError for what
    is no number, and for none or more than 20.
    """
    parts = miles.split(",") if isinstance(miles, str) else _several(miles)
    values = [number(str(part).strip()) for part in parts]
    known = [value for value in values if value is not None and not np.isnan(value)]
    if len(known) < len(values):
        mend = f"give miles from {LEAST_MILES:g} to {MOST_MILES:g}, such as 1,3,5"
        raise InputError(f"a radius of “{miles}” miles", mend)
    if not 1 <= len(known) <= MOST_RADII:
        raise InputError(f"{len(known)} radii", f"give 1 to {MOST_RADII}, such as 1,3,5")
    return np.array(list(dict.fromkeys(known)), dtype=np.float64)


def _several(miles: float | Iterable[float]) -> list[float]:
    return [*miles] if isinstance(miles, Iterable) else [miles]


def usable_miles(text: Miles) -> Floats:
    """As `read_miles`, for one place: raises InputError for a radius that cannot be computed too."""
    miles = read_miles(text)
    for mile in miles[~usable(miles)].tolist():
        mend = f"give miles from {LEAST_MILES:g} to {MOST_MILES:g}"
        raise InputError(f"a radius of {mile:g} miles", mend)
    return miles


def usable(miles: Floats) -> NDArray[np.bool_]:
    """Which radii in miles can be computed."""
    return (miles >= LEAST_MILES) & (miles <= MOST_MILES)


def _table(content: bytes, file: Path | None) -> pl.DataFrame:
    """The cells of a CSV as text. Raises InputError."""
    return cells.table(content, ("id", "lat", "lon"), _REFUSED + 1, file)


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name].cast(pl.String).fill_null("").str.strip_chars()


def _numbered(height: int) -> pl.Series:
    return pl.Series([str(number) for number in range(1, height + 1)], dtype=pl.String)


def _verdict(latitude: str, longitude: str) -> Verdict:
    if not latitude or not longitude:
        return Verdict(MISSING, "the latitude or the longitude is empty")
    if not (_is_number(latitude) and _is_number(longitude)):
        return Verdict(NOT_NUMBERS, f"“{latitude}”, “{longitude}” are not both degrees such as 41.61")
    return Verdict()


def _is_number(text: str) -> bool:
    value = number(text)
    return value is not None and not np.isnan(value)
