"""Cut the files of the fenceline, as a part of tests/make_slices.py.

The same mirror gives the same bytes. Block groups and tracts: two counties of Indiana with steel
mills, one municipality of Puerto Rico, a few tracts of Hawaii and, by region, of Connecticut.
"""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import polars as pl

COUNTIES = ("18089", "18127", "72051")
TRACTS = (
    "15001020100", "15003000500", "09013528100", "09009125200", "09001257200", "09003410101",
    "09005250100", "09003405402", "09015830100", "09011713100", "09009184300", "09001071000",
    "09007610300", "09007570300", "09001081300", "09001990000",
    "09013890203", "09011708100",
)  # fmt: skip
SITE_COUNTIES = ("18089", "18127")
ODD_SITES = ("26-049-0022", "26-163-0102", "40-119-0615")  # open, and nobody says where
TABLES = (
    ("census/bg2020_population", "bgfips"),
    ("dep-index/dep_index_2023_tract", "census_tract_id_2020"),
    ("cdc-eji/eji_2024_tract", "census_tract_id_2020"),
    ("ejscreen-2020/ejscreen2020_tract", "t"),
)


def ours(column: str) -> pl.Expr:
    """Whether a row speaks of a chosen county or tract."""
    geoid = pl.col(column)
    return geoid.str.head(5).is_in(COUNTIES) | geoid.str.head(11).is_in(TRACTS)


def sites(source: Path, goal: Path) -> None:
    """Sites of two counties, those without a place, and the first few at 0, 0 or set up too late."""
    rows = list(csv.reader(io.StringIO(gzip.decompress(source.read_bytes()).decode())))
    header, body = rows[0], rows[1:]
    place, opened, closed, taken = (
        header.index(n)
        for n in ("Latitude", "Site Established Date", "Site Closed Date", "Extraction Date")
    )
    no_place = [r for r in body if not r[closed] and r[place] and float(r[place]) == 0][:3]
    late = [r for r in body if not r[closed] and r[opened] > r[taken]][:3]
    near = [r for r in body if r[0] + r[1] in SITE_COUNTIES or "-".join(r[:3]) in ODD_SITES]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [header, *near, *no_place, *late]
    )
    goal.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def cut(mirror: Path, goal: Path) -> None:
    """Cut every file of the fenceline, laid out as in the mirror."""
    for name, column in TABLES:
        file = goal / f"{name}.parquet"
        file.parent.mkdir(exist_ok=True)
        frame = pl.read_parquet(mirror / f"{name}.parquet").filter(ours(column))
        frame.write_parquet(file, compression_level=19)
    (goal / "epa-aqs").mkdir(exist_ok=True)
    sites(mirror / "epa-aqs/aqs_sites.csv.gz", goal / "epa-aqs/aqs_sites.csv.gz")
