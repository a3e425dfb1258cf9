"""The order in which a reader finds methods and sources: by subject, the most asked for first."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Final

from comingclean.views import query

Row = dict[str, Any]
Grouped = list[tuple[str, list[Row]]]

_OTHERS: Final = "others"
# Groups of methods: topics of quantities, and what no quantity is made with.
_TOPICS: Final = (
    "greenhouse_gases",
    "toxics",
    "air",
    "production",
    "jobs",
    "people",
    "companies",
    "gases",
    "other_subparts",
    _OTHERS,
)
# Where a method belongs that no quantity is made with, by the beginning of its name.
_BEGINNINGS: Final = {
    "ghg": "greenhouse_gases",
    "tri": "toxics",
    "toxic": "toxics",
    "nei": "air",
    "community": "people",
    "equity": "people",
    "company": "companies",
}
# Products of which several methods have the same title, by the beginning of a method's name.
PRODUCTS: Final = ("steel", "coke", "clinker", "cement", "pig_iron", "dri")
_MADE: Final = """select distinct method, topic, quantity, sort, label_en, label_es
    from value join quantity using (quantity) order by sort"""
# Groups of sources, each with the beginnings of their ids in the order that they are shown in.
_SOURCES: Final = {
    "greenhouse": (
        "epa_ghgrp",
        "epa_envirofacts",
        "epa_flight",
        "epa_totals",
        "nrel_fied",
        "epa_egrid",
        "epa_oris",
    ),
    "toxics": (
        "epa_tri",
        "nei_",
        "nrel_",
        "epa_rsei",
        "epa_hem5",
        "mpca",
        "epa_stewi",
    ),
    "people": ("census", "dep_index", "eji", "ejscreen", "aqs"),
    "plants": ("gem_", "sfi", "usgs", "epa_parents", "epa_frs"),
}
_OURS: Final = "Coming Clean"


def methods(connection: sqlite3.Connection) -> Grouped:
    """Every method by topic, each with the quantities it is `of`, and its product where it has one."""
    made = query.rows(connection, _MADE)
    found = [_method(row, made) for row in query.methods(connection)]
    return _grouped(found, _TOPICS)


def _method(row: Row, made: list[Row]) -> Row:
    of = [one for one in made if one["method"] == row["method"]]
    beginning = row["method"].split("_")[0]
    topic = of[0]["topic"] if of else _BEGINNINGS.get(beginning, _OTHERS)
    product = next((name for name in PRODUCTS if row["method"].startswith(f"{name}_")), None)
    order = of[0]["sort"] if of else len(made)
    return row | {"group": topic, "of": of, "product": product, "order": (order, product or "")}


def sources(connection: sqlite3.Connection) -> Grouped:
    """Every source by what it tells of, the files of agencies before what was decided here."""
    found = [row | _place(row) for row in query.sources(connection)]
    return _grouped(found, (*_SOURCES, _OTHERS, "ours"))


def _place(source: Row) -> Row:
    """The group of a source, and its place in it."""
    for group, beginnings in _SOURCES.items():
        for order, beginning in enumerate(beginnings):
            if source["source_id"].startswith(beginning):
                return {"group": group, "order": order}
    return {"group": "ours" if source["publisher"].startswith(_OURS) else _OTHERS, "order": 0}


def _grouped(rows: list[Row], groups: Iterable[str]) -> Grouped:
    made = [(group, [row for row in rows if row["group"] == group]) for group in groups]
    return [(group, sorted(held, key=lambda row: row["order"])) for group, held in made if held]
