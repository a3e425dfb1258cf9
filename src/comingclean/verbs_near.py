"""The verbs on places: who lives near one, near each of many, and near all of them together."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comingclean.errors import InputError
from comingclean.verbs import database

if TYPE_CHECKING:
    import polars as pl

    from comingclean.proximity import Sites, Work
    from comingclean.proximity.sites import Miles
    from comingclean.views.gazetteer import Spot

Share = Callable[[int, int], None]
# A place or places: “LAT,LON”, a ZIP code, a city, the path of a CSV, “-” for one that is piped in, a
# latitude and a longitude, or a frame with columns of id, lat and lon.
Where = Any


def near(
    where: Where,
    miles: Miles = "1,3,5",
    out: str | Path | None = None,
    *,
    indicators: bool = False,
    scheduler: str | None = None,
    processes: int = 1,
    layer: str | Path | None = None,
    file: str | Path | None = None,
    progress: Share = lambda done, of: None,
) -> pl.DataFrame:
    """People within each of `miles` of a place, or of each of many.

    `where` is “LAT,LON”, a ZIP code, a city, a CSV with id, lat and lon (“-” for one that is piped in),
    a pair of numbers, or a frame. One row a place and radius, in order, with the interval and a status;
    written to `out` (.csv or .parquet) too. `indicators`: with who they are, from the database `file`.
    `layer`: a person's own points of people. Raises InputError for what cannot be read and for an `out`
    that holds something else, or WriteError.
    """
    from comingclean import proximity

    _refuse(out, indicators, layer)
    sites, radii = sites_of(where), proximity.read_miles(miles)
    people = proximity.open_layer(Path(layer)) if layer else None
    found = proximity.near(sites, radii, people, _work(scheduler, processes, progress))
    if indicators:
        found = _with_indicators(found, sites, file)
    return _kept(found, out)


def together(
    where: Where,
    miles: Miles = "1,3,5",
    out: str | Path | None = None,
    *,
    scheduler: str | None = None,
    processes: int = 1,
    layer: str | Path | None = None,
    progress: Share = lambda done, of: None,
) -> pl.DataFrame:
    """People within each of `miles` of any of many places, each person counted once.

    One row a radius: `miles`, `sites` (how many could be counted), `population` with `low` and `high`,
    and `sum`, which counts whoever lives near two places twice. The rest is as in `near`.
    """
    from comingclean import proximity

    _refuse(out, False, layer)
    sites, radii = sites_of(where), proximity.read_miles(miles)
    people = proximity.open_layer(Path(layer)) if layer else None
    return _kept(proximity.together(sites, radii, people, _work(scheduler, processes, progress)), out)


def place(where: Where, file: str | Path | None = None, *, miles: Miles = "1,3,5,10") -> dict[str, Any]:
    """The report on one place: people, indicators, plants and other emitters, the nearest monitor.

    `where` is “LAT,LON”, a ZIP code, a city or a pair of numbers; people are counted within each of
    `miles`, plants and emitters within the widest. Raises InputError when it is no place, several, or
    not in the country.
    """
    from comingclean import proximity
    from comingclean.connection import connect
    from comingclean.views import around, query

    spot, radii = _spot(_text(where)), proximity.usable_miles(miles).tolist()
    with connect(database(file)) as connection:
        found = around.around(connection, spot.latitude, spot.longitude, max(radii), radii)
        words = {row["indicator"]: row for row in query.indicators(connection)}
    if not found["community"]:
        what = f"“{where}” cannot be counted: {found['status']} ({found['message']})"
        raise InputError(what, _mend(found["mend"]))
    return {"label": spot.label, **found, "words": words}


def is_many(where: str) -> bool:
    """Whether a person names a file of places, or pipes one in."""
    from comingclean import proximity

    return where == "-" or proximity.names_a_file(where)


def sites_of(where: Where) -> Sites:
    """The sites that a person names, in whatever way. Raises InputError when it is none.

    A file without ids is told on standard error: its rows go by their numbers.
    """
    from comingclean import proximity

    text = _text(where)
    if text is None:
        return proximity.from_frame(_frame(where))
    if not is_many(text):
        spot = _spot(text)
        return proximity.one_site(f"{spot.latitude},{spot.longitude}", text.strip())
    sites = proximity.read_where(text)
    if sites.numbered:
        print("no column of ids is known here: the rows go by their numbers, from 1", file=sys.stderr)
    return sites


def _text(where: Where) -> str | None:
    """What stands for a place or a file as text; None for a frame. Raises InputError for neither."""
    if isinstance(where, str | Path):
        return str(where)
    if hasattr(type(where), "columns"):
        return None
    try:
        latitude, longitude = (float(degrees) for degrees in where)
    except (TypeError, ValueError) as error:
        mend = "give “LAT,LON”, a ZIP code, a city, a pair of numbers, a CSV file or a frame"
        raise InputError(f"{where!r} is no place", mend) from error
    return f"{latitude:.10g},{longitude:.10g}"


def _frame(where: Any) -> pl.DataFrame:
    import polars as pl

    if isinstance(where, pl.LazyFrame):
        return where.collect()
    return where if isinstance(where, pl.DataFrame) else pl.from_pandas(where)


def _refuse(out: str | Path | None, indicators: bool, layer: str | Path | None) -> None:
    """Raise InputError for what would fail only after much work."""
    from comingclean import proximity

    if indicators and layer:
        what = "indicators are known of the shipped block groups only, not of a layer of your own"
        raise InputError(what, "leave out one of the two")
    if out is not None:
        proximity.refuse_foreign(Path(out))


def _work(scheduler: str | None, processes: int, progress: Share) -> Work:
    from comingclean import proximity

    return proximity.Work(processes=processes, scheduler=scheduler, progress=progress)


def _with_indicators(found: pl.DataFrame, sites: Sites, file: str | Path | None) -> pl.DataFrame:
    """The rows with columns of every indicator, which are empty where nobody could be counted."""
    from comingclean.connection import connect
    from comingclean.views import many

    with connect(database(file)) as connection:
        return many.with_indicators(connection, found, sites.latitude, sites.longitude)


def _kept(found: pl.DataFrame, out: str | Path | None) -> pl.DataFrame:
    from comingclean import proximity

    if out is not None:
        proximity.write_answer(found, Path(out))
    return found


def _mend(meant: tuple[float, float] | None) -> str:
    if meant is None:
        return "name a place in the United States or Puerto Rico"
    return f"write {meant[0]:g},{meant[1]:g}"


def _spot(where: str | None) -> Spot:
    """The one place that a text means. Raises InputError that lists the choices."""
    from comingclean.views import gazetteer

    spots = gazetteer.meant(where or "")
    if len(spots) == 1:
        return spots[0]
    if spots:
        choices = "; ".join(spot.label for spot in spots)
        raise InputError(f"“{where}” may mean {choices}", "name one of these, or another by its state")
    mend = "write 41.61,-87.33, a ZIP code such as 46402, a city with its state, or name a CSV file"
    raise InputError(f"“{where}” is no place", mend)
