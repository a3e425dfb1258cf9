"""Cut the slices of real files that the community tests read. Run again with

    python tests/community/cut_slices.py --mirror DIR

The same mirror gives the same bytes. Block groups and tracts: two counties of Indiana with steel
mills, one municipality of Puerto Rico, a few tracts of Hawaii and, by region, of Connecticut.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
from pathlib import Path

import polars as pl
import shapely

from comingclean import paths
from comingclean.facilities.county import Counties

SLICES = Path(__file__).parent / "slices"
COUNTIES = ("18089", "18127", "72051")
TRACTS = (
    "15001020100", "15003000500", "09013528100", "09009125200", "09001257200", "09003410101",
    "09005250100", "09003405402", "09015830100", "09011713100", "09009184300", "09001071000",
    "09007610300", "09007570300", "09001081300", "09001990000",
    "09013890203", "09011708100",
)  # fmt: skip
SITE_COUNTIES = ("18089", "18127")
ODD_SITES = ("26-049-0022", "26-163-0102", "40-119-0615")  # open, and nobody says where
REGIONS = tuple(f"09{number}" for number in range(110, 200, 10))


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


def outlines(goal: Path) -> None:
    """The planning regions as polygons, to a hundred metres."""
    counties = Counties.read(paths.counties())
    shapes = {fips: counties.outline(fips) for fips in REGIONS}
    text = {
        fips: json.loads(shapely.to_geojson(shapely.set_precision(s, 0.001)))
        for fips, s in shapes.items()
    }
    goal.write_text(json.dumps(text, separators=(",", ":")) + "\n")


def main() -> None:
    """Cut everything anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    mirror = parser.parse_args().mirror
    SLICES.mkdir(exist_ok=True)
    for name, column in (
        ("census/bg2020_population", "bgfips"),
        ("dep-index/dep_index_2023_tract", "census_tract_id_2020"),
        ("cdc-eji/eji_2024_tract", "census_tract_id_2020"),
        ("ejscreen-2020/ejscreen2020_tract", "t"),
    ):
        frame = pl.read_parquet(mirror / f"{name}.parquet").filter(ours(column))
        frame.write_parquet(SLICES / f"{name.split('/')[1]}.parquet", compression_level=19)
    sites(mirror / "epa-aqs/aqs_sites.csv.gz", SLICES / "aqs_sites.csv.gz")
    outlines(SLICES / "regions.json")


if __name__ == "__main__":
    main()
