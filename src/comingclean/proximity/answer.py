"""The answer as a table: one row a site and radius, numbers or empty, and words for how it went."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.proximity.earth import Floats
from comingclean.proximity.grid import Rows
from comingclean.proximity.interval import interval, reach
from comingclean.proximity.kernel import Counts
from comingclean.proximity.layer import Layer
from comingclean.proximity.place import AT_SEA, Verdict
from comingclean.proximity.sites import LEAST_MILES, MOST_MILES, Sites, usable
from comingclean.store import whole_file

# Words of a status that speak of the circle; those of a place alone are in place.py.
OK: Final = "ok"
FEW: Final = "sparse"
NOBODY: Final = "no one counted"
NO_RADIUS: Final = "impossible radius"
_SENTENCES: Final = {
    FEW: "few people: read the range, not the number",
    NOBODY: "the place could be counted; no area with people reaches into the circle",
    NO_RADIUS: f"a radius goes from {LEAST_MILES:g} to {MOST_MILES:g} miles; nothing was counted",
}

# Rows and columns of a table of sites by radii.
Where = tuple[NDArray[np.intp], ...]

SCHEMA: Final = {
    "id": pl.String,
    "miles": pl.Float64,
    "population": pl.Int64,
    "low": pl.Int64,
    "high": pl.Int64,
    "status": pl.String,
    "areas": pl.Int64,
    "people_at_line": pl.Int64,
    "states": pl.String,
    "message": pl.String,
}


def per_site(
    layer: Layer, sites: Sites, miles: Floats, verdicts: list[Verdict], good: Rows, counts: Counts
) -> pl.DataFrame:
    """One row a site and radius in the order of `sites` and `miles`, with the columns of `SCHEMA`.

    `counts` speak of the sites whose numbers are `good`, and of those of `miles` that are usable.
    """
    shape = len(sites), miles.size
    here = np.ix_(good, np.flatnonzero(usable(miles)))
    status = _placed(verdicts, miles)
    status[here] = _counted(counts.population, status[here])
    columns: dict[str, Any] = {
        name: _spread(part, here, shape) for name, part in _numbers(layer, counts, status[here]).items()
    }
    states = _states(layer, counts, here, shape)
    columns["id"] = [name for name in sites.id for _ in range(miles.size)]
    columns["miles"] = np.tile(miles, len(sites))
    columns["status"] = status.ravel().tolist()
    columns["states"] = states
    columns["message"] = _messages(verdicts, status, states)
    return pl.DataFrame({name: pl.Series(name, columns[name], dtype=kind, strict=False)
                         for name, kind in SCHEMA.items()})  # fmt: skip


def _placed(verdicts: list[Verdict], miles: Floats) -> NDArray[Any]:
    """The status of every circle before anyone is counted."""
    words = np.array([verdict.word for verdict in verdicts], dtype=object)
    status = np.repeat(words[:, None], miles.size, axis=1)
    status[np.ix_(words == "", ~usable(miles))] = NO_RADIUS
    return status


def _counted(people: Floats, word: NDArray[Any]) -> NDArray[Any]:
    few = np.where(people < reach().population_sparse, FEW, OK)
    return np.where(word == AT_SEA, AT_SEA, np.where(people == 0, NOBODY, few))


def _numbers(layer: Layer, counts: Counts, status: NDArray[Any]) -> dict[str, Floats]:
    low, high = interval(counts, layer.kind)
    nobody_at_sea = (status == AT_SEA) & (counts.population == 0)
    return {
        "population": counts.population,
        "low": low,
        "high": np.where(nobody_at_sea, 0.0, high),
        "areas": counts.rows.astype(np.float64),
        "people_at_line": counts.cut,
    }


def _spread(numbers: Floats, here: Where, shape: tuple[int, int]) -> pl.Series:
    """Whole numbers in the rows that were counted, nothing in the others."""
    whole = np.full(shape, np.nan)
    whole[here] = np.rint(numbers)
    return pl.Series(whole.ravel()).fill_nan(None)


def _states(layer: Layer, counts: Counts, here: Where, shape: tuple[int, int]) -> list[str | None]:
    names = np.full(shape, None, dtype=object)
    if layer.states is not None:
        found = layer.states.names(counts.states.ravel())
        names[here] = np.array(found, dtype=object).reshape(counts.states.shape)
    return list(names.ravel().tolist())


def _messages(
    verdicts: list[Verdict], status: NDArray[Any], states: list[str | None]
) -> list[str | None]:
    """What is wrong with the place, or else what the count means; nothing when all is plain."""
    own = [verdict.sentence for verdict in verdicts for _ in range(status.shape[1])]
    return [
        sentence or _SENTENCES.get(word) or _across(reached)
        for sentence, word, reached in zip(own, status.ravel().tolist(), states, strict=True)
    ]


def _across(reached: str | None) -> str | None:
    """What to say of a circle over a state line."""
    if not reached or " " not in reached:
        return None
    return f"the circle lies across a state line: people of {', '.join(reached.split())} are counted"


def write_csv(frame: pl.DataFrame, goal: Path) -> None:
    """Write an answer as CSV, radii as they were asked for (1 and not 1.0). Raises WriteError."""
    shown = [f"{mile:g}" for mile in frame["miles"].to_list()]
    with whole_file(goal) as path:
        frame.with_columns(pl.Series("miles", shown, dtype=pl.String)).write_csv(path)
