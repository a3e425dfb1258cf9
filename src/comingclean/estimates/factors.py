"""Parameters as the estimates see them: with unit and range, refused when they do not hold."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.estimates.parameter_kinds import Kind, kind_of, refused

_PERIOD: Final = re.compile(r"^(\d{4})(?:[-–](\d{4}))?")
_GRADE: Final = {"read": "C", "derived": "C", "quoted": "D", "judgement": "E"}
_CAPS: Final = ("middle", "total")


@dataclass(frozen=True)
class Factor:
    """One parameter: its middle, the ends of its 90 % interval, its unit and the years it speaks of.

    `role`: what it does (see `parameter_kinds`). `row`: where it stands in data/parameters.csv.
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    period: str = ""
    seen: str = "judgement"
    role: str = "middle"
    row: int | None = None

    @property
    def source(self) -> str:
        """Its id in the table lineage."""
        return f"parameters/{self.name}"

    @property
    def grade(self) -> str:
        """How far it can be trusted, by how its source was seen."""
        return _GRADE.get(self.seen, "E")

    def years(self) -> tuple[int, int]:
        """First and last year of its period. Raises InputError when it names none."""
        found = _PERIOD.match(self.period)
        if not found:
            raise refused(
                self.name, f"has the period “{self.period}”", "begin it with a year", row=self.row
            )
        first = int(found[1])
        return first, int(found[2] or first)


@dataclass(frozen=True)
class Factors:
    """All parameters by name; what was read of them is kept in `used`, for the memory of the steps."""

    by_name: Mapping[str, Factor]
    used: dict[str, Factor | None] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Factor:
        """The parameter. Raises InputError where there is none of this name."""
        found = self.find(name)
        if found is None:
            raise refused(name, "is not in the table", "add the row with value, range, unit and source")
        return found

    def find(self, name: str) -> Factor | None:
        """The parameter, or None where the table has none of this name."""
        self.used[name] = self.by_name.get(name)
        return self.used[name]

    def named(self, prefix: str) -> Iterator[Factor]:
        """Parameters whose name begins with `prefix`, in order of their names."""
        first = bisect_left(self._names, prefix)
        for name in takewhile(lambda name: name.startswith(prefix), self._names[first:]):
            yield self[name]

    @cached_property
    def _names(self) -> list[str]:
        return sorted(self.by_name)

    def of(self, name: str, unit: str) -> Factor:
        """The parameter, whose unit must be `unit`."""
        factor = self[name]
        if factor.unit != unit:
            raise refused(name, f"is in “{factor.unit}”", f"give it in {unit}", row=factor.row)
        return factor

    def tracked(self) -> Factors:
        """The same parameters with a memory of their own."""
        return Factors(self.by_name)

    def weakest(self, sources: Iterable[str]) -> str:
        """The weakest grade of the parameters among `sources` that set the middle of an estimate.

        One that only says how wide an interval is does not make the middle less sure.
        """
        named = (self.by_name.get(name.removeprefix("parameters/")) for name in sources)
        return max((one.grade for one in named if one and one.role in _CAPS), default="A")


def factors(parameters: pl.DataFrame, kinds: Collection[Kind] = ()) -> Factors:
    """Rows of the table `parameter` as factors; per cent become shares.

    Raises InputError for a parameter without number, range or unit, or outside its own range.
    """
    made: dict[str, Factor] = {}
    for line, row in enumerate(parameters.iter_rows(named=True), start=2):
        name, unit = row["parameter"], row["unit"]
        ends = row["low"], row["value"], row["high"]
        if None in ends or not unit:
            raise refused(name, "has no number, no range or no unit", "fill the cell", row=line)
        if not ends[0] <= ends[1] <= ends[2]:
            raise _outside(name, ends, line)
        kind, scale = kind_of(name, kinds), 0.01 if unit == "%" else 1.0
        low, value, high = (end * scale for end in ends)
        unit = "share" if unit == "%" else unit
        role = kind.role if kind else "other" if kinds else "middle"
        made[name] = Factor(name, value, low, high, unit, row["period"] or "", row["seen"], role, line)
    return Factors(made)


def _outside(name: str, ends: tuple[float, float, float], line: int) -> InputError:
    low, value, high = ends
    return refused(
        name, f"({value:g}) lies outside its range {low:g} to {high:g}", "mend the row", row=line
    )
