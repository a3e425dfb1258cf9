"""The server: the same pages and data files that a folder of static files would hold."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import Depends, FastAPI, Request
from fastapi import Path as UrlPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from comingclean import paths
from comingclean._version import __version__
from comingclean.views import pages, query
from comingclean.views.words import LANGUAGES

_FOREVER: Final = "public, max-age=31536000, immutable"
_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'"
)
# A coding that a browser lists, unless it adds that it will not have it.
_BROTLI: Final = re.compile(r"\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))", re.IGNORECASE)


class Precompressed(StaticFiles):
    """Static files that are sent in brotli where the build left a twin and the browser takes it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The answer for one file, with its type as if it were not compressed."""
        accepted = Headers(scope=scope).get("accept-encoding", "")
        twin = Path(str(self.directory)) / f"{path}.br"
        if _BROTLI.search(accepted) and twin.is_file():
            response = await super().get_response(f"{path}.br", scope)
            response.headers["content-encoding"] = "br"
            response.headers["content-type"] = _media_type(path)
        else:
            response = await super().get_response(path, scope)
        response.headers["vary"] = "accept-encoding"
        if path.startswith("assets/"):
            response.headers["cache-control"] = _FOREVER
        return response


def _media_type(path: str) -> str:
    kinds = {".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml"}
    return kinds.get(Path(path).suffix, "text/javascript") + "; charset=utf-8"


def create_app(database: Path) -> FastAPI:
    """The application that serves one finished database. It opens it read-only."""
    app = FastAPI(
        title="Coming Clean",
        version=__version__,
        summary="An open atlas of heavy industry's pollution",
        docs_url=None,
        redoc_url=None,
        openapi_url="/data/openapi.json",
    )
    app.state.database = database
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.middleware("http")(_guard)
    app.exception_handler(HTTPException)(_missing)
    app.exception_handler(RequestValidationError)(_missing)  # an address that no plant can have
    _add_data(app)
    for lang in LANGUAGES:
        _add_pages(app, lang)
    app.mount("/static", Precompressed(directory=paths.web(), check_dir=False), name="static")
    return app


def _open(request: Request) -> sqlite3.Connection:
    return _connection(str(request.app.state.database), threading.get_ident())


@cache
def _connection(path: str, thread: int) -> sqlite3.Connection:
    """One read-only connection a thread: opening one for each request would cost more than asking."""
    address = f"{Path(path).absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    return connection


Database = Annotated[sqlite3.Connection, Depends(_open)]
Slug = Annotated[str, UrlPath(pattern=r"^[a-z0-9_-]+$")]


async def _guard(request: Request, proceed: Callable[[Request], Awaitable[Response]]) -> Response:
    """Headers that keep a page to its own host."""
    response = await proceed(request)
    response.headers["content-security-policy"] = _POLICY
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["referrer-policy"] = "no-referrer"
    return response


async def _missing(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    if request.url.path.startswith(("/data/", "/static/")):
        return JSONResponse({"error": "nothing is called that"}, status)
    lang = "es" if request.url.path.startswith("/es/") else "en"
    return HTMLResponse(pages.missing_page(lang, request.url.path), status)


def _found(answer: Any) -> Any:
    if answer is None:
        raise HTTPException(404)
    return answer


def _add_data(app: FastAPI) -> None:
    @app.get("/data/plants.json")
    def plants(connection: Database) -> Response:
        """Every plant, and what the map opens with."""
        return _json(map_plants(connection))

    @app.get("/data/quantities.json")
    def quantities(connection: Database) -> Response:
        """Every quantity that has a value."""
        return _json(map_quantities(connection))

    @app.get("/data/quantity/{quantity}.json")
    def quantity(connection: Database, quantity: Slug) -> Response:
        """All values of one quantity, as columns by plant and year."""
        return _json(_found(query.columns(connection, quantity)))

    @app.get("/data/facility/{facility_id}.json")
    def facility(connection: Database, facility_id: Slug) -> Response:
        """Everything about one plant, each number with the rows it rests on."""
        return _json(_found(query.plant(connection, facility_id)))

    @app.get("/data/sources.json")
    def sources(connection: Database) -> Response:
        """Every source card."""
        return _json(query.sources(connection))


def _json(content: Any) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text, media_type="application/json")


_MAP_COLUMNS: Final = (
    "facility_id",
    "site_id",
    "name",
    "industry",
    "route",
    "status",
    "city",
    "county",
    "state",
    "latitude",
    "longitude",
    "parent",
    "reference_2020",
    "reference_certainty",
)


def map_plants(connection: sqlite3.Connection) -> dict[str, Any]:
    """The plants as the map needs them, the years, and what it opens with."""
    years = query.years(connection)
    plants = query.plants(connection)
    return {
        "years": years,
        "default_year": years[-1],
        "default_quantity": "ghg_scope1",
        "facilities": [{name: row[name] for name in _MAP_COLUMNS} for row in plants],
    }


def map_quantities(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The quantities with their words by language."""
    kept = ("quantity", "unit", "topic", "sort", "better", "mappable")
    return [
        {name: row[name] for name in kept}
        | {
            word: {lang: row[f"{word}_{lang}"] for lang in LANGUAGES}
            for word in ("label", "definition")
        }
        for row in query.quantities(connection)
    ]


def _add_pages(app: FastAPI, lang: str) -> None:
    base = "/" if lang == "en" else f"/{lang}/"
    kwargs: dict[str, Any] = {"response_class": HTMLResponse, "include_in_schema": False}

    @app.get(base, **kwargs)
    def map_(connection: Database) -> str:
        return pages.map_page(connection, lang)

    @app.get(f"{base}plants/", **kwargs)
    def plants(connection: Database) -> str:
        return pages.plants_page(connection, lang)

    @app.get(f"{base}plants/{{facility_id}}", **kwargs)
    def plant(connection: Database, facility_id: str) -> str:
        return str(_found(pages.plant_page(connection, facility_id, lang)))

    @app.get(f"{base}methods", **kwargs)
    def methods(connection: Database) -> str:
        return pages.methods_page(connection, lang)

    @app.get(f"{base}sources", **kwargs)
    def sources(connection: Database) -> str:
        return pages.sources_page(connection, lang)

    if base != "/":

        @app.get(base.rstrip("/"), include_in_schema=False)
        def slash() -> Response:
            return RedirectResponse(base)
