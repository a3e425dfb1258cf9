"""Answers as files: CSV or Parquet, never over something else."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.store import whole_file

_PARQUET: Final = ".parquet"
_CSV: Final = ("", ".csv", ".txt")
# How every answer of ours begins, of each place and of all together.
_BEGINNINGS: Final = ("id,miles,population,low,high,", "miles,sites,population,low,high,")


def as_csv(frame: pl.DataFrame) -> str:
    """An answer as CSV, radii as they were asked for (1 and not 1.0)."""
    shown = [f"{mile:g}" for mile in frame["miles"].to_list()]
    return frame.with_columns(pl.Series("miles", shown, dtype=pl.String)).write_csv()


def write_answer(frame: pl.DataFrame, goal: Path) -> None:
    """Write an answer as Parquet where the file is called so, else as CSV. Raises WriteError."""
    with whole_file(goal) as path:
        if goal.suffix.lower() == _PARQUET:
            frame.write_parquet(path)
        else:
            path.write_text(as_csv(frame), "utf-8")


def refuse_foreign(goal: Path) -> None:
    """Raise InputError for a kind of file that is not written, and for a file that is no answer."""
    if goal.suffix.lower() not in (_PARQUET, *_CSV):
        what = f"an answer is not written as “{goal.suffix}”"
        raise InputError(what, "name a file .csv or .parquet", file=goal)
    try:
        head = _head(goal)
    except OSError:  # nothing there, or what cannot be written either, which is told then
        return
    if head and not head.startswith(_BEGINNINGS):
        raise InputError("holds something that is no answer of near", "name a new file", file=goal)


def _head(goal: Path) -> str:
    """The beginning of a file of text, or the columns of one of Parquet."""
    with goal.open("rb") as stream:
        head = stream.read(max(map(len, _BEGINNINGS)))
    if not head.startswith(b"PAR1"):
        return head.decode("utf-8", "replace")
    try:
        return ",".join(pl.read_parquet_schema(goal))
    except pl.exceptions.PolarsError:
        return "no Parquet"
