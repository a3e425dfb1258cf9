"""Checksums: of a file, of a list of texts, of all that a database is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from comingclean import paths
from comingclean.errors import InputError


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
    code = [p for p in sorted(paths.PACKAGE.rglob("*.py")) if "views" not in p.parts]
    decided = [path for path in sorted(data.iterdir()) if path.is_file()]
    return of(sha256(path) for path in [manifest, *decided, *code])[:12]
