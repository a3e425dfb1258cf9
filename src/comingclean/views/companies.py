"""Companies: who owns the plants, and what these release, asked of a database and shown as pages."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Final

from comingclean.views import figures, pages, plant_list, query
from comingclean.views.trend import trend

Row = dict[str, Any]
_QUANTITY: Final = "ghg_scope1"
_DECIDED: Final = "decided"
# One unit for the whole column, so that it can be read down.
_MILLIONS: Final = figures.Scale(1e6, "Mt CO₂e")
_LISTED: Final = """select company.*, v.year, v.value, v.low, v.high, v.unit, v.grade,
    v.plants as filed, v.shared, v.whole from company left join company_value v
    on v.company_id = company.company_id and v.quantity = ? and v.year = ?
    order by v.value desc, company.name"""
_STATEMENTS: Final = """select ownership.*, company.name as company,
    facility.name, city, state, industry
    from ownership join facility using (facility_id) join company using (company_id)
    where {where} order by {order}"""

# Parents that a source of a later year names at plants that the company counts, beside those that
# share them with it already.
_NEWER: Final = """select newer.company_id, company.name as company,
    count(distinct newer.facility_id) as plants, max(newer.last_year) as year
    from ownership as ours join ownership as newer using (facility_id)
    join company on company.company_id = newer.company_id
    where ours.company_id = ? and ours.counted = 1 and newer.role = 'parent'
    and newer.company_id <> ours.company_id and newer.last_year > ours.last_year
    and not exists (select * from ownership as beside where beside.standing = 'decided'
        and beside.facility_id = ours.facility_id and beside.company_id = newer.company_id)
    group by newer.company_id order by plants desc, company.name"""

# Plants of a parent that sources of the company's own plants do not list, where the company has all of
# that parent's plants that they do list: whether they went with the others no one says.
_LEFT_OUT: Final = """with mine as (select facility_id, source_id from ownership
        where company_id = ? and counted = 1 and standing = 'current' and role = 'parent'),
    above as (select company_id from ownership join mine using (facility_id)
        where standing = 'decided' group by company_id having count(*) > 1),
    held as (select company_id, facility_id from ownership join above using (company_id)
        where standing = 'decided'),
    listed as (select distinct facility_id from ownership
        where role = 'parent' and source_id in (select source_id from mine))
    select facility_id, facility.name, company_id, company.name as parent
    from held join facility using (facility_id) join company using (company_id)
    where facility_id not in (select facility_id from listed)
    and not exists (select * from held as beside join listed using (facility_id)
        where beside.company_id = held.company_id
        and facility_id not in (select facility_id from mine))
    order by parent, facility.name"""


def companies(connection: sqlite3.Connection) -> list[Row]:
    """Every company with its total of the newest year, largest first; no figure where none is known."""
    found = query.rows(connection, _LISTED, _QUANTITY, _newest_year(connection))
    return [row | {"other_names": json.loads(row["other_names"])} for row in found]


def company(connection: sqlite3.Connection, company_id: str) -> Row | None:
    """Everything about one company: statements of ownership, totals by year, the plants' figures.

    `plants` are those that its total counts, largest first, each with its newest figure by share;
    `others` are statements that the total does not count. None for an unknown id.
    """
    found = query.rows(connection, "select * from company where company_id = ?", company_id)
    if not found:
        return None
    sql = "select * from company_value where company_id = ? order by year"
    values = [
        row | {"sources": json.loads(row["sources"])} for row in query.rows(connection, sql, company_id)
    ]
    statements = _statements(
        connection, "company_id = ?", "facility.name, last_year desc, role desc", company_id
    )
    counted = [row for row in statements if row["counted"]]
    at = values[-1]["year"] if values else None
    plants = [row | {"figure": _share_of(connection, row, at)} for row in counted]
    ids = {row["facility_id"] for row in counted}
    named = query.rows(connection, "select * from quantity where quantity = ?", _QUANTITY)
    return {
        "company": found[0] | {"other_names": json.loads(found[0]["other_names"])},
        "values": values,
        "plants": sorted(plants, key=_largest_first),
        "statements": statements,
        "others": [row for row in statements if row["facility_id"] not in ids],
        "newer": query.rows(connection, _NEWER, company_id),
        "left_out": query.rows(connection, _LEFT_OUT, company_id),
        "counts_by": _counted_by(connection, statements, ids),
        "quantity": named[0],
        "methods": _methods(connection, values),
    }


def _newest_year(connection: sqlite3.Connection) -> int | None:
    sql = "select max(year) as year from company_value where quantity = ?"
    year: int | None = query.rows(connection, sql, _QUANTITY)[0]["year"]
    return year


def _statements(connection: sqlite3.Connection, where: str, order: str, *values: object) -> list[Row]:
    found = query.rows(connection, _STATEMENTS.format(where=where, order=order), *values)
    return [row | {"sources": json.loads(row["sources"])} for row in found]


def _share_of(connection: sqlite3.Connection, row: Row, at: int | None) -> Row | None:
    """A plant's figure of the year `at`, or its newest, with its ends and by the company's share."""
    sql = """select year, value, low, high, unit, grade from value where facility_id = ?
    and quantity = ? order by year = ? desc, year desc limit 1"""
    found = query.rows(connection, sql, row["facility_id"], _QUANTITY, at)
    part = 1.0 if row["share"] is None else row["share"] / 100
    return found[0] | {end: found[0][end] * part for end in ("value", "low", "high")} if found else None


def _largest_first(row: Row) -> tuple[int, float, str]:
    figure = row["figure"]
    return (-figure["year"], -figure["value"], row["name"]) if figure else (0, 0.0, row["name"])


def _counted_by(connection: sqlite3.Connection, statements: list[Row], ids: set[str]) -> Row:
    """For each plant that the company does not count: the parents that do, by plant."""
    parents: Row = {}
    for plant in sorted({row["facility_id"] for row in statements} - ids):
        where = "facility_id = ? and standing = 'decided'"
        parents[plant] = _statements(connection, where, "share desc, company.name", plant)
    return parents


def _methods(connection: sqlite3.Connection, values: list[Row]) -> list[Row]:
    used = {row["method"] for row in values}
    return [row for row in query.methods(connection) if row["method"] in used]


def companies_page(connection: sqlite3.Connection, lang: str) -> str:
    """Every company, parents first, with the total of its plants; a reader may sort the tables."""
    listed = companies(connection)
    known = [row for row in listed if row["value"] is not None]
    drawn = plant_list.drawn(known, _MILLIONS, lang)
    return pages.render(
        "companies.html",
        lang,
        "companies/",
        parents=[row for row in drawn if row["basis"] == _DECIDED],
        members=[row for row in drawn if row["basis"] != _DECIDED],
        silent=sorted((row for row in listed if row["value"] is None), key=lambda row: row["name"]),
        year=_newest_year(connection),
        held=_percent(_held(connection, drawn), lang),
    )


def _held(connection: sqlite3.Connection, drawn: list[Row]) -> float:
    """The per cent of all plants' figures that the parents hold together."""
    sql = "select sum(value) as total from value where quantity = ? and year = ?"
    total = query.rows(connection, sql, _QUANTITY, _newest_year(connection))[0]["total"]
    parents = sum(row["value"] for row in drawn if row["basis"] == _DECIDED)
    return 100 * parents / total if total else 0.0


def _percent(number: float, lang: str) -> str:
    return f"{number:.1f}".replace(".", "," if lang == "es" else ".")


def company_page(connection: sqlite3.Connection, company_id: str, lang: str) -> str | None:
    """All about one company: its plants, its total by year, how we know; None when unknown."""
    found = company(connection, company_id)
    if found is None:
        return None
    rows = found["values"]
    unit = found["quantity"]["unit"]
    scale = figures.scale_for(max((row["value"] for row in rows), default=1.0), unit, lang)
    series = [row | pages.written(row, scale, lang) for row in rows]
    top = max((row["figure"]["high"] for row in found["plants"] if row["figure"]), default=1.0)
    plants = [_plant(row, scale, top, lang) for row in found["plants"]]
    return pages.render(
        "company.html",
        lang,
        f"companies/{company_id}",
        found=found,
        c=found["company"],
        series=series,
        scale=scale,
        chart_of=trend(rows, query.years(connection), lang) if len(rows) > 1 else None,
        plants=plants,
    )


def _plant(row: Row, scale: figures.Scale, top: float, lang: str) -> Row:
    figure = row["figure"]
    if figure is None:
        return row | {"bar": None, "shown": None}
    return row | {"bar": plant_list.bar(figure, top), "shown": pages.written(figure, scale, lang)}
