"""Checks: every question finds the damage that it is there for, and nothing in a good database."""

import shutil
import sqlite3

import pytest

from comingclean.checks import _MAY_BE_EMPTY, QUESTIONS, check_database
from comingclean.errors import InputError
from comingclean.model import TABLES
from sliced import GARY, error_line

EAST = "cleveland-cliffs-indiana-harbor-east-in"
OF_GARY = f"facility_id = '{GARY}' and year = 2020"
NEAR_GARY = f"facility_id = '{GARY}' and radius_miles = 3"

# For each question, SQL that spoils a copy of the shipped database so that it must return rows.
DAMAGES = {
    "every table has rows": ["delete from control_total", "delete from site", "delete from reject"],
    "every gas adds up to the total that was reported": [
        f"update value set value = value + 100 where {OF_GARY} and quantity = 'ghg_co2'",
        f"delete from value where {OF_GARY} and quantity = 'ghg_ch4'",
        f"delete from value where {OF_GARY} and quantity in ('ghg_co2', 'ghg_ch4', 'ghg_n2o')",
    ],
    "every subpart adds up to the total that was reported": [
        f"update value set value = value - 100 where {OF_GARY} and quantity = 'ghg_subpart_tt'",
        f"update value set value = value + 100 where {OF_GARY} and quantity = 'ghg_reported'",
    ],
    "the reference boundary is combustion plus the process of the industry": [
        f"update value set value = value + 2 where {OF_GARY} and quantity = 'ghg_scope1'",
        f"delete from value where {OF_GARY} and quantity = 'ghg_scope1'",
    ],
    "the publisher's national totals are met within the stated tolerance": [
        "update control_total set ours = ours * 1.011 where year = 2020 and subpart = 'Q'",
        "update control_total set published = published * 1.02 where year = 2019 and subpart = 'H'",
    ],
    "national totals are there for every subpart that the atlas uses": [
        "delete from control_total where year = 2021 and subpart = 'F'"
    ],
    "coordinates lie within 2 km of the stated county": [
        f"update facility set county_distance_km = 2.1 where facility_id = '{GARY}'",
        f"update facility set county_distance_km = null where facility_id = '{GARY}'",
    ],
    "only a plant that is not yet built is without a place": [
        f"update facility set latitude = null where facility_id = '{GARY}'",
        "update facility set status = null where facility_id = 'hyundai-steel-louisiana-la'",
    ],
    "every plant has an id in each program, or a finding that says why not": [
        f"delete from identifier where facility_id = '{GARY}' and program = '{program}'"
        for program in ("frs", "tri", "eis", "gem", "oris")
    ]
    + ["delete from finding where rule = 'no_power_plant' and facility_id = 'us-steel-irvin-pa'"],
    "no link and no attribute is in doubt": [
        f"insert into link_doubt values ('{GARY}', 'tri', '1', 'left', 'the file has it no more')"
    ],
    "the newest route and status of a plant are as of a stated year": [
        f"update facility set {kind}_as_of = null where facility_id = '{GARY}'"
        for kind in ("route", "status")
    ],
    "a status of a year stands in a row of that year": [
        """update facility_year set status = 'operating'
        where facility_id = 'us-steel-fairfield-works-al' and year = 2017"""
    ],
    "every row behind the route of a year can be looked up": [
        f"""delete from lineage where lineage_id = 'attributes/{GARY}/route/gem_steel/1'"""
    ],
    "no two plants share a program id unless every row says why": [
        f"""update identifier set program_id = '1000156'
        where facility_id = '{GARY}' and program = 'ghgrp'"""
    ],
    "no two plants share a name": [
        f"""update facility set name = (select name from facility where facility_id = '{EAST}')
        where facility_id = '{GARY}'"""
    ],
    "no two plants of one industry stand within 200 m of each other unless they share a site": [
        f"""update facility set (latitude, longitude) =
        (select latitude + 0.001, longitude - 0.001 from facility where facility_id = '{EAST}')
        where facility_id = '{GARY}'"""
    ],
    "no value without interval, unit, method, grade and sources": [
        f"update value set {column} = '{text}' where {OF_GARY} and quantity = 'ghg_co2'"
        for column, text in (
            ("grade", "F"),
            ("kind", "guessed"),
            ("sources", "[]"),
            ("method", " "),
            ("unit", ""),
        )
    ],
    "every interval holds its value and has a width": [
        f"update value set {change} where {OF_GARY} and quantity = 'ghg_co2'"
        for change in ("low = value + 1", "high = value - 1", "low = value, high = value")
    ],
    "every value has a unit and a quantity that are declared": [
        f"update value set unit = 'kg' where {OF_GARY} and quantity = 'ghg_co2'",
        f"update value set quantity = 'ghg_xenon' where {OF_GARY} and quantity = 'ghg_co2'",
    ],
    "every value has a method that is declared": ["delete from method where method = 'ghg_gas_co2'"],
    "every value belongs to a plant of the atlas": [
        f"delete from facility where facility_id = '{GARY}'"
    ],
    "every source row of a value can be looked up": [
        "delete from lineage where lineage_id = 'epa_ghgrp/2020#6051'",
        f"""update value set sources = '["epa_ghgrp/1#1"]' where {OF_GARY} and quantity = 'ghg_co2'""",
    ],
    "every source row of a plant can be looked up": [
        f"delete from lineage where lineage_id = 'facilities/{GARY}'"
    ],
    "every source row of a finding can be looked up": [
        """update finding set evidence = '["facilities/nobody"]' where facility_id =
        (select facility_id from finding limit 1)"""
    ],
    "every row behind a link can be looked up": [
        "delete from lineage where lineage_id like 'identifiers/us-steel-gary-works-in/tri/%'"
    ],
    "every row behind an attribute can be looked up": [
        "delete from lineage where lineage_id = 'attributes/us-steel-gary-works-in/parent/gem_steel/1'"
    ],
    "every source row of an owner can be looked up": [
        "delete from lineage where lineage_id = 'attributes/us-steel-gary-works-in/parent/gem_steel/1'"
    ],
    "every source row of a company's name can be looked up": [
        "delete from lineage where lineage_id = 'companies/Nucor Corp.'"
    ],
    "every source row of a company's total can be looked up": [
        """update company_value set sources = '["facilities/nobody"]' where company_id = 'nucor'"""
    ],
    "every company's total is the sum of its plants by share": [
        "update company_value set value = value + 1 where company_id = 'nucor' and year = 2020",
        "update company_value set plants = 1 where company_id = 'nucor' and year = 2020",
        "delete from company_value where company_id = 'nucor' and year = 2020",
        "update ownership set share = 50 where company_id = 'nucor' and counted = 1",
        "update ownership set counted = 0 where company_id = 'nucor'",
    ],
    "no total of a company counts a plant twice": [
        "update ownership set counted = 1 where company_id = 'nucor'"
    ],
    "no source gives away more than the whole of a plant": [
        "update ownership set share = 60 where company_id = 'yamato-kogyo'"
    ],
    "every owner is a company, and every company owns": [
        "delete from company where company_id = 'nucor'",
        "delete from ownership where company_id = 'nucor'",
    ],
    "the parts of a shared record add up to it": [
        f"""insert into attribute select '{EAST}', attribute, '3000000', low, high, unit, first_year,
        last_year, source_id, source_row, certainty, note, row, sources from attribute
        where facility_id = 'indiana-harbor-in' and attribute = 'capacity_steel'"""
    ],
    "no capacity or workforce of a source stands at two plants": [
        f"""insert into attribute select '{GARY}', attribute, value, low, high, unit, first_year,
        last_year, source_id, source_row, certainty, note, row, sources from attribute
        where facility_id = 'indiana-harbor-in' and attribute = 'capacity_steel'"""
    ],
    "every plant with coordinates has its people within 1, 3, 5 and 10 miles": [
        f"delete from community where {NEAR_GARY} and indicator = 'population'",
        f"update community set value = null where {NEAR_GARY} and indicator = 'population'",
        f"update community set radius_miles = 2 where {NEAR_GARY}",
    ],
    "people around a plant never shrink with the radius": [
        f"update community set value = value * 100 where {NEAR_GARY} and indicator = 'population'"
    ],
    "nothing is said of who lives where few or none do": [
        f"update community set status = 'sparse' where {NEAR_GARY} and indicator = 'population'",
        f"update community set status = 'nobody' where {NEAR_GARY} and indicator = 'population'",
        f"update community set value = 499 where {NEAR_GARY} and indicator = 'population'",
    ],
    "every indicator has a unit, a method, a grade and a source card": [
        "delete from indicator where indicator = 'poverty'",
        "update equity set indicator = 'joy' where indicator = 'poverty' and plants = 'all'",
        "delete from method where method in (select method from indicator)",
        "delete from source where source_id = 'dep_index'",
        "update indicator set grade = 'F' where indicator = 'poverty'",
    ],
    "every interval of the people around holds its figure": [
        f"update community set {change} where {NEAR_GARY} and indicator = 'poverty'"
        for change in ("low = value + 1", "high = value - 1", "low = null", "low = null, high = null")
    ],
    "a figure about the people around is there or said to be unknown": [
        f"update community set {change} where {NEAR_GARY} and indicator = 'pm25'"
        for change in ("value = null", "status = 'unknown'", "status = 'maybe'", "known = 1.5")
    ],
    "every group of plants has every indicator beside all three levels": [
        "delete from equity where plants = 'cement' and indicator = 'poverty' and compare = 'us'",
        "delete from equity where plants = 'all'",
        "update equity set n_plants = 9 where plants = 'cement' and indicator = 'poverty'",
    ],
    "every difference between neighbours and others is one, within its range": [
        f"update equity set {change} where plants = 'all' and indicator = 'poverty'"
        for change in (
            "low = value + 1",
            "p = 1.5",
            "difference_low = difference + 1",
            "people_high = people - 1",
            "difference = difference + 0.1",
        )
    ],
    "every figure of another emitter has its facility, year and method": [
        "delete from emitter where ghgrp_id = (select ghgrp_id from emitter_year limit 1)",
        "delete from method where method = 'ghg_any_industry'",
        "update emitter set last_year = 2009",
    ],
    "every interval of another emitter holds its figure and has a width": [
        f"update emitter_year set {change} where year = 2020"
        for change in ("low = value + 1", "high = value - 1", "low = -1", "unit = 'kg'")
    ],
    "no other emitter is a plant of the atlas": [
        f"""update emitter set ghgrp_id = (select program_id from identifier
        where facility_id = '{GARY}' and program = 'ghgrp')
        where ghgrp_id = (select ghgrp_id from emitter limit 1)"""
    ],
    "every plant with coordinates has a nearest monitor that is listed": [
        f"delete from nearest_monitor where facility_id = '{GARY}'",
        "delete from monitor where site = (select site from nearest_monitor limit 1)",
    ],
    "every source row of a nearest monitor can be looked up": [
        "delete from lineage where lineage_id like 'aqs/%'"
    ],
    "every source row of a chemical can be looked up": [
        "update chemical set sources = '[\"epa_hem5/2025#0\"]' where chemical = 'N420'"
    ],
    "every source row of a release can be looked up": [
        f"update toxic_release set sources = '[\"epa_tri/1#1\"]' where {OF_GARY}"
    ],
    "every source row of an inventory's figure can be looked up": [
        f"update air_emission set sources = '[\"nei_steel/1#1\"]' where facility_id = '{GARY}'"
    ],
    "every source row of a process can be looked up": [
        f"update air_process set sources = '[\"nei_steel/1#1\"]' where facility_id = '{GARY}'"
    ],
    "every source row of a stack can be looked up": [
        f"update air_stack set sources = '[\"nei_steel/1#1\"]' where facility_id = '{GARY}'"
    ],
    "every source row of a filing can be looked up": [
        f"update toxic_filing set sources = '[\"epa_tri_sites/1#1\"]' where {OF_GARY}"
    ],
    "every source row of a cause can be looked up": [
        f"update burden_cause set sources = '[\"epa_tri/1#1\"]' where {OF_GARY}"
    ],
    "every toxic release adds up to the plant's sum by medium": [
        f"update toxic_release set kilograms = 1 + kilograms where {OF_GARY} and medium = 'water'",
        f"delete from toxic_release where {OF_GARY} and medium = 'air'",
        f"delete from value where {OF_GARY} and quantity = 'toxic_air'",
    ],
    "every weighed sum is its kilograms times weight and the part that is weighed": [
        "update chemical set weight = 1.01 * weight where chemical = 'N090'",
        f"delete from value where {OF_GARY} and quantity = 'toxicity_weighted_air'",
    ],
    "every source row of what is left out of it can be looked up": [
        """update monitor_left_out set sources = '["nowhere/2020#1"]'"""
    ],
    "every plant is ranked for monitoring, or left out with a reason": [
        "delete from monitor_left_out where reason = 'stopped'"
    ],
    "every chemical that was released is in the list of chemicals": [
        "delete from chemical where chemical = 'N420'",
        "delete from chemical where chemical = 'NOX'",
    ],
    "every plant of 2020 has toxic air or a finding that says why not": [
        f"delete from value where {OF_GARY} and quantity = 'toxic_air'",
        "delete from finding where rule = 'nothing_to_air'",
    ],
    "every plant's share of the toxic air around it lies between none and all": [
        f"update burden set {change} where {OF_GARY}"
        for change in (
            "own_share = 1.01",
            "own_low = own_high, own_high = own_low",
            "own_low = null",
            "low = 1.01 * weighted",
            "unweighted_share = 1.01",
            "unweighted_share = null",
        )
    ],
    "the causes of a place's toxic air make up no more than all of it": [
        f"update burden_cause set share = share_high where {OF_GARY}",
        f"update burden_cause set share_low = 1 where {OF_GARY}",
        f"delete from burden_cause where {OF_GARY} and rank = 1",
    ],
    "every cause has the share that its own filing gives": [
        f"update burden_cause set share = share / 2 where {OF_GARY} and rank = 1",
        f"delete from burden where {OF_GARY}",
        """delete from toxic_site_year where year = 2020 and number =
        (select number from toxic_site where facility_id = 'us-steel-gary-works-in')""",
    ],
    "every plant that filed with the toxics inventory has its surroundings": [
        f"delete from burden where facility_id = '{GARY}'"
    ],
    "every looked-up row belongs to a source card": [
        "delete from source where source_id = 'nrel_fied'"
    ],
    "the reference universe of 2020 has 100, 12, 96 and 7 plants": [
        f"update facility set reference_2020 = 0 where facility_id = '{GARY}'",
        "delete from facility where industry = 'aluminum'",
    ],
    "every plant of the universe of 2020 has a figure for 2020 or a finding that says why not": [
        f"delete from value where {OF_GARY}",
        "delete from finding where rule = 'never_reported'",
    ],
    "every plant and kind of number is known in one main way": [
        f"delete from precision where facility_id = '{GARY}' and subject = 'lead'",
        f"update precision set main = 1 where facility_id = '{GARY}' and subject = 'pm25'",
    ],
    "the ways of knowing a number add up to the whole of it": [
        f"""update precision set share = 0.9 * share where facility_id = '{GARY}'
        and subject = 'toxic_air'"""
    ],
    "the parts of a figure add up to the figure": [
        f"update precision set amount = 2 * amount where facility_id = '{GARY}' and subject = 'nox'"
    ],
    "how a number is known is one of the closed list": [
        f"update precision set how = 'guessed' where facility_id = '{GARY}' and subject = 'nox'",
        f"update precision set how = 'not_reported' where facility_id = '{GARY}' and subject = 'nox'",
    ],
    "the printed statement gives the shares by count and by tonnes": [
        "update precision_share set plants = plants + 1 where subject = 'so2' and industry = 'all'",
        "delete from precision_share where subject = 'co' and how = 'monitored'",
        f"update facility set industry = 'cement' where facility_id = '{GARY}'",
    ],
    "every plant has a finding": [f"delete from finding where facility_id = '{GARY}'"],
    "every source row of how a number is known can be looked up": [
        f"""update precision set sources = '["nowhere/2020#1"]' where facility_id = '{GARY}'"""
    ],
    "every source row of where to monitor can be looked up": [
        f"""update monitor_next set sources = '["nowhere/2020#1"]' where place = '{GARY}'"""
    ],
    "places to monitor have ranks without a gap": [
        f"update monitor_next set rank = rank + 1 where place = '{GARY}'",
        "delete from monitor_next where kind = 'plant' and rank = 3",
    ],
    "every gap has its rule and what would close it": [
        "delete from reporting_rule where rule = 'tri_basis'",
        "update reporting_rule set role = 'gap' where rule = 'stack_monitor'",
        f"update monitor_next set pollutant = 'dust' where place = '{GARY}'",
    ],
    "every state of a plant has an agency to ask": ["delete from agency where state = 'IN'"],
    "every plant of 2020 has each estimate or a reason, in every year it filed": [
        f"delete from value where {OF_GARY} and quantity = 'employment'",
        "delete from absent where facility_id = 'st-marys-dixon-il' and year = 2020",
    ],
    "every reason why an estimate is absent is told at its plant": [
        "delete from finding where facility_id = 'us-steel-irvin-pa' and rule = 'melts_nothing'"
    ],
    "nothing is both estimated and said to be absent": [
        f"insert into absent values ('{GARY}', 2020, 'production', 'stood_idle')"
    ],
    "no plant is ranked by tonnage that comes from its own emissions": [
        f"""update value set method = 'intensity_route_average'
        where {OF_GARY} and quantity = 'ghg_intensity_scope1'""",
        f"insert into unranked values ('{GARY}', 2020, 'ghg_intensity_scope1', 'too_few_peers')",
    ],
    "every figure that is compared is ranked, or says why not": [
        f"delete from rank where {OF_GARY} and quantity = 'ghg_intensity_scope1_2'"
    ],
    "every national total is met within one per cent": [
        "update adjustment set after = after * 1.011 where product = 'clinker' and year = 2020"
    ],
    "no plant's people are moved out of the interval of their own evidence": [
        f"""update value set value = value * 3, high = high * 3
        where {OF_GARY} and quantity = 'employment'"""
    ],
    "every source row of a national total can be looked up": [
        """update adjustment set sources = '["nowhere/2020#1"]' where year = 2020"""
    ],
}
CASES = [(name, sql) for name, spoilers in DAMAGES.items() for sql in spoilers]


def test_every_question_has_a_damage_that_it_must_find():
    names = [question.name for question in QUESTIONS]
    assert sorted(names) == sorted(DAMAGES)
    assert len(set(names)) == len(names)


@pytest.fixture
def spoilt(shipped, tmp_path):
    """A copy of the shipped database, and a way to spoil it."""
    file = tmp_path / shutil.copy(shipped, tmp_path)

    def spoil(sql):
        with sqlite3.connect(file) as opened:
            assert opened.execute(sql).rowcount > 0
        opened.close()
        return file

    return spoil


@pytest.fixture(scope="module")
def spare(shipped, tmp_path_factory):
    """A copy of the shipped database that is open, to be spoilt and put right again."""
    with sqlite3.connect(shutil.copy(shipped, tmp_path_factory.mktemp("spare"))) as opened:
        yield opened
    opened.close()


@pytest.mark.parametrize(("name", "sql"), CASES, ids=lambda text: text[:60])
def test_a_question_finds_its_damage(name, sql, spare):
    question = next(question for question in QUESTIONS if question.name == name)
    try:
        assert spare.execute(question.sql).fetchone() is None
        assert spare.execute(sql).rowcount > 0
        assert spare.execute(question.sql).fetchone() is not None
    finally:
        spare.rollback()


@pytest.mark.parametrize("name", [t.name for t in TABLES if t.name not in _MAY_BE_EMPTY])
def test_a_table_that_was_emptied_is_named(name, spare):
    question = next(question for question in QUESTIONS if question.name == "every table has rows")
    try:
        spare.execute(f"delete from {name}")
        assert spare.execute(question.sql).fetchall() == [(name,)]
    finally:
        spare.rollback()


def test_an_answer_names_its_columns_and_at_most_fifty_rows(spoilt):
    file = spoilt("update value set grade = 'Z'")
    answers = {answer.question.name: answer for answer in check_database(file)}
    answer = answers["no value without interval, unit, method, grade and sources"]
    assert answer.columns[:3] == ("facility_id", "year", "quantity")
    assert len(answer.rows) == 50


def test_a_cut_atlas_fails_only_the_questions_about_the_whole(atlas):
    failed = [answer.question.name for answer in check_database(atlas) if answer.rows]
    assert sorted(failed) == [
        "every table has rows",  # no plant of the slices was restated, ranked or rejected
        "no link and no attribute is in doubt",  # the slices lack the records of Argos Atlanta
        "the publisher's national totals are met within the stated tolerance",
        "the reference universe of 2020 has 100, 12, 96 and 7 plants",
    ]


def test_a_missing_database_is_named_with_its_mend(tmp_path):
    with pytest.raises(InputError, match="no such database"):
        check_database(tmp_path / "none.sqlite")


def test_the_command_lists_the_offenders_and_ends_with_status_1(spoilt, home):
    done = home.run(
        "check", spoilt("update facility set reference_2020 = 0 where industry = 'met_coke'")
    )
    assert done.returncode == 1
    assert "✗ the reference universe of 2020 has 100, 12, 96 and 7 plants" in done.stdout
    assert "met_coke" in done.stdout
    # The universe itself, and the shares that were counted of it.
    assert done.stdout.count("✓") == len(QUESTIONS) - 2
    assert error_line(done) == f"comingclean: 2 of {len(QUESTIONS)} questions returned rows"


def test_the_command_is_content_with_the_shipped_record(shipped, home):
    done = home.run("check", shipped)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("✓") == len(QUESTIONS)
