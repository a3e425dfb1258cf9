"""Questions about companies and shared records, asked with the others by `comingclean check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comingclean.questions.question import Question

_SUM: Final = """
    with owned as (
        select company_id, facility_id, coalesce(share, 100) / 100 as part from ownership
        where counted = 1),
    sums as (
        select company_id, year, quantity, sum(value * part) as added, count(*) as plants
        from owned join value using (facility_id)
        where quantity in (select distinct quantity from company_value)
        group by company_id, year, quantity)
    select company_id, year, quantity, value, added, v.plants, s.plants as counted
    from sums as s full join company_value as v using (company_id, year, quantity)
    where value is null or added is null or v.plants <> s.plants
    or abs(value - added) > 0.5 + 1e-9 * abs(added)"""
_MORE_THAN_WHOLE: Final = """
    select facility_id, role, source_id, source_row, sum(share) as added from ownership
    group by facility_id, role, source_id, source_row having added > 100.1"""
_NAMELESS: Final = """
    select company_id from ownership left join company using (company_id) where name is null
    union select company_id from company left join ownership using (company_id)
    where written is null"""
_TWICE: Final = """
    select company_id, facility_id from ownership where counted = 1
    group by company_id, facility_id having count(*) > 1"""
# A record of a site, and what the plants of that site have of the same kind from the same source.
_PARTS: Final = """
    with records as (
        select facility_id as site_id, attribute, source_id, last_year, sum(value) as whole
        from attribute where unit is not null and certainty <> 'disputed'
        and facility_id not in (select facility_id from facility)
        group by site_id, attribute, source_id, last_year),
    parts as (
        select site_id, attribute, source_id, attribute.last_year, sum(attribute.value) as added
        from attribute join facility using (facility_id)
        group by site_id, attribute, source_id, attribute.last_year)
    select site_id, attribute, source_id, last_year, whole, added
    from records join parts using (site_id, attribute, source_id, last_year)
    where abs(whole - added) > 0.005 * whole"""
_CAPACITY_TWICE: Final = """
    select attribute, source_row, count(distinct facility_id) as plants from attribute
    where unit is not null and (attribute like 'capacity%' or attribute like 'workforce%')
    group by attribute, source_row having plants > 1"""


def company_questions(unresolved: Callable[[str, str, str], str]) -> tuple[Question, ...]:
    """The questions; `unresolved` gives the SQL that lists ids without a row in the table lineage."""
    lookups = (
        ("an owner", unresolved("ownership", "sources", "facility_id")),
        ("a company's name", unresolved("company", "sources", "company_id")),
        ("a company's total", unresolved("company_value", "sources", "company_id")),
    )
    return (
        *(Question(f"every source row of {what} can be looked up", sql) for what, sql in lookups),
        Question("every company's total is the sum of its plants by share", _SUM),
        Question("no total of a company counts a plant twice", _TWICE),
        Question("no source gives away more than the whole of a plant", _MORE_THAN_WHOLE),
        Question("every owner is a company, and every company owns", _NAMELESS),
        Question("the parts of a shared record add up to it", _PARTS),
        Question("no capacity or workforce of a source stands at two plants", _CAPACITY_TWICE),
    )
