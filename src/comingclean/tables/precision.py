"""The nouns of precision: how each number is known, where to monitor next, and whom to ask."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import SOURCES, Table, real, text, whole

# How a number is known, the surest first, with the letter that stands for it in a grid. The last three
# say why there is none.
HOWS: Final = {
    "monitored": "M",
    "counted": "C",
    "plant_factor": "P",
    "own_measurement": "O",
    "mass_balance": "B",
    "published_factor": "F",
    "several": "S",
    "estimated": "E",
    "judgement": "J",
    "not_public": "?",
    "nothing_filed": "·",
    "not_in_hand": "×",
    "not_reported": "–",
}
# What is said of plants that make nothing, as last known.
STOPPED: Final = ("closed", "idle", "no process emissions")
ABSENT: Final = ("nothing_filed", "not_in_hand", "not_reported")
# The kinds of number that are looked at for every plant: quantities, and two that are none.
SUBJECTS: Final = (
    "ghg_subpart_c",
    "ghg_subpart_process",
    "toxic_air",
    "toxicity_weighted_air",
    "toxic_water",
    "toxic_land",
    "pm25",
    "pm10",
    "so2",
    "nox",
    "voc",
    "co",
    "nh3",
    "lead",
    "production",
    "ghg_scope2",
    "employment",
    "population",
    "coordinates",
)
PLACES: Final = ("plant", "cluster", "county")

_FACILITY: Final = text("facility_id", "the plant")
_SUBJECT: Final = text(
    "subject", "a quantity, population (people within three miles) or coordinates: a kind of number"
)
_HOW: Final = text("how", "how it is known: one of a closed list, see docs/precision.md")
PRECISION: Final = Table(
    "precision",
    "How a kind of number of a plant is known; several rows where parts of it are known differently.",
    (
        _FACILITY,
        _SUBJECT,
        _HOW,
        whole("main", "1 for the way that most of the number is known; one row a plant and subject"),
        real("share", "part of the number that is known so, by its mass, 0 to 1", False),
        real("amount", "that part of the plant's newest figure", False),
        text("unit", "unit of amount", False),
        whole("year", "year of the newest figure, empty where there is none", False),
        whole("method_year", "year whose files say how it is known, where it has one", False),
        text("grade", "A measured to E assumed, of the newest figure", False),
        text("scope", "plant, or site where the record covers several plants"),
        SOURCES,
    ),
    ("facility_id", "subject", "how"),
)

PRECISION_SHARE: Final = Table(
    "precision_share",
    "How each kind of number is known, by industry: by count of plants and by tonnes.",
    (
        text("universe", "2020: plants of the reference universe; all: every plant"),
        text("industry", "iron_steel, met_coke, cement or aluminum; all for the four together"),
        _SUBJECT,
        _HOW,
        whole("plants", "plants of whose number most is known so"),
        real("share_plants", "their part of the plants, 0 to 1"),
        real("amount", "what is known so, newest figure of each plant, in the subject's unit"),
        real("share_amount", "its part of the sum, 0 to 1; empty where nothing adds up", False),
    ),
    ("universe", "industry", "subject", "how"),
)

MONITOR_NEXT: Final = Table(
    "monitor_next",
    "Where a monitor would teach most: plants, clusters and counties, by an explained score.",
    (
        text(
            "kind", "plant; cluster: a plant with all whose three-mile circles meet in a chain; county"
        ),
        text("place", "facility_id, name of the cluster, or county FIPS"),
        text("name", "name"),
        text("states", "two letters, several with a comma"),
        text("facilities", "ids of its plants, as a JSON array"),
        whole("rank", "1 is the first, among places of the kind"),
        real("score", "weighted geometric mean of the four parts, 0 to 1"),
        real("amount", "how much and how toxic: mean of ranks among places of the kind, 0 to 1"),
        real("near", "how many live near: rank among places of the kind, 0 to 1"),
        real("weakness", "how weak the method is, 0.1 monitored to 1 judged; unknown has no say"),
        real("distance", "how far the monitor is: rank among places of the kind, 0 to 1"),
        real("people", "people within three miles of any of its plants, each counted once"),
        real("monitor_km", "from its plants to the nearest open air-monitoring site"),
        text("pollutant", "the quantity that adds most to amount times weakness"),
        text("chemical", "for toxic air, the chemical that weighs most", False),
        text("unknown", "watched pollutants without a figure at its plants, without a say, JSON array"),
        text("how", "how most of that pollutant is known now"),
        text("gap", "the rule of reporting that left the gap: a name in the table reporting_rule"),
        text("close", "what would close it: a name in the table reporting_rule"),
        real("stays_in_top20", "of draws with random weights, the part that leaves it in the first 20"),
        whole("rank_low", "best rank in nine of ten draws"),
        whole("rank_high", "worst rank in nine of ten draws"),
        SOURCES,
    ),
    ("kind", "place"),
)

MONITOR_LEFT_OUT: Final = Table(
    "monitor_left_out",
    "A plant that is not ranked for where to monitor next, and why.",
    (
        _FACILITY,
        text("reason", "planned, closed, idle, no_process, stopped, small, no_filing or no_place"),
        whole("year", "its newest report of greenhouse gases, else toxics filing", False),
        real("part", "its newest greenhouse gases as part of its own median year", False),
        SOURCES,
    ),
    ("facility_id",),
)

REPORTING_RULE: Final = Table(
    "reporting_rule",
    "A rule that leaves a gap in the public record, or a measure that would close one.",
    (
        text("rule", "name"),
        text("role", "gap or close"),
        text("text_en", "plain words, English"),
        text("text_es", "plain words, Spanish"),
        text("citation", "where it stands"),
        text("url", "address of the official text", False),
        text("seen", "read, quoted or judgement"),
        text("note", "what was seen of it, where that was not the official text itself", False),
    ),
    ("rule",),
)

AGENCY: Final = Table(
    "agency",
    "Whom to ask about a plant: the agency of its state, and EPA's regional office.",
    (
        text("state", "two letters"),
        text("state_name", "name of the state"),
        text("name", "the agency that issues air permits, or to which those that do belong"),
        text("url", "its home page"),
        whole("region", "EPA region, 1 to 10"),
        text("region_url", "home page of the region"),
        text("seen", "read, quoted (another list names it so) or judgement"),
        text("note", "what to know of it", False),
    ),
    ("state",),
)

# The one statement behind precision_share: anyone may run it on the database.
SHARES_SQL: Final = """\
with scope as (
    select '2020' as universe, industry, facility_id from facility where reference_2020 = 1
    union all select 'all', industry, facility_id from facility),
wide as (
    select universe, industry, facility_id from scope
    union all select universe, 'all', facility_id from scope)
select universe, industry, subject, how,
    sum(main) as plants,
    1.0 * sum(main) / sum(sum(main)) over kind as share_plants,
    total(amount) as amount,
    case when industry <> 'all' or subject <> 'production' -- steel and cement do not add up
        then total(amount) / nullif(sum(total(amount)) over kind, 0) end as share_amount
from wide join precision using (facility_id)
group by universe, industry, subject, how
window kind as (partition by universe, industry, subject)
order by universe, industry, subject, how
"""

PRECISE: Final = (
    PRECISION,
    PRECISION_SHARE,
    MONITOR_NEXT,
    MONITOR_LEFT_OUT,
    REPORTING_RULE,
    AGENCY,
)
