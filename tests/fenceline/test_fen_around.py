"""What surrounds a place: the same figures as a plant's own, everything by distance, nothing missed."""

import shutil
import sqlite3
from collections import OrderedDict
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from fen_oracle import GEOD, METRES, people
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comingclean import paths, proximity
from comingclean.connection import connect
from comingclean.errors import InputError
from comingclean.facilities.county import Counties
from comingclean.views import around, query

GARY = (41.61, -87.33)
PLANTS = (
    "us-steel-gary-works-in",
    "alcoa-wenatchee-wa",
    "century-hawesville-ky",
    "holcim-devils-slide-ut",
    "argos-san-juan-pr",
    "nucor-frostproof-fl",
)


def some_plants(connection):
    every = query.plants(connection)
    named = [row for row in every if row["facility_id"] in PLANTS]
    puerto_rico = [row for row in every if row["state"] == "PR"]
    return [*named, *puerto_rico, *every[::40]]


def test_asked_at_a_plant_the_report_has_the_plants_own_figures(connection):
    for plant in some_plants(connection):
        if plant["county_distance_km"]:
            continue  # its coordinates lie in another county than the one it states
        own = query.community(connection, plant["facility_id"])
        found = around.around(connection, plant["latitude"], plant["longitude"], 1.0)
        assert found["county"]["fips"] == plant["county_fips"], plant["facility_id"]
        assert len(found["community"]) == len(own) > 0
        for here, there in zip(found["community"], own, strict=True):
            assert here == {name: value for name, value in there.items() if name != "facility_id"}
        assert found["plants"][0]["facility_id"] == plant["facility_id"]
        assert found["plants"][0]["miles"] == pytest.approx(0, abs=1e-6)


def test_asked_at_a_plant_the_monitor_is_the_plants_own(connection):
    for plant in some_plants(connection):
        own = query.rows(
            connection, "select * from nearest_monitor where facility_id = ?", plant["facility_id"]
        )[0]
        found = around._monitor(connection, plant["latitude"], plant["longitude"])
        assert (found["site"], found["direction"]) == (own["site"], own["direction"])
        assert found["kilometres"] == pytest.approx(own["kilometres"])


def test_plants_and_emitters_come_by_distance_and_no_emitter_is_a_plant(connection):
    found = around.around(connection, *GARY, 10.0)
    for name in ("plants", "emitters"):
        miles = [row["miles"] for row in found[name]]
        assert miles == sorted(miles)
        assert miles[-1] <= 10
    ours = {row["program_id"] for row in query.rows(connection, "select program_id from identifier")}
    assert ours.isdisjoint(row["ghgrp_id"] for row in found["emitters"])
    assert len(found["emitters"]) > 10
    steel = next(row for row in found["plants"] if row["facility_id"] == "us-steel-gary-works-in")
    assert [row["year"] for row in steel["values"]] == list(range(2010, 2024))


def test_every_emitter_within_reach_is_there_and_none_beyond(connection):
    every = query.rows(connection, "select * from emitter")
    for latitude, longitude, miles in ((*GARY, 10.0), (29.75, -95.1, 50.0), (61.2, -149.9, 50.0)):
        far = GEOD.inv(
            [longitude] * len(every),
            [latitude] * len(every),
            [row["longitude"] for row in every],
            [row["latitude"] for row in every],
        )[2]
        pairs = zip(every, far, strict=True)
        expected = {row["ghgrp_id"] for row, metres in pairs if metres <= miles * METRES}
        found = around.emitters(connection, latitude, longitude, miles)
        assert {row["ghgrp_id"] for row in found} == expected
        assert expected


@pytest.fixture(scope="module")
def anywhere():
    """A database with one facility, to be put anywhere on Earth."""
    with sqlite3.connect(":memory:") as opened:
        opened.row_factory = sqlite3.Row
        opened.execute("create table emitter (latitude real, longitude real)")
        yield opened
    opened.close()


@settings(max_examples=400)
@example(latitude=89.5, longitude=0.0, bearing=0.0, miles=50.0, part=1.0)
@example(latitude=-89.0, longitude=10.0, bearing=100.0, miles=50.0, part=1.0)
@example(latitude=52.0, longitude=179.9, bearing=90.0, miles=10.0, part=1.0)
@given(
    latitude=st.floats(-90, 90) | st.sampled_from([51.9, 71.3, 89.5, -90.0, 90.0]),
    longitude=st.floats(-180, 180) | st.sampled_from([-180.0, 180.0, 179.9, -179.95]),
    bearing=st.floats(0, 360),
    miles=st.floats(0.1, 50),
    part=st.floats(0, 1),
)
def test_the_box_of_degrees_holds_the_circle_at_the_poles_and_over_the_date_line(
    anywhere, latitude, longitude, bearing, miles, part
):
    east, north, _ = GEOD.fwd(longitude, latitude, bearing, part * miles * METRES)
    anywhere.execute("delete from emitter")
    anywhere.execute("insert into emitter values (?, ?)", (north, east))
    assert len(query.emitters(anywhere, latitude, longitude, miles)) == 1


def test_the_box_of_degrees_is_not_the_world(anywhere):
    anywhere.execute("delete from emitter")
    anywhere.executemany(
        "insert into emitter values (?, ?)",
        [(41.6, -86.3), (42.4, -87.3), (41.6, 87.3), (-41.6, -87.3)],
    )
    assert query.emitters(anywhere, 41.6, -87.3, 10.0) == []


def test_over_the_date_line_distance_and_direction_are_the_short_way(connection):
    rows = [{"latitude": 51.9, "longitude": -179.9}, {"latitude": 51.9, "longitude": 179.0}]
    found = around._by_distance(rows, 51.9, 179.9)
    assert [row["longitude"] for row in found] == [-179.9, 179.0]
    assert [row["direction"] for row in found] == ["E", "W"]
    assert found[0]["kilometres"] == pytest.approx(13.76, abs=0.05)


@pytest.mark.parametrize("miles", [0.5, 3.0, 10.0])
@pytest.mark.parametrize("place", [GARY, (18.45, -66.1), (61.2, -149.9), (41.3, -72.93)])
def test_the_blocks_of_a_circle_add_up_to_its_people(place, miles, connection):
    found = around.blocks(connection, *place, miles)
    added = np.dot(found["share"], found["population"])
    exact = people(*place, miles)
    assert added == pytest.approx(exact, rel=1e-3, abs=1 + 0.0005 * sum(found["population"]))
    sizes = {name: len(values) for name, values in found.items() if name != "indicators"}
    assert set(sizes.values()) == {len(found["share"])}
    assert {len(values) for values in found["indicators"].values()} == set(sizes.values())
    assert set(found["indicators"]) == {
        row["indicator"] for row in query.indicators(connection) if row["indicator"] != "population"
    }
    for name, values in found["indicators"].items():
        assert not any(value is not None and np.isnan(value) for value in values), name


@pytest.mark.parametrize(("place", "miles"), [(GARY, 10.0), ((45.0, -105.5), 50.0)])
def test_of_who_lives_in_a_block_group_with_few_people_the_map_is_told_nothing(
    place, miles, connection
):
    found = around.blocks(connection, *place, miles)
    few = [at for at, people in enumerate(found["population"]) if people < 500]
    many = [at for at, people in enumerate(found["population"]) if people >= 500]
    assert few
    for name in ("people_of_colour", "black", "poverty", "income", "under_18"):
        values = found["indicators"][name]
        assert {values[at] for at in few} == {None}, name
        assert not many or any(values[at] is not None for at in many)
    assert any(found["indicators"]["pm25"][at] is not None for at in few)


def test_where_nothing_is_known_a_block_has_none_and_not_nought(connection):
    alaska = around.blocks(connection, 61.2, -149.9, 3.0)
    assert set(alaska["indicators"]["pm25"]) == {None}
    puerto_rico = around.blocks(connection, 18.45, -66.1, 3.0)
    assert set(puerto_rico["indicators"]["poverty"]) == {None}


@pytest.mark.parametrize(
    ("place", "status", "says"),
    [
        ((-87.33, 41.61), "swapped coordinates", "longitude first"),
        ((51.5, -0.1), "out of the country", "United States"),
        ((43.7, -79.4), "out of the country", "Canada"),
        ((0.0, 0.0), "out of the country", "unknown place"),
        ((941.0, -87.0), "impossible coordinates", "no place on Earth"),
        ((13.45, 144.75), "not covered", "Guam"),
    ],
)
def test_a_place_that_cannot_be_counted_has_its_reason_and_nothing_else(
    place, status, says, connection
):
    found = around.around(connection, *place, 10.0)
    assert found["status"] == status
    assert says in found["message"]
    assert (found["community"], found["plants"], found["emitters"]) == ([], [], [])
    assert found["county"] is found["monitor"] is found["states"] is None
    assert found["reason"]


def test_at_sea_nobody_lives_for_sure_and_the_nearest_plants_are_told(connection):
    found = around.around(connection, 43.0, -87.0, 10.0)
    assert found["status"] == "at sea"
    assert "open water" in found["message"]
    rows = [(r["indicator"], r["value"], r["low"], r["high"]) for r in found["community"]]
    assert rows == [("population", 0, 0, 0)] * 4
    assert len(found["plants"]) == 3
    assert found["plants"][0]["miles"] > 10
    assert found["emitters"] == []
    assert found["county"] is None


def test_on_a_state_line_both_sides_are_counted_and_named(connection):
    found = around.around(connection, 41.66, -87.525, 3.0, (1.0, 3.0))
    assert found["states"] == "IL IN"
    assert [row["radius_miles"] for row in found["community"] if row["indicator"] == "population"] == [
        1,
        3,
    ]
    assert found["status"] == "ok"
    assert found["message"] is None


def test_in_connecticut_the_county_is_a_region_and_the_survey_is_not_known(connection):
    found = around.around(connection, 41.31, -72.93, 10.0)
    assert found["county"] == {"fips": "09170", "name": "South Central Connecticut", "state": "CT"}
    near = {row["indicator"]: row for row in found["community"] if row["radius_miles"] == 3}
    assert near["poverty"]["status"] == "unknown"
    assert near["poverty"]["value"] is None
    assert near["poverty"]["us"] > 0
    assert near["people_of_colour"]["county"] > 0


def test_a_places_county_is_the_one_whose_outline_it_lies_in(connection):
    neighbours = around.neighbourhood(connection)
    outlines = Counties.read(paths.counties())
    rng = np.random.default_rng(20)
    wrong = []
    homes = np.flatnonzero(neighbours.people.population)  # block groups of water alone have nobody
    for at in rng.choice(homes, 200, replace=False):
        latitude, longitude = neighbours.people.latitude[at], neighbours.people.longitude[at]
        county = neighbours.county(latitude, longitude)
        own = str(neighbours.table.areas["county"].codes[neighbours.table.areas["county"].of[at]])
        far = outlines.distance_km(own, latitude, longitude)
        # Outlines are simplified: near a line either side may be right.
        if county["fips"] != own and far == 0:
            wrong.append((own, county))
        assert outlines.distance_km(county["fips"], latitude, longitude) <= far
    assert wrong == []


def test_across_the_river_from_where_people_live_the_county_is_still_ones_own(connection):
    for plant in query.plants(connection):
        if plant["facility_id"] in PLANTS and plant["county_distance_km"] == 0:
            found = around.neighbourhood(connection).county(plant["latitude"], plant["longitude"])
            assert found["fips"] == plant["county_fips"]


def test_far_from_anyones_home_there_is_no_county(connection):
    assert around.neighbourhood(connection).county(30.0, -70.0) is None


def test_a_figure_of_nought_is_told_and_not_an_older_one(connection):
    zeros = query.rows(connection, "select * from emitter_year where value = 0")
    assert len(zeros) > 100
    assert all(row["low"] == 0 < row["high"] <= 0.5 for row in zeros)
    newest = query.rows(
        connection,
        """select ghgrp_id from emitter_year group by ghgrp_id
        having max(year) = max(case when value = 0 then year end)""",
    )
    shown = query.emitter_years(connection, newest[0]["ghgrp_id"])
    assert shown[-1]["value"] == 0


def test_people_are_read_once_however_many_ask(monkeypatch, connection):
    asked = []
    monkeypatch.setattr(around, "_HELD", OrderedDict())
    monkeypatch.setattr(around, "_read", lambda *of: asked.append(of) or SimpleNamespace())
    first = around.neighbourhood(connection)
    assert around.neighbourhood(connection) is first
    assert len(asked) == 1


@contextmanager
def another(shipped, folder, sql):
    """A copy of the shipped database that says something else."""
    file = Path(shutil.copy(shipped, folder / f"{len(list(folder.iterdir()))}.sqlite"))
    with closing(sqlite3.connect(file)) as opened:
        assert opened.execute(sql).rowcount == 1
        opened.commit()
    with connect(file) as opened:
        yield opened


def test_two_databases_give_each_their_own_report(shipped, tmp_path, connection):
    def people(opened):
        found = around.around(opened, *GARY, 1.0, (1.0,))["community"]
        return next(row for row in found if row["indicator"] == "population")

    plain = people(connection)
    sparse = "update parameter set value = 1e6, high = 1e6 where parameter = 'population_sparse'"
    wide = "update parameter set value = 5, high = 5 where parameter = 'population_line_down'"
    assert plain["status"] == "ok"
    with another(shipped, tmp_path, sparse) as other:
        assert people(other)["status"] == "sparse"
        assert people(connection) == plain
    with another(shipped, tmp_path, wide) as other:
        assert people(other)["low"] < plain["low"]
        assert people(connection) == plain
    assert len(around._HELD) <= 2


def test_a_database_of_other_people_is_refused_in_one_line(shipped, tmp_path):
    sql = "update release set value = 'another' where part = 'people'"
    with (
        another(shipped, tmp_path, sql) as other,
        pytest.raises(InputError, match="made with other people around than this installation has"),
    ):
        around.around(other, *GARY, 1.0)


def test_the_radii_of_the_report_are_those_of_the_table(connection):
    radii = query.rows(connection, "select distinct radius_miles from community order by radius_miles")
    assert tuple(row["radius_miles"] for row in radii) == around.MILES
    assert proximity.usable_miles("1,3,5,10").tolist() == list(around.MILES)
