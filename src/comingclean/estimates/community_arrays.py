"""The indicators as arrays: what each circle, county and state holds of them, and the country.

Everything near a place, in a county or in the country is one and the same weighted mean, so that a
figure and what it stands beside are made in the same way from the same table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.estimates.community_table import (
    FIRST_TERRITORY,
    REASON,
    SURVEY,
    UNKNOWN,
    Indicators,
    values,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.str_]

LEVELS: Final = ("county", "state", "us")
_ROWS: Final = 8_000
_NEAR: Final = 4_000
_ADULTS: Final = "residents_18_plus"


@dataclass(frozen=True)
class Pairs:
    """Which block groups each circle holds: circle from 0, row of the table, share of it, 0 to 1.

    `circles`: how many circles there are; one without any block group has no pair.
    """

    circle: Ints
    row: Ints
    share: Floats
    circles: int

    def only(self, circles: Ints) -> Pairs:
        """The pairs of some circles, which keep their numbers."""
        wanted = np.zeros(self.circles, bool)
        wanted[circles] = True
        kept = wanted[self.circle]
        return Pairs(self.circle[kept], self.row[kept], self.share[kept], self.circles)


@dataclass(frozen=True)
class Sums:
    """By indicator (row) and circle (column): weight of all, weight where it is known, weight x value.

    `people`: everyone in each circle.
    """

    people: Floats
    weight: Floats
    known: Floats
    total: Floats

    def means(self, least: float) -> Floats:
        """Weighted means, NaN where less than the share `least` of the weight is known."""
        enough = (self.known > 0) & (self.known >= least * self.weight)
        return np.divide(self.total, self.known, out=np.full_like(self.total, np.nan), where=enough)


@dataclass(frozen=True)
class Areas:
    """Areas of one level: their codes in order, and the area of each block group (-1: of none)."""

    codes: Texts
    of: Ints

    def find(self, codes: pl.Series) -> Ints:
        """The number of each code, -1 where there is no such area."""
        return _find(self.codes, np.array(codes.fill_null("").to_list(), dtype=str))


@dataclass(frozen=True)
class Table:
    """One column a block group, in the order of their ids.

    `names`, `sources`, `units`: the indicators but for the population. `values`: by indicator, NaN
    where not known. `weights`: whom each indicator is weighed with, the people, or the residents 18
    and over. `tract`: its number. `areas`: by level, where “us” is the fifty states and DC.
    `least_known`: the share of people that must have an indicator for a mean to be given.
    """

    names: tuple[str, ...]
    sources: tuple[str, ...]
    units: tuple[str, ...]
    ids: Texts
    population: Floats
    values: Floats
    weights: tuple[Floats, ...]
    tract: Ints
    areas: Mapping[str, Areas]
    least_known: float

    def sums(self, pairs: Pairs) -> Sums:
        """The sums of every indicator in every circle."""
        weight, known, total = (np.zeros((len(self.names), pairs.circles)) for _ in range(3))
        for k, value in enumerate(self.values):
            held, there = pairs.share * self.weights[k][pairs.row], value[pairs.row]
            here = ~np.isnan(there)
            weight[k] = add(pairs.circle, held, pairs.circles)
            known[k] = add(pairs.circle, held * here, pairs.circles)
            total[k] = add(pairs.circle, held * np.where(here, there, 0.0), pairs.circles)
        people = add(pairs.circle, pairs.share * self.population[pairs.row], pairs.circles)
        return Sums(people, weight, known, total)

    @cached_property
    def beside(self) -> Mapping[str, Sums]:
        """By level: the sums of every county, of every state, of the country."""
        return {level: self.sums(_whole(areas)) for level, areas in self.areas.items()}

    @cached_property
    def means(self) -> Mapping[str, Floats]:
        """By level: the mean of each indicator (row) in each area (column), NaN as in a circle."""
        return {level: found.means(self.least_known) for level, found in self.beside.items()}

    def apart(self, level: str, block_groups: Ints) -> Floats:
        """Of some block groups (row): the weight of each indicator, then weight x (value - mean).

        The mean is that of the area where the block group lies; both are 0 where either is not known.
        """
        of, many = self.areas[level].of, len(self.names)
        # People of the islands are held against the country too, though they are not counted in it.
        of = np.zeros_like(of) if level == "us" else of
        found = np.empty((block_groups.size, 2 * many))
        for part in _slices(block_groups.size):
            rows = block_groups[part]
            mean = np.where(of[rows] >= 0, self.means[level][:, of[rows]], np.nan)
            difference = self.values[:, rows] - mean
            here = ~np.isnan(difference)
            weight = np.array([weight[rows] for weight in self.weights]) * here
            found[part, :many] = weight.T
            found[part, many:] = (weight * np.where(here, difference, 0.0)).T
        return found

    @cached_property
    def ladders(self) -> tuple[tuple[Floats, Floats], ...]:
        """By indicator: the values of the country in order, and the weight below each of them."""
        inside = self.areas["us"].of >= 0
        return tuple(
            _ladder(value[inside], weight[inside])
            for value, weight in zip(self.values, self.weights, strict=True)
        )

    @cached_property
    def spread(self) -> tuple[float, ...]:
        """By indicator: how much neighbours differ, as a standard deviation; NaN where it is not asked.

        That is half the mean square of the differences of block groups that follow each other in one
        tract, or for a survey, which gives one figure a tract, of tracts that follow each other in one
        county: the most that its chance can be.
        """
        return tuple(self._spread(k, REASON[source]) for k, source in enumerate(self.sources))

    def _spread(self, k: int, reason: str) -> float:
        if reason == UNKNOWN:
            return float("nan")
        kept, of = np.flatnonzero((self.weights[k] > 0) & ~np.isnan(self.values[k])), self.tract
        if reason == SURVEY:
            kept = kept[np.unique(self.tract[kept], return_index=True)[1]]
            of = self.areas["county"].of
        steps = np.diff(self.values[k][kept])[of[kept][1:] == of[kept][:-1]]
        return float(np.sqrt(np.mean(steps**2) / 2)) if steps.size else 0.0

    def rows(self, block_groups: pl.Series) -> Ints:
        """The column of each block group by its twelve digits. Raises ValueError for one unknown."""
        wanted = np.array(block_groups.to_list(), dtype=str)
        at = _find(self.ids, wanted)
        if (at < 0).any():
            raise ValueError(f"there is no block group {wanted[at < 0][0]}")
        return at


def add(group: Ints, amount: Floats, size: int) -> Floats:
    """The sum of `amount` in each of `size` groups."""
    return np.bincount(group, amount, size).astype(np.float64, copy=False)


def summed(pairs: Pairs, numbers: Floats) -> Floats:
    """The sum of share x `numbers` (rows of the table by columns) in each circle, a circle a column."""
    order = np.argsort(pairs.circle, kind="stable")
    circle, row, share = pairs.circle[order], pairs.row[order], pairs.share[order]
    found = np.zeros((pairs.circles, numbers.shape[1]))
    live, first = np.unique(circle, return_index=True)
    for part in _parts(first, circle.size):
        span = slice(first[part[0]], first[part[-1] + 1] if part[-1] + 1 < first.size else None)
        held = share[span, None] * numbers[row[span]]
        found[live[part]] = np.add.reduceat(held, first[part] - first[part[0]], axis=0)
    return found.T


def _slices(size: int) -> Iterator[slice]:
    """Some rows at a time: what is worked on stays near the processor."""
    yield from (slice(start, start + _NEAR) for start in range(0, size, _NEAR))


def _parts(first: Ints, size: int) -> Iterator[Ints]:
    """The numbers of the circles, in parts of about _ROWS pairs, to stay small in memory."""
    bounds = np.searchsorted(first, np.arange(0, size, _ROWS))
    for start, stop in pairwise([*dict.fromkeys(bounds.tolist()), first.size]):
        if stop > start:
            yield np.arange(start, stop)


def _find(codes: Texts, wanted: Texts) -> Ints:
    at = np.minimum(np.searchsorted(codes, wanted), codes.size - 1)
    return np.where(codes[at] == wanted, at, -1).astype(np.int64)


def _whole(areas: Areas) -> Pairs:
    row = np.flatnonzero(areas.of >= 0)
    return Pairs(areas.of[row], row, np.ones(row.size), areas.codes.size)


def _ladder(value: Floats, weight: Floats) -> tuple[Floats, Floats]:
    known = ~np.isnan(value) & (weight > 0)
    order = np.argsort(value[known], kind="stable")
    return value[known][order], np.concatenate([[0.0], np.cumsum(weight[known][order])])


def build(compiled: Indicators, indicators: pl.DataFrame, least_known: float) -> Table:
    """The table of the snapshot's frames. `indicators`: data/indicators.csv; `least_known`: 0 to 1."""
    whole = values(compiled).sort("block_group")
    chosen = indicators.filter(pl.col("indicator") != "population")
    population, adults = (
        whole[name].to_numpy().astype(np.float64) for name in ("population", "adults")
    )
    return Table(
        names=tuple(chosen["indicator"]),
        sources=tuple(chosen["source"]),
        units=tuple(chosen["unit"]),
        ids=np.array(whole["block_group"].to_list(), dtype=str),
        population=population,
        values=whole.select(chosen["indicator"].to_list()).to_numpy().T.copy(),
        weights=tuple(adults if by == _ADULTS else population for by in chosen["denominator"]),
        tract=whole["tract"].rank("dense").cast(pl.Int64).to_numpy() - 1,
        areas=_areas(whole),
        least_known=least_known,
    )


def _areas(whole: pl.DataFrame) -> Mapping[str, Areas]:
    state = whole["block_group"].str.head(2)
    outside = (state >= FIRST_TERRITORY).cast(pl.Int64).to_numpy()
    return {
        "county": _numbered(whole["county_fips"]),
        "state": _numbered(state),
        "us": Areas(np.array(["us"]), -outside),
    }


def _numbered(codes: pl.Series) -> Areas:
    of = codes.rank("dense").cast(pl.Int64).to_numpy() - 1
    return Areas(np.array(codes.unique().sort().to_list(), dtype=str), of)
