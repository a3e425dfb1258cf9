"""Cut the slices of the files on toxic and criteria pollution: rows of the chosen plants, some of their

neighbours, and what the lists say of the chemicals in these rows. Called by make_slices.py.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Collection
from pathlib import Path

import polars as pl

from comingclean.sources.chemicals import chemical_key
from workbooks import read_sheet, sheet_names, write_workbook

YEARS = (2017, 2018, 2020)
BASIC_YEARS = (2018, 2020, 2022)
# Facilities around the mills of Gary and East Chicago, by the ZIP code that their id begins with; in
# Illinois one that files two forms for one chemical, and one whose figures moved after StEWI's copy.
NEIGHBOURS = ("46402", "46312")
# Then landfills and ponds without a permit for hazardous waste, a landfill with one, and a well.
ILLINOIS = (
    "62618XCLCRRR1BO",
    "62454MRTHNMARAT",
    "6286WSGRCM11351",
    "60090NLNDD161CA",
    "60007LKGRV776LU",
)
STEWI, BASIC = "epa-stewi-tri", "epa-tri-basic"
TOTALS = "epa-national-totals/TRI_chem_release_2020.csv"
NAMES = f"{STEWI}/ChemicalsByInventorywithSRS_IDS_forStEWI.csv"
EPA = "epa-hem5/Dose_Response_Library.xlsx"
MINNESOTA = "mpca/MPCA_Inhalation_Health_Benchmarks.csv"
AEGIS = "nrel-aegis"
# Categories and codes that chemicals are weighed as; they are in no release by this name.
WEIGHED_AS = ("18540-29-9", "171", "75", "246", "57-12-5", "HG_CMPDS", "101-68-8")


def cut(mirror: Path, goal: Path, ghgrp_ids: Collection[str], identifiers: Path) -> None:
    """Write every slice below `goal`; the same mirror gives the same bytes."""
    ids = _ids(identifiers, ghgrp_ids, mirror)
    for folder in (STEWI, BASIC, "epa-national-totals", "epa-hem5", "mpca"):
        (goal / folder).mkdir(parents=True, exist_ok=True)
    names = _releases(mirror, goal, ids["tri"])
    names |= _basic(mirror, goal, ids["tri"])
    names |= _inventory(mirror, goal, ids["eis"])
    keys = _names(mirror / NAMES, goal / NAMES, names) | set(WEIGHED_AS)
    _totals(mirror / TOTALS, goal / TOTALS, keys)
    _epa(mirror / EPA, goal / EPA, keys)
    _rows(
        mirror / MINNESOTA,
        goal / MINNESOTA,
        lambda row: chemical_key(row["CAS"]) in keys or "-COMPS" in row["CAS"],
    )


def _ids(identifiers: Path, ghgrp_ids: Collection[str], mirror: Path) -> dict[str, set[str]]:
    registry = identifiers.parent / "facilities.csv"
    with registry.open(newline="") as stream:
        plants = {r["facility_id"] for r in csv.DictReader(stream) if r["program_id"] in ghgrp_ids}
    with identifiers.open(newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["facility_id"] in plants]
    return {p: {r["program_id"] for r in rows if r["program"] == p} for p in ("tri", "eis")}


def _open(path: Path) -> str:
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return raw.decode("utf-8", "surrogateescape")


def _rows(source: Path, goal: Path, keep: Callable[[dict[str, str]], bool]) -> list[dict[str, str]]:
    """A CSV, gzipped or not, with its header and the rows to keep."""
    reader = csv.DictReader(io.StringIO(_open(source)))
    rows = [row for row in reader if keep(row)]
    text = io.StringIO()
    writer = csv.DictWriter(text, reader.fieldnames or [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    raw = text.getvalue().encode("utf-8", "surrogateescape")
    goal.parent.mkdir(parents=True, exist_ok=True)
    goal.write_bytes(gzip.compress(raw, mtime=0) if goal.suffix == ".gz" else raw)
    return rows


def _wanted(tri: set[str]) -> Callable[[str], bool]:
    return lambda name: name in tri or name[:5] in NEIGHBOURS or name in ILLINOIS


def _releases(mirror: Path, goal: Path, tri: set[str]) -> set[str]:
    wanted, names = _wanted(tri), set()
    for year in YEARS:
        for kind in ("flowbyfacility", "facility"):
            ending = "parquet" if year == 2020 else "csv.gz"
            name = f"{STEWI}/{kind}_TRI_{year}.{ending}"
            if ending == "parquet":
                frame = pl.read_parquet(mirror / name)
                keep = pl.Series([wanted(one) for one in frame["FacilityID"]], dtype=pl.Boolean)
                frame = frame.filter(keep)
                frame.write_parquet(goal / name)
                names |= set(frame["FlowName"]) if "FlowName" in frame.columns else set()
            else:
                rows = _rows(mirror / name, goal / name, lambda row: wanted(row["FacilityID"]))
                names |= {row["FlowName"] for row in rows if "FlowName" in row}
    return names


def _basic(mirror: Path, goal: Path, tri: set[str]) -> set[str]:
    wanted, names = _wanted(tri), set()
    for year in BASIC_YEARS:
        name = f"{BASIC}/{year}_il.csv"
        rows = _rows(mirror / name, goal / name, lambda row: wanted(row["2. TRIFD"]))
        names |= {row["37. CHEMICAL"] for row in rows}
    return names


def _inventory(mirror: Path, goal: Path, eis: set[str]) -> set[str]:
    """Rows of the plants' FRS groups, and a record without an FRS id."""
    names: set[str] = set()
    for path in sorted((mirror / AEGIS).glob("*/*/*.csv.gz")):
        name = path.relative_to(mirror)
        rows = list(csv.DictReader(io.StringIO(_open(path))))
        if "FRS_ID" in rows[0]:
            groups = {r["FRS_ID"] for r in rows if r["FacilityID"].removesuffix(".0") in eis}
            lone = next(
                (r["FacilityID"] for r in rows if r["FRS_ID"] == "nan" and r["Source"] == "NEI"), None
            )
            kept = _rows(
                path,
                goal / name,
                lambda r, g=groups, o=lone: r["FRS_ID"] in g - {"nan"} or r["FacilityID"] == o,
            )
            names |= {row["FlowName"] for row in kept}
        else:
            _rows(path, goal / name, lambda row: row["FACILITY_ID"] in eis)
    return names


def _names(source: Path, goal: Path, names: set[str]) -> set[str]:
    plain = {name.lower() for name in names}
    rows = _rows(
        source, goal, lambda r: r["FlowName"].lower() in plain and r["Source"] in ("TRI", "NEI")
    )
    keys = {chemical_key(row["SRS_CAS"] or row["FlowID"]) for row in rows}
    return {key for key in keys if key}


def _totals(source: Path, goal: Path, keys: set[str]) -> None:
    _rows(source, goal, lambda row: chemical_key(row["CAS Number"]) in keys)


def _epa(source: Path, goal: Path, keys: set[str]) -> None:
    """The library with its header and the chosen chemicals, each at its own row."""
    name = sheet_names(source)[0]
    cells = read_sheet(source, name)

    def text(value: object) -> str:
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    kept = {
        row
        for (row, column), value in cells.items()
        if column == 2 and chemical_key(text(value)) in keys
    }
    write_workbook(
        goal, {name: {place: v for place, v in cells.items() if place[0] == 1 or place[0] in kept}}
    )
