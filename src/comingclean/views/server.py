"""The server: the same pages and data files that a folder of static files would hold."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from comingclean import paths
from comingclean._version import __version__
from comingclean.views import companies as company_views
from comingclean.views import fenceline, pages, query, toxics_data
from comingclean.views import precision as precision_views
from comingclean.views.access import REACH_MILES, At, Database, Miles, Slug, Text, as_json, found
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
    _add_company_data(app)
    _add_place_data(app)
    _add_toxic_data(app)
    _add_precision_data(app)
    for lang in LANGUAGES:
        _add_pages(app, lang)
    app.mount("/static", Precompressed(directory=paths.web(), check_dir=False), name="static")
    return app


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


def _add_data(app: FastAPI) -> None:
    @app.get("/data/plants.json")
    def plants(connection: Database) -> Response:
        """Every plant, and what the map opens with."""
        return as_json(map_plants(connection))

    @app.get("/data/quantities.json")
    def quantities(connection: Database) -> Response:
        """Every quantity that has a value."""
        return as_json(map_quantities(connection))

    @app.get("/data/quantity/{quantity}.json")
    def quantity(connection: Database, quantity: Slug) -> Response:
        """All values of one quantity, as columns by plant and year."""
        return as_json(found(query.columns(connection, quantity)))

    @app.get("/data/facility/{facility_id}.json")
    def facility(connection: Database, facility_id: Slug) -> Response:
        """Everything about one plant, each number with the rows it rests on."""
        return as_json(found(query.plant(connection, facility_id)))

    @app.get("/data/sources.json")
    def sources(connection: Database) -> Response:
        """Every source card."""
        return as_json(query.sources(connection))


def _add_company_data(app: FastAPI) -> None:
    @app.get("/data/companies.json")
    def companies(connection: Database) -> Response:
        """Every company, with what its plants release in the newest year."""
        return as_json(company_views.companies(connection))

    @app.get("/data/company/{company_id}.json")
    def company(connection: Database, company_id: Slug) -> Response:
        """Everything about one company: its plants, who says so, and its total by year."""
        return as_json(found(company_views.company(connection, company_id)))


def _add_place_data(app: FastAPI) -> None:
    @app.get("/data/find.json")
    def find(q: Text) -> Response:
        """Places that a text may mean: a ZIP code, a city, coordinates."""
        return as_json(fenceline.spots(q))

    @app.get("/data/near.json")
    def near(connection: Database, at: At, miles: Miles = REACH_MILES) -> Response:
        """All that is known around a place: people, plants, other emitters, the nearest monitor."""
        return as_json(found(fenceline.near(connection, at, miles)))

    @app.get("/data/blocks.json")
    def blocks(connection: Database, at: At, miles: Miles = REACH_MILES) -> Response:
        """The block groups that a circle holds, as discs with every indicator."""
        return as_json(found(fenceline.blocks(connection, at, miles)))

    @app.get("/data/emitters.json")
    def emitters(connection: Database, at: At, miles: Miles = REACH_MILES) -> Response:
        """Facilities of all other industries around a place, with their newest figure."""
        return as_json(found(fenceline.emitters(connection, at, miles)))

    @app.get("/data/indicators.json")
    def indicators(connection: Database) -> Response:
        """What is known of the people around, in words."""
        return as_json(_in_languages(query.indicators(connection), ("label", "definition", "limits")))


def _add_toxic_data(app: FastAPI) -> None:
    @app.get("/data/toxics/{facility_id}.json")
    def toxics(connection: Database, facility_id: Slug) -> Response:
        """Everything toxic about one plant: releases, inventory, stacks, what surrounds it, rows."""
        return as_json(found(toxics_data.of_plant(connection, facility_id)))

    @app.get("/data/burden.json")
    def burden(connection: Database, at: At, miles: Miles = REACH_MILES) -> Response:
        """The toxic air around a place by radius and year, and who causes it."""
        return as_json(found(fenceline.toxic_air(connection, at, miles)))


def _add_precision_data(app: FastAPI) -> None:
    @app.get("/data/precision.json")
    def precision(connection: Database) -> Response:
        """How every number of every plant is known, and the shares by count and by tonnes."""
        return as_json(precision_views.precision_data(connection))

    @app.get("/data/monitor.json")
    def monitor(connection: Database) -> Response:
        """Where to monitor next: every place with its score, the rules, and whom to ask."""
        return as_json(precision_views.monitor_data(connection))


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
    return _in_languages(query.quantities(connection), ("label", "definition"))


def _in_languages(rows: list[dict[str, Any]], words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows with each of `words` by language instead of in a column for each."""
    spread = {f"{word}_{lang}" for word in words for lang in LANGUAGES}
    return [
        {name: value for name, value in row.items() if name not in spread}
        | {word: {lang: row[f"{word}_{lang}"] for lang in LANGUAGES} for word in words}
        for row in rows
    ]


_PAGES: Final[tuple[tuple[str, Callable[[sqlite3.Connection, str], str]], ...]] = (
    ("", pages.map_page),
    ("plants/", pages.plants_page),
    ("companies/", company_views.companies_page),
    ("neighbours", fenceline.equity_page),
    ("precision", precision_views.precision_page),
    ("monitor/", precision_views.monitor_page),
    ("methods", pages.methods_page),
    ("sources", pages.sources_page),
)
_ONE_OF: Final[tuple[tuple[str, Callable[[sqlite3.Connection, str, str], str | None]], ...]] = (
    ("plants/{name}", pages.plant_page),
    ("companies/{name}", company_views.company_page),
    ("monitor/{name}", precision_views.monitor_state_page),
)


def _add_pages(app: FastAPI, lang: str) -> None:
    base = "/" if lang == "en" else f"/{lang}/"
    add = partial(app.add_api_route, response_class=HTMLResponse, include_in_schema=False)
    for path, page in _PAGES:
        add(base + path, _page(page, lang))
    for path, one in _ONE_OF:
        add(base + path, _page_of_one(one, lang))
    add(f"{base}near", _place(lang))
    if base != "/":
        app.add_api_route(base.rstrip("/"), lambda: RedirectResponse(base), include_in_schema=False)


def _page(page: Callable[[sqlite3.Connection, str], str], lang: str) -> Callable[..., str]:
    def answer(connection: Database) -> str:
        return page(connection, lang)

    return answer


def _page_of_one(
    page: Callable[[sqlite3.Connection, str, str], str | None], lang: str
) -> Callable[..., str]:
    def answer(connection: Database, name: str) -> str:
        return str(found(page(connection, name, lang)))

    return answer


def _place(lang: str) -> Callable[..., str]:
    def answer(connection: Database, at: At = "", miles: Miles = REACH_MILES) -> str:
        return fenceline.place_page(connection, at, miles, lang)

    return answer
