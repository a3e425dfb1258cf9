"""What the tests share: slices of real files, how to change and read them, and the command.

Every test works from a fresh clone: real rows stand in tests/slices (see make_slices.py), the whole
record in snapshot/. The command runs from a copy of the package that has its own data, as a wheel
does, so that nothing in the checkout is ever written.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from comingclean.snapshot import Compiled, compile_snapshot
from workbooks import Sheet, read_sheet, sheet_names, write_workbook

ROOT = Path(__file__).parents[1]
SLICES = Path(__file__).parent / "slices"
COUNTIES = SLICES / "counties.json"
YEARS = (2010, 2017, 2020, 2023)
BOOK = "epa-ghgrp/ghgp_data_2020.xlsx"
GARY = "us-steel-gary-works-in"


def slice_of(year: int) -> Path:
    """The cut workbook of a year."""
    return SLICES / f"epa-ghgrp/ghgp_data_{year}.xlsx"


def main_sheet(path: Path) -> str:
    """The name of the sheet that the reader reads."""
    return next(name for name in sheet_names(path) if name.startswith("Direct"))


def column_of(cells: Sheet, header: str) -> int:
    """The column under a header."""
    return next(
        c for (_, c), value in cells.items() if isinstance(value, str) and value.strip() == header
    )


def row_of(cells: Sheet, ghgrp_id: int) -> int:
    """The row of a facility."""
    return next(row for (row, column), value in cells.items() if column == 0 and value == ghgrp_id)


def edit(path: Path, change: Callable[[Sheet], object]) -> None:
    """Change the cells of a workbook's main sheet in place."""
    main, cells = main_sheet(path), read_sheet(path, main_sheet(path))
    change(cells)
    write_workbook(path, {name: cells if name == main else {} for name in sheet_names(path)})


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too, by relative path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The file `name`, made by whichever worker comes first, for all workers of a run."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    file = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            make(file)
    return file


def compile_slices(mirror: Path, out: Path, data: Path, **options: object) -> Compiled:
    """Compile sliced files with sliced decisions and counties."""
    return compile_snapshot(mirror, out, data=data, counties=COUNTIES, **options)


def table(file: Path, name: str) -> pl.DataFrame:
    """A table of a database from its Parquet twin."""
    return pl.read_parquet(file.with_suffix(".parquet") / f"{name}.parquet")


def say(file: Path, sql: str, *values: object) -> list[tuple]:
    """The answer of a database to a question."""
    with sqlite3.connect(file) as opened:
        answer = opened.execute(sql, values).fetchall()
    opened.close()
    return answer


def as_at_a_terminal() -> None:
    """Let Ctrl-C reach a process, which the workers of pytest-xdist would have it ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass(frozen=True)
class Home:
    """An installed copy of the package, with its own data, snapshot and user directory."""

    folder: Path

    @property
    def data(self) -> Path:
        """Its decisions."""
        return self.folder / "site" / "comingclean" / "shipped" / "data"

    @contextmanager
    def start(self, *arguments: object, **options: object) -> Iterator[subprocess.Popen[str]]:
        """Start the command; whatever happens in the block, it is over afterwards."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        own = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder / "user"), "COLUMNS": "200"}
        own["PYTHONDONTWRITEBYTECODE"] = "1"  # some tests leave no room for a whole file
        with subprocess.Popen(
            [sys.executable, "-m", "comingclean", *map(str, arguments)],
            cwd=self.folder,
            env=kept | own | {"PYTHONPATH": str(self.folder / "site"), "BROWSER": "false"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **{"preexec_fn": as_at_a_terminal} | options,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def run(self, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        with self.start(*arguments, **options) as process:
            out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def error_line(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an error, after plain lines of progress; no traceback."""
    lines = done.stderr.strip().splitlines()
    assert "Traceback" not in done.stderr
    assert [line for line in lines if line.startswith("comingclean: ")] == lines[-1:], done.stderr
    return lines[-1]
