"""The verbs in Python, as on the command line, with polars frames. Those on places: verbs_near.py."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comingclean.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from comingclean.checks import Answer
    from comingclean.snapshot import Compiled

Progress = Callable[[str], None]
# Heavy libraries are imported where they are used: a command that only prints must start at once.


def compile(
    mirror: str | Path,
    out: str | Path,
    *,
    new_vintage: bool = False,
    progress: Progress = lambda text: None,
) -> Compiled:
    """Official files below `mirror` into the compact snapshot `out`.

    A file whose checksum is not on its card is refused, or recorded with `new_vintage`. Nothing is
    done when nothing changed. Raises InputError or WriteError; the former snapshot stays whole.
    """
    from comingclean.snapshot import compile_snapshot

    return compile_snapshot(Path(mirror), Path(out), new_vintage=new_vintage, progress=progress)


def build(
    out: str | Path,
    *,
    snapshot: str | Path | None = None,
    progress: Progress = lambda text: None,
) -> dict[str, int]:
    """A snapshot (the shipped one by default) into the database `out` and its Parquet twins.

    Returns the number of rows by table. Raises InputError or WriteError; what stood there before, and
    what is not ours, stays whole.
    """
    from comingclean.database import build_database

    return build_database(Path(out), snapshot=Path(snapshot) if snapshot else None, progress=progress)


def database(file: str | Path | None = None) -> Path:
    """The database to use: `file`, or the user's own, which is made on first use."""
    if file is not None:
        return Path(file)
    from comingclean import own_database

    return own_database.database()


def check(file: str | Path | None = None) -> list[Answer]:
    """The answers to every question that must return no row."""
    from comingclean.checks import check_database

    return check_database(database(file))


def facility(name: str, file: str | Path | None = None) -> dict[str, Any]:
    """Everything about the one plant that `name` means: values, findings, ids, rows of origin.

    `name` is an id of ours or of a program, or words of its name, city or company.
    Raises InputError that lists the choices when it means none or several.
    """
    from comingclean.connection import connect
    from comingclean.views import query

    with connect(database(file)) as connection:
        return query.plant_of(connection, query.find(connection, name))


def table(name: str, file: str | Path | None = None) -> pl.DataFrame:
    """One table of the database, in the order of its key. Raises InputError for an unknown name."""
    from comingclean.connection import connect
    from comingclean.model import TABLES
    from comingclean.views.export import read_table

    known = {declared.name: declared for declared in TABLES}
    if name not in known:
        raise InputError(f"no table “{name}”", f"choose among {', '.join(known)}")
    with connect(database(file)) as connection:
        return read_table(connection, known[name])


def values(quantity: str, file: str | Path | None = None) -> pl.DataFrame:
    """The rows of the table `value` for one quantity. Raises InputError for an unknown quantity."""
    from comingclean.connection import connect
    from comingclean.model import VALUE
    from comingclean.views.export import read_table

    if quantity not in table("quantity", file)["quantity"]:
        raise InputError(f"no quantity “{quantity}”", "see the table quantity")
    with connect(database(file)) as connection:
        return read_table(connection, VALUE, quantity=quantity)


def export(
    out: str | Path,
    formats: tuple[str, ...] = ("csv",),
    file: str | Path | None = None,
    *,
    progress: Progress = lambda text: None,
) -> list[Path]:
    """Every table in each of `formats` (csv, parquet, geojson, sqlite); the files written.

    Raises InputError for an unknown format and for a folder that holds something else, or WriteError.
    """
    from comingclean.views.export import export_database

    return export_database(database(file), Path(out), formats, progress)


def run(
    file: str | Path | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8017,
    open_browser: bool = True,
) -> None:
    """Serve the map until interrupted, and open it where there is a browser.

    Raises InputError when the port is taken or the file is no database of ours.
    """
    import uvicorn

    from comingclean.connection import connect
    from comingclean.views.server import create_app

    path = database(file)
    with connect(path):
        listener = _listen(host, port)
    named = f"[{host}]" if ":" in host else host
    address = f"http://{named}:{listener.getsockname()[1]}/"
    app = create_app(path)
    if not (open_browser and _open(address)):
        print(f"Coming Clean is at {address} (Ctrl-C ends it)", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    with suppress(KeyboardInterrupt):  # Ctrl-C is how a server ends; it has closed its connections
        server.run(sockets=[listener])


def _listen(host: str, port: int) -> Any:
    import socket

    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # a browser that is opened before the server runs waits instead of failing
    except (OSError, OverflowError) as error:
        listener.close()
        why = getattr(error, "strerror", None) or error
        raise InputError(
            f"port {port} of {host} cannot be used ({why})", "choose another with --port"
        ) from error
    return listener


def _open(address: str) -> bool:
    """Open the address where a browser is; say so, so that the address is not printed twice."""
    try:
        opened = webbrowser.open(address)
    except webbrowser.Error:
        return False
    if opened:
        print(f"Coming Clean is open in your browser at {address} (Ctrl-C ends it)", flush=True)
    return opened
