"""Questions about precision and where to monitor next, asked with the others by `comingclean check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from comingclean.questions.question import Question
from comingclean.tables.precision import ABSENT, HOWS, SHARES_SQL, SUBJECTS

_DIGITS: Final = 9


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _same_shares() -> str:
    """Rows in which the table and the printed statement differ."""
    columns = f"""universe, industry, subject, how, plants, round(share_plants, {_DIGITS}),
        round(amount, 3), round(share_amount, {_DIGITS})"""
    asked, held = f"select {columns} from (\n{SHARES_SQL})", f"select {columns} from precision_share"
    return f"select * from ({asked} except {held}) union all select * from ({held} except {asked})"


_MAIN: Final = f"""
    with kinds (subject) as (values {", ".join(f"('{one}')" for one in SUBJECTS)})
    select facility.facility_id, kinds.subject, coalesce(sum(main), 0) as mains
    from facility cross join kinds left join precision
    on precision.facility_id = facility.facility_id and precision.subject = kinds.subject
    group by facility.facility_id, kinds.subject having mains <> 1"""
_PARTS: Final = """
    select facility_id, subject, sum(share) as added from precision where share is not null
    group by facility_id, subject having abs(added - 1) > 1e-9"""
_WHOLE: Final = """
    select facility_id, subject, sum(amount) as added, value from precision
    join value using (facility_id, year) where value.quantity = precision.subject
    and amount is not null group by facility_id, subject
    having abs(added - value) > 1e-6 * abs(value) + 1e-9"""
_VOCABULARY: Final = f"""
    select * from precision where how not in ({_listed(HOWS)})
    or (how in ({_listed(ABSENT)})) <> (share is null) or share not between 0 and 1"""
_RANKS: Final = """
    select kind, rank, count(*) as places from monitor_next group by kind, rank having places > 1
    union all select kind, max(rank), count(*) as places from monitor_next
    group by kind having max(rank) <> places"""
_RANKED: Final = """
    select facility.facility_id, place, monitor_left_out.reason from facility
    left join monitor_next on kind = 'plant' and place = facility.facility_id
    left join monitor_left_out on monitor_left_out.facility_id = facility.facility_id
    where (place is null) = (monitor_left_out.reason is null)"""
_RULES: Final = """
    select kind, place, gap, close from monitor_next
    left join reporting_rule as g on g.rule = gap and g.role = 'gap'
    left join reporting_rule as c on c.rule = close and c.role = 'close'
    left join quantity on quantity = pollutant
    where g.rule is null or c.rule is null or quantity is null"""


def precision_questions(unresolved: Callable[..., str]) -> tuple[Question, ...]:
    """The questions; `unresolved` writes the SQL that lists ids without a row in `lineage`."""
    return (
        Question("every plant and kind of number is known in one main way", _MAIN),
        Question("the ways of knowing a number add up to the whole of it", _PARTS),
        Question("the parts of a figure add up to the figure", _WHOLE),
        Question("how a number is known is one of the closed list", _VOCABULARY),
        Question("the printed statement gives the shares by count and by tonnes", _same_shares()),
        Question(
            "every plant has a finding",
            """select facility_id from facility
            where facility_id not in (select facility_id from finding)""",
        ),
        Question(
            "every source row of how a number is known can be looked up",
            unresolved("precision", "sources"),
        ),
        Question(
            "every source row of where to monitor can be looked up",
            unresolved("monitor_next", "sources", "place"),
        ),
        Question(
            "every source row of what is left out of it can be looked up",
            unresolved("monitor_left_out", "sources"),
        ),
        Question("places to monitor have ranks without a gap", _RANKS),
        Question("every plant is ranked for monitoring, or left out with a reason", _RANKED),
        Question("every gap has its rule and what would close it", _RULES),
        Question(
            "every state of a plant has an agency to ask",
            """select distinct state from facility
            where state not in (select state from agency)""",
        ),
    )
