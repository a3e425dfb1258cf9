"""Slices of what is known of the industries as a whole, and decisions that fit a few plants.

The national totals are kept but for those that plants are made to meet: a few plants cannot make the
nation's steel, and a build that says so is right.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

from workbooks import Sheet, read_sheet, sheet_names, write_workbook

GEM = "gem/Plant-level-data-Global-Iron-and-Steel-Tracker-September-2025-V1.xlsx"
RATES = "epa-egrid/egrid_subregion_rates_2019_2022_2023.csv"
POWER = "epa-egrid/facility_eGRID_2018.csv"
FLOWS = "epa-egrid/flowbyfacility_eGRID_2018.csv"
NATIONAL = "usgs/national_totals_usgs.csv"
# Totals that no plant is made to meet: one half of a pair, and two that are not used.
_SERIES = ("raw steel production", "secondary aluminum, old+new scrap", "primary smelter capacity")
_SPEAKS_OF_PLANTS = ("capacity_steel", "capacity_coke", "workforce", "gas_leaves", "heldout")
_NEAREST = 14


def cut(mirror: Path, goal: Path, plants: Iterable[str], identifiers: Path) -> None:
    """Write the slices below `goal`; `plants` are the ids of the registry's slice."""
    for name in (GEM, RATES, NATIONAL):
        (goal / name).parent.mkdir(parents=True, exist_ok=True)
    keep = {row["program_id"] for row in _rows(identifiers) if row["facility_id"] in set(plants)}
    _workbook(mirror / GEM, goal / GEM, keep)
    (goal / RATES).write_bytes((mirror / RATES).read_bytes())
    _lines(mirror / NATIONAL, goal / NATIONAL, lambda row: row["series"] in _SERIES)
    near = _near(mirror / POWER, goal / "data" / "facilities.csv")
    _lines(mirror / POWER, goal / POWER, lambda row: row["FacilityID"] in near)
    _lines(mirror / FLOWS, goal / FLOWS, lambda row: row["FacilityID"] in near)


def fit_parameters(data: Path) -> None:
    """Take out of a copy of the decisions what speaks of the nation or of plants that are not there."""
    path = data / "parameters.csv"
    known = {row[name] for row in _rows(data / "facilities.csv") for name in ("facility_id", "site_id")}
    said = data / "attributes.csv"
    _lines(said, said, lambda row: row["facility_id"] in known)

    def fits(row: dict[str, str]) -> bool:
        head, _, rest = row["parameter"].partition("/")
        if head in _SPEAKS_OF_PLANTS:
            return bool(known & set(rest.split("/")))
        return head != "national"

    _lines(path, path, fits)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _lines(source: Path, goal: Path, keep) -> None:
    rows = _rows(source)
    with goal.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if keep(row))


def _workbook(source: Path, goal: Path, keep: set[str]) -> None:
    sheets: dict[str, Sheet] = {}
    for name in sheet_names(source):
        cells = read_sheet(source, name)
        column = next((c for (r, c), v in cells.items() if r == 1 and v == "Plant ID"), None)
        rows = {1} | {r for (r, c), value in cells.items() if c == column and value in keep}
        sheets[name] = {} if column is None else {p: v for p, v in cells.items() if p[0] in rows}
    write_workbook(goal, sheets)


def _near(power: Path, facilities: Path) -> set[str]:
    """Ids of the power plants nearest to the places of the shipped plants of the registry's slice."""
    shipped = pl.read_parquet(Path(__file__).parents[1] / "snapshot" / "place.parquet")
    ours = [row["facility_id"] for row in _rows(facilities)]
    places = shipped.filter(pl.col("facility_id").is_in(ours)).select("latitude", "longitude")
    frame = pl.read_csv(power, infer_schema=False)
    where = frame.select(pl.col("Plant latitude", "Plant longitude").cast(pl.Float64, strict=False))
    found: set[str] = set()
    for latitude, longitude in places.iter_rows():
        north = where["Plant latitude"].to_numpy() - latitude
        east = (where["Plant longitude"].to_numpy() - longitude) * np.cos(np.radians(latitude))
        nearest = np.argsort(np.nan_to_num(north**2 + east**2, nan=np.inf), kind="stable")[:_NEAREST]
        found |= set(frame["FacilityID"].gather(nearest.tolist()).to_list())
    return found
