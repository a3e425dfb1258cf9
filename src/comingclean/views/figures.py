"""One rule for every number that is shown: never finer than it is known.

The value is rounded to the decimal place of the leading digit of its half-width, to three
significant digits at most; what is not zero is never rounded to zero. The map does the same, and
both are tested against web/src/lib/figure.cases.json.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_MARKS: Final = {"en": (".", ",", 4), "es": (",", "\u202f", 5)}
_MINUS: Final = "\u2212"
# Prefixes by unit, largest first. A column takes the prefix that fits its largest value.
_PREFIXES: Final = ((1e6, "M"), (1e3, "k"), (1.0, ""))
_PREFIXED: Final = ("t CO2e", "t")


@dataclass(frozen=True)
class Scale:
    """A unit as a column shows it: how many units one of it is, and its name."""

    factor: float
    unit: str


def scale_for(largest: float, unit: str) -> Scale:
    """The scale of a column whose largest value is `largest`, in `unit`."""
    written_unit = unit.replace("CO2e", "CO₂e")
    if unit not in _PREFIXED:
        return Scale(1.0, written_unit)
    factor, prefix = next((p for p in _PREFIXES if abs(largest) >= p[0]), _PREFIXES[-1])
    return Scale(factor, prefix + written_unit)


def figure(value: float, low: float | None, high: float | None, scale: float, lang: str) -> str:
    """A value as the site shows it, in units of `scale`."""
    return written(value, decimal_place(value, low, high), scale, lang)


def ends(value: float, low: float, high: float, scale: float, lang: str) -> tuple[str, str]:
    """Both ends of an interval, to the same place as its value."""
    place = decimal_place(value, low, high)
    return written(low, place, scale, lang), written(high, place, scale, lang)


def decimal_place(value: float, low: float | None, high: float | None) -> int:
    """The power of ten that a value may be shown to."""
    half = max((value if high is None else high) - value, value - (value if low is None else low))
    if value == 0:
        return _exponent(half) if half > 0 else 0
    three_digits = _exponent(value) - 2
    place = max(_exponent(half), three_digits) if half > 0 else three_digits
    place = max(place, 0) if float(value).is_integer() else place
    return place if _steps(value, place) else _exponent(value)


def written(value: float, place: int, scale: float, lang: str) -> str:
    """A value written to a decimal place, half away from zero."""
    steps = _steps(value, place)
    if steps == 0:
        return "0"
    shown = Decimal(steps).scaleb(place) / Decimal(scale)
    decimals = max(0, _exponent(scale) - place)
    whole, _, rest = f"{shown:.{decimals}f}".partition(".")
    decimal, group, from_digits = _MARKS[lang]
    if len(whole) >= from_digits:
        whole = f"{int(whole):,}".replace(",", group)
    return (_MINUS if value < 0 else "") + whole + (decimal + rest if rest else "")


def _exponent(number: float) -> int:
    """The exponent of the leading digit: 7000 gives 3, 0.08 gives -2."""
    return Decimal(repr(float(number))).adjusted()


def _steps(value: float, place: int) -> int:
    size = Decimal(repr(abs(float(value))))
    return int(size.scaleb(-place).quantize(Decimal(1), rounding=ROUND_HALF_UP))
