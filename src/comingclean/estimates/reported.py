"""Greenhouse gases as reported: which interval and grade a filing deserves.

EPA publishes no uncertainty. What is public of a plant's method gives one: the calculation tiers of
its combustion units (2017, and monitored or not in 2020), the flag for continuous monitors (from
2019 on), the gas. Where nothing is public the interval covers every method that the rule allows.
All frames have one row a figure: (facility_id, year, quantity, value, half, method, grade, sources).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from comingclean.estimates.reported_combustion import combustion, mixes
from comingclean.estimates.reported_rows import KEY, WEIGHTY, Parameters, Row, frame, row_of
from comingclean.model import PROCESS_SUBPART

# Below this a reported figure is not meant: the forms round to a tenth of a tonne per gas.
_LEAST_HALF_WIDTH: Final = 0.5
_COMBUSTION: Final = "ghg_subpart_c"
_PROCESS: Final = "ghg_subpart_process"
_CALCULATED_PROCESS: Final = {
    "cement": ("ghg_halfwidth_clinker", "B"),
    "iron_steel": ("ghg_halfwidth_mass_balance", "B"),
    "met_coke": ("ghg_halfwidth_mass_balance", "B"),
}
_GAS_METHOD: Final = {
    "ghg_ch4": ("ghg_gas_combustion", "ghg_halfwidth_ch4_n2o"),
    "ghg_n2o": ("ghg_gas_combustion", "ghg_halfwidth_ch4_n2o"),
    "ghg_pfc": ("ghg_gas_pfc", "ghg_halfwidth_pfc"),
}


def values(amounts: pl.DataFrame, tiers: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    """Every reported figure of every plant and year, and the reference boundary, as value rows.

    `amounts`: (facility_id, industry, year, quantity, part, tonnes, cems, lineage_id), one row a
    filled cell. `tiers`: (facility_id, year, tier, tonnes, lineage_id), one row a combustion unit.
    Returns (facility_id, year, quantity, value, low, high, kind, method, grade, sources) where
    sources is a list of lineage ids.
    """
    named = name_process(amounts)
    subparts = _subparts(named, mixes(tiers), parameters)
    sums = pl.concat([_reported(named, subparts), _scope1(subparts)])
    rows = pl.concat([subparts, sums, _gases(named, sums, parameters)])
    return _interval(rows)


def name_process(amounts: pl.DataFrame) -> pl.DataFrame:
    """The subpart of the plant's own industry under one name, whatever its letter."""
    letter = pl.col("industry").replace_strict(PROCESS_SUBPART, return_dtype=pl.String)
    own = pl.col("quantity") == pl.concat_str(pl.lit("ghg_subpart_"), letter)
    return amounts.with_columns(
        pl.when(own).then(pl.lit(_PROCESS)).otherwise(pl.col("quantity")).alias("quantity")
    )


def _subparts(named: pl.DataFrame, tiers: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    cells = named.filter(pl.col("part") == "subpart")
    process = cells.filter(pl.col("quantity") == _PROCESS)
    burnt = cells.filter(pl.col("quantity") == _COMBUSTION)
    other = cells.filter(~pl.col("quantity").is_in([_PROCESS, _COMBUSTION]))
    pfc = named.filter(pl.col("quantity") == "ghg_pfc").select(*KEY, pfc=pl.col("tonnes"))
    frames = [
        combustion(burnt, tiers, parameters),
        _process(process.join(pfc, on=KEY, how="left", validate="1:1"), parameters),
        _other(other, parameters),
    ]
    return pl.concat(frame for frame in frames if frame.height)


def _process(cells: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    rows = []
    for cell in cells.iter_rows(named=True):
        if cell["industry"] == "aluminum":
            rows.append(_smelter(cell, parameters))
        else:
            rows.append(_monitored_or_not(cell, parameters))
    return frame(rows)


def _smelter(cell: Row, parameters: Parameters) -> Row:
    total = cell["tonnes"]
    pfc = min(cell["pfc"] or 0.0, total)
    anode = (total - pfc) * parameters["ghg_halfwidth_anode"]
    half = (anode**2 + (pfc * parameters["ghg_halfwidth_pfc"]) ** 2) ** 0.5
    ids = ["parameters/ghg_halfwidth_anode", "parameters/ghg_halfwidth_pfc"]
    return row_of(cell, half, "ghg_process_smelter", "B", ids)


def _monitored_or_not(cell: Row, parameters: Parameters) -> Row:
    """By the site's monitor flag: null is not public, and is no no."""
    calculated, calculated_grade = _CALCULATED_PROCESS[cell["industry"]]
    if cell["cems"] is None:
        name, method, grade = "ghg_halfwidth_process_unknown", "ghg_process_unknown", "D"
    elif not cell["cems"]:
        name, method, grade = calculated, "ghg_process_calculated", calculated_grade
    elif cell["industry"] == "cement":
        name, method, grade = "ghg_halfwidth_cems", "ghg_process_monitor", "A"
    else:
        name = max("ghg_halfwidth_cems", calculated, key=lambda name: parameters[name])
        method, grade = "ghg_process_monitor", "B"
    tonnes = cell["tonnes"]
    return row_of(cell, tonnes * parameters[name], method, grade, [f"parameters/{name}"])


def _other(cells: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    share, ids = parameters["ghg_halfwidth_other"], ["parameters/ghg_halfwidth_other"]
    return frame(
        [
            row_of(cell, cell["tonnes"] * share, "ghg_other_subpart", "D", ids)
            for cell in cells.iter_rows(named=True)
        ]
    )


def _sum_of(parts: pl.DataFrame) -> pl.DataFrame:
    """Parts of one plant and year joined as independent errors; the weakest weighty part grades it."""
    share = pl.col("value") / pl.col("value").sum().over(KEY)
    weighty = (share >= WEIGHTY) | share.is_nan()
    return (
        parts.with_columns(pl.when(weighty).then(pl.col("grade")).alias("grade"))
        .group_by(KEY)
        .agg(
            pl.col("value").sum(),
            pl.col("half").pow(2).sum().sqrt(),
            pl.col("grade").max(),
            pl.col("sources").explode().unique().sort(),
        )
    )


def _scope1(subparts: pl.DataFrame) -> pl.DataFrame:
    parts = subparts.filter(pl.col("quantity").is_in([_COMBUSTION, _PROCESS]))
    return _sum_of(parts).select(
        *KEY,
        pl.lit("ghg_scope1").alias("quantity"),
        "value",
        "half",
        pl.lit("ghg_scope1_sum").alias("method"),
        "grade",
        "sources",
    )


def _reported(named: pl.DataFrame, subparts: pl.DataFrame) -> pl.DataFrame:
    """The total as the plant filed it, with the interval of its parts."""
    filed = named.filter(pl.col("quantity") == "ghg_reported").select(
        *KEY, pl.col("tonnes").alias("filed"), "lineage_id"
    )
    joined = filed.join(_sum_of(subparts), on=KEY, how="left", validate="1:1")
    alone = pl.concat_list("lineage_id")
    return joined.select(
        pl.col("facility_id"),
        pl.col("year").cast(pl.Int64),
        pl.lit("ghg_reported").alias("quantity"),
        pl.col("filed").alias("value"),
        pl.col("half").fill_null(0.0),
        pl.lit("ghg_reported_sum").alias("method"),
        pl.col("grade").fill_null("D"),
        pl.coalesce("sources", alone).alias("sources"),
    )


def _gases(named: pl.DataFrame, sums: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    cells = named.filter((pl.col("part") == "gas") | (pl.col("quantity") == "co2_biogenic"))
    total = sums.filter(pl.col("quantity") == "ghg_reported").select(
        *KEY, total="value", total_half="half", total_grade="grade", total_sources="sources"
    )
    joined = cells.join(total, on=KEY, how="left", validate="m:1")
    return frame([_gas(cell, parameters) for cell in joined.iter_rows(named=True)])


def _gas(cell: Row, parameters: Parameters) -> Row:
    tonnes = cell["tonnes"]
    if cell["quantity"] == "ghg_co2":
        total, total_half = cell["total"], cell["total_half"]
        half = total_half * tonnes / total if total else 0.0
        return row_of(cell, half, "ghg_gas_co2", cell["total_grade"], cell["total_sources"])
    unknown = ("ghg_gas_other", "ghg_halfwidth_other")
    method, name = _GAS_METHOD.get(cell["quantity"], unknown)
    grade = {"ghg_gas_pfc": "B", "ghg_gas_combustion": "C"}.get(method, "D")
    return row_of(cell, tonnes * parameters[name], method, grade, [f"parameters/{name}"])


def _interval(rows: pl.DataFrame) -> pl.DataFrame:
    half = pl.max_horizontal(pl.col("half").abs(), pl.lit(_LEAST_HALF_WIDTH))
    kind = pl.when(pl.col("quantity") == "ghg_scope1").then(pl.lit("calculated"))
    return rows.select(
        *KEY,
        "quantity",
        "value",
        pl.max_horizontal(pl.col("value") - half, pl.lit(0.0)).alias("low"),
        (pl.col("value") + half).alias("high"),
        kind.otherwise(pl.lit("reported")).alias("kind"),
        "method",
        "grade",
        "sources",
    ).sort("facility_id", "year", "quantity")
