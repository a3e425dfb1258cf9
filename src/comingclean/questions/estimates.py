"""Questions about the estimates, asked with the others by `check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comingclean.questions.question import Question

_FIVE: Final = """
    ('production'), ('ghg_scope2'), ('employment'),
    ('ghg_intensity_scope1'), ('ghg_intensity_scope1_2')"""
# Asked of every year for which a plant filed greenhouse gases on site, whatever the estimates think.
_UNEXPLAINED: Final = f"""
    with wanted (quantity) as (values {_FIVE}),
    filed as (
        select facility_id, year from value join facility using (facility_id)
        where quantity = 'ghg_scope1' and value > 0 and reference_2020 = 1)
    select facility_id, year, wanted.quantity from filed cross join wanted
    where not exists (select 1 from value v where v.facility_id = filed.facility_id
        and v.year = filed.year and v.quantity = wanted.quantity)
    and not exists (select 1 from absent a where a.facility_id = filed.facility_id
        and a.year = filed.year and a.quantity = wanted.quantity)
    order by 1, 2, 3"""
_UNTOLD: Final = """
    select facility_id, year, quantity, rule from absent a
    where not exists (select 1 from finding f where f.facility_id = a.facility_id
        and f.subject = a.quantity and f.rule = a.rule)"""
_BOTH: Final = """
    select facility_id, year, quantity from absent join value using (facility_id, year, quantity)"""
_CIRCLES: Final = """
    select facility_id, year, quantity, method from rank join value using (facility_id, year, quantity)
    where method like 'intensity_route_average%' or method = 'intensity_smelter'
    union all select facility_id, year, quantity, 'ranked and not ranked'
    from rank join unranked using (facility_id, year, quantity)"""
_COMPARED: Final = """
    select facility_id, year, quantity from value
    where quantity in (select distinct quantity from rank)
    and not exists (select 1 from rank r where r.facility_id = value.facility_id
        and r.year = value.year and r.quantity = value.quantity)
    and not exists (select 1 from unranked u where u.facility_id = value.facility_id
        and u.year = value.year and u.quantity = value.quantity)"""
_TOTALS: Final = """
    select industry, product, route, year, published, after from adjustment
    where published is not null and abs(after / published - 1) > 0.01"""
_PEOPLE: Final = """
    select facility_id, year, value.value, low, high from value
    join (select facility_id, year, low as own_low, high as own_high from value
        where quantity = 'employment_unreconciled') using (facility_id, year)
    where quantity = 'employment' and not value.value between own_low and own_high"""


def estimate_questions(unresolved: Callable[[str, str, str], str]) -> tuple[Question, ...]:
    """The questions; `unresolved` gives the SQL that lists ids without a row in the table lineage."""
    rows = unresolved("adjustment", "sources", "industry")
    return (
        Question(
            "every plant of 2020 has each estimate or a reason, in every year it filed", _UNEXPLAINED
        ),
        Question("every reason why an estimate is absent is told at its plant", _UNTOLD),
        Question("nothing is both estimated and said to be absent", _BOTH),
        Question("no plant is ranked by tonnage that comes from its own emissions", _CIRCLES),
        Question("every figure that is compared is ranked, or says why not", _COMPARED),
        Question("every national total is met within one per cent", _TOTALS),
        Question("no plant's people are moved out of the interval of their own evidence", _PEOPLE),
        Question("every source row of a national total can be looked up", rows),
    )
