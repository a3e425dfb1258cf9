"""Chance: named streams of numbers, the same in every run, so that errors shared are drawn once.

A stream is known by its name and by nothing else: whoever asks for `electricity/EAF` gets the same
numbers, whatever was asked before. Two plants that rest on one parameter therefore err together, and
a change in one place leaves every other stream as it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comingclean.estimates.factors import Factor

Numbers = NDArray[np.float64]

COUNT: Final = 1000
SEED: Final = 20_200_101
# From the middle of a normal distribution to the end of its 90 % interval, in standard deviations.
REACH: Final = 1.6448536269514722
_LEAST: Final = 1e-9


@dataclass(frozen=True)
class Draws:
    """`count` draws of every stream, from one `seed`."""

    count: int = COUNT
    seed: int = SEED
    _drawn: dict[str, Numbers] = field(default_factory=dict, repr=False, compare=False)

    def normal(self, stream: str) -> Numbers:
        """Standard normal numbers (count,): the quantiles of the distribution in an order of its own.

        Every stream holds the same numbers, so its mean and its percentiles are exact. Not to be
        written into: whoever asks for the stream again gets the same array.
        """
        if stream not in self._drawn:
            self._drawn[stream] = self._ordered(stream)
        return self._drawn[stream]

    def _ordered(self, stream: str) -> Numbers:
        key = hashlib.blake2b(f"{self.seed}/{stream}".encode(), digest_size=8).digest()
        order = np.random.default_rng(int.from_bytes(key, "big")).permutation(self.count)
        numbers = self._quantiles[order]
        numbers.flags.writeable = False
        return numbers

    def factor(self, stream: str, factor: Factor) -> Numbers:
        """Draws (count,) of a parameter whose `low` and `high` are the ends of its 90 % interval."""
        return between(self.normal(stream), factor.value, factor.low, factor.high)

    def spread(self, stream: str, share: float | Numbers) -> Numbers:
        """Multipliers (count,) whose mean is 1, so that sums stay; 90 % within a factor 1 + `share`.

        A `share` that is not known well is given as draws: then some draws spread farther than others.
        """
        width = np.log1p(share) / REACH
        return np.exp(self.normal(stream) * width - width**2 / 2)

    @cached_property
    def _quantiles(self) -> Numbers:
        middle = NormalDist().inv_cdf
        return np.array([middle((i + 0.5) / self.count) for i in range(self.count)])


def sigma(share: float) -> float:
    """The standard deviation of the logarithm when 90 % lie within a factor 1 + `share`."""
    return float(np.log1p(share)) / REACH


def between(z: Numbers, value: float, low: float, high: float) -> Numbers:
    """Normal numbers `z` turned into a quantity with this middle and this 90 % interval.

    In logarithms, each side with its own width; a side that reaches zero is taken as a straight line.
    """
    upper = value * np.exp(np.maximum(z, 0.0) / REACH * np.log(max(high, _LEAST) / max(value, _LEAST)))
    if low <= 0:
        lower = np.maximum(value + np.minimum(z, 0.0) / REACH * (value - low), 0.0)
    else:
        lower = value * np.exp(np.minimum(z, 0.0) / REACH * np.log(value / low))
    return np.where(z > 0, upper, lower)


def normal_between(z: Numbers, value: float, low: float, high: float) -> Numbers:
    """As `between`, but symmetric as filings are: never below zero."""
    return np.maximum(value + z / REACH * (high - low) / 2, 0.0)
