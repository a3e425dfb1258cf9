"""Build: snapshot in, one SQLite file and its Parquet twins out.

Readers are done by now: only the snapshot, the decisions in data/ and pure functions are used. Each
subject is a module that gives a `Made`; `tables` puts them together.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from comingclean import paths, store
from comingclean.database import (
    burden,
    companies,
    decided,
    estimated,
    fenceline,
    filings,
    plants,
    precision,
    sqlite,
    toxics,
)
from comingclean.database.lineage import lineage
from comingclean.database.part import Ground, Made, as_json
from comingclean.errors import InputError
from comingclean.model import (
    FINDING,
    LINEAGE,
    METHOD,
    PARAMETER,
    QUANTITY,
    SOURCE,
    TABLES,
    VALUE,
    Table,
    conform,
)
from comingclean.sources import card

__all__ = ["build_database", "tables", "twins"]


def build_database(
    file: Path, *, snapshot: Path | None = None, data: Path | None = None
) -> dict[str, int]:
    """Make the database `file` and its Parquet twins (folder `file`.parquet); rows by table.

    Raises InputError when the snapshot is not whole or does not fit the registry, WriteError when
    the disk does not take it; the former database stays until the new one is whole.
    """
    made = tables(snapshot or paths.snapshot(), data or paths.data())
    with store.whole_file(file) as fresh:
        sqlite.write(made, fresh)
        with store.whole_folder(twins(file)) as folder:
            for name, frame in made.items():
                store.write_parquet(frame, folder / f"{name}.parquet")
    return {name: frame.height for name, frame in made.items()}


def twins(file: Path) -> Path:
    """The folder of Parquet twins of a database file."""
    return file.with_suffix(".parquet")


def tables(snapshot: Path, data: Path) -> dict[str, pl.DataFrame]:
    """Every table of the database as a frame that fits its declaration in `model`."""
    ground = Ground(snapshot, data)
    filed = filings.make(ground)
    assert filed.values is not None
    toxic = toxics.make(ground)
    parts = [
        plants.make(ground),
        filed,
        companies.make(ground, filed.values),
        fenceline.make(ground),
        toxic,
        burden.make(ground, toxic.tables),
        estimated.make(ground, filed.values),
    ]
    made = _added(ground, parts)
    parts.append(precision.make(ground, made))
    whole = _whole(ground, parts, made)
    return {table.name: conform(whole[table], table) for table in TABLES}


def _added(ground: Ground, parts: list[Made]) -> dict[Table, pl.DataFrame]:
    """The tables of every part, values and quantities: what the last part looks at."""
    values = pl.concat([part.values for part in parts if part.values is not None], how="diagonal")
    made: dict[Table, pl.DataFrame] = {}
    for part in parts:
        made |= part.tables
    return made | {
        VALUE: values.with_columns(as_json("sources"), _unit(values, ground.data)),
        QUANTITY: decided.quantities(ground.data),
    }


def _whole(
    ground: Ground, parts: list[Made], added: dict[Table, pl.DataFrame]
) -> dict[Table, pl.DataFrame]:
    """The tables of every part, and those to which all of them add."""
    found = [part.findings for part in parts if part.findings is not None]
    made = added | parts[-1].tables
    made |= {
        FINDING: pl.concat(found, how="diagonal"),
        SOURCE: card.table(ground.data),
        METHOD: decided.methods(ground.data),
        PARAMETER: ground.parameters,
    }
    return made | {LINEAGE: lineage(ground, pl.concat(part.rows for part in parts), made)}


def _unit(values: pl.DataFrame, data: Path) -> pl.Expr:
    units = dict(decided.quantities(data).select("quantity", "unit").iter_rows())
    for name in sorted(set(values["quantity"]) - set(units)):
        what, mend = f"{name} is filed and has no row here", "add it with its unit and words"
        raise InputError(what, mend, file=data / "quantities.csv")
    return pl.col("quantity").replace_strict(units, return_dtype=pl.String).alias("unit")
