"""The answer as a table: one row a site and radius, numbers or empty, and words for how it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.proximity.earth import Floats
from comingclean.proximity.grid import Rows
from comingclean.proximity.interval import interval, reach
from comingclean.proximity.kernel import Counts
from comingclean.proximity.layer import Layer
from comingclean.proximity.place import AT_SEA, COUNTRIES, Texts, Verdict
from comingclean.proximity.sites import LEAST_MILES, MOST_MILES, Sites, usable

# Words of a status that speak of the circle; those of a place alone are in place.py.
OK: Final = "ok"
FEW: Final = "sparse"
NOBODY: Final = "no one counted"
NO_RADIUS: Final = "impossible radius"
_SENTENCES: Final = {
    FEW: "few people: read the range, not the number",
    NOBODY: "no area with people reaches into the circle; read the range, some may live there",
    NO_RADIUS: f"a radius goes from {LEAST_MILES:g} to {MOST_MILES:g} miles; nothing was counted",
}

# What a message is made of, after the sentence on the place.
_TOLD: Final = ("status", "population", "states", "abroad")

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
    "abroad": pl.String,
    "message": pl.String,
}


@dataclass(frozen=True)
class Counted:
    """What was counted of the sites whose numbers are `good`, within each radius that is usable.

    `ashore`: whether the circle may meet a county; `abroad`: the three letters of another country
    that it reaches, or nearly, and empty for none.
    """

    good: Rows
    counts: Counts
    ashore: NDArray[np.bool_]
    abroad: Texts


def per_site(
    layer: Layer, sites: Sites, miles: Floats, verdicts: list[Verdict], counted: Counted
) -> pl.DataFrame:
    """One row a site and radius in the order of `sites` and `miles`, with the columns of `SCHEMA`."""
    shape = len(sites), miles.size
    here = np.ix_(counted.good, np.flatnonzero(usable(miles)))
    status = _placed(verdicts, miles)
    status[here] = _counted(counted.counts.population, status[here])
    columns: dict[str, Any] = {
        name: _spread(part, here, shape)
        for name, part in _numbers(layer, counted, status[here]).items()
    }
    columns["id"] = [name for name in sites.id for _ in range(miles.size)]
    columns["miles"] = np.tile(miles, len(sites))
    columns["status"] = status.ravel().tolist()
    columns["states"] = _states(layer, counted.counts, here, shape)
    columns["abroad"] = [name or None for name in _named(counted.abroad, here, shape)]
    columns["message"] = _messages(verdicts, columns)
    return pl.DataFrame({name: pl.Series(name, columns[name], dtype=kind, strict=False)
                         for name, kind in SCHEMA.items()})  # fmt: skip


def _placed(verdicts: list[Verdict], miles: Floats) -> NDArray[Any]:
    """The status of every circle before anyone is counted."""
    words = np.array([verdict.word for verdict in verdicts], dtype=object)
    status = np.repeat(words[:, None], miles.size, axis=1)
    status[np.ix_((words == "") | (words == AT_SEA), ~usable(miles))] = NO_RADIUS
    return status


def _counted(people: Floats, word: NDArray[Any]) -> NDArray[Any]:
    few = np.where(people < reach().population_sparse, FEW, OK)
    # A part of a person is no one.
    return np.where(word == AT_SEA, AT_SEA, np.where(np.rint(people) == 0, NOBODY, few))


def _numbers(layer: Layer, counted: Counted, status: NDArray[Any]) -> dict[str, Floats]:
    counts = counted.counts
    low, high = interval(counts, layer.kind)
    # Where a circle holds nothing but open water nobody lives, whatever the areas are spread over.
    water = (status == AT_SEA) & (counts.population == 0) & ~counted.ashore
    return {
        "population": counts.population,
        "low": low,
        "high": np.where(water, 0.0, high),
        "areas": counts.rows.astype(np.float64),
        "people_at_line": counts.cut,
    }


def _spread(numbers: Floats, here: Where, shape: tuple[int, int]) -> pl.Series:
    """Whole numbers in the rows that were counted, nothing in the others."""
    whole = np.full(shape, np.nan)
    whole[here] = np.rint(numbers)
    return pl.Series(whole.ravel()).fill_nan(None)


def _states(layer: Layer, counts: Counts, here: Where, shape: tuple[int, int]) -> list[str | None]:
    if layer.states is None:
        return [None] * (shape[0] * shape[1])
    found = layer.states.names(counts.states.ravel())
    return _named(np.array(found, dtype=object).reshape(counts.states.shape), here, shape)


def _named(words: NDArray[Any], here: Where, shape: tuple[int, int]) -> list[str | None]:
    """Words in the rows that were counted, nothing in the others."""
    whole = np.full(shape, None, dtype=object)
    whole[here] = words
    return list(whole.ravel().tolist())


def _messages(verdicts: list[Verdict], columns: dict[str, Any]) -> list[str | None]:
    """All that there is to say of each circle, from its place to what it reaches; None when plain."""
    radii = len(columns["id"]) // max(len(verdicts), 1)
    own = [verdict.sentence for verdict in verdicts for _ in range(radii)]
    facts = zip(own, *(columns[name] for name in _TOLD), strict=True)
    return ["; ".join(filter(None, _said(*told))) or None for told in facts]


def _said(
    place: str, status: str, people: float | None, states: str | None, abroad: str | None
) -> list[str | None]:
    """What is wrong with the place, what its count means, and across which lines the circle lies."""
    if status == AT_SEA and people is not None and 0 < people < reach().population_sparse:
        status = FEW
    return [place, _SENTENCES.get(status), _across(states), _uncounted(abroad)]


def _uncounted(abroad: str | None) -> str | None:
    if not abroad:
        return None
    return f"the circle reaches {COUNTRIES[abroad]}, or nearly: people there are not counted"


def _across(reached: str | None) -> str | None:
    """What to say of a circle over a state line."""
    if not reached or " " not in reached:
        return None
    return f"the circle lies across a state line: people of {', '.join(reached.split())} are counted"
