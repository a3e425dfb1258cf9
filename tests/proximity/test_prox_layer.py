"""The shipped layer, a person's own, and their indexes on disk."""

import os
import pickle
import shutil
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from prox_towns import SLICE, sites, towns

from comingclean import paths, store
from comingclean.errors import InputError
from comingclean.proximity import (
    build,
    compile_areas,
    count,
    open_index,
    open_layer,
    save,
)
from comingclean.proximity.nearest import disc_radius
from comingclean.proximity.points import read_people, room
from comingclean.proximity.shelf import reopen
from comingclean.sources.census import read

MILES = np.array([1.0, 5.0])


def test_the_shipped_layer_is_the_census_file_to_a_tenth_of_a_metre(slice_people):
    census = pl.read_parquet(SLICE).sort("bgfips")
    assert slice_people.identity.tolist() == census["bgfips"].cast(pl.Int64).to_list()
    assert slice_people.population.tolist() == census["pop2020"].to_list()
    assert slice_people.latitude == pytest.approx(census["lat"].to_numpy(), abs=6e-7)
    assert slice_people.longitude == pytest.approx(census["lon"].to_numpy(), abs=6e-7)
    exact = disc_radius(census["lat"].to_numpy(), census["lon"].to_numpy())
    assert slice_people.radius == pytest.approx(exact, abs=0.051)


def test_any_order_of_block_groups_compiles_to_the_same_small_file(tmp_path, snapshot_folder):
    store.write_parquet(compile_areas(read(SLICE).reverse()), tmp_path / "block_group.parquet")
    again, first = (folder / "block_group.parquet" for folder in (tmp_path, snapshot_folder))
    assert again.read_bytes() == first.read_bytes()
    assert first.stat().st_size < 6e6 * 1247 / 242_335


@pytest.mark.parametrize("damage", ["nothing", "cut off", "another table", "nonsense"])
def test_a_damaged_shipped_layer_is_one_clear_line(tmp_path, snapshot_folder, monkeypatch, damage):
    whole, file = (
        (snapshot_folder / "block_group.parquet").read_bytes(),
        tmp_path / "block_group.parquet",
    )
    if damage == "cut off":
        file.write_bytes(whole[: len(whole) // 2])
    elif damage == "another table":
        pl.DataFrame({"geoid": [1]}).write_parquet(file)
    elif damage == "nonsense":
        file.write_bytes(whole[:4] + b"nonsense" + whole[-4:])
    monkeypatch.setattr(paths, "snapshot", lambda: tmp_path)
    with pytest.raises(InputError, match=r"no such file of people|not a readable layer") as refused:
        open_layer(cache=tmp_path / "cache")
    assert str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_another_shipped_layer_makes_another_index(tmp_path, snapshot_folder, monkeypatch):
    monkeypatch.setattr(paths, "snapshot", lambda: tmp_path)
    frame = pl.read_parquet(snapshot_folder / "block_group.parquet")
    totals = []
    for part in (frame, frame[:500]):
        store.write_parquet(part, tmp_path / "block_group.parquet")
        totals.append(open_layer(cache=tmp_path / "cache").total)
    assert totals == [frame["population"].sum(), frame[:500]["population"].sum()]


def test_of_the_indexes_of_other_installations_the_last_one_stays(
    tmp_path, snapshot_folder, monkeypatch
):
    cache = tmp_path / "cache"
    for number in range(4):
        folder = tmp_path / f"installed {number}"
        folder.mkdir()
        shutil.copy(snapshot_folder / "block_group.parquet", folder)
        monkeypatch.setattr(paths, "snapshot", lambda folder=folder: folder)
        open_layer(cache=cache)
        for age, path in enumerate(sorted(cache.iterdir(), key=lambda p: -p.stat().st_mtime)):
            os.utime(path, (1e9 - age,) * 2)
        (cache / "block_group-mine.arrow").touch()
    assert len(list(cache.iterdir())) == 3
    assert (cache / "block_group-mine.arrow").exists()


def test_an_index_gives_back_the_layer_and_its_answers(tmp_path, slice_people):
    layer = build(slice_people)
    save(layer, tmp_path / "people.arrow")
    opened = open_index(tmp_path / "people.arrow")
    assert len(opened) == 1247
    assert opened.total == layer.total == slice_people.population.sum()
    assert not opened.x.flags.owndata
    latitude, longitude = sites(40)
    assert (
        count(opened, latitude, longitude, MILES).population
        == count(layer, latitude, longitude, MILES).population
    ).all()
    assert (opened.identity == slice_people.identity[opened.source]).all()
    assert (slice_people.population[opened.source] == opened.population).all()


def test_any_tool_reads_an_index(tmp_path, area_layer):
    save(area_layer, tmp_path / "people.arrow")
    frame = pl.read_ipc(tmp_path / "people.arrow")
    assert frame["population"].sum() == area_layer.total
    assert frame["before"][-1] == area_layer.total


def test_a_layer_travels_as_its_path_and_one_in_memory_as_itself(tmp_path, area_layer):
    save(area_layer, tmp_path / "people.arrow")
    opened = open_index(tmp_path / "people.arrow")
    assert len(pickle.dumps(opened)) < 1_000
    latitude, longitude = sites(20)
    wanted = count(area_layer, latitude, longitude, MILES).population
    for layer in (opened, area_layer):
        there = pickle.loads(pickle.dumps(layer))
        assert (count(there, latitude, longitude, MILES).population == wanted).all()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"ARROW1\0\0 cut off"])
def test_another_file_is_no_index(tmp_path, content):
    (tmp_path / "people.arrow").write_bytes(content)
    with pytest.raises(InputError, match="not an index of people"):
        open_index(tmp_path / "people.arrow")


def test_an_arrow_file_of_something_else_or_another_version_is_no_index(
    tmp_path, area_layer, monkeypatch
):
    pl.DataFrame({"a": [1]}).write_ipc(tmp_path / "other.arrow")
    with pytest.raises(InputError, match="not an index of people"):
        open_index(tmp_path / "other.arrow")
    save(area_layer, tmp_path / "old.arrow")
    monkeypatch.setattr("comingclean.proximity.layer.VERSION", 99)
    with pytest.raises(InputError, match="another version"):
        open_index(tmp_path / "old.arrow")


def own_file(folder, people, name="blocks.parquet", **other):
    frame = pl.DataFrame(
        {
            "id": np.arange(people.latitude.size),
            "lat": people.latitude,
            "lon": people.longitude,
            "population": people.population,
            **other,
        }
    )
    frame.write_parquet(folder / name) if name.endswith(".parquet") else frame.write_csv(folder / name)
    return folder / name


def test_the_index_is_made_once_and_again_when_the_file_changes(tmp_path):
    file = own_file(tmp_path, towns("points", size=50))
    first = open_layer(file, cache=tmp_path / "cache")
    made = first.path.stat().st_mtime_ns
    assert open_layer(file, cache=tmp_path / "cache").path.stat().st_mtime_ns == made
    own_file(tmp_path, towns("points", size=51, seed=2))
    again = open_layer(file, cache=tmp_path / "cache")
    assert (len(first), len(again)) == (350, 357)
    assert again.path == first.path


def test_a_cut_off_index_is_made_anew(tmp_path):
    file = own_file(tmp_path, towns("points", size=50))
    path = open_layer(file, cache=tmp_path / "cache").path
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert len(open_layer(file, cache=tmp_path / "cache")) == 350


def test_where_nothing_can_be_written_the_layer_is_in_memory(tmp_path):
    file = own_file(tmp_path, towns("points", size=50))
    (tmp_path / "cache").write_text("a file where the folder should be")
    layer = open_layer(file, cache=tmp_path / "cache")
    assert layer.path is None
    assert len(layer) == 350
    assert len(pickle.dumps(layer)) < 1_000


def test_another_machine_with_other_people_in_it_refuses_to_answer(tmp_path, home_layer):
    with pytest.raises(InputError, match="other people in it"):
        reopen(None, "shipped", "areas", "another stamp")
    with pytest.raises(InputError, match="not on this machine"):
        reopen(Path("none.arrow"), "", "areas", "stamp")


@pytest.mark.parametrize("name", ["blocks.parquet", "blocks.csv"])
def test_parquet_and_csv_of_people_are_alike(tmp_path, name):
    people = towns("points", size=60)
    layer = open_layer(own_file(tmp_path, people, name), cache=tmp_path)
    latitude, longitude = sites(20)
    wanted = count(build(people), latitude, longitude, MILES).population
    assert (count(layer, latitude, longitude, MILES).population == wanted).all()


@pytest.mark.parametrize(
    "text",
    [
        "id;lat;lon;population\n7;41,6;-87,33;60\n",
        "id;lat;lon;population\n7;41.6;-87.33;60\n",
        "id\tlat\tlon\tpopulation\n7\t41.6\t-87.33\t60\n",
        "\ufeffBlock ID;Latitude;Longitude;x;y;POP20\n7;41.6;-87.33;1;2;60\n",
    ],
)
def test_people_between_semicolons_or_tabs_are_read_as_sites_are(tmp_path, text):
    (tmp_path / "people.csv").write_text(text, "utf-8")
    found = read_people(tmp_path / "people.csv", "points")
    assert (found.latitude.tolist(), found.longitude.tolist()) == ([41.6], [-87.33])
    assert (found.population.tolist(), found.identity.tolist()) == ([60], [7])


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("lat", 91.0, "no latitude in degrees"),
        ("lat", None, "no latitude in degrees"),
        ("lon", -181.0, "no longitude in degrees"),
        ("population", -1, "no whole number of people"),
        ("population", 2.5, "no whole number of people"),
        ("radius_m", -1.0, "no radius in metres"),
    ],
)
def test_a_row_of_people_that_cannot_be_used_is_named(tmp_path, column, value, says):
    columns = {"lat": [41.0] * 4, "lon": [-87.0] * 4, "population": [5.0] * 4, "radius_m": [1.0] * 4}
    columns[column][2] = value
    pl.DataFrame(columns).write_csv(tmp_path / "people.csv")
    with pytest.raises(InputError, match=says) as refused:
        read_people(tmp_path / "people.csv", "points")
    assert refused.value.row == 4


def test_no_table_of_people_is_a_clear_error(tmp_path):
    (tmp_path / "people.parquet").write_text("nonsense")
    with pytest.raises(InputError, match="not a readable table of people"):
        read_people(tmp_path / "people.parquet", "points")
    with pytest.raises(InputError, match="no such file of people"):
        open_layer(tmp_path / "none.parquet", cache=tmp_path)


def test_areas_of_ones_own_take_their_discs_from_their_neighbours(tmp_path, slice_people):
    file = own_file(tmp_path, slice_people)
    found = read_people(file, "areas")
    assert found.radius == pytest.approx(slice_people.radius, abs=5, rel=1e-3)


def test_points_share_the_ground_of_their_square():
    radius = room(np.array([41.001, 41.002, 41.003, 45.001]), np.array([-87.0, -87.0, -87.0, -100.0]))
    assert radius[3] == pytest.approx(1255, abs=1)
    assert radius[:3] == pytest.approx(1255 / np.sqrt(3), abs=1)


def test_the_names_and_signs_of_census_block_tables_are_understood(tmp_path):
    pl.DataFrame(
        {
            "GEOID20": ["010010201001000", "180890102011004"],
            "INTPTLAT20": ["+32.4633", "+41.6"],
            "INTPTLON20": ["-086.4800", "-087.3300"],
            "POP20": [5, 60],
        }
    ).write_parquet(tmp_path / "blocks.parquet")
    found = read_people(tmp_path / "blocks.parquet", "points")
    assert found.latitude.tolist() == [32.4633, 41.6]
    assert found.longitude.tolist() == [-86.48, -87.33]
    assert found.population.tolist() == [5, 60]
    assert found.identity.tolist() == [10010201001000, 180890102011004]
