"""The command and its twin in Python: every verb, its words, its status, its JSON."""

import json
import subprocess
import sys

import polars as pl
import pytest

import comingclean as cc
from comingclean._version import __version__
from comingclean.checks import QUESTIONS
from comingclean.errors import CheckError, ComingCleanError, InputError, WriteError
from comingclean.model import TABLES, VALUE
from sliced import GARY, SLICES, error_line, say, table

COMMANDS = ["near", "run", "compile", "build", "check", "facility", "export", "version", "links"]


def test_help_names_every_command(home):
    done = home.run("--help")
    assert (done.returncode, done.stderr) == (0, "")
    listed = [
        line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines() if line.strip()
    ]
    assert listed == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_and_its_options(command, home):
    done = home.run(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"comingclean {command}" in done.stdout
    for line in done.stdout.split("Options:")[1].splitlines():
        if line.strip().startswith("--"):
            assert len(line.split(maxsplit=1)) == 2, line


WRONG = [
    ([], "Usage:"),
    (["nonsense"], "No such command 'nonsense'"),
    (["facility"], "Missing argument"),
    (["compile", "--out", "x"], "Missing option '--mirror'"),
    (["compile", "--mirror", "x"], "Missing option '--out'"),
    (["build"], "Missing option '--out'"),
    (["build", "--out", "x", "--fast"], "No such option: --fast"),
    (["run", "--port", "many"], "Invalid value for '--port'"),
    (["export"], "Missing option '--out'"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_arguments_end_with_status_2_and_say_why(arguments, words, home):
    done = home.run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_version_is_printed(home):
    assert home.run("version").stdout == f"{__version__}\n"


def test_compile_says_what_it_did_in_words_and_in_json(home, tmp_path):
    arguments = ["compile", "--mirror", SLICES, "--out", tmp_path / "new"]
    first = home.run(*arguments)
    rows = sum(pl.read_parquet(path).height for path in (tmp_path / "new").glob("*.parquet"))
    assert first.returncode == 0
    assert first.stdout.splitlines()[0] == f"{rows:,} rows in {tmp_path / 'new'}"
    # The slices have Argos Atlanta, but not its records in the two programs of releases to air.
    doubts = first.stdout.splitlines()[1:]
    assert [line.partition(": the file of")[0] for line in doubts] == [
        "in doubt: argos-atlanta-ga, eis 4304111",
        "in doubt: argos-atlanta-ga, tri 30318BLCRC2520P",
    ]
    assert first.stderr.splitlines()[0] == "reading ghgp_data_2010.xlsx"
    again = home.run(*arguments, "--json")
    assert json.loads(again.stdout) == {
        "out": str(tmp_path / "new"),
        "changed": False,
        "rows": 0,
        "new": [],
        "doubts": [line.removeprefix("in doubt: ") for line in doubts],
    }
    assert again.stderr == ""


def test_build_counts_its_rows_in_words_and_in_json(home, atlas, tmp_path):
    file = tmp_path / "atlas.sqlite"
    done = home.run("build", "--out", file, "--json")
    counted = json.loads(done.stdout)
    assert counted == {t.name: say(atlas, f"select count(*) from {t.name}")[0][0] for t in TABLES}
    assert file.read_bytes() == atlas.read_bytes()
    words = home.run("build", "--out", file).stdout
    assert words.startswith(f"{file}: {counted['facility']} facility, ")


def test_check_answers_every_question_in_json(home, shipped):
    done = home.run("check", shipped, "--json")
    assert json.loads(done.stdout) == {question.name: [] for question in QUESTIONS}
    assert done.returncode == 0


def test_facility_in_json_is_all_that_python_knows(home, shipped):
    done = home.run("facility", "Gary Works", "--database", shipped, "--json")
    assert json.loads(done.stdout) == cc.facility("1000418", shipped)


def test_facility_in_words_has_each_year_with_interval_grade_and_row(home, shipped):
    done = home.run("facility", GARY, "--database", shipped)
    assert (done.returncode, done.stderr) == (0, "")
    assert "U.S. Steel Gary Works" in done.stdout
    assert "GHGRP 1000418" in done.stdout
    for year, grade in say(
        shipped, "select year, grade from value where facility_id = ? and quantity = 'ghg_scope1'", GARY
    ):
        sql = "select sources from value where facility_id = ? and year = ? and quantity = 'ghg_scope1'"
        row = json.loads(say(shipped, sql, GARY, year)[0][0])
        number = next(name for name in row if name.startswith("epa_ghgrp/")).split("#")[1]
        lines = [
            line.split() for line in done.stdout.splitlines() if line.strip().startswith(str(year))
        ]
        assert any(grade in line and f"ghgp_data_{year}:{number}" in line for line in lines), year


def test_facility_tells_what_the_record_does_not_say(home, shipped):
    done = home.run("facility", "argos-atlanta-ga", "--database", shipped)
    assert done.returncode == 0
    assert "This plant has never been in the federal greenhouse gas program." in " ".join(
        done.stdout.split()
    )


def test_an_ambiguous_plant_ends_with_one_line_and_status_2(home, shipped):
    done = home.run("facility", "indiana harbor", "--database", shipped)
    assert (done.returncode, done.stdout) == (2, "")
    assert error_line(done).startswith("comingclean: “indiana harbor” means 4 plants: ")


def test_commands_without_a_database_make_the_users_own_once(own_home):
    first = own_home.run("facility", "Gary", "--json")
    (file,) = (own_home.folder / "user").rglob("comingclean.sqlite")
    before = file.stat().st_mtime_ns
    second = own_home.run("facility", "Gary", "--json")
    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout == second.stdout
    assert file.stat().st_mtime_ns == before


def test_the_mirror_may_be_named_in_the_environment(home, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    command = [sys.executable, "-m", "comingclean", "compile", "--out", str(tmp_path / "new")]
    own = {
        "PYTHONPATH": str(home.folder / "site"),
        "COMINGCLEAN_MIRROR": str(SLICES),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(command, env=own, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new/manifest.json").exists()


def test_python_has_the_same_verbs(shipped, tmp_path):
    assert set(cc.__all__) >= {
        "build",
        "check",
        "compile",
        "export",
        "facility",
        "run",
        "table",
        "values",
    }
    assert [answer.rows for answer in cc.check(shipped)] == [()] * len(QUESTIONS)
    assert cc.table("value", shipped).equals(table(shipped, "value"))
    assert dict(cc.table("value", shipped).schema) == VALUE.schema
    scope1 = cc.values("ghg_scope1", shipped)
    assert set(scope1["quantity"]) == {"ghg_scope1"}
    assert (
        scope1.height == say(shipped, "select count(*) from value where quantity = 'ghg_scope1'")[0][0]
    )
    assert cc.export(tmp_path, file=shipped) == sorted((tmp_path / "csv").iterdir())
    assert cc.__version__ == __version__


@pytest.mark.parametrize(
    ("verb", "name", "what"),
    [
        (cc.table, "values", "no table “values”. Mend: choose among facility, facility_year"),
        (cc.table, "value; drop table value", "no table"),
        (cc.values, "happiness", "no quantity “happiness”"),
        (cc.facility, "nobody", "“nobody” means no plant of the atlas"),
    ],
)
def test_python_refuses_an_unknown_name_with_the_choices(verb, name, what, shipped):
    with pytest.raises(InputError, match=what):
        verb(name, shipped)


def test_an_error_says_where_what_and_how_to_mend_it():
    error = InputError("a hole", "fill it", file="road.csv", row=7)
    assert str(error) == "road.csv, row 7: a hole. Mend: fill it."
    assert str(InputError("a hole", "fill it")) == "a hole. Mend: fill it."
    assert str(InputError("a hole", "fill it", file="road.csv")) == "road.csv: a hole. Mend: fill it."


def test_the_status_tells_whose_mistake_it_was():
    assert InputError("a", "b").exit_status == 2
    assert (CheckError("a").exit_status, WriteError("a").exit_status) == (1, 1)
    assert issubclass(InputError, ComingCleanError)
