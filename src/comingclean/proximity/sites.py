"""The places that a person asks about, a CSV of them or one in the command line, and the radii."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.errors import InputError
from comingclean.proximity.columns import find, matching
from comingclean.proximity.earth import Floats
from comingclean.proximity.place import MISSING, NOT_NUMBERS, OVER_THE_LIMIT, Verdict

# So many sites are computed. Rows beyond are in the answer, which says so; a file ten times as long is
# refused.
MOST: Final = 100_000
_REFUSED: Final = 10 * MOST
# Below a tenth of a mile a circle is smaller than a city block; above 50 miles it is no neighbourhood,
# and distances were only measured up to there.
LEAST_MILES: Final = 0.1
MOST_MILES: Final = 50.0
MOST_RADII: Final = 20
_BEYOND: Final = Verdict(
    OVER_THE_LIMIT, f"only the first {MOST:,} sites are computed: put the others into another file"
)


@dataclass(frozen=True)
class Sites:
    """Places in the order they were given: id as text, degrees (nan where there are none), verdict."""

    id: tuple[str, ...]
    latitude: Floats
    longitude: Floats
    verdict: tuple[Verdict, ...]

    def __len__(self) -> int:
        """How many sites."""
        return len(self.id)


def read_where(where: str) -> Sites:
    """What a person names on the command line: “LAT,LON”, a CSV file, or “-” for a CSV piped in.

    Raises InputError when it is none of these.
    """
    if where == "-":
        return from_frame(_table(sys.stdin.buffer.read(), None))
    return read_sites(Path(where)) if names_a_file(where) else one_site(where)


def names_a_file(where: str) -> bool:
    """Whether a text is a file of places, even one that is not there."""
    return Path(where).suffix.lower() in {".csv", ".tsv", ".txt"} or Path(where).is_file()


def read_sites(file: Path) -> Sites:
    """The sites of a CSV with columns of id, latitude and longitude, one a row.

    Other names are understood, and without an id the row's number is one. A row that cannot be used
    has its verdict, and so has every row after the 100,000th. Raises InputError for a file that is no
    such CSV, or has more than a million rows.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", "check the path", file=file) from error
    return from_frame(_table(content, file), file)


def from_frame(frame: pl.DataFrame, file: Path | None = None) -> Sites:
    """The sites of a table with columns of id, latitude and longitude. Raises InputError as above."""
    if frame.height > _REFUSED:
        mend = f"cut it into parts of {MOST:,}"
        raise InputError(f"more than {_REFUSED:,} sites", mend, file=file)
    latitude = _text(frame, find("lat", frame.columns, file))
    longitude = _text(frame, find("lon", frame.columns, file))
    named = matching("id", frame.columns)
    ids = _text(frame, find("id", frame.columns, file)) if named else _numbered(frame.height)
    verdict = [*map(_verdict, latitude[:MOST].to_list(), longitude[:MOST].to_list())]
    verdict += [_BEYOND] * (frame.height - MOST)
    return Sites(tuple(ids.to_list()), _degrees(latitude), _degrees(longitude), tuple(verdict))


def one_site(text: str) -> Sites:
    """The one site of “LAT,LON”. Raises InputError for anything else."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != 2 or any(_number(part) is None for part in parts):
        raise InputError(f"“{text}” is no place", "write it as 41.61,-87.33, or name a CSV file")
    frame = pl.DataFrame({"id": [text], "lat": parts[:1], "lon": parts[1:]})
    return from_frame(frame)


def read_miles(text: str) -> Floats:
    """Radii in miles from “1,3,5”, in that order and each once.

    One that is too small or too large is kept: `near` says so in its rows. Raises InputError for what
    is no number, and for more than 20.
    """
    values = [_number(part.strip()) for part in text.split(",")]
    miles = [value for value in values if value is not None and not np.isnan(value)]
    if len(miles) < len(values):
        mend = f"give miles from {LEAST_MILES:g} to {MOST_MILES:g}, such as 1,3,5"
        raise InputError(f"a radius of “{text}” miles", mend)
    if len(miles) > MOST_RADII:
        raise InputError(f"{len(miles)} radii", f"give 1 to {MOST_RADII}, such as 1,3,5")
    return np.array(list(dict.fromkeys(miles)), dtype=np.float64)


def usable_miles(text: str) -> Floats:
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
    try:
        lines = [line for line in _decoded(content).splitlines() if line.strip()]
        separator = max(",;\t", key=lines[0].count) if lines else ","
        return pl.read_csv(
            "\n".join(lines).encode(), separator=separator, infer_schema=False, n_rows=_REFUSED + 1,
            truncate_ragged_lines=True,
        )  # fmt: skip
    except (pl.exceptions.PolarsError, UnicodeError) as error:
        mend = "give a CSV with the columns id,lat,lon"
        raise InputError("not a readable CSV", mend, file=file) from error


def _decoded(content: bytes) -> str:
    """The text of a file in UTF-8, in UTF-16 as spreadsheets save it, or in Windows' code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _text(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name].cast(pl.String).fill_null("").str.strip_chars()


def _numbered(height: int) -> pl.Series:
    return pl.Series([str(number) for number in range(1, height + 1)], dtype=pl.String)


def _degrees(text: pl.Series) -> Floats:
    return text.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _verdict(latitude: str, longitude: str) -> Verdict:
    if not latitude or not longitude:
        return Verdict(MISSING, "the latitude or the longitude is empty")
    if not (_is_number(latitude) and _is_number(longitude)):
        return Verdict(NOT_NUMBERS, f"“{latitude}”, “{longitude}” are not both degrees such as 41.61")
    return Verdict()


def _is_number(text: str) -> bool:
    number = _number(text)
    return number is not None and not np.isnan(number)
