"""Small worlds for tests: evidence of a few made-up plants, and parameters by name."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from comingclean.estimates.draws import Draws
from comingclean.estimates.evidence import Evidence
from comingclean.estimates.factors import Factor, Factors
from comingclean.estimates.production.common import Tools
from comingclean.estimates.steps import Steps
from comingclean.estimates.whole import Result


@dataclass
class World:
    """The shipped record, estimated."""

    evidence: Evidence
    factors: Factors
    memory: Steps
    result: Result
    values: pl.DataFrame

    def of(self, quantity, year=None):
        """Value rows of a quantity, of one year or all."""
        rows = self.values.filter(pl.col("quantity") == quantity)
        return rows if year is None else rows.filter(pl.col("year") == year)

    def tools(self):
        """The tools of a run with the shipped parameters."""
        return Tools(self.evidence, self.factors.tracked(), Draws())


def changed(given: Factors, name: str, **new: object) -> Factors:
    """The same parameters with one of them changed."""
    return Factors({**given.by_name, name: replace(given.by_name[name], **new)})


def made(*rows: tuple) -> Factors:
    """Parameters from (name, value, low, high, unit)."""
    return Factors({row[0]: Factor(*row, seen="read") for row in rows})


FRAMES = {
    "plants": {
        "facility_id": pl.String,
        "site_id": pl.String,
        "industry": pl.String,
        "state": pl.String,
        "program": pl.String,
        "reference_2020": pl.Int64,
        "latitude": pl.Float64,
        "longitude": pl.Float64,
    },
    "values": {
        "facility_id": pl.String,
        "year": pl.Int64,
        "quantity": pl.String,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "grade": pl.String,
        "sources": pl.List(pl.String),
    },
    "attributes": {
        "facility_id": pl.String,
        "attribute": pl.String,
        "value": pl.String,
        "low": pl.Float64,
        "high": pl.Float64,
        "first_year": pl.Int64,
        "last_year": pl.Int64,
        "certainty": pl.String,
        "note": pl.String,
        "lineage_id": pl.String,
    },
    "output": {
        "unit": pl.String,
        "product": pl.String,
        "year": pl.Int64,
        "value": pl.Float64,
        "shared": pl.Boolean,
        "lineage_id": pl.String,
    },
    "totals": {
        "series": pl.String,
        "year": pl.Int64,
        "value": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "verified": pl.Boolean,
        "sources": pl.List(pl.String),
    },
    "rates": {
        "subregion": pl.String,
        "year": pl.Int64,
        "value": pl.Float64,
        "lineage_id": pl.String,
    },
    "grid": {
        "facility_id": pl.String,
        "subregion": pl.String,
        "share": pl.Float64,
        "nearest_km": pl.Float64,
        "lineage_ids": pl.List(pl.String),
    },
}


def small(**rows: list[tuple]) -> Evidence:
    """Evidence from rows of each frame, in the order of its columns; frames not named are empty."""
    return Evidence(
        **{
            name: pl.DataFrame(rows.get(name, []), schema=schema, orient="row")
            for name, schema in FRAMES.items()
        }
    )


def plant(name, industry, state="IN", program="ghgrp", reference=1):
    """A row of `plants`."""
    return (name, name, industry, state, program, reference, 41.0, -87.0)


def filing(name, year, quantity, value, share=0.05, grade="B"):
    """A row of `values`."""
    ends = value * (1 - share), value * (1 + share)
    return (name, year, quantity, value, *ends, grade, [f"epa_ghgrp/{year}#1"])


def route(name, kind, first=None, last=None, certainty="stated"):
    """A row of `attributes` that says how a plant makes its product."""
    return (name, "route", kind, None, None, first, last, certainty, None, f"attributes/{name}/route")
