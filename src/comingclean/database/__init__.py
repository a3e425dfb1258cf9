"""Build: snapshot in, one SQLite file and its Parquet twins out.

Readers are done by now: only the snapshot, the decisions in data/ and pure functions are used. Each
subject is a module that gives a `Made`; `tables` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from comingclean import digest, paths, stamp, store
from comingclean._version import __version__
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
from comingclean.tables.release import ALL, PEOPLE, PROGRAM, RELEASE
from comingclean.tables.toxic_checks import REJECT

__all__ = ["build_database", "tables", "twins"]

Progress = Callable[[str], None]


def build_database(
    file: Path,
    *,
    snapshot: Path | None = None,
    data: Path | None = None,
    progress: Progress = lambda text: None,
) -> dict[str, int]:
    """Make the database `file` and its Parquet twins (folder `file`.parquet); rows by table.

    Raises InputError when the snapshot is not whole or does not fit the registry, and when something
    stands there that is not ours; WriteError when the disk does not take it. The former database and
    its twins stay until the new ones are whole.
    """
    _refuse(file)
    made = tables(snapshot or paths.snapshot(), data or paths.data(), progress)
    progress(f"writing {file}")
    with (
        store.whole_pair(file, twins(file), _about(made)) as (fresh, folder),
        ThreadPoolExecutor(1) as aside,
    ):
        written = aside.submit(_write_twins, made, folder)
        sqlite.write(made, fresh)
        written.result()
    return {name: frame.height for name, frame in made.items()}


def _refuse(file: Path) -> None:
    """Raise InputError for a file that may not be written: not ours, a folder, named as the twins."""
    if file == twins(file):
        mend = f"name it {file.stem}.sqlite"
        raise InputError("is what the folder of Parquet twins would be called", mend, file=file)
    store.refuse_foreign(twins(file))
    if file.is_dir():
        raise InputError(
            "is a folder", f"name a file in it, such as {file / 'atlas.sqlite'}", file=file
        )
    try:
        strange = file.exists() and file.stat().st_size and not stamp.is_ours(file)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", "name a new file", file=file) from error
    if strange:
        raise InputError("holds something that is no database of ours", "name a new file", file=file)


def _about(made: dict[str, pl.DataFrame]) -> dict[str, str]:
    return dict(made[RELEASE.name].select("part", "value").iter_rows())


def _write_twins(made: dict[str, pl.DataFrame], folder: Path) -> None:
    for name, frame in made.items():
        store.write_parquet(frame, folder / f"{name}.parquet")


def twins(file: Path) -> Path:
    """The folder of Parquet twins of a database file."""
    return file.with_suffix(".parquet")


def tables(
    snapshot: Path, data: Path, progress: Progress = lambda text: None
) -> dict[str, pl.DataFrame]:
    """Every table of the database as a frame that fits its declaration in `model`."""
    ground = Ground(snapshot, data)
    parts = _parts(ground, progress)
    made = _added(ground, parts)
    progress("making what is said of precision")
    parts.append(precision.make(ground, made))
    whole = _whole(ground, parts, made)
    return {table.name: conform(whole[table], table) for table in TABLES}


def _parts(ground: Ground, progress: Progress) -> list[Made]:
    """What every subject makes of the ground alone, in the order of the tables."""
    progress("making plants, filings and companies")
    filed = filings.make(ground)
    parts = [plants.make(ground), filed, companies.make(ground, filed.values)]
    progress("making the people around")
    parts.append(fenceline.make(ground))
    progress("making toxic releases and what surrounds the plants")
    toxic = toxics.make(ground)
    parts += [toxic, burden.make(ground, toxic.tables)]
    progress("making the estimates")
    return [*parts, estimated.make(ground, filed.values)]


def _added(ground: Ground, parts: list[Made]) -> dict[Table, pl.DataFrame]:
    """The tables of every part, values and quantities: what the last part looks at."""
    values = pl.concat([part.values for part in parts], how="diagonal")
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
    found = [part.findings for part in parts]
    made = added | parts[-1].tables
    made |= {
        FINDING: pl.concat(found, how="diagonal"),
        REJECT: pl.concat([made[REJECT], *(part.rejects for part in parts)], how="diagonal_relaxed"),
        SOURCE: card.table(ground.data),
        METHOD: decided.methods(ground.data),
        PARAMETER: ground.parameters,
        RELEASE: _release(ground),
    }
    return made | {LINEAGE: lineage(ground, pl.concat(part.rows for part in parts), made)}


def _release(ground: Ground) -> pl.DataFrame:
    snapshot = ground.snapshot
    rows = [
        (
            ALL,
            digest.release(snapshot, ground.data),
            "all that it was made of: data, decisions, program",
        ),
        (
            PEOPLE,
            digest.people(snapshot),
            "the people around, which reports on places are counted from",
        ),
        (PROGRAM, __version__, "version of Coming Clean"),
    ]
    return pl.DataFrame(rows, schema=RELEASE.schema, orient="row")


def _unit(values: pl.DataFrame, data: Path) -> pl.Expr:
    units = dict(decided.quantities(data).select("quantity", "unit").iter_rows())
    for name in sorted(set(values["quantity"]) - set(units)):
        what, mend = f"{name} is filed and has no row here", "add it with its unit and words"
        raise InputError(what, mend, file=data / "quantities.csv")
    return pl.col("quantity").replace_strict(units, return_dtype=pl.String).alias("unit")
