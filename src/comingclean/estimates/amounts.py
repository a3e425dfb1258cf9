"""Amounts with their chance: one row a plant and year, one array of draws beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
import polars as pl

from comingclean.estimates.draws import Numbers
from comingclean.estimates.evidence import PlantYear

LOW: Final = 0.05
HIGH: Final = 0.95
# Digits that are kept: enough for sums to hold, few enough for the same bytes on every machine.
_DIGITS: Final = 9
SCHEMA: Final[dict[str, Any]] = {
    "facility_id": pl.String,
    "year": pl.Int64,
    "quantity": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "kind": pl.String,
    "method": pl.String,
    "grade": pl.String,
    "sources": pl.List(pl.String),
}


@dataclass(frozen=True)
class Item:
    """What is known of one amount beside its draws.

    `route`: how the plant made it. `inverted`: its tonnage comes from its own emissions, so that an
    intensity made of it says nothing. `unit`: plants that share one record have the same.
    `ceiling`: more than this cannot be (t), infinite where not known.
    `own`, `shared`: standard deviations of the logarithm, its own and in common with its group.
    `reconciled`: moved so that its group meets a published total. `middle`: the central figure where
    it is not the mean of the draws, as for a quotient of two central figures. `said`: what each
    witness says (t), where they lie farther apart than their errors allow.
    """

    facility_id: str
    year: int
    route: str
    method: str
    grade: str
    sources: tuple[str, ...]
    inverted: bool = False
    unit: str = ""
    ceiling: float = float("inf")
    own: float = 0.0
    shared: float = 0.0
    reconciled: bool = False
    middle: float | None = None
    said: tuple[float, ...] = ()

    @property
    def key(self) -> PlantYear:
        """Plant and year."""
        return self.facility_id, self.year


@dataclass(frozen=True)
class Amounts:
    """Items with draws (items, draws), in the same order."""

    items: tuple[Item, ...]
    draws: Numbers = field(repr=False)

    def __len__(self) -> int:
        """Number of items."""
        return len(self.items)

    @cached_property
    def index(self) -> dict[PlantYear, int]:
        """Where each plant and year stands."""
        return {item.key: at for at, item in enumerate(self.items)}

    def at(self, key: PlantYear) -> Numbers | None:
        """The draws of a plant and year, or None."""
        return self.draws[self.index[key]] if key in self.index else None

    def item(self, key: PlantYear) -> Item | None:
        """The item of a plant and year, or None."""
        return self.items[self.index[key]] if key in self.index else None

    def both(self, key: PlantYear) -> tuple[Item, Numbers]:
        """Item and draws of a plant and year. Raises KeyError where there are none."""
        at = self.index[key]
        return self.items[at], self.draws[at]

    def where(self, keep: Callable[[Item], bool]) -> Amounts:
        """The amounts whose item passes."""
        kept = [at for at, item in enumerate(self.items) if keep(item)]
        return Amounts(tuple(self.items[at] for at in kept), self.draws[kept])

    def interval(self, key: PlantYear) -> tuple[float, float]:
        """The 90 % interval of a plant and year."""
        low, high = np.quantile(self.draws[self.index[key]], [LOW, HIGH])
        return float(low), float(high)

    def middles(self) -> Numbers:
        """The central figures (items,): as the item says, else the mean of the draws."""
        means = self.draws.mean(axis=1)
        given = [item.middle for item in self.items]
        return np.array([mean if at is None else at for mean, at in zip(means, given, strict=True)])

    def values(self, quantity: str) -> pl.DataFrame:
        """Rows of the table `value` without unit: the mean of the draws, or what the item says is the
        middle, and the 90 % interval of the draws.
        """
        if not self.items:
            return pl.DataFrame(schema=SCHEMA)
        middle = _round(self.middles())
        low, high = (_round(ends) for ends in np.quantile(self.draws, [LOW, HIGH], axis=1))
        ends = zip(np.minimum(low, middle), np.maximum(high, middle), strict=True)
        rows = [
            (
                item.facility_id,
                item.year,
                quantity,
                value,
                least,
                most,
                "estimated",
                item.method,
                item.grade,
                sorted(set(item.sources)),
            )
            for item, value, (least, most) in zip(self.items, middle, ends, strict=True)
        ]
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def joined(parts: Iterable[Amounts], count: int) -> Amounts:
    """Several amounts as one."""
    kept = [part for part in parts if len(part)]
    if not kept:
        return none(count)
    items = tuple(item for part in kept for item in part.items)
    return Amounts(items, np.concatenate([part.draws for part in kept]))


def stacked(pairs: Sequence[tuple[Item, Numbers]], count: int) -> Amounts:
    """Items with their draws, one by one."""
    if not pairs:
        return none(count)
    return Amounts(tuple(item for item, _ in pairs), np.stack([drawn for _, drawn in pairs]))


def none(count: int) -> Amounts:
    """No amounts at all."""
    return Amounts((), np.empty((0, count)))


def _round(numbers: Numbers) -> Numbers:
    """To a fixed number of digits: the last bits differ from machine to machine."""
    size = np.where(numbers == 0, 1.0, np.abs(numbers))
    places = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(size)))
    rounded: Numbers = np.round(numbers * places) / places
    return rounded
