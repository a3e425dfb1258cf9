"""The nouns of the project: its tables, its grades, its vocabulary.

A value never travels alone: it carries its interval, unit, kind, method, grade and the ids of the
source rows it rests on. Every table of the database is declared here once; the builder, the checks,
the exports and the data dictionary (docs/data-dictionary.md) all read this declaration.
"""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import (
    BY_METHOD,
    GRADE,
    INTERVAL,
    SOURCES,
    Table,
    conform,
    origins,
    real,
    text,
    whole,
)
from comingclean.tables.companies import COMPANIES
from comingclean.tables.estimates import ESTIMATES
from comingclean.tables.fenceline import FENCELINE
from comingclean.tables.plants import (
    ATTRIBUTE,
    CANDIDATE,
    FACILITY,
    FACILITY_YEAR,
    IDENTIFIER,
    LINK_DOUBT,
    PLANTS,
    SITE,
)
from comingclean.tables.precision import PRECISE
from comingclean.tables.release import RELEASE
from comingclean.tables.toxic import BURDENS, TOXIC

__all__ = [
    "ATTRIBUTE",
    "CANDIDATE",
    "FACILITY",
    "FACILITY_YEAR",
    "IDENTIFIER",
    "LINK_DOUBT",
    "SITE",
    "Table",
    "conform",
]

INDUSTRIES: Final = ("iron_steel", "met_coke", "cement", "aluminum")
PROGRAMS: Final = ("ghgrp", "frs", "tri", "eis", "gem", "sfi", "oris")
KINDS: Final = ("reported", "calculated", "estimated", "modelled")

# The subpart of 40 CFR 98 under which an industry files its own process.
PROCESS_SUBPART: Final = {"iron_steel": "q", "met_coke": "q", "cement": "h", "aluminum": "f"}

# From how a figure was measured, never from how it looks.
GRADES: Final = {
    "A": "measured by a continuous monitor, known for that year",
    "B": "calculated from measurements made at this plant",
    "C": "calculated from metered fuel and a published factor, or estimated from figures read",
    "D": "the method is not public for that year, or estimated from a capacity or from quoted figures",
    "E": "assumed, or estimated from an assumption of ours",
}


VALUE = Table(
    "value",
    "One number about one plant in one year, with all that it needs to be trusted.",
    (
        text("facility_id", "the plant"),
        whole("year", "calendar or reporting year"),
        text("quantity", "a name from the table quantity"),
        real("value", "central figure"),
        *INTERVAL,
        text("unit", "unit of value, low and high"),
        text("kind", "reported, calculated, estimated or modelled"),
        BY_METHOD,
        GRADE,
        SOURCES,
    ),
    ("facility_id", "year", "quantity"),
)

RESTATEMENT = Table(
    "restatement",
    "A figure that a later release of the same program changed.",
    (
        text("facility_id", "the plant"),
        whole("year", "reporting year"),
        text("quantity", "a name from the table quantity"),
        text("release", "date of the older release"),
        real("value", "figure in the older release", False),
        text("newer_release", "date of the newer release"),
        real("newer_value", "figure in the newer release", False),
        text("unit", "unit of both"),
        real("percent", "change in per cent of the older figure", False),
        SOURCES,
    ),
    ("facility_id", "year", "quantity", "release"),
)

QUANTITY = Table(
    "quantity",
    "What a number is: its unit, its words, which way is better.",
    (
        text("quantity", "name"),
        text("unit", "unit of every value of it"),
        text("topic", "the group that it is shown in"),
        whole("sort", "order within all quantities"),
        whole("better", "-1 less is better, 1 more is better, 0 neither"),
        whole("mappable", "1 when it makes sense to rank plants by it"),
        text("part", "gas, subpart, boundary or none: what adds up to what"),
        text("label_en", "short name, English"),
        text("label_es", "short name, Spanish"),
        text("definition_en", "plain words, English"),
        text("definition_es", "plain words, Spanish"),
    ),
    ("quantity",),
)

METHOD = Table(
    "method",
    "How a number was made, and what its interval rests on.",
    (
        text("method", "name"),
        text("title_en", "short title, English"),
        text("title_es", "short title, Spanish"),
        text("text_en", "plain words, English"),
        text("text_es", "plain words, Spanish"),
        text("formula", "the arithmetic"),
        text("citation", "what it rests on"),
        text("limits", "what it cannot say"),
    ),
    ("method",),
)

SOURCE = Table(
    "source",
    "A source card: one published data set, or one table decided by hand.",
    (
        text("source_id", "name, the same everywhere"),
        text("title", "title"),
        text("publisher", "who publishes it"),
        text("official_page", "where it is published", False),
        text("download", "address of the file, where known", False),
        text("licence", "terms"),
        text("vintage", "which release is in hand"),
        text("citation", "how to cite it"),
        text("known_problems", "what to beware of", False),
    ),
    ("source_id",),
)

LINEAGE = Table(
    "lineage",
    "A row of a source: where a number can be looked up.",
    (
        text("lineage_id", "id used in value.sources"),
        text("source_id", "the source card"),
        text("file", "file name as the publisher gives it"),
        text("sheet", "sheet, for a workbook", False),
        whole("row", "row as a spreadsheet counts, header included"),
        text("vintage", "as of when the file speaks"),
        text("sha256", "checksum of the file", False),
    ),
    ("lineage_id",),
)

FINDING = Table(
    "finding",
    "What the public record does not say, or what was put right.",
    (
        text("facility_id", "the plant"),
        text("subject", "a quantity or a program"),
        text("rule", "a name from the list of rules"),
        text("severity", "note, gap or warning"),
        text("about", "plant: what the record says of it; files: how far the files in hand reach"),
        text("sentence_en", "plain words, English"),
        text("sentence_es", "plain words, Spanish"),
        origins("evidence"),
    ),
    ("facility_id", "subject", "rule"),
)

PARAMETER = Table(
    "parameter",
    "A factor with its range and citation; no number of this kind stands in code.",
    (
        text("parameter", "name"),
        real("value", "value used"),
        real("low", "lower end of its range", False),
        real("high", "upper end of its range", False),
        text("unit", "unit"),
        text("period", "for which years", False),
        text("citation", "source"),
        text("where_in_source", "page, table or section", False),
        text("url", "address", False),
        text("seen", "read, quoted, derived (our arithmetic, recomputed by a test) or judgement"),
        text("note", "how the value follows from the source"),
    ),
    ("parameter",),
)

CONTROL_TOTAL = Table(
    "control_total",
    "A national total of the publisher beside ours from the same program's facility rows.",
    (
        text("source_id", "source card of the published total"),
        whole("year", "reporting year"),
        text("subpart", "subpart letter"),
        real("published", "the publisher's national total"),
        real("ours", "sum over all facility rows that were read"),
        text("unit", "unit of both"),
        real("tolerance", "largest relative difference accepted"),
    ),
    ("source_id", "year", "subpart"),
)

TABLES: Final = (
    *PLANTS,
    *COMPANIES,
    VALUE,
    RESTATEMENT,
    LINEAGE,
    SOURCE,
    METHOD,
    QUANTITY,
    PARAMETER,
    FINDING,
    CONTROL_TOTAL,
    CANDIDATE,
    LINK_DOUBT,
    *FENCELINE,
    *ESTIMATES,
    *TOXIC,
    *BURDENS,
    *PRECISE,
    RELEASE,
)
