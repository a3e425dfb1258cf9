"""What was filed with the greenhouse gas program, with intervals, and what the filings do not say."""

from __future__ import annotations

import polars as pl

from comingclean.database import decided, plants
from comingclean.database.part import GHGRP, Ground, Made, source_rows, with_lineage
from comingclean.estimates import reported
from comingclean.estimates.findings import Record, findings
from comingclean.facilities import links
from comingclean.model import CONTROL_TOTAL


def make(ground: Ground) -> Made:
    """Values and findings of the filings, and the national totals beside the publisher's."""
    filed, values = plants.filings(ground), _values(ground)
    years = tuple(sorted(ground.raw("file").filter(source_id=GHGRP)["year"]))
    missing, linked = links.missing(ground.data), links.links(ground.data)
    record = Record(plants.described(ground), values, filed, missing, linked, years)
    tiers = source_rows(ground.raw("combustion_tier"))
    return Made(
        values=values,
        findings=findings(record, decided.toml(ground.data / "findings.toml")),
        tables={CONTROL_TOTAL: ground.raw("control_total")},
        rows=pl.concat([source_rows(ground.raw("ghgrp_filing"), GHGRP), tiers]),
    )


def _values(ground: Ground) -> pl.DataFrame:
    flags = plants.filings(ground).select("facility_id", "year", "cems")
    amounts = ground.of_plants(with_lineage(ground.raw("ghgrp_amount"), GHGRP), "industry")
    amounts = amounts.join(flags, on=["facility_id", "year"], validate="m:1")
    tiers = ground.of_plants(with_lineage(ground.raw("combustion_tier")), "industry")
    return reported.values(amounts, tiers, ground.factors)
