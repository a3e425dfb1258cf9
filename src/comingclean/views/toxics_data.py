"""What the database holds of the toxic and criteria pollution of one plant, as it stands there."""

from __future__ import annotations

import json
import sqlite3
from typing import Any, Final

from comingclean.views import query

Row = dict[str, Any]
# Who causes what around a plant; a cause may be a plant of the atlas itself.
_CAUSES: Final = """
    select c.*, s.tri_id, s.city, s.state, s.facility_id as plant, y.row, y.kilograms, y.weighted,
        y.low, y.high, c.facility_id as facility_id
    from burden_cause as c join toxic_site as s using (number)
    join toxic_site_year as y using (number, year)
    where c.facility_id = ? order by radius_miles, rank"""
# A record of the inventory may be of the site that a plant shares with others.
_OF_PLACE: Final = "select * from {table} where facility_id in (?, ?) order by {order}"
_ORDERS: Final = {
    "air_emission": "year desc, chemical",
    "air_process": "year desc, record_id, process, scc, chemical",
    "air_stack": "record_id, unit_id, process_id",
}
_SAID: Final = """select * from finding where facility_id = ? and subject in ('tri', 'eis')
    order by subject, rule"""
_LONG: Final = 60


def of_plant(connection: sqlite3.Connection, facility_id: str) -> Row | None:
    """Everything toxic about one plant, each number with the rows it rests on; None when unknown.

    `releases`, `filings`, `inventory`, `processes`, `stacks`, `burden` and `causes` are rows of the
    tables, `chemicals` and `lineage` what they name, by id. `in_hand`: years of the toxics inventory
    that the files have for the state of the plant.
    """
    facility = query.rows(connection, "select * from facility where facility_id = ?", facility_id)
    if not facility:
        return None
    site = facility[0]["site_id"]
    parts = {
        "figures": _figures(connection, facility_id),
        "releases": _own(connection, "toxic_release", facility_id),
        "filings": _own(connection, "toxic_filing", facility_id),
        "inventory": _placed(connection, "air_emission", facility_id, site),
        "processes": _placed(connection, "air_process", facility_id, site),
        "stacks": _placed(connection, "air_stack", facility_id, site),
        "findings": _decoded(query.rows(connection, _SAID, facility_id), "evidence"),
        "causes": _decoded(query.rows(connection, _CAUSES, facility_id), "sources"),
    }
    chemicals = _chemicals(connection, parts)
    parts_weighed = shares(connection, chemicals, facility[0]["industry"])
    return {
        "facility_id": facility_id,
        "placed": facility[0]["latitude"] is not None,
        "in_hand": in_hand(connection, facility[0]["state"]),
        "newest": newest(connection),
        "burden": query.rows(
            connection,
            "select * from burden where facility_id = ? order by radius_miles, year",
            facility_id,
        ),
        **parts,
        "chemicals": chemicals,
        "shares": parts_weighed,
        "lineage": _lineage(connection, parts, chemicals, parts_weighed),
    }


def in_hand(connection: sqlite3.Connection, state: str) -> list[int]:
    """Years of the toxics inventory that the files have for a state, rising."""
    found = query.rows(
        connection,
        """select distinct year from burden union
        select distinct year from toxic_release join facility using (facility_id)
        where state = ? order by 1""",
        state,
    )
    return [row["year"] for row in found]


def _decoded(found: list[Row], column: str = "sources") -> list[Row]:
    return [row | {column: json.loads(row[column])} for row in found]


def _own(connection: sqlite3.Connection, table: str, facility_id: str) -> list[Row]:
    sql = f"select * from {table} where facility_id = ? order by year desc, program_id"
    return _decoded(query.rows(connection, sql, facility_id))


def _placed(connection: sqlite3.Connection, table: str, facility_id: str, site: str) -> list[Row]:
    sql = _OF_PLACE.format(table=table, order=_ORDERS[table])
    found = _decoded(query.rows(connection, sql, facility_id, site))
    return [row | {"records": json.loads(row["records"])} if "records" in row else row for row in found]


def _figures(connection: sqlite3.Connection, facility_id: str) -> list[Row]:
    """The sums and the weighed figures of the plant by year."""
    sql = """select value.* from value join quantity using (quantity)
        where facility_id = ? and topic = 'toxics' order by year desc, sort"""
    return _decoded(query.rows(connection, sql, facility_id))


def _chemicals(connection: sqlite3.Connection, parts: dict[str, list[Row]]) -> dict[str, Row]:
    """The chemicals that any part names, by their key."""
    keys = {row["chemical"] for part in parts.values() for row in part if "chemical" in row}
    keys |= {row["main_chemical"] for row in parts["causes"]}
    return named(connection, keys)


def shares(connection: sqlite3.Connection, chemicals: dict[str, Row], industry: str) -> dict[str, Row]:
    """Parameters of the share that is weighed, for chemicals of which not all of it is, by `part`.

    The share of the industry goes before that of all.
    """
    parts = sorted({row["part"] for row in chemicals.values() if row["part"]})
    found = {row["parameter"]: row for row in query.rows(connection, "select * from parameter")}
    return {part: found.get(f"{part}_{industry}", found[part]) for part in parts}


def around(connection: sqlite3.Connection, latitude: float, longitude: float, miles: float) -> Row:
    """Facilities in a box that holds a circle, and what each released: `sites`, `years`, `newest`."""
    high, wide = query.box(latitude, miles)
    sql = """select * from toxic_site where abs(latitude - ?) <= ?
        and (abs(longitude - ?) <= ? or abs(longitude - ?) >= ?)"""
    sites = query.rows(connection, sql, latitude, high, longitude, wide, longitude, 360 - wide)
    marks = ", ".join("?" * len(sites))
    years = f"select * from toxic_site_year where number in ({marks}) order by number, year"
    return {
        "sites": sites,
        "years": query.rows(connection, years, *(row["number"] for row in sites)),
        "newest": newest(connection),
    }


def newest(connection: sqlite3.Connection) -> int:
    """The newest year of the toxics inventory that is in hand for the whole country."""
    found = query.rows(connection, "select max(year) as year from burden")
    return int(found[0]["year"])


def named(connection: sqlite3.Connection, keys: set[str]) -> dict[str, Row]:
    """Chemicals by their key."""
    marks = ", ".join("?" * len(keys))
    sql = f"select * from chemical where chemical in ({marks})"
    return {row["chemical"]: row for row in _decoded(query.rows(connection, sql, *sorted(keys)))}


def standing(connection: sqlite3.Connection, figure: Row) -> Row:
    """Where a figure stands among those of all plants for its year: n, rank, best, worst.

    Rank 1 is the largest; best and worst are what the intervals leave room for.
    """
    sql = """select count(*) as n, 1 + sum(value > ?) as rank, 1 + sum(low > ?) as best,
        sum(high >= ?) as worst from value where quantity = ? and year = ?"""
    ends = (figure["value"], figure["high"], figure["low"], figure["quantity"], figure["year"])
    return query.rows(connection, sql, *ends)[0]


def _lineage(
    connection: sqlite3.Connection,
    parts: dict[str, list[Row]],
    chemicals: dict[str, Row],
    shares: dict[str, Row],
) -> dict[str, Row]:
    used = {name for part in parts.values() for row in part for name in row.get("sources", ())}
    used |= {name for row in parts["findings"] for name in row["evidence"]}
    used |= {name for row in chemicals.values() for name in row["sources"]}
    used |= {f"parameters/{row['parameter']}" for row in shares.values()}
    marks = ", ".join("?" * len(used))
    sql = f"select * from lineage where lineage_id in ({marks})"
    return {row["lineage_id"]: row for row in query.rows(connection, sql, *sorted(used))}


def called(chemical: Row, lang: str) -> Row:
    """What a page calls a chemical: `name` without long remarks, `full`, and whether that is `english`

    on a page that is not.
    """
    spanish = chemical["name_es"] if lang == "es" else None
    full = spanish or chemical["name"]
    return {"name": short(full), "full": full, "english": lang != "en" and spanish is None}


def short(name: str) -> str:
    """A chemical's name without the long words in brackets that say which kinds of it are meant."""
    return name.split(" (", maxsplit=1)[0] if len(name) > _LONG else name
