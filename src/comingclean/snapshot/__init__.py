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
from comingclean.snapshot import emitters, fenceline, filings, industry, toxics
from comingclean.snapshot.part import Job, Part, Progress, Tables
from comingclean.sources import card
from comingclean.sources.card import SourceFile

__all__ = ["MANIFEST", "OPTIONAL", "PARTS", "SOURCES", "Compiled", "Progress", "compile_snapshot"]

MANIFEST: Final = "manifest.json"
PARTS: Final[tuple[Part, ...]] = (
    filings.PART,
    emitters.PART,
    fenceline.PART,
    toxics.PART,
    industry.PART,
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
    """What a run of `compile_snapshot` did."""

    out: Path
    changed: bool
    rows: int
    new_files: tuple[str, ...]


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
    _refuse_foreign(out)
    if not counties.exists():
        raise InputError("no outlines of counties", "build the front end first", file=counties)
    files = _find(mirror, data)
    new = card.verify([f for group in files.values() for f in group], data, new_vintage=new_vintage)
    fingerprint = _fingerprint(files, data, counties)
    if _is_current(out, fingerprint):
        return Compiled(out, False, 0, ())
    tables = _tables(Job(files, data, counties, progress))
    progress(f"writing {out}")
    _write(out, tables, fingerprint)
    if new:
        card.record(new, data)
    return Compiled(out, True, sum(t.height for t in tables.values()), tuple(f.name for f in new))


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


def _refuse_foreign(out: Path) -> None:
    """A folder takes the place of `out`, so nothing but a snapshot may be lost there."""
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).exists()):
        raise InputError("holds something that is no snapshot", "name a new folder", file=out)


def _is_current(out: Path, fingerprint: str) -> bool:
    try:
        made = json.loads((out / MANIFEST).read_text())
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
    manifest = {"fingerprint": fingerprint, "rows": {name: t.height for name, t in tables.items()}}
    with store.whole_folder(out) as fresh:
        for name, frame in tables.items():
            store.write_parquet(frame, fresh / f"{name}.parquet")
        (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
