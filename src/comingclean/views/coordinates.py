"""Coordinates as maps, phones, compasses and spreadsheets write them."""

from __future__ import annotations

import re
from typing import Final

_BRACKETS: Final = " \t()[]"
# Signs that stand for a minus, for minutes and for seconds.
_SIGNS: Final = str.maketrans(
    {
        "\u2212": "-", "\u2013": "-", "\u2032": "'", "\u2019": "'", "\u2018": "'", "\u02bc": "'",
        "\u2033": '"', "\u201d": '"', "\u201c": '"',
    }
)  # fmt: skip
# “-87.33”, “87.33° W”, “W 87.33”, “87°19'48"W”, “87,33”; west is “oeste” in Spanish.
_ANGLE: Final = r"""
    (?P<before{0}>[NSEWO]?) \s* (?P<sign{0}>[+-]?) \s*
    (?P<degrees{0}>\d{{1,3}}(?:[.,]\d+)?) \s* °? \s*
    (?: (?P<minutes{0}>\d{{1,2}}(?:[.,]\d+)?) \s* ' \s* )?
    (?: (?P<seconds{0}>\d{{1,2}}(?:[.,]\d+)?) \s* " \s* )?
    (?P<after{0}>[NSEWO]?)
"""
_PAIR: Final = re.compile(
    rf"^{_ANGLE.format(1)} (?:\s*[,;]\s*|\s+) {_ANGLE.format(2)}$",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_SOUTH_AND_WEST: Final = ("S", "W", "O")
_ACROSS: Final = ("E", "W", "O")
_PARTS: Final = {"degrees": 1, "minutes": 60, "seconds": 3600}


def read(text: str) -> tuple[float, float] | None:
    """The latitude and longitude in degrees that a text is, None where it is something else.

    They may be no place on Earth; a longitude that says so by its letter may come first.
    """
    plain = text.translate(_SIGNS).strip(_BRACKETS).replace("''", '"')
    found = _PAIR.match(plain)
    if found is None:
        return None
    (first, one), (second, other) = (_angle(found, at) for at in (1, 2))
    if one in _ACROSS and other not in _ACROSS:
        return second, first
    return (first, second) if one not in _ACROSS and other not in ("N", "S") else None


def _angle(found: re.Match[str], at: int) -> tuple[float, str]:
    """Degrees, below zero in the south and the west however that is written, and the letter."""
    letter = (found[f"before{at}"] or found[f"after{at}"]).upper()
    parts = (float((found[f"{name}{at}"] or "0").replace(",", ".")) / by for name, by in _PARTS.items())
    size = sum(parts)
    return (-size if letter in _SOUTH_AND_WEST or found[f"sign{at}"] == "-" else size), letter
