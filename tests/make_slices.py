"""Cut the slices of real files that the tests read. Run again with

    python tests/make_slices.py --mirror DIR

Workbooks keep their header lines and, each at its own row number, the rows of a few plants; other
files keep their header and the rows of those plants. The same mirror gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import shutil
from pathlib import Path

import polars as pl

from comingclean import paths
from comingclean.sources import card
from fenceline_slices import cut as cut_fenceline
from industry_slices import cut as cut_industry
from toxic_slices import cut as cut_toxics
from workbooks import Sheet, read_sheet, sheet_names, write_workbook

SLICES = Path(__file__).parent / "slices"
YEARS = (2010, 2017, 2020, 2023)
PLANTS = {
    "1000418": "Gary Works: the largest, with a landfill of its own (subpart TT)",
    "1000156": "Indiana Harbor East: lime kilns (S), a monitor on a steel site",
    "1000588": "Indiana Harbor West: one site with East and the coke battery",
    "1007287": "Indiana Harbor Coke",
    "1007985": "National Cement Ragland: no process filed in 2020; Saint Clair, later St. Clair County",
    "1001877": "Alcoa Warrick: a smelter with perfluorocarbons and its own power plant (D)",
    "1002977": "North American Stainless: coordinates and county corrected by hand",
    "1006738": "Illinois Cement: La Salle, later LASALLE COUNTY; no combustion filed in 2023",
    "1006164": "Argos Puerto Rico: a cement plant with a monitor, in a municipio",
}
NO_FILING = ("argos-atlanta-ga",)  # known from the Global Energy Monitor only
# A landfill, and the largest mills beside those above: rows of facilities that are not in the registry.
STRANGERS = ("1004377", "1003962", "1000274", "1000233", "1007177", "1006041")
COUNTIES = (
    "18089,18173,21041,21077,01115,17099,72051,13121,13067,51770,51161,29510,29189,29186,35013,51095,"
    "51036,51730,32510,22059,48283,36089,72111,22095,24510,24005,24033,11001,19141,22097,"
    "09110,09120,09130,09140,09150,09160,09170,09180,09190"
)


def workbook(source: Path, goal: Path) -> None:
    """One workbook: every sheet by name, the first one with its header and the chosen rows."""
    names = sheet_names(source)
    main = next(name for name in names if name.startswith("Direct"))
    cells = read_sheet(source, main)
    top = next(row for (row, column), value in cells.items() if value == "Facility Id")
    wanted = {float(name) for name in (*PLANTS, *STRANGERS)}
    rows = {row for (row, column), value in cells.items() if column == 0 and value in wanted}
    kept: Sheet = {place: v for place, v in cells.items() if place[0] <= top or place[0] in rows}
    write_workbook(goal, {name: kept if name == main else {} for name in names})


def envirofacts(source: Path, goal: Path) -> None:
    """The gzipped table with the chosen plants' rows."""
    rows = list(csv.reader(io.StringIO(gzip.decompress(source.read_bytes()).decode())))
    column = rows[0].index("FACILITY_ID")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [rows[0], *(row for row in rows[1:] if row[column] in PLANTS)]
    )
    goal.write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


def fied(source: Path, goal: Path) -> None:
    """The Parquet table with the chosen plants' rows, all columns."""
    frame = pl.read_parquet(source)
    frame.filter(pl.col("FACILITY_ID").cast(pl.String).is_in(list(PLANTS))).write_parquet(goal)


def counties(source: Path, goal: Path) -> None:
    """The TopoJSON with the chosen counties and the arcs that they use, numbered anew."""
    atlas = json.loads(source.read_text())
    shapes = [s for s in atlas["objects"]["counties"]["geometries"] if s["id"] in COUNTIES.split(",")]
    arcs: dict[int, int] = {}

    def renumber(part: int | list) -> int | list:
        if isinstance(part, list):
            return [renumber(item) for item in part]
        new = arcs.setdefault(part if part >= 0 else ~part, len(arcs))
        return new if part >= 0 else ~new

    for shape in shapes:
        shape["arcs"] = renumber(shape["arcs"])
    cut = {
        "type": "Topology",
        "transform": atlas["transform"],
        "objects": {"counties": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": [atlas["arcs"][old] for old in arcs],
    }
    goal.write_text(json.dumps(cut, ensure_ascii=False, separators=(",", ":")) + "\n")


def decisions(data: Path, goal: Path) -> None:
    """The rows of the hand-made tables that speak of the chosen plants."""
    chosen = {"program_id": PLANTS, "record_id": PLANTS, "facility_id": NO_FILING}
    for name in ("facilities.csv", "corrections.csv"):
        with (data / name).open(newline="") as stream:
            reader = csv.DictReader(stream)
            rows = [r for r in reader if any(r.get(column) in ids for column, ids in chosen.items())]
        with (goal / name).open("w", newline="") as stream:
            writer = csv.DictWriter(stream, reader.fieldnames, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Cut everything anew."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mirror", type=Path, required=True)
    parser.add_argument("--counties", type=Path, default=paths.counties())
    options = parser.parse_args()
    shutil.rmtree(SLICES, ignore_errors=True)
    for name in ("epa-ghgrp", "nrel-fied", "epa-envirofacts/2020", "epa-national-totals", "data"):
        (SLICES / name).mkdir(parents=True)
    for year in YEARS:
        name = f"epa-ghgrp/ghgp_data_{year}.xlsx"
        workbook(options.mirror / name, SLICES / name)
        totals = f"epa-national-totals/GHGRP_{year}_NationalTotals.csv"
        if (options.mirror / totals).exists():
            shutil.copyfile(options.mirror / totals, SLICES / totals)
    for cut, name in (
        (envirofacts, "epa-envirofacts/2020/C_CONFIGURATION_LEVEL_INFO.csv.gz"),
        (fied, "nrel-fied/ghgrp_energy_20240110-1837.parquet"),
    ):
        cut(options.mirror / name, SLICES / name)
    counties(options.counties, SLICES / "counties.json")
    cut_fenceline(options.mirror, SLICES)
    cut_toxics(options.mirror, SLICES, PLANTS, paths.data() / "identifiers.csv")
    decisions(paths.data(), SLICES / "data")
    chosen = pl.read_csv(SLICES / "data" / "facilities.csv")["facility_id"]
    cut_industry(options.mirror, SLICES, chosen, paths.data() / "identifiers.csv")
    for one in card.cards(paths.data()).values():
        if one.files:
            card.record(card.find(SLICES, one), SLICES / "data")


if __name__ == "__main__":
    main()
