"""The data files: every address below /data, each of them one question to the database."""

from __future__ import annotations

import sqlite3
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi import Path as UrlPath
from fastapi.responses import Response
from pydantic import AfterValidator

from comingclean.errors import InputError
from comingclean.views import checked, fenceline, kinds, query, together, toxics_data
from comingclean.views import companies as company_views
from comingclean.views import monitor as monitor_views
from comingclean.views import precision as precision_views
from comingclean.views.answers import Asked, asked, without_connection
from comingclean.views.fenceline import RADII, REACH_MILES
from comingclean.views.words import LANGUAGES

LEAST_MILES: Final = 0.1
MOST_MILES: Final = 50.0
MOST_LETTERS: Final = 100
# The ids of all plants take half of this.
MOST_IDS: Final = 20_000

Ask = Annotated[Asked, Depends(asked)]
Slug = Annotated[str, UrlPath(pattern=r"^[a-z0-9_-]+$")]
# A place as a person writes it, how far to look, and a few words of a search.
At = Annotated[str, Query(max_length=MOST_LETTERS)]
Miles = Annotated[float, Query(ge=LEAST_MILES, le=MOST_MILES)]
Text = Annotated[str, Query(min_length=1, max_length=MOST_LETTERS)]


def _usable(miles: str) -> str:
    """Radii as a person writes them. Raises ValueError for what cannot be counted within."""
    from comingclean.proximity import usable_miles  # loads slowly, and is not needed elsewhere

    try:
        usable_miles(miles)
    except InputError as error:
        raise ValueError(str(error)) from error
    return miles


# Within which radii people are counted, “1,3.7”, and the ids of plants with commas between.
Radii = Annotated[str, Query(max_length=MOST_LETTERS), AfterValidator(_usable)]
Plants = Annotated[str, Query(pattern=r"^[a-z0-9_,-]*$", max_length=MOST_IDS)]

router = APIRouter(prefix="/data")
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


@router.get("/plants.json")
def plants(ask: Ask) -> Response:
    """Every plant, and what the map opens with."""
    return ask.data(map_plants)


@router.get("/quantities.json")
def quantities(ask: Ask) -> Response:
    """Every quantity that has a value."""
    return ask.data(map_quantities)


@router.get("/quantity/{quantity}.json")
def quantity(ask: Ask, quantity: Slug) -> Response:
    """All values of one quantity, as columns by plant and year."""
    return ask.data(query.columns, quantity)


@router.get("/facility/{facility_id}.json")
def facility(ask: Ask, facility_id: Slug) -> Response:
    """Everything about one plant, each number with the rows it rests on."""
    return ask.data(query.plant, facility_id)


@router.get("/sources.json")
def sources(ask: Ask) -> Response:
    """Every source card."""
    return ask.data(query.sources)


@router.get("/companies.json")
def companies(ask: Ask) -> Response:
    """Every company, with what its plants release in the newest year."""
    return ask.data(company_views.companies)


@router.get("/company/{company_id}.json")
def company(ask: Ask, company_id: Slug) -> Response:
    """Everything about one company: its plants, who says so, and its total by year."""
    return ask.data(company_views.company, company_id)


@router.get("/find.json")
def find(ask: Ask, q: Text) -> Response:
    """Places that a text may mean: a ZIP code, a city, coordinates."""
    return ask.data(without_connection(fenceline.spots), q)


@router.get("/near.json")
def near(ask: Ask, at: At = "", miles: Radii = "", plants: Plants = "") -> Response:
    """All that is known around a place: people, plants, other emitters, the nearest monitor.

    `miles`: the radii, such as 1,3.7. With `plants` instead of a place: everyone near any of them.
    """
    if plants:
        return ask.data(together.of_plants, named(plants), radii(miles))
    return ask.data(fenceline.near, at, radii(miles))


@router.get("/blocks.json")
def blocks(ask: Ask, at: At, miles: Miles = REACH_MILES) -> Response:
    """The block groups that a circle holds, as discs with every indicator."""
    return ask.data(fenceline.blocks, at, miles)


@router.get("/emitters.json")
def emitters(ask: Ask, at: At, miles: Miles = REACH_MILES) -> Response:
    """Facilities of all other industries around a place, with their newest figure."""
    return ask.data(fenceline.emitters, at, miles)


@router.get("/indicators.json")
def indicators(ask: Ask) -> Response:
    """What is known of the people around, in words."""
    return ask.data(_indicators)


@router.get("/toxics/{facility_id}.json")
def toxics(ask: Ask, facility_id: Slug) -> Response:
    """Everything toxic about one plant: releases, inventory, stacks, what surrounds it, rows."""
    return ask.data(toxics_data.of_plant, facility_id)


@router.get("/burden.json")
def burden(ask: Ask, at: At, miles: Miles = REACH_MILES) -> Response:
    """The toxic air around a place by radius and year, and who causes it."""
    return ask.data(fenceline.toxic_air, at, miles)


@router.get("/precision.json")
def precision(ask: Ask) -> Response:
    """How every number of every plant is known, and the shares by count and by tonnes."""
    return ask.data(precision_views.precision_data)


@router.get("/monitor.json")
def monitor(ask: Ask) -> Response:
    """Where to monitor next: every place with its score, the rules, and whom to ask."""
    return ask.data(monitor_views.monitor_data)


@router.get("/checks.json")
def checks(ask: Ask) -> Response:
    """What toxic figures were held against: rows set aside, national totals, the file of Illinois."""
    return ask.data(checked.checks_data)


def radii(miles: str) -> tuple[float, ...]:
    """The radii that a person asks for, which are usable, or those of every report."""
    from comingclean.proximity import usable_miles

    return tuple(usable_miles(miles).tolist()) if miles else RADII


def named(plants: str) -> tuple[str, ...]:
    """Ids with commas between, each once."""
    return tuple(dict.fromkeys(name for name in plants.split(",") if name))


def map_plants(connection: sqlite3.Connection) -> dict[str, Any]:
    """The plants as the map needs them, the years, and what it opens with."""
    years = query.years(connection)
    companies, more = kinds.companies(connection), kinds.of_plants(connection, years)
    return {
        "years": years,
        "default_year": years[-1],
        "default_quantity": "ghg_scope1",
        "companies": companies,
        "facilities": [
            {name: row[name] for name in _MAP_COLUMNS} | more[row["facility_id"]]
            for row in query.plants(connection)
        ],
    }


def map_quantities(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """The quantities with their words by language."""
    return _in_languages(query.quantities(connection), ("label", "definition"))


def _indicators(connection: sqlite3.Connection) -> list[dict[str, Any]]:
    return _in_languages(query.indicators(connection), ("label", "definition", "limits"))


def _in_languages(rows: list[dict[str, Any]], words: tuple[str, ...]) -> list[dict[str, Any]]:
    """Rows with each of `words` by language instead of in a column for each."""
    spread = {f"{word}_{lang}" for word in words for lang in LANGUAGES}
    return [
        {name: value for name, value in row.items() if name not in spread}
        | {word: {lang: row[f"{word}_{lang}"] for lang in LANGUAGES} for word in words}
        for row in rows
    ]
