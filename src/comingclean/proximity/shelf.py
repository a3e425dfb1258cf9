"""Where indexes are kept: made on first use in the user's cache, and again when their file changes."""

from __future__ import annotations

import copyreg
import hashlib
import re
import zlib
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from platformdirs import user_cache_path

from comingclean import paths
from comingclean.errors import InputError, WriteError
from comingclean.proximity.areas import read_areas
from comingclean.proximity.layer import VERSION, Kind, Layer, build, open_index, save
from comingclean.proximity.points import read_people

# The origin of the layer that the package ships, which every machine has in a place of its own.
SHIPPED: Final = "shipped"
# How the index of the shipped layer is called, for each place where the package is installed.
_OURS: Final = re.compile(r"block_group-[0-9a-f]{12}\.arrow")
_OTHERS: Final = 1


def shipped() -> Path:
    """The layer that the package ships: a table with the columns of `compile_areas`, and maybe more."""
    return paths.snapshot() / "block_group.parquet"


def cache_folder() -> Path:
    """Where indexes are kept for this user."""
    return user_cache_path("comingclean", appauthor=False) / "proximity"


def open_layer(
    file: Path | None = None,
    *,
    kind: Kind = "points",
    cache: Path | None = None,
) -> Layer:
    """The layer of a file of people (the shipped block groups by default), memory-mapped.

    The first use makes its index in `cache` (the user's own by default); where nothing can be written
    the layer is in memory. `kind` is for a person's own file, as in `read_people`; an index (.arrow)
    is opened as it is. Raises InputError for a file that cannot be used.
    """
    if file is not None and file.suffix == ".arrow":
        return open_index(file)
    origin = SHIPPED if file is None else str(file.absolute())
    name = f"{origin} {kind}" if file else f"{origin} {shipped()}"
    stamp = _stamp(file, name)
    short = hashlib.sha256(name.encode()).hexdigest()[:12]
    index = (cache or cache_folder()) / f"{(file or shipped()).stem}-{short}.arrow"
    found = _ready(index, stamp)
    if found:
        return found
    people = read_people(file, kind) if file else read_areas(shipped())
    layer = _kept(replace(build(people), stamp=stamp, origin=origin), index)
    if file is None:
        _put_away(index)
    return layer


def _stamp(file: Path | None, name: str) -> str:
    """What an index was made from: for a large file its size and time stand for its bytes."""
    try:
        if file is None:
            return f"{VERSION} {SHIPPED} {zlib.crc32(shipped().read_bytes()):08x}"
        status = file.stat()
    except OSError as error:
        raise InputError("no such file of people", "check the path", file=file or shipped()) from error
    return f"{VERSION} {name} {status.st_size} {status.st_mtime_ns}"


def _ready(index: Path, stamp: str) -> Layer | None:
    try:
        layer = open_index(index) if index.exists() else None
    except InputError:  # cut off, or of another version: made anew
        return None
    return layer if layer and layer.stamp == stamp else None


def _kept(layer: Layer, index: Path) -> Layer:
    try:
        save(layer, index)
    except WriteError:  # a full disk, or a cache that is not ours: do without
        return layer
    return open_index(index)


def _put_away(newest: Path) -> None:
    """Remove the indexes of other installations but the last; whoever misses one makes it anew."""
    with suppress(OSError):
        older = [path for path in newest.parent.iterdir() if _OURS.fullmatch(path.name)]
        older.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in [path for path in older if path != newest][_OTHERS:]:
            path.unlink()


@lru_cache(maxsize=4)
def reopen(path: Path | None, origin: str, kind: Kind, stamp: str) -> Layer:
    """A layer in another process, maybe on another machine, where it may have to be made anew.

    Raises InputError when this machine has neither its index nor its file, or has another file.
    """
    found = _ready(path, stamp) if path else None
    if found is None and not origin:
        raise InputError("the index of people is not on this machine", "put it there", file=path)
    layer = found or open_layer(None if origin == SHIPPED else Path(origin), kind=kind)
    if layer.stamp != stamp:
        raise InputError("this machine has other people in it", "give all the same release", file=path)
    return layer


def _travelling(layer: Layer) -> tuple[Any, ...]:
    """A layer of a file travels to another process as that file's path, and is opened there."""
    if layer.path is None and not layer.origin:
        return Layer, tuple(getattr(layer, name) for name in layer.__dataclass_fields__)
    return reopen, (layer.path, layer.origin, layer.kind, layer.stamp)


copyreg.pickle(Layer, _travelling)
