"""Questions about the people around plants and about what else stands there, asked with the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comingclean.questions.question import Question

_MILES: Final = (1, 3, 5, 10)
_NO_PEOPLE: Final = f"""
    with asked (radius_miles) as (values {", ".join(f"({miles})" for miles in _MILES)}),
    wanted as (select facility_id, radius_miles from facility, asked where latitude is not null)
    select facility_id, radius_miles, count(value) as figures from wanted
    left join (select * from community where indicator = 'population')
    using (facility_id, radius_miles)
    group by facility_id, radius_miles having figures <> 1
    union select facility_id, radius_miles, 0 from community
    where radius_miles not in (select radius_miles from asked)"""
_SHRINKING: Final = """
    select a.facility_id, a.radius_miles, a.value, b.radius_miles as wider, b.value as there
    from community a join community b using (facility_id, indicator)
    where indicator = 'population' and a.radius_miles < b.radius_miles and a.value > b.value"""
# What is modelled of the air speaks of a place; everything else of who lives there.
_FEW: Final = """
    select c.facility_id, c.radius_miles, c.indicator, people.value as people
    from community c join community people using (facility_id, radius_miles)
    where people.indicator = 'population' and c.indicator <> 'population'
    and (people.status = 'no one counted' or
        (people.status = 'sparse' and c.error <> 'model_error_not_published'))
    union select facility_id, radius_miles, indicator, value from community
    where indicator = 'population' and status <> case when value < 0.5 then 'no one counted'
        when value < (select value from parameter where parameter = 'population_sparse')
        then 'sparse' else 'ok' end"""
_UNDECLARED: Final = """
    select distinct 'community' as told, indicator from community
    left join indicator using (indicator) where unit is null
    union select distinct 'equity', indicator from equity
    left join indicator using (indicator) where unit is null
    union select 'method', indicator from indicator left join method using (method)
    where title_en is null
    union select 'source', indicator from indicator left join source on source_id = source
    where title is null
    union select 'grade', indicator from indicator where grade not in ('A', 'B', 'C', 'D', 'E')"""
_INTERVAL: Final = """
    select facility_id, radius_miles, indicator, value, low, high from community
    where (low is null) <> (high is null) or not (low <= value and value <= high)
    or (low is null and value is not null and error <> 'model_error_not_published')"""
_UNKNOWN: Final = """
    select facility_id, radius_miles, indicator, value, known, status from community
    where (value is null) <> (status = 'unknown') or not known between 0 and 1.000001
    or status not in ('ok', 'sparse', 'unknown', 'no one counted')"""
_GROUPS: Final = """
    select plants, radius_miles, count(*) as rows from equity group by plants, radius_miles
    having rows <> 3 * (select count(*) from indicator where indicator <> 'population')
    or count(distinct n_plants) <> 1
    union select 'all', 0, count(*) from equity where plants = 'all' having count(*) = 0"""
_DIFFERENCES: Final = """
    select plants, radius_miles, indicator, compare from equity
    where not (low <= value and value <= high) or not p between 0 and 1
    or not (difference_low <= difference and difference <= difference_high)
    or not (excess_low <= excess and excess <= excess_high)
    or abs(difference - expected - excess) > 1e-6 * (1 + abs(difference))
    or (p is null) <> (excess_low is null) or not overlap between 0 and 100
    or not (people_low <= people and people <= people_high)
    or abs(value - reference - difference) > 1e-6 * (1 + abs(value))"""
_STRAY: Final = """
    select ghgrp_id, year, value from emitter_year
    left join emitter using (ghgrp_id) left join method using (method)
    where name is null or title_en is null or year > last_year or year < first_year"""
_LOOSE: Final = """
    select ghgrp_id, year, value, low, high from emitter_year
    where not (0 <= low and low <= value and value <= high and low < high) or unit <> 't CO2e'"""
_OURS: Final = """
    select ghgrp_id, emitter.name, facility_id from emitter
    join identifier on program = 'ghgrp' and program_id = ghgrp_id"""
_MONITOR: Final = """
    select facility_id, site, kilometres from facility left join nearest_monitor using (facility_id)
    left join monitor using (site)
    where facility.latitude is not null and (monitor.latitude is null or kilometres < 0)"""


def fenceline_questions(unresolved: Callable[[str, str, str], str]) -> tuple[Question, ...]:
    """The questions; `unresolved` gives the SQL that lists ids without a row in the table lineage."""
    return (
        Question("every plant with coordinates has its people within 1, 3, 5 and 10 miles", _NO_PEOPLE),
        Question("people around a plant never shrink with the radius", _SHRINKING),
        Question("nothing is said of who lives where few or none do", _FEW),
        Question("every indicator has a unit, a method, a grade and a source card", _UNDECLARED),
        Question("every interval of the people around holds its figure", _INTERVAL),
        Question("a figure about the people around is there or said to be unknown", _UNKNOWN),
        Question("every group of plants has every indicator beside all three levels", _GROUPS),
        Question(
            "every difference between neighbours and others is one, within its range", _DIFFERENCES
        ),
        Question("every figure of another emitter has its facility, year and method", _STRAY),
        Question("every interval of another emitter holds its figure and has a width", _LOOSE),
        Question("no other emitter is a plant of the atlas", _OURS),
        Question("every plant with coordinates has a nearest monitor that is listed", _MONITOR),
        Question(
            "every source row of a nearest monitor can be looked up",
            unresolved("nearest_monitor", "sources", "facility_id"),
        ),
    )
