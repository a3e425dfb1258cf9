"""Opening what publishers hand out: workbooks and tables, as text, with the row kept.

Every cell comes as text, so that a reader sees what stands there and can name it when it is wrong.
"""

from __future__ import annotations

import difflib
import gzip
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError

ROW: Final = "row"
_FETCH: Final = "fetch the file again from its publisher"


def open_sheet(path: Path, prefix: str) -> tuple[str, pl.DataFrame]:
    """The first sheet whose name starts with `prefix`: its name, and its cells as text.

    The frame has no header: its row i is row i + 1 of the sheet.
    Raises InputError for a file that is no workbook, or has no such sheet.
    """
    import fastexcel

    _refuse_disguise(path)
    try:
        _refuse_corrupt(path)
        workbook = fastexcel.read_excel(path)
    except Exception as error:  # zipfile and calamine raise many kinds, each meaning: not whole
        raise InputError("not a readable workbook, it may be cut off", _FETCH, file=path) from error
    names = [name for name in workbook.sheet_names if name.startswith(prefix)]
    if not names:
        found = ", ".join(workbook.sheet_names)
        raise InputError(f"no sheet named {prefix}… (it has {found})", _FETCH, file=path)
    return names[0], _cells(workbook, names[0], path)


def _cells(workbook: object, name: str, path: Path) -> pl.DataFrame:
    try:
        sheet = workbook.load_sheet(name, header_row=None, dtypes="string")  # type: ignore[attr-defined]
    except Exception as error:
        raise InputError(f"sheet {name} cannot be read", _FETCH, file=path) from error
    return sheet.to_polars()  # type: ignore[no-any-return]


def _refuse_disguise(path: Path) -> None:
    if not path.exists():
        raise InputError("no such file", "check the path", file=path)
    start = path.read_bytes()[:512]
    if start.lstrip()[:1] == b"<":
        raise InputError("a web page saved under the name of a workbook", _FETCH, file=path)
    if not start.startswith(b"PK"):
        raise InputError("not a workbook (.xlsx)", _FETCH, file=path)


def _refuse_corrupt(path: Path) -> None:
    """Compare the checksums inside, which calamine does not: one flipped bit is another number."""
    with zipfile.ZipFile(path) as archive:
        bad = archive.testzip()
    if bad:
        raise ValueError(bad)


def read_csv(path: Path, columns: Collection[str]) -> pl.DataFrame:
    """A CSV, gzipped or not, as text, with `row`; raises InputError when a column is missing."""
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        frame = pl.read_csv(raw, infer_schema=False)
    except (OSError, EOFError, zlib.error, pl.exceptions.PolarsError) as error:
        raise InputError("not a readable CSV, it may be cut off", _FETCH, file=path) from error
    require(columns, frame.columns, path)
    return frame.with_columns(pl.int_range(2, pl.len() + 2).alias(ROW))


def read_parquet(path: Path, columns: Collection[str]) -> pl.DataFrame:
    """A Parquet file with `row` (first record 1); raises InputError when a column is missing."""
    try:
        frame = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError("not a readable Parquet file", _FETCH, file=path) from error
    require(columns, frame.columns, path)
    return frame.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW))


def plain(header: str | None) -> str:
    """A column name without the differences that drift over years: case, dashes, spaces."""
    text = re.sub(r"[‐-―−-]", "-", (header or "").lower())
    return re.sub(r"\s+", " ", text).strip()


def require(
    wanted: Collection[str],
    found: Collection[str],
    path: Path,
    row: int | None = None,
    known: Collection[str] = (),
) -> None:
    """Raise InputError naming every wanted column that is missing, with the likeliest new name.

    A column that is `known` under its own name is nobody's new name.
    """
    missing = [name for name in wanted if name not in found]
    if not missing:
        return
    strange = [name for name in found if name and name not in wanted and name not in known]
    hints = [_hint(name, strange) for name in missing]
    raise InputError(
        f"missing column{'s' if len(hints) > 1 else ''} {', '.join(hints)}",
        "if the publisher renamed it, teach the new name to the reader's column map",
        file=path,
        row=row,
    )


def _hint(name: str, strange: list[str]) -> str:
    close = difflib.get_close_matches(name, strange, n=1, cutoff=0.4)
    return f"“{name}”" + (f" (renamed to “{close[0]}”?)" if close else "")


def numbers(
    frame: pl.DataFrame, columns: Mapping[str, str] | Iterable[str], path: Path
) -> pl.DataFrame:
    """`frame` with `columns` as float64, empty cells as null.

    `columns` may map a column to the name that the publisher gives it, for the error.
    Raises InputError naming row and text where a cell is not a number.
    """
    titles = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
    parsed = frame.with_columns(_number(pl.col(name)).alias(name) for name in titles)
    for name, title in titles.items():
        bad = frame.filter(parsed[name].is_null() & (frame[name].str.strip_chars() != ""))
        if bad.height:
            raise InputError(
                f"“{bad[name][0]}” is not a number, in the column “{title}”",
                "correct the cell or fetch the file again",
                file=path,
                row=bad[ROW][0],
            )
    return parsed


def _number(text: pl.Expr) -> pl.Expr:
    return text.str.strip_chars().cast(pl.Float64, strict=False).fill_nan(None)


def total(columns: Iterable[str]) -> pl.Expr:
    """The sum of columns in each row, blanks apart; where all of them are blank it is not known."""
    names = list(columns)
    return pl.when(pl.any_horizontal(pl.col(names).is_not_null())).then(pl.sum_horizontal(names))
