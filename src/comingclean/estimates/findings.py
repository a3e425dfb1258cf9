"""What the public record does not say of a plant, as rows in plain words.

Every rule is a small function from frames to rows of the table `finding`; words are in
data/findings.toml, so that a sentence can be mended without touching a rule.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from comingclean.model import FINDING, PROCESS_SUBPART

Words = Mapping[str, Mapping[str, str]]
Row = dict[str, Any]
_PLANNED: Final = ("announced", "construction")
# What each program is, for a reader who never heard of it.
PROGRAM_NAMES: Final[dict[str, dict[str, str]]] = {
    "frs": {"en": "EPA’s registry of facilities", "es": "el registro de instalaciones de la EPA"},
    "tri": {"en": "the Toxics Release Inventory", "es": "el Inventario de Emisiones Tóxicas"},
    "eis": {"en": "the National Emissions Inventory", "es": "el Inventario Nacional de Emisiones"},
    "gem": {"en": "Global Energy Monitor’s lists", "es": "las listas de Global Energy Monitor"},
    "sfi": {
        "en": "the cement database of the Spatial Finance Initiative",
        "es": "la base de cemento de la Spatial Finance Initiative",
    },
    "oris": {
        "en": "the federal lists of power plants",
        "es": "las listas federales de centrales eléctricas",
    },
}


@dataclass(frozen=True)
class Record:
    """What the rules look at.

    `plants`: the registry with places. `values`: value rows. `filings`: corrected GHGRP filings
    with facility_id. `missing`: why a plant has no record in a program, or none with figures; `linked`:
    its ids in every program.
    `years`: the reporting years that were read.
    """

    plants: pl.DataFrame
    values: pl.DataFrame
    filings: pl.DataFrame
    missing: pl.DataFrame
    linked: pl.DataFrame
    years: tuple[int, ...]


def findings(record: Record, words: Words) -> pl.DataFrame:
    """Rows of the table `finding`, every rule applied to every plant."""
    return worded([row for rule in RULES for row in rule(record)], words)


def worded(rows: Iterable[Row], words: Words) -> pl.DataFrame:
    """Findings with their words: `rows` have facility_id, subject, rule, evidence (ids) and facts.

    A fact that is written otherwise in each language is given by language: {"en": …, "es": …}.
    """
    return pl.DataFrame([_say(row, words[row["rule"]]) for row in rows], schema=FINDING.schema)


def _say(row: Row, words: Mapping[str, str]) -> Row:
    facts = row.pop("facts", {})
    return row | {
        "severity": words["severity"],
        "about": words.get("about", "plant"),
        "sentence_en": words["en"].format(**_in(facts, "en")),
        "sentence_es": words["es"].format(**_in(facts, "es")),
        "evidence": json.dumps(row["evidence"]),
    }


def _in(facts: Mapping[str, object], lang: str) -> dict[str, object]:
    """Facts as a language writes them."""
    return {name: fact[lang] if isinstance(fact, dict) else fact for name, fact in facts.items()}


def finding(plant: str, subject: str, rule: str, evidence: list[str], **facts: object) -> Row:
    """A finding without its words; without evidence it rests on the plant's row of the registry."""
    return {
        "facility_id": plant,
        "subject": subject,
        "rule": rule,
        "evidence": evidence or [f"facilities/{plant}"],
        "facts": facts,
    }


def never_reported(record: Record) -> Iterable[Row]:
    """In the atlas, and never in the greenhouse gas program."""
    planned = pl.col("status").is_in(_PLANNED).fill_null(False)
    for plant in record.plants.filter((pl.col("program") != "ghgrp") & ~planned)["facility_id"]:
        yield finding(plant, "ghg_reported", "never_reported", [])


def not_yet_built(record: Record) -> Iterable[Row]:
    """Announced or under construction."""
    for plant in record.plants.filter(pl.col("status").is_in(_PLANNED))["facility_id"]:
        yield finding(plant, "ghg_reported", "not_yet_built", [])


def not_linked(record: Record) -> Iterable[Row]:
    """No record of it could be found in a program, or none with figures for its id; and why."""
    rows = record.missing.join(record.plants, on="facility_id", how="semi")
    known = set(record.linked.select("facility_id", "program").iter_rows())
    columns = ("facility_id", "program", "reason", "reason_es")
    for plant, program, reason, spanish in rows.select(columns).iter_rows():
        rule = "id_without_figures" if (plant, program) in known else "not_linked"
        ids = [f"links_missing/{plant}/{program}"]
        facts = {"program": PROGRAM_NAMES[program], "reason": {"en": reason, "es": spanish or reason}}
        yield finding(plant, program, rule, ids, **facts)


def no_power_plant(record: Record) -> Iterable[Row]:
    """The lists of power plants have none of it, and none near that might be its own."""
    settled = [frame.filter(program="oris")["facility_id"] for frame in (record.linked, record.missing)]
    placed = record.plants.filter(pl.col("latitude").is_not_null())
    others = placed.filter(~pl.col("facility_id").is_in(pl.concat(settled).implode()))
    for plant in others["facility_id"]:
        yield finding(plant, "oris", "no_power_plant", [])


def gap_in_years(record: Record) -> Iterable[Row]:
    """Years without a filing between the first and the last one."""
    for plant, filed, rows in _filed_years(record):
        missing = [year for year in record.years if filed[0] < year < filed[-1] and year not in filed]
        if missing:
            yield finding(plant, "ghg_reported", "gap_in_years", rows, years=years_in_words(missing))


def stopped_reporting(record: Record) -> Iterable[Row]:
    """No filing in the newest year."""
    for plant, filed, rows in _filed_years(record):
        if filed[-1] < record.years[-1]:
            facts = {"last": filed[-1], "newest": record.years[-1]}
            yield finding(plant, "ghg_reported", "stopped_reporting", rows[-1:], **facts)


def _filed_years(record: Record) -> Iterable[tuple[str, list[int], list[str]]]:
    groups = record.filings.sort("year").group_by("facility_id", maintain_order=True)
    for (plant,), rows in groups:
        yield str(plant), rows["year"].to_list(), rows["lineage_id"].to_list()


def process_not_filed(record: Record) -> Iterable[Row]:
    """A year with combustion and nothing under the process of its industry."""
    parts = record.values.filter(pl.col("quantity").is_in(["ghg_subpart_c", "ghg_subpart_process"]))
    lone = parts.group_by("facility_id", "year").agg(
        pl.col("quantity").eq("ghg_subpart_process").any().alias("process"),
        pl.col("sources").explode(),
    )
    industry = record.plants.select("facility_id", "industry")
    for (plant,), rows in (
        lone.filter(~pl.col("process")).join(industry, on="facility_id", validate="m:1").sort("year")
    ).group_by("facility_id", maintain_order=True):
        ids = sorted({i for row in rows["sources"] for i in row if i.startswith("epa_ghgrp/")})
        letter = PROCESS_SUBPART[rows["industry"][0]].upper()
        facts = {"years": years_in_words(rows["year"].to_list()), "subpart": letter}
        yield finding(str(plant), "ghg_subpart_process", "process_not_filed", ids, **facts)


def combustion_method_not_public(record: Record) -> Iterable[Row]:
    """The calculation tier of its combustion is public for no year."""
    yield from _by_method(record, "ghg_combustion_unknown", "combustion_method_not_public", all_=True)


def process_method_not_public(record: Record) -> Iterable[Row]:
    """Whether a monitor stands behind its process figure is not public for some years."""
    yield from _by_method(record, "ghg_process_unknown", "process_method_not_public", all_=False)


def _by_method(record: Record, method: str, rule: str, *, all_: bool) -> Iterable[Row]:
    quantity = "ghg_subpart_c" if "combustion" in method else "ghg_subpart_process"
    rows = record.values.filter(pl.col("quantity") == quantity).sort("year")
    for (plant,), group in rows.group_by("facility_id", maintain_order=True):
        hit = group.filter(pl.col("method") == method)
        if hit.height and (not all_ or hit.height == group.height):
            ids = sorted({i for row in hit["sources"] for i in row if "#" in i})
            years = years_in_words(hit["year"].to_list())
            yield finding(str(plant), quantity, rule, ids, years=years)


def corrected_by_hand(record: Record) -> Iterable[Row]:
    """Its place or county is not the one that was filed."""
    for plant, sources in record.plants.select("facility_id", "sources").iter_rows():
        ids = [name for name in json.loads(sources) if name.startswith("corrections/")]
        if ids:
            fields = ", ".join(name.rsplit("/", 1)[1] for name in ids)
            yield finding(plant, "coordinates", "corrected_by_hand", ids, fields=fields)


def probable_member(record: Record) -> Iterable[Row]:
    """Counted in the universe of 2020 by judgement."""
    plants = record.plants.filter(pl.col("reference_certainty") == "probable")
    for plant in plants["facility_id"]:
        yield finding(plant, "reference_2020", "probable_member", [])


RULES: Final[tuple[Callable[[Record], Iterable[Row]], ...]] = (
    never_reported,
    gap_in_years,
    stopped_reporting,
    process_not_filed,
    combustion_method_not_public,
    process_method_not_public,
    corrected_by_hand,
    probable_member,
    not_yet_built,
    not_linked,
    no_power_plant,
)


def years_in_words(years: list[int]) -> str:
    """Years as people write them: 2011, 2013 to 2015."""
    spans: list[list[int]] = []
    for year in years:
        if spans and year == spans[-1][-1] + 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return ", ".join(f"{s[0]}" if len(s) == 1 else f"{s[0]}–{s[-1]}" for s in spans)
