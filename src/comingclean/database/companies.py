"""Who owns what: the companies, what sources say of their plants, and what these release."""

from __future__ import annotations

import polars as pl

from comingclean.database import decided
from comingclean.database.part import Ground, Made, as_json
from comingclean.estimates import company_totals
from comingclean.estimates.findings import worded
from comingclean.facilities import companies
from comingclean.facilities.ownership import ownership
from comingclean.tables.companies import COMPANY, COMPANY_VALUE, OWNERSHIP


def make(ground: Ground, values: pl.DataFrame) -> Made:
    """The tables ownership, company and company_value from `values` of the plants."""
    owned = ownership(ground.data).join(ground.plants, on="facility_id", how="semi")
    units = decided.quantities(ground.data).select("quantity", "unit")
    totals = company_totals.totals(values, company_totals.parties(owned))
    totals = totals.join(units, on="quantity", how="left", validate="m:1")
    named = company_totals.companies(owned, companies.read(ground.data))
    words = decided.toml(ground.data / "findings.toml")
    return Made(
        findings=worded(company_totals.unknown_shares(owned), words),
        tables={
            OWNERSHIP: owned.drop("company").with_columns(as_json("sources")),
            COMPANY: named.with_columns(as_json("other_names"), as_json("sources")),
            COMPANY_VALUE: totals.with_columns(as_json("sources")),
        },
    )
