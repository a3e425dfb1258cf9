"""The command `comingclean links`: what it proposes, what it writes, and what it refuses to write."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from comingclean import cli_links
from comingclean.errors import InputError, WriteError
from comingclean.facilities import records
from comingclean.facilities.decide import Link, record_link, record_missing
from comingclean.facilities.links import IDENTIFIERS, MISSING, links
from sliced import ROOT, SLICES, error_line

HERE = Path(__file__).parent / "slices"
GARY, THOMSON = "us-steel-gary-works-in", "us-steel-edgar-thomson-pa"
GARY_TRI = "46402SSGRYONENO"
STANDS = {
    "gem_steel.xlsx": "gem/Plant-level-data-Global-Iron-and-Steel-Tracker-September-2025-V1.xlsx",
    "gem_cement.xlsx": "gem/Global-Cement-and-Concrete-Tracker_July-2025.xlsx",
    "sfi.xlsx": "sfi/SFI-Global-Cement-Database-July-2021.xlsx",
    "facility_TRI_2020.parquet": "epa-stewi-tri/facility_TRI_2020.parquet",
    "facility_TRI_2017.csv.gz": "epa-stewi-tri/facility_TRI_2017.csv.gz",
    "aegis_steel_2017.csv.gz": (
        "nrel-aegis/2017/steel/"
        "steel_inventory_facility_level_including_all_facilities_from_all_db.csv.gz"
    ),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The sliced official files where a mirror has them."""
    folder = tmp_path_factory.mktemp("official")
    for name, place in STANDS.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / name, folder / place)
    (folder / "epa-egrid").mkdir()
    shutil.copy(SLICES / "epa-egrid/facility_eGRID_2018.csv", folder / "epa-egrid")
    return folder


@pytest.fixture
def desk(tmp_path):
    """The decisions of the project, free to be written, without Gary's and the Alamo plant's links."""
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    path = data / IDENTIFIERS
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if GARY_TRI not in line and "P100000126514" not in line]
    path.write_text("".join(kept), "utf-8")
    return data


def run(*arguments, keys=None):
    return CliRunner().invoke(cli_links.app, [str(part) for part in arguments], input=keys)


def said(done):
    assert done.exception is None, done.exception
    return done.stdout


def refused(done):
    assert isinstance(done.exception, InputError), done.output
    return str(done.exception)


def rows_of(data, plant, file=IDENTIFIERS):
    with (data / file).open(newline="", encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["facility_id"] == plant]


def test_the_likeliest_record_is_proposed_first_with_what_speaks_for_it(files, desk):
    text = said(
        run("propose", "--mirror", files, "--data", desk, "--facility", GARY, "--program", "tri")
    )
    head, first = text.splitlines()[:2]
    assert head == f"{GARY} in tri: U.S. Steel Gary Works, Gary"
    assert f"{GARY_TRI} USS GARY WORKS, GARY: " in first
    for part in ("km (distance ", "name 1.00", "city 1.00"):
        assert part in first


def test_records_are_those_of_the_country_each_with_its_row(files):
    known = records.read("gem", records.below(files, ROOT / "data"))
    assert len(known) == 10
    assert "Hyundai Steel Louisiana plant" in known["P100001047682"].names
    assert all(place.origin.startswith("gem/") and place.state is None for place in known.values())


def test_only_plants_without_a_link_are_proposed_for(files, desk):
    options = ("propose", "--mirror", files, "--data", desk, "--program", "gem", "--json")
    open_ = json.loads(said(run(*options)))
    assert [case["facility"] for case in open_] == ["alamo-cement-san-antonio-tx"]
    (best, *_) = open_[0]["proposals"]
    assert (best["id"], best["origin"].rsplit(" ", 1)[0]) == (
        "P100000126514",
        f"{STANDS['gem_cement.xlsx']} row",
    )
    assert best["distance_km"] < 1
    assert set(best["parts"]) == {"distance", "name", "address", "city", "owner"}


def test_what_was_settled_with_a_reason_comes_again_only_when_asked(files, desk):
    options = ["propose", "--mirror", files, "--data", desk, "--program", "sfi"]
    assert "0 without a link" in said(run(*options))
    again = said(run(*options, "--again"))
    assert int(again.splitlines()[-1].split()[0]) > 1


def test_proposing_writes_nothing(files, desk):
    before = {path: path.read_bytes() for path in desk.iterdir() if path.is_file()}
    said(run("propose", "--mirror", files, "--data", desk))
    assert {path: path.read_bytes() for path in desk.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--facility", "nowhere-mill"], "no plant “nowhere-mill”"),
        (["--program", "frs"], "the records of frs have no names or places"),
    ],
)
def test_what_cannot_be_proposed_for_is_refused(files, desk, arguments, words):
    assert words in refused(run("propose", "--mirror", files, "--data", desk, *arguments))


def test_a_mirror_without_the_files_is_named(tmp_path, desk):
    text = refused(run("propose", "--mirror", tmp_path, "--data", desk, "--program", "sfi"))
    assert "no file of sfi" in text


# --- deciding


def decide(desk, *arguments):
    return run("decide", *arguments, "--data", desk)


SURE = ("--confidence", "certain", "--reason", "the only steel works of U.S. Steel in Gary")


def test_a_decision_is_written_with_its_evidence_behind_the_plants_other_rows(files, desk):
    before = (desk / IDENTIFIERS).read_text("utf-8").splitlines()
    said(decide(desk, GARY, "tri", GARY_TRI, *SURE, "--mirror", files))
    after = (desk / IDENTIFIERS).read_text("utf-8").splitlines()
    (new,) = [line for line in after if line not in before]
    assert [line for line in after if line != new] == before
    assert {line.split(",")[0] for line in after[after.index(new) - 1 :][:1]} == {GARY}
    row = next(row for row in rows_of(desk, GARY) if row["program_id"] == GARY_TRI)
    assert (row["link_method"], row["confidence"]) == ("by hand", "certain")
    assert row["reason"] == SURE[-1]
    assert row["evidence"].startswith(f"{STANDS['facility_TRI_2020.parquet']} row ")
    assert "USS GARY WORKS" in row["evidence"]
    assert links(desk).height == len(after) - 1


def test_evidence_may_be_given_in_words(desk):
    said(decide(desk, GARY, "tri", GARY_TRI, *SURE, "--evidence", "the sign at the gate"))
    row = next(row for row in rows_of(desk, GARY) if row["program_id"] == GARY_TRI)
    assert row["evidence"] == "the sign at the gate"


REFUSALS = {
    "no reason": (
        (GARY, "tri", GARY_TRI, "--confidence", "certain", "--evidence", "x"),
        "without reason",
    ),
    "blank reason": (
        (GARY, "tri", GARY_TRI, "--confidence", "certain", "--evidence", "x", "--reason", "  "),
        "without reason",
    ),
    "no evidence": ((GARY, "tri", GARY_TRI, *SURE), "without evidence"),
    "no confidence": ((GARY, "tri", GARY_TRI, "--reason", "x", "--evidence", "x"), "not a confidence"),
    "no such program": ((GARY, "epa", "1", *SURE, "--evidence", "x"), "“epa” is not a program"),
    "no such plant": (("nowhere", "tri", "1", *SURE, "--evidence", "x"), "no plant “nowhere”"),
    "another's id": (
        (GARY, "gem", "P100000120964", *SURE, "--evidence", "x"),
        f"gem P100000120964 is linked to {THOMSON} already",
    ),
    "an id of the registry": (
        (GARY, "gem", "P100000120988", *SURE, "--evidence", "x", "--why", "the same"),
        "gem P100000120988 is the id by which nucor-apple-grove-wv is known",
    ),
    "a GHGRP id": (
        (GARY, "ghgrp", "1000156", *SURE, "--evidence", "x"),
        "GHGRP ids stand in the registry",
    ),
    "twice": (
        (THOMSON, "gem", "P100000120964", *SURE, "--evidence", "x"),
        f"{THOMSON} gem P100000120964 stands there already",
    ),
    "no id and no terminal": ((GARY, "tri"), "no terminal to ask at"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_decision_that_cannot_stand_is_refused_and_nothing_is_written(desk, case, monkeypatch):
    monkeypatch.delenv("COMINGCLEAN_MIRROR", raising=False)
    arguments, words = REFUSALS[case]
    before = (desk / IDENTIFIERS).read_bytes()
    assert words in refused(decide(desk, *arguments))
    assert (desk / IDENTIFIERS).read_bytes() == before


def test_a_record_that_the_files_do_not_have_is_refused(files, desk):
    text = refused(decide(desk, GARY, "tri", "99999NOBODY", *SURE, "--mirror", files))
    assert "tri has no record 99999NOBODY" in text


def test_a_decision_keeps_the_years_of_its_record_and_drops_the_reason_why_there_was_none(files, desk):
    record_missing(GARY, "tri", "it could not be found", desk)
    assert "tri" in {row["program"] for row in rows_of(desk, GARY, MISSING)}
    said(decide(desk, GARY, "tri", GARY_TRI, *SURE, "--mirror", files))
    row = next(row for row in rows_of(desk, GARY) if row["program_id"] == GARY_TRI)
    assert (row["first_year"], row["last_year"]) == ("2017", "2020")
    assert "tri" not in {row["program"] for row in rows_of(desk, GARY, MISSING)}


def test_a_record_in_another_state_needs_a_yes_of_its_own(files, desk):
    known = records.read("tri", records.below(files, ROOT / "data"))
    number = next(name for name, place in sorted(known.items()) if place.state == "PA")
    arguments = (desk, GARY, "tri", number, *SURE, "--mirror", files, "--why", "a test")
    text = refused(decide(*arguments))
    assert "the record stands in PA" in text
    assert "--far" in text
    assert number not in {row["program_id"] for row in rows_of(desk, GARY)}
    said(decide(*arguments, "--far"))
    assert number in {row["program_id"] for row in rows_of(desk, GARY)}


def test_an_id_is_shared_when_someone_says_why_and_every_row_then_does(desk):
    why = "one record for both works"
    said(decide(desk, GARY, "gem", "P100000120964", *SURE, "--evidence", "x", "--why", why))
    for plant, other in ((GARY, THOMSON), (THOMSON, GARY)):
        row = next(r for r in rows_of(desk, plant) if r["program_id"] == "P100000120964")
        assert row["reason"].endswith(f"Shared with {other}: {why}")
    assert links(desk).height > 1000


def test_a_full_disk_leaves_what_stood_there(desk, monkeypatch):
    def full(self, *arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    before = (desk / IDENTIFIERS).read_bytes()
    link = Link(GARY, "tri", GARY_TRI, "certain", "seen", "the same")
    with pytest.raises(WriteError, match="No space left"):
        record_link(link, desk)
    assert (desk / IDENTIFIERS).read_bytes() == before
    assert sorted(path.name for path in desk.iterdir() if path.name.startswith(".")) == []


def test_a_table_with_a_torn_row_is_not_rewritten(desk):
    path = desk / IDENTIFIERS
    path.write_text(path.read_text("utf-8") + "a,tri,1,id,certain,,,,x,y,one cell too many\n", "utf-8")
    before = path.read_bytes()
    assert "a row that is cut off" in refused(
        decide(desk, GARY, "tri", GARY_TRI, *SURE, "--evidence", "x")
    )
    assert path.read_bytes() == before


def asked(monkeypatch, *answers):
    left = list(answers)
    monkeypatch.setattr(cli_links, "_at_terminal", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: left.pop(0))
    return left


def test_at_a_terminal_a_person_chooses_from_the_proposals(files, desk, monkeypatch):
    left = asked(monkeypatch, "1", "certain", "same name, same city")
    text = said(decide(desk, GARY, "tri", "--mirror", files))
    assert left == []
    assert "  1. " in text
    row = next(row for row in rows_of(desk, GARY) if row["program_id"] == GARY_TRI)
    assert row["reason"] == "same name, same city"


def test_at_a_terminal_a_shared_id_is_left_when_nobody_says_why(files, desk, monkeypatch):
    record_link(Link(THOMSON, "tri", GARY_TRI, "possible", "a test", "a test"), desk)
    before = (desk / IDENTIFIERS).read_bytes()
    asked(monkeypatch, "1", "")
    assert "left open" in said(decide(desk, GARY, "tri", "--mirror", files))
    assert (desk / IDENTIFIERS).read_bytes() == before


def test_at_a_terminal_none_is_recorded_with_its_reason(files, desk, monkeypatch):
    asked(monkeypatch, "n", "it reports under another name")
    said(decide(desk, GARY, "tri", "--mirror", files))
    (row,) = [row for row in rows_of(desk, GARY, MISSING) if row["program"] == "tri"]
    assert row["reason"] == "it reports under another name"


def test_the_installed_command_fails_in_one_line_with_status_2(home):
    done = home.run("links", "decide", GARY, "tri", GARY_TRI, "--evidence", "x")
    assert done.returncode == 2
    assert "a link without reason" in error_line(done)
