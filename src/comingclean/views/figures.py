"""One rule for every number that is shown: never finer than it is known.

The value is rounded to the decimal place of the leading digit of its half-width, to three
significant digits at most; what is not zero keeps its leading digit. An end that would then read like
the value gets both a digit more. The ends of the interval are rounded outwards, a digit finer. The map
does the same, and both are tested against web/src/lib/figure.cases.json and scale.cases.json.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from comingclean.views.words import words

# A value and the ends of its interval.
Known = tuple[float, float | None, float | None]
_MARKS: Final = {"en": (".", ",", 4), "es": (",", "\u202f", 5)}
_MINUS: Final = "\u2212"
# A page writes the same figure in its table, its band and its sentences.
_KEPT: Final = 1 << 14
# How often a thousand is put in words for money and weights: up to a trillion.
_WORDS: Final = 4
# Prefixes by unit, smallest first. A column takes the prefix that fits its largest value.
# A kilogram counted in thousands is a tonne.
_LADDERS: Final = {
    "t": ("t", "kt", "Mt"),
    "kg": ("kg", "t", "kt", "Mt"),
    "MWh": ("MWh", "GWh", "TWh"),
}


@dataclass(frozen=True)
class Scale:
    """A unit as a column shows it: how many units one of it is, and its name."""

    factor: float
    unit: str


def scale_for(largest: float, unit: str, lang: str) -> Scale:
    """The scale of a column whose largest value is `largest`, in `unit`, with its name in `lang`."""
    if unit.startswith("USD") or unit == "points":
        return _in_words(largest, unit, lang)
    head, _, rest = unit.partition(" ")
    ladder = (head,) if "/" in unit else _LADDERS.get(head, (head,))
    step = _step(largest, len(ladder))
    return Scale(1e3**step, _named(f"{ladder[step]} {rest}".strip(), lang))


def _in_words(largest: float, unit: str, lang: str) -> Scale:
    """Millions, billions, trillions: nobody says "thousand dollars" of damage."""
    step = _step(largest, _WORDS + 1)
    factor = 1e3 ** (step if step > 1 else 0)
    return Scale(factor, _named(f"{unit}.{factor:.0f}" if factor > 1 else unit, lang))


def _step(largest: float, steps: int) -> int:
    """How often a thousand goes into a value, below `steps`."""
    return sum(abs(largest) >= 1e3**step for step in range(1, steps))


def _named(unit: str, lang: str) -> str:
    return words(lang).get(f"unit.{unit}", unit.replace("CO2e", "CO₂e"))


def figure(value: float, low: float | None, high: float | None, scale: float, lang: str) -> str:
    """A value as the site shows it, in units of `scale`."""
    return written(value, decimal_place(value, low, high), scale, lang)


def ends(
    value: float, low: float, high: float, scale: float, lang: str, place: int | None = None
) -> tuple[str, str]:
    """Both ends of an interval, outwards, a digit finer than its value is shown but of three at most.

    They hold the value as it is shown, to `place` when given; what is not zero is not written as zero.
    """
    place = decimal_place(value, low, high) if place is None else place
    shown = _shown(value, place)
    first, last = _outward(low, place, ROUND_FLOOR), _outward(high, place, ROUND_CEILING)
    if first % Decimal(1).scaleb(place) == 0 == last % Decimal(1).scaleb(place):
        first, last = (end.quantize(Decimal(1).scaleb(place)) for end in (first, last))
    held = min(first, shown), max(last, shown)
    low_text, high_text = (_written(end, scale, lang) for end in held)
    return low_text, high_text


def _outward(end: float, place: int, rounding: str) -> Decimal:
    """An end to the digit after `place`, or its third digit, rounded away from the value."""
    if end == 0:
        return Decimal(0)
    exact = Decimal(repr(float(end)))
    step = Decimal(1).scaleb(max(place - 1, _exponent(end) - 2))
    rounded = (exact / step).to_integral_value(rounding) * step
    if rounded:
        return rounded.quantize(step)
    leading = Decimal(1).scaleb(_exponent(end))
    return ((exact / leading).to_integral_value(rounding) * leading).quantize(leading)


def exactly(value: float, scale: float, lang: str) -> str:
    """A round number, such as the tick of an axis, with all its digits and none besides."""
    # Twelve digits leave out the dust of binary fractions: 0.1 + 0.2 is 0.3.
    exact = Decimal(f"{value:.12g}").normalize()
    return written(float(exact), int(exact.as_tuple().exponent), scale, lang)


@lru_cache(maxsize=_KEPT)
def decimal_place(value: float, low: float | None, high: float | None) -> int:
    """The power of ten that a value may be shown to."""
    half = max((value if high is None else high) - value, value - (value if low is None else low))
    if value == 0:
        return _exponent(half) if half > 0 else 0
    three_digits = _exponent(value) - 2
    place = max(_exponent(half), three_digits) if half > 0 else three_digits
    whole = float(value).is_integer()
    place = min(max(place, 0) if whole else place, _exponent(value))
    finest = max(three_digits, 0) if whole else three_digits
    while place > finest and any(_alike(value, end, place) for end in (low, high)):
        place -= 1
    return place


def _alike(value: float, end: float | None, place: int) -> bool:
    """Whether an end that is not the value would be written like it."""
    return end is not None and end != value and _shown(end, place) == _shown(value, place)


def column_places(rows: Sequence[Known]) -> list[int]:
    """The decimal places of a column of values with their ends, so that none looks out of its rank.

    Where the finer of two neighbours by value would look larger than the one above it, or equals
    would differ, it is written no finer than the other.
    """
    places = [decimal_place(*row) for row in rows]
    order = sorted(range(len(rows)), key=lambda i: -rows[i][0])
    settled = False
    while not settled:
        settled = True
        for above, below in pairwise(order):
            if _disagree(rows[above][0], places[above], rows[below][0], places[below]):
                places[above] = places[below] = max(places[above], places[below])
                settled = False
    return places


def _disagree(above: float, its_place: int, below: float, place: int) -> bool:
    """Whether two figures, as they would be written, contradict their values."""
    if above == below:
        return its_place != place
    return _shown(above, its_place) < _shown(below, place)


@lru_cache(maxsize=_KEPT)
def _shown(value: float, place: int) -> Decimal:
    return Decimal(_steps(value, place)).scaleb(place) * (-1 if value < 0 else 1)


def place_of_digit(value: float, digits: int) -> int:
    """The decimal place of the last of so many digits of a value."""
    return _exponent(value) - digits + 1


def written(value: float, place: int, scale: float, lang: str) -> str:
    """A value written to a decimal place, half away from zero."""
    return _written(_shown(value, place), scale, lang)


def _written(shown: Decimal, scale: float, lang: str) -> str:
    """A number with just the digits it has, in units of `scale`."""
    if shown == 0:
        return "0"
    decimals = max(0, _exponent(scale) - int(shown.as_tuple().exponent))
    whole, _, rest = f"{abs(shown) / Decimal(scale):.{decimals}f}".partition(".")
    decimal, group, from_digits = _MARKS[lang]
    if len(whole) >= from_digits:
        whole = f"{int(whole):,}".replace(",", group)
    return (_MINUS if shown < 0 else "") + whole + (decimal + rest if rest else "")


def _exponent(number: float) -> int:
    """The exponent of the leading digit: 7000 gives 3, 0.08 gives -2."""
    return Decimal(repr(float(number))).adjusted()


def _steps(value: float, place: int) -> int:
    size = Decimal(repr(abs(float(value))))
    return int(size.scaleb(-place).quantize(Decimal(1), rounding=ROUND_HALF_UP))
