"""Findings on precision: each rule fires where it must, is silent elsewhere, and says it plainly."""

import json
import re
import tomllib

import pytest
from prec_world import emission, known, plant, release, value

from comingclean.estimates import precision, precision_rules, precision_series
from comingclean.estimates.findings import worded
from sliced import ROOT, say

WORDS = tomllib.loads((ROOT / "data/findings.toml").read_text("utf-8"))


def series(quantity, amounts, first=2010, name="a"):
    return [value(name, quantity, first + at, amount) for at, amount in enumerate(amounts)]


def texts(rows):
    """The rows in words, by rule; each sentence in both languages, with nothing left to fill in."""
    made = worded([dict(row) for row in rows], WORDS).to_dicts() if rows else []
    for row in made:
        assert row["sentence_en"] != row["sentence_es"]
        assert "{" not in row["sentence_en"] + row["sentence_es"]
        assert json.loads(row["evidence"])
    return {row["rule"]: row["sentence_en"] for row in made}


def test_years_without_a_filing_between_two_are_named_where_a_national_file_is():
    filers = [plant(name) for name in "abc"]
    years = {"a": (2010, 2013), "b": (2010, 2011, 2012, 2013), "c": (2010, 2011, 2013)}
    filed = [
        {"facility_id": name, "year": year, "program_id": "T", "air": 1}
        for name, known_years in years.items()
        for year in known_years
    ]
    found = {
        r["facility_id"]: r["facts"]["years"]
        for r in precision_series.gaps(known(filers, toxic_filing=filed))
    }
    # For 2012 one of three filed, so the national file itself may be lacking.
    assert found == {"a": "2011"}


def test_the_same_kilograms_year_after_year_are_named():
    def of(kilograms):
        made = [release("a", kg, year=2013 + at) for at, kg in enumerate(kilograms)]
        return [
            r["facts"]["chemicals"] for r in precision_series.same_every_year(known(toxic_release=made))
        ]

    years = "(2013–2016)"
    assert of([50, 50, 50, 50]) == [{"en": f"Benzene {years}", "es": f"Benceno {years}"}]
    assert of([50, 50, 50, 51]) == []
    assert of([1, 1, 1, 1]) == []
    assert of([50, 50, 60, 50, 50]) == []


def test_an_old_figure_and_one_that_was_dropped_are_told_apart():
    plants = [plant(name) for name in "abc"]
    values = [
        *series("ghg_reported", [1] * 14),
        value("a", "pm25", 2017, 1),
        value("b", "pm25", 2011, 1),
        value("b", "ghg_reported", 2017, 1),
        value("c", "pm25", 2011, 1),
    ]
    record = known(plants, value=values)
    assert [r["facility_id"] for r in precision_series.old_figures(record)] == ["a"]
    assert [r["facility_id"] for r in precision_series.dropped(record)] == ["b"]
    assert "2017" in texts(list(precision_series.old_figures(record)))["old_figure_eis"]


@pytest.mark.parametrize(("percent", "said"), [(4.9, 0), (-5.0, 1), (48.7, 1)])
def test_a_total_that_was_changed_by_much_is_named(percent, said):
    moved = [{"facility_id": "a", "year": 2019, "quantity": "ghg_reported", "percent": percent}]
    found = list(precision_series.restated(known(restatement=moved)))
    assert len(found) == said
    if percent < 0:
        assert found[0]["facts"]["changes"] == "2019 −5 %"


@pytest.mark.parametrize(
    ("judged", "name", "said"), [(0.6, "d", True), (0.4, "d", False), (1, "a", False)]
)
def test_a_weak_method_matters_where_the_release_is_large(judged, name, said):
    plants = [plant(one) for one in "abcd"]
    size = dict(zip("abcd", (10, 20, 30, 40), strict=True))
    made, values = [], []
    for one, kg in size.items():
        weak = judged if one == name else 0
        made += [
            release(one, kg * weak, "tri_4", chemical="67-56-1"),
            release(one, kg * (1 - weak), "tri_1", chemical="67-56-1"),
        ]
        values.append(value(one, "toxic_air", 2020, kg))
    record = known(plants, toxic_release=made, value=values)
    found = list(precision_rules.weak_for_much(record, precision.rows(record)))
    assert [r["facility_id"] for r in found if r["subject"] == "toxic_air"] == ([name] if said else [])


def test_two_programs_far_apart_are_shown_with_both_figures_and_their_rows():
    pairs = [
        {
            "facility_id": "a",
            "year": 2017,
            "element": "71-43-2",
            "tri": 12.0,
            "nei": 3400.0,
            "factor": 283.0,
            "same": 0,
        },
        {
            "facility_id": "a",
            "year": 2017,
            "element": "67-56-1",
            "tri": 0.1,
            "nei": 2.0,
            "factor": 20.0,
            "same": 0,
        },
        {
            "facility_id": "a",
            "year": 2011,
            "element": "7439-92-1",
            "tri": 1.0,
            "nei": 900.0,
            "factor": 900.0,
            "same": 0,
        },
    ]
    both = {
        "toxic_release": [release("a", 12, year=2017)],
        "air_emission": [emission("a", 3400, chemical="71-43-2", sources='["nei_steel/2017#7"]')],
    }
    found = list(precision_rules.programs_disagree(known(program_pair=pairs, **both)))
    assert len(found) == 1
    assert found[0]["evidence"] == ["made_up/2020#0", "nei_steel/2017#7"]
    assert "Benzene (12 / 3\u202f400 kg)" in texts(found)["programs_disagree"]


def test_one_figure_that_is_filed_twice_is_no_second_source():
    def pairs(same):
        return [
            {
                "facility_id": "a",
                "year": 2017,
                "element": key,
                "tri": 1.0,
                "nei": 1.0,
                "factor": 1.0,
                "same": equal,
            }
            for key, equal in zip(("71-43-2", "67-56-1", "7439-92-1", "N420"), same, strict=False)
        ]

    def of(same):
        rows = precision_rules.one_figure_twice(
            known(program_pair=pairs(same), toxic_release=[release("a", 1, year=2017)])
        )
        return [(row["facts"]["same"], row["facts"]["n"]) for row in rows]

    assert of([1, 1, 1, 0]) == [(3, 4)]
    assert of([1, 1, 0, 0]) == []
    assert of([1, 1]) == []


@pytest.mark.parametrize(("made", "said"), [(150, 1), (115, 0), (90, 0)])
def test_more_product_than_capacity_is_named_only_beyond_both_intervals(made, said):
    for quantity in ("production_unreconciled", "production"):
        values = [value("a", quantity, 2020, made), value("a", "capacity", 2020, 100)]
        assert len(list(precision_rules.over_capacity(known(value=values)))) == said


def test_a_tonnage_that_no_total_moved_is_held_against_the_capacity_too():
    values = [
        value("a", "production_unreconciled", 2019, 150),
        value("a", "production", 2019, 90),
        value("a", "production", 2020, 150),
        *(value("a", "capacity", year, 100) for year in (2019, 2020, 2021)),
        value("a", "production", 2021, 90),
    ]
    (found,) = precision_rules.over_capacity(known(value=values))
    assert found["facts"]["years"] == "2019–2020"


def test_a_chemical_that_all_its_kind_file_and_it_never_did_is_named():
    names = [f"p{at:02}" for at in range(12)]
    plants = [plant(name, route="dry kiln") for name in names]
    made = [
        release(name, 5, year=year, chemical=chemical)
        for name in names
        for year in range(2013, 2018)
        for chemical in ("67-56-1", *(() if name == "p03" else ("N420",)))
    ]
    found = list(precision_rules.chemical_missing(known(plants, toxic_release=made)))
    # Lead compounds count as lead, so that the form it was filed under does not matter.
    said = {"en": "Lead (11/12)", "es": "Plomo (11/12)"}
    assert [(r["facility_id"], r["facts"]["chemicals"]) for r in found] == [("p03", said)]
    few = [row for row in made if row["facility_id"] in names[:6]]
    assert list(precision_rules.chemical_missing(known(plants, toxic_release=few))) == []


@pytest.mark.parametrize(("km", "people", "said"), [(40, 5000, 1), (15.9, 5000, 0), (40, 900, 0)])
def test_a_far_monitor_matters_where_people_live(km, people, said):
    near = [{"facility_id": "a", "site": "1", "kilometres": float(km)}]
    around = [
        {"facility_id": "a", "radius_miles": 3.0, "indicator": "population", "value": float(people)}
    ]
    found = list(precision_rules.monitor_far(known(nearest_monitor=near, community=around)))
    assert len(found) == said


def test_an_old_toxics_filing_is_judged_by_the_last_filing_and_not_by_the_last_release_to_air():
    """Who filed for 2020 with nothing to air has not been silent since 2012."""
    plants = [plant(name) for name in "abc"]
    filed = [
        {"facility_id": name, "year": year, "program_id": "T", "air": air}
        for name, year, air in (("a", 2012, 1), ("a", 2020, 0), ("b", 2012, 1), ("c", 2012, 1))
    ]
    values = [
        *series("ghg_reported", [1] * 14),
        *(value(name, "toxic_air", 2012, 5) for name in "abc"),
    ]
    later = [release("c", 3, year=2022, medium="water")]  # in the file of a state only
    record = known(plants, value=values, toxic_filing=filed, toxic_release=later)
    found = list(precision_series.old_figures(record))
    assert [(row["facility_id"], row["rule"]) for row in found] == [("b", "old_figure_tri")]
    assert found[0]["facts"] == {"year": 2012, "newest": 2023}


@pytest.mark.parametrize(
    ("amounts", "rule"),
    [([], "nothing_to_look_at"), ([5], "nothing_to_look_at"), ([5, 5], "nothing_found")],
)
def test_a_plant_without_a_series_is_not_said_to_be_clean(amounts, rule):
    record = known([plant("a")], value=series("ghg_reported", amounts, first=2022))
    rows = precision_rules.findings(record, precision.rows(record))
    assert [row["rule"] for row in rows] == [rule]
    assert texts(rows)[rule].startswith("Nothing found" if len(amounts) > 1 else "Nothing could be")


def test_a_smelter_names_the_missing_file():
    record = known([plant("b", "aluminum")])
    rows = precision_rules.findings(record, precision.rows(record))
    assert [row["rule"] for row in rows] == ["no_inventory_in_hand"]


def test_every_plant_of_the_record_has_a_finding_on_precision_or_says_there_is_none(shipped):
    rules = set(WORDS)
    mine = rules & {
        "jump",
        "jump_toxics",
        "came_or_went",
        "gap_in_toxics",
        "same_every_year",
        "old_figure_eis",
        "old_figure_tri",
        "restated",
        "dropped_from_inventory",
        "weak_for_much",
        "programs_disagree",
        "one_figure_twice",
        "over_capacity",
        "chemical_missing",
        "monitor_far",
        "no_inventory_in_hand",
        "places_apart",
    }
    assert len(mine) == 17
    listed = ", ".join(f"'{rule}'" for rule in sorted(mine))
    everyone = {name for (name,) in say(shipped, "select facility_id from facility")}
    found = {
        name for (name,) in say(shipped, f"select facility_id from finding where rule in ({listed})")
    }
    silent = {
        name
        for (name,) in say(
            shipped,
            """select facility_id from finding
            where rule in ('nothing_found', 'nothing_to_look_at')""",
        )
    }
    assert found | silent == everyone
    assert not found & silent
    assert found and silent
    used = {rule for (rule,) in say(shipped, "select distinct rule from finding")}
    assert mine <= used


def test_a_jump_is_said_of_few_plants_and_none_stands_beside_a_standstill(shipped):
    """What fires for most plants says nothing; what idling explains is said there."""
    plants = say(shipped, "select count(*) from facility")[0][0]
    told = "select count(distinct facility_id) from finding where rule in ('jump', 'jump_toxics')"
    assert 0 < say(shipped, told)[0][0] < plants / 3
    gases = "select facility_id, sentence_en, sentence_es from finding where rule = 'jump'"
    assert 0 < len(say(shipped, gases)) < plants / 10
    for _, english, spanish in say(shipped, gases):
        assert re.search(r"from \d{4} to \d{4} (multiplied|divided) by (more than )?\d+", english)
        assert re.search(r"de \d{4} a \d{4} se (multiplica por|divide entre) (más de )?\d+", spanish)
    toxics = "select sentence_en from finding where rule = 'jump_toxics'"
    times = [
        int(n) for (text,) in say(shipped, toxics) for n in re.findall(r"by (?:more than )?(\d+)", text)
    ]
    assert max(times) <= 100 and min(times) >= 5


def test_no_plant_is_called_clean_without_a_series(shipped):
    sql = """select facility_id, max(n) from (select facility_id, count(*) as n from value
        where quantity in
        ('ghg_reported', 'toxic_air', 'toxic_water', 'toxic_land', 'pm25', 'so2', 'nox')
        group by facility_id, quantity) group by facility_id"""
    longest = dict(say(shipped, sql))
    rules = (
        "select facility_id, rule from finding where rule in ('nothing_found', 'nothing_to_look_at')"
    )
    for name, rule in say(shipped, rules):
        assert (longest.get(name, 0) >= 2) == (rule == "nothing_found"), name
