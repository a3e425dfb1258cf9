"""Checks: questions to a finished database that must return no row, each with an English name."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from comingclean.connection import connect
from comingclean.model import FINDING, GRADES, KINDS, TABLES, VALUE
from comingclean.questions.companies import company_questions
from comingclean.questions.estimates import estimate_questions
from comingclean.questions.fenceline import fenceline_questions
from comingclean.questions.plants import plant_questions
from comingclean.questions.precision import precision_questions
from comingclean.questions.question import Question
from comingclean.questions.toxic import toxic_questions


@dataclass(frozen=True)
class Answer:
    """What a database answered: the offending rows, their column names, none when all is well."""

    question: Question
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


# Best when there is nothing to say.
_MAY_BE_EMPTY: Final = ("link_doubt",)
_REFERENCE: Final = (("iron_steel", 100), ("met_coke", 12), ("cement", 96), ("aluminum", 7))


def _adds_up(part: str) -> str:
    return f"""
        with total as (select * from value where quantity = 'ghg_reported'),
        parts as (
            select facility_id, year, sum(value) as added
            from value join quantity using (quantity)
            where part = '{part}' group by facility_id, year)
        select facility_id, year, value as total, added from total left join parts
        using (facility_id, year)
        where abs(value - coalesce(added, 0)) > 1 + 1e-6 * value"""


def _listed(names: tuple[str, ...] | dict[str, str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _unresolved(table: str, column: str, who: str = "facility_id") -> str:
    return f"""
        select {table}.{who}, item.value as id
        from {table}, json_each({table}.{column}) as item
        left join lineage on lineage.lineage_id = item.value
        where lineage.lineage_id is null limit 50"""


def _empty(table: str) -> str:
    """Rows of `table` where a required text column is blank."""
    texts = [
        column.name
        for declared in TABLES
        if declared.name == table
        for column in declared.columns
        if column.required and column.type == "TEXT"
    ]
    return f"select * from {table} where " + " or ".join(f"trim({name}) = ''" for name in texts)


def _without_rows() -> str:
    """Tables that are empty: with nothing in a table most other questions find nothing wrong."""
    asked = (table.name for table in TABLES if table.name not in _MAY_BE_EMPTY)
    return " union ".join(
        f"select '{name}' as \"table\" where not exists (select 1 from {name})" for name in asked
    )


QUESTIONS: Final = (
    Question("every table has rows", _without_rows()),
    Question("every gas adds up to the total that was reported", _adds_up("gas")),
    Question("every subpart adds up to the total that was reported", _adds_up("subpart")),
    Question(
        "the reference boundary is combustion plus the process of the industry",
        """
        with parts as (
            select facility_id, year, sum(value) as added from value
            where quantity in ('ghg_subpart_c', 'ghg_subpart_process') group by facility_id, year)
        select facility_id, year, value, added from parts
        left join (select * from value where quantity = 'ghg_scope1') using (facility_id, year)
        where value is null or abs(value - added) > 0.5""",
    ),
    Question(
        "the publisher's national totals are met within the stated tolerance",
        "select * from control_total where abs(ours / published - 1) > tolerance",
    ),
    Question(
        "national totals are there for every subpart that the atlas uses",
        "select year, count(*) as subparts from control_total group by year having subparts <> 4",
    ),
    Question(
        "no two plants share a program id unless every row says why",
        """
        select program, program_id, count(*) as plants from identifier
        group by program, program_id having plants > 1 and count(reason) < plants""",
    ),
    Question(
        "no two plants share a name",
        "select name, state from facility group by name, state having count(*) > 1",
    ),
    Question(
        "no two plants of one industry stand within 200 m of each other unless they share a site",
        """
        select a.facility_id, b.facility_id as other from facility a join facility b
        on a.facility_id < b.facility_id and a.industry = b.industry and a.site_id <> b.site_id
        where abs(a.latitude - b.latitude) < 0.002 and abs(a.longitude - b.longitude) < 0.002""",
    ),
    Question(
        "no value without interval, unit, method, grade and sources",
        f"""
        {_empty(VALUE.name)} or json_array_length(sources) = 0
        or grade not in ({_listed(GRADES)}) or kind not in ({_listed(KINDS)})""",
    ),
    Question(
        "every interval holds its value and has a width",
        "select * from value where not (low <= value and value <= high and low < high)",
    ),
    Question(
        "every value has a unit and a quantity that are declared",
        """
        select facility_id, year, quantity, value.unit from value left join quantity using (quantity)
        where quantity.unit is null or quantity.unit <> value.unit""",
    ),
    Question(
        "every value has a method that is declared",
        "select distinct method from value left join method using (method) where title_en is null",
    ),
    Question(
        "every value belongs to a plant of the atlas",
        """
        select distinct facility_id from value left join facility using (facility_id)
        where name is null""",
    ),
    Question("every source row of a value can be looked up", _unresolved("value", "sources")),
    Question("every source row of a plant can be looked up", _unresolved("facility", "sources")),
    Question("every source row of a finding can be looked up", _unresolved(FINDING.name, "evidence")),
    Question("every row behind a link can be looked up", _unresolved("identifier", "sources")),
    Question("every row behind an attribute can be looked up", _unresolved("attribute", "sources")),
    *plant_questions(_unresolved),
    *company_questions(_unresolved),
    *estimate_questions(_unresolved),
    *precision_questions(_unresolved),
    *fenceline_questions(_unresolved),
    *toxic_questions(_unresolved),
    Question(
        "every looked-up row belongs to a source card",
        """
        select distinct source_id from lineage left join source using (source_id)
        where title is null""",
    ),
    Question(
        "the reference universe of 2020 has 100, 12, 96 and 7 plants",
        "with expected (industry, plants) as (values "
        + ", ".join(f"('{industry}', {plants})" for industry, plants in _REFERENCE)
        + """)
        select industry, plants, coalesce(sum(reference_2020), 0) as found from expected
        left join facility using (industry) group by industry having found <> plants""",
    ),
    Question(
        "every plant of the universe of 2020 has a figure for 2020 or a finding that says why not",
        """
        select facility_id from facility where reference_2020 = 1
        and facility_id not in
            (select facility_id from value where quantity = 'ghg_scope1' and year = 2020)
        and facility_id not in
            (select facility_id from finding where subject = 'ghg_reported')""",
    ),
)


def check_database(file: Path) -> list[Answer]:
    """The answers to every question, in order. Raises InputError when there is no database."""
    with connect(file) as connection:
        return [_ask(connection, question) for question in QUESTIONS]


def _ask(connection: sqlite3.Connection, question: Question) -> Answer:
    cursor = connection.execute(question.sql)
    columns = tuple(name for name, *_ in cursor.description)
    return Answer(question, columns, tuple(tuple(row) for row in cursor.fetchmany(50)))
