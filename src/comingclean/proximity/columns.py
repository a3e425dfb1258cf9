"""Finding the columns of a table that a person hands in, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from comingclean.errors import InputError

# Names in use for each column, ours first; compared without case, spaces, dashes and underscores.
NAMES: Final = {
    "id": (
        "id",
        "siteid",
        "facilityid",
        "geoid",
        "geoid20",
        "bgfips",
        "blockid",
        "site",
        "facility",
        "name",
    ),
    "lat": ("lat", "latitude", "latdd", "latdeg", "intptlat", "intptlat20", "ycoord", "y"),
    "lon": (
        "lon",
        "lng",
        "long",
        "longitude",
        "londd",
        "londeg",
        "intptlon",
        "intptlon20",
        "xcoord",
        "x",
    ),
    "population": (
        "population",
        "pop",
        "pop20",
        "pop2020",
        "pop100",
        "p1001n",
        "people",
        "totalpopulation",
    ),
    "radius": ("radiusm", "radius"),
}
_WORDS: Final = {"lat": "latitude", "lon": "longitude"}


def find(wanted: str, there: Sequence[str], file: Path | None = None) -> str:
    """The one column of `there` that is called `wanted` or alike.

    The name `wanted` itself goes before all others. Raises InputError when there is none, or several.
    """
    found = matching(wanted, there)
    word = _WORDS.get(wanted, wanted)
    if not found:
        names = ", ".join(f"“{name}”" for name in there) or "none"
        what, mend = f"no column of the {word} (there are {names})", f"name one of them “{wanted}”"
        raise InputError(what, mend, file=file, row=1)
    if len(found) > 1 and wanted not in found:
        both = " and ".join(f"“{name}”" for name in found)
        what, mend = f"both {both} may be the {word}", f"name one of them “{wanted}”"
        raise InputError(what, mend, file=file, row=1)
    return wanted if wanted in found else found[0]


def matching(wanted: str, there: Sequence[str]) -> list[str]:
    """The columns of `there` that are called `wanted` or alike."""
    return [name for name in there if _plain(name) in NAMES[wanted]]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
