"""Questions about toxic releases and what surrounds a place, asked with the others by `check`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from comingclean.questions.question import Question

# What the kilograms of a plant's forms come to, beside the figures of the plant.
_SUMS: Final = """
    with mediums (medium, quantity) as (
        values ('air', 'toxic_air'), ('water', 'toxic_water'), ('land', 'toxic_land')),
    every (facility_id, year, quantity, value, kilograms) as (
        select facility_id, year, quantity, value, null from value
        where quantity in (select quantity from mediums)
        union all select facility_id, year, quantity, null, kilograms
        from toxic_release join mediums using (medium))
    select facility_id, year, quantity, sum(value) as figure, sum(kilograms) as added from every
    group by facility_id, year, quantity
    having figure is null or added is null or abs(figure - added) > 1e-6 * (1 + abs(added))"""
_WEIGHED: Final = """
    with every (facility_id, year, value, part) as (
        select facility_id, year, value, null from value where quantity = 'toxicity_weighted_air'
        union all select facility_id, year, null, kilograms * weight * coalesce(
            (select value from parameter where parameter = part || '_' || industry),
            (select value from parameter where parameter = part), 100) / 100
        from toxic_release join chemical using (chemical) join facility using (facility_id)
        where medium = 'air' and weight is not null)
    select facility_id, year, sum(value) as figure, sum(part) as added from every
    group by facility_id, year
    having figure is null or added is null or abs(figure - added) > 1e-6 * (1 + abs(added))"""
_UNKNOWN: Final = """
    select facility_id, year, chemical from toxic_release left join chemical using (chemical)
    where name is null
    union all select facility_id, year, chemical from air_emission left join chemical using (chemical)
    where name is null"""
_SAID: Final = """
    select facility_id from facility where reference_2020 = 1
    and facility_id not in
        (select facility_id from value where quantity = 'toxic_air' and year = 2020)
    and facility_id not in (select facility_id from finding where subject = 'tri'
        and rule in ('not_linked', 'not_in_tri', 'nothing_to_air'))"""
_OWN: Final = """
    select facility_id, radius_miles, year, own_share, own_low, own_high from burden
    where not coalesce(0 <= own_low and own_low <= own_share and own_share <= own_high
    and own_high <= 1, own_share is null and own_low is null and own_high is null)
    or not (low <= weighted and weighted <= high)
    or not coalesce(trend_low <= trend and trend <= trend_high, trend is null)
    or not coalesce(unweighted_share between 0 and 1, kilograms = 0)"""
_SHARES: Final = """
    select facility_id, radius_miles, sum(share) as added, max(rank) as last, count(*) as causes
    from burden_cause group by facility_id, radius_miles
    having added > 1 + 1e-6 or last <> causes or causes > 10
    or min(share_low <= share and share <= share_high) = 0"""
# The sum of the widest radius, by each cause's own row of the country's file.
_CAUSES: Final = """
    select c.facility_id, c.radius_miles, c.number, c.share, s.weighted / b.weighted as found
    from burden_cause as c
    left join burden as b using (facility_id, radius_miles, year)
    left join toxic_site_year as s using (number, year)
    where found is null or abs(found - c.share) > 1e-6"""
_AROUND: Final = """
    select facility_id from facility where latitude is not null
    and facility_id in (select facility_id from toxic_site)
    and facility_id not in (select facility_id from burden)"""


def toxic_questions(unresolved: Callable[[str, str, str], str]) -> tuple[Question, ...]:
    """The questions; `unresolved` gives the SQL that lists ids without a row in the table lineage."""
    lookups = (
        ("a chemical", unresolved("chemical", "sources", "chemical")),
        ("a release", unresolved("toxic_release", "sources", "facility_id")),
        ("an inventory's figure", unresolved("air_emission", "sources", "facility_id")),
        ("a process", unresolved("air_process", "sources", "facility_id")),
        ("a stack", unresolved("air_stack", "sources", "facility_id")),
        ("a filing", unresolved("toxic_filing", "sources", "facility_id")),
        ("a cause", unresolved("burden_cause", "sources", "facility_id")),
    )
    return (
        *(Question(f"every source row of {what} can be looked up", sql) for what, sql in lookups),
        Question("every toxic release adds up to the plant's sum by medium", _SUMS),
        Question(
            "every weighed sum is its kilograms times weight and the part that is weighed", _WEIGHED
        ),
        Question("every chemical that was released is in the list of chemicals", _UNKNOWN),
        Question("every plant of 2020 has toxic air or a finding that says why not", _SAID),
        Question("every plant's share of the toxic air around it lies between none and all", _OWN),
        Question("the causes of a place's toxic air make up no more than all of it", _SHARES),
        Question("every cause has the share that its own filing gives", _CAUSES),
        Question("every plant that filed with the toxics inventory has its surroundings", _AROUND),
    )
