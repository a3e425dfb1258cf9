"""The one way to write: beside the goal, and renamed when whole."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from comingclean.errors import WriteError


@contextmanager
def whole_folder(goal: Path) -> Iterator[Path]:
    """Give an empty folder beside `goal`; when the block ends well it takes the place of `goal`.

    Whatever goes wrong in the block (a full disk, Ctrl-C), the former `goal` stays as it was.
    Raises WriteError when nothing can be written.
    """
    with _beside(goal) as work:
        fresh = work / "fresh"
        fresh.mkdir()
        yield fresh
        former = work / "former"
        if goal.exists():
            goal.replace(former)
        try:
            fresh.replace(goal)
        except BaseException:
            if former.exists():
                former.replace(goal)
            raise


@contextmanager
def whole_file(goal: Path) -> Iterator[Path]:
    """Give a path beside `goal`; when the block ends well the file takes the place of `goal`."""
    with _beside(goal) as work:
        fresh = work / goal.name
        yield fresh
        fresh.replace(goal)


@contextmanager
def _beside(goal: Path) -> Iterator[Path]:
    work: Path | None = None
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{goal.name}-", dir=goal.parent))
        yield work
    except (OSError, sqlite3.Error, pl.exceptions.PolarsError) as error:
        raise WriteError(f"{goal}: {_reason(error)}; what stood there before is untouched") from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"could not be written ({error.strerror})"
    return f"could not be written ({error})"


def write_parquet(frame: pl.DataFrame, path: Path) -> None:
    """Write one table; the same frame gives the same bytes."""
    frame.write_parquet(path, compression="zstd", compression_level=12, statistics=False)
