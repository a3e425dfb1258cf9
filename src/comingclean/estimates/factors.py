"""Parameters as the estimates see them: with unit and range, refused when they do not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from comingclean.errors import InputError

_FILE: Final = "data/parameters.csv"
_PERIOD: Final = re.compile(r"^(\d{4})(?:[-–](\d{4}))?")
# A range that is not given is taken as this share of the value: the digits that were printed.
_PRINTED: Final = 0.005
_GRADE: Final = {"read": "C", "quoted": "D", "judgement": "E"}


@dataclass(frozen=True)
class Factor:
    """One parameter: its middle, the ends of its 90 % interval, its unit and the years it speaks of."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    period: str = ""
    seen: str = "judgement"

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
            raise _refused(self.name, f"has the period “{self.period}”", "begin it with a year")
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
            raise _refused(
                name, "is not in the table", "add the row with value, range, unit and source"
            )
        return found

    def find(self, name: str) -> Factor | None:
        """The parameter, or None where the table has none of this name."""
        self.used[name] = self.by_name.get(name)
        return self.used[name]

    def named(self, prefix: str) -> Iterator[Factor]:
        """Parameters whose name begins with `prefix`, in order of their names."""
        for name in sorted(name for name in self.by_name if name.startswith(prefix)):
            yield self[name]

    def of(self, name: str, unit: str) -> Factor:
        """The parameter, whose unit must be `unit`."""
        factor = self[name]
        if factor.unit != unit:
            raise _refused(name, f"is in “{factor.unit}”", f"give it in {unit}")
        return factor

    def tracked(self) -> Factors:
        """The same parameters with a memory of their own."""
        return Factors(self.by_name)


def factors(parameters: pl.DataFrame) -> Factors:
    """Rows of the table `parameter` as factors; per cent become shares.

    Raises InputError for a parameter without number or unit, or outside its own range.
    """
    made: dict[str, Factor] = {}
    for row in parameters.iter_rows(named=True):
        name, value, unit = row["parameter"], row["value"], row["unit"]
        if value is None or not unit:
            raise _refused(name, "has no number or no unit", "fill the cell")
        low, high = row["low"], row["high"]
        low = value - abs(value) * _PRINTED if low is None else low
        high = value + abs(value) * _PRINTED if high is None else high
        if not low <= value <= high:
            raise _refused(
                name, f"({value:g}) lies outside its range {low:g} to {high:g}", "mend the row"
            )
        scale = 0.01 if unit == "%" else 1.0
        made[name] = Factor(
            name,
            value * scale,
            low * scale,
            high * scale,
            "share" if unit == "%" else unit,
            row["period"] or "",
            row["seen"],
        )
    return Factors(made)


def _refused(name: str, what: str, mend: str) -> InputError:
    return InputError(f"the parameter {name} {what}", mend, file=_FILE)
