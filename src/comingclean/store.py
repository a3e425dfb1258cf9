"""The one way to write: beside the goal, renamed when whole, and never over what is not ours.

A folder that is written here holds a manifest.json that names its files. Only a folder that holds
nothing else is ever replaced. Several processes may write one goal at once: the last of them stays.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from errno import EEXIST, ENOTEMPTY
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean.errors import InputError, WriteError

MANIFEST: Final = "manifest.json"
# What a file manager leaves in every folder that it shows.
_LITTER: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_FORMER: Final = "former"
# Another process put its own there first, so many times in a row.
_TRIES: Final = 100
# No writing takes a day: what is older was left by a process that was killed.
_LEFT_SECONDS: Final = 86_400.0


def refuse_foreign(goal: Path) -> None:
    """Raise InputError where the folder `goal` holds anything that its own manifest does not name."""
    strange = _strange(goal)
    if strange is not None:
        what = f"holds “{strange}”, which this program did not write there"
        raise InputError(what, "name a new folder, or move that away", file=goal)


def _strange(goal: Path) -> str | None:
    """What does not belong to `goal`, looked at again if another process put a folder there."""
    before, now, strange = None, _which(goal), None
    while before != now:
        before, strange = now, _looked_at(goal)
        now = _which(goal)
    return strange


def _which(goal: Path) -> tuple[int, int] | None:
    with suppress(OSError):
        status = goal.stat()
        return status.st_ino, status.st_mtime_ns
    return None


def _looked_at(goal: Path) -> str | None:
    try:
        there = {path.name for path in goal.iterdir()} - _LITTER
    except (FileNotFoundError, NotADirectoryError):
        return goal.name if goal.is_file() else None
    return min(there - _named(goal), default=None)


def _named(folder: Path) -> set[str]:
    """The files that the manifest of a folder names, with itself; none where there is no manifest."""
    try:
        return {MANIFEST, *json.loads((folder / MANIFEST).read_text("utf-8"))["files"]}
    except (OSError, ValueError, LookupError, TypeError):
        return set()


@contextmanager
def whole_folder(goal: Path, about: Mapping[str, Any] | None = None) -> Iterator[Path]:
    """Give an empty folder beside `goal`; when the block ends well it takes the place of `goal`.

    `about` goes into its manifest, beside the names of its files. Whatever goes wrong in the block (a
    full disk, Ctrl-C), the former `goal` stays as it was. Raises InputError when that is not ours,
    WriteError when nothing can be written.
    """
    refuse_foreign(goal)
    with _beside(goal) as work:
        fresh = work / goal.name
        fresh.mkdir()
        yield fresh
        _sign(fresh, about or {})
        _swap(fresh, goal, work)


@contextmanager
def whole_file(goal: Path) -> Iterator[Path]:
    """Give a path beside `goal`; when the block ends well the file takes the place of `goal`."""
    with _beside(goal) as work:
        fresh = work / goal.name
        yield fresh
        fresh.replace(goal)


@contextmanager
def whole_pair(
    file: Path, folder: Path, about: Mapping[str, Any] | None = None
) -> Iterator[tuple[Path, Path]]:
    """As `whole_file` and `whole_folder` at once, for a file and a folder beside it.

    Both take their places at the end, or neither does.
    """
    refuse_foreign(folder)
    with _beside(file, folder) as work:
        fresh = work / file.name, work / folder.name
        fresh[1].mkdir()
        yield fresh
        _sign(fresh[1], about or {})
        former = _swap(fresh[1], folder, work)
        try:
            fresh[0].replace(file)
        except BaseException:
            folder.replace(fresh[1])
            _put_back(former, folder)
            raise


def _sign(folder: Path, about: Mapping[str, Any]) -> None:
    files = sorted(path.name for path in folder.iterdir())
    text = json.dumps({**about, "files": files}, indent=1)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def _swap(fresh: Path, goal: Path, work: Path) -> Path:
    """Put the folder `fresh` where `goal` is. Returns where the former one went, if there was one."""
    for number in range(_TRIES):
        former = work / f"{_FORMER}-{number}-{goal.name}"
        try:
            with suppress(FileNotFoundError):
                goal.replace(former)
            fresh.replace(goal)
            return former
        except BaseException as error:
            _put_back(former, goal)
            if getattr(error, "errno", None) not in (ENOTEMPTY, EEXIST):
                raise
    raise OSError(EEXIST, "others are writing there all the time")


def _put_back(former: Path, goal: Path) -> None:
    if former.exists():
        with suppress(OSError):  # another process has put its own there meanwhile
            former.replace(goal)


@contextmanager
def _beside(*goals: Path) -> Iterator[Path]:
    """A folder to work in, beside `goals` that share a folder. Raises WriteError for all that fails."""
    goal, work = goals[0], None  # type: Path, Path | None
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        _clear_up(goals)
        work = Path(tempfile.mkdtemp(prefix=_prefix(goal), dir=goal.parent))
        yield work
    except (OSError, sqlite3.Error, pl.exceptions.PolarsError) as error:
        raise WriteError(f"{goal}: {_reason(error)}; what stood there before is untouched") from error
    finally:
        if work is not None:
            shutil.rmtree(work, ignore_errors=True)


def _prefix(goal: Path) -> str:
    return f".{goal.name}.comingclean-"


def _clear_up(goals: tuple[Path, ...]) -> None:
    """What a killed process left: a former folder goes back to its place, and the rest away."""
    left = [path for path in goals[0].parent.iterdir() if path.name.startswith(_prefix(goals[0]))]
    for work in left:
        with suppress(OSError):  # its own process may just be putting it away
            age = time.time() - work.stat().st_mtime
            for goal in goals:
                formers = [path for path in work.glob(f"{_FORMER}-*") if path.name.endswith(goal.name)]
                if formers and not goal.exists():
                    _put_back(formers[0], goal)
            if age > _LEFT_SECONDS:
                shutil.rmtree(work, ignore_errors=True)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"could not be written ({error.strerror})"
    return f"could not be written ({error})"


def write_parquet(frame: pl.DataFrame, path: Path, level: int = 6) -> None:
    """Write one table; the same frame gives the same bytes.

    Twice the `level` takes three times as long, and a fortieth less space.
    """
    frame.write_parquet(path, compression="zstd", compression_level=level, statistics=False)
