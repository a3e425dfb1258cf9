"""EPA Greenhouse Gas Reporting Program: the yearly data summary workbooks.

One row a facility and year; one group of columns by gas, one by subpart of 40 CFR 98, each adding
up to the total. All amounts are tonnes of CO2 equivalent with the potentials of the IPCC's fourth
assessment, biogenic CO2 apart, in tonnes.

This reader is the pattern of all others: constants that map names, one public `read`, small named
steps, every failure one line with file, row and mend.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW, plain

SOURCE: Final = "epa_ghgrp"
_SHEET: Final = "Direct"  # "Direct Emitters" until 2022, "Direct Point Emitters" in 2023
_GAS_GROUP: Final = "total facility emissions by gas"
_SUBPART_GROUP: Final = "emissions by process"

IDENTITY: Final = {
    "ghgrp_id": "facility id",
    "frs_id": "frs id",
    "name": "facility name",
    "city": "city",
    "state": "state",
    "zip": "zip code",
    "address": "address",
    "county": "county",
    "latitude": "latitude",
    "longitude": "longitude",
    "naics": "primary naics code",
    "subparts": "industry type (subparts)",
    "sectors": "industry type (sectors)",
    "co2_captured": "is some co2 collected on-site and used to manufacture other products and "
    "therefore not emitted from the affected manufacturing process unit(s)? "
    "(as reported under subpart g or s)",
    "co2_transferred": "is some co2 reported as emissions from the affected manufacturing process "
    "unit(s) under subpart aa, g or p collected and transferred off-site or injected "
    "(as reported under subpart pp)?",
    "cems": "does the facility employ continuous emissions monitoring?",
}
TOTALS: Final = {
    "ghg_reported": "total reported direct emissions",
    "co2_biogenic": "biogenic co2 emissions (metric tons)",
}
GASES: Final = {
    "ghg_co2": "co2 emissions (non-biogenic)",
    "ghg_ch4": "methane (ch4) emissions",
    "ghg_n2o": "nitrous oxide (n2o) emissions",
    "ghg_hfc": "hfc emissions",
    "ghg_pfc": "pfc emissions",
    "ghg_sf6": "sf6 emissions",
    "ghg_nf3": "nf3 emissions",
    "ghg_other_fluorinated": "other fully fluorinated ghg emissions",
    "ghg_hfe": "hfe emissions",
    "ghg_very_short_lived": "very short-lived compounds emissions",
    "ghg_other": "other ghgs (metric tons co2e)",
}
_OIL_AND_GAS: Final = "petroleum and natural gas systems - "
SUBPARTS: Final = {
    "ghg_subpart_c": "stationary combustion",
    "ghg_subpart_d": "electricity generation",
    "ghg_subpart_e": "adipic acid production",
    "ghg_subpart_f": "aluminum production",
    "ghg_subpart_g": "ammonia manufacturing",
    "ghg_subpart_h": "cement production",
    "ghg_subpart_i": "electronics manufacture",
    "ghg_subpart_k": "ferroalloy production",
    "ghg_subpart_l": "fluorinated ghg production",
    "ghg_subpart_n": "glass production",
    "ghg_subpart_o": "hcfc-22 production from hfc-23 destruction",
    "ghg_subpart_p": "hydrogen production",
    "ghg_subpart_q": "iron and steel production",
    "ghg_subpart_r": "lead production",
    "ghg_subpart_s": "lime production",
    "ghg_subpart_t": "magnesium production",
    "ghg_subpart_u": "miscellaneous use of carbonates",
    "ghg_subpart_v": "nitric acid production",
    "ghg_subpart_w_offshore": _OIL_AND_GAS + "offshore production",
    "ghg_subpart_w_processing": _OIL_AND_GAS + "processing",
    "ghg_subpart_w_transmission": _OIL_AND_GAS + "transmission/compression",
    "ghg_subpart_w_storage": _OIL_AND_GAS + "underground storage",
    "ghg_subpart_w_lng_storage": _OIL_AND_GAS + "lng storage",
    "ghg_subpart_w_lng_trade": _OIL_AND_GAS + "lng import/export",
    "ghg_subpart_x": "petrochemical production",
    "ghg_subpart_y": "petroleum refining",
    "ghg_subpart_z": "phosphoric acid production",
    "ghg_subpart_aa": "pulp and paper manufacturing",
    "ghg_subpart_bb": "silicon carbide production",
    "ghg_subpart_cc": "soda ash manufacturing",
    "ghg_subpart_ee": "titanium dioxide production",
    "ghg_subpart_ff": "underground coal mines",
    "ghg_subpart_gg": "zinc production",
    "ghg_subpart_hh": "municipal landfills",
    "ghg_subpart_ii": "industrial wastewater treatment",
    "ghg_subpart_ss": "manufacture of electric transmission and distribution equipment",
    "ghg_subpart_tt": "industrial waste landfills",
}
# Rules differ by year, so most subparts may be absent; these four carry the atlas.
_REQUIRED_SUBPARTS: Final = ("ghg_subpart_c", "ghg_subpart_f", "ghg_subpart_h", "ghg_subpart_q")


@dataclass(frozen=True)
class Workbook:
    """One year as filed.

    `facilities`: one row a facility (ghgrp_id, year, row, and the identity columns, as text but for
    latitude and longitude in degrees and cems as true, false or null where the column is not filled).
    `amounts`: one row a filled cell (ghgrp_id, year, row, part, quantity, tonnes), `part` being
    total, gas, subpart or none. `unknown`: headers of emission columns that no map names; they are
    loaded all the same, under a name made from the header.
    """

    year: int
    as_of: dt.date
    sheet: str
    facilities: pl.DataFrame
    amounts: pl.DataFrame
    unknown: tuple[str, ...]


def read(path: Path) -> Workbook:
    """Read one workbook, of any year. Raises InputError naming file, row and mend."""
    name, cells = sheet.open_sheet(path, _SHEET)
    top = _header_index(cells, path)
    year, as_of = _dates(cells.head(top), path)
    columns = _columns(cells, top, path)
    body = _body(cells, top, columns)
    _check_ids(body, path)
    frame = sheet.numbers(body, _numeric(columns), path).with_columns(pl.lit(year).alias("year"))
    unknown = tuple(c.header for c in columns if c.part in ("gas", "subpart") and not c.known)
    return Workbook(year, as_of, name, _facilities(frame), _amounts(frame, columns), unknown)


@dataclass(frozen=True)
class _Column:
    """A column of the sheet: its place, its header, our name for it, and what it is part of."""

    index: int
    header: str
    name: str
    part: str
    known: bool = True


def _header_index(cells: pl.DataFrame, path: Path) -> int:
    first = [plain(text) for text in cells.to_series(0).head(20)]
    if IDENTITY["ghgrp_id"] not in first:
        raise InputError(
            "no header row that starts with “Facility Id” in the first 20 rows",
            "fetch the file again from its publisher",
            file=path,
        )
    return first.index(IDENTITY["ghgrp_id"])


def _dates(top: pl.DataFrame, path: Path) -> tuple[int, dt.date]:
    text = " ".join(cell for row in top.rows() for cell in row if cell)
    year = re.search(r"Reporting Program for (\d{4})", text)
    as_of = re.search(r"as of (\d{1,2})/(\d{1,2})/(\d{4})", text)
    if not year or not as_of:
        raise InputError(
            "the lines above the header do not say the reporting year and the date of the data",
            "fetch the file again from its publisher",
            file=path,
        )
    month, day, of_year = (int(part) for part in as_of.groups())
    return int(year[1]), dt.date(of_year, month, day)


def _columns(cells: pl.DataFrame, top: int, path: Path) -> list[_Column]:
    """Every column with a header, named by the maps, or by the group header that stands over it."""
    headers = cells.row(top)
    groups = [plain(text) for text in cells.row(top - 1)] if top else []
    _require_headers([plain(text) for text in headers], path, top + 1)
    start_gas = groups.index(_GAS_GROUP) if _GAS_GROUP in groups else len(headers)
    start_subpart = groups.index(_SUBPART_GROUP) if _SUBPART_GROUP in groups else len(headers)
    return [
        _column(index, header, _group(index, start_gas, start_subpart))
        for index, header in enumerate(headers)
        if header
    ]


def _require_headers(found: list[str], path: Path, row: int) -> None:
    wanted = [*IDENTITY.values(), *TOTALS.values(), *GASES.values()]
    wanted += [SUBPARTS[name] for name in _REQUIRED_SUBPARTS]
    sheet.require(wanted, found, path, row, known=_PARTS)


def _group(index: int, start_gas: int, start_subpart: int) -> str:
    return "subpart" if index >= start_subpart else "gas" if index >= start_gas else "identity"


_PARTS: Final = {
    **{header: ("identity", name) for name, header in IDENTITY.items()},
    **{header: ("gas", name) for name, header in GASES.items()},
    **{header: ("subpart", name) for name, header in SUBPARTS.items()},
    TOTALS["ghg_reported"]: ("total", "ghg_reported"),
    TOTALS["co2_biogenic"]: ("none", "co2_biogenic"),
}


def _column(index: int, header: str, group: str) -> _Column:
    known = _PARTS.get(plain(header))
    if known:
        return _Column(index, header.strip(), known[1], known[0])
    if plain(header).endswith("?"):  # the rule's yes-or-no questions stand right of the amounts
        group = "identity"
    slug = re.sub(r"[^a-z0-9]+", "_", plain(header)).strip("_")
    prefix = {"gas": "ghg_", "subpart": "ghg_subpart_"}.get(group, "")
    return _Column(index, header.strip(), prefix + slug, group, known=False)


def _body(cells: pl.DataFrame, top: int, columns: list[_Column]) -> pl.DataFrame:
    body = cells.select(cells.to_series(c.index).alias(c.name) for c in columns)
    body = body.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).slice(top + 1)
    filled = pl.any_horizontal(pl.exclude(ROW).is_not_null())
    return body.filter(filled)


def _check_ids(body: pl.DataFrame, path: Path) -> None:
    bad = body.filter(~pl.col("ghgrp_id").str.contains(r"^\d+$").fill_null(False))
    if bad.height:
        raise InputError(
            f"“{bad['ghgrp_id'][0] or ''}” is not a facility id",
            "correct the cell or fetch the file again",
            file=path,
            row=bad[ROW][0],
        )
    twice = body.filter(~pl.col("ghgrp_id").is_first_distinct())
    if twice.height:
        raise InputError(
            f"facility {twice['ghgrp_id'][0]} stands twice",
            "remove one of its rows or fetch the file again",
            file=path,
            row=twice[ROW][0],
        )


def _numeric(columns: list[_Column]) -> dict[str, str]:
    places = {"latitude": "Latitude", "longitude": "Longitude"}
    return places | {c.name: c.header for c in columns if c.part != "identity"}


def _facilities(frame: pl.DataFrame) -> pl.DataFrame:
    """Identity columns. A monitor column without a single Y is not filled, which is not a no."""
    filled = (frame["cems"] == "Y").any()
    cems = (pl.col("cems") == "Y") if filled else pl.lit(None, dtype=pl.Boolean)
    return frame.select("ghgrp_id", "year", ROW, *list(IDENTITY)[1:]).with_columns(cems.alias("cems"))


def _amounts(frame: pl.DataFrame, columns: list[_Column]) -> pl.DataFrame:
    parts = {c.name: c.part for c in columns if c.part != "identity"}
    long = frame.unpivot(
        on=list(parts),
        index=["ghgrp_id", "year", ROW],
        variable_name="quantity",
        value_name="tonnes",
    )
    part = pl.col("quantity").replace_strict(parts, return_dtype=pl.String).alias("part")
    return long.filter(pl.col("tonnes").is_not_null()).with_columns(part)
