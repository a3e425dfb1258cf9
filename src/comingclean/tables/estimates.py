"""The tables of the estimates: ranks, what national totals did, tests, and places on the grid."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import SOURCES, Table, real, text, whole

RANK = Table(
    "rank",
    "Where a plant stands among those that make the same by the same route; 1 is the lowest.",
    (
        text("facility_id", "the plant"),
        whole("year", "calendar year"),
        text("quantity", "a name from the table quantity"),
        text("peers", "the route, and for electric mills the products, that the plants share"),
        whole("n", "number of peers, itself included; plants with one record count once"),
        whole("rank_low", "best rank of its 90 % interval"),
        whole("rank_high", "worst rank of its 90 % interval"),
        real("better", "probability that it is truly below the average of the other peers"),
    ),
    ("facility_id", "year", "quantity"),
)

UNRANKED = Table(
    "unranked",
    "A plant whose figure is compared elsewhere and that is in no ranking, with the reason.",
    (
        text("facility_id", "the plant"),
        whole("year", "calendar year"),
        text("quantity", "a name from the table quantity"),
        text("reason", "the rule that keeps it out, by the name of its finding or of its words"),
    ),
    ("facility_id", "year", "quantity"),
)

ABSENT = Table(
    "absent",
    "An estimate that one would expect of a plant and year, with the rule why it is absent.",
    (
        text("facility_id", "the plant"),
        whole("year", "calendar year"),
        text("quantity", "a name from the table quantity"),
        text("rule", "the rule of the finding that explains it"),
    ),
    ("facility_id", "year", "quantity"),
)

ADJUSTMENT = Table(
    "adjustment",
    "What a national total did to the plants of a product, route and year.",
    (
        text("industry", "the industry"),
        text(
            "product", "what is added up: steel, pig iron, DRI, coke, clinker, cement, aluminum, jobs"
        ),
        text("route", "the group of plants"),
        whole("year", "calendar year"),
        text("unit", "unit of the sums"),
        whole("plants", "number of plants"),
        real("published", "the total that was published, empty where there is none", False),
        real("before", "sum of the plants before"),
        real("after", "sum of the plants after"),
        real("factor", "after over before"),
        whole(
            "verified", "1 when the total was read or quoted, 0 when it was carried or there is none"
        ),
        SOURCES,
    ),
    ("industry", "product", "route", "year"),
)

BACKTEST = Table(
    "backtest",
    "Estimates held against what they were not made with.",
    (
        text("test", "what was known"),
        whole("n", "number of plants or states; years of one are not independent"),
        whole("cases", "number of cases, each year of a plant counted"),
        real("covered", "share of cases inside the 90 % interval, each plant counting once"),
        real("low", "lower end of the 90 % interval of that share"),
        real("high", "upper end of the 90 % interval of that share"),
        real("median_error", "median of the absolute relative error"),
        real("bias", "median of the relative error"),
        text("set_on", "the parameter that was set on these cases, empty where none was", False),
        text("verdict", "not held out, not validated where n is below 20, holds, or fails"),
    ),
    ("test",),
)

GRID = Table(
    "grid",
    "Subregions of the electricity grid that a plant may be on.",
    (
        text("facility_id", "the plant"),
        text("subregion", "eGRID subregion"),
        real("share", "weight of the subregion among the nearest power plants"),
        real("nearest_km", "distance of its nearest power plant", False),
        SOURCES,
    ),
    ("facility_id", "subregion"),
)

ESTIMATES: Final = (RANK, UNRANKED, ABSENT, ADJUSTMENT, BACKTEST, GRID)
