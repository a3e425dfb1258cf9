"""The server: the same pages and data files that a folder of static files would hold."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Timer
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from comingclean import paths
from comingclean._version import __version__
from comingclean.errors import ComingCleanError, PlaceError
from comingclean.views import checked, data, equity, fenceline, monitor, pages, together
from comingclean.views import companies as company_views
from comingclean.views import precision as precision_views
from comingclean.views.answers import Site, takes
from comingclean.views.data import Ask, At, Plants, Radii
from comingclean.views.words import LANGUAGES

_FOREVER: Final = "public, max-age=31536000, immutable"
_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'"
)
# The first page is on its way by then, and the people around are read before anyone asks for them.
_WARM_SECONDS: Final = 1.5
# What is said of a query that cannot be, by its name.
_REFUSED: Final = {
    "miles": f"miles must be a number from {data.LEAST_MILES:g} to {data.MOST_MILES:g}; "
    "where people are counted, up to 20 with commas between",
    "plants": "plants must be ids of plants with commas between",
    "at": f"at must be a place in at most {data.MOST_LETTERS} letters",
    "q": f"q must be a text of 1 to {data.MOST_LETTERS} letters",
}


class Precompressed(StaticFiles):
    """Static files that are sent in brotli where the build left a twin and the browser takes it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The answer for one file, with its type as if it were not compressed."""
        twin = takes("br", Headers(scope=scope)) and self._has(f"{path}.br")
        response = await super().get_response(f"{path}.br" if twin else path, scope)
        if twin:
            response.headers["content-encoding"] = "br"
            response.headers["content-type"] = _media_type(path)
        response.headers["vary"] = "accept-encoding"
        if path.startswith("assets/"):
            response.headers["cache-control"] = _FOREVER
        return response

    def _has(self, path: str) -> bool:
        try:
            return self.lookup_path(path)[1] is not None
        except (OSError, ValueError):  # no name that a file can have
            return False


def _media_type(path: str) -> str:
    kinds = {".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
    return kinds.get(Path(path).suffix, "text/javascript") + "; charset=utf-8"


class WithHeads:
    """Who asks for the head of a page gets what the page would have; the server sends no body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask for the page."""
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        await self.app(scope, receive, send)


def create_app(database: Path) -> FastAPI:
    """The application that serves one finished database, which it opens read-only.

    Raises InputError when that is none of ours.
    """
    app = FastAPI(
        title="Coming Clean",
        version=__version__,
        summary="An open atlas of heavy industry's pollution",
        docs_url=None,
        redoc_url=None,
        openapi_url="/data/openapi.json",
        lifespan=_life,
    )
    app.state.site = Site(database)
    app.middleware("http")(_guard)
    app.add_middleware(WithHeads)
    app.exception_handler(HTTPException)(_missing)
    app.exception_handler(RequestValidationError)(_refused)
    app.exception_handler(PlaceError)(_no_place)
    app.exception_handler(ComingCleanError)(_in_trouble)
    app.include_router(data.router)
    for lang in LANGUAGES:
        _add_pages(app, lang)
    files = Precompressed(directory=paths.web(), check_dir=False)
    app.mount("/static", GZipMiddleware(files, minimum_size=1000), name="static")
    return app


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    site: Site = app.state.site
    warming = Timer(_WARM_SECONDS, _warm, (site,))
    warming.daemon = True
    warming.start()
    yield
    warming.cancel()
    site.pool.close()


def _warm(site: Site) -> None:
    """Read the people around and all that a report on a place needs; the first one need not wait."""
    from comingclean.views import around, gazetteer

    # What is wrong with them is told to whoever asks.
    with suppress(ComingCleanError), site.pool.lent() as connection:
        around.warm(connection)
        gazetteer.warm()


async def _guard(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    """Headers that keep a page to its own host."""
    response = await proceed(request)
    response.headers["content-security-policy"] = _POLICY
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "no-referrer"
    return response


def _is_data(request: Request) -> bool:
    return request.url.path.startswith(("/data/", "/static/"))


def _lang(request: Request) -> str:
    return "es" if request.url.path.startswith("/es/") else "en"


async def _missing(request: Request, error: HTTPException) -> Response:
    if _is_data(request):
        return JSONResponse({"error": "nothing is called that"}, error.status_code, error.headers)
    page = pages.missing_page(_lang(request), request.url.path)
    return HTMLResponse(page, error.status_code, error.headers)


async def _refused(request: Request, error: RequestValidationError) -> Response:
    """What is said of a query that cannot be. An address that no plant can have is one of nothing."""
    where, name = error.errors()[0]["loc"][:2]
    if where != "query":
        return await _missing(request, HTTPException(404))
    if _is_data(request):
        return JSONResponse({"error": _REFUSED[name]}, 422)
    return HTMLResponse(pages.refused_page(_lang(request), name), 422)


async def _no_place(request: Request, error: PlaceError) -> Response:
    """A place that data were asked of and that is none, or several, or where nobody is counted."""
    told = {"error": error.what, "mend": error.mend, "status": error.status, "choices": error.choices}
    return JSONResponse(told, 422)


async def _in_trouble(request: Request, error: ComingCleanError) -> Response:
    """The database cannot answer: whoever keeps this copy reads why, and readers that it is so."""
    print(f"comingclean: {error}", file=sys.stderr, flush=True)
    if _is_data(request):
        return JSONResponse({"error": "the data cannot be read at the moment"}, 503)
    return HTMLResponse(pages.trouble_page(_lang(request)), 503)


_PAGES: Final[tuple[tuple[str, Callable[[sqlite3.Connection, str], str]], ...]] = (
    ("", pages.map_page),
    ("plants/", pages.plants_page),
    ("companies/", company_views.companies_page),
    ("neighbours", equity.equity_page),
    ("precision", precision_views.precision_page),
    ("monitor/", monitor.nation_page),
    ("checks", checked.checks_page),
    ("methods", pages.methods_page),
    ("sources", pages.sources_page),
)
_ONE_OF: Final[tuple[tuple[str, Callable[[sqlite3.Connection, str, str], str | None]], ...]] = (
    ("plants/{name}", pages.plant_page),
    ("companies/{name}", company_views.company_page),
)


def _add_pages(app: FastAPI, lang: str) -> None:
    base = "/" if lang == "en" else f"/{lang}/"
    add = partial(app.add_api_route, response_class=HTMLResponse, include_in_schema=False)
    for path, page in _PAGES:
        add(base + path, _page(page, lang))
    for path, one in _ONE_OF:
        add(base + path, _page_of_one(one, lang))
    add(f"{base}near", _place(lang))
    add(f"{base}monitor/{{state}}", _state(lang, base))
    if base != "/":
        app.add_api_route(base.rstrip("/"), lambda: RedirectResponse(base), include_in_schema=False)


def _page(page: Callable[..., Any], lang: str) -> Callable[..., Response]:
    def answer(ask: Ask) -> Response:
        return ask.page(page, lang)

    return answer


def _page_of_one(page: Callable[..., Any], lang: str) -> Callable[..., Response]:
    def answer(ask: Ask, name: str) -> Response:
        return ask.page(page, name, lang)

    return answer


def _state(lang: str, base: str) -> Callable[..., Response]:
    """A state's page, to which its letters in lower case lead, too."""

    def answer(ask: Ask, state: str) -> Response:
        if state != state.upper():
            return RedirectResponse(f"{base}monitor/{quote(state.upper())}", 308)
        return ask.page(monitor.state_page, state, lang)

    return answer


def _place(lang: str) -> Callable[..., Response]:
    def answer(ask: Ask, at: At = "", miles: Radii = "", plants: Plants = "") -> Response:
        radii = data.radii(miles)
        if plants:
            return ask.page(together.together_page, data.named(plants), radii, lang)
        return ask.page(fenceline.place_page, at, radii, lang)

    return answer
