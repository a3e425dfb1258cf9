"""Checks: every question finds the damage that it is there for, and nothing in a good database."""

import shutil
import sqlite3

import pytest

from comingclean.checks import QUESTIONS, check_database
from comingclean.errors import InputError
from sliced import GARY, error_line

EAST = "cleveland-cliffs-indiana-harbor-east-in"
OF_GARY = f"facility_id = '{GARY}' and year = 2020"

# For each question, SQL that spoils a copy of the shipped database so that it must return rows.
DAMAGES = {
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
    "every figure that was filed has a quantity that the atlas knows": [
        "delete from quantity where quantity = 'ghg_n2o'"
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


@pytest.mark.parametrize(("name", "sql"), CASES, ids=lambda text: text[:60])
def test_a_question_finds_its_damage(name, sql, spoilt):
    failed = [answer.question.name for answer in check_database(spoilt(sql)) if answer.rows]
    assert name in failed


def test_an_answer_names_its_columns_and_at_most_fifty_rows(spoilt):
    file = spoilt("update value set grade = 'Z'")
    answers = {answer.question.name: answer for answer in check_database(file)}
    answer = answers["no value without interval, unit, method, grade and sources"]
    assert answer.columns[:3] == ("facility_id", "year", "quantity")
    assert len(answer.rows) == 50


def test_a_cut_atlas_fails_only_the_questions_about_the_whole(atlas):
    failed = [answer.question.name for answer in check_database(atlas) if answer.rows]
    assert failed == [
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
    assert done.stdout.count("✓") == len(QUESTIONS) - 1
    assert error_line(done) == f"comingclean: 1 of {len(QUESTIONS)} questions returned rows"


def test_the_command_is_content_with_the_shipped_record(shipped, home):
    done = home.run("check", shipped)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("✓") == len(QUESTIONS)
