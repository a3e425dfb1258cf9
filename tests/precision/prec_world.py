"""A small made-up record: three plants, of which every figure is known beforehand."""

from __future__ import annotations

import json

import polars as pl

from comingclean.database import decided
from comingclean.estimates.precision import Known
from comingclean.model import ATTRIBUTE, FACILITY, QUANTITY, RESTATEMENT, VALUE
from comingclean.tables.fenceline import COMMUNITY, NEAREST_MONITOR
from comingclean.tables.toxic import (
    AIR_EMISSION,
    AIR_PROCESS,
    CHEMICAL,
    TOXIC_FILING,
    TOXIC_RELEASE,
)
from comingclean.tables.toxic_checks import PROGRAM_PAIR
from sliced import ROOT

TIERS = {
    "facility_id": pl.String,
    "year": pl.Int64,
    "tier": pl.String,
    "tonnes": pl.Float64,
    "lineage_id": pl.String,
}
RULES = decided.factors(decided.parameters(ROOT / "data"))


def rows(table, *given):
    """Rows of a declared table; what is not given is empty, `sources` has one row of a file."""
    filled = []
    for number, row in enumerate(given):
        source = {"sources": json.dumps([f"made_up/2020#{number}"])}
        filled.append({name: (source | row).get(name) for name in table.schema})
    return pl.DataFrame(filled, schema=table.schema)


def plant(name, industry="cement", **more):
    return {
        "facility_id": name,
        "site_id": name,
        "name": name,
        "industry": industry,
        "city": "TOWN",
        "state": "TX",
        "county": "County",
        "county_fips": "48001",
        "latitude": 31.0,
        "longitude": -97.0,
        "coordinate_accuracy": "as filed",
        "coordinate_as_of": 2023,
        "reference_2020": 1,
    } | more


def value(name, quantity, year, amount, **more):
    return {
        "facility_id": name,
        "quantity": quantity,
        "year": year,
        "value": float(amount),
        "low": 0.9 * amount,
        "high": 1.1 * amount,
        "unit": "t",
        "method": "made_up",
        "grade": "C",
    } | more


def release(name, kilograms, method="tri_1", **more):
    return {
        "facility_id": name,
        "year": 2020,
        "program_id": "T1",
        "chemical": "71-43-2",
        "medium": "air",
        "kilograms": float(kilograms),
        "unit": "kg",
        "method": method,
        "grade": "C",
    } | more


def emission(name, kilograms, method="nei_1", **more):
    return {
        "facility_id": name,
        "year": 2017,
        "chemical": "NOX",
        "kilograms": float(kilograms),
        "method": method,
        "grade": "C",
        "shared": 0,
    } | more


CHEMICALS = (
    {
        "chemical": "71-43-2",
        "name": "Benzene",
        "name_es": "Benceno",
        "weight": 28000.0,
        "measured": "volatile",
    },
    {
        "chemical": "7439-92-1",
        "name": "Lead",
        "name_es": "Plomo",
        "element": "7439-92-1",
        "weight": 23000.0,
        "measured": "metal",
    },
    {
        "chemical": "N420",
        "name": "Lead compounds",
        "name_es": "Compuestos de plomo",
        "element": "7439-92-1",
        "weight": 23000.0,
        "measured": "metal",
    },
    {"chemical": "67-56-1", "name": "Methanol"},
)


def known(plants=(), **tables):
    """What the estimates look at; tables that are not given are empty."""
    declared = {
        "facility": FACILITY,
        "value": VALUE,
        "toxic_release": TOXIC_RELEASE,
        "toxic_filing": TOXIC_FILING,
        "air_emission": AIR_EMISSION,
        "air_process": AIR_PROCESS,
        "chemical": CHEMICAL,
        "program_pair": PROGRAM_PAIR,
        "restatement": RESTATEMENT,
        "nearest_monitor": NEAREST_MONITOR,
        "community": COMMUNITY,
        "attribute": ATTRIBUTE,
        "quantity": QUANTITY,
    }
    given = {"facility": plants or [plant("a")], "chemical": CHEMICALS} | tables
    frames = {name: rows(table, *given.get(name, ())) for name, table in declared.items()}
    frames["quantity"] = decided.quantities(ROOT / "data")
    tiers = pl.DataFrame(given.get("tiers", []), schema=TIERS, orient="row")
    return Known(tiers=tiers, rules=RULES, **frames)
