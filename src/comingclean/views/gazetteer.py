"""Where a ZIP code, a city or a pair of coordinates is, without asking anyone.

Codes and city names are those of the Postal Service, from the package `zipcodes`. A city stands at the
middle of its ZIP codes, which is no centre of town; a code with boxes only stands at its post office.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from statistics import median
from typing import Any, Final

import zipcodes

from comingclean.views import coordinates
from comingclean.views.words import LANGUAGES, words

MOST: Final = 8
# Alone, or as it stands in an address: “Gary, IN 46402”; “46402 Gary, IN”.
_ZIP: Final = re.compile(r"(?:^|\s)(\d{5}(?:-\d{4})?)$|^(\d{5}(?:-\d{4})?)\s+\D", re.ASCII)
# The Postal Service writes these out.
_LONG: Final = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}
_TOWARDS: Final = {"n": "north", "s": "south", "e": "east", "w": "west"}
# What phones write for an apostrophe.
_APOSTROPHES: Final = str.maketrans(dict.fromkeys("\u2019\u2018\u02bc\u00b4", "'"))
_COUNTRY: Final = re.compile(
    r"(,\s*US|[,\s]\s*(USA|U\.\s?S\.(\s?A\.)?|United States|EE\.?\s?UU\.?|Estados Unidos))\s*$",
    re.IGNORECASE,
)
# Of the country and not in the census file: a code there is a place, of which a report says why not.
_ISLANDS: Final = ("AS", "GU", "MP", "VI")
_STANDARD: Final = "STANDARD"
_STATE: Final = "state."


@dataclass(frozen=True)
class Spot:
    """A place that a person may mean: `kind` is coordinates, zip or city; degrees, WGS84."""

    label: str
    kind: str
    latitude: float
    longitude: float


def find(text: str) -> list[Spot]:
    """What `text` may become, likeliest first, at most `MOST`; none for what is no place.

    Understood are “41.61, -87.33”, “46402”, “Gary”, “Gary, IN” and “gary indiana”, and beginnings of
    a city's name.
    """
    return [spot for spot, _ in _found(text)][:MOST]


def meant(text: str) -> list[Spot]:
    """What a text that is whole means: places of just this name where there are any, else `find`."""
    found = _found(text)
    return ([spot for spot, whole in found if whole] or [spot for spot, _ in found])[:MOST]


def named(spot: Spot) -> Spot:
    """A place given by coordinates, under the name that stands for just these here."""
    known = _by_coordinates() if spot.kind == "coordinates" else {}
    return known.get(_to_ten_metres(spot.latitude, spot.longitude), spot)


def warm() -> None:
    """Read beforehand where every code and city is."""
    _by_coordinates()


def _to_ten_metres(latitude: float, longitude: float) -> tuple[float, float]:
    return round(latitude, 4), round(longitude, 4)


@cache
def _by_coordinates() -> dict[tuple[float, float], Spot]:
    """Cities, and codes with a place to themselves, by where they are; a code names its city too."""
    codes: dict[tuple[float, float], list[Spot]] = {}
    for row in zipcodes.list_all():
        if _is_ours(row):
            spot = _zip(row)
            codes.setdefault(_to_ten_metres(spot.latitude, spot.longitude), []).append(spot)
    cities = {_to_ten_metres(spot.latitude, spot.longitude): spot for *_, spot in _every_city()}
    return cities | {at: spots[0] for at, spots in codes.items() if len(spots) == 1}


def _found(text: str) -> list[tuple[Spot, bool]]:
    """Every place that a text may become, likeliest first, and whether it has just this name."""
    # Digits and blanks that are as wide as letters are their plain ones.
    text = unicodedata.normalize("NFKC", text).strip()
    pair = coordinates.read(text)
    if pair:
        # As exact as it was given: a ten-millionth of a degree is a centimetre.
        label = ", ".join(f"{degrees:.7f}".rstrip("0").rstrip(".") for degrees in pair)
        return [(Spot(label, "coordinates", *pair), True)]
    wanted = _COUNTRY.sub("", text)
    code = _ZIP.search(wanted)
    if code:
        rows = zipcodes.matching(code[1] or code[2])
        return [(_zip(row), True) for row in rows if _is_ours(row) or row["state"] in _ISLANDS]
    return _cities(wanted) or _cities(re.sub(r"\s+city\b", "", wanted, flags=re.IGNORECASE))


def _zip(row: dict[str, Any]) -> Spot:
    label = f"{row['zip_code']} {row['city']}, {row['state']}"
    return Spot(label, "zip", float(row["lat"]), float(row["long"]))


def _is_ours(row: dict[str, Any]) -> bool:
    return f"{_STATE}{row['state']}" in words("en") and bool(row["lat"])


def _cities(text: str) -> list[tuple[Spot, bool]]:
    """Cities whose name begins with the words; the whole name first, then those with more codes."""
    words, state = _split(text)
    if not words:
        return []
    found = [
        (plain != words, -codes, spot)
        for plain, of, codes, spot in _every_city()
        if plain.startswith(words) and state in (None, of)
    ]
    found.sort(key=lambda item: (*item[:2], item[2].label))
    return [(spot, not longer) for longer, _, spot in found]


def _split(text: str) -> tuple[str, str | None]:
    """The plain name, and the state where the text ends with one: its letters or its name."""
    plain = _plain(text)
    for ending, letters in _endings():
        if plain == ending:
            break  # “West Virginia” is no place called West
        if plain.endswith(f" {ending}"):
            return plain.removesuffix(f" {ending}"), letters
    return plain, None


@cache
def _endings() -> list[tuple[str, str]]:
    """What a text may end with that names a state, longest first: “in”, “indiana”, “puerto rico”."""
    named = {
        (_plain(said), key.removeprefix(_STATE))
        for lang in LANGUAGES
        for key, name in words(lang).items()
        if key.startswith(_STATE)
        for said in (name, key.removeprefix(_STATE))
    }
    return sorted(named, key=lambda pair: (-len(pair[0]), pair))


def _plain(text: str) -> str:
    """Letters and digits without accents and case, words with one space between: “N.C.” is “nc”."""
    bare = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    letters = bare.encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"\b([a-z])\.", r"\1", letters)).split()
    # Not the last word, which may be the letters of a state.
    long = [_LONG.get(word, word) for word in words[:-1]]
    return " ".join([*(_TOWARDS.get(word, word) for word in long[:1]), *long[1:], *words[-1:]])


@cache
def _every_city() -> list[tuple[str, str, int, Spot]]:
    """Every city once: its plain name, state, how many codes it has, and where it is."""
    codes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in zipcodes.list_all():
        if _is_ours(row):
            codes.setdefault((_plain(row["city"]), row["state"]), []).append(row)
    return [
        (plain, state, len(rows), _city(rows[0]["city"], state, rows))
        for (plain, state), rows in sorted(codes.items())
    ]


def _city(city: str, state: str, rows: list[dict[str, Any]]) -> Spot:
    homes = [row for row in rows if row["zip_code_type"] == _STANDARD] or rows
    latitude, longitude = (median(float(row[name]) for row in homes) for name in ("lat", "long"))
    return Spot(f"{city}, {state}", "city", round(latitude, 4), round(longitude, 4))
