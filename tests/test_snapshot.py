"""Compile: official files in, the compact snapshot out, the same bytes every time."""

import json
import shutil

import polars as pl
import pytest

from comingclean import digest, paths
from comingclean.errors import InputError
from comingclean.snapshot import compile_snapshot
from comingclean.sources import totals
from sliced import BOOK, COUNTIES, ROOT, SLICES, YEARS, compile_slices, edit, slice_of, tree


def test_compiling_twice_gives_the_same_bytes(snapshot, data, tmp_path):
    again = compile_slices(SLICES, tmp_path / "again", data)
    assert again.changed
    assert tree(again.out) == tree(snapshot)


def test_nothing_is_done_when_nothing_changed(snapshot, data, tmp_path):
    out = shutil.copytree(snapshot, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    steps = []
    done = compile_slices(SLICES, out, data, progress=steps.append)
    assert (done.changed, done.rows, steps) == (False, 0, [])
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


@pytest.mark.parametrize("name", ["facilities.csv", "corrections.csv"])
def test_another_decision_compiles_anew(name, snapshot, own_data, tmp_path):
    out = shutil.copytree(snapshot, tmp_path / "out")
    with (own_data / name).open() as stream:
        text = stream.read()
    (own_data / name).write_text(text.replace("the ", "this ", 1))
    assert compile_slices(SLICES, out, own_data).changed


def test_other_outlines_of_counties_compile_anew(snapshot, data, tmp_path):
    out = shutil.copytree(snapshot, tmp_path / "out")
    other = tmp_path / "counties.json"
    other.write_text(COUNTIES.read_text() + "\n")
    assert compile_snapshot(SLICES, out, data=data, counties=other).changed


def test_missing_outlines_of_counties_are_named_with_their_mend(data, tmp_path):
    with pytest.raises(InputError, match="no outlines of counties"):
        compile_snapshot(SLICES, tmp_path / "out", data=data, counties=tmp_path / "none.json")


def test_progress_names_every_workbook_in_the_order_of_years(data, tmp_path):
    steps = []
    compile_slices(SLICES, tmp_path / "out", data, progress=steps.append)
    assert steps[:4] == [f"reading ghgp_data_{year}.xlsx" for year in YEARS]
    assert steps[-1] == f"writing {tmp_path / 'out'}"


def test_the_snapshot_has_our_plants_and_nobody_else(snapshot):
    ours = set(
        pl.read_csv(SLICES / "data/facilities.csv").filter(program="ghgrp")["program_id"].cast(str)
    )
    for name in ("ghgrp_filing", "ghgrp_amount", "combustion_tier"):
        assert set(pl.read_parquet(snapshot / f"{name}.parquet")["ghgrp_id"]) == ours
    assert pl.read_parquet(snapshot / "ghgrp_filing.parquet").height == len(ours) * len(YEARS)


def test_the_snapshot_knows_each_file_by_checksum_sheet_and_date(snapshot):
    files = pl.read_parquet(snapshot / "file.parquet")
    cards = (SLICES / "data/files.csv").read_text().splitlines()[1:]
    assert set(files["name"]) == {line.split(",")[1] for line in cards}
    for row in files.iter_rows(named=True):
        assert row["sha256"] == digest.sha256(SLICES / row["name"])
    book = files.filter(name=BOOK).row(0, named=True)
    assert (book["sheet"], book["as_of"], book["year"]) == ("Direct Emitters", "2023-08-18", 2020)


def test_a_compile_that_was_cut_off_before_the_cards_were_written_writes_them_the_next_time(
    mirror, own_data, tmp_path, monkeypatch
):
    edit(mirror / BOOK, lambda cells: cells.__setitem__((4, 70), "Direct Air Capture"))
    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("comingclean.sources.card.record", _interrupted)
        compile_slices(mirror, tmp_path / "out", own_data, new_vintage=True)
    again = compile_slices(mirror, tmp_path / "out", own_data, new_vintage=True)
    assert (again.changed, again.new_files) == (False, (BOOK,))
    assert not compile_slices(mirror, tmp_path / "out", own_data).changed


def _interrupted(*_):
    raise KeyboardInterrupt


def test_a_new_column_is_told_in_the_snapshot(mirror, own_data, tmp_path):
    edit(mirror / BOOK, lambda cells: cells.__setitem__((4, 70), "Direct Air Capture"))
    out = compile_slices(mirror, tmp_path / "out", own_data, new_vintage=True).out
    told = pl.read_parquet(out / "file.parquet").filter(name=BOOK)["unknown_columns"].to_list()
    assert told == ['["Direct Air Capture"]']


def test_the_manifest_counts_the_rows_of_each_table(snapshot):
    manifest = json.loads((snapshot / "manifest.json").read_text())
    counts = {name: pl.read_parquet(snapshot / f"{name}.parquet").height for name in manifest["rows"]}
    assert manifest["rows"] == counts
    assert {path.stem for path in snapshot.glob("*.parquet")} == set(counts)


def test_control_totals_hold_the_national_sum_beside_the_sum_of_all_rows_read(snapshot):
    control = pl.read_parquet(snapshot / "control_total.parquet")
    assert set(control.select("year", "subpart").iter_rows()) == {
        (y, s) for y in (2020, 2023) for s in "CFHQ"
    }
    weights = {"CH4": 25, "N2O": 298, "SF6": 22_800, "NF3": 17_200, "BIOCO2": 0}
    for row in control.iter_rows(named=True):
        nation = totals.read(SLICES / f"epa-national-totals/GHGRP_{row['year']}_NationalTotals.csv")
        of_subpart = nation.filter(subpart=row["subpart"]).select("gas", "kilograms").iter_rows()
        published = sum(weights.get(gas, 1) * kilograms / 1000 for gas, kilograms in of_subpart)
        assert row["published"] == pytest.approx(published, abs=0.1)
    # The slices hold four mills that are not in their registry: they count towards the nation.
    mills = control.filter(year=2020, subpart="Q")["ours"].item()
    amounts = pl.read_parquet(snapshot / "ghgrp_amount.parquet").filter(
        year=2020, quantity="ghg_subpart_q"
    )
    assert mills > amounts["tonnes"].sum() + 1e6


def test_the_snapshot_that_ships_is_whole_and_small():
    shipped = paths.snapshot()
    manifest = json.loads((shipped / "manifest.json").read_text())
    for name, rows in manifest["rows"].items():
        assert pl.read_parquet(shipped / f"{name}.parquet").height == rows
    assert sum(len(content) for content in tree(shipped).values()) < 15e6


def test_the_snapshot_that_ships_was_made_of_the_files_on_the_cards():
    cards = pl.read_csv(ROOT / "data/files.csv").select("path", "sha256")
    made_of = pl.read_parquet(paths.snapshot() / "file.parquet").select(path="name", sha256="sha256")
    assert sorted(set(cards.iter_rows())) == sorted(set(made_of.iter_rows()))
    assert made_of.filter(pl.col("path").str.starts_with("epa-ghgrp/")).height == 14


def test_the_slices_are_small_and_of_four_years():
    assert sum(len(content) for content in tree(SLICES).values()) < 600_000
    assert sorted(SLICES.glob("epa-ghgrp/*")) == [slice_of(year) for year in YEARS]
