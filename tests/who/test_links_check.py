"""`links check` and `compile`: what files put in doubt is told in one line each, and recorded."""

import json
import shutil

import polars as pl
import pytest
from typer.testing import CliRunner

from comingclean import cli_links
from comingclean.checks import QUESTIONS
from comingclean.database import build_database
from comingclean.errors import CheckError, InputError
from comingclean.facilities.links import IDENTIFIERS
from sliced import GARY, ROOT, SLICES, compile_slices, edit, error_line, say

EAST, STAINLESS = "cleveland-cliffs-indiana-harbor-east-in", "north-american-stainless-ghent-ky"
GARY_TRI, STAINLESS_TRI = "46402SSGRYONENO", "41045NRTHMUS42E"


def change(data, *pairs):
    """Replace texts of identifiers.csv; a pair given as (a, b, True) changes places."""
    path = data / IDENTIFIERS
    text = path.read_text("utf-8")
    for old, new, *both in pairs:
        assert old in text
        text = (
            text.replace(old, "@@").replace(new, old).replace("@@", new)
            if both
            else text.replace(old, new)
        )
    path.write_text(text, "utf-8")


def doubts(snapshot):
    frame = pl.read_parquet(snapshot / "link_doubt.parquet")
    return {(row["facility_id"], row["program"], row["doubt"]) for row in frame.iter_rows(named=True)}


def test_an_id_that_left_and_two_plants_swapped_are_told_and_recorded(snapshot, own_data, tmp_path):
    change(own_data, (GARY_TRI, "46402GONEGONE00"), ("P100000120966", "P100000120926", True))
    done = compile_slices(SLICES, tmp_path / "out", own_data)
    new = doubts(done.out) - doubts(snapshot)
    assert (GARY, "tri", "left") in new
    assert (GARY, "gem", "moved") in new
    assert {kind for plant, _, kind in new if plant == EAST} >= {"moved"}
    gone = f"{GARY}, tri 46402GONEGONE00: the file of 2020 does not have this id"
    assert any(line.startswith(gone) for line in done.doubts), done.doubts
    again = compile_slices(SLICES, tmp_path / "out", own_data)
    assert not again.changed
    assert again.doubts == done.doubts


def test_two_plants_that_a_new_vintage_swaps_are_told_with_new_vintage_too(
    snapshot, own_data, mirror, tmp_path
):
    path = mirror / "epa-stewi-tri/facility_TRI_2020.parquet"
    frame = pl.read_parquet(path)
    swap = {GARY_TRI: STAINLESS_TRI, STAINLESS_TRI: GARY_TRI}
    frame.with_columns(pl.col("FacilityID").replace(swap)).write_parquet(path)
    done = compile_slices(mirror, tmp_path / "out", own_data, new_vintage=True)
    assert done.new_files
    new = doubts(done.out) - doubts(snapshot)
    assert {(GARY, "tri", "swapped"), (STAINLESS, "tri", "swapped")} <= new
    assert {(GARY, "tri", "other state"), (STAINLESS, "tri", "other state")} <= new


def test_a_database_with_a_link_in_doubt_does_not_pass_the_check(own_data, tmp_path):
    change(own_data, (GARY_TRI, "46402GONEGONE00"))
    done = compile_slices(SLICES, tmp_path / "out", own_data)
    build_database(tmp_path / "atlas.sqlite", snapshot=done.out, data=own_data)
    (asked,) = [q for q in QUESTIONS if q.name == "no link and no attribute is in doubt"]
    rows = say(tmp_path / "atlas.sqlite", asked.sql)
    assert (GARY, "tri", "46402GONEGONE00") in {row[:3] for row in rows}


def test_an_attribute_that_its_row_no_longer_says_is_in_doubt(snapshot, own_data, mirror, tmp_path):
    path = own_data / "attributes.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = next(i for i, line in enumerate(lines) if line.startswith(f"{GARY},capacity_steel,"))
    lines[at] = lines[at].replace(lines[at].split(",")[2], "123", 1)
    path.write_text("".join(lines), "utf-8")
    new = doubts(compile_slices(mirror, tmp_path / "out", own_data).out) - doubts(snapshot)
    assert new == {(GARY, "capacity_steel", "other words")}


def test_a_plant_that_stands_where_it_filed_and_now_files_another_point_is_in_doubt(
    snapshot, own_data, mirror, tmp_path
):
    before = doubts(snapshot)
    point = pl.read_csv(own_data / "attributes.csv", infer_schema=False).filter(
        facility_id="alcoa-warrick-in", attribute="coordinates"
    )
    assert point["source"][0] == "epa_ghgrp"
    path = own_data / "attributes.csv"
    text = path.read_text("utf-8")
    path.write_text(text.replace(point["value"][0], "37.0, -87.0"), "utf-8")
    new = doubts(compile_slices(mirror, tmp_path / "out", own_data).out) - before
    assert new == {("alcoa-warrick-in", "coordinates", "moved")}


def run(*arguments):
    return CliRunner().invoke(cli_links.app, ["check", *(str(part) for part in arguments)])


def test_the_shipped_links_are_in_no_doubt_as_far_as_the_slices_reach(tmp_path):
    """The slices hold few plants, so a table of these alone is asked about."""
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in ("identifiers.csv", "attributes.csv", "facilities.csv"):
        head, *lines = (data / name).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.startswith((GARY, STAINLESS))]
        (data / name).write_text(head + "".join(kept), "utf-8")
    done = run("--mirror", SLICES, "--data", data)
    assert done.exception is None, done.output
    assert done.stdout.splitlines()[-1] == "0 in doubt"


def test_the_command_names_each_doubt_and_fails(tmp_path):
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    for name in ("identifiers.csv", "attributes.csv", "facilities.csv"):
        head, *lines = (data / name).read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.startswith(GARY)]
        (data / name).write_text(head + "".join(kept), "utf-8")
    change(data, (GARY_TRI, "46402GONEGONE00"))
    done = run("--mirror", SLICES, "--data", data, "--json")
    assert isinstance(done.exception, CheckError)
    (doubt,) = json.loads(done.stdout)
    assert (doubt["facility_id"], doubt["program"], doubt["doubt"]) == (GARY, "tri", "left")


def test_a_mirror_without_any_of_the_files_is_named(tmp_path):
    done = run("--mirror", tmp_path)
    assert isinstance(done.exception, InputError)
    assert "no file of any program" in str(done.exception)


@pytest.mark.parametrize("option", ["--mirror"])
def test_the_installed_command_says_one_line(home, tmp_path, option):
    done = home.run("links", "check", option, tmp_path)
    assert done.returncode == 2
    assert "no file of any program" in error_line(done)


def test_compile_prints_a_line_for_each(own_home, mirror, tmp_path):
    data = own_home.folder / "site" / "comingclean" / "shipped/data"
    change(data, (GARY_TRI, "46402GONEGONE00"))
    done = own_home.run("compile", "--mirror", mirror, "--out", tmp_path / "out")
    assert done.returncode == 0
    assert f"in doubt: {GARY}, tri 46402GONEGONE00: the file of" in done.stdout


def test_a_workbook_that_lost_the_frs_id_of_a_plant_does_not_matter_while_the_list_has_it(
    mirror, data, tmp_path
):
    """Slices have no match list: without one nothing is said of FRS ids."""
    edit(mirror / "epa-ghgrp/ghgp_data_2023.xlsx", lambda cells: None)
    done = compile_slices(mirror, tmp_path / "out", data, new_vintage=True)
    assert "frs" not in {program for _, program, _ in doubts(done.out)}
