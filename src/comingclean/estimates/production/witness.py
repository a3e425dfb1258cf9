"""What is said of one tonnage by several witnesses, and what follows when they do not agree.

Each witness has an error of its own. Where they lie farther apart than these errors allow, something
unknown is wrong with one of them, and nobody knows with which: the same further error is given to all,
as large as it takes to make the distances likely (Mandel and Paule 1970). The witnesses then count
nearly alike, and the interval spans them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from comingclean.estimates.draws import Numbers

_LEAST: Final = 1e-9
_ROUNDS: Final = 60


@dataclass(frozen=True)
class Witness:
    """One thing said of a tonnage: draws, how sure (log. deviation), method, grade, sources.

    `ceiling`: more than this cannot be (t), by this witness.
    """

    drawn: Numbers
    deviation: float
    method: str
    grade: str
    sources: tuple[str, ...]
    shared: float = 0.0
    inverted: bool = False
    ceiling: float = float("inf")


@dataclass(frozen=True)
class Weighed:
    """Several witnesses as one: draws, deviations, the weightiest, and how far they lie apart.

    `apart`: the largest distance of two of them, in standard deviations of that distance.
    """

    drawn: Numbers
    deviation: float
    shared: float
    first: Witness
    apart: float


def weighed(witnesses: Sequence[Witness], doubt: Numbers) -> Weighed:
    """The mean of the witnesses' logarithms, each by its precision.

    `doubt`: standard normal numbers (draws,) for the error that their disagreement shows.
    """
    logs = np.log(np.stack([np.maximum(w.drawn, _LEAST) for w in witnesses]))
    middles = np.log(np.maximum([w.drawn.mean() for w in witnesses], _LEAST))
    known = np.array([max(w.deviation, _LEAST) ** 2 for w in witnesses])
    unknown = further(middles, known)
    weights = 1 / (known + unknown)
    weights /= weights.sum()
    extra = float((weights**2 * unknown).sum())
    drawn = np.exp(weights @ logs + doubt * extra**0.5 - extra / 2)
    return Weighed(
        drawn,
        float((weights**2 * (known + unknown)).sum() ** 0.5),
        float(weights @ [w.shared for w in witnesses]),
        witnesses[int(weights.argmax())],
        _apart(middles, known),
    )


def further(middles: Numbers, known: Numbers) -> float:
    """The variance that has to be added to every witness so that their distances are likely.

    `middles`: logarithms (witnesses,). `known`: their variances. Zero where they agree.
    """
    if _misfit(middles, known, 0.0) <= len(middles) - 1:
        return 0.0
    low, high = 0.0, float(np.ptp(middles) ** 2) + float(known.max())
    for _ in range(_ROUNDS):
        half = (low + high) / 2
        low, high = (half, high) if _misfit(middles, known, half) > len(middles) - 1 else (low, half)
    return high


def _misfit(middles: Numbers, known: Numbers, unknown: float) -> float:
    weights = 1 / (known + unknown)
    middle = float(weights @ middles) / float(weights.sum())
    return float(weights @ (middles - middle) ** 2)


def _apart(middles: Numbers, known: Numbers) -> float:
    pairs = combinations(range(len(middles)), 2)
    far = (abs(middles[a] - middles[b]) / (known[a] + known[b]) ** 0.5 for a, b in pairs)
    return float(max(far, default=0.0))
