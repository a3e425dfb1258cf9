"""Pages: what the database says, as HTML that needs no script.

Each function gives the whole text of one page, so that a server and a folder of static files show
the same.
"""

from __future__ import annotations

import json
import sqlite3
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from comingclean import paths
from comingclean._version import __version__
from comingclean.model import GRADES, INDUSTRIES
from comingclean.views import (
    community,
    figures,
    glance,
    groups,
    kinds,
    peers,
    plant_list,
    query,
    record,
    toxics,
)
from comingclean.views.trend import HEIGHT, WIDTH, trend
from comingclean.views.words import LANGUAGES, say

Row = dict[str, Any]
# The menu: addresses below the language's root, and what their words are called.
_MENU: Final = (
    ("", "map"),
    ("plants/", "plants"),
    ("companies/", "companies"),
    ("near", "near"),
    ("neighbours", "neighbours"),
    ("precision", "precision"),
    ("monitor/", "monitor"),
    ("methods", "methods"),
    ("sources", "sources"),
)
_FIRST: Final = "ghg_scope1"
# Topics in which a figure before it was made to add up, or weighed in another way, stands apart.
_STEPPED: Final = ("toxics", "production", "jobs")


def map_page(connection: sqlite3.Connection, lang: str) -> str:
    """The map, which needs a script, with links to the pages that do not."""
    plants = len(query.plants(connection))
    return render("map.html", lang, "", sources=query.sources(connection), plants=plants)


def plants_page(connection: sqlite3.Connection, lang: str) -> str:
    """Every plant with its newest figure, largest first; a reader may sort and choose."""
    plants = plant_list.plants(connection, _FIRST, lang)
    return render(
        "plants.html",
        lang,
        "plants/",
        plants=plants,
        industries=INDUSTRIES,
        states=sorted({row["state"] for row in plants if row["state"]}),
        unit=plant_list.SCALE.unit,
        year=query.years(connection)[-1],
    )


def plant_page(connection: sqlite3.Connection, facility_id: str, lang: str) -> str | None:
    """All about one plant, down to the row; None for an id that is not in the atlas."""
    plant = query.plant(connection, facility_id)
    if plant is None:
        return None
    years = query.years(connection)
    plant["peers"] = peers.of_plant(connection, facility_id, lang)
    topics = [_topic(name, rows, plant, years, lang) for name, rows in _by_topic(plant)]
    fenceline = community.of_plant(connection, facility_id, lang)
    facts = {
        "plant": plant,
        "topics": topics,
        "glance": glance.of_plant(plant["facility"], topics, fenceline, plant["findings"], lang),
        "years": years,
        "fenceline": fenceline,
        "point": kinds.point(plant["facility"], lang)
        if plant["facility"]["coordinate_accuracy"]
        else [],
        "attributes": kinds.attributes(plant["attributes"], lang),
        "record": record.of_plant(connection, facility_id),
        "toxics": toxics.of_plant(connection, facility_id, lang),
    }
    return render("plant.html", lang, f"plants/{facility_id}", **facts)


def methods_page(connection: sqlite3.Connection, lang: str) -> str:
    """Grades, methods, quantities and parameters: how we know."""
    return render(
        "methods.html",
        lang,
        "methods",
        groups=groups.methods(connection),
        quantities=query.quantities(connection),
        parameters=query.rows(connection, "select * from parameter order by parameter"),
        grades=GRADES,
    )


def sources_page(connection: sqlite3.Connection, lang: str) -> str:
    """Every source card, and how the national totals are met."""
    control = query.rows(connection, "select * from control_total order by year, subpart")
    return render("sources.html", lang, "sources", groups=groups.sources(connection), control=control)


def missing_page(lang: str, path: str) -> str:
    """What a reader sees at an address that is not there."""
    return _message(lang, say(lang, "missing.title"), say(lang, "missing.text", path=path))


def refused_page(lang: str, name: str) -> str:
    """What a reader sees who asks for what cannot be: `name` is miles or at."""
    text = say(lang, "refused.text", what=say(lang, f"refused.{name}"))
    return _message(lang, say(lang, "refused.title"), text)


def trouble_page(lang: str) -> str:
    """What a reader sees while the database cannot be read."""
    return _message(lang, say(lang, "trouble.title"), say(lang, "trouble.text"))


def _message(lang: str, title: str, text: str) -> str:
    return render("message.html", lang, "", title=title, text=text)


def _by_topic(plant: Row) -> list[tuple[str, list[list[Row]]]]:
    """Value rows by topic and, within, by quantity, in the order of the table quantity."""
    named = plant["quantities"]
    series = [list(rows) for _, rows in groupby(plant["values"], key=lambda row: row["quantity"])]
    topics = groupby(series, key=lambda rows: named[rows[0]["quantity"]]["topic"])
    return [(topic, list(rows)) for topic, rows in topics]


def _topic(topic: str, series: list[list[Row]], plant: Row, years: list[int], lang: str) -> Row:
    """The quantities of a topic; `steps` are those on the way to another, which no one ranks by."""
    drawn = [_series(rows, plant, years, lang) for rows in series]
    steps = [one for one in drawn if topic in _STEPPED and not one["quantity"]["mappable"]]
    return {"name": topic, "series": [one for one in drawn if one not in steps], "steps": steps}


def _series(rows: list[Row], plant: Row, years: list[int], lang: str) -> Row:
    """One quantity of one plant, ready to draw: any quantity, whatever it is.

    Rows share the scale of the largest; the newest has its own, or what is left of a plant that
    stopped would read 0.0000005 Mt.
    """
    quantity = plant["quantities"][rows[0]["quantity"]]
    scale = figures.scale_for(max(abs(row["value"]) for row in rows), quantity["unit"], lang)
    shown = [row | written(row, scale, lang) for row in rows]
    methods = [
        plant["methods"][name] for name in dict.fromkeys(row["method"] for row in reversed(rows))
    ]
    return {
        "quantity": quantity,
        "scale": scale,
        "rows": shown,
        "newest": rows[-1] | _figure(lang, rows[-1] | {"unit": quantity["unit"]}),
        "chart": trend([row for row in rows if row["year"] >= years[0]], years, lang),
        "methods": methods,
        "peers": plant["peers"].get(quantity["quantity"]),
    }


def written(row: Row, scale: figures.Scale, lang: str) -> Row:
    """The texts of a row's value and ends, in units of `scale`: text, low_text, high_text."""
    low, high = figures.ends(row["value"], row["low"], row["high"], scale.factor, lang)
    text = figures.figure(row["value"], row["low"], row["high"], scale.factor, lang)
    return {"text": text, "low_text": low, "high_text": high}


def render(template: str, lang: str, path: str, **facts: Any) -> str:
    """A page from a template of views/templates: `path` is its address below the language's root."""
    base = "/" if lang == "en" else f"/{lang}/"
    other = next(name for name in LANGUAGES if name != lang)
    return (
        _environment()
        .get_template(template)
        .render(
            lang=lang,
            base=base,
            path=path,
            menu=_MENU,
            other=other,
            other_path=("/" if other == "en" else f"/{other}/") + path,
            t=partial(say, lang),
            local=partial(_local, lang),
            figure=partial(_figure, lang),
            decimal=partial(_decimal, lang),
            where=partial(_where, lang),
            said=partial(_said, lang),
            assets=_assets(str(paths.web())),
            version=__version__,
            chart_size=(WIDTH, HEIGHT),
            **facts,
        )
    )


def _local(lang: str, row: Row, name: str) -> str:
    """The column of a row that is in the page's language."""
    return str(row[f"{name}_{lang}"])


def _decimal(lang: str, shape: str, number: float) -> str:
    """A number to fixed decimals, with the language's own mark and a real minus sign."""
    text = (shape % number).replace("-", "\u2212")
    return text.replace(".", ",") if lang == "es" else text


def _where(lang: str, row: Row) -> str:
    return kinds.whereabouts(row, lang)


def _said(lang: str, kind: str, code: str | None) -> str | None:
    return kinds.said(kind, code, lang)


def _figure(lang: str, row: Row) -> Row:
    scale = figures.scale_for(row["value"], row["unit"], lang)
    return written(row, scale, lang) | {"unit": scale.unit}


@cache
def _environment() -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["lineage"] = _lineage
    return environment


def _lineage(ids: list[str], plant: Row) -> list[Row]:
    """Where ids can be looked up: one entry a file with its rows, sources' own before parameters."""
    found = [plant["lineage"][name] for name in ids]
    found.sort(key=lambda row: (row["source_id"] == "parameters", row["file"], row["row"]))
    files = groupby(found, key=lambda row: (row["file"], row["sheet"]))
    return [
        {"file": file, "sheet": sheet, "rows": _spans([row["row"] for row in rows])}
        for (file, sheet), rows in files
    ]


def _spans(numbers: list[int]) -> str:
    """Whole numbers, runs shortened: 3, 5–8."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)


@cache
def _assets(web: str) -> dict[str, Row]:
    """Built files of the front end by entry: {"map": {"js", "css"}, "site": …}."""
    manifest = Path(web) / ".vite" / "manifest.json"
    built = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}
    return {
        name: _entry(built, f"src/{name}.ts") if f"src/{name}.ts" in built else {"js": None, "css": []}
        for name in ("map", "site")
    }


def _entry(built: dict[str, Row], entry: str) -> Row:
    """An entry's script and every style that it or a chunk it imports needs."""
    waiting, seen, css = [entry], set(), []
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            css += built[name].get("css", [])
            waiting += built[name].get("imports", [])
    return {"js": built[entry]["file"], "css": css}
