"""Tables into one SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import polars as pl

from comingclean import stamp
from comingclean.model import TABLES, Table

# Beside the keys: what pages join or choose by.
_INDEXES: Final = (
    "value_quantity on value (quantity, year)",
    "toxic_site_tri on toxic_site (tri_id)",
)


def write(made: dict[str, pl.DataFrame], path: Path) -> None:
    """Write every declared table to the new file `path`; the same frames give the same bytes."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("pragma page_size = 4096")
        connection.execute("pragma journal_mode = off")
        stamp.mark(connection)
        for table in TABLES:
            connection.execute(_create(table))
            places = ", ".join("?" * len(table.columns))
            rows = made[table.name].iter_rows()
            connection.executemany(f"insert into {table.name} values ({places})", rows)
        for index in _INDEXES:
            connection.execute(f"create index {index}")


def _create(table: Table) -> str:
    columns = [f"{c.name} {c.type}{' not null' if c.required else ''}" for c in table.columns]
    key = f"primary key ({', '.join(table.key)})"
    return f"create table {table.name} ({', '.join([*columns, key])}) strict, without rowid"
