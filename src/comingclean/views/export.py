"""Exports: every table of a database in the formats that people ask for."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean import store
from comingclean.connection import connect
from comingclean.errors import InputError
from comingclean.model import TABLES, Table
from comingclean.views import query


def export_database(
    file: Path,
    out: Path,
    formats: tuple[str, ...],
    progress: Callable[[str], None] = lambda text: None,
) -> list[Path]:
    """Write every table of the database `file` to the folder `out`, one subfolder a format.

    Returns the files written. Raises InputError for an unknown format, and for a subfolder that holds
    something else; one that was written here before is replaced only when its successor is whole.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise InputError(f"no format {', '.join(unknown)}", f"choose among {', '.join(FORMATS)}")
    for name in formats:
        store.refuse_foreign(out / name)
    written: list[Path] = []
    with connect(file) as connection:
        about = dict(connection.execute("select part, value from release").fetchall())
        for name in formats:
            progress(f"writing {out / name}")
            with store.whole_folder(out / name, about) as folder:
                FORMATS[name](connection, file, folder)
            written += sorted((out / name).iterdir())
    return written


def read_table(connection: sqlite3.Connection, table: Table, **only: str) -> pl.DataFrame:
    """One table as a frame, in the order of its key; of it, the rows where columns are as in `only`."""
    cursor = connection.cursor()
    cursor.row_factory = None  # plain tuples, in a third of the time
    where = " and ".join(["true", *(f"{column} = ?" for column in only)])
    order = ", ".join(table.key)
    rows = cursor.execute(
        f"select * from {table.name} where {where} order by {order}", tuple(only.values())
    )
    return pl.DataFrame(rows.fetchall(), schema=table.schema, orient="row")


def _csv(connection: sqlite3.Connection, file: Path, folder: Path) -> None:
    for table in TABLES:
        read_table(connection, table).write_csv(folder / f"{table.name}.csv")


def _parquet(connection: sqlite3.Connection, file: Path, folder: Path) -> None:
    for table in TABLES:
        store.write_parquet(read_table(connection, table), folder / f"{table.name}.parquet")


def _sqlite(connection: sqlite3.Connection, file: Path, folder: Path) -> None:
    shutil.copyfile(file, folder / "comingclean.sqlite")


def _geojson(connection: sqlite3.Connection, file: Path, folder: Path) -> None:
    """One point a plant, with the newest value of each quantity and its interval and grade."""
    newest = query.rows(
        connection,
        """select facility_id, quantity, value, low, high, unit, grade, method, max(year) as year
        from value group by facility_id, quantity""",
    )
    values: dict[str, dict[str, Any]] = {}
    for row in newest:
        values.setdefault(row.pop("facility_id"), {})[row.pop("quantity")] = row
    features = [_feature(row, values) for row in query.plants(connection)]
    collection = {"type": "FeatureCollection", "features": features}
    text = json.dumps(collection, ensure_ascii=False, indent=1)
    (folder / "facilities.geojson").write_text(text + "\n", "utf-8")


def _feature(plant: dict[str, Any], values: dict[str, dict[str, Any]]) -> dict[str, Any]:
    place = (plant["longitude"], plant["latitude"])
    point = {"type": "Point", "coordinates": place} if None not in place else None
    kept = {name: value for name, value in plant.items() if name not in ("latitude", "longitude")}
    newest = values.get(plant["facility_id"], {})
    return {"type": "Feature", "geometry": point, "properties": kept | {"newest": newest}}


FORMATS: Final[dict[str, Callable[[sqlite3.Connection, Path, Path], None]]] = {
    "csv": _csv,
    "parquet": _parquet,
    "geojson": _geojson,
    "sqlite": _sqlite,
}
