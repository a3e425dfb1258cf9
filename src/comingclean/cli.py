"""The command `comingclean`. Errors are one line; exit status 2 is the user's mistake, 1 is ours."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from comingclean import cli_links, cli_near, telling, verbs
from comingclean._version import __version__
from comingclean.errors import CheckError, ComingCleanError

app = typer.Typer(
    help="An open atlas of heavy industry's pollution: every number with interval and source row.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cli_links.app, name="links")
app.command(context_settings=cli_near.SETTINGS)(cli_near.near)
_INTERRUPTED = 130

DatabaseFile = Annotated[
    Path | None, typer.Option("--database", help="A database file; the user's own when not given.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]


@app.command()
def run(
    database: DatabaseFile = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes a free one.")] = 8017,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """Open the map."""
    verbs.run(database, host=host, port=port, open_browser=not no_open)


@app.command("compile")
def compile_(
    out: Annotated[Path, typer.Option(help="Folder of the snapshot to write.")],
    mirror: Annotated[
        Path, typer.Option(envvar="COMINGCLEAN_MIRROR", help="Folder of the official files.")
    ],
    new_vintage: Annotated[
        bool, typer.Option("--new-vintage", help="Accept and record files that are not on a card.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the compact snapshot from the official files."""
    with telling.steps() as progress:
        done = verbs.compile(mirror, out, new_vintage=new_vintage, progress=progress)
    words = f"{done.rows:,} rows in {out}" if done.changed else f"{out}: nothing changed"
    new = "".join(f"\nrecorded {name}" for name in done.new_files)
    doubts = "".join(f"\nin doubt: {line}" for line in done.doubts)
    facts = {"out": str(out), "changed": done.changed, "rows": done.rows, "new": done.new_files}
    facts["doubts"] = done.doubts
    typer.echo(json.dumps(facts) if as_json else words + new + doubts)


@app.command()
def build(
    out: Annotated[Path, typer.Option(help="Database file to write.")],
    snapshot: Annotated[
        Path | None, typer.Option(help="Folder of a snapshot; the shipped one when not given.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the database, and its Parquet twins beside it, from a snapshot."""
    with telling.steps() as progress:
        rows = verbs.build(out, snapshot=snapshot, progress=progress)
    text = ", ".join(f"{count:,} {name}" for name, count in rows.items())
    typer.echo(json.dumps(rows) if as_json else f"{out}: {text}")


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A database file.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask the questions that must return no row."""
    from comingclean.views.terminal import show_answers

    answers = verbs.check(file)
    if as_json:
        typer.echo(json.dumps({a.question.name: [list(row) for row in a.rows] for a in answers}))
    else:
        show_answers(Console(), answers)
    failed = sum(bool(answer.rows) for answer in answers)
    if failed:
        raise CheckError(f"{failed} of {len(answers)} questions returned rows")


@app.command()
def facility(
    name: Annotated[str, typer.Argument(help="An id, or words of name, city or company.")],
    database: DatabaseFile = None,
    as_json: AsJson = False,
) -> None:
    """Everything about one plant."""
    from comingclean.views.terminal import show_plant

    plant = verbs.facility(name, database)
    if as_json:
        typer.echo(json.dumps(plant, ensure_ascii=False))
    else:
        show_plant(Console(), plant)


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="Folder to write to, one subfolder a format.")],
    format: Annotated[
        list[str] | None, typer.Option(help="csv, parquet, geojson or sqlite; may be repeated.")
    ] = None,
    database: DatabaseFile = None,
    as_json: AsJson = False,
) -> None:
    """Write every table in the formats asked for."""
    names = tuple(part for text in format or ["csv"] for part in text.split(","))
    with telling.steps() as progress:
        written = [str(path) for path in verbs.export(out, names, database, progress=progress)]
    typer.echo(json.dumps(written) if as_json else "\n".join(written))


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """Run the command; every failure is one line on standard error."""
    try:
        if app(standalone_mode=False) == _INTERRUPTED:  # what typer makes of Ctrl-C
            _fail("interrupted; nothing was half-written", _INTERRUPTED)
    except ComingCleanError as error:
        _fail(str(error), error.exit_status)
    except typer.Abort:
        _fail("interrupted; nothing was half-written", _INTERRUPTED)
    except KeyboardInterrupt:
        _fail("interrupted; nothing was half-written", _INTERRUPTED)
    except Exception as error:
        # typer carries a copy of click of its own, whose base of usage errors has no public name.
        if not hasattr(error, "exit_code") or not hasattr(error, "show"):
            raise
        error.show()
        sys.exit(error.exit_code)


def _fail(line: str, status: int) -> None:
    print(f"comingclean: {line}", file=sys.stderr)
    sys.exit(status)
