"""Build: snapshot in, one SQLite file and its Parquet twins out.

Readers are done by now: only the snapshot, the decisions in data/ and pure functions are used.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean import paths, store
from comingclean.errors import InputError
from comingclean.estimates import reported
from comingclean.estimates.findings import Record, findings
from comingclean.facilities import attributes, links, registry
from comingclean.model import (
    ATTRIBUTE,
    CANDIDATE,
    CONTROL_TOTAL,
    FACILITY,
    FINDING,
    IDENTIFIER,
    LINEAGE,
    METHOD,
    PARAMETER,
    QUANTITY,
    RESTATEMENT,
    SOURCE,
    TABLES,
    VALUE,
    Table,
    conform,
)
from comingclean.sources import card

Tables = dict[str, pl.DataFrame]
_GHGRP: Final = "epa_ghgrp"
_SNAPSHOT: Final = (
    "ghgrp_filing",
    "ghgrp_amount",
    "combustion_tier",
    "control_total",
    "restatement",
    "place",
    "file",
)


def build_database(
    file: Path, *, snapshot: Path | None = None, data: Path | None = None
) -> dict[str, int]:
    """Make the database `file` and its Parquet twins (folder `file`.parquet); rows by table.

    Raises InputError when the snapshot is not whole or does not fit the registry, WriteError when
    the disk does not take it; the former database stays until the new one is whole.
    """
    made = tables(snapshot or paths.snapshot(), data or paths.data())
    with store.whole_file(file) as fresh:
        _write_sqlite(made, fresh)
        with store.whole_folder(twins(file)) as folder:
            for name, frame in made.items():
                store.write_parquet(frame, folder / f"{name}.parquet")
    return {name: frame.height for name, frame in made.items()}


def twins(file: Path) -> Path:
    """The folder of Parquet twins of a database file."""
    return file.with_suffix(".parquet")


def tables(snapshot: Path, data: Path) -> Tables:
    """Every table of the database as a frame that fits its declaration in `model`."""
    raw = _read_snapshot(snapshot)
    plants = _plants(registry.read(data), raw, data)
    parameters = _parameters(data)
    filings = _of_plants(
        _with_lineage(raw["ghgrp_filing"], _GHGRP), plants.select("facility_id", "program_id")
    )
    values = _values(plants, filings, raw, parameters)
    years = tuple(sorted(raw["file"].filter(source_id=_GHGRP)["year"]))
    known = attributes.read(data).join(plants, on="facility_id", how="semi")
    plants = plants.join(attributes.newest(known), on="facility_id", how="left", validate="1:1")
    record = Record(plants, values, filings, links.missing(data), years)
    found = findings(record, _toml(data / "findings.toml"))
    made = {
        FACILITY: _facility(plants, filings),
        IDENTIFIER: _identifiers(plants, data),
        ATTRIBUTE: known,
        RESTATEMENT: _restatements(plants, raw["restatement"]),
        VALUE: values.with_columns(_as_json("sources"), _unit(values, data)),
        SOURCE: card.table(data),
        METHOD: _methods(data),
        QUANTITY: _quantities(data),
        PARAMETER: parameters,
        FINDING: found,
        CONTROL_TOTAL: raw["control_total"],
        CANDIDATE: registry.candidates(data),
    }
    made[LINEAGE] = _lineage(made, raw, data)
    return {table.name: conform(made[table], table) for table in TABLES}


def _read_snapshot(folder: Path) -> Tables:
    missing = [name for name in _SNAPSHOT if not (folder / f"{name}.parquet").exists()]
    if missing:
        raise InputError(
            f"the snapshot lacks {', '.join(missing)}", "run comingclean compile", file=folder
        )
    try:
        return {name: pl.read_parquet(folder / f"{name}.parquet") for name in _SNAPSHOT}
    except pl.exceptions.PolarsError as error:
        raise InputError("the snapshot is damaged", "run comingclean compile", file=folder) from error


def _plants(plants: pl.DataFrame, raw: Tables, data: Path) -> pl.DataFrame:
    """The registry with places; every plant of a program that we read must be in the snapshot."""
    filed = raw["ghgrp_filing"]["ghgrp_id"].unique().implode()
    lost = plants.filter((pl.col("program") == "ghgrp") & ~pl.col("program_id").is_in(filed))
    unplaced = plants.join(raw["place"], on="facility_id", how="anti")
    for row in [*lost.iter_rows(named=True), *unplaced.iter_rows(named=True)]:
        raise InputError(
            f"{row['facility_id']} ({row['program']} {row['program_id']}) is not in the snapshot",
            "correct the id, or run comingclean compile",
            file=data / registry.FACILITIES,
            row=row["row"],
        )
    place = raw["place"]
    return plants.drop("latitude", "longitude", "row").join(place, on="facility_id", validate="1:1")


def _with_lineage(frame: pl.DataFrame, source: str | pl.Expr) -> pl.DataFrame:
    source = pl.lit(source) if isinstance(source, str) else source
    name = pl.format("{}/{}#{}", source, pl.col("year"), pl.col("row"))
    return frame.with_columns(name.alias("lineage_id"), pl.col("year").cast(pl.Int64))


def _values(
    plants: pl.DataFrame, filings: pl.DataFrame, raw: Tables, parameters: pl.DataFrame
) -> pl.DataFrame:
    key = plants.select("facility_id", "industry", "program_id")
    flags = filings.select("facility_id", "year", "cems")
    amounts = _of_plants(_with_lineage(raw["ghgrp_amount"], _GHGRP), key)
    amounts = amounts.join(flags, on=["facility_id", "year"], validate="m:1")
    tiers = _of_plants(_with_lineage(raw["combustion_tier"], pl.col("source_id")), key)
    return reported.values(amounts, tiers, _factors(parameters))


def _of_plants(rows: pl.DataFrame, key: pl.DataFrame) -> pl.DataFrame:
    """Rows of a GHGRP table with the plant that they speak of."""
    return rows.join(key, left_on="ghgrp_id", right_on="program_id", validate="m:1")


def _factors(parameters: pl.DataFrame) -> dict[str, float]:
    """Parameter values by name, per cent as shares."""
    share = pl.when(pl.col("unit") == "%").then(0.01).otherwise(1.0)
    return dict(parameters.select("parameter", pl.col("value") * share).iter_rows())


def _facility(plants: pl.DataFrame, filings: pl.DataFrame) -> pl.DataFrame:
    span = filings.group_by("facility_id").agg(
        pl.col("year").min().alias("first_year"), pl.col("year").max().alias("last_year")
    )
    joined = plants.join(span, on="facility_id", how="left", validate="1:1")
    decided = pl.concat_str(pl.lit("facilities/"), pl.col("facility_id"))
    sources = pl.struct(sources="sources", decided=decided).map_elements(
        lambda row: json.dumps(sorted({*json.loads(row["sources"]), row["decided"]})),
        return_dtype=pl.String,
    )
    names = [column.name for column in FACILITY.columns if column.name in joined.columns]
    return joined.with_columns(sources.alias("sources")).select(*{*names, "sources"})


def _identifiers(plants: pl.DataFrame, data: Path) -> pl.DataFrame:
    """The id that defines each plant, and those that were linked to it."""
    key = ["facility_id", "program", "program_id"]
    linked = links.links(data).drop("row").join(plants, on="facility_id", how="semi")
    own = plants.select(key).with_columns(link_method=pl.lit("id"), confidence=pl.lit("certain"))
    return pl.concat([linked, own.join(linked, on=key, how="anti")], how="diagonal")


def _restatements(plants: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    key = plants.select("facility_id", "industry", "program_id")
    rows = reported.name_process(_of_plants(moved, key)).with_columns(unit=pl.lit("t CO2e"))
    sides = (("epa_ghgrp_older", "row"), (_GHGRP, "newer_row"))
    ids = [pl.format("{}/{}#{}", pl.lit(source), "year", row) for source, row in sides]
    named = rows.with_columns(pl.concat_list(ids).list.drop_nulls().alias("sources"))
    columns = [name for name in RESTATEMENT.schema if name != "sources"]
    return named.select(*columns, _as_json("sources"))


def _as_json(column: str) -> pl.Expr:
    return pl.col(column).map_elements(lambda ids: json.dumps(list(ids)), return_dtype=pl.String)


def _unit(values: pl.DataFrame, data: Path) -> pl.Expr:
    units = dict(_quantities(data).select("quantity", "unit").iter_rows())
    for name in sorted(set(values["quantity"]) - set(units)):
        what, mend = f"{name} is filed and has no row here", "add it with its unit and words"
        raise InputError(what, mend, file=data / "quantities.csv")
    return pl.col("quantity").replace_strict(units, return_dtype=pl.String).alias("unit")


def _quantities(data: Path) -> pl.DataFrame:
    frame = pl.read_csv(data / "quantities.csv", infer_schema=False)
    return frame.with_columns(pl.col("sort", "better", "mappable").cast(pl.Int64))


def _methods(data: Path) -> pl.DataFrame:
    return pl.DataFrame([{"method": name, **f} for name, f in _toml(data / "methods.toml").items()])


def _toml(path: Path) -> dict[str, dict[str, Any]]:
    with path.open("rb") as stream:
        return tomllib.load(stream)


def _parameters(data: Path) -> pl.DataFrame:
    path = data / "parameters.csv"
    frame = pl.read_csv(path, infer_schema=False).rename({"where": "where_in_source"})
    numbers = [pl.col(name).cast(pl.Float64, strict=False) for name in ("value", "low", "high")]
    parsed = frame.with_columns(numbers)
    bad = parsed.with_row_index("line", 2).filter(
        pl.any_horizontal(pl.col("value", "unit").is_null())
        | ~pl.col("value").is_between(pl.col("low"), pl.col("high"))
    )
    for row in bad.iter_rows(named=True):
        raise InputError(
            f"{row['parameter']} has no number, no unit, or lies outside its own range",
            "correct the row",
            file=path,
            row=row["line"],
        )
    return parsed


def _lineage(made: dict[Table, pl.DataFrame], raw: Tables, data: Path) -> pl.DataFrame:
    """The rows that values, plants and findings rest on, and no others."""
    columns = ["lineage_id", "source_id", "file", "sheet", "row", "vintage", "sha256"]
    ids = ["lineage_id", "source_id", "row", "year"]
    filings = raw["ghgrp_filing"].with_columns(pl.lit(_GHGRP).alias("source_id"))
    older = raw["restatement"].filter(pl.col("row").is_not_null())
    older = older.with_columns(pl.lit("epa_ghgrp_older").alias("source_id"))
    read = pl.concat(
        _with_lineage(frame, pl.col("source_id")).select(ids)
        for frame in (filings, raw["combustion_tier"], older)
    ).unique("lineage_id")
    files = raw["file"].select(
        "source_id",
        "sheet",
        "sha256",
        pl.col("year").cast(pl.Int64),
        pl.col("name").str.split("/").list.last().alias("file"),
        pl.coalesce(pl.format("as of {}", "as_of"), pl.format("year {}", "year")).alias("vintage"),
    )
    rows = read.join(files, on=["source_id", "year"], validate="m:1").select(columns)
    return pl.concat([rows, _decisions(data, columns)]).filter(
        pl.col("lineage_id").is_in(_used_ids(made).implode())
    )


def _used_ids(made: dict[Table, pl.DataFrame]) -> pl.Series:
    lists = [made[VALUE]["sources"], made[FACILITY]["sources"], made[FINDING]["evidence"]]
    lists += [made[RESTATEMENT]["sources"]]
    texts = pl.concat(lists).unique()
    return pl.Series(sorted({name for text in texts for name in json.loads(text)}), dtype=pl.String)


def _decisions(data: Path, columns: list[str]) -> pl.DataFrame:
    """Rows of the tables decided by hand: they have a place like any other source row."""
    now = "with this release"
    keys = {
        "facilities": ("facility_id",),
        "parameters": ("parameter",),
        "corrections": ("source", "record_id", "field"),
        "links_missing": ("facility_id", "program"),
    }
    rows = [
        ("/".join((table, *(row[name] for name in key))), table, f"{table}.csv", None, line, now, None)
        for table, key in keys.items()
        for line, row in _csv_rows(data / f"{table}.csv")
    ]
    schema = dict.fromkeys(columns, pl.String) | {"row": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open(newline="") as stream:
        yield from enumerate(csv.DictReader(stream), start=2)


def _write_sqlite(made: Tables, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("pragma page_size = 4096")
        connection.execute("pragma journal_mode = off")
        for table in TABLES:
            connection.execute(_create(table))
            places = ", ".join("?" * len(table.columns))
            rows = made[table.name].iter_rows()
            connection.executemany(f"insert into {table.name} values ({places})", rows)
        connection.execute("create index value_quantity on value (quantity, year)")
    connection.close()


def _create(table: Table) -> str:
    columns = [f"{c.name} {c.type}{' not null' if c.required else ''}" for c in table.columns]
    key = f"primary key ({', '.join(table.key)})"
    return f"create table {table.name} ({', '.join([*columns, key])}) strict, without rowid"
