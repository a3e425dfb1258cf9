"""Attributes held against the very rows that they cite: does the source still say so of this plant?

For the inventories and lists of owners that have a reader; others are read by eye.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean.facilities.doubts import Doubt
from comingclean.facilities.place import degrees
from comingclean.facilities.records import Files
from comingclean.sources import flight, gem_cement, gem_steel, parents, sfi
from comingclean.sources.sheet import ROW

Row = dict[str, Any]
# A cited place: the file, its sheet where it has several, the row.
Cited = tuple[str, str | None, int]
_SOURCE_ROW: Final = re.compile(r"(?P<path>\S+)(?: (?P<sheet>\D+?))? row (?P<row>\d+)")
_WRITTEN: Final = re.compile(r"as written: ([^;]+)")
_STATUS_SHEET: Final = "Plant capacities and status"
_NAMES: Final = ("owner", "parent")
_NUMBERS: Final = ("capacity", "workforce")
_SCALES: Final = (1.0, 1e3, 1e6)  # as written, in thousands of tonnes, in millions
_SHARE: Final = 0.06  # percentage points: shares are written to a tenth
_DEGREES: Final = 1e-5


def _gem_steel(path: Path, file: str) -> dict[Cited, Row]:
    tracker = gem_steel.read(path)
    return _keyed(tracker.plants, file) | _keyed(tracker.capacities, file, _STATUS_SHEET)


def _gem_cement(path: Path, file: str) -> dict[Cited, Row]:
    return _keyed(gem_cement.read(path), file)


def _sfi(path: Path, file: str) -> dict[Cited, Row]:
    return _keyed(sfi.read(path), file)


def _flight(path: Path, file: str) -> dict[Cited, Row]:
    return _keyed(flight.read(path), file)


def _parents(path: Path, file: str) -> dict[Cited, Row]:
    return _keyed(parents.read(path), file)


READERS: Final[dict[str, Callable[[Path, str], dict[Cited, Row]]]] = {
    gem_steel.SOURCE: _gem_steel,
    gem_cement.SOURCE: _gem_cement,
    sfi.SOURCE: _sfi,
    flight.SOURCE: _flight,
    parents.SOURCE: _parents,
}


def _keyed(frame: pl.DataFrame, file: str, sheet: str | None = None) -> dict[Cited, Row]:
    return {(file, sheet, row[ROW]): row for row in frame.iter_rows(named=True)}


def unsaid(attributes: pl.DataFrame, ids: Mapping[str, frozenset[str]], files: Files) -> list[Doubt]:
    """Attributes that their row does not bear out: it is another plant's, or says something else.

    `attributes`: rows of attributes.read; `ids`: the ids of each plant, or of the plants of a site.
    Sources of which `files` has nothing are passed over.
    """
    doubts: list[Doubt] = []
    for source, reader in READERS.items():
        records: dict[Cited, Row] = {}
        for path, name in files.get(source, ()):
            records |= reader(path, name)
        if records:
            said = attributes.filter(source_id=source).iter_rows(named=True)
            doubts += [doubt for row in said for doubt in _held(row, ids, records)]
    return doubts


def _held(row: Row, ids: Mapping[str, frozenset[str]], records: Mapping[Cited, Row]) -> Iterator[Doubt]:
    cited = _SOURCE_ROW.fullmatch(row["source_row"])
    record = records.get((cited["path"], cited["sheet"], int(cited["row"]))) if cited else None
    if record is None:
        yield _doubt(row, "its row is not in the file")
    elif not ids[row["facility_id"]] & {str(record.get(name)) for name in _IDS}:
        yield _doubt(row, "its row is another plant's")
    elif not _says(row, record):
        yield _doubt(row, f"its row does not say “{row['value']}”")


_IDS: Final = ("gem_id", "sfi_id", "ghgrp_id")


def _doubt(row: Row, sentence: str) -> Doubt:
    return Doubt(row["facility_id"], row["attribute"], row["source_row"], "other words", sentence)


def _says(row: Row, record: Row) -> bool:
    """Whether a record bears an attribute out; what has no rule here is left to the eye."""
    name = row["attribute"]
    if name in _NAMES:
        return _owned(row, record)
    if name == "coordinates":
        pair = zip(degrees(row), (record["latitude"], record["longitude"]), strict=True)
        return all(there is not None and abs(here - there) <= _DEGREES for here, there in pair)
    if name == "start_year":
        return row["value"] in (record.get("start") or "")
    if name.startswith(_NUMBERS) and not name.endswith("_text"):
        return _counted(float(row["value"]), record)
    return True


def _owned(row: Row, record: Row) -> bool:
    """Whether one of the record's holders has the name, as written, and the share if both say one."""
    written = _WRITTEN.search(row["note"] or "")
    name = _plain(written[1] if written else row["value"])
    shares = [share for holder, share in _holders(record) if _plain(holder) == name]
    silent = row["low"] is None or None in shares
    return bool(shares) and (
        silent or any(row["low"] - _SHARE <= share <= row["high"] + _SHARE for share in shares)
    )


def _holders(record: Row) -> Iterator[tuple[str, float | None]]:
    """Every company that a record names, with its share in per cent."""
    if "sfi_id" in record and "parent_2" in record:
        yield from ((record[name], None) for name in ("owner", "parent", "parent_2") if record[name])
    elif "parent_percent" in record:
        yield record["parent"], record["parent_percent"]
    elif "parents" in record:
        yield from flight.owners(record["parents"])
    else:
        yield from (held for name in _NAMES for held in gem_steel.owners(record.get(name)))


def _counted(number: float, record: Row) -> bool:
    """Whether a figure stands in a record, in tonnes, thousands or millions of them, or as a word."""
    figures = [value for value in record.values() if isinstance(value, float)]
    figures += [
        float(text) for text in re.findall(r"\d+(?:\.\d+)?", record.get("workforce_text") or "")
    ]
    return any(abs(value * scale - number) <= 0.5 for value in figures for scale in _SCALES)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
