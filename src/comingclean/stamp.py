"""The marks in the header of a database: whose file it is, and which tables it has.

Any SQLite tool shows both (`pragma application_id`, `pragma user_version`).
"""

from __future__ import annotations

import sqlite3
import zlib
from pathlib import Path
from typing import Final

from comingclean.model import TABLES

APPLICATION: Final = int.from_bytes(b"Clen", "big")
# https://www.sqlite.org/fileformat.html: how a file begins, and where the number of its program stands.
_BEGINS: Final = b"SQLite format 3\0"
_PLACE: Final = slice(68, 72)


def schema() -> int:
    """A number for the tables as `model` declares them; with another column it is another number."""
    shape = [
        (table.name, table.key, [(c.name, c.type, c.required) for c in table.columns])
        for table in TABLES
    ]
    return zlib.crc32(repr(shape).encode()) >> 1


def mark(connection: sqlite3.Connection) -> None:
    """Write the marks of this program into a new database."""
    connection.execute(f"pragma application_id = {APPLICATION}")
    connection.execute(f"pragma user_version = {schema()}")


def is_ours(file: Path) -> bool:
    """Whether a file is a database that this program made, in this release or another.

    Raises OSError when it cannot be read.
    """
    with file.open("rb") as stream:
        head = stream.read(_PLACE.stop)
    return head.startswith(_BEGINS) and int.from_bytes(head[_PLACE], "big") == APPLICATION
