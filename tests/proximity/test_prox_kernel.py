"""What circles hold, against pyproj, a KD-tree and drawn circles; and what must always be so."""

import dataclasses

import numpy as np
import prox_oracle as oracle
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from prox_towns import sites, towns
from scipy.spatial import cKDTree

from comingclean.errors import InputError
from comingclean.proximity import People, build, count, pairs
from comingclean.proximity.earth import METRES_PER_MILE, chord, ground, in_space, mean_radius
from comingclean.proximity.flat import covered, overlap
from comingclean.proximity.nearest import disc_radius
from comingclean.proximity.states import States

MILES = np.array([0.1, 0.5, 1.0, 3.0, 10.0, 50.0])


@pytest.mark.parametrize(
    ("miles", "most"), [(0.1, 1e-7), (1, 1e-7), (3, 1e-5), (10, 1e-4), (25, 1e-3), (50, 4e-3)]
)
def test_chords_follow_the_geodesic_to_4_mm_at_50_miles(miles, most):
    random = np.random.default_rng(3)
    latitude, longitude = random.uniform(17, 72, 20_000), random.uniform(-180, 180, 20_000)
    there = oracle.GEOD.fwd(
        longitude, latitude, random.uniform(0, 360, 20_000), np.full(20_000, miles * oracle.MILE)
    )
    apart = np.subtract(in_space(latitude, longitude), in_space(there[1], there[0]))
    found = ground(np.sqrt((apart**2).sum(axis=0)), mean_radius(latitude))
    assert np.abs(found - miles * METRES_PER_MILE).max() < most


def test_chord_and_ground_undo_each_other():
    radius = mean_radius(np.array([20.0, 45.0, 70.0]))
    metres = np.array([1.0, 5_000.0, 80_000.0])
    assert ground(chord(metres, radius), radius) == pytest.approx(metres, rel=1e-12)


@pytest.mark.parametrize("kind", ["areas", "points"])
def test_counts_are_those_of_brute_force_on_the_geodesic(kind, areas, points):
    people = areas if kind == "areas" else points
    latitude, longitude = sites(56)
    found = count(build(people), latitude, longitude, MILES).population
    assert found == pytest.approx(
        oracle.population(people, latitude, longitude, MILES), rel=1e-6, abs=1e-3
    )


def test_counts_are_those_of_brute_force_on_real_block_groups(slice_people):
    random = np.random.default_rng(5)
    at = random.choice(slice_people.latitude.size, 60)
    latitude = slice_people.latitude[at] + random.normal(0, 0.01, 60)
    longitude = slice_people.longitude[at] + random.normal(0, 0.01, 60)
    found = count(build(slice_people), latitude, longitude, MILES).population
    assert found == pytest.approx(
        oracle.population(slice_people, latitude, longitude, MILES), rel=1e-5, abs=1e-2
    )


def test_the_date_line_is_no_border(areas, area_layer):
    latitude, longitude = np.array([51.95, 51.95]), np.array([179.999, -179.999])
    found = count(area_layer, latitude, longitude, np.array([10.0, 50.0])).population
    expected = oracle.population(areas, latitude, longitude, np.array([10.0, 50.0]))
    assert found == pytest.approx(expected, rel=1e-6)
    assert found[0] == pytest.approx(found[1], rel=0.05)
    assert found.min() > 1000


@settings(max_examples=25)
@given(
    seed=st.integers(0, 10_000), turn=st.floats(-180, 180), kind=st.sampled_from(["areas", "points"])
)
def test_turning_the_earth_under_people_and_sites_changes_no_count(seed, turn, kind):
    people = towns(kind, seed=seed, size=60)
    latitude, longitude = sites(21, seed=seed)
    turned = dataclasses.replace(people, longitude=(people.longitude + turn + 180) % 360 - 180)
    here = count(build(people), latitude, longitude, MILES)
    there = count(build(turned), latitude, (longitude + turn + 180) % 360 - 180, MILES)
    assert there.population == pytest.approx(here.population, rel=1e-6, abs=1e-3)
    assert there.variance == pytest.approx(here.variance, rel=1e-5, abs=1e-1)


@pytest.mark.parametrize("latitude", [18.0, 40.0, 65.0])
@pytest.mark.parametrize("miles", [1.0, 10.0])
def test_of_people_spread_evenly_a_circle_holds_its_part_of_the_ground(latitude, miles):
    """A lattice of equal steps along meridian and parallel, and the area that pyproj finds."""
    side = miles * oracle.MILE * 1.1
    steps = np.linspace(-side, side, 801)
    spacing = steps[1] - steps[0]
    north = oracle.GEOD.fwd(
        np.full(801, -100.0), np.full(801, latitude), np.where(steps < 0, 180.0, 0.0), np.abs(steps)
    )[1]
    radius = np.hypot(*in_space(np.array(north), np.zeros(801))[:2])
    east = -100.0 + np.degrees(steps[None, :] / radius[:, None])
    layer = build(
        People(
            "points", np.repeat(north, 801), east.ravel(), np.ones(801**2, np.int32), np.zeros(801**2)
        )
    )
    rim = oracle.GEOD.fwd(
        np.full(720, -100.0),
        np.full(720, latitude),
        np.arange(720) / 2,
        np.full(720, miles * oracle.MILE),
    )
    area = abs(oracle.GEOD.polygon_area_perimeter(rim[0], rim[1])[0])
    held = count(layer, np.array([latitude]), np.array([-100.0]), np.array([miles])).population.item()
    assert held * spacing**2 == pytest.approx(area, rel=5e-4)


def test_points_are_exactly_those_of_a_kd_tree(points, point_layer):
    latitude, longitude = sites(700, seed=9)
    tree = cKDTree(np.stack(in_space(points.latitude, points.longitude), axis=1))
    places = np.stack(in_space(latitude, longitude), axis=1)
    for mile in (0.3, 1.0, 3.0, 20.0):
        reach = chord(np.full(700, mile * METRES_PER_MILE), mean_radius(latitude))
        rows = tree.query_ball_point(places, reach)
        expected = [[points.population[held].sum(), len(held)] for held in rows]
        for spread in (True, False):
            found = count(point_layer, latitude, longitude, np.array([mile]), spread=spread)
            assert found.population[:, 0].tolist() == [people for people, _ in expected]
        assert found.rows[:, 0].tolist() == [number for _, number in expected]


@pytest.mark.parametrize("miles", [1.0, 10.0, 50.0])
@pytest.mark.parametrize(("latitude", "longitude"), [(25.0, -81.0), (47.0, -100.0), (71.0, -156.0)])
def test_a_centimetre_or_two_decide_on_which_side_of_the_line_a_point_is(latitude, longitude, miles):
    bearings = np.arange(0.0, 360.0, 5)
    inside, outside = (
        oracle.GEOD.fwd(
            *(np.full(72, value) for value in (longitude, latitude)),
            bearings,
            np.full(72, miles * oracle.MILE + step),
        )
        for step in (-0.01, 0.01)
    )
    east, north = (np.concatenate([inside[at], outside[at]]) for at in (0, 1))
    layer = build(
        People("points", north, east, np.repeat(np.array([1, 1000], np.int32), 72), np.zeros(144))
    )
    found = count(layer, np.array([latitude]), np.array([longitude]), np.array([miles]))
    assert found.population.item() == 72


def test_every_state_of_a_run_of_rows_is_named():
    states = States.of(np.array([17, 17, 18, 11, 18, 18, 26]) * 10**10 + 1)
    bits = np.zeros(3, np.uint64)
    states.mark(bits, np.array([0, 1, 2]), np.array([0, 4, 3]), np.array([6, 6, 3]))
    assert states.names(bits) == ["DC IL IN", "IN", ""]
    assert States.of(np.array([5, 6])) is None
    assert States.of(np.zeros(0, np.int64)) is None


def test_rows_people_at_the_line_and_variance_are_what_they_say(areas, area_layer):
    latitude, longitude = sites(14)
    found = count(area_layer, latitude, longitude, np.array([2.0]))
    for site in range(14):
        part = oracle.held(areas, latitude[site], longitude[site], np.array([2.0]))[0]
        cut = (part > 1e-9) & (part < 1 - 1e-9)
        assert found.rows[site, 0] == pytest.approx((part > 0).sum(), abs=1)
        assert found.cut[site, 0] == pytest.approx(areas.population[cut].sum(), rel=1e-6)
        lump = areas.population.astype(float) ** 2 * part * (1 - part)
        assert found.variance[site, 0] == pytest.approx(lump.sum(), rel=1e-5)


def test_any_cut_of_the_sites_and_radii_gives_the_same_bits(area_layer, point_layer):
    latitude, longitude = sites(300)
    random = np.random.default_rng(0)
    for layer in (area_layer, point_layer):
        whole = count(layer, latitude, longitude, MILES)
        order = random.permutation(300)
        mixed = count(layer, latitude[order], longitude[order], MILES)
        single = count(layer, latitude[:1], longitude[:1], MILES[3:4])
        for field in dataclasses.fields(whole):
            values = getattr(whole, field.name)
            assert (getattr(mixed, field.name) == values[order]).all()
            assert (getattr(single, field.name) == values[:1, 3:4]).all()


def test_small_batches_give_the_same_bits(area_layer, monkeypatch):
    latitude, longitude = sites(60)
    whole = count(area_layer, latitude, longitude, MILES)
    monkeypatch.setattr("comingclean.proximity.kernel._BANDS", 50)
    monkeypatch.setattr("comingclean.proximity.kernel._EDGES", 7)
    parts = count(area_layer, latitude, longitude, MILES)
    assert (parts.population == whole.population).all()
    assert (parts.variance == whole.variance).all()


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    miles=st.lists(st.floats(0.1, 50), min_size=2, max_size=5),
    kind=st.sampled_from(["areas", "points"]),
)
def test_more_miles_never_hold_fewer_people_nor_more_than_all(seed, miles, kind):
    people = towns(kind, seed=seed, size=40)
    layer = build(people)
    found = count(layer, *sites(21, seed=seed), np.sort(miles))
    assert (np.diff(found.population, axis=1) >= -1e-6 * (1 + found.population[:, 1:])).all()
    assert (found.population >= 0).all()
    assert (found.population <= people.population.sum() * (1 + 1e-9)).all()
    assert (found.rows <= len(layer)).all()
    assert (found.variance >= 0).all()


@settings(max_examples=60)
@given(apart=st.floats(0, 9), metres=st.floats(0.1, 5), radius=st.floats(0.1, 5))
def test_the_part_of_a_disc_is_that_of_drawn_circles(apart, metres, radius):
    found = overlap(*(np.array([value]) for value in (apart, metres, radius)))[0]
    disc = shapely.Point(0, 0).buffer(radius, quad_segs=1000)
    exact = disc.intersection(shapely.Point(apart, 0).buffer(metres, quad_segs=1000)).area / disc.area
    assert 0 <= found <= 1
    assert found == pytest.approx(exact, abs=5e-5)


@settings(max_examples=80)
@given(
    seed=st.integers(0, 100_000),
    number=st.integers(1, 9),
    metres=st.floats(0.2, 3),
    radius=st.floats(0.2, 3),
)
def test_what_several_circles_cover_is_that_of_drawn_circles(seed, number, metres, radius):
    random = np.random.default_rng(seed)
    apart = random.uniform(max(metres - radius, 0) + 1e-6, metres + radius, number)
    turn = random.uniform(0, 2 * np.pi, number)
    east, north = apart * np.cos(turn), apart * np.sin(turn)
    part = overlap(apart, np.full(number, metres), np.full(number, radius))
    some = (part > 0) & (part < 1)
    if not some.any():
        return
    found = covered(east[some], north[some], part[some], metres, radius)
    disc = shapely.Point(0, 0).buffer(radius, quad_segs=300)
    drawn = [
        shapely.Point(x, y).buffer(metres, quad_segs=300)
        for x, y in zip(east[some], north[some], strict=True)
    ]
    assert found == pytest.approx(
        shapely.union_all(drawn).intersection(disc).area / disc.area, abs=5e-5
    )


def test_a_crowd_of_circles_on_one_disc_stays_between_the_largest_part_and_all():
    random = np.random.default_rng(0)
    east, north = random.uniform(-3, 3, (2, 500))
    part = np.full(500, 0.01)
    assert 0.01 <= covered(east, north, part, 0.5, 5.0) <= 1


def test_the_pairs_of_a_circle_are_what_it_holds(areas, area_layer):
    latitude, longitude = sites(21)
    miles = np.array([1.0, 5.0])
    weight = area_layer.population.astype(float)
    found = pairs(area_layer, latitude, longitude, miles)
    assert found.circles == 42
    assert (found.share > 0).all()
    for site, radius in ((0, 0), (0, 1), (20, 1)):
        held = found.circle == site * 2 + radius
        alone = oracle.held(areas, latitude[site], longitude[site], miles[radius : radius + 1])[0]
        of_source = np.zeros(len(area_layer))
        of_source[area_layer.source[found.row[held]]] = found.share[held]
        assert of_source == pytest.approx(alone, abs=1e-5)
    assert (np.diff(found.circle * len(area_layer) + found.row) > 0).all()
    whole = count(area_layer, latitude, longitude, miles).population.ravel()
    mine = np.bincount(found.circle, found.share * weight[found.row], 42)
    assert mine == pytest.approx(whole, rel=1e-9)


def test_where_no_one_lives_there_is_no_pair_and_a_count_is_zero(area_layer):
    far = np.array([35.0]), np.array([-100.0])
    found = pairs(area_layer, *far, MILES[:2])
    assert (found.row.size, found.circles) == (0, 2)
    assert (count(area_layer, *far, MILES[:2]).population == 0).all()


def test_a_disc_is_a_sixth_of_the_ground_of_six_neighbours(slice_people):
    latitude, longitude = slice_people.latitude, slice_people.longitude
    apart = np.sort(
        [
            oracle.metres(lat, lon, slice_people)
            for lat, lon in zip(latitude[:80], longitude[:80], strict=True)
        ],
        axis=1,
    )
    assert disc_radius(latitude, longitude)[:80] == pytest.approx(apart[:, 6] / np.sqrt(6), rel=2e-3)


def test_few_centres_are_points_and_same_centres_are_no_trouble():
    assert disc_radius(np.array([40.0, 41.0]), np.array([-90.0, -91.0])).tolist() == [0, 0]
    same = disc_radius(np.full(9, 40.0), np.full(9, -90.0))
    assert same.tolist() == [0] * 9


def test_no_sites_and_an_empty_layer_give_empty_answers(area_layer):
    nothing = np.zeros(0)
    assert count(area_layer, nothing, nothing, MILES).population.shape == (0, 6)
    empty = build(People("points", nothing, nothing, np.zeros(0, np.int32), nothing))
    assert count(empty, np.array([40.0]), np.array([-90.0]), MILES).population.tolist() == [[0.0] * 6]


def test_places_all_round_the_globe_are_refused():
    round_it = np.arange(-180.0, 180.0, 5)
    flat = np.zeros(round_it.size)
    with pytest.raises(InputError, match="all round the globe"):
        build(People("points", flat, round_it, flat.astype(np.int32), flat))
