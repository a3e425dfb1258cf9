"""Opening a finished database, read-only. No frame library is loaded for it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from comingclean.errors import InputError
from comingclean.model import TABLES


@contextmanager
def connect(file: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection with rows by name. Raises InputError when it is no database of ours."""
    mend = "make it with comingclean build"
    if not file.is_file():
        raise InputError("no such database", mend, file=file)
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    try:
        if not {table.name for table in TABLES} <= _tables_of(connection):
            raise InputError("not a whole database of this program", mend, file=file)
        yield connection
    finally:
        connection.close()


def _tables_of(connection: sqlite3.Connection) -> set[str]:
    try:
        return {row[0] for row in connection.execute("select name from sqlite_master")}
    except sqlite3.DatabaseError:
        return set()
