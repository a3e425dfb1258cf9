"""The nouns of the project: its tables, its grades, its vocabulary.

A value never travels alone: it carries its interval, unit, kind, method, grade and the ids of the
source rows it rests on. Every table of the database is declared here once; the builder, the checks,
the exports and the data dictionary (docs/data-dictionary.md) all read this declaration.
"""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import Table, conform
from comingclean.tables.columns import real as _real
from comingclean.tables.columns import text as _text
from comingclean.tables.columns import whole as _whole
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
        _text("facility_id", "the plant"),
        _whole("year", "calendar or reporting year"),
        _text("quantity", "a name from the table quantity"),
        _real("value", "central figure"),
        _real("low", "lower end of the 90 % interval"),
        _real("high", "upper end of the 90 % interval"),
        _text("unit", "unit of value, low and high"),
        _text("kind", "reported, calculated, estimated or modelled"),
        _text("method", "a name from the table method"),
        _text("grade", "A measured to E assumed"),
        _text("sources", "JSON array of ids in the table lineage"),
    ),
    ("facility_id", "year", "quantity"),
)

RESTATEMENT = Table(
    "restatement",
    "A figure that a later release of the same program changed.",
    (
        _text("facility_id", "the plant"),
        _whole("year", "reporting year"),
        _text("quantity", "a name from the table quantity"),
        _text("release", "date of the older release"),
        _real("value", "figure in the older release", False),
        _text("newer_release", "date of the newer release"),
        _real("newer_value", "figure in the newer release", False),
        _text("unit", "unit of both"),
        _real("percent", "change in per cent of the older figure", False),
        _text("sources", "JSON array of ids in the table lineage"),
    ),
    ("facility_id", "year", "quantity", "release"),
)

QUANTITY = Table(
    "quantity",
    "What a number is: its unit, its words, which way is better.",
    (
        _text("quantity", "name"),
        _text("unit", "unit of every value of it"),
        _text("topic", "the group that it is shown in"),
        _whole("sort", "order within all quantities"),
        _whole("better", "-1 less is better, 1 more is better, 0 neither"),
        _whole("mappable", "1 when it makes sense to rank plants by it"),
        _text("part", "gas, subpart, boundary or none: what adds up to what"),
        _text("label_en", "short name, English"),
        _text("label_es", "short name, Spanish"),
        _text("definition_en", "plain words, English"),
        _text("definition_es", "plain words, Spanish"),
    ),
    ("quantity",),
)

METHOD = Table(
    "method",
    "How a number was made, and what its interval rests on.",
    (
        _text("method", "name"),
        _text("title_en", "short title, English"),
        _text("title_es", "short title, Spanish"),
        _text("text_en", "plain words, English"),
        _text("text_es", "plain words, Spanish"),
        _text("formula", "the arithmetic"),
        _text("citation", "what it rests on"),
        _text("limits", "what it cannot say"),
    ),
    ("method",),
)

SOURCE = Table(
    "source",
    "A source card: one published data set, or one table decided by hand.",
    (
        _text("source_id", "name, the same everywhere"),
        _text("title", "title"),
        _text("publisher", "who publishes it"),
        _text("official_page", "where it is published", False),
        _text("download", "address of the file, where known", False),
        _text("licence", "terms"),
        _text("vintage", "which release is in hand"),
        _text("citation", "how to cite it"),
        _text("known_problems", "what to beware of", False),
    ),
    ("source_id",),
)

LINEAGE = Table(
    "lineage",
    "A row of a source: where a number can be looked up.",
    (
        _text("lineage_id", "id used in value.sources"),
        _text("source_id", "the source card"),
        _text("file", "file name as the publisher gives it"),
        _text("sheet", "sheet, for a workbook", False),
        _whole("row", "row as a spreadsheet counts, header included"),
        _text("vintage", "as of when the file speaks"),
        _text("sha256", "checksum of the file", False),
    ),
    ("lineage_id",),
)

FINDING = Table(
    "finding",
    "What the public record does not say, or what was put right.",
    (
        _text("facility_id", "the plant"),
        _text("subject", "a quantity or a program"),
        _text("rule", "a name from the list of rules"),
        _text("severity", "note, gap or warning"),
        _text("about", "plant: what the record says of it; files: how far the files in hand reach"),
        _text("sentence_en", "plain words, English"),
        _text("sentence_es", "plain words, Spanish"),
        _text("evidence", "JSON array of ids in the table lineage"),
    ),
    ("facility_id", "subject", "rule"),
)

PARAMETER = Table(
    "parameter",
    "A factor with its range and citation; no number of this kind stands in code.",
    (
        _text("parameter", "name"),
        _real("value", "value used"),
        _real("low", "lower end of its range", False),
        _real("high", "upper end of its range", False),
        _text("unit", "unit"),
        _text("period", "for which years", False),
        _text("citation", "source"),
        _text("where_in_source", "page, table or section", False),
        _text("url", "address", False),
        _text("seen", "read, quoted, derived (our arithmetic, recomputed by a test) or judgement"),
        _text("note", "how the value follows from the source"),
    ),
    ("parameter",),
)

CONTROL_TOTAL = Table(
    "control_total",
    "A national total of the publisher beside ours from the same program's facility rows.",
    (
        _text("source_id", "source card of the published total"),
        _whole("year", "reporting year"),
        _text("subpart", "subpart letter"),
        _real("published", "the publisher's national total"),
        _real("ours", "sum over all facility rows that were read"),
        _text("unit", "unit of both"),
        _real("tolerance", "largest relative difference accepted"),
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
