"""What a parameter may be: its name, its unit and its bounds, as data/parameter_kinds.csv says.

A kind is a name, with `{plant}`, `{state}`, `{year}`, `{number}` or `{name}` where names differ. A
parameter that fits no kind belongs to another subject and is looked at by its own reader; one with a
slash must fit.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from comingclean.errors import InputError

FILE: Final = "data/parameters.csv"
SEEN: Final = ("read", "quoted", "derived", "judgement")
_FILLED: Final = ("value", "low", "high", "unit", "period", "citation", "seen")
# A judgement has no place in a source.
_PLACE: Final = "where_in_source"
_MEND: Final = "correct the value or its range"
_PARTS: Final = {
    "plant": r"(?P<plant>[a-z0-9]+(?:-[a-z0-9]+)*)",
    "state": r"(?P<state>[A-Z]{2})",
    "year": r"(?:19|20)\d\d",
    "number": r"\d+",
    "name": r"[a-z0-9]+(?:_[a-z0-9]+)*",
}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind: the pattern of its names, the units it may be in, its bounds, and what it does.

    `role`: middle and total set the middle of an estimate, width its interval, rule decides what is
    done, test is only compared with.
    """

    name: str
    pattern: re.Pattern[str]
    units: tuple[str, ...]
    least: float
    most: float
    role: str


def kinds(rows: Iterable[Row]) -> tuple[Kind, ...]:
    """Kinds from rows of the table, in its order: the first that fits a name is its kind."""
    return tuple(
        Kind(
            row["kind"],
            _pattern(row["kind"]),
            tuple(row["unit"].split("|")),
            float(row["least"]),
            float(row["most"]),
            row["role"],
        )
        for row in rows
    )


def _pattern(name: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", name)
    text = "".join(_PARTS[part] if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile(text)


def kind_of(name: str, given: Iterable[Kind]) -> Kind | None:
    """The first kind that fits a name, or None."""
    return next((kind for kind in given if kind.pattern.fullmatch(name)), None)


@dataclass(frozen=True)
class Fault:
    """What is wrong with a parameter: its name and row, what it is or has, and the mend."""

    name: str
    row: int
    what: str
    mend: str


def first_fault(parameters: pl.DataFrame, given: Collection[Kind]) -> Fault | None:
    """The first parameter that is not whole, stands twice or lies out of bounds, or None.

    `parameters`: rows of the table `parameter` in the order of the file.
    """
    first: dict[str, int] = {}
    for line, row in enumerate(parameters.iter_rows(named=True), start=2):
        name = row["parameter"]
        fault = _unwhole(row) or _out_of_bounds(row, given)
        if name in first:
            fault = f"stands twice, first in row {first[name]}", "keep one of the two"
        if fault:
            return Fault(name, line, *fault)
        first[name] = line
    return None


def _unwhole(row: Row) -> tuple[str, str] | None:
    if row["seen"] and row["seen"] not in SEEN:
        return f"was seen as “{row['seen']}”", f"write one of {', '.join(SEEN)}"
    wanted = _FILLED if row["seen"] == "judgement" else (*_FILLED, _PLACE)
    empty = [name.removesuffix("_in_source") for name in wanted if row[name] in (None, "")]
    if empty:
        return f"has no {', '.join(empty)}, or no number there", "fill the cell"
    if not row["low"] <= row["value"] <= row["high"]:
        return f"({row['value']:g}) lies outside its range {row['low']:g} to {row['high']:g}", _MEND
    return None


def _out_of_bounds(row: Row, given: Collection[Kind]) -> tuple[str, str] | None:
    name = row["parameter"]
    kind = kind_of(name, given)
    if kind is None:
        head, slash, _ = name.partition("/")
        like = [one.name for one in given if one.name.startswith(f"{head}/")]
        mend = f"name it like {' or '.join(like)}" if like else "name its kind in parameter_kinds.csv"
        return ("is of no known kind", mend) if slash else None
    if row["unit"] not in kind.units:
        return f"is in “{row['unit']}”", f"give it in {' or '.join(kind.units)}"
    if not (kind.least <= row["low"] and row["high"] <= kind.most):
        bounds = f"{kind.least:g} to {kind.most:g} {row['unit']}"
        return f"({row['low']:g} to {row['high']:g}) lies outside {bounds}", "look at value and unit"
    return None


def strangers(
    parameters: Iterable[str], given: Collection[Kind], plants: Collection[str], states: Collection[str]
) -> list[str]:
    """Names of parameters that speak of a plant or a state which the registry does not have."""
    return [name for name in parameters if _strange(name, given, plants, states)]


def _strange(
    name: str, given: Collection[Kind], plants: Collection[str], states: Collection[str]
) -> bool:
    kind = kind_of(name, given)
    found = kind.pattern.fullmatch(name) if kind else None
    about = found.groupdict() if found else {}
    plant, state = about.get("plant"), about.get("state")
    return (plant is not None and plant not in plants) or (state is not None and state not in states)


def refused(name: str, what: str, mend: str, *, row: int | None = None) -> InputError:
    """The refusal of a parameter, in one line."""
    return InputError(f"the parameter {name} {what}", mend, file=FILE, row=row)
