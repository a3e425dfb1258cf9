"""The user's own database: made on first use, by one process at a time, and older ones put away."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Final

from comingclean import paths, stamp, telling
from comingclean.digest import release
from comingclean.errors import WriteError

# A folder of ours is called as `digest.release` calls it.
_RELEASE: Final = re.compile(r"[0-9a-f]{12}")
_LOCK: Final = "making.lock"
# Two versions that are used side by side do not unmake each other's.
_KEPT: Final = 2
_MEND: Final = "name a database with --database; comingclean build --out FILE makes one anywhere"


def database() -> Path:
    """The database of this release in the user's data directory, made when it is not there.

    Raises WriteError at once when nothing can be written there.
    """
    file = paths.user_database(release())
    if not file.exists():
        _make(file)
    return file


def _make(file: Path) -> None:
    from filelock import FileLock, Timeout  # loads slowly, and is needed once

    folder = file.parent
    lock = FileLock(folder / _LOCK)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(blocking=False)
    except Timeout:
        print("another process is making the database: waiting for it", file=sys.stderr)
        lock.acquire()
    except OSError as error:
        why = error.strerror or error
        raise WriteError(f"{folder}: could not be written ({why}). Mend: {_MEND}.") from error
    try:
        if not file.exists():
            _build(file)
    finally:
        lock.release()


def _build(file: Path) -> None:
    from comingclean.database import build_database

    print("making the database from the shipped facts, once", file=sys.stderr)
    _clear(file.parent)
    with telling.steps() as progress:
        build_database(file, progress=progress)
    _put_away(paths.user_databases(), file.parent)


def _clear(folder: Path) -> None:
    """What a process that was killed left: with the lock in hand, nobody else is writing there."""
    for path in folder.iterdir():
        if path.name != _LOCK:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _put_away(databases: Path, newest: Path) -> None:
    """Remove the databases of older releases but the newest, if they are surely ours."""
    older = [path for path in databases.iterdir() if path != newest and _is_ours(path)]
    older.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in older[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _is_ours(folder: Path) -> bool:
    file = folder / paths.user_database("").name
    try:
        return bool(_RELEASE.fullmatch(folder.name)) and stamp.is_ours(file)
    except OSError:
        return False
