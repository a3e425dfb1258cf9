"""The command `near`: one place or many, and every way to ask for what cannot be."""

import json
import re

import polars as pl
import pytest
from distributed import LocalCluster
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comingclean import verbs_near
from comingclean.errors import InputError
from sliced import error_line

GARY = "41.61,-87.33"


def near(command, shipped, *arguments):
    return command("near", *arguments, "--database", shipped)


def test_a_place_has_its_report_on_the_terminal(command, shipped):
    said = near(command, shipped, GARY)
    assert (said.status, said.err) == (0, "")
    for text in (
        "41.61, -87.33",
        "within 3 miles",
        "People of color, %",
        "U.S. Steel Gary Works",
        "nearest open air monitor",
        "IL, IN",
    ):
        assert text in said.out
    assert "None" not in said.out


def test_a_place_by_zip_code_and_city_is_the_same_report(command, shipped):
    by_code = near(command, shipped, "46402", "--json").json
    by_name = near(command, shipped, "Gary, Indiana", "--json").json
    assert by_code["label"] == "46402 Gary, IN"
    assert by_name["label"] == "Gary, IN"
    assert by_code["county"] == by_name["county"]
    assert {row["radius_miles"] for row in by_code["community"]} == {1, 3, 5, 10}
    assert by_code["words"]["poverty"]["label_es"]


def test_radii_that_are_asked_for_are_those_of_the_report_and_the_widest_is_the_reach(command, shipped):
    report = near(command, shipped, GARY, "--miles", "2,0.5", "--json").json
    assert sorted({row["radius_miles"] for row in report["community"]}) == [0.5, 2]
    assert report["miles"] == 2
    assert max(row["miles"] for row in report["plants"] + report["emitters"]) <= 2
    shown = near(command, shipped, GARY, "--miles", "1").out
    assert "within 1 mile " in shown


def test_people_of_a_sparse_place_are_not_split_on_the_terminal(command, shipped):
    said = near(command, shipped, "45.0,-105.5")
    assert "sparse" in said.out or "no one counted" in said.out
    for label in ("People of color", "Households in poverty", "Black"):
        assert label not in said.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ["-87.33,41.6"],
            "swapped coordinates (-87.33, 41.6 has the longitude first; nothing was counted)",
        ),
        (["51.5,-0.1"], "out of the country"),
        (["31.7,-106.45"], "the place lies in Mexico, whose people are in no file here"),
        (["42.317,-83.04"], "the place lies in Canada"),
        (["41.6,87.33"], "is it -87.33?"),
        (["0,0"], "0, 0 often stands for an unknown place"),
        (["13.45,144.75"], "not covered"),
        (["941,-87"], "is no place on Earth"),
        (["Springfield"], "may mean Springfield, IL; Springfield, MA"),
        (["xyzzy"], "“xyzzy” is no place"),
        (["41.6"], "“41.6” is no place"),
        (["41.6,"], "“41.6,” is no place"),
        ([""], "“” is no place"),
        ([GARY, "--miles", "0"], "a radius of 0 miles. Mend: give miles from 0.1 to 50"),
        ([GARY, "--miles", "500"], "a radius of 500 miles. Mend: give miles from 0.1 to 50"),
        ([GARY, "--miles", "1,-3"], "a radius of -3 miles"),
        ([GARY, "--miles", "three"], "a radius of “three” miles"),
        ([GARY, "--miles", ",".join(map(str, range(1, 22)))], "21 radii"),
        (["nobody.csv"], "nobody.csv: cannot be read (No such file or directory)"),
        ([GARY, "--layer", "nobody.parquet"], "nobody.parquet: no such file of people"),
        ([GARY, "--scheduler", "nonsense"], "no scheduler answers at nonsense"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_status_2(
    arguments, says, command, shipped, monkeypatch
):
    monkeypatch.setattr("comingclean.proximity.tiles._PATIENCE", 0.2)
    said = near(command, shipped, *arguments)
    assert (said.status, said.out) == (2, "")
    (line,) = said.err.splitlines()
    assert line.startswith("comingclean: ")
    assert says in line
    assert "Mend: " in line


@settings(max_examples=50)
@example("٤٦٤٠٢")
@example("４６４０２")
@example("a" * 5000)
@example("\x00")
@given(st.text().filter(lambda text: text != "-"))
def test_whatever_place_is_named_the_answer_is_a_report_or_one_line(shipped, text):
    for ask in (lambda: verbs_near.place(text, shipped, miles="1"), lambda: verbs_near.near(text, "1")):
        try:
            assert len(ask())
        except InputError as error:
            assert "Mend: " in str(error)


def test_swapped_coordinates_are_mended_by_what_the_line_says(command, shipped):
    mend = near(command, shipped, "-87.33,41.6").err.split("Mend: write ")[1].strip().rstrip(".")
    assert mend == "41.6,-87.33"
    assert near(command, shipped, mend).status == 0


def test_an_option_that_is_none_is_a_mistake_and_no_place(command):
    said = command("near", GARY, "--mils", "3")
    assert said.status == 2
    assert "Usage:" in said.err


def test_at_sea_the_report_says_so_and_counts_nobody(command, shipped):
    said = near(command, shipped, "43,-87")
    assert said.status == 0
    assert "at sea: the place lies in open water" in said.out
    assert re.search(r"^\s*10\s+0\s+0–0\s", said.out, re.M)


ROWS = """id,lat,lon
gary,41.61,-87.33
swapped,-87.33,41.61
empty,,-87.33
text,41°36',-87.33
london,51.5,-0.1
lake,43,-87
line,41.66,-87.525
off earth,141,-87.33
guam,13.45,144.75
desert,45.0,-105.5
"""


def test_every_bad_row_has_its_own_answer_and_the_good_rows_are_computed(command, points, tmp_path):
    out = tmp_path / "out.csv"
    said = command("near", points(ROWS), "--miles", "1,500", "--out", out)
    assert (said.status, said.out, said.err) == (0, f"{out}: 20 rows\n", "")
    frame = pl.read_csv(out)
    assert frame["id"].to_list()[::2] == [line.split(",")[0] for line in ROWS.splitlines()[1:]]
    assert dict(frame.filter(pl.col("miles") == 1).select("id", "status").iter_rows()) == {
        "gary": "ok",
        "swapped": "swapped coordinates",
        "empty": "missing coordinates",
        "text": "not numbers",
        "london": "out of the country",
        "lake": "at sea",
        "line": "ok",
        "off earth": "impossible coordinates",
        "guam": "not covered",
        "desert": "no one counted",
    }
    wide = frame.filter(pl.col("miles") == 500)
    assert wide["population"].null_count() == 10
    assert wide.filter(pl.col("id").is_in(["gary", "line", "desert"]))["status"].unique().to_list() == [
        "impossible radius"
    ]
    line = frame.row(by_predicate=(pl.col("id") == "line") & (pl.col("miles") == 1), named=True)
    assert line["states"] == "IL IN"
    assert "across a state line" in line["message"]
    assert frame.filter(pl.col("population").is_null())["message"].null_count() == 0


def test_a_csv_with_other_names_is_understood_and_one_that_cannot_be_told_is_refused(command, points):
    said = command("near", points("Name;Latitude;LONG\ngary;41.61;-87.33\n"), "--miles", "1")
    assert said.status == 0
    assert said.out.splitlines()[1].startswith("gary,1,")
    for text, says in (
        ("id,north,east\na,1,2\n", "no column of the latitude"),
        ("id,lat\na,1\n", "no column of the longitude"),
        ("", "not a readable CSV"),
    ):
        bad = command("near", points(text, "bad.csv"))
        assert (bad.status, bad.out) == (2, "")
        assert says in bad.err
        assert "bad.csv" in bad.err
        assert bad.err.count("\n") == 1


def test_of_100_001_rows_the_last_says_why_it_is_not_computed(command, points, tmp_path):
    out = tmp_path / "out.csv"
    file = points("id,lat,lon\n" + "a,41.61,-87.33\n" * 100_000 + "b,41.61,-87.33\n")
    said = command("near", file, "--miles", "1", "--out", out)
    assert (said.status, said.out) == (0, f"{out}: 100,001 rows\n")
    frame = pl.read_csv(out)
    assert frame["status"][:-1].unique().to_list() == ["ok"]
    assert frame["population"][:-1].n_unique() == 1
    assert frame["status"][-1] == "over the limit"


def test_a_place_and_a_file_give_the_same_people(command, points, shipped):
    many = command("near", points("id,lat,lon\ngary,41.61,-87.33\n"), "--json").json
    one = near(command, shipped, GARY, "--json").json
    people = {row["radius_miles"]: row for row in one["community"] if row["indicator"] == "population"}
    assert [row["miles"] for row in many] == [1, 3, 5]
    for row in many:
        found = people[row["miles"]]
        assert row["population"] == round(found["value"])
        assert (row["low"], row["high"]) == (round(found["low"]), round(found["high"]))


def test_one_place_can_be_written_to_a_file_too(command, tmp_path):
    out = tmp_path / "gary.csv"
    said = command("near", "46402", "--miles", "3", "--out", out)
    assert (said.status, said.out) == (0, f"{out}: 1 rows\n")
    assert pl.read_csv(out)["population"][0] > 10_000


def test_people_of_ones_own_are_counted_instead(command, points, tmp_path):
    layer = points(
        "id,lat,lon,population\n1,41.61,-87.33,7\n2,41.62,-87.33,5\n3,42.61,-87.33,100\n", "own.csv"
    )
    said = command("near", GARY, "--layer", layer, "--miles", "1", "--json")
    assert [row["population"] for row in said.json] == [12]


def test_what_cannot_be_written_is_one_line_and_nothing_is_left(command, points, tmp_path):
    file = points("id,lat,lon\ngary,41.61,-87.33\n")
    for out in (file / "out.csv", tmp_path):
        said = command("near", file, "--miles", "1", "--out", out)
        assert said.status == 1
        (line,) = said.err.splitlines()
        assert str(out) in line
    assert sorted(path.name for path in tmp_path.iterdir()) == ["points.csv"]


def test_the_installed_command_reads_a_pipe_and_answers_in_json(home, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("id,lat,lon\ngary,41.61,-87.33\nbad,x,y\n")
    with file.open() as piped:
        done = home.run("near", "-", "--miles", "1", "--json", stdin=piped)
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)
    assert [(row["id"], row["status"]) for row in rows] == [("gary", "ok"), ("bad", "not numbers")]
    assert rows[0]["population"] > 1000
    with (tmp_path / "empty").open("w+") as nothing:
        done = home.run("near", "-", stdin=nothing)
    assert done.returncode == 2
    assert "not a readable CSV" in error_line(done)


def test_the_installed_command_knows_a_place_from_its_own_slices(home, atlas):
    done = home.run("near", "-87.33,41.6", "--database", atlas)
    assert done.returncode == 2
    assert "Mend: write 41.6,-87.33" in error_line(done)
    done = home.run("near", GARY, "--database", atlas)
    assert (done.returncode, done.stderr) == (0, "")
    assert "U.S. Steel Gary Works" in done.stdout


def test_a_cluster_of_two_workers_gives_the_same_bytes(command, points, tmp_path):
    lines = [f"{n},{41 + n / 10},{-87 - n / 10}" for n in range(40)]
    file = points("\n".join(["id,lat,lon", *lines]))
    alone, spread = tmp_path / "alone.csv", tmp_path / "spread.csv"
    assert command("near", file, "--out", alone).status == 0
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        cluster.wait_for_workers(2, timeout=30)
        said = command("near", file, "--out", spread, "--scheduler", cluster.scheduler_address)
    assert said.status == 0
    assert spread.read_bytes() == alone.read_bytes()
    assert pl.read_csv(alone)["population"].sum() > 100_000


def test_in_python_a_place_that_is_several_or_none_raises_with_its_mend(shipped):
    with pytest.raises(InputError, match="Mend: name one of these"):
        verbs_near.place("Springfield", shipped)
    with pytest.raises(InputError, match="name a place in the United States or Puerto Rico"):
        verbs_near.place("51.5,-0.1", shipped)
    with pytest.raises(InputError, match="a radius of 0 miles"):
        verbs_near.place(GARY, shipped, miles="0")
    assert verbs_near.near("46402", "1")["id"].to_list() == ["46402"]
