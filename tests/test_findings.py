"""Findings: what the public record does not say, in plain words in both languages."""

import json
import tomllib
from collections import Counter
from string import Formatter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean import paths
from comingclean.estimates import findings
from comingclean.estimates.findings import Record
from sliced import GARY, ROOT, say, table

WORDS = tomllib.loads((ROOT / "data/findings.toml").read_text("utf-8"))
PLANTS = {
    "facility_id": pl.String,
    "program": pl.String,
    "industry": pl.String,
    "sources": pl.String,
    "reference_certainty": pl.String,
    "status": pl.String,
    "latitude": pl.Float64,
}
MISSING = dict.fromkeys(("facility_id", "program", "reason", "reason_es"), pl.String)
LINKED = dict.fromkeys(("facility_id", "program"), pl.String)
VALUES = {
    "facility_id": pl.String,
    "year": pl.Int64,
    "quantity": pl.String,
    "method": pl.String,
    "sources": pl.List(pl.String),
}
FILINGS = {"facility_id": pl.String, "year": pl.Int64, "lineage_id": pl.String}


def found(
    rule,
    *,
    plants=(),
    values=(),
    filings=(),
    missing=(),
    linked=(),
    years=(2010, 2011, 2012, 2013, 2014),
):
    """The rows of one rule about a made-up record."""
    known = [(*(*row, None)[:6], 41.0) for row in plants or [("a", "ghgrp", "cement", "[]", "rule")]]
    record = Record(
        pl.DataFrame(known, schema=PLANTS, orient="row"),
        pl.DataFrame(list(values), schema=VALUES, orient="row"),
        pl.DataFrame(list(filings), schema=FILINGS, orient="row"),
        pl.DataFrame(list(missing), schema=MISSING, orient="row"),
        pl.DataFrame(list(linked), schema=LINKED, orient="row"),
        tuple(years),
    )
    frame = findings.findings(record, WORDS)
    return frame.filter(rule=rule).to_dicts() if "rule" in frame.columns else []


def filed(*years):
    return [("a", year, f"epa_ghgrp/{year}#9") for year in years]


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((2010, 2012, 2013, 2014), "2011"),
        ((2010, 2013, 2014), "2011–2012"),
        ((2010, 2012, 2014), "2011, 2013"),
        ((2010, 2011, 2012, 2013, 2014), None),
        ((2012, 2013, 2014), None),
        ((2010, 2011), None),
    ],
)
def test_a_gap_names_the_years_without_a_report_once_each(years, words):
    rows = found("gap_in_years", filings=filed(*years))
    assert [row["sentence_en"] for row in rows] == (
        [f"No report for {words}, between years with one."] if words else []
    )
    for row in rows:
        assert json.loads(row["evidence"]) == [f"epa_ghgrp/{year}#9" for year in years]


@given(st.sets(st.integers(2010, 2023), min_size=1))
def test_years_are_written_so_that_they_can_be_read_back(years):
    text = findings.years_in_words(sorted(years))
    spans = [tuple(map(int, part.split("–"))) for part in text.split(", ")]
    assert sorted(years) == [year for span in spans for year in range(span[0], span[-1] + 1)]


def test_a_plant_that_stopped_reporting_is_told_with_its_last_row():
    (row,) = found("stopped_reporting", filings=filed(2010, 2011))
    assert "The last report is for 2011; the program's newest year here is 2014." in row["sentence_en"]
    assert json.loads(row["evidence"]) == ["epa_ghgrp/2011#9"]
    assert found("stopped_reporting", filings=filed(2014)) == []


def test_a_plant_of_another_inventory_has_never_reported():
    plants = [("a", "gem", "cement", "[]", "probable"), ("b", "ghgrp", "cement", "[]", "rule")]
    (row,) = found("never_reported", plants=plants)
    assert (row["facility_id"], row["severity"], row["subject"]) == ("a", "gap", "ghg_reported")
    assert json.loads(row["evidence"]) == ["facilities/a"]
    assert [r["facility_id"] for r in found("probable_member", plants=plants)] == ["a"]


def test_a_plant_that_is_not_built_yet_is_told_apart_from_one_that_never_reported():
    plants = [("a", "gem", "iron_steel", "[]", None, "construction")]
    assert [row["severity"] for row in found("not_yet_built", plants=plants)] == ["note"]
    assert found("never_reported", plants=plants) == []


def test_a_missing_link_says_why_and_names_its_row():
    reasons = [("a", "tri", "It closed before.", "Cerró antes."), ("z", "tri", "no plant", None)]
    (row,) = found("not_linked", missing=reasons)
    assert row["sentence_en"] == "No record of it in the Toxics Release Inventory. It closed before."
    assert row["sentence_es"] == "Sin registro en el Inventario de Emisiones Tóxicas. Cerró antes."
    assert json.loads(row["evidence"]) == ["links_missing/a/tri"]


def test_a_plant_whose_id_is_known_is_not_said_to_have_no_record():
    reasons = [("a", "eis", "The file of 2017 lacks it.", None)]
    assert found("not_linked", missing=reasons, linked=[("a", "eis")]) == []
    (row,) = found("id_without_figures", missing=reasons, linked=[("a", "eis")])
    assert row["sentence_en"].startswith("It has an id in the National Emissions Inventory, but ")
    assert found("id_without_figures", missing=reasons, linked=[("a", "tri")]) == []


def test_no_power_plant_is_said_once_where_neither_link_nor_reason_speaks_of_one():
    assert len(found("no_power_plant")) == 1
    assert found("no_power_plant", linked=[("a", "oris")]) == []
    assert found("no_power_plant", missing=[("a", "oris", "others stand near", None)]) == []


def test_fuel_without_a_process_is_told_with_its_years_and_rows():
    def part(year, name):
        return ("a", year, f"ghg_subpart_{name}", "m", [f"epa_ghgrp/{year}#9", "parameters/x"])

    values = [
        part(2010, "c"),
        part(2010, "process"),
        part(2011, "c"),
        part(2012, "c"),
        part(2013, "process"),
    ]
    (row,) = found("process_not_filed", values=values, filings=filed(2010, 2014))
    assert row["sentence_en"].startswith(
        "For 2011–2012 it filed nothing under the process of its industry"
    )
    assert "(subpart H)" in row["sentence_en"]
    assert json.loads(row["evidence"]) == ["epa_ghgrp/2011#9", "epa_ghgrp/2012#9"]


@pytest.mark.parametrize(("known", "expected"), [(None, 1), (2011, 0)])
def test_combustion_whose_method_is_public_for_no_year_is_told(known, expected):
    def method(year):
        return "ghg_combustion_tier" if year == known else "ghg_combustion_unknown"

    values = [
        ("a", year, "ghg_subpart_c", method(year), [f"epa_ghgrp/{year}#9"]) for year in (2010, 2011)
    ]
    assert len(found("combustion_method_not_public", values=values)) == expected


def test_corrections_are_told_with_the_fields_that_they_changed():
    ids = ["epa_ghgrp/2014#9", "corrections/epa_ghgrp/1/latitude", "corrections/epa_ghgrp/1/county"]
    (row,) = found("corrected_by_hand", plants=[("a", "ghgrp", "cement", json.dumps(ids), "rule")])
    assert "(latitude, county)" in row["sentence_en"]
    assert json.loads(row["evidence"]) == ids[1:]


def test_every_rule_has_words_in_both_languages_with_the_same_facts():
    code = "".join(path.read_text("utf-8") for path in paths.PACKAGE.rglob("*.py"))
    rules = {rule.__name__ for rule in findings.RULES}
    assert rules <= set(WORDS)
    # A rule of another subject stands in its module by name, or by the part before the program.
    others = {rule: rule.rpartition("_")[0] + "_" for rule in set(WORDS) - rules}
    assert [rule for rule, part in others.items() if rule not in code and part not in code] == []
    for words in WORDS.values():
        assert words["severity"] in ("note", "gap", "warning")
        facts = [
            {name for _, name, *_ in Formatter().parse(words[lang]) if name} for lang in ("en", "es")
        ]
        assert facts[0] == facts[1]


def test_the_plants_with_character_have_the_findings_that_they_deserve(atlas):
    rows = say(atlas, "select facility_id, rule from finding")
    rules = {}
    for plant, rule in rows:
        rules.setdefault(plant, set()).add(rule)
    assert {"never_reported", "probable_member"} <= rules["argos-atlanta-ga"]
    assert "gap_in_years" not in rules["argos-atlanta-ga"]
    assert "process_not_filed" in rules["national-cement-ragland-al"]
    assert "corrected_by_hand" in rules["north-american-stainless-ghent-ky"]
    assert not {"stopped_reporting", "gap_in_years", "process_not_filed"} & rules[GARY]


def test_the_newest_year_is_that_of_the_workbooks_and_not_of_another_file(shipped):
    rows = say(shipped, "select facility_id, sentence_en from finding where rule = 'gap_in_years'")
    for plant, sentence in rows:
        filed = "select year from value where quantity = 'ghg_reported' and facility_id = ?"
        reported = {year for (year,) in say(shipped, filed, plant)}
        missing = sorted(set(range(min(reported), max(reported))) - reported)
        assert sentence == f"No report for {findings.years_in_words(missing)}, between years with one."
    stopped = Counter(
        name
        for (name,) in say(shipped, "select facility_id from finding where rule = 'stopped_reporting'")
    )
    last = table(shipped, "facility").filter(pl.col("last_year") < 2023)["facility_id"].to_list()
    assert stopped == Counter(last)
