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
from markupsafe import Markup

from comingclean import paths
from comingclean._version import __version__
from comingclean.model import GRADES, INDUSTRIES
from comingclean.views import community, figures, peers, query, record, toxics
from comingclean.views.trend import HEIGHT, WIDTH, trend
from comingclean.views.words import LANGUAGES, say

Row = dict[str, Any]
_FIRST: Final = "ghg_scope1"


def map_page(connection: sqlite3.Connection, lang: str) -> str:
    """The map, which needs a script, with links to the pages that do not."""
    return render("map.html", lang, "", sources=query.sources(connection))


def plants_page(connection: sqlite3.Connection, lang: str) -> str:
    """Every plant with its newest figure, by industry."""
    rows = [row | {"newest": _newest(connection, row)} for row in query.plants(connection)]
    rows.sort(key=lambda row: (INDUSTRIES.index(row["industry"]), row["state"], row["name"]))
    groups = [(name, list(group)) for name, group in groupby(rows, key=lambda row: row["industry"])]
    return render("plants.html", lang, "plants/", groups=groups)


def plant_page(connection: sqlite3.Connection, facility_id: str, lang: str) -> str | None:
    """All about one plant, down to the row; None for an id that is not in the atlas."""
    plant = query.plant(connection, facility_id)
    if plant is None:
        return None
    years = query.years(connection)
    plant["peers"] = peers.of_plant(connection, facility_id, lang)
    topics = [_topic(name, rows, plant, years, lang) for name, rows in _by_topic(plant)]
    facts = {
        "plant": plant,
        "topics": topics,
        "years": years,
        "fenceline": community.of_plant(connection, facility_id, lang),
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
        methods=query.methods(connection),
        quantities=query.quantities(connection),
        parameters=query.rows(connection, "select * from parameter order by parameter"),
        grades=GRADES,
    )


def sources_page(connection: sqlite3.Connection, lang: str) -> str:
    """Every source card, and how the national totals are met."""
    control = query.rows(connection, "select * from control_total order by year, subpart")
    return render("sources.html", lang, "sources", sources=query.sources(connection), control=control)


def missing_page(lang: str, path: str) -> str:
    """What a reader sees at an address that is not there."""
    return render("missing.html", lang, "", address=path)


def _newest(connection: sqlite3.Connection, plant: Row) -> Row | None:
    found = query.rows(
        connection,
        """select * from value where facility_id = ? and quantity = ?
        order by year desc limit 1""",
        plant["facility_id"],
        _FIRST,
    )
    return found[0] if found else None


def _by_topic(plant: Row) -> list[tuple[str, list[list[Row]]]]:
    """Value rows by topic and, within, by quantity, in the order of the table quantity."""
    named = plant["quantities"]
    series = [list(rows) for _, rows in groupby(plant["values"], key=lambda row: row["quantity"])]
    topics = groupby(series, key=lambda rows: named[rows[0]["quantity"]]["topic"])
    return [(topic, list(rows)) for topic, rows in topics]


def _topic(topic: str, series: list[list[Row]], plant: Row, years: list[int], lang: str) -> Row:
    return {"name": topic, "series": [_series(rows, plant, years, lang) for rows in series]}


def _series(rows: list[Row], plant: Row, years: list[int], lang: str) -> Row:
    """One quantity of one plant, ready to draw: any quantity, whatever it is."""
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
        "newest": shown[-1],
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
            other=other,
            other_path=("/" if other == "en" else f"/{other}/") + path,
            t=partial(say, lang),
            local=partial(_local, lang),
            figure=partial(_figure, lang),
            assets=_assets(str(paths.web())),
            version=__version__,
            chart_size=(WIDTH, HEIGHT),
            **facts,
        )
    )


def _local(lang: str, row: Row, name: str) -> str:
    """The column of a row that is in the page's language."""
    return str(row[f"{name}_{lang}"])


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
    environment.filters["json"] = lambda value: Markup(json.dumps(value))
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
    built = json.loads(manifest.read_text()) if manifest.exists() else {}
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
