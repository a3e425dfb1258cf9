"""The cells of a table that a person hands in: no row is lost, moved or cut, whatever it holds.

Lines end where the file says so and nowhere else: a name may hold a line of its own within quotes, and
any mark that other programs take for the end of a line.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.proximity.columns import matching, separator

# More than the longest table that is read has in it.
MOST_BYTES: Final = 500_000_000
_MEND: Final = "give a CSV with the columns id,lat,lon"


def read(file: Path) -> bytes:
    """The bytes of a file. Raises InputError when it cannot be read, or is larger than any table."""
    try:
        if file.stat().st_size > MOST_BYTES:
            what = f"more than {MOST_BYTES / 1e6:,.0f} MB"
            raise InputError(what, "cut it into parts, or leave columns out", file=file)
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", "check the path", file=file) from error


def table(content: bytes, wanted: Sequence[str], most: int, file: Path | None = None) -> pl.DataFrame:
    """The cells of a CSV as text, of at most `most` rows; lines with nothing on them are no rows.

    Only columns that may be one of `wanted` (see `columns.matching`) are read, the others are empty.
    Raises InputError that names the row of what cannot be read.
    """
    rows = _rows(_decoded(content), file)
    header = next(rows, (1, []))[1]
    if not header:
        raise InputError("not a readable CSV", _MEND, file=file)
    read_ = [at for at, name in enumerate(header) if any(matching(one, [name]) for one in wanted)]
    cells: list[list[str]] = [[] for _ in read_]
    for number, row in islice(rows, most):
        if any(row[len(header) :]):
            what = f"{len(row)} cells below a header of {len(header)}"
            raise InputError(what, "put a cell that holds a comma in quotes", file=file, row=number)
        for column, at in zip(cells, read_, strict=True):
            column.append(row[at] if at < len(row) else "")
    names = _apart(header)
    held = {
        names[at]: pl.Series(column, dtype=pl.String) for at, column in zip(read_, cells, strict=True)
    }
    nothing = [pl.lit(None, pl.String).alias(name) for name in names if name not in held]
    return pl.DataFrame(held).with_columns(nothing).select(names)


def _rows(text: str, file: Path | None) -> Iterator[tuple[int, list[str]]]:
    """Every row that has something in it, with its number as a spreadsheet counts."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(first), strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            if len(row) > 1 or "".join(row).strip():
                yield number, row
    except csv.Error as error:
        raise InputError(f"not a readable CSV ({error})", _MEND, file=file, row=number + 1) from error


def _apart(header: list[str]) -> list[str]:
    """The names of columns, a second one of a name being another."""
    return [
        name if name not in header[:at] else f"{name} (column {at + 1})"
        for at, name in enumerate(header)
    ]


def _decoded(content: bytes) -> str:
    """The text of a file in UTF-8, in UTF-16 as spreadsheets save it, or in Windows' code page."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
