"""The command `near`: who lives near a place, or near each of many, and what stands around it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from comingclean import verbs

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
    out: Annotated[Path | None, typer.Option(help="CSV to write.")] = None,
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
    radii = {} if miles is None else {"miles": miles}
    if out or layer or scheduler or processes > 1 or verbs.is_many(where):
        work = {"scheduler": scheduler, "processes": processes, "layer": layer}
        found = verbs.near(where, out=out, **radii, **work)  # type: ignore[arg-type]
        if as_json:
            typer.echo(json.dumps(found.to_dicts()))
        elif out is None:
            typer.echo(found.write_csv(), nl=False)
        else:
            typer.echo(f"{out}: {found.height:,} rows")
        return
    from comingclean.views.terminal_place import show_place

    report = verbs.place(where, database, **radii)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    else:
        show_place(Console(), report)
