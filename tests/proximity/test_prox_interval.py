"""The interval: what it must always be, and the measured table that it was fitted to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean import paths
from comingclean.errors import InputError
from comingclean.proximity import Counts, build, count, interval
from comingclean.proximity.interval import _read, reach
from comingclean.proximity.layer import People
from comingclean.proximity.nearest import disc_radius


def of(people, variance):
    """Counts of one radius with this variance."""
    population = np.atleast_1d(np.asarray(people, dtype=float))
    flat = np.zeros(population.shape)
    variance = np.broadcast_to(np.asarray(variance, dtype=float), population.shape)
    return Counts(population, flat.astype(np.int64), flat, variance, flat.astype(np.uint64))


@given(people=st.floats(0, 1e8), lump=st.floats(0, 1e6), kind=st.sampled_from(["areas", "points"]))
def test_the_count_lies_in_its_interval_which_never_goes_below_nobody(people, lump, kind):
    low, high = interval(of(people, lump**2), kind)
    assert 0 <= low[0] <= people <= high[0]


@given(people=st.floats(500, 1e7), parts=st.tuples(st.floats(0, 2), st.floats(0, 2)))
def test_more_people_near_the_line_never_make_it_narrower(people, parts):
    low, high = interval(of([people, people], (np.sort(parts) * people) ** 2), "areas")
    assert high[1] - low[1] >= (high[0] - low[0]) * (1 - 1e-9)


def test_no_one_near_the_line_is_a_certain_count():
    low, high = interval(of(10_000, 0), "areas")
    assert (low[0], high[0]) == (10_000, 10_000)


def test_a_sparse_count_of_areas_has_at_least_the_measured_range():
    low, high = interval(of([0, 10, 499.9], 100.0), "areas")
    assert low.tolist() == [0, 0, 0]
    assert high.tolist() == [1_057] * 3
    assert interval(of(500.1, 100.0), "areas")[0][0] > 0
    assert interval(of(10, 100.0), "points")[1][0] < 50


@pytest.mark.parametrize(("old", "new"), [("population_sparse,500", "population_sparse,few"),
                                          ("population_line_up_most", "another")])  # fmt: skip
def test_a_parameter_of_the_interval_that_is_missing_or_no_number_is_named(tmp_path, old, new):
    file = tmp_path / "parameters.csv"
    file.write_text((paths.data() / "parameters.csv").read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(InputError, match="no parameters of the interval"):
        _read(file)
    assert reach().population_sparse == 500


@pytest.mark.parametrize(
    ("people", "lump", "low", "high"),
    [
        # Classes of size at 996 places, one mile, with the median lump of such places (TRI 2020): the
        # interval must be of the size of the 5th and 95th percentile of the true number in the class.
        (750, 1.21, 76, 2_856),
        (1_430, 0.77, 599, 2_876),
        (3_200, 0.44, 1_774, 5_572),
    ],
)
def test_usual_places_have_an_interval_of_the_measured_size(people, lump, low, high):
    found = [value[0] for value in interval(of(people, (lump * people) ** 2), "areas")]
    assert found == pytest.approx([low, high], rel=0.25, abs=80)


def test_above_5000_it_is_narrower_than_a_quarter_each_way():
    low, high = interval(of(7_000, (0.2 * 7_000) ** 2), "areas")
    assert low[0] > 0.75 * 7_000
    assert high[0] < 1.25 * 7_000


def test_spread_towns_hold_the_truth_in_nine_of_ten_intervals():
    """A made-up country whose homes are known one by one, grouped into areas of 200 homes."""
    random = np.random.default_rng(11)
    homes = town_homes(random)
    layer = build(grouped(homes, 200))
    truth = build(
        People("points", *homes, np.ones(homes.shape[1], np.int32) * 5, np.zeros(homes.shape[1]))
    )
    latitude, longitude = random.uniform([39.1, -91.9], [40.9, -89.1], (600, 2)).T
    miles = np.array([1.0, 3.0])
    low, high = interval(count(layer, latitude, longitude, miles), "areas")
    real = count(truth, latitude, longitude, miles, spread=False).population
    assert ((low <= real) & (real <= high)).mean(axis=0).min() > 0.9


def town_homes(random):
    """Latitude and longitude of 120,000 homes in 60 towns and on the land between."""
    town = random.uniform([39, -92], [41, -89], (60, 2))
    of_town = random.choice(60, 100_000, p=random.dirichlet(np.full(60, 0.5)))
    near = town[of_town] + random.standard_t(3, (100_000, 2)) * 0.012
    between = random.uniform([39, -92], [41, -89], (20_000, 2))
    return np.concatenate([near, between]).T


def grouped(homes, size):
    """Areas of about `size` neighbouring homes of five people, cut crosswise again and again."""
    parts = [np.arange(homes.shape[1])]
    while max(part.size for part in parts) > size:
        parts = [half for part in parts for half in halves(homes, part, size)]
    latitude, longitude = (np.array([values[part].mean() for part in parts]) for values in homes)
    people = np.array([part.size * 5 for part in parts], np.int32)
    return People("areas", latitude, longitude, people, disc_radius(latitude, longitude))


def halves(homes, part, size):
    if part.size <= size:
        return [part]
    side = int(np.argmax(np.ptp(homes[:, part], axis=1)))
    order = part[np.argsort(homes[side, part])]
    return [order[: part.size // 2], order[part.size // 2 :]]
