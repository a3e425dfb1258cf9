"""Compile: official files in, the compact snapshot out.

The snapshot holds what the files say of the plants in the registry and of the places around them,
every row with its file and row number, and nothing that can be derived from that. The same inputs
give the same bytes. Each subject is a `Part`; what a part reads and makes stands in its module.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean import digest, paths, store
from comingclean.errors import InputError
from comingclean.facilities.doubts import Doubt
from comingclean.model import LINK_DOUBT
from comingclean.snapshot import emitters, fenceline, filings, industry, links, toxics
from comingclean.snapshot.part import Job, Part, Progress, Tables
from comingclean.sources import card
from comingclean.sources.card import SourceFile

__all__ = ["OPTIONAL", "PARTS", "SOURCES", "Compiled", "Progress", "compile_snapshot"]

PARTS: Final[tuple[Part, ...]] = (
    filings.PART,
    emitters.PART,
    fenceline.PART,
    toxics.PART,
    industry.PART,
    links.PART,
)
SOURCES: Final = tuple(dict.fromkeys(name for part in PARTS for name in part.sources))
OPTIONAL: Final = tuple(dict.fromkeys(name for part in PARTS for name in part.optional))
_CODE: Final = (
    "sources/*.py",
    "facilities/*.py",
    "estimates/community*.py",
    "snapshot/*.py",
    "proximity/*.py",
    "store.py",
)


@dataclass(frozen=True)
class Compiled:
    """What a run of `compile_snapshot` did; `doubts`: a line for each link that the files question."""

    out: Path
    changed: bool
    rows: int
    new_files: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def compile_snapshot(
    mirror: Path,
    out: Path,
    *,
    data: Path | None = None,
    counties: Path | None = None,
    new_vintage: bool = False,
    progress: Progress = lambda text: None,
) -> Compiled:
    """Read the official files below `mirror` and write the snapshot to the folder `out`.

    Nothing is read anew when `out` was made from the same files, decisions and code. A file that is
    not on its card is refused, or recorded with `new_vintage`. Raises InputError and WriteError;
    whatever happens, the former snapshot stays whole until the new one is.
    """
    data, counties = data or paths.data(), counties or paths.counties()
    store.refuse_foreign(out)
    if not counties.exists():
        raise InputError("no outlines of counties", "build the front end first", file=counties)
    files = _find(mirror, data)
    new = card.verify([f for group in files.values() for f in group], data, new_vintage=new_vintage)
    fingerprint = _fingerprint(files, data, counties)
    names = tuple(file.name for file in new)
    if _is_current(out, fingerprint):
        _record(new, data)
        return Compiled(out, False, 0, names, _doubts(out))
    tables = _tables(Job(files, data, counties, progress))
    progress(f"writing {out}")
    _write(out, tables, fingerprint)
    _record(new, data)
    return Compiled(out, True, sum(t.height for t in tables.values()), names, _doubts(out))


def _doubts(out: Path) -> tuple[str, ...]:
    """The links in doubt that stand in a snapshot, one line each."""
    rows = pl.read_parquet(out / f"{LINK_DOUBT.name}.parquet").iter_rows(named=True)
    return tuple(str(Doubt(**row)) for row in rows)


def _record(new: list[SourceFile], data: Path) -> None:
    """Put new files on their cards: also those of a snapshot whose making was cut off before it."""
    if new:
        card.record(new, data)


def _find(mirror: Path, data: Path) -> dict[str, list[SourceFile]]:
    cards = card.cards(data)
    needed = {name: card.find(mirror, cards[name]) for name in SOURCES}
    return needed | {name: card.find(mirror, cards[name], optional=True) for name in OPTIONAL}


def _fingerprint(files: dict[str, list[SourceFile]], data: Path, counties: Path) -> str:
    """One checksum over all that the snapshot depends on."""
    inputs = [f"{file.name} {file.sha256}" for group in files.values() for file in group]
    code = sorted(path for pattern in _CODE for path in paths.PACKAGE.glob(pattern))
    names = sorted({name for part in PARTS for name in part.decisions})
    read = [*(data / name for name in names), counties, *code]
    return digest.of([*inputs, *(digest.sha256(path) for path in read)])


def _is_current(out: Path, fingerprint: str) -> bool:
    try:
        made = json.loads((out / store.MANIFEST).read_text("utf-8"))
        whole = all((out / f"{name}.parquet").exists() for name in made["rows"])
        return whole and bool(made["fingerprint"] == fingerprint)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _tables(job: Job) -> Tables:
    made: Tables = {}
    files: list[pl.DataFrame] = []
    for part in PARTS:
        tables = part.tables(job)
        files.append(tables.pop("file"))
        made |= tables
    return made | {"file": pl.concat(files).sort(pl.all())}


def _write(out: Path, tables: Tables, fingerprint: str) -> None:
    about = {"fingerprint": fingerprint, "rows": {name: t.height for name, t in tables.items()}}
    with store.whole_folder(out, about) as fresh:
        for name, frame in tables.items():
            # What the package carries, and every copy of the repository, is as small as it can be.
            store.write_parquet(frame, fresh / f"{name}.parquet", level=12)
