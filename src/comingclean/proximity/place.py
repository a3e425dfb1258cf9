"""Whether a place can be counted at all, and if not, why: one clear answer for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from comingclean.proximity import outlines
from comingclean.proximity.earth import METRES_PER_MILE, Floats

Texts = outlines.Texts
# South, north, west and east, in degrees.
Box = tuple[float, float, float, float]

# Words of a status that speak of the place alone.
MISSING: Final = "missing coordinates"
NOT_NUMBERS: Final = "not numbers"
IMPOSSIBLE: Final = "impossible coordinates"
SWAPPED: Final = "swapped coordinates"
OUTSIDE: Final = "out of the country"
NOT_COVERED: Final = "not covered"
AT_SEA: Final = "at sea"
OVER_THE_LIMIT: Final = "over the limit"

# The lower 48, Alaska (its islands lie on both sides of the date line, and in the north Russia lies
# across the strait), Hawaii, Puerto Rico.
COUNTRY: Final[tuple[Box, ...]] = (
    (24.3, 49.5, -125.0, -66.8),
    (51.0, 64.0, -180.0, -129.9),
    (64.0, 71.6, -169.0, -129.9),
    (51.0, 53.5, 172.0, 180.0),
    (18.8, 28.6, -178.5, -154.7),
    (17.8, 18.6, -68.0, -65.2),
)
# Guam, Northern Marianas, American Samoa, Virgin Islands: of the country, and not in the census file.
_ISLANDS: Final[tuple[Box, ...]] = (
    (13.2, 13.7, 144.6, 145.0),
    (14.0, 20.6, 144.8, 146.1),
    (-14.6, -11.0, -171.2, -168.1),
    (17.6, 18.5, -65.1, -64.5),
)
# Outlines are simplified: a place within so many degrees (2 to 3 km) of a county may be in it,
_NEAR_COUNTY: Final = 0.03
# and within so many (300 m) even where the outlines of another country reach across its line.
_AT_COUNTY: Final = 0.003
# Those of other countries are off by about so much where they meet ours.
_OFF_METRES: Final = 1_000.0
# Whose people are in no file here.
COUNTRIES: Final = {
    "CAN": "Canada",
    "MEX": "Mexico",
    "CUB": "Cuba",
    "BHS": "the Bahamas",
    "DOM": "the Dominican Republic",
    "VGB": "the British Virgin Islands",
    "VIR": "the U.S. Virgin Islands",
}


@dataclass(frozen=True)
class Verdict:
    """What is wrong with a place: a word for its status and a sentence. All empty when nothing is.

    `reason`: the sentence as one word; `mend`: the latitude and longitude that may have been meant;
    `country`: the three letters of the country that the place lies in, where it is known.
    """

    word: str = ""
    sentence: str = ""
    reason: str = ""
    mend: tuple[float, float] | None = None
    country: str = ""


_ABROAD: Final = Verdict(OUTSIDE, "the place lies in a neighbouring country", "neighbour")
_OPEN_WATER: Final = Verdict(
    AT_SEA, "the place lies in open water, 2 km or more from any county; only people ashore are counted"
)


def judge(latitude: float, longitude: float, boxes: tuple[Box, ...] = COUNTRY) -> Verdict:
    """What is wrong with a place in degrees, as far as `boxes` around all that is covered tell."""
    if _within(latitude, longitude, boxes):
        return Verdict()
    here = f"{latitude:g}, {longitude:g}"
    if _within(longitude, latitude, boxes):
        sentence = f"{here} has the longitude first; nothing was counted"
        return Verdict(SWAPPED, sentence, "swapped", (longitude, latitude))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return _impossible(latitude, longitude, boxes)
    if boxes is not COUNTRY:
        return Verdict(NOT_COVERED, f"{here} lies outside the layer of people", "layer")
    if _within(latitude, longitude, _ISLANDS):
        return Verdict(
            NOT_COVERED,
            "the census file has nobody of Guam, the Marianas, Samoa and the Virgin Islands",
            "islands",
        )
    return _outside(latitude, longitude, boxes)


def _impossible(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> Verdict:
    if _within(latitude, longitude - 360, boxes):
        sentence = f"longitudes run from -180 to 180: write {longitude - 360:g}"
        return Verdict(IMPOSSIBLE, sentence, "turn", (latitude, longitude - 360))
    return Verdict(IMPOSSIBLE, f"{latitude:g}, {longitude:g} is no place on Earth", "nowhere")


def _outside(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> Verdict:
    if _within(latitude, -longitude, boxes) and _is_home(latitude, -longitude):
        sentence = f"longitudes in the United States are negative: is it {-longitude:g}?"
        return Verdict(OUTSIDE, sentence, "minus", (latitude, -longitude))
    if latitude == longitude == 0:
        return Verdict(OUTSIDE, "0, 0 often stands for an unknown place", "zero")
    only = "the layer holds the people of the United States and Puerto Rico only"
    return Verdict(OUTSIDE, only, "beyond")


def _is_home(latitude: float, longitude: float) -> bool:
    """Whether a place is in a county, or nearly."""
    degrees = np.array([latitude]), np.array([longitude])
    return bool(outlines.near_county(*degrees, _NEAR_COUNTY)[0])


def _within(latitude: float, longitude: float, boxes: tuple[Box, ...]) -> bool:
    return any(
        south <= latitude <= north and west <= longitude <= east for south, north, west, east in boxes
    )


def abroad(latitude: Floats, longitude: Floats) -> list[Verdict]:
    """For places in the boxes of the country: in another country, or nothing wrong.

    A county goes before a country: where their outlines differ, the place is at home.
    """
    verdicts = [Verdict()] * latitude.size
    named = outlines.country_of(latitude, longitude)
    strange = np.flatnonzero(named != "")
    home = outlines.near_county(latitude[strange], longitude[strange], _AT_COUNTY)
    for at in strange[~home].tolist():
        country = str(named[at])
        sentence = f"the place lies in {COUNTRIES[country]}, whose people are in no file here"
        verdicts[at] = Verdict(OUTSIDE, sentence, "neighbour", country=country)
    return verdicts


def off_land(latitude: Floats, longitude: Floats) -> list[Verdict]:
    """For such places that no area holds: at sea, in a country without outline, or nothing wrong."""
    verdicts = [Verdict()] * latitude.size
    strange = np.flatnonzero(~outlines.near_county(latitude, longitude, _NEAR_COUNTY))
    dry = outlines.on_land(latitude[strange], longitude[strange])
    for at, land in zip(strange.tolist(), dry.tolist(), strict=True):
        verdicts[at] = _ABROAD if land else _OPEN_WATER
    return verdicts


def countries_reached(latitude: Floats, longitude: Floats, miles: Floats) -> Texts:
    """The three letters of the country that each circle, places by radii, reaches into, or nearly.

    Empty for none. Of several the nearest is named.
    """
    reach = miles * METRES_PER_MILE + _OFF_METRES
    if not (latitude.size and miles.size):
        return np.full((latitude.size, miles.size), "", dtype="U3")
    name, far = outlines.nearest_country(latitude, longitude, float(reach.max()))
    return np.where(far[:, None] <= reach, name[:, None], "")
