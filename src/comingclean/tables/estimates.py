"""The tables of the estimates: ranks, what national totals did, tests, and places on the grid."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import Table
from comingclean.tables.columns import real as _real
from comingclean.tables.columns import text as _text
from comingclean.tables.columns import whole as _whole

RANK = Table(
    "rank",
    "Where a plant stands among those that make the same by the same route; 1 is the lowest.",
    (
        _text("facility_id", "the plant"),
        _whole("year", "calendar year"),
        _text("quantity", "a name from the table quantity"),
        _text("peers", "the route, and for electric mills the products, that the plants share"),
        _whole("n", "number of peers, itself included; plants with one record count once"),
        _whole("rank_low", "best rank of its 90 % interval"),
        _whole("rank_high", "worst rank of its 90 % interval"),
        _real("better", "probability that it is truly below the average of the other peers"),
    ),
    ("facility_id", "year", "quantity"),
)

UNRANKED = Table(
    "unranked",
    "A plant whose figure is compared elsewhere and that is in no ranking, with the reason.",
    (
        _text("facility_id", "the plant"),
        _whole("year", "calendar year"),
        _text("quantity", "a name from the table quantity"),
        _text("reason", "the rule that keeps it out, by the name of its finding or of its words"),
    ),
    ("facility_id", "year", "quantity"),
)

ABSENT = Table(
    "absent",
    "An estimate that one would expect of a plant and year, with the rule why it is absent.",
    (
        _text("facility_id", "the plant"),
        _whole("year", "calendar year"),
        _text("quantity", "a name from the table quantity"),
        _text("rule", "the rule of the finding that explains it"),
    ),
    ("facility_id", "year", "quantity"),
)

ADJUSTMENT = Table(
    "adjustment",
    "What a national total did to the plants of a product, route and year.",
    (
        _text("industry", "the industry"),
        _text(
            "product", "what is added up: steel, pig iron, DRI, coke, clinker, cement, aluminum, jobs"
        ),
        _text("route", "the group of plants"),
        _whole("year", "calendar year"),
        _text("unit", "unit of the sums"),
        _whole("plants", "number of plants"),
        _real("published", "the total that was published, empty where there is none", False),
        _real("before", "sum of the plants before"),
        _real("after", "sum of the plants after"),
        _real("factor", "after over before"),
        _whole(
            "verified", "1 when the total was read or quoted, 0 when it was carried or there is none"
        ),
        _text("sources", "JSON array of ids in the table lineage"),
    ),
    ("industry", "product", "route", "year"),
)

BACKTEST = Table(
    "backtest",
    "Estimates held against what they were not made with.",
    (
        _text("test", "what was known"),
        _whole("n", "number of plants or states; years of one are not independent"),
        _whole("cases", "number of cases, each year of a plant counted"),
        _real("covered", "share of cases inside the 90 % interval, each plant counting once"),
        _real("low", "lower end of the 90 % interval of that share"),
        _real("high", "upper end of the 90 % interval of that share"),
        _real("median_error", "median of the absolute relative error"),
        _real("bias", "median of the relative error"),
        _text("set_on", "the parameter that was set on these cases, empty where none was", False),
        _text("verdict", "not held out, not validated where n is below 20, holds, or fails"),
    ),
    ("test",),
)

GRID = Table(
    "grid",
    "Subregions of the electricity grid that a plant may be on.",
    (
        _text("facility_id", "the plant"),
        _text("subregion", "eGRID subregion"),
        _real("share", "weight of the subregion among the nearest power plants"),
        _real("nearest_km", "distance of its nearest power plant", False),
        _text("sources", "JSON array of ids in the table lineage"),
    ),
    ("facility_id", "subregion"),
)

ESTIMATES: Final = (RANK, UNRANKED, ABSENT, ADJUSTMENT, BACKTEST, GRID)
