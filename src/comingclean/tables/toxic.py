"""The nouns of toxic and criteria pollution: what is released, how much it weighs, and who is near."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import BY_METHOD, GRADE, INTERVAL, SOURCES, Table, real, text, whole
from comingclean.tables.toxic_checks import TOXIC_CHECKS

_TRUST: Final = (BY_METHOD, GRADE)

CHEMICAL: Final = Table(
    "chemical",
    "A chemical or pollutant: flags, benchmarks for breathing, and what a kilogram of it weighs.",
    (
        text("chemical", "CAS number with dashes, or the code of a category or pollutant"),
        text("name", "name"),
        text("name_es", "name in Spanish, where a plant of the atlas files it", False),
        text("cas", "CAS number, empty for a category", False),
        text("element", "the metal that it counts to, by its CAS number", False),
        whole("hap", "1 a hazardous air pollutant, 0 not, empty where no file in hand says", False),
        whole(
            "carcinogen",
            "1 a carcinogen by TRI's list or with a unit risk, 0 not, empty unknown",
            False,
        ),
        whole("metal", "1 a metal or its compounds, 0 not, empty unknown", False),
        whole(
            "pbt", "1 stays in nature and builds up in it, by TRI's list, 0 not, empty unknown", False
        ),
        whole(
            "pfas", "1 a per- or polyfluoroalkyl substance by TRI's list, 0 not, empty unknown", False
        ),
        text("flags_source", "source card of the flags", False),
        text("weighed_as", "the entry of EPA's library whose benchmarks are used", False),
        real("unit_risk", "added risk of cancer per µg/m³ over a lifetime (EPA)", False),
        real("reference", "concentration likely harmless, mg/m³ (EPA)", False),
        real(
            "weight",
            "points of a kilogram, of the part that is weighed; empty without a benchmark",
            False,
        ),
        text("basis", "cancer or noncancer: which benchmark gave the weight", False),
        text(
            "part",
            "parameter of the share that is weighed, where not all is; <part>_<industry> goes first",
            False,
        ),
        real("unit_risk_mn", "as unit_risk, from Minnesota", False),
        real("reference_mn", "as reference, from Minnesota", False),
        real("weight_mn", "as weight, from Minnesota's benchmarks", False),
        text("basis_mn", "as basis, from Minnesota's benchmarks", False),
        text("measured", "what measures it in air: a class of data/chemical_words.csv", False),
        SOURCES,
    ),
    ("chemical",),
)

TOXIC_RELEASE: Final = Table(
    "toxic_release",
    "A release that a plant filed with the Toxics Release Inventory, by chemical and medium.",
    (
        text("facility_id", "the plant"),
        whole("year", "reporting year"),
        text("program_id", "the TRI id that it stands under: a plant may have several"),
        text("chemical", "a key of the table chemical"),
        text("cas", "CAS number, empty for a category", False),
        text(
            "medium",
            "air, water, land; landfill, impoundment, underground; off_site, air_stack and "
            "air_fugitive are parts of others or hold them, and never stand in a sum beside them",
        ),
        real("kilograms", "as filed; a zero is a reported zero"),
        *INTERVAL,
        text("unit", "kg"),
        *_TRUST,
        real(
            "reliability", "1 monitored to 5 not said, a mean where several bases; empty unknown", False
        ),
        SOURCES,
    ),
    ("facility_id", "year", "program_id", "chemical", "medium"),
)

AIR_EMISSION: Final = Table(
    "air_emission",
    "What a plant released to air by the National Emissions Inventory, by pollutant.",
    (
        text("facility_id", "the plant, or the site where a record covers several plants"),
        whole("year", "inventory year"),
        text("chemical", "a key of the table chemical"),
        real("kilograms", "sum of the records of the plant's FRS id"),
        *INTERVAL,
        text("unit", "kg"),
        *_TRUST,
        real("reliability", "1 measured to 5 judgement, a mean where several", False),
        whole("shared", "1 when the record covers several plants of a site"),
        text("records", "ids of the inventory's records, as a JSON array"),
        SOURCES,
    ),
    ("facility_id", "year", "chemical"),
)

AIR_PROCESS: Final = Table(
    "air_process",
    "The same by process, where the inventory's file has it (2017, 81 cement and 25 steel records).",
    (
        text("facility_id", "the plant, or the site where a record covers several plants"),
        whole("year", "inventory year"),
        text("record_id", "the inventory's id of the facility"),
        text("scc", "source classification code"),
        text("process", "the code in words"),
        text("chemical", "a key of the table chemical"),
        real("kilograms", "to air"),
        *INTERVAL,
        text("unit", "kg"),
        *_TRUST,
        real("reliability", "1 measured to 5 judgement, a mean where several", False),
        SOURCES,
    ),
    ("facility_id", "year", "record_id", "scc", "chemical"),
)

AIR_STACK: Final = Table(
    "air_stack",
    "A stack of a plant by the National Emissions Inventory of 2017.",
    (
        text("facility_id", "the plant, or the site where a record covers several plants"),
        text("record_id", "the inventory's id of the facility"),
        text("unit_id", "its id of the unit"),
        text("process_id", "its id of the process"),
        real("height", "metres"),
        real("diameter", "metres", False),
        real("temperature", "kelvin", False),
        real("flow", "cubic metres a second", False),
        real("velocity", "metres a second", False),
        SOURCES,
    ),
    ("facility_id", "record_id", "unit_id", "process_id"),
)

TOXIC_SITE: Final = Table(
    "toxic_site",
    "Any facility of the country that released a toxic chemical to air, where it stands.",
    (
        whole("number", "number of ours, of this release only"),
        text("tri_id", "its id in the Toxics Release Inventory"),
        text("name", "name"),
        text("city", "city", False),
        text("state", "two letters", False),
        text("naics", "industry", False),
        real("latitude", "degrees north, as filed", False),
        real("longitude", "degrees east, as filed", False),
        text("facility_id", "the plant of the atlas that it is", False),
        SOURCES,
    ),
    ("number",),
)

TOXIC_SITE_YEAR: Final = Table(
    "toxic_site_year",
    "What such a facility released to air in a year: kilograms, and kilograms weighed by toxicity.",
    (
        whole("number", "the facility in toxic_site"),
        whole("year", "reporting year; a year without a row is missing, not zero"),
        real("kilograms", "all chemicals, to four digits a chemical"),
        real("unweighted", "kilograms that have no benchmark by EPA"),
        real("weighted", "sum of kilograms times weight, EPA's benchmarks"),
        *INTERVAL,
        real("weighted_mn", "the same with Minnesota's benchmarks"),
        text("main_chemical", "the chemical that makes up most of weighted, empty without one", False),
        real("main_share", "its share of weighted, 0 to 1", False),
        whole("row", "first row of the facility in the file of that year"),
    ),
    ("number", "year"),
)

TOXIC_FILING: Final = Table(
    "toxic_filing",
    "A year for which a plant filed with the Toxics Release Inventory, with or without air.",
    (
        text("facility_id", "the plant"),
        whole("year", "reporting year"),
        text("program_id", "the TRI id"),
        whole("air", "1 when a release to air above zero stands in the file, 0 when none does"),
        SOURCES,
    ),
    ("facility_id", "year", "program_id"),
)

BURDEN: Final = Table(
    "burden",
    "All toxic air around a plant by radius and year, and the part of it that is the plant's own.",
    (
        text("facility_id", "the plant"),
        real("radius_miles", "on the ground, to the coordinates that a facility filed"),
        whole("year", "reporting year; a year without a row is missing, not zero"),
        whole("facilities", "facilities of the country's file within the radius, and the plant's own"),
        real("kilograms", "all their toxic releases to air"),
        real("unweighted_share", "part of the kilograms that has no EPA benchmark, 0 to 1", False),
        real("weighted", "sum of kilograms times weight, EPA's benchmarks; not risk, not exposure"),
        *INTERVAL,
        real("weighted_mn", "the same with Minnesota's benchmarks"),
        real(
            "own_share",
            "part of weighted that the plant's own filing causes, 0 to 1; empty where it did not file",
            False,
        ),
        real("own_low", "lower end of the 90 % interval of own_share", False),
        real("own_high", "upper end of the 90 % interval of own_share", False),
        real("trend", "per cent a year of weighted over all years, in the newest row", False),
        real("trend_low", "lower end of the 90 % interval of trend", False),
        real("trend_high", "upper end of the 90 % interval of trend", False),
        *_TRUST,
    ),
    ("facility_id", "radius_miles", "year"),
)

BURDEN_CAUSE: Final = Table(
    "burden_cause",
    "The facilities that cause most of the weighed toxic air around a plant, in the newest year.",
    (
        text("facility_id", "the plant"),
        real("radius_miles", "as in burden"),
        whole("year", "the newest reporting year of the country's file"),
        whole("rank", "1 causes most; at most ten are kept"),
        whole("number", "the facility in toxic_site"),
        text("name", "its name"),
        real("miles", "how far its filed coordinates lie from the plant's"),
        real("share", "part of burden.weighted, 0 to 1"),
        real("share_low", "lower end of the 90 % interval"),
        real("share_high", "upper end of the 90 % interval"),
        text("main_chemical", "the chemical that weighs most in it, a key of the table chemical"),
        SOURCES,
    ),
    ("facility_id", "radius_miles", "rank"),
)

TOXIC: Final = (
    TOXIC_FILING,
    CHEMICAL,
    TOXIC_RELEASE,
    AIR_EMISSION,
    AIR_PROCESS,
    AIR_STACK,
    TOXIC_SITE,
    TOXIC_SITE_YEAR,
    *TOXIC_CHECKS,
)
# Made of the above, for each plant.
BURDENS: Final = (BURDEN, BURDEN_CAUSE)
