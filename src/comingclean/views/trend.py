"""The small chart of a quantity over the years: a line in the ribbon of its interval.

Plain SVG, so that it needs no script, prints sharply and follows the page's colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

from comingclean.views.figures import Scale, scale_for

WIDTH: Final = 340
HEIGHT: Final = 112
_LEFT, _RIGHT, _TOP, _BOTTOM = 6, 52, 8, 22
_HALVES: Final = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 10)


@dataclass(frozen=True)
class Trend:
    """Geometry of one chart, in the units of its view box."""

    ribbons: tuple[str, ...]
    lines: tuple[str, ...]
    points: tuple[tuple[float, float, int], ...]
    ticks: tuple[tuple[float, str], ...]
    years: tuple[tuple[float, int], ...]
    scale: Scale


def trend(rows: Sequence[dict[str, Any]], years: Sequence[int]) -> Trend:
    """The chart of value rows (year, value, low, high, unit) over `years`; a gap breaks the line."""
    top = max((row["high"] for row in rows), default=1.0)
    scale = scale_for(max((row["value"] for row in rows), default=1.0), rows[0]["unit"] if rows else "")
    ceiling = _ceiling(top)
    x, y = _across(years), _up(ceiling)
    runs = _runs(rows)
    return Trend(
        ribbons=tuple(_ribbon(run, x, y) for run in runs),
        lines=tuple(" ".join(f"{x(r['year']):.1f},{y(r['value']):.1f}" for r in run) for run in runs),
        points=tuple((x(row["year"]), y(row["value"]), row["year"]) for row in rows),
        ticks=tuple((y(at), f"{at / scale.factor:g}") for at in (0.0, ceiling / 2, ceiling)),
        years=tuple((x(year), year) for year in (years[0], years[-1])),
        scale=scale,
    )


def _across(years: Sequence[int]) -> Any:
    span = max(years[-1] - years[0], 1)
    return lambda year: round(_LEFT + (year - years[0]) / span * (WIDTH - _LEFT - _RIGHT), 1)


def _up(ceiling: float) -> Any:
    height = HEIGHT - _TOP - _BOTTOM
    return lambda value: round(_TOP + (1 - value / ceiling) * height, 1)


def _ceiling(top: float) -> float:
    """The end of the axis: twice the smallest round number whose double reaches the top."""
    power = 10.0 ** floor(log10(max(top, 1.0) / 2))
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
    over = [f"{x(row['year']):.1f},{y(row['high']):.1f}" for row in run]
    under = [f"{x(row['year']):.1f},{y(row['low']):.1f}" for row in reversed(run)]
    return " ".join([*over, *under])
