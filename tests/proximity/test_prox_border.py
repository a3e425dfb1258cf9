"""Borders, coasts and lakes by the outlines that are shipped: who is at home, abroad, or at sea."""

import hashlib
import json

import numpy as np
import polars as pl
import pytest

from comingclean import paths
from comingclean.proximity import from_frame, near, outlines
from comingclean.proximity.place import COUNTRIES, abroad, countries_reached, judge

ABROAD = {
    "downtown Windsor": (42.317, -83.04, "CAN"),
    "Niagara Falls, Ontario": (43.09, -79.08, "CAN"),
    "Sarnia": (42.97, -82.40, "CAN"),
    "Sault Ste. Marie, Ontario": (46.52, -84.33, "CAN"),
    "Kingston": (44.231, -76.486, "CAN"),
    "Stanstead": (45.01, -72.095, "CAN"),
    "Toronto": (43.7, -79.4, "CAN"),
    "Whitehorse": (60.72, -135.05, "CAN"),
    "Tijuana": (32.52, -117.03, "MEX"),
    "Nuevo Laredo": (27.48, -99.51, "MEX"),
    "Matamoros": (25.87, -97.50, "MEX"),
    "Juárez": (31.735, -106.485, "MEX"),
    "Nogales, Sonora": (31.325, -110.945, "MEX"),
}
AT_HOME = {
    "Detroit": (42.331, -83.046),
    "El Paso": (31.757, -106.487),
    "El Paso, at the river": (31.751747, -106.47854),
    "Laredo": (27.503, -99.507),
    "Brownsville": (25.90, -97.497),
    "Niagara Falls, New York": (43.09, -79.06),
    "Port Huron": (42.975, -82.42),
    "Calais, Maine": (45.188, -67.278),
    "Point Roberts": (48.985, -123.07),
    "Key West": (24.56, -81.79),
    "Nebraska": (42.0, -101.0),
}


def asked(places):
    rows = [(name, str(place[0]), str(place[1])) for name, place in places.items()]
    return from_frame(pl.DataFrame(rows, schema=["id", "lat", "lon"], orient="row"))


def degrees(*places):
    return tuple(np.array(numbers, dtype=float) for numbers in zip(*places, strict=True))


def test_across_the_border_is_out_of_the_country_and_the_country_is_named(home_layer):
    answer = near(asked(ABROAD), np.array([1.0]), home_layer)
    assert answer["status"].unique().to_list() == ["out of the country"]
    assert answer["population"].null_count() == len(ABROAD)
    for message, (_, _, country) in zip(answer["message"], ABROAD.values(), strict=True):
        assert message == f"the place lies in {COUNTRIES[country]}, whose people are in no file here"


def test_this_side_of_the_border_is_at_home_whatever_the_outlines_of_neighbours_say(home_layer):
    answer = near(asked(AT_HOME), np.array([1.0]), home_layer)
    assert set(answer["status"]) <= {"ok", "sparse", "no one counted"}
    assert answer["population"].null_count() == 0


def test_no_home_of_the_census_is_taken_for_another_country():
    frame = pl.read_parquet(paths.snapshot() / "block_group.parquet")
    lived = frame.filter(pl.col("population") > 0)
    latitude, longitude = (lived[f"{name}_e6"].to_numpy() / 1e6 for name in ("latitude", "longitude"))
    assert [v for v in abroad(latitude, longitude) if v.word] == []


@pytest.mark.parametrize(
    ("place", "miles", "country"),
    [
        ((42.331, -83.046), 1.0, "CAN"),
        ((42.2806, -83.1113), 3.0, "CAN"),
        ((42.331, -83.046), 50.0, "CAN"),
        ((32.7157, -117.1611), 3.0, ""),
        ((32.7157, -117.1611), 20.0, "MEX"),
        ((41.6, -87.33), 50.0, ""),
        ((18.13, -65.43), 10.0, ""),
        ((18.13, -65.43), 40.0, "VIR"),
        ((48.76, -122.49), 10.0, ""),
        ((48.76, -122.49), 20.0, "CAN"),
    ],
)
def test_a_circle_that_reaches_another_country_knows_it(place, miles, country):
    assert countries_reached(*degrees(place), np.array([miles])).item() == country


def test_each_radius_of_a_place_is_told_by_itself_and_the_message_says_who_is_not_counted(home_layer):
    answer = near(
        asked({"a": (48.76, -122.49), "b": (41.6, -87.33)}), np.array([5.0, 20.0]), home_layer
    )
    assert answer["abroad"].to_list() == [None, "CAN", None, None]
    said = [message or "" for message in answer["message"]]
    assert ["people there are not counted" in message for message in said] == [
        False,
        True,
        False,
        False,
    ]
    assert "Canada" in said[1]


def test_distance_to_a_border_is_that_of_the_ellipsoid_within_a_hundredth():
    from pyproj import Geod
    from shapely import get_coordinates

    corners = np.concatenate(
        [get_coordinates(shape) for shape in outlines.outlines().foreign.geometries]
    )
    for place in ((42.331, -83.046), (27.503, -99.9), (48.5, -110.0), (18.3, -65.6)):
        name, far = outlines.nearest_country(*degrees(place), 80_000.0)
        count = len(corners)
        _, _, metres = Geod(ellps="WGS84").inv(
            np.full(count, place[1]), np.full(count, place[0]), corners[:, 0], corners[:, 1]
        )
        assert name[0]
        # The rim between two corners may be nearer than either.
        assert far[0] <= metres.min() * 1.01


@pytest.mark.parametrize(("place", "status"), [((43.0, -87.0), "at sea"), ((41.0, -67.5), "at sea")])
def test_open_water_is_at_sea(home_layer, place, status):
    answer = near(asked({"x": place}), np.array([1.0]), home_layer)
    assert (answer["status"][0], answer["population"][0], answer["high"][0]) == (status, 0, 0)


def test_at_sea_a_radius_that_cannot_be_is_told_and_not_counted(home_layer):
    answer = near(asked({"x": (43.0, -87.0)}), np.array([1.0, 500.0]), home_layer)
    assert answer["status"].to_list() == ["at sea", "impossible radius"]
    assert answer["population"].to_list() == [0, None]
    assert "a radius goes from 0.1 to 50 miles" in answer["message"][1]


def test_few_people_ashore_are_said_to_be_few(home_layer):
    """Off Honolulu's outer reef, where the circle takes the edge of the town."""
    miles = np.arange(2.0, 8.0, 0.1)
    answer = near(asked({"off": (21.2, -157.9)}), miles, home_layer)
    few = answer.filter(pl.col("population").is_between(1, 499))
    assert few.height > 0
    assert few["status"].unique().to_list() == ["at sea"]
    assert all("few people: read the range" in message for message in few["message"])


def test_a_part_of_a_person_is_no_one(home_layer):
    """Where a circle begins to touch the disc of a place."""
    place = asked({"edge": (41.55, -87.0)})
    answer = near(place, np.arange(0.1, 20.0, 0.0005), home_layer)
    touched = answer.filter((pl.col("areas") > 0) & (pl.col("population") == 0))
    assert touched.height > 0
    assert touched["status"].unique().to_list() == ["no one counted"]
    assert set(answer.filter(pl.col("population") > 0)["status"]) <= {"sparse", "ok"}


def test_a_forgotten_minus_is_only_pointed_out_where_it_leads_home():
    assert judge(41.6, 87.33).mend == (41.6, -87.33)
    wake = judge(19.28, 166.65)
    assert (wake.reason, wake.mend) == ("beyond", None)


@pytest.mark.parametrize(
    ("place", "reason", "mend"),
    [
        ((-87.33, 41.6), "swapped", (41.6, -87.33)),
        ((41.6, 272.67), "turn", (41.6, pytest.approx(-87.33))),
        ((0.0, 0.0), "zero", None),
        ((13.45, 144.75), "islands", None),
        ((141.0, -87.0), "nowhere", None),
        ((51.5, -0.1), "beyond", None),
    ],
)
def test_a_verdict_has_its_reason_as_a_word_and_the_place_that_was_meant(place, reason, mend):
    found = judge(*place)
    assert (found.reason, found.mend) == (reason, mend)


def test_the_outlines_that_are_shipped_are_those_of_their_list():
    made = json.loads((paths.geography() / "manifest.json").read_text())
    for name, sha in made["sha256"].items():
        assert hashlib.sha256((paths.geography() / name).read_bytes()).hexdigest() == sha
    assert "abroad.json" in made["sha256"]
