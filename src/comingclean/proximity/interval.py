"""How sure a count of people is: from who lives near the line, and from the error that was measured.

Were the people of an area all in one spot anywhere in its disc, a count would have the variance
sum of p^2 s (1 - s), with p people of whom the share s counts. Its root is the *lump*. People are less
lumped than that, so the interval reaches a part of the lump down, and up more than that the larger the
lump is beside the count: a large area near the line may hold a town. The numbers are parameters.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import numpy as np

from comingclean import paths
from comingclean.errors import InputError
from comingclean.proximity.earth import Floats
from comingclean.proximity.kernel import Counts
from comingclean.proximity.layer import Kind


@dataclass(frozen=True)
class Reach:
    """How far an interval reaches: rows of `data/parameters.csv` of the same names.

    `population_line_down` lumps down; up `population_line_up` lumps and one more for each time that
    the lump holds the count, at most `population_line_up_most`. Fewer people than `population_sparse`
    are sparse: from nobody to `population_sparse_high` at the least, where areas are counted.
    """

    population_line_down: float
    population_line_up: float
    population_line_up_most: float
    population_sparse: float
    population_sparse_high: float

    @classmethod
    def of(cls, parameters: Mapping[str, float]) -> Reach:
        """Those of `parameters`, by name. Raises KeyError when one of them is missing."""
        return cls(**{field.name: float(parameters[field.name]) for field in fields(cls)})


def reach() -> Reach:
    """The numbers that the project decided on. Raises InputError when one of them is missing."""
    return _read(paths.data() / "parameters.csv")


@lru_cache(maxsize=4)
def _read(file: Path) -> Reach:
    try:
        with file.open(newline="", encoding="utf-8") as stream:
            rows = {row["parameter"]: row["value"] for row in csv.DictReader(stream)}
        wanted = {field.name: float(rows[field.name]) for field in fields(Reach)}
        return Reach.of(wanted)
    except (OSError, KeyError, ValueError) as error:
        mend = f"give a number to each of {', '.join(field.name for field in fields(Reach))}"
        raise InputError(f"no parameters of the interval ({error})", mend, file=file) from error


def interval(counts: Counts, kind: Kind, by: Reach | None = None) -> tuple[Floats, Floats]:
    """The low and the high end of the 90 % interval of each count, in people.

    `by`: how far it reaches, as the project decided when not given.
    """
    people, lump, by = counts.population, np.sqrt(counts.variance), by or reach()
    relative = lump / np.maximum(people, 1.0)
    up = np.minimum(by.population_line_up + relative, by.population_line_up_most)
    low, high = np.maximum(people - by.population_line_down * lump, 0), people + up * lump
    if kind == "points":
        return low, high
    sparse = people < by.population_sparse
    return np.where(sparse, 0.0, low), np.where(
        sparse, np.maximum(high, by.population_sparse_high), high
    )
