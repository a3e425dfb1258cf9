"""The command `near`: who lives near a place, or near each of many, and what stands around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from comingclean import telling, verbs_near
from comingclean.errors import InputError

if TYPE_CHECKING:
    import polars as pl

# A latitude or longitude below zero starts with a dash, which is no option.
SETTINGS = {"ignore_unknown_options": True}


def near(
    where: Annotated[
        str,
        typer.Argument(help="LAT,LON, a ZIP code, a city, a CSV of id,lat,lon, or - for one piped in."),
    ],
    miles: Annotated[
        str | None, typer.Option(help="Radii in miles: 1,3,5 when not given, 1,3,5,10 for one place.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="File to write, .csv or .parquet; its folder is made.")
    ] = None,
    together: Annotated[
        bool,
        typer.Option("--together", help="All places together, each person near them counted once."),
    ] = False,
    indicators: Annotated[
        bool, typer.Option("--indicators", help="Who they are too: columns for every indicator.")
    ] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a dask scheduler to work on.")
    ] = None,
    processes: Annotated[int, typer.Option(min=1, help="Processes to work in.")] = 1,
    layer: Annotated[
        Path | None,
        typer.Option(
            help="A Parquet or CSV of id, lat, lon and population; the shipped one when not given."
        ),
    ] = None,
    database: Annotated[
        Path | None, typer.Option("--database", help="A database file; the user's own when not given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Who lives near a place or each of many, and what stands around it."""
    radii: dict[str, Any] = {} if miles is None else {"miles": miles}
    many = out or layer or scheduler or processes > 1 or together or indicators
    if not many and not verbs_near.is_many(where):
        _show_one(where, database, radii, as_json)
        return
    work: dict[str, Any] = {"scheduler": scheduler, "processes": processes, "layer": layer}
    with telling.share("counting people") as progress:
        work["progress"] = progress
        found = _found(where, radii | {"out": out} | work, together, indicators, database)
    if as_json:
        typer.echo(json.dumps(found.to_dicts()))
    elif out is None:
        from comingclean.proximity import as_csv

        typer.echo(as_csv(found), nl=False)
    else:
        typer.echo(f"{out}: {found.height:,} rows")


def _found(
    where: str, options: dict[str, Any], together: bool, indicators: bool, database: Path | None
) -> pl.DataFrame:
    """What there is of many places. Raises InputError for options that do not go together."""
    if not together:
        return verbs_near.near(where, indicators=indicators, file=database, **options)
    if indicators:
        what = "indicators are given place by place, and --together gives all places as one"
        raise InputError(what, "leave out --indicators or --together")
    return verbs_near.together(where, **options)


def _show_one(where: str, database: Path | None, radii: dict[str, Any], as_json: bool) -> None:
    from comingclean.views.terminal_place import show_place

    report = verbs_near.place(where, database, **radii)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        show_place(Console(), report)
