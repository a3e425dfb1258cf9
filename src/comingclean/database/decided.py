"""What was decided by hand: quantities, methods and parameters, read from data/."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from comingclean.errors import InputError
from comingclean.estimates import parameter_kinds
from comingclean.estimates.parameter_kinds import Kind


def quantities(data: Path) -> pl.DataFrame:
    """Rows of the table `quantity`."""
    frame = pl.read_csv(data / "quantities.csv", infer_schema=False)
    return frame.with_columns(pl.col("sort", "better", "mappable").cast(pl.Int64))


def indicators(data: Path) -> pl.DataFrame:
    """Rows of the table `indicator`."""
    frame = pl.read_csv(data / "indicators.csv", infer_schema=False)
    return frame.with_columns(pl.col("sort", "better", "digits").cast(pl.Int64))


def methods(data: Path) -> pl.DataFrame:
    """Rows of the table `method`."""
    return pl.DataFrame([{"method": name, **f} for name, f in toml(data / "methods.toml").items()])


def toml(path: Path) -> dict[str, dict[str, Any]]:
    """A file of named tables."""
    with path.open("rb") as stream:
        return tomllib.load(stream)


def parameters(data: Path) -> pl.DataFrame:
    """Rows of the table `parameter`. Raises InputError, by row, for one that does not hold."""
    path = data / "parameters.csv"
    frame = pl.read_csv(path, infer_schema=False).rename({"where": "where_in_source"})
    numbers = [pl.col(name).cast(pl.Float64, strict=False) for name in ("value", "low", "high")]
    parsed = frame.with_columns(numbers)
    fault = parameter_kinds.first_fault(parsed, kinds(data))
    if fault:
        what = f"the parameter {fault.name} {fault.what}"
        raise InputError(what, fault.mend, file=path, row=fault.row)
    return parsed


def kinds(data: Path) -> tuple[Kind, ...]:
    """What a parameter may be: its unit, its bounds, and what it does."""
    return parameter_kinds.kinds(row for _, row in csv_rows(data / "parameter_kinds.csv"))


def factors(parameters: pl.DataFrame) -> dict[str, float]:
    """Parameter values by name, per cent as shares."""
    share = pl.when(pl.col("unit") == "%").then(0.01).otherwise(1.0)
    return dict(parameters.select("parameter", pl.col("value") * share).iter_rows())


def csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a decided table with their line in the file."""
    with path.open(newline="", encoding="utf-8") as stream:
        yield from enumerate(csv.DictReader(stream), start=2)
