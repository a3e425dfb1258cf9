"""How far an estimate can be trusted at most: as far as the weakest parameter that sets its middle.

A tonnage that a national total moved out of the interval of its own evidence is weak besides: the two
contradict each other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from comingclean.estimates.amounts import Amounts
from comingclean.estimates.evidence import PlantYear
from comingclean.estimates.factors import Factors
from comingclean.estimates.production.common import Made, worst

_MOVED_OUT: Final = "D"


@dataclass(frozen=True)
class Moved:
    """A tonnage before a total was met (interval) and after (middle), in tonnes."""

    facility_id: str
    year: int
    quantity: str
    low: float
    high: float
    after: float


def moved_out(made: Made, quantity: str) -> list[Moved]:
    """Plants and years that a total moved out of their own 90 % interval."""
    means = made.final.draws.mean(axis=1)
    found = []
    for item, after in zip(made.final.items, means, strict=True):
        low, high = made.before.interval(item.key)
        if item.reconciled and not low <= after <= high:
            found.append(Moved(*item.key, quantity, low, high, float(after)))
    return found


def keys(found: Iterable[Moved]) -> set[PlantYear]:
    """The plants and years of what was moved."""
    return {(one.facility_id, one.year) for one in found}


def capped(amounts: Amounts, factors: Factors, moved: Collection[PlantYear] = ()) -> Amounts:
    """`amounts` with no grade better than what they rest on."""
    items = tuple(
        replace(
            item,
            grade=worst(
                item.grade, factors.weakest(item.sources), _MOVED_OUT if item.key in moved else "A"
            ),
        )
        for item in amounts.items
    )
    return Amounts(items, amounts.draws)
