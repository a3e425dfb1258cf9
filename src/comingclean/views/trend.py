"""The small chart of a quantity over the years: a line in the ribbon of its interval.

Plain SVG, so that it needs no script, prints sharply and follows the page's colours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

from comingclean.views.figures import exactly, scale_for

WIDTH: Final = 340
HEIGHT: Final = 112
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 52, 8, 22
_LETTERS: Final = 3
# Half the width of the interval of a year that has no neighbour.
_ALONE: Final = 1.5
_HALVES: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10)


@dataclass(frozen=True)
class Trend:
    """Geometry of one chart, in the units of its view box."""

    ribbons: tuple[str, ...]
    lines: tuple[str, ...]
    points: tuple[tuple[float, float, int], ...]
    ticks: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, int], ...]
    unit: str


def trend(rows: Sequence[dict[str, Any]], years: Sequence[int], lang: str) -> Trend:
    """The chart of value rows (year, value, low, high, unit) over `years`; a gap breaks the line."""
    top = max((row["high"] for row in rows), default=1.0)
    largest = max((row["value"] for row in rows), default=1.0)
    scale = scale_for(largest, rows[0]["unit"] if rows else "", lang)
    end = ceiling(top)
    x, y = _across(years), _up(end)
    runs = _runs(rows)
    return Trend(
        ribbons=tuple(_ribbon(run, x, y) for run in runs),
        lines=tuple(" ".join(f"{x(r['year']):.1f},{y(r['value']):.1f}" for r in run) for run in runs),
        points=tuple((x(row["year"]), y(row["value"]), row["year"]) for row in rows),
        ticks=tuple((y(at), exactly(at, scale.factor, lang)) for at in (0.0, end / 2, end)),
        years=tuple((x(year), year) for year in (years[0], years[-1])),
        unit=_beside(scale.unit),
    )


def _beside(unit: str) -> str:
    """What stands of a unit beside the axis: a prefix fits, words are read beside the figure."""
    head = unit.removesuffix(" CO₂e")
    return head if len(head) <= _LETTERS else ""


def _across(years: Sequence[int]) -> Callable[[float], float]:
    span = max(years[-1] - years[0], 1)
    return lambda year: round(_LEFT + (year - years[0]) / span * (WIDTH - _LEFT - _RIGHT), 1)


def _up(end: float) -> Callable[[float], float]:
    height = HEIGHT - _TOP - _BOTTOM
    return lambda value: round(_TOP + (1 - value / end) * height, 1)


def ceiling(top: float) -> float:
    """The end of the axis: twice the smallest round number whose double reaches the top."""
    top = top or 1.0
    power = 10.0 ** floor(log10(top / 2))
    return 2 * next(power * half for half in _HALVES if 2 * power * half >= top * (1 - 1e-9))


def _runs(rows: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows of years that follow each other."""
    runs: list[list[dict[str, Any]]] = []
    for row in rows:
        if runs and row["year"] == runs[-1][-1]["year"] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def _ribbon(run: Sequence[dict[str, Any]], x: Any, y: Any) -> str:
    across = [x(row["year"]) for row in run]
    if len(run) == 1:
        run, across = [*run, *run], [across[0] - _ALONE, across[0] + _ALONE]
    over = [f"{at:.1f},{y(row['high']):.1f}" for at, row in zip(across, run, strict=True)]
    under = [f"{at:.1f},{y(row['low']):.1f}" for at, row in zip(across, run, strict=True)]
    return " ".join([*over, *reversed(under)])
