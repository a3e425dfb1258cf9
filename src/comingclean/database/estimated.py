"""What is estimated: production, scope 2, intensity and employment, with what is said of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import polars as pl

from comingclean.database import decided
from comingclean.database.part import Ground, Made, source_rows, with_lineage
from comingclean.errors import InputError
from comingclean.estimates import backtest, parameter_kinds, total_rows
from comingclean.estimates.evidence import Evidence
from comingclean.estimates.factors import factors
from comingclean.estimates.findings import worded, years_in_words
from comingclean.estimates.grid_place import grid_places, rules
from comingclean.estimates.whole import Result, estimate
from comingclean.facilities.stated import stated
from comingclean.tables.columns import Table
from comingclean.tables.estimates import ABSENT, ADJUSTMENT, BACKTEST, GRID, RANK, UNRANKED

_GEM: Final = "gem_steel"
_GEM_YEAR: Final = 2025
_USGS: Final = "usgs"
_USGS_YEAR: Final = 2024
_POWER: Final = "epa_egrid_plants"
_POWER_YEAR: Final = 2018
# IPCC fourth assessment, as the filings use: kilograms of gas to tonnes of CO2 equivalent.
_POTENTIAL: Final = {"co2": 1.0, "ch4": 25.0, "n2o": 298.0}
_TONNES_PER_KILOTONNE: Final = 1000.0


def make(ground: Ground, filed: pl.DataFrame) -> Made:
    """Values and findings of the estimates, and the tables rank, adjustment, backtest and grid.

    `filed`: value rows of the filings.
    """
    refuse_strangers(ground)
    found = evidence(ground, filed)
    result = estimate(found, factors(ground.parameters, ground.kinds))
    return Made(
        values=result.values(),
        findings=worded(_findings(result), decided.toml(ground.data / "findings.toml")),
        tables={
            RANK: _table(result.ranking.ranked, RANK),
            UNRANKED: _table(result.ranking.rest, UNRANKED),
            ABSENT: _table(result.absent, ABSENT),
            ADJUSTMENT: _adjustments(result),
            BACKTEST: _backtest(result),
            GRID: _grid(found),
        },
        rows=_rows(ground),
    )


def evidence(ground: Ground, filed: pl.DataFrame) -> Evidence:
    """What the estimates stand on, from the snapshot and the decisions."""
    plants = ground.plants
    power = _of_year(ground.raw("grid_plant"), _POWER, _POWER_YEAR)
    said = stated(ground.data, plants)
    national = _of_year(ground.raw("national_total").rename({"year": "of"}), _USGS, _USGS_YEAR)
    totals = national.drop("year").rename({"of": "year"})
    given = factors(ground.parameters, ground.kinds)
    return Evidence(
        plants=plants.select(
            "facility_id",
            "site_id",
            "industry",
            "state",
            "program",
            "reference_2020",
            "latitude",
            "longitude",
        ),
        values=filed,
        attributes=said,
        output=_output(ground),
        totals=total_rows.totals(totals, given),
        rates=_rates(ground),
        grid=grid_places(
            plants.select("facility_id", "state", "latitude", "longitude"), power, rules(given)
        ),
    )


def refuse_strangers(ground: Ground) -> None:
    """Refuse, by row, a parameter that speaks of a plant or state which the registry does not have."""
    plants = {*ground.plants["facility_id"], *ground.plants["site_id"]}
    names = ground.parameters["parameter"].to_list()
    for name in parameter_kinds.strangers(names, ground.kinds, plants, set(ground.plants["state"])):
        what = f"the parameter {name} speaks of a plant or a state that is not in the registry"
        path, row = ground.data / "parameters.csv", names.index(name) + 2
        raise InputError(what, "correct the id", file=path, row=row)


def _of_year(frame: pl.DataFrame, source: str, year: int) -> pl.DataFrame:
    """Rows of one file of one year, with their lineage ids."""
    return with_lineage(frame.with_columns(pl.lit(year).alias("year")), source)


def _output(ground: Ground) -> pl.DataFrame:
    rows = _of_year(ground.raw("gem_output").rename({"year": "of"}), _GEM, _GEM_YEAR)
    value = (pl.col("kilotonnes") * _TONNES_PER_KILOTONNE).alias("value")
    return rows.drop("year").rename({"of": "year"}).with_columns(value)


def _rates(ground: Ground) -> pl.DataFrame:
    parts = [pl.col(gas) * potential / 1000 for gas, potential in _POTENTIAL.items()]
    rows = with_lineage(ground.raw("grid_rate"))
    return rows.select("subregion", "year", pl.sum_horizontal(parts).alias("value"), "lineage_id")


def _findings(result: Result) -> list[dict[str, Any]]:
    """Findings with their years in words; ids of attributes stand as they are."""
    rows = []
    for row in result.findings:
        facts = dict(row["facts"])
        if "years" in facts:
            facts["years"] = years_in_words(sorted(facts["years"]))
        rows.append(row | {"facts": facts})
    return rows


def _table(rows: Iterable[object], table: Table) -> pl.DataFrame:
    """Rows of a table from objects whose fields stand in its order."""
    return pl.DataFrame([tuple(vars(row).values()) for row in rows], schema=table.schema, orient="row")


def _adjustments(result: Result) -> pl.DataFrame:
    rows = [
        {
            "industry": row.industry,
            "product": row.product,
            "route": row.route,
            "year": row.year,
            "unit": "people" if row.product == "jobs" else "t",
            "plants": row.plants,
            "published": row.published,
            "before": row.before,
            "after": row.after,
            "factor": row.after / row.before,
            "verified": int(row.verified),
            "sources": json.dumps(sorted(row.sources)),
        }
        for row in result.adjustments
    ]
    return pl.DataFrame(rows, schema=ADJUSTMENT.schema)


def _backtest(result: Result) -> pl.DataFrame:
    tests = sorted({case.test for case in result.cases})
    scores = [backtest.score(test, [c for c in result.cases if c.test == test]) for test in tests]
    return _table(scores, BACKTEST)


def _grid(found: Evidence) -> pl.DataFrame:
    ids = pl.col("lineage_ids").map_elements(lambda ids: json.dumps(list(ids)), return_dtype=pl.String)
    return found.grid.select("facility_id", "subregion", "share", "nearest_km", ids.alias("sources"))


def _rows(ground: Ground) -> pl.DataFrame:
    """Source rows that the estimates may name."""
    gem = ground.raw("gem_output").select("row", pl.lit(_GEM_YEAR).alias("year"))
    usgs = ground.raw("national_total").select("row", pl.lit(_USGS_YEAR).alias("year"))
    power = ground.raw("grid_plant").select("row", pl.lit(_POWER_YEAR).alias("year"))
    named = [source_rows(frame, name) for frame, name in ((gem, _GEM), (usgs, _USGS), (power, _POWER))]
    return pl.concat([*named, source_rows(ground.raw("grid_rate"))]).unique("lineage_id")
