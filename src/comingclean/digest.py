"""Checksums: of a file, of a list of texts, of all that a database is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from comingclean import paths
from comingclean.errors import InputError

# Another release of these may round or draw otherwise.
_COUNT: Final = ("numpy", "polars")
# What of a snapshot says who lives where.
_PEOPLE: Final = ("block_group.parquet", "tract.parquet")


def sha256(path: Path) -> str:
    """Checksum of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def of(parts: Iterable[str]) -> str:
    """One checksum for an ordered list of texts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.encode() + b"\0")
    return total.hexdigest()


def release(snapshot: Path | None = None, data: Path | None = None) -> str:
    """A short name for what a database would be made of: the same name means the same numbers."""
    snapshot, data = snapshot or paths.snapshot(), data or paths.data()
    manifest = snapshot / "manifest.json"
    if not manifest.exists():
        raise InputError("no snapshot", "run comingclean compile", file=snapshot)
    code = [path for path in sorted(paths.PACKAGE.rglob("*.py")) if not _is_view(path)]
    decided = [path for path in sorted(data.iterdir()) if path.is_file()]
    outlines = sorted(paths.geography().iterdir())
    read = (sha256(path) for path in [manifest, *decided, *outlines, *code])
    return of([*read, *(f"{name} {version(name)}" for name in _COUNT)])[:12]


def _is_view(path: Path) -> bool:
    return path.relative_to(paths.PACKAGE).parts[0] in ("views", "web")


def people(snapshot: Path) -> str:
    """A short name for the people of a snapshot. Raises InputError when they are not there."""
    try:
        return of(sha256(snapshot / name) for name in _PEOPLE)[:12]
    except FileNotFoundError as error:
        lost = Path(error.filename).name
        raise InputError(
            f"the snapshot lacks {lost}", "run comingclean compile", file=snapshot
        ) from None
