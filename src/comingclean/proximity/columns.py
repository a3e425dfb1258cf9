"""Finding the columns of a table that a person hands in, whatever they are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from comingclean.errors import InputError
from comingclean.proximity.earth import Floats

# Names in use for each column, likeliest first: ours, then those of the Census, of EPA's registry
# (LATITUDE83), of ECHO (FAC_LAT), of TRI, eGRID and maps in Spanish. A projected x and y may stand
# beside degrees, so they come last; so does a name beside an id.
NAMES: Final = {
    "id": (
        *("id", "siteid", "facilityid", "geoid", "geoid20", "bgfips", "blockid"),
        *("registryid", "frsid", "ghgrpid", "trifd", "trifid", "trifacilityid", "orispl", "pgmsysid"),
        *("site", "facility", "facilityname", "facname", "primaryname", "sitename", "name", "nombre"),
    ),
    "lat": (
        *("lat", "latitude", "latdd", "latdeg", "decimallatitude", "latitude83", "faclat"),
        *("intptlat", "intptlat20", "latitud", "ycoord", "y"),
    ),
    "lon": (
        *("lon", "lng", "long", "longitude", "londd", "londeg", "decimallongitude", "longitude83"),
        *("faclong", "faclon", "intptlon", "intptlon20", "longitud", "xcoord", "x"),
    ),
    "population": (
        *("population", "pop", "pop20", "pop2020", "pop100", "p1001n"),
        *("people", "totalpopulation", "poblacion"),
    ),
    "radius": ("radiusm", "radius"),
}
# Signs that stand for a minus, and a number with a decimal comma.
_MINUS: Final = "[\u2212\u2013]"
_COMMA: Final = r"^([+-]?\d+),(\d+)$"
_WORDS: Final = {"lat": "latitude", "lon": "longitude"}


def find(wanted: str, there: Sequence[str], file: Path | None = None) -> str:
    """The column of `there` that is called `wanted`, or else by the likeliest of the names in use.

    Raises InputError when there is none, or when two are called the same but for case and marks.
    """
    found = matching(wanted, there)
    word = _WORDS.get(wanted, wanted)
    if not found:
        names = ", ".join(f"“{name}”" for name in there) or "none"
        what, mend = f"no column of the {word} (there are {names})", f"name one of them “{wanted}”"
        raise InputError(what, mend, file=file, row=1)
    alike = [name for name in found if _plain(name) == _plain(found[0])]
    if len(alike) > 1 and wanted not in alike:
        both = " and ".join(f"“{name}”" for name in alike)
        what, mend = f"both {both} may be the {word}", f"name one of them “{wanted}”"
        raise InputError(what, mend, file=file, row=1)
    return wanted if wanted in alike else found[0]


def matching(wanted: str, there: Sequence[str]) -> list[str]:
    """The columns of `there` that are called `wanted` or alike, likeliest first."""
    known = NAMES[wanted]
    named = [name for name in there if _plain(name) in known]
    return sorted(named, key=lambda name: known.index(_plain(name)))


def separator(header: str) -> str:
    """What stands between the columns of a table, by its first line: a comma, “;” or a tab."""
    return max(",;\t", key=header.count)


def number(text: str) -> float | None:
    """A number as spreadsheets and maps write it: “−87.33”, “41.61°”, and “41,61” in Europe."""
    plain = _float(text)
    return _float(_plain_number(text)) if plain is None else plain


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _plain_number(text: str) -> str:
    plain = re.sub(_MINUS, "-", text).removesuffix("°").strip()
    return re.sub(_COMMA, r"\1.\2", plain)


def numbers(column: pl.Series) -> Floats:
    """The same of a whole column; NaN for what is no number."""
    if column.dtype == pl.String:
        plain = column.str.replace_all(_MINUS, "-").str.strip_chars().str.strip_suffix("°")
        column = plain.str.strip_chars().str.replace(_COMMA, "$1.$2")
    return column.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


def _plain(name: str) -> str:
    """A name without case, marks, and the number that TRI puts before it (“12. LATITUDE”)."""
    bare = re.sub(r"^\s*\d+\.\s*", "", name).lower()
    return "".join(letter for letter in unicodedata.normalize("NFKD", bare) if letter.isalnum())
