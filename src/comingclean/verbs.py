"""The verbs in Python, the same as on the command line. Tables come as polars frames."""

from __future__ import annotations

import sys
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comingclean import paths
from comingclean.errors import InputError

if TYPE_CHECKING:
    import polars as pl

    from comingclean.checks import Answer
    from comingclean.snapshot import Compiled, Progress
    from comingclean.views.gazetteer import Spot

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


def build(out: str | Path, *, snapshot: str | Path | None = None) -> dict[str, int]:
    """A snapshot (the shipped one by default) into the database `out` and its Parquet twins.

    Returns the number of rows by table.
    """
    from comingclean.database import build_database

    return build_database(Path(out), snapshot=Path(snapshot) if snapshot else None)


def database(file: str | Path | None = None) -> Path:
    """The database to use: `file`, or the user's own, which is made on first use."""
    if file is not None:
        return Path(file)
    from comingclean.digest import release

    path = paths.user_database(release())
    if not path.exists():
        print("making the database from the shipped facts: half a minute, once", file=sys.stderr)
        build(path)
    return path


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
        found = query.plant(connection, query.find(connection, name)["facility_id"])
    assert found is not None
    return found


def near(
    where: str,
    miles: str = "1,3,5",
    out: str | Path | None = None,
    *,
    scheduler: str | None = None,
    processes: int = 1,
    layer: str | Path | None = None,
) -> pl.DataFrame:
    """People within each of `miles` of a place, or of each row of a CSV with id, lat and lon.

    `where` is “LAT,LON”, a ZIP code, a city, the file, or “-” for one that is piped in.

    One row a place and radius, in order, with the interval and a status; written to `out` as CSV too.
    `layer`: a person's own points of people. Raises InputError for what cannot be read, or WriteError.
    """
    from comingclean import proximity

    sites = proximity.read_where(where if is_many(where) else _coordinates(where))
    people = proximity.open_layer(Path(layer)) if layer else None
    work = proximity.Work(processes=processes, scheduler=scheduler)
    found = proximity.near(sites, proximity.read_miles(miles), people, work)
    if out is not None:
        proximity.write_csv(found, Path(out))
    return found


def is_many(where: str) -> bool:
    """Whether a person names a file of places, or pipes one in."""
    from comingclean import proximity

    return where == "-" or proximity.names_a_file(where)


def place(where: str, file: str | Path | None = None, *, miles: str = "1,3,5,10") -> dict[str, Any]:
    """The report on one place: people, indicators, plants and other emitters, the nearest monitor.

    `where` is “LAT,LON”, a ZIP code or a city; people are counted within each of `miles`, plants and
    emitters within the widest. Raises InputError when it is no place, several, or not in the country.
    """
    from comingclean import proximity
    from comingclean.connection import connect
    from comingclean.views import around, query

    spot, radii = _spot(where), proximity.usable_miles(miles).tolist()
    with connect(database(file)) as connection:
        found = around.around(connection, spot.latitude, spot.longitude, max(radii), radii)
        words = {row["indicator"]: row for row in query.indicators(connection)}
    if not found["community"]:
        what = f"“{where}” cannot be counted: {found['status']} ({found['message']})"
        raise InputError(what, _mend(spot, found["status"]))
    return {"label": spot.label, **found, "words": words}


def _mend(spot: Spot, status: str) -> str:
    if status == "swapped coordinates":
        return f"write {spot.longitude:g},{spot.latitude:g}"
    return "name a place in the United States or Puerto Rico"


def _coordinates(where: str) -> str:
    spot = _spot(where)
    return f"{spot.latitude},{spot.longitude}"


def _spot(where: str) -> Spot:
    """The one place that a text means. Raises InputError that lists the choices."""
    from comingclean.views import gazetteer

    spots = gazetteer.meant(where)
    if len(spots) == 1:
        return spots[0]
    if spots:
        choices = "; ".join(spot.label for spot in spots)
        raise InputError(f"“{where}” may mean {choices}", "name one of these, or another by its state")
    mend = "write 41.61,-87.33, a ZIP code such as 46402, a city with its state, or name a CSV file"
    raise InputError(f"“{where}” is no place", mend)


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
    import polars as pl

    if quantity not in table("quantity", file)["quantity"]:
        raise InputError(f"no quantity “{quantity}”", "see the table quantity")
    return table("value", file).filter(pl.col("quantity") == quantity)


def export(
    out: str | Path, formats: tuple[str, ...] = ("csv",), file: str | Path | None = None
) -> list[Path]:
    """Every table in each of `formats` (csv, parquet, geojson, sqlite); the files written."""
    from comingclean.views.export import export_database

    return export_database(database(file), Path(out), formats)


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
    address = f"http://{host}:{listener.getsockname()[1]}/"
    app = create_app(path)
    if not (open_browser and _open(address)):
        print(f"Coming Clean is at {address} (Ctrl-C ends it)", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
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
