"""Questions about who is who: places, ids and what is in doubt, asked with the others by `check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comingclean.questions.question import Question

# Programs of whose ids every plant has one, or a finding that says why not; where only some industries
# can be in a program, these.
_EXPECTED: Final = {
    "frs": "",
    "tri": "",
    "eis": "",
    "gem": "",
    "sfi": "and facility.industry = 'cement'",
    "oris": "",
}


def _silent(program: str, industries: str) -> str:
    return f"""
        select facility_id, '{program}' as program from facility where facility_id not in
            (select facility_id from identifier where program = '{program}')
        and facility_id not in (select facility_id from finding where subject = '{program}'
            and rule in ('not_linked', 'no_power_plant'))
        {industries}"""


_EVERY_PROGRAM: Final = " union all ".join(_silent(*pair) for pair in _EXPECTED.items())


_STATUS_OF_A_YEAR: Final = """
    select facility_year.facility_id, year, status from facility_year
    where status is not null and not exists (
        select * from attribute where attribute = 'status'
        and attribute.facility_id = facility_year.facility_id
        and year between first_year and coalesce(last_year, year))"""


def plant_questions(unresolved: Callable[[str, str, str], str]) -> tuple[Question, ...]:
    """The questions; `unresolved` gives the SQL that lists ids without a row in the table lineage."""
    return (
        Question(
            "coordinates lie within 2 km of the stated county",
            """
            select facility_id, county, latitude, longitude, county_distance_km from facility
            where latitude is not null and (county_distance_km is null or county_distance_km > 2)""",
        ),
        Question(
            "only a plant that is not yet built is without a place",
            """
            select facility_id, status from facility where (latitude is null or longitude is null)
            and coalesce(status, '') not in ('announced', 'construction')""",
        ),
        Question(
            "every plant has an id in each program, or a finding that says why not",
            _EVERY_PROGRAM,
        ),
        Question(
            "no link and no attribute is in doubt",
            "select facility_id, program, program_id, sentence from link_doubt",
        ),
        Question(
            "the newest route and status of a plant are as of a stated year",
            """
            select facility_id, route, route_as_of, status, status_as_of from facility
            where (route is not null and route_as_of is null)
            or (status is not null and status_as_of is null)""",
        ),
        Question("a status of a year stands in a row of that year", _STATUS_OF_A_YEAR),
        Question(
            "every row behind the route of a year can be looked up",
            unresolved("facility_year", "sources", "facility_id"),
        ),
    )
