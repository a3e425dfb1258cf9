"""The nouns of the fenceline: who lives near a plant, what else stands there, who measures."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import BY_METHOD, GRADE, INTERVAL, SOURCES, Table, real, text, whole

COMMUNITY = Table(
    "community",
    "One figure about the people within a radius of a plant, beside county, state and country.",
    (
        text("facility_id", "the plant"),
        real("radius_miles", "distance from the plant's coordinates"),
        text("indicator", "a name from the table indicator"),
        real(
            "value", "mean over the people within the circle; how many they are for population", False
        ),
        real("low", "lower end of its 90 % interval; error says what that holds", False),
        real("high", "upper end of its 90 % interval", False),
        real("county", "the same figure for the county, from the same table in the same way", False),
        real("state", "the same for the state", False),
        real("us", "the same for the fifty states and DC", False),
        real("ratio", "value divided by that of the country", False),
        real(
            "percentile",
            "of 100 people in the country, how many have a lower value around; of those with the same "
            "half are counted; empty where the source is too coarse to rank",
            False,
        ),
        real("known", "share of the people in the circle who have the figure, 0 to 1"),
        text(
            "status",
            "ok, sparse (under 500 people), unknown (too few have the figure) or no one counted (no "
            "area with people reaches into the circle: read the interval)",
        ),
        text("error", "what the interval holds, or why there is none"),
        text("abroad", "countries that the circle reaches, or nearly: their people are not counted"),
    ),
    ("facility_id", "radius_miles", "indicator"),
)

INDICATOR = Table(
    "indicator",
    "What a figure about the people of a place is: unit, source, how sure, words.",
    (
        text("indicator", "name"),
        text("unit", "unit of every value of it"),
        text("level", "block_group or tract: the areas that the source speaks of"),
        text("denominator", "whom the share is of, or who is counted"),
        text("source", "source card"),
        text("column", "its column in the source"),
        BY_METHOD,
        GRADE,
        whole("sort", "order"),
        whole("better", "-1 less is better, 1 more is better, 0 neither"),
        whole("digits", "how many digits the source gives, where it gives few", False),
        text("label_en", "short name, English"),
        text("label_es", "short name, Spanish"),
        text("definition_en", "plain words, English"),
        text("definition_es", "plain words, Spanish"),
        text("limits_en", "what to beware of, English"),
        text("limits_es", "what to beware of, Spanish"),
    ),
    ("indicator",),
)

EQUITY = Table(
    "equity",
    "All plants of a group together: do their neighbours differ from people elsewhere, and how sure?",
    (
        text("plants", "all, an industry or a route: plants of the reference universe of 2020"),
        real("radius_miles", "distance from each plant"),
        text("indicator", "a name from the table indicator"),
        text("compare", "county, state or us: whose mean each neighbour is held against"),
        real("value", "mean over the neighbours, everyone counted once", False),
        real("low", "lower end of its 90 % interval over other plants of the kind", False),
        real("high", "upper end", False),
        real("reference", "the mean that they are held against", False),
        real("difference", "value less reference", False),
        real("difference_low", "lower end of its 90 % interval", False),
        real("difference_high", "upper end", False),
        real("expected", "the difference that random homes show", False),
        real("excess", "difference less expected", False),
        real("excess_low", "lower end of its 90 % interval", False),
        real("excess_high", "upper end", False),
        real(
            "p", "how often random homes are at least as far from expected; at most, see method", False
        ),
        real("overlap", "of 100 random homes, how many have circles that meet the plants' own", False),
        whole("n_plants", "plants in the group"),
        whole("n_clusters", "groups of plants whose circles meet"),
        real("n_effective", "as many clusters of one size would say as much"),
        real("people", "neighbours, counted once"),
        real("people_low", "at least"),
        real("people_high", "at most"),
        BY_METHOD,
    ),
    ("plants", "radius_miles", "indicator", "compare"),
)

MONITOR = Table(
    "monitor",
    "An open air-monitoring site; what it measures is not in the file.",
    (
        text("site", "the site's number in EPA's Air Quality System"),
        text("name", "its name there", False),
        text("city", "city as filed", False),
        text("state", "state as filed", False),
        real("latitude", "degrees north as filed"),
        real("longitude", "degrees east as filed"),
        text("established", "when it was set up", False),
        whole("row", "row of the file aqs_sites"),
    ),
    ("site",),
)

NEAREST_MONITOR = Table(
    "nearest_monitor",
    "The open air-monitoring site that is nearest to a plant; what it measures is not in the file.",
    (
        text("facility_id", "the plant"),
        text("site", "the site's number in EPA's Air Quality System"),
        real("kilometres", "geodesic distance"),
        real("bearing", "degrees from north, clockwise, from the plant to the site"),
        text("direction", "N, NE, E, SE, S, SW, W or NW"),
        SOURCES,
    ),
    ("facility_id",),
)

EMITTER = Table(
    "emitter",
    "A facility of any industry that reported greenhouse gases and is no plant of the atlas.",
    (
        text("ghgrp_id", "its id in the program"),
        text("name", "name in its newest filing"),
        text("city", "city", False),
        text("state", "two letters"),
        real("latitude", "degrees north as filed", False),
        real("longitude", "degrees east as filed", False),
        text("sectors", "industry types as filed", False),
        text("naics", "primary industry code as filed", False),
        whole("first_year", "first reporting year"),
        whole("last_year", "newest reporting year"),
    ),
    ("ghgrp_id",),
)

EMITTER_YEAR = Table(
    "emitter_year",
    "What such a facility reported for a year: all direct emissions, as filed.",
    (
        text("ghgrp_id", "the facility"),
        whole("year", "reporting year"),
        real("value", "total reported direct emissions"),
        *INTERVAL,
        text("unit", "t CO2e"),
        BY_METHOD,
        GRADE,
        whole("row", "row in that year's workbook of the program"),
    ),
    ("ghgrp_id", "year"),
)

FENCELINE: Final = (COMMUNITY, INDICATOR, EQUITY, MONITOR, NEAREST_MONITOR, EMITTER, EMITTER_YEAR)
