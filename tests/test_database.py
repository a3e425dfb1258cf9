"""Build: snapshot in, one SQLite file and its Parquet twins out; every number down to its cell."""

import csv
import io
import json
import re
import shutil
import sqlite3

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comingclean import digest, stamp
from comingclean._version import __version__
from comingclean.checks import check_database
from comingclean.connection import connect
from comingclean.database import build_database, twins
from comingclean.database.part import as_json
from comingclean.errors import InputError
from comingclean.model import FACILITY, QUANTITY, TABLES, conform
from comingclean.sources import ghgrp
from sliced import SLICES, column_of, main_sheet, row_of, say, slice_of, table, tree
from workbooks import read_sheet

TABLE_NAMES = [declared.name for declared in TABLES]
each_table = pytest.mark.parametrize("declared", TABLES, ids=TABLE_NAMES)


def test_building_twice_gives_the_same_bytes(snapshot, data, atlas, tmp_path):
    file = tmp_path / "again.sqlite"
    rows = build_database(file, snapshot=snapshot, data=data)
    assert file.read_bytes() == atlas.read_bytes()
    assert tree(twins(file)) == tree(twins(atlas))
    assert list(rows) == TABLE_NAMES
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.parquet", "again.sqlite"]


@each_table
def test_each_parquet_twin_holds_what_its_table_holds(declared, shipped):
    twin = table(shipped, declared.name)
    assert dict(twin.schema) == declared.schema
    assert twin.rows() == say(
        shipped, f"select * from {declared.name} order by {', '.join(declared.key)}"
    )


@each_table
def test_each_table_has_the_columns_types_and_key_that_the_model_declares(declared, atlas):
    found = say(atlas, f"select name, type, \"notnull\", pk from pragma_table_info('{declared.name}')")
    assert [(name, kind) for name, kind, *_ in found] == [(c.name, c.type) for c in declared.columns]
    required = {c.name for c in declared.columns if c.required} | set(declared.key)
    assert {name for name, _, needed, _ in found if needed} == required
    assert [name for name, *_, pk in sorted(found, key=lambda row: row[3]) if pk] == list(declared.key)


def test_a_table_takes_no_value_of_another_type_and_no_row_twice(atlas, tmp_path):
    file = shutil.copy(atlas, tmp_path)
    with sqlite3.connect(file) as opened:
        with pytest.raises(sqlite3.IntegrityError, match="cannot store TEXT"):
            opened.execute("update value set value = 'many'")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            opened.execute("insert into value select * from value limit 1")
    opened.close()


def test_the_model_gives_every_table_a_key_and_every_column_a_meaning():
    assert len(set(TABLE_NAMES)) == len(TABLE_NAMES)
    for declared in TABLES:
        names = [column.name for column in declared.columns]
        assert set(declared.key) <= set(names)
        assert len(set(names)) == len(names)
        assert all(len(column.meaning) > 1 for column in declared.columns)


def test_a_frame_is_made_to_fit_its_table():
    frame = pl.DataFrame({"quantity": ["b", "a"], "sort": ["2", "1"]})
    whole = conform(frame, QUANTITY)
    assert dict(whole.schema) == QUANTITY.schema
    assert whole["quantity"].to_list() == ["a", "b"]
    assert whole["sort"].to_list() == [1, 2]
    assert whole["unit"].to_list() == [None, None]
    with pytest.raises(ValueError, match="table facility has no column"):
        conform(frame, FACILITY)


PARTS = {
    name: header
    for part in (ghgrp.GASES, ghgrp.SUBPARTS, ghgrp.TOTALS)
    for name, header in part.items()
}
OWN = {"iron_steel": "ghg_subpart_q", "met_coke": "ghg_subpart_q", "cement": "ghg_subpart_h"}
BOOKS = {f"ghgp_data_{year}.xlsx": slice_of(year) for year in (2010, 2017, 2020, 2023)}


def test_every_reported_number_leads_to_the_cell_that_holds_it(atlas):
    industry = dict(say(atlas, "select facility_id, industry from facility"))
    lineage = {
        name: row for name, *row in say(atlas, "select lineage_id, file, sheet, row from lineage")
    }
    cells = {name: read_sheet(path, main_sheet(path)) for name, path in BOOKS.items()}
    columns = {
        name: {
            ghgrp.plain(v): c for (row, c), v in sheet.items() if row == row_of(sheet, "Facility Id")
        }
        for name, sheet in cells.items()
    }
    sql = """select facility_id, quantity, value, sources from value
        where kind = 'reported' and sources like '%epa_ghgrp/%'"""
    rows = say(atlas, sql)
    assert len(rows) > 200
    for plant, quantity, value, sources in rows:
        own = OWN.get(industry[plant], "ghg_subpart_f")
        header = PARTS[own if quantity == "ghg_subpart_process" else quantity]
        (origin,) = [lineage[name] for name in json.loads(sources) if re.match("epa_ghgrp/", name)]
        file, sheet, row = origin
        assert sheet == main_sheet(BOOKS[file])
        assert cells[file][row, columns[file][header]] == value


def test_every_unit_behind_an_interval_can_be_looked_up(atlas):
    sql = "select source_id, file, row, sha256 from lineage where source_id in (?, ?)"
    rows = say(atlas, sql, "nrel_fied", "epa_envirofacts")
    assert {row[0] for row in rows} == {"nrel_fied", "epa_envirofacts"}
    fuels = pl.read_parquet(next(SLICES.glob("nrel-fied/*")))
    for source, file, row, sha256 in rows:
        (path,) = SLICES.rglob(file)
        assert sha256 == digest.sha256(path)
        assert source != "nrel_fied" or 1 <= row <= fuels.height


def test_decisions_by_hand_are_rows_that_can_be_looked_up(atlas, data):
    # What decisions cite is looked up in the publishers' files, as the tests of citations do.
    sql = """select lineage_id, file, row from lineage where file like '%.csv' and sha256 is null
        and lineage_id not like 'cited/%'"""
    found = say(atlas, sql)
    text = {file: (data / file).read_text("utf-8") for _, file, _ in found}
    lines = {file: list(csv.reader(io.StringIO(whole))) for file, whole in text.items()}
    assert {"facilities.csv", "parameters.csv", "identifiers.csv", "attributes.csv"} <= set(lines)
    for name, file, row in found:
        key = name.partition("/")[2]
        # Rows of attributes that share all else are told apart by their place among themselves.
        key = key.rpartition("/")[0] if file == "attributes.csv" else key
        cells = "/".join(lines[file][row - 1]).split("/")
        assert key and all(part in cells for part in key.split("/")), name


def million_tonnes_of_2020() -> dict[str, float]:
    """Combustion plus iron and steel of every row of the slice, from its cells alone."""
    cells = read_sheet(slice_of(2020), main_sheet(slice_of(2020)))
    ids = {row: f"{v:.0f}" for (row, c), v in cells.items() if c == 0 and isinstance(v, float)}
    columns = [
        column_of(cells, name) for name in ("Stationary Combustion", "Iron and Steel Production")
    ]
    sums = {name: sum(cells.get((row, c), 0.0) for c in columns) / 1e6 for row, name in ids.items()}
    return {name: mass for name, mass in sums.items() if mass > 2}


LARGEST = {
    "1000418": 8.11,  # Gary Works
    "1003962": 7.40,  # Burns Harbor
    "1000156": 5.96,  # Indiana Harbor East
    "1000274": 4.07,  # Middletown
    "1000233": 3.47,  # Edgar Thomson
    "1007177": 2.96,  # Cleveland Works
    "1006041": 2.46,  # Granite City
    "1000588": 2.19,  # Indiana Harbor West
}


def test_the_rule_gives_the_largest_steel_plants_of_2020_to_two_decimals(shipped):
    assert {name: round(mass, 2) for name, mass in million_tonnes_of_2020().items()} == LARGEST
    rows = say(
        shipped,
        """select program_id, round(value / 1e6, 2) from value join facility using (facility_id)
        join identifier using (facility_id) where quantity = 'ghg_scope1' and year = 2020
        and industry = 'iron_steel' and program = 'ghgrp' order by value desc limit 8""",
    )
    assert rows == list(LARGEST.items())


def test_the_reference_boundary_leaves_out_a_captive_power_plant(atlas):
    rows = dict(
        say(
            atlas,
            "select quantity, value from value where facility_id = 'alcoa-warrick-in' and year = 2020",
        )
    )
    assert rows["ghg_scope1"] == rows["ghg_subpart_c"] + rows["ghg_subpart_process"]
    assert rows["ghg_reported"] > rows["ghg_scope1"] + 5e6
    assert rows["ghg_subpart_d"] > 5e6


def test_an_interval_is_the_share_that_its_parameter_says(atlas):
    rows = say(
        atlas,
        """select v.value, v.high, p.value from value v join parameter p
        on parameter = 'ghg_halfwidth_process_unknown' where method = 'ghg_process_unknown'""",
    )
    assert len(rows) > 8
    for value, high, per_cent in rows:
        assert high == pytest.approx(value * (1 + per_cent / 100))


def test_a_plant_that_never_reported_has_no_number_at_all(shipped):
    plants = say(
        shipped,
        """select facility_id from facility where facility_id not in
        (select facility_id from identifier where program = 'ghgrp')""",
    )
    assert len(plants) == 16
    for (plant,) in plants:
        sql = "select * from value where sources like '%epa_ghgrp/%' and facility_id = ?"
        assert say(shipped, sql, plant) == []


def test_what_is_behind_one_fence_shares_a_site(shipped):
    found = say(
        shipped, "select site_id, industry from facility where facility_id like '%indiana-harbor%'"
    )
    assert {site for site, _ in found} == {"indiana-harbor-in"}
    assert sorted(industry for _, industry in found) == ["iron_steel"] * 3 + ["met_coke"]


def test_the_shipped_record_is_the_stated_universe_with_fourteen_years(shipped):
    sql = "select industry, sum(reference_2020) from facility group by industry"
    assert dict(say(shipped, sql)) == {"iron_steel": 100, "met_coke": 12, "cement": 96, "aluminum": 7}
    ((plant_years,),) = say(shipped, "select count(*) from value where quantity = 'ghg_reported'")
    assert plant_years >= 3000
    sql = "select distinct year from value where quantity = 'ghg_reported' order by 1"
    assert say(shipped, sql) == [(y,) for y in range(2010, 2024)]


def test_the_shipped_record_answers_every_question_with_no_row(shipped):
    assert [answer.question.name for answer in check_database(shipped) if answer.rows] == []


def test_no_lineage_is_kept_that_nothing_rests_on(shipped):
    used = set()
    held = "JSON array of ids in the table lineage"
    for declared in TABLES:
        for column in (c.name for c in declared.columns if c.meaning.startswith(held)):
            texts = table(shipped, declared.name)[column].drop_nulls().unique()
            used |= {one for text in texts for one in json.loads(text)}
    assert set(table(shipped, "lineage")["lineage_id"]) == used


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ghg_halfwidth_pfc,15,", "ghg_halfwidth_pfc,fifteen,"),
        ("ghg_halfwidth_pfc,15,", "ghg_halfwidth_pfc,3,"),
        ("ghg_halfwidth_pfc,15,12,30,%", "ghg_halfwidth_pfc,15,12,30,"),
    ],
)
def test_a_parameter_without_number_or_unit_or_out_of_its_range_is_named(
    old, new, snapshot, own_data, tmp_path
):
    path = own_data / "parameters.csv"
    lines = path.read_text("utf-8").splitlines()
    row = next(n for n, line in enumerate(lines, 1) if line.startswith("ghg_halfwidth_pfc"))
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(
        InputError, match=r"the parameter ghg_halfwidth_pfc (has no|\(15\) lies|\(3\) lies)"
    ) as caught:
        build_database(tmp_path / "atlas.sqlite", snapshot=snapshot, data=own_data)
    assert (caught.value.file, caught.value.row) == (path, row)


def test_a_finished_database_is_opened_for_reading_only(shipped):
    with connect(shipped) as opened, pytest.raises(sqlite3.OperationalError, match="readonly"):
        opened.execute("delete from value")


def test_a_database_may_stand_in_a_folder_with_any_name(atlas, tmp_path):
    folder = tmp_path / "año 2020 #1?100%"
    folder.mkdir()
    shutil.copy(atlas, folder)
    with connect(folder / atlas.name) as opened:
        assert opened.execute("select count(*) from facility").fetchone()[0] == 10


def test_the_name_of_a_release_changes_with_every_decision_and_with_the_snapshot(
    snapshot, data, own_data, tmp_path
):
    names = [digest.release(snapshot, own_data)]
    assert names == [digest.release(snapshot, data)]
    for name in ("parameters.csv", "methods.toml", "facilities.csv"):
        with (own_data / name).open("a") as stream:
            stream.write("\n")
        names.append(digest.release(snapshot, own_data))
    other = shutil.copytree(snapshot, tmp_path / "other")
    (other / "manifest.json").write_text("{}")
    names.append(digest.release(other, own_data))
    assert len(set(names)) == 5
    with pytest.raises(InputError, match="no snapshot"):
        digest.release(tmp_path / "nowhere", own_data)


def test_the_name_of_a_release_counts_the_code_but_its_views_and_the_outlines(
    snapshot, data, tmp_path, monkeypatch
):
    package = tmp_path / "views" / "comingclean"  # a folder that is called as the room of the views
    for name in ("model.py", "views/pages.py", "shipped/geography/near.json"):
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("as it was")
    (package / "shipped/geography/counties-10m.json").write_text("as it was")
    monkeypatch.setattr("comingclean.paths.PACKAGE", package)
    names = [digest.release(snapshot, data)]
    for name in ("views/pages.py", "model.py", "shipped/geography/near.json"):
        (package / name).write_text("another")
        names.append(digest.release(snapshot, data))
    assert names[0] == names[1] != names[2] != names[3]


def test_a_database_says_what_it_was_made_of(atlas, snapshot, data):
    made = dict(say(atlas, "select part, value from release"))
    assert made == {
        "release": digest.release(snapshot, data),
        "people": digest.people(snapshot),
        "program": __version__,
    }
    manifest = json.loads((atlas.with_suffix(".parquet") / "manifest.json").read_text())
    assert {name: manifest[name] for name in made} == made
    assert stamp.is_ours(atlas)
    assert say(atlas, "pragma user_version") == [(stamp.schema(),)]


def test_another_column_gives_the_tables_another_number(monkeypatch):
    before = stamp.schema()
    monkeypatch.setattr(stamp, "TABLES", stamp.TABLES[:-1])
    assert before != stamp.schema() < 2**31


def test_a_figure_below_nought_is_set_aside_with_its_row_and_no_other_is(shipped):
    aside = table(shipped, "reject").filter(source_id="epa_ghgrp")
    assert aside.select("year", "record_id", "subject", "reason", "kept").rows() == [
        (2015, "1002560", "-1196 t CO2e", "impossible_amount", 0)
    ]
    years = table(shipped, "emitter_year").filter(ghgrp_id="1002560")["year"].to_list()
    assert 2015 not in years and {2014, 2016} <= set(years)


ODD = st.text(st.sampled_from("a/#1 \"\\'[]~é\u2028\n\x7f"), max_size=6)


@given(st.lists(st.none() | st.lists(ODD, max_size=3), max_size=8))
@example([None, [], [""], ['"', "\\"], ["a", "b"]])
def test_lists_of_ids_are_written_as_json_writes_them(lists):
    frame = pl.DataFrame({"sources": lists}, schema={"sources": pl.List(pl.String)})
    texts = frame.with_columns(as_json("sources"))["sources"].to_list()
    assert texts == [None if ids is None else json.dumps(ids) for ids in lists]
