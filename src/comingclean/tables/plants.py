"""The nouns of who is who: plants, their ids, what is said of them, and what is in doubt."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import SOURCES, Table, real, text, whole

FACILITY = Table(
    "facility",
    "One plant: one GHGRP id or, for a plant that never reported, one record of another inventory.",
    (
        text("facility_id", "our slug, stable for ever"),
        text("site_id", "facilities behind one fence or name share it"),
        text("name", "display name"),
        text("industry", "iron_steel, met_coke, cement or aluminum"),
        text("route", "how it makes its product, as last known; assumed routes say so", False),
        whole("route_as_of", "the year of which the source of the route speaks", False),
        text(
            "status",
            "operating, idle, closed, no process emissions … or disputed; as last known",
            False,
        ),
        whole("status_as_of", "the year of which the source of the status speaks", False),
        text("address", "street address as filed", False),
        text("city", "city or place; empty while a planned plant has none", False),
        text("county", "county as the map names it", False),
        text("county_fips", "five digits, counties of 2023", False),
        text("state", "two letters; empty while a planned plant has none", False),
        real("latitude", "degrees north, WGS84", False),
        real("longitude", "degrees east, WGS84", False),
        text(
            "coordinate_accuracy",
            "what kind of point it is: centre confirmed on satellite images, from an inventory of "
            "plants, as filed, or corrected by hand",
            False,
        ),
        whole("coordinate_as_of", "the year of which the source of the point speaks", False),
        real("coordinate_spread_km", "from the point to the farthest record of the plant, km", False),
        real("filed_latitude", "the point that was filed, corrected where it cannot be right", False),
        real("filed_longitude", "the same, degrees east", False),
        real("filed_km", "from the point to the one that was filed, km", False),
        real("county_distance_km", "distance of the coordinates from the stated county", False),
        text("owner", "who runs it", False),
        whole("owner_as_of", "the year of which the source of the owner speaks", False),
        text("parent", "the company above the owner", False),
        text("parent_as_of", "the year for which the parent is known", False),
        whole("first_year", "first reporting year", False),
        whole("last_year", "last reporting year", False),
        whole("reference_2020", "1 when in the reference universe of 2020"),
        text("reference_certainty", "rule or probable", False),
        text("reason", "why it is in the atlas"),
        SOURCES,
    ),
    ("facility_id",),
)

FACILITY_YEAR = Table(
    "facility_year",
    "How a plant made its product in a year and whether it ran, as far as a source says.",
    (
        text("facility_id", "the plant"),
        whole("year", "calendar or reporting year"),
        text("route", "the route that the statement nearest in time gives; assumed ones say so", False),
        text("status", "what a source says of that very year; empty where none does", False),
        SOURCES,
    ),
    ("facility_id", "year"),
)

IDENTIFIER = Table(
    "identifier",
    "An id that a program gives to a plant, and how the link was made.",
    (
        text("facility_id", "the plant"),
        text("program", "ghgrp, frs, tri, eis, gem, sfi or oris"),
        text("program_id", "the id, as text"),
        text("link_method", "id, id through FRS, distance and name, or by hand"),
        text("confidence", "certain, probable or possible"),
        whole("first_year", "first year that the program has it", False),
        whole("last_year", "last year that the program has it", False),
        whole("until", "last year that the link holds, where the record goes on elsewhere", False),
        text("evidence", "the rows that were compared", False),
        text("reason", "why the link holds, where an id alone does not say", False),
        SOURCES,
    ),
    ("facility_id", "program", "program_id"),
)

ATTRIBUTE = Table(
    "attribute",
    "What a source says of a plant besides its releases: route, status, owner, capacity and more.",
    (
        text("facility_id", "the plant, or the site where a record covers several plants"),
        text("attribute", "name, such as route, status, owner, parent, capacity_steel"),
        text("value", "as text; a number where unit says so"),
        real("low", "lower end of its interval", False),
        real("high", "upper end of its interval", False),
        text("unit", "unit", False),
        whole("first_year", "first year for which it is said", False),
        whole("last_year", "last year for which it is said", False),
        text("source_id", "the source card"),
        text("source_row", "file and row"),
        text("certainty", "stated, inferred, assumed or disputed"),
        text("note", "what to know of it", False),
        whole("row", "row of data/attributes.csv"),
        SOURCES,
    ),
    ("facility_id", "attribute", "row"),
)

CANDIDATE = Table(
    "candidate",
    "A plant that was considered for the atlas and left out, with the reason.",
    (
        text("program", "the inventory that lists it"),
        text("program_id", "its id there"),
        text("name", "name there"),
        text("city", "city", False),
        text("state", "two letters", False),
        text("industry", "the industry it was considered for"),
        text("years", "years in that inventory", False),
        text("reason", "why it is left out"),
    ),
    ("program", "program_id"),
)

LINK_DOUBT = Table(
    "link_doubt",
    "A link or an attribute that the files which were read put in doubt: a person should look.",
    (
        text("facility_id", "the plant"),
        text("program", "the program of the id, or the name of the attribute"),
        text("program_id", "the id, or the row of the attribute"),
        text("doubt", "left, moved, swapped, too far, other state or other words"),
        text("sentence", "what was found, in plain words"),
    ),
    ("facility_id", "program", "program_id", "doubt"),
)

SITE = Table(
    "site",
    "Plants behind one fence or under one name; a plant that stands alone has no row.",
    (
        text("site_id", "the id that facility.site_id names"),
        text("name", "display name"),
        text("shared_records", "records of a program that cover several of the plants", False),
        text("reason", "why the plants are one site, and what each has of its own"),
        SOURCES,
    ),
    ("site_id",),
)

PLANTS: Final = (FACILITY, FACILITY_YEAR, IDENTIFIER, ATTRIBUTE, SITE)
