"""`near` as a person meets it: a list of places, clear answers, and the same bits however it is run."""

import io
import subprocess
import sys

import numpy as np
import polars as pl
import pytest
from distributed import LocalCluster
from prox_towns import sites, towns

from comingclean.errors import InputError
from comingclean.proximity import (
    People,
    Work,
    build,
    from_frame,
    near,
    one_site,
    open_layer,
    read_miles,
    read_sites,
    read_where,
    tiles,
    together,
    write_answer,
)
from comingclean.proximity.answer import SCHEMA
from comingclean.proximity.place import Verdict, judge

MILES = np.array([1.0, 3.0])
GARY = (41.6, -87.33)


def write(folder, text):
    file = folder / "points.csv"
    file.write_text(text)
    return file


def asked(*places):
    """Sites of tuples of id, latitude and longitude as text."""
    return from_frame(pl.DataFrame(places, schema=["id", "lat", "lon"], orient="row"))


def many(number=400):
    latitude, longitude = sites(number, reach=0.1)
    ids = [f"s{at}" for at in range(number)]
    return from_frame(pl.DataFrame({"id": ids, "lat": latitude, "lon": longitude}))


def test_the_answer_has_a_row_a_site_and_radius_in_the_order_asked(home_layer, tmp_path):
    file = write(tmp_path, "id,lat,lon\nb,41.6,-87.33\na,21.31,-157.86\nb,41.6,-87.33\n")
    answer = near(read_sites(file), read_miles("3,1"), home_layer)
    assert dict(answer.schema) == SCHEMA
    assert list(zip(answer["id"], answer["miles"], strict=True)) == [
        ("b", 3.0), ("b", 1.0), ("a", 3.0), ("a", 1.0), ("b", 3.0), ("b", 1.0),
    ]  # fmt: skip
    assert answer[:2].equals(answer[4:])
    assert (answer["low"] <= answer["population"]).all()
    assert (answer["population"] <= answer["high"]).all()
    write_answer(answer, tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert lines[0] == "id,miles,population,low,high,status,areas,people_at_line,states,abroad,message"
    assert lines[1].startswith("b,3,")
    assert len(lines) == 7


@pytest.mark.parametrize(
    ("lat", "lon", "status", "says"),
    [
        ("-87.33", "41.6", "swapped coordinates", "longitude first"),
        ("", "-87.33", "missing coordinates", "empty"),
        ("41.6", "", "missing coordinates", "empty"),
        ("41°36'", "-87.33", "not numbers", "41.61"),
        ("nan", "-87.33", "not numbers", "41.61"),
        ("141", "-87.33", "impossible coordinates", "no place on Earth"),
        ("41.6", "272.67", "impossible coordinates", "write -87.33"),
        ("inf", "-87.33", "impossible coordinates", "no place on Earth"),
        ("51.5", "-0.1", "out of the country", "United States and Puerto Rico only"),
        ("41.6", "87.33", "out of the country", "is it -87.33?"),
        ("0", "0", "out of the country", "unknown place"),
        ("13.45", "144.75", "not covered", "Guam"),
    ],
)
def test_a_place_that_cannot_be_counted_says_why_and_the_good_rows_are_computed(
    home_layer, lat, lon, status, says
):
    answer = near(asked(("x", lat, lon), ("good", *map(str, GARY))), MILES, home_layer)
    bad, good = answer[:2], answer[2:]
    assert bad["status"].to_list() == [status, status]
    assert all(says in message for message in bad["message"])
    assert (
        bad.select("population", "low", "high", "areas", "people_at_line").null_count().row(0)
        == (2,) * 5
    )
    assert good["status"].to_list() == ["ok", "ok"]
    assert good["message"].to_list() == [None, None]
    assert (
        good["population"].to_list()
        == near(one_site("41.6,-87.33"), MILES, home_layer)["population"].to_list()
    )


@pytest.fixture
def outlines(monkeypatch):
    """A coast along 40 degrees north: the country above it, a neighbour east of 100 west, sea below."""
    import shapely

    from comingclean.proximity import outlines

    trees = [
        shapely.STRtree([shapely.box(*box)])
        for box in ((-120, 40, -100, 49), (-120, 40, -70, 49), (-85, 43, -84, 44))
    ]
    made = outlines.Outlines(*trees, *outlines._abroad([shapely.box(-75, 40, -70, 49)], ["CAN"]))
    monkeypatch.setattr(outlines, "outlines", lambda: made)


def test_sea_lake_and_neighbouring_country_are_told_apart_from_empty_land(home_layer, outlines):
    places = [
        ("land", "45", "-110"),
        ("sea", "30", "-110"),
        ("lake", "43.5", "-84.5"),
        ("abroad", "45", "-73"),
        ("nameless", "45", "-80"),
        ("pier", "39.98", "-110"),
    ]
    answer = near(asked(*places), MILES[:1], home_layer)
    assert answer["status"].to_list() == [
        "no one counted", "at sea", "at sea", *["out of the country"] * 2, "no one counted",
    ]  # fmt: skip
    assert answer["population"].to_list() == [0, 0, 0, None, None, 0]
    assert answer["high"].to_list()[1:4] == [0, 0, None]
    assert answer["high"][0] > 0
    assert "the place lies in Canada" in answer["message"][3]
    assert "in a neighbouring country" in answer["message"][4]


def test_off_a_shore_without_any_area_some_may_live_and_in_open_water_nobody_does(home_layer, outlines):
    """A circle that reaches land has a range, even where no disc of an area comes into it."""
    answer = near(asked(("off", "39.9", "-110")), np.array([1.0, 3.0, 10.0]), home_layer)
    assert answer["status"].to_list() == ["at sea"] * 3
    assert answer["population"].to_list() == [0, 0, 0]
    assert answer["high"][0] == answer["high"][1] == 0
    assert answer["high"][2] >= 1_057


def test_at_sea_people_ashore_within_the_circle_are_counted(home_layer, outlines):
    answer = near(asked(("off Honolulu", "21.2", "-157.9")), np.array([1.0, 20.0]), home_layer)
    assert answer["status"].to_list() == ["at sea", "at sea"]
    assert answer.row(0)[2:5] == (0, 0, 0)
    assert answer["population"][1] > 10_000
    assert 0 < answer["low"][1] <= answer["population"][1] <= answer["high"][1]
    assert "only people ashore" in answer["message"][1]


def test_on_a_disc_there_is_land_whatever_the_outlines_say(home_layer, outlines):
    assert near(one_site("41.6,-87.33"), MILES, home_layer)["status"].to_list() == ["ok", "ok"]


def test_a_place_on_a_state_line_counts_both_sides_and_names_them(home_layer):
    answer = near(asked(("line", "41.66", "-87.525"), ("east", "41.6", "-87.3")), MILES, home_layer)
    assert answer["states"].to_list() == ["IL IN", "IL IN", "IN", "IN"]
    assert answer["status"].to_list() == ["ok"] * 4
    says = "the circle lies across a state line: people of IL, IN are counted"
    assert answer["message"].to_list() == [says, says, None, None]


def test_few_people_are_sparse_and_none_is_no_one(home_layer):
    answer = near(asked(("nevada", "35.1", "-114.6"), ("prairie", "45", "-105")), MILES[:1], home_layer)
    assert answer["status"].to_list() == ["sparse", "no one counted"]
    assert answer["low"].to_list() == [0, 0]
    assert answer["high"].min() >= 1_057


def test_a_layer_of_ones_own_has_its_own_bounds(tmp_path):
    people = towns("points", size=50)
    frame = pl.DataFrame(
        {
            "id": np.arange(350),
            "lat": people.latitude,
            "lon": people.longitude,
            "pop": people.population,
        }
    )
    frame.write_parquet(tmp_path / "blocks.parquet")
    layer = open_layer(tmp_path / "blocks.parquet", cache=tmp_path)
    places = [
        ("in", "41.7", "-87.5"),
        ("out", "41.7", "-40"),
        ("swapped", "-87.5", "41.7"),
        ("far", "52", "179.9"),
        ("hole", "35", "-120"),
    ]
    answer = near(asked(*places), np.array([10.0]), layer)
    assert answer["status"].to_list()[1:3] == ["not covered", "swapped coordinates"]
    assert answer["population"][0] > 0
    assert answer["population"][3] > 0
    assert (answer["status"][4], answer["population"][4], answer["high"][4]) == ("no one counted", 0, 0)


@pytest.mark.parametrize("kind", ["areas", "points"])
def test_one_core_two_processes_and_a_cluster_give_the_same_bits(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(tiles, "_MOST", 60)
    people = towns(kind, size=120)
    frame = pl.DataFrame(
        {
            "lat": people.latitude,
            "lon": people.longitude,
            "population": people.population,
            "radius_m": people.radius,
        }
    )
    frame.write_parquet(tmp_path / "people.parquet")
    layer = open_layer(tmp_path / "people.parquet", kind=kind, cache=tmp_path)
    alone, whole = near(many(), MILES, layer), together(many(), MILES, layer)
    told = []
    two = Work(processes=2, progress=lambda done, of: told.append((done, of)))
    assert near(many(), MILES, layer, two).equals(alone)
    assert told == [(at, len(told)) for at in range(1, len(told) + 1)]
    assert len(told) > 2
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        cluster.wait_for_workers(2, timeout=30)
        spread = Work(scheduler=cluster.scheduler_address)
        assert near(many(), MILES, layer, spread).equals(alone)
        assert together(many(), MILES, layer, spread).equals(whole)


def test_any_size_of_tile_gives_the_same_bits(areas):
    layer = build(areas)
    alone, whole = near(many(), MILES, layer), together(many(), MILES, layer)
    latitude, longitude = sites(400)
    for side in (0.05, 1.0, 30.0):
        parts = tiles.cut(latitude, longitude, side)
        assert sorted(np.concatenate([part.number for part in parts]).tolist()) == list(range(400))
    order = np.random.default_rng(0).permutation(400)
    mixed = many()
    shuffled = from_frame(
        pl.DataFrame({"id": mixed.id, "lat": mixed.latitude, "lon": mixed.longitude})[order]
    )
    assert near(shuffled, MILES, layer).sort("id", "miles").equals(alone.sort("id", "miles"))
    assert together(shuffled, MILES, layer)["population"].equals(whole["population"])


def test_together_counts_everyone_once(areas):
    layer = build(areas)
    place = asked(("a", "41.7", "-87.5"), ("b", "41.71", "-87.5"), ("lost", "", ""))
    once, each = together(place, MILES, layer), near(place, MILES, layer)
    assert once["sites"].to_list() == [2, 2]
    for row in once.iter_rows(named=True):
        own = each.filter(pl.col("miles") == row["miles"])["population"].drop_nulls()
        assert own.max() <= row["population"] < row["sum"]
        assert row["sum"] == pytest.approx(own.sum(), abs=2)
        assert row["low"] <= row["population"] <= row["high"]


def test_every_row_is_there_and_zero_is_not_the_same_as_not_computed(home_layer):
    places = [("empty land", "45", "-105"), ("lost", "", ""), ("town", *map(str, GARY))] * 3
    answer = near(asked(*places), np.array([1.0, 500.0]), home_layer)
    assert answer["id"].to_list() == [name for name, _, _ in places for _ in range(2)]
    assert answer["population"].to_list()[:4] == [0, None, None, None]
    assert answer["population"].null_count() == 3 * 4
    assert answer.filter(pl.col("population").is_null())["message"].null_count() == 0
    numbers = ("low", "high", "areas", "people_at_line")
    for name in numbers:
        assert answer[name].is_null().equals(answer["population"].is_null())


def test_an_empty_layer_is_a_layer_too():
    nothing = np.zeros(0)
    empty = build(People("points", nothing, nothing, nothing.astype(np.int32), nothing))
    assert near(one_site("0.5,0.5"), MILES, empty)["population"].to_list() == [0, 0]


def test_no_good_site_at_all_is_an_answer_too(areas):
    layer = build(areas)
    lost = asked(("a", "", ""), ("b", "x", "y"))
    assert near(lost, MILES, layer)["population"].to_list() == [None] * 4
    assert together(lost, MILES, layer)["population"].to_list() == [0, 0]


def test_without_dask_installed_a_scheduler_is_a_clear_error(area_layer, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"not installed. Mend: pip install 'comingclean\[cluster\]'"):
        near(many(5), MILES, area_layer, Work(scheduler="tcp://127.0.0.1:9"))
    assert near(many(5), MILES, area_layer).height == 10


def test_no_scheduler_is_a_clear_error(area_layer, monkeypatch):
    monkeypatch.setattr(tiles, "_PATIENCE", 0.2)
    with pytest.raises(InputError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        near(many(5), MILES, area_layer, Work(scheduler="tcp://127.0.0.1:9"))
    with pytest.raises(InputError, match="no scheduler answers at nonsense"):
        near(many(5), MILES, area_layer, Work(scheduler="nonsense"))


def test_no_scheduler_leaves_no_client_behind(tmp_path):
    """One line, and not ten more when the interpreter ends."""
    code = (
        "import numpy as np\n"
        "from comingclean.proximity import Work, build, near, one_site, People, tiles\n"
        "tiles._PATIENCE = 0.2\n"
        "none = np.zeros(0)\n"
        "layer = build(People('points', none, none, none.astype(np.int32), none))\n"
        "try:\n    near(one_site('1,1'), np.ones(1), layer, Work(scheduler='foo'))\n"
        "except Exception as error:\n    print(error)\n"
    )
    arguments = [sys.executable, "-c", code]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, timeout=60)
    assert "no scheduler answers at foo" in done.stdout
    assert done.stderr == ""


def test_a_scheduler_without_workers_is_a_clear_error(area_layer, monkeypatch):
    monkeypatch.setattr(tiles, "_PATIENCE", 0.5)
    with (
        LocalCluster(n_workers=0, dashboard_address=":0") as cluster,
        pytest.raises(InputError, match=r"has no workers. Mend: start some with “dask worker tcp"),
    ):
        near(many(5), MILES, area_layer, Work(scheduler=cluster.scheduler_address))


@pytest.mark.parametrize(
    "text",
    [
        "name,latitude,longitude\ngary,41.6,-87.33\n",
        "Facility ID;LAT;LONG\ngary;41.6;-87.33\n",
        "\ufeffid,lat,lng\r\ngary, 41.6 ,-87.33\r\n",
        "x\ty\tid\n-87.33\t41.6\tgary\n",
        'id,lat,lon,note\ngary,41.6,-87.33,"a, b"\n',
        "id,name,x,y,lat,lon\ngary,b,462000,4605000,41.6,-87.33\n",
        "ID,Latitude,Longitude,x,y\ngary,41.6,-87.33,462000,4605000\n",
        "name,site_id,lat,lon\nmill,gary,41.6,-87.33\n",
        "REGISTRY_ID,PRIMARY_NAME,LATITUDE83,LONGITUDE83\ngary,mill,41.6,-87.33\n",
        "FAC_NAME,FAC_LAT,FAC_LONG\ngary,41.6,-87.33\n",
        "2. TRIFD,4. FACILITY NAME,12. LATITUDE,13. LONGITUDE\ngary,mill,41.6,-87.33\n",
        "Facility Name,ORISPL,LAT,LON\nmill,gary,41.6,-87.33\n",
        "nombre;latitud;longitud\ngary;41,6;-87,33\n",
        "id,lat,lon\ngary,41.6°,\u221287.33°\n",
        'id,lat,lon\ngary,"41,6","-87,33"\n',
    ],
)
def test_other_names_and_separators_are_understood(tmp_path, text):
    found = read_sites(write(tmp_path, text))
    assert (found.id, found.latitude.tolist(), found.longitude.tolist()) == (
        ("gary",),
        [41.6],
        [-87.33],
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_spreadsheets_encodings_are_understood_and_blank_lines_are_no_rows(tmp_path, encoding):
    file = tmp_path / "points.csv"
    file.write_bytes("id,lat,lon\r\n\r\nCañón,41.6,-87.33\r\n  \r\n,,\r\n\r\n".encode(encoding))
    assert read_sites(file).id == ("Cañón", "")


def test_a_header_alone_has_no_sites_and_no_answers(tmp_path, area_layer):
    found = read_sites(write(tmp_path, "id,lat,lon\n"))
    assert near(found, MILES, area_layer).height == 0


def test_without_an_id_the_number_of_the_row_is_one_and_the_sites_know_it(tmp_path):
    found = read_sites(write(tmp_path, "lat,lon,plant\n41.6,-87.33,a\n41.7,-87.4,b\n"))
    assert (found.id, found.numbered) == (("1", "2"), True)
    assert not read_sites(write(tmp_path, "lat,lon,ID\n41.6,-87.33,a\n")).numbered


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,Lat,LAT,lon\na,1,2,3\n", "both “Lat” and “LAT” may be the latitude"),
        ("Site,SITE,lat,lon\na,b,1,2\n", "both “Site” and “SITE” may be the id"),
        ("id,north,lon\na,1,2\n", r"no column of the latitude \(there are “id”, “north”, “lon”\)"),
        ("id,lat\na,1\n", "no column of the longitude"),
        ("", "not a readable CSV"),
    ],
)
def test_columns_that_cannot_be_told_are_named(tmp_path, text, says):
    with pytest.raises(InputError, match=says):
        read_sites(write(tmp_path, text))


def test_a_file_that_is_not_there_or_a_folder_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_sites(tmp_path / "none.csv")
    with pytest.raises(InputError, match="cannot be read"):
        read_sites(tmp_path)


def test_of_100_001_rows_the_last_says_why_it_is_not_computed(tmp_path, home_layer):
    rows = "a,41.6,-87.33\n" * 100_000
    asked_for = read_sites(write(tmp_path, "id,lat,lon\n" + rows + "b,41.6,-87.33\n"))
    answer = near(asked_for, MILES[:1], home_layer)
    assert answer.height == 100_001
    assert answer["status"][:-1].unique().to_list() == ["ok"]
    assert answer["population"].null_count() == 1
    assert answer.row(-1)[:6] == ("b", 1.0, None, None, None, "over the limit")
    assert "only the first 100,000 sites" in answer["message"][-1]


def test_more_than_ten_times_the_limit_is_refused_in_one_line():
    with pytest.raises(InputError) as refused:
        from_frame(pl.DataFrame({"lat": ["41.6"], "lon": ["-87.33"]})[[0] * 1_000_001])
    assert "more than 1,000,000 sites" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_radii_keep_their_order_and_each_counts_once():
    assert read_miles("5, 1,3,1").tolist() == [5, 1, 3]
    assert read_miles("0.1").tolist() == [0.1]
    assert read_miles("50").tolist() == [50]


@pytest.mark.parametrize("miles", [[1, 3.7], (1, 3.7), np.array([1, 3.7]), "1,3.7", [1, 3.7, 1]])
def test_radii_may_be_numbers(miles):
    assert read_miles(miles).tolist() == [1, 3.7]
    assert read_miles(3).tolist() == [3]


@pytest.mark.parametrize("text", ["", "one", "1,,3", "nan", "1;3", ["one"], [None], float("nan")])
def test_a_radius_that_is_no_number_is_refused(text):
    with pytest.raises(InputError, match=r"a radius of .* miles"):
        read_miles(text)


@pytest.mark.parametrize("bad", ["0", "500", "-1", "50.1", "inf", "0.09"])
def test_a_radius_that_makes_no_sense_says_so_in_its_rows_and_the_others_are_computed(home_layer, bad):
    places = asked(("good", *map(str, GARY)), ("lost", "", ""))
    answer = near(places, read_miles(f"1,{bad},3"), home_layer)
    wanted = ["ok", "impossible radius", "ok", *["missing coordinates"] * 3]
    assert answer["status"].to_list() == wanted
    assert "from 0.1 to 50 miles" in answer["message"][1]
    assert answer["population"].is_null().to_list() == [False, True, False, True, True, True]
    plain = near(places, MILES, home_layer)
    assert answer[[0, 2]].equals(plain[:2])
    assert near(places, read_miles(bad), home_layer)["status"].to_list() == [wanted[1], wanted[3]]
    with pytest.raises(InputError, match=r"a radius of .* miles"):
        together(places, read_miles(f"1,{bad}"), home_layer)


def test_no_radius_and_too_many_are_refused():
    with pytest.raises(InputError, match="0 radii"):
        read_miles([])
    with pytest.raises(InputError, match="21 radii"):
        read_miles(",".join(str(mile) for mile in range(1, 22)))


@pytest.mark.parametrize("text", ["gary", "41.6", "41.6,x", "1,2,3"])
def test_one_place_in_words_is_refused(text):
    with pytest.raises(InputError, match="is no place"):
        read_where(text)


def test_a_place_a_file_and_a_pipe_are_told_apart(tmp_path, monkeypatch):
    text = "id,lat,lon\n41.6,41.6,-87.33\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    for where in ("41.6, -87.33", str(write(tmp_path, text)), "-"):
        found = read_where(where)
        assert (found.latitude.tolist(), found.longitude.tolist()) == ([41.6], [-87.33])
    with pytest.raises(InputError, match="cannot be read"):
        read_where("none.csv")


def test_a_place_is_judged_by_the_boxes_it_is_given():
    box = ((10.0, 20.0, 30.0, 40.0),)
    assert judge(15, 35, box) == Verdict()
    assert judge(35, 15, box).word == "swapped coordinates"
    assert judge(50, 35, box).word == "not covered"
