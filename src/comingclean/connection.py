"""Opening a finished database, read-only. No frame library is loaded for it."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from comingclean import stamp
from comingclean.errors import InputError

_MAKE: Final = "make it with comingclean build"
_AGAIN: Final = "make it again with comingclean build"
# What SQLite says of a file and not of a question (https://www.sqlite.org/rescode.html), by its number.
_TROUBLE: Final = {
    5: ("is in use by another program", "close it there, and try again"),
    6: ("is in use by another program", "close it there, and try again"),
    10: ("cannot be read", "check the disk, or " + _AGAIN),
    11: ("is damaged", _AGAIN),
    14: ("cannot be opened", "check that you may read it"),
    26: ("not a database of this program", _MAKE),
}


@contextmanager
def connect(file: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection with rows by name.

    Raises InputError when it is no database of ours or of another release, is in use, or damaged; also
    when that only shows while it is read.
    """
    connection = opened(file)
    try:
        with _in_one_line(file):
            yield connection
    finally:
        connection.close()


def opened(file: Path) -> sqlite3.Connection:
    """A connection as `connect` gives it, to be closed by whoever asked for it."""
    if not file.is_file():
        raise InputError("no such database", _MAKE, file=file)
    with _in_one_line(file):
        address = f"{file.absolute().as_uri()}?mode=ro"
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            _refuse_others(connection, file)
        except BaseException:
            connection.close()
            raise
    connection.row_factory = sqlite3.Row
    return connection


def _refuse_others(connection: sqlite3.Connection, file: Path) -> None:
    application, schema = (
        connection.execute(f"pragma {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    )
    if application != stamp.APPLICATION:
        raise InputError("not a database of this program", _MAKE, file=file)
    if schema != stamp.schema():
        what = "was made by another release of this program, with other tables"
        raise InputError(what, _AGAIN, file=file)


@contextmanager
def _in_one_line(file: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = _TROUBLE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if said is None:  # the question was wrong, and not the file
            raise
        raise InputError(f"{said[0]} ({error})", said[1], file=file) from error


class Pool:
    """A few read-only connections to one database, each in the hands of one thread at a time.

    Opening one for each question would cost more than asking. Whoever finds all of them lent out waits.
    """

    def __init__(self, file: Path, most: int = 8) -> None:
        self.file = file
        self._free: deque[sqlite3.Connection] = deque()
        self._seats = threading.BoundedSemaphore(most)
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[sqlite3.Connection]:
        """A connection for the block. Raises InputError as `connect` does."""
        with self._seats, _in_one_line(self.file):
            connection = self._taken()
            try:
                yield connection
            finally:
                self._given_back(connection)

    def _taken(self) -> sqlite3.Connection:
        try:
            return self._free.pop()
        except IndexError:
            return opened(self.file)

    def _given_back(self, connection: sqlite3.Connection) -> None:
        if self._closed:
            connection.close()
        else:
            self._free.append(connection)

    def close(self) -> None:
        """Close every connection; one that is lent out is closed when it comes back."""
        self._closed = True
        while self._free:
            self._free.pop().close()
