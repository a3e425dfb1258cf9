"""Counties: how their names are written, and how far a point lies from one."""

import json

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from comingclean.facilities.county import STATE_FIPS, Counties, plain_name
from sliced import COUNTIES

ATLAS = Counties.read(COUNTIES)
FIPS = [shape["id"] for shape in ATLAS.atlas["objects"]["counties"]["geometries"]]
GEOD = Geod(ellps="WGS84")

NAMES = {
    ("AL", "01115"): ["SAINT CLAIR", "St. Clair County"],
    ("IL", "17099"): ["LA SALLE", "LASALLE COUNTY"],
    ("LA", "22059"): ["La Salle Parish"],
    ("TX", "48283"): ["LaSalle"],
    ("LA", "22095"): ["ST. JOHN THE BAPTIST PARISH"],
    ("LA", "22097"): ["Saint Landry"],
    ("NY", "36089"): ["SAINT LAWRENCE"],
    ("MO", "29186"): ["SAINTE GENEVIEVE", "Ste. Genevieve County"],
    ("MO", "29189"): ["ST. LOUIS", "SAINT LOUIS COUNTY"],
    ("MO", "29510"): ["ST LOUIS CITY"],
    ("VA", "51770"): ["ROANOKE CITY"],
    ("VA", "51161"): ["ROANOKE COUNTY", "Roanoke"],
    ("VA", "51730"): ["PETERSBURG CITY", "Petersburg"],
    ("VA", "51095"): ["JAMES CITY COUNTY"],
    ("VA", "51036"): ["Charles City"],
    ("MD", "24510"): ["BALTIMORE CITY"],
    ("MD", "24005"): ["Baltimore County"],
    ("MD", "24033"): ["PRINCE GEORGES", "Prince George's County"],
    ("IA", "19141"): ["OBRIEN"],
    ("NV", "32510"): ["CARSON CITY"],
    ("NM", "35013"): ["DONA ANA", "Doña Ana County"],
    ("PR", "72111"): ["PENUELAS MUNICIPIO", "Peñuelas"],
    ("PR", "72051"): ["DORADO MUNICIPIO"],
    ("DC", "11001"): ["District of Columbia"],
    ("IN", "18089"): [" lake  county "],
}
NOWHERE = [
    ("IN", "Carroll"),
    ("XX", "Lake"),
    ("IN", ""),
    ("IN", None),
    ("VA", "Lake City"),
    ("", "LAKE"),
]


@pytest.mark.parametrize(("place", "names"), NAMES.items())
def test_a_county_is_found_as_it_was_filed(place, names):
    state, fips = place
    assert {ATLAS.find(state, name) for name in names} == {fips}


@pytest.mark.parametrize(("state", "name"), NOWHERE)
def test_a_name_that_fits_no_county_of_the_state_finds_none(state, name):
    assert ATLAS.find(state, name) is None


@pytest.mark.parametrize("fips", FIPS)
def test_every_county_is_found_by_the_name_on_the_map(fips):
    state = next(name for name, code in STATE_FIPS.items() if code == fips[:2])
    kind = " City" if fips in ("51770", "29510", "24510") else ""
    assert ATLAS.find(state, ATLAS.name(fips) + kind) == fips
    assert ATLAS.find(state, ATLAS.name(fips).upper() + kind.upper()) == fips


@given(st.text(max_size=30))
def test_a_plain_name_has_small_letters_only_and_is_plain_already(name):
    plain = plain_name(name)
    assert plain == "" or (plain.isascii() and plain.isalpha() and plain.islower())
    assert plain_name(plain.upper()) == plain_name(plain)


def brute_km(fips: str, latitude: float, longitude: float) -> float:
    """Geodesic distance to the nearest of many points along the outline, for a point outside."""
    line = shapely.segmentize(ATLAS.outline(fips).boundary, 0.002)
    points = shapely.get_coordinates(line)
    n = len(points)
    metres = GEOD.inv([longitude] * n, [latitude] * n, points[:, 0], points[:, 1])[2]
    return min(metres) / 1000


OFFSETS = st.floats(-0.8, 0.8)


@settings(max_examples=80)
@given(st.sampled_from(FIPS), OFFSETS, OFFSETS)
def test_the_distance_agrees_with_brute_force_along_the_outline(fips, north, east):
    centre = ATLAS.outline(fips).centroid
    latitude, longitude = centre.y + north, centre.x + east
    distance = ATLAS.distance_km(fips, latitude, longitude)
    assert distance >= 0
    if ATLAS.outline(fips).covers(shapely.Point(longitude, latitude)):
        assert distance == 0
    else:
        # The outline is sampled every 0.002 degrees, so brute force is up to 110 m too far.
        exact = brute_km(fips, latitude, longitude)
        assert distance == pytest.approx(exact, rel=0.01, abs=0.12)
        assert distance > 0


@settings(max_examples=80)
@given(st.sampled_from(FIPS), st.lists(st.floats(0.01, 1), min_size=3, max_size=12))
def test_a_point_inside_has_no_distance_and_lies_in_that_county(fips, weights):
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(ATLAS.outline(fips)))
    corners = shapely.get_coordinates(triangles[len(weights) * 7 % len(triangles)])[:3]
    a, b, c = (weight / sum(weights[:3]) for weight in weights[:3])
    longitude, latitude = a * corners[0] + b * corners[1] + c * corners[2]
    assume(ATLAS.outline(fips).contains(shapely.Point(longitude, latitude)))
    assert ATLAS.distance_km(fips, latitude, longitude) == 0
    state = next(name for name, code in STATE_FIPS.items() if code == fips[:2])
    assert ATLAS.distance_km(ATLAS.around(state, latitude, longitude), latitude, longitude) == 0


def test_a_point_far_off_is_as_far_as_the_geodesic_says():
    assert ATLAS.distance_km("18089", 41.60, -87.0) == pytest.approx(
        brute_km("18089", 41.6, -87), abs=0.1
    )
    assert 15 < ATLAS.distance_km("18089", 41.60, -87.0) < 25


def test_the_hole_in_a_county_belongs_to_the_city_in_it():
    city = ATLAS.outline("51770").representative_point()
    assert ATLAS.distance_km("51770", city.y, city.x) == 0
    assert ATLAS.distance_km("51161", city.y, city.x) > 0
    assert ATLAS.around("VA", city.y, city.x) == "51770"


def test_around_finds_the_nearest_county_of_the_state_only():
    assert ATLAS.around("GA", 33.823833, -84.469475) == "13121"
    assert ATLAS.around("KY", 38.737, -85.100) == "21041"
    assert ATLAS.around("WY", 43.0, -107.0) is None


def test_outlines_are_whole_polygons_in_degrees():
    for fips in FIPS:
        shape = ATLAS.outline(fips)
        assert shape.is_valid
        assert shape.geom_type in ("Polygon", "MultiPolygon")
        assert 0.0001 < shape.area < 5


def square(ring: list[int]) -> dict:
    arcs = [[[0, 0], [10, 0], [0, 10]], [[0, 0], [0, 10], [10, 0]]]
    shape = {"type": "Polygon", "id": "18001", "properties": {"name": "Square"}, "arcs": [ring]}
    return {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [-87, 41]},
        "objects": {"counties": {"type": "GeometryCollection", "geometries": [shape]}},
        "arcs": arcs,
    }


def test_an_arc_may_be_walked_backwards():
    outline = Counties(square([0, ~1])).outline("18001")
    assert outline.bounds == pytest.approx((-87, 41, -86, 42))
    assert outline.area == pytest.approx(1)


def test_islets_that_bound_nothing_are_left_out():
    atlas = json.loads(json.dumps(square([0, ~1])))
    atlas["arcs"].append([[20, 20], [1, 1]])
    shape = atlas["objects"]["counties"]["geometries"][0]
    shape["type"], shape["arcs"] = "MultiPolygon", [shape["arcs"], [[2]]]
    assert Counties(atlas).outline("18001").area == pytest.approx(1)
