"""Source cards: who publishes a source, which files it has, and their checksums."""

from __future__ import annotations

import csv
import io
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean import digest, store
from comingclean.errors import InputError

FILES: Final = "files.csv"
_COLUMNS: Final = ["source", "path", "bytes", "sha256"]


@dataclass(frozen=True)
class Card:
    """What is known of a source. `files` is a glob pattern below a mirror's root, or None."""

    source_id: str
    title: str
    publisher: str
    official_page: str
    licence: str
    vintage: str
    citation: str
    download: str | None = None
    files: str | None = None
    known_problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """A stored file of a source: its path below the mirror's root, where it lies, its checksum."""

    source_id: str
    name: str
    path: Path
    sha256: str


def cards(data: Path) -> dict[str, Card]:
    """Every card in `data`/sources.toml, by source id."""
    with (data / "sources.toml").open("rb") as stream:
        return {name: _card(name, fields) for name, fields in tomllib.load(stream).items()}


def _card(name: str, fields: dict[str, Any]) -> Card:
    problems = tuple(fields.pop("known_problems", ()))
    return Card(source_id=name, known_problems=problems, **fields)


def table(data: Path) -> pl.DataFrame:
    """The cards as rows of the table `source`."""
    return pl.DataFrame(
        [
            {
                "source_id": card.source_id,
                "title": card.title,
                "publisher": card.publisher,
                "official_page": card.official_page or None,
                "download": card.download,
                "licence": card.licence,
                "vintage": card.vintage,
                "citation": card.citation,
                "known_problems": "\n".join(card.known_problems) or None,
            }
            for card in cards(data).values()
        ],
        infer_schema_length=None,
    )


def known_files(data: Path) -> dict[str, str]:
    """Accepted checksums, by path below the mirror's root."""
    text = (data / FILES).read_text("utf-8") if (data / FILES).exists() else ""
    return {row["path"]: row["sha256"] for row in csv.DictReader(io.StringIO(text))}


def find(mirror: Path, card: Card, *, optional: bool = False) -> list[SourceFile]:
    """The files of a source below `mirror`, in the order of their names, with fresh checksums.

    Raises InputError when there is none, unless it is `optional`.
    """
    if card.files is None:
        raise ValueError(f"{card.source_id} has no files")
    paths = sorted(path for path in mirror.glob(card.files) if path.is_file())
    if not paths and not optional:
        raise InputError(
            f"no file {card.files} for the source {card.source_id}",
            f"fetch it from {card.download or card.official_page} into that folder",
            file=mirror,
        )
    return [
        SourceFile(card.source_id, path.relative_to(mirror).as_posix(), path, digest.sha256(path))
        for path in paths
    ]


def verify(files: list[SourceFile], data: Path, *, new_vintage: bool) -> list[SourceFile]:
    """The files that are not on the card or differ from it; empty when all agree.

    Raises InputError for the first of them unless `new_vintage`, and for a file that is on a card
    and not in the mirror.
    """
    known, there, asked = known_files(data), {f.name for f in files}, {f.source_id for f in files}
    lost = [name for name, row in _rows(data).items() if row[0] in asked and name not in there]
    if lost:
        mend = f"fetch it, or take it off the card in {data / FILES}"
        raise InputError("is on its card and not in the mirror", mend, file=lost[0])
    strange = [file for file in files if known.get(file.name) != file.sha256]
    if strange and not new_vintage:
        first = strange[0]
        what = "has another checksum than its card" if first.name in known else "is not on its card"
        raise InputError(
            f"{what} ({first.sha256[:12]}…)",
            "fetch it again, or run with --new-vintage to accept and record it",
            file=first.path,
        )
    return strange


def record(files: list[SourceFile], data: Path) -> None:
    """Write the checksums of `files` into `data`/files.csv, beside those it has."""
    rows = _rows(data)
    for file in files:
        size = file.path.stat().st_size
        rows[file.name] = [file.source_id, file.name, str(size), file.sha256]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_COLUMNS, *(rows[name] for name in sorted(rows))])
    with store.whole_file(data / FILES) as fresh:
        fresh.write_text(text.getvalue(), "utf-8")


def _rows(data: Path) -> dict[str, list[str]]:
    if not (data / FILES).exists():
        return {}
    with (data / FILES).open(newline="", encoding="utf-8") as stream:
        return {row["path"]: [row[name] for name in _COLUMNS] for row in csv.DictReader(stream)}
