"""Measure what the project promises, each beside a named yardstick that runs in the same minute.

    python tools/bench.py [--mirror DIR]

Figures are medians of whole processes; the ratio says how many times the yardstick's time it took.
Compile needs the official files (`--mirror` or COMINGCLEAN_MIRROR) and is left out, in words,
where they are not.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
COMMAND = [sys.executable, "-m", "comingclean"]
# Ten for plants and filings, five for the people around them, twenty for the estimates.
BUILD_SECONDS = 35


@dataclass(frozen=True)
class Run:
    """One finished process: wall seconds, largest resident memory in bytes, and what it printed."""

    seconds: float
    memory: int
    said: str = ""


def measure(command: list[str]) -> Run:
    """Run a command to its end. Raises CalledProcessError when it fails."""
    start, most = time.perf_counter(), 0
    process = psutil.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while process.poll() is None:
        try:
            most = max(most, process.memory_info().rss)
        except psutil.Error:
            break
        time.sleep(0.01)
    said, error = process.communicate()  # a few lines: less than a pipe holds
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, stderr=error)
    return Run(time.perf_counter() - start, most, said.decode())


def median(command: list[str], times: int) -> Run:
    """The median time and the largest memory of several runs."""
    runs = [measure(command) for _ in range(times)]
    middle = statistics.median(run.seconds for run in runs)
    return Run(middle, max(run.memory for run in runs), runs[-1].said)


def show(what: str, run: Run, limit: float, yardstick: str, other: Run, rows: int = 0) -> None:
    """One line: the figure, its limit, memory, speed, and the ratio to the yardstick."""
    speed = f", {rows / run.seconds:,.0f} rows/s" if rows else ""
    print(
        f"{what:<34} {run.seconds:6.2f} s (limit {limit:g} s), {run.memory / 1e6:4.0f} MB{speed}; "
        f"{run.seconds / other.seconds:.2f} x {yardstick} ({other.seconds:.2f} s)"
    )


def bench_compile(mirror: Path, work: Path, times: int) -> None:
    """Whole compile, then one with nothing changed."""
    read = (
        "import glob, fastexcel\n"
        f"for f in sorted(glob.glob({str(mirror / 'epa-ghgrp' / '*.xlsx')!r})):\n"
        "    book = fastexcel.read_excel(f)\n"
        "    book.load_sheet(book.sheet_names[0], header_row=None, dtypes='string').to_polars()"
    )
    yardstick = median([sys.executable, "-c", read], times)
    out = work / "snapshot"
    command = [*COMMAND, "compile", "--mirror", str(mirror), "--out", str(out)]
    runs = []
    for _ in range(times):
        shutil.rmtree(out, ignore_errors=True)
        runs.append(measure(command))
    whole = Run(statistics.median(r.seconds for r in runs), max(r.memory for r in runs))
    cells = rows_read(mirror)
    show("compile", whole, 60, "reading the cells alone", yardstick, cells)
    show("compile, nothing changed", median(command, times), 2, "the same", whole)


def rows_read(mirror: Path) -> int:
    """Rows of all workbooks of a mirror."""
    import fastexcel

    books = [fastexcel.read_excel(path) for path in sorted((mirror / "epa-ghgrp").glob("*.xlsx"))]
    return sum(
        book.load_sheet(book.sheet_names[0], header_row=3, dtypes="string").height for book in books
    )


def bench_build(file: Path, work: Path, times: int) -> None:
    """Build `file` from the shipped snapshot, beside inserting the same rows and nothing else."""
    command = [*COMMAND, "build", "--json", "--out", str(file)]
    run = median(command, times)
    rows = sum(json.loads(run.said).values())
    copy = (
        "import sqlite3, polars\n"
        f"a = sqlite3.connect({str(file)!r}); b = sqlite3.connect({str(work / 'copy.sqlite')!r})\n"
        "b.execute('create table if not exists v (a, b, c, d, e, f, g, h, i, j, k)')\n"
        "marks = ', '.join('?' * 11)\n"
        "b.executemany(f'insert into v values ({marks})', a.execute('select * from value'))\n"
        "b.commit()"
    )
    yardstick = median([sys.executable, "-c", copy], times)
    show("build", run, BUILD_SECONDS, "inserting the values alone", yardstick, rows)


# All plants within 1, 3, 5 and 10 miles, every indicator with its range, beside county, state, country.
COMMUNITY = """
from comingclean import paths
from comingclean.database import decided, fenceline
from comingclean.database.part import Ground
from comingclean.neighbourhood import Neighbourhood
ground = Ground(paths.snapshot(), paths.data())
words = decided.indicators(ground.data)
people = Neighbourhood.read(ground.snapshot, words, ground.factors)
plants = ground.plants.drop_nulls(["latitude", "longitude"])
print(people.community(plants, fenceline.MILES).height)
"""
# The counts alone, with scipy: centres within reach from a tree, then the lens of disc and circle.
COUNTS = """
import numpy as np, polars as pl
from scipy.spatial import cKDTree
from comingclean import paths
areas = pl.read_parquet(paths.snapshot() / "block_group.parquet")
plants = pl.read_parquet(paths.snapshot() / "place.parquet").drop_nulls(["latitude", "longitude"])
def space(latitude, longitude):
    north, east = np.radians(latitude), np.radians(longitude)
    unit = [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    return 6371e3 * np.stack(unit, axis=1)
centres = space(areas["latitude_e6"].to_numpy() / 1e6, areas["longitude_e6"].to_numpy() / 1e6)
disc, people = areas["radius_dm"].to_numpy() / 10, areas["population"].to_numpy()
# The few discs of empty land that are wider would have every search look far around.
wide = np.flatnonzero(disc > 20e3)
small = np.flatnonzero(disc <= 20e3)
tree = cKDTree(centres[small])
for place in space(plants["latitude"].to_numpy(), plants["longitude"].to_numpy()):
    for miles in (1, 3, 5, 10):
        circle = miles * 1609.344
        found = np.array(tree.query_ball_point(place, circle + 20e3), dtype=int)
        rows = np.concatenate([small[found], wide])
        away = np.linalg.norm(centres[rows] - place, axis=1)
        d, r = np.maximum(away, 1e-9), np.maximum(disc[rows], 1e-9)
        a = np.arccos(np.clip((d * d + r * r - circle * circle) / (2 * d * r), -1, 1))
        b = np.arccos(np.clip((d * d + circle * circle - r * r) / (2 * d * circle), -1, 1))
        lens = r * r * (a - np.sin(2 * a) / 2) + circle * circle * (b - np.sin(2 * b) / 2)
        (lens / (np.pi * r * r) * people[rows]).sum()
"""


def bench_community(times: int) -> None:
    """Who lives around every plant, as the build works it out, beside the counts alone with scipy."""
    command = [sys.executable, "-c", COMMUNITY]
    yardstick = median([sys.executable, "-c", COUNTS], times)
    run = median(command, times)
    show(
        "people around all plants",
        run,
        5,
        "the counts alone by scipy's KD-tree",
        yardstick,
        int(run.said),
    )


# Every estimate of every plant and year, and what they rest on alone.
EVIDENCE = """
from comingclean import paths
from comingclean.database import estimated, filings
from comingclean.database.part import Ground
ground = Ground(paths.snapshot(), paths.data())
evidence = estimated.evidence(ground, filings.make(ground).values)
"""
ESTIMATES = f"""{EVIDENCE}
from comingclean.estimates.factors import factors
from comingclean.estimates.whole import estimate
print(estimate(evidence, factors(ground.parameters, ground.kinds)).values().height)
"""


def bench_estimates(times: int) -> None:
    """All estimates, as the build makes them, beside reading the evidence alone."""
    yardstick = median([sys.executable, "-c", EVIDENCE], times)
    run = median([sys.executable, "-c", ESTIMATES], times)
    show("estimates", run, 20, "reading their evidence alone", yardstick, int(run.said))


def bench_run(file: Path, times: int) -> None:
    """From the command to the first answered page, beside importing the server alone."""
    yardstick = median([sys.executable, "-c", "import fastapi, uvicorn, jinja2"], times)
    run = Run(statistics.median(first_answer(file) for _ in range(times)), 0)
    show("run, to the first answer", run, 2, "importing the server alone", yardstick)


def first_answer(file: Path) -> float:
    """Seconds from starting `comingclean run` on a built database to a whole first page."""
    start = time.perf_counter()
    command = [*COMMAND, "run", "--no-open", "--port", "0", "--database", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            address = next(word for word in line.split() if word.startswith("http"))
            urllib.request.urlopen(address, timeout=10).read()
            return time.perf_counter() - start
        finally:
            process.terminate()


def sizes() -> None:
    """What is shipped, and what the first view of the map asks for."""
    snapshot = sum(path.stat().st_size for path in (ROOT / "snapshot").iterdir())
    print(f"{'snapshot':<34} {snapshot / 1e6:6.2f} MB (limit 15 MB)")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, default=os.environ.get("COMINGCLEAN_MIRROR"))
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="where the database that was built stays")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        if options.mirror and Path(options.mirror).is_dir():
            bench_compile(Path(options.mirror), work, options.times)
        else:
            print("compile: not measured, the official files are not here (--mirror)")
        file = options.keep or work / "comingclean.sqlite"
        bench_build(file, work, options.times)
        bench_community(options.times)
        bench_estimates(options.times)
        bench_run(file, options.times)
    sizes()


if __name__ == "__main__":
    main()
