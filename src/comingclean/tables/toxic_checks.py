"""What toxic figures rest on: totals, the official file, the other program, rows set aside."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import SOURCES, Table, real, text, whole

TOXIC_CONTROL: Final = Table(
    "toxic_control",
    "EPA's national total of a chemical and medium beside ours, from every facility row that was read.",
    (
        whole("year", "reporting year"),
        text("chemical", "a key of the table chemical"),
        text("medium", "air, water or land"),
        real("published", "EPA's total, kg"),
        real("ours", "the same from the rows, kg"),
        real("percent", "difference in per cent of the published, empty where that is 0", False),
        real("tolerance", "per cent that the publisher accepts in its own check"),
        whole("within", "1 when within it"),
        SOURCES,
    ),
    ("year", "chemical", "medium"),
)

TOXIC_AGREEMENT: Final = Table(
    "toxic_agreement",
    "A facility of Illinois in EPA's own file beside the file that the atlas rests on.",
    (
        whole("year", "reporting year"),
        text("tri_id", "the facility"),
        text("medium", "air, water or land"),
        real("official", "EPA's basic data file, kg; empty where it has nothing but zeros", False),
        real("ours", "StEWI's file, kg; empty where it has no row", False),
        whole("within", "1 when they agree within 2 %"),
        SOURCES,
    ),
    ("year", "tri_id", "medium"),
)

PROGRAM_PAIR: Final = Table(
    "program_pair",
    "A release to air of a plant in two federal programs: how far they disagree.",
    (
        text("facility_id", "the plant"),
        whole("year", "reporting year"),
        text("element", "the chemical, or the metal with its compounds"),
        real("tri", "Toxics Release Inventory, kg"),
        real("nei", "National Emissions Inventory, kg"),
        real("reliability", "TRI's score, a mean weighted by kilograms", False),
        real("factor", "the larger over the smaller"),
        whole("same", "1 when they agree within 1 %"),
    ),
    ("facility_id", "year", "element"),
)

REJECT: Final = Table(
    "reject",
    "A row of a source that was set aside, or kept with a word of warning.",
    (
        text("source_id", "source card"),
        whole("year", "year of the file"),
        whole("row", "row in the file"),
        text("record_id", "the program's id of the facility"),
        text("subject", "what it is about, such as the chemical as filed"),
        text("reason", "a word such as unknown_chemical"),
        whole("kept", "1 when the row still counts in the sums"),
        text("sentence_en", "plain words, English"),
        text("sentence_es", "plain words, Spanish"),
    ),
    ("source_id", "year", "row", "reason"),
)

TOXIC_CHECKS: Final = (TOXIC_CONTROL, TOXIC_AGREEMENT, PROGRAM_PAIR, REJECT)
