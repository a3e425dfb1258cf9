"""What the community tests share: real slices, what is compiled from them, and made-up tables."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from comingclean.estimates import community
from comingclean.estimates.community_arrays import Areas, Pairs, Table, build
from comingclean.estimates.community_region import planning_regions
from comingclean.estimates.community_table import Indicators, compile_indicators
from comingclean.facilities.county import Counties
from comingclean.sources import census, dep_index, eji, ejscreen

ROOT = Path(__file__).parents[2]
SLICES = ROOT / "tests/slices"
FILES = {
    census: SLICES / "census/bg2020_population.parquet",
    dep_index: SLICES / "dep-index/dep_index_2023_tract.parquet",
    eji: SLICES / "cdc-eji/eji_2024_tract.parquet",
    ejscreen: SLICES / "ejscreen-2020/ejscreen2020_tract.parquet",
}
SITES = SLICES / "epa-aqs/aqs_sites.csv.gz"
PARAMETERS = {community.SPARSE: 500.0, community.LEAST_KNOWN: 0.8, community.MOST_TIED: 1.0}


@cache
def words() -> pl.DataFrame:
    """The table of indicators that is shipped."""
    return pl.read_csv(ROOT / "data/indicators.csv", infer_schema=False)


@cache
def regions() -> pl.DataFrame:
    """The planning regions of the tracts of Connecticut in the slice."""
    outlines = Counties.read(SLICES / "counties.json").outlines("CT")
    return planning_regions(census.read(FILES[census]), outlines)


@cache
def compiled() -> Indicators:
    """The slices, compiled."""
    return compile_indicators(*(reader.read(path) for reader, path in FILES.items()), regions())


@cache
def real_table() -> Table:
    """The slices as arrays."""
    return build(compiled(), words(), PARAMETERS[community.LEAST_KNOWN])


def made_up(population: list[float], values: list[list[float]], counties: int = 2) -> Table:
    """A table of block groups with these people and values, an indicator a row, dealt to counties."""
    size = len(population)
    people = np.array(population, dtype=float)
    of = np.arange(size) % counties
    fips = np.array([f"{number + 1:02d}001" for number in range(counties)])
    return Table(
        names=tuple(f"share_{k}" for k in range(len(values))),
        sources=("census", "dep_index", "eji")[: len(values)],
        units=("%",) * len(values),
        ids=np.array([f"{number:012d}" for number in range(size)]),
        population=people,
        values=np.array(values, dtype=float).reshape(len(values), size),
        weights=(people,) * len(values),
        tract=np.arange(size) // 2,
        areas={
            "county": Areas(fips, of),
            "state": Areas(np.array([code[:2] for code in fips]), of),
            "us": Areas(np.array(["us"]), np.zeros(size, np.int64)),
        },
        least_known=PARAMETERS[community.LEAST_KNOWN],
    )


@st.composite
def tables(draw: DrawFn, known: bool = False) -> tuple[Table, Pairs]:
    """A made-up table of three indicators, and circles over it."""
    size = draw(st.integers(1, 12))
    people = draw(st.lists(st.integers(0, 3000), min_size=size, max_size=size))
    number = st.floats(0, 100) if known else st.floats(0, 100) | st.just(float("nan"))
    values = [draw(st.lists(number, min_size=size, max_size=size)) for _ in range(3)]
    circles = draw(st.integers(1, 5))
    cell = st.tuples(st.integers(0, circles - 1), st.integers(0, size - 1))
    cells = draw(st.lists(cell, unique=True, max_size=20))
    shares = draw(st.lists(st.floats(0.001, 1), min_size=len(cells), max_size=len(cells)))
    circle, row = np.array(cells, np.int64).reshape(-1, 2).T
    return made_up(people, values), Pairs(circle, row, np.array(shares, float), circles)


def asked(circles: int) -> pl.DataFrame:
    """Rows for circles around plants in the first county, as the engine hands them in."""
    return pl.DataFrame(
        {
            "facility_id": [f"plant-{number:03d}" for number in range(circles)],
            "radius_miles": [3.0] * circles,
            "county_fips": ["01001"] * circles,
            "state_fips": ["01"] * circles,
            "low": [0.0] * circles,
            "high": [1e6] * circles,
            "abroad": [""] * circles,
        }
    )
