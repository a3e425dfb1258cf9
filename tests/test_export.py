"""Exports: every format gives back what the database holds."""

import json
import shutil
import sqlite3

import polars as pl
import pytest

from comingclean import store
from comingclean.errors import InputError
from comingclean.model import TABLES
from comingclean.views.export import FORMATS, export_database
from sliced import GARY, error_line, table, tree

NAMES = [declared.name for declared in TABLES]
each_table = pytest.mark.parametrize("declared", TABLES, ids=NAMES)


@pytest.fixture(scope="module")
def written(tmp_path_factory, shipped):
    """The shipped database in every format."""
    out = tmp_path_factory.mktemp("exports")
    files = export_database(shipped, out, tuple(FORMATS))
    assert sorted(files) == sorted(path for path in out.rglob("*") if path.is_file())
    return out


@each_table
def test_csv_gives_back_the_table(declared, written, shipped):
    frame = pl.read_csv(written / f"csv/{declared.name}.csv", schema=declared.schema)
    assert frame.equals(table(shipped, declared.name))


@each_table
def test_parquet_gives_back_the_table_and_is_its_twin_byte_for_byte(declared, written, shipped):
    path = written / f"parquet/{declared.name}.parquet"
    assert pl.read_parquet(path).equals(table(shipped, declared.name))
    assert path.read_bytes() == (shipped.with_suffix(".parquet") / path.name).read_bytes()


def test_sqlite_is_the_database_itself(written, shipped):
    assert (written / "sqlite/comingclean.sqlite").read_bytes() == shipped.read_bytes()


def test_geojson_has_every_plant_at_its_place_with_its_newest_values(written, shipped):
    collection = json.loads((written / "geojson/facilities.geojson").read_text("utf-8"))
    assert collection["type"] == "FeatureCollection"
    facilities = {row["facility_id"]: row for row in table(shipped, "facility").iter_rows(named=True)}
    values = table(shipped, "value")
    assert len(collection["features"]) == len(facilities)
    for feature in collection["features"]:
        facts, newest = feature["properties"], feature["properties"].pop("newest")
        row = facilities.pop(facts["facility_id"])
        point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
        assert feature["geometry"] == (point if row["latitude"] is not None else None)
        assert facts | {"latitude": row["latitude"], "longitude": row["longitude"]} == row
        own = values.filter(facility_id=row["facility_id"]).sort("year")
        last = own.group_by("quantity", maintain_order=True).last()
        expected = {v.pop("quantity"): v for v in last.iter_rows(named=True)}
        assert set(newest) == set(expected)
        for name, value in newest.items():
            assert value == {key: expected[name][key] for key in value}
            assert {"value", "low", "high", "unit", "grade", "method", "year"} == set(value)


def test_a_plant_without_a_place_has_no_geometry_and_one_without_a_report_no_value(atlas, tmp_path):
    file = tmp_path / shutil.copy(atlas, tmp_path)
    with sqlite3.connect(file) as opened:
        opened.execute("update facility set latitude = null where facility_id = ?", (GARY,))
    opened.close()
    export_database(file, tmp_path / "out", ("geojson",))
    collection = json.loads((tmp_path / "out/geojson/facilities.geojson").read_text("utf-8"))
    features = {feature["properties"]["facility_id"]: feature for feature in collection["features"]}
    assert features[GARY]["geometry"] is None
    newest = features["argos-atlanta-ga"]["properties"]["newest"]
    assert not {"ghg_scope1", "ghg_reported"} & set(newest)
    assert features["argos-atlanta-ga"]["geometry"]["coordinates"] == [-84.469475, 33.823833]


def test_exporting_twice_gives_the_same_bytes_and_takes_the_place_of_the_former(
    written, atlas, tmp_path
):
    with store.whole_folder(tmp_path / "csv") as former:
        (former / "old.csv").write_text("from before")
    export_database(atlas, tmp_path, ("csv", "geojson"))
    first = tree(tmp_path)
    export_database(atlas, tmp_path, ("csv", "geojson"))
    assert tree(tmp_path) == first
    expected = {f"csv/{name}.csv" for name in NAMES} | {"geojson/facilities.geojson"}
    assert set(first) == expected | {"csv/manifest.json", "geojson/manifest.json"}
    about = json.loads(first["csv/manifest.json"])
    assert about["files"] == sorted(f"{name}.csv" for name in NAMES)
    assert about["release"] == table(atlas, "release").filter(part="release")["value"].item()


def test_an_unknown_format_is_refused_before_anything_is_written(atlas, tmp_path):
    with pytest.raises(
        InputError, match=r"no format pdf\. Mend: choose among csv, parquet, geojson, sqlite"
    ):
        export_database(atlas, tmp_path / "out", ("csv", "pdf"))
    assert not (tmp_path / "out").exists()


def test_the_command_writes_the_formats_that_are_asked_for(home, atlas, tmp_path):
    arguments = [
        "export",
        "--database",
        atlas,
        "--out",
        tmp_path,
        "--format",
        "csv,geojson",
        "--format",
        "sqlite",
    ]
    done = home.run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [str(tmp_path / name) for name in tree(tmp_path)]
    assert {name.split("/")[0] for name in tree(tmp_path)} == {"csv", "geojson", "sqlite"}
    words = home.run("export", "--database", atlas, "--out", tmp_path)
    files = sorted([f"{name}.csv" for name in NAMES] + ["manifest.json"])
    assert words.stdout.splitlines() == [str(tmp_path / "csv" / name) for name in files]
    assert words.stderr.splitlines() == [f"writing {tmp_path / 'csv'}"]


def test_the_command_refuses_an_unknown_format_in_one_line(home, atlas, tmp_path):
    done = home.run("export", "--database", atlas, "--out", tmp_path, "--format", "pdf")
    assert (done.returncode, tree(tmp_path)) == (2, {})
    assert error_line(done).startswith("comingclean: no format pdf. Mend: choose among ")
