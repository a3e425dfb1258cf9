"""The nouns of companies: who owns what, and what that releases."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import BY_METHOD, INTERVAL, SOURCES, Table, real, text, whole

OWNERSHIP = Table(
    "ownership",
    "What a source says of who owns a plant, or stands above its owner.",
    (
        text("facility_id", "the plant"),
        text("role", "parent or owner"),
        text("company_id", "the company, whatever its name in the source"),
        text("written", "its name as the source or the registry writes it"),
        real("share", "share of the plant in per cent, empty where the source does not say", False),
        real("low", "lower end of the share", False),
        real("high", "upper end of the share", False),
        whole("first_year", "first year of which the source speaks", False),
        whole("last_year", "last year of which the source speaks", False),
        text("source_id", "the source card; facilities is the registry"),
        text("source_row", "file and row"),
        text("certainty", "stated, inferred, assumed or disputed"),
        text("standing", "decided (registry), current (newest elsewhere, or of 2023 on) or older"),
        whole("counted", "1 when it goes into the company's total"),
        SOURCES,
    ),
    ("facility_id", "role", "company_id", "source_id", "source_row"),
)

COMPANY = Table(
    "company",
    "An owner or parent of plants, under one name.",
    (
        text("company_id", "our slug, stable for ever"),
        text("name", "display name"),
        text("other_names", "other spellings in the sources, as a JSON array"),
        text("basis", "decided, current or older: the best standing of a source that names it"),
        whole("plants", "plants that its total counts"),
        whole("first_as_of", "oldest year of which the counted statements speak", False),
        whole("last_as_of", "newest year of which the counted statements speak", False),
        SOURCES,
    ),
    ("company_id",),
)

COMPANY_VALUE = Table(
    "company_value",
    "One number about the plants that a company's total counts, whoever owned them in that year.",
    (
        text("company_id", "the company"),
        whole("year", "calendar or reporting year"),
        text("quantity", "a name from the table quantity"),
        real("value", "sum over its plants, by share"),
        *INTERVAL,
        text("unit", "unit of value, low and high"),
        text("kind", "reported, calculated, estimated or modelled"),
        BY_METHOD,
        text("grade", "the worst grade of its parts"),
        whole("plants", "plants with a figure for that year"),
        whole("shared", "of these, plants of which a stated share below 100 % is counted"),
        whole("whole", "of these, plants counted whole since no source states the share"),
        SOURCES,
    ),
    ("company_id", "year", "quantity"),
)

COMPANIES: Final = (OWNERSHIP, COMPANY, COMPANY_VALUE)
