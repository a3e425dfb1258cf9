"""Large sums in words, and what part of a sum each of its parts is, with intervals."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp, floor, hypot, log, log10, sqrt
from typing import Any, Final, NamedTuple

from comingclean.views import figures
from comingclean.views.words import say

Row = dict[str, Any]
_SMALL: Final = 0.05  # per cent
_WHOLE: Final = 99.95  # from here on whole numbers have three digits
_WORDS: Final = ((1e9, "billion"), (1e6, "million"))


class Amount(NamedTuple):
    """A figure with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


NONE: Final = Amount(0.0, 0.0, 0.0)


def added(parts: Iterable[Amount]) -> Amount:
    """The sum of figures whose errors are independent."""
    every = list(parts)
    value = sum(part.value for part in every)
    down = hypot(*(part.value - part.low for part in every))
    up = hypot(*(part.high - part.value for part in every))
    return Amount(value, max(value - down, 0.0), value + up)


def share(part: Amount, whole: Amount) -> Amount | None:
    """What part of a sum one of its parts is, 0 to 1; None of nothing.

    The low end is the part at its lowest beside the rest at its highest, the high end the reverse.
    """
    if whole.value <= 0:
        return None
    rest = whole.value - part.value
    down = _left(whole.value - whole.low, part.value - part.low)
    up = _left(whole.high - whole.value, part.high - part.value)
    value = part.value / whole.value
    low = _ratio(part.low, rest + up, value)
    high = _ratio(part.high, max(rest - down, 0.0), value)
    return Amount(value, min(low, value), max(high, value))


def _left(whole: float, part: float) -> float:
    return sqrt(max(whole * whole - part * part, 0.0))


def _ratio(part: float, rest: float, otherwise: float) -> float:
    return part / (part + rest) if part + rest > 0 else otherwise


def weighed(row: Row, chemical: Row, ranges: dict[str, Row]) -> Amount | None:
    """The points of a release, its kilograms times weight; None where the chemical has no benchmark.

    `ranges`: parameters of the share that is weighed, in per cent, by name. The interval holds that of
    the mass and that of the share.
    """
    weight, value = chemical["weight"], row["kilograms"]
    if weight is None:
        return None
    part = ranges[chemical["part"]] if chemical["part"] else _ALL
    weight *= part["value"] / 100
    if value <= 0:
        return Amount(0.0, 0.0, row["high"] * weight)
    below = exp(hypot(log(value / row["low"]), log(part["value"] / part["low"])))
    above = exp(hypot(log(row["high"] / value), log(part["high"] / part["value"])))
    return Amount(value * weight, value * weight / below, value * weight * above)


_ALL: Final = {"value": 100.0, "low": 100.0, "high": 100.0}


def text(amount: Amount, lang: str, scale: float = 1.0) -> Row:
    """An amount as the site writes it, never finer than it is known: text, low_text, high_text.

    An end that is not nought is never written as nought: factors of uncertainty have no nought.
    """
    place = figures.decimal_place(*amount)
    low, high = (figures.written(end, _finer(end, place), scale, lang) for end in amount[1:])
    return {"text": figures.figure(*amount, scale, lang), "low_text": low, "high_text": high}


def filed(amount: Amount, lang: str, scale: float = 1.0) -> Row:
    """As `text`, with the value as it was filed, so that it can be found again: whole kilograms, and

    three digits of less than a hundred. How far it can be trusted its ends say.
    """
    value = amount.value
    place = 0 if value >= _WHOLE or value == 0 else min(leading(value) - 2, 0)
    return text(amount, lang, scale) | {"text": figures.written(value, place, scale, lang)}


def _finer(end: float, place: int) -> int:
    """The place that an end is written to: that of its value, or of its own first digit."""
    return min(place, leading(end)) if end > 0 else place


def leading(number: float) -> int:
    """The power of ten of the first digit of a number above nought: 7000 gives 3, 0.08 gives -2."""
    return floor(log10(number))


def percent(amount: Amount | None, lang: str) -> Row | None:
    """A share in per cent as texts, with `bar`: left, width and tick of its interval, in per cent.

    One below a twentieth of a per cent is called small, with neither digits nor ends.
    """
    if amount is None:
        return None
    hundred = Amount(*(100 * end for end in amount))
    bar = {
        "left": round(hundred.low, 1),
        "width": round(hundred.high - hundred.low, 1),
        "tick": round(hundred.value, 1),
    }
    if 0 < hundred.value < _SMALL:
        least = f"<\u202f{figures.written(2 * _SMALL, -1, 1.0, lang)}"
        return {"text": least, "low_text": None, "high_text": None, "bar": bar}
    return text(hundred, lang) | {"bar": bar}


def scale_of(largest: float) -> tuple[float, str | None]:
    """The factor and the word in which a column of sums is written: billions, millions or none."""
    return next(((factor, name) for factor, name in _WORDS if largest >= factor), (1.0, None))


def large(amount: Amount, lang: str) -> Row:
    """A large sum in words: text as “2.9 billion”, low_text as “1.4”, high_text as “18 billion”."""
    factor, name = scale_of(amount.value)
    plain = text(amount, lang, factor)
    if name is None:
        return plain
    return plain | {key: say(lang, f"toxics.{name}", n=plain[key]) for key in ("text", "high_text")}
