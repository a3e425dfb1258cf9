"""The burden of a place: distances against another geodesic, shares that add up, honest trends."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from scipy import stats

from comingclean.estimates import toxic_place as place

GEOD = Geod(ellps="WGS84")
LAT, LON = st.floats(17, 72), st.floats(-179, -64)


def sites(*lines):
    schema = {"number": pl.Int64, "latitude": pl.Float64, "longitude": pl.Float64}
    return pl.DataFrame(list(lines), schema=schema, orient="row")


def years(*lines):
    names = ("number", "year", "kilograms", "unweighted", "weighted", "low", "high", "weighted_mn")
    rows = [(n, y, kg, bare, w, w / 2, 2 * w, w / 3) for n, y, kg, bare, w in lines]
    schema = dict.fromkeys(names[:2], pl.Int64) | dict.fromkeys(names[2:], pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def near(*numbers):
    return pl.DataFrame(
        {"number": list(numbers), "miles": [1.0] * len(numbers)},
        schema={"number": pl.Int64, "miles": pl.Float64},
    )


@given(LAT, LON, st.floats(0, 360), st.floats(0.01, 50))
def test_distances_agree_with_the_geodesic(latitude, longitude, bearing, miles):
    lon, lat, _ = GEOD.fwd(longitude, latitude, bearing, miles * 1609.344)
    found = place.miles_to(latitude, longitude, sites((1, lat, lon)))[0]
    assert found == pytest.approx(miles, abs=0.0007)  # a metre and a bit


def test_only_sites_within_the_radius_count_the_nearest_first():
    at = [GEOD.fwd(-87.3, 41.6, 90, m * 1609.344)[:2] for m in (2.999, 0.5, 3.001)]
    frame = sites(*[(i, lat, lon) for i, (lon, lat) in enumerate(at)], (9, None, -87.3))
    assert place.within(41.6, -87.3, 3, frame)["number"].to_list() == [1, 0]


def test_shares_add_up_and_the_largest_leads():
    made = place.burden(
        near(1, 2, 3),
        years((1, 2020, 10, 4, 30), (2, 2020, 5, 5, 0), (3, 2020, 1, 0, 90), (4, 2020, 9, 0, 99)),
        2020,
    )
    assert made.shares["number"].to_list() == [3, 1, 2]
    assert made.shares["share"].sum() == pytest.approx(1)
    assert made.own_share(pl.Series([1, 2])) == pytest.approx(0.25)
    row = made.years.row(0, named=True)
    assert (row["facilities"], row["kilograms"], row["weighted"]) == (3, 16, 120)
    assert row["unweighted_share"] == pytest.approx(9 / 16)


def test_a_sum_of_one_keeps_its_interval_and_errors_are_independent():
    one = place.burden(near(1), years((1, 2020, 1, 0, 30)), 2020).years.row(0, named=True)
    assert (one["low"], one["high"]) == (15, 60)
    two = place.burden(near(1, 2), years((1, 2020, 1, 0, 30), (2, 2020, 1, 0, 40)), 2020).years.row(
        0, named=True
    )
    assert two["high"] == pytest.approx(70 + np.hypot(30, 40))


def test_a_year_that_is_not_in_the_file_is_missing_and_not_zero():
    made = place.burden(near(1), years((1, 2018, 1, 0, 5)), 2020)
    assert made.shares.is_empty()
    assert made.years["year"].to_list() == [2018]
    assert made.own_share(pl.Series([1])) is None


def test_nothing_near_is_no_burden():
    made = place.burden(near(), years((1, 2020, 1, 0, 5)), 2020)
    assert made.years.is_empty()
    assert made.trend is None


def test_where_nothing_has_a_benchmark_there_are_no_shares():
    made = place.burden(near(1), years((1, 2020, 8, 8, 0)), 2020)
    assert made.shares["share"].to_list() == [None]
    assert made.years["unweighted_share"].to_list() == [1]


@given(st.floats(-50, 50), st.floats(1, 1e6))
def test_a_straight_line_has_its_own_slope(percent, middle):
    span = np.arange(2009, 2020)
    sums = middle * (1 + percent / 100 * (span - 2014))
    assert place.trend(span, sums) == pytest.approx((percent,) * 3, abs=1e-6)


def test_one_odd_year_hardly_moves_the_trend():
    span = np.array([2009, 2010, 2011, 2012, 2013, 2014, 2015])
    steady = np.full(7, 100.0)
    steady[-1] = 100_000.0
    assert place.trend(span, steady).value == pytest.approx(0, abs=1e-9)


SUMS = st.lists(st.floats(1, 1e6), min_size=4, max_size=16)


@given(SUMS)
def test_the_trend_is_that_of_theil_and_sen_and_no_surer(sums):
    span = np.arange(2004, 2004 + len(sums))
    made = place.trend(span, np.array(sums))
    slope, _, low, high = stats.theilslopes(sums, span, alpha=0.90)
    percent = 100 / np.median(sums)
    assert made.value == pytest.approx(percent * slope, rel=1e-9, abs=1e-9)
    assert made.low <= percent * low + 1e-6
    assert made.high >= percent * high - 1e-6


def test_nine_in_ten_intervals_of_noise_hold_its_trend():
    """Sums that go nowhere: of a thousand such places at most a tenth may be told a direction."""
    random, span = np.random.default_rng(3), np.arange(2009, 2021)
    made = [place.trend(span, random.lognormal(size=12)) for _ in range(1000)]
    told = np.mean([one.low > 0 or one.high < 0 for one in made])
    assert 0.03 < told < 0.11


def test_a_fall_year_after_year_is_told_and_three_years_never_are():
    fall = place.trend(np.arange(2009, 2017), np.array([9.0, 8, 7.5, 6, 5, 4.5, 3, 2]))
    assert fall.low <= fall.value <= fall.high < 0
    few = place.trend(np.array([2010, 2013, 2016]), np.array([9.0, 8, 8.5]))
    assert few.low < 0 < few.high


def test_two_near_years_have_no_trend():
    assert place.trend(np.array([2018, 2020]), np.array([1.0, 2.0])) is None
    assert place.trend(np.array([2009, 2014, 2020]), np.zeros(3)) is None


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(2015, 2018), st.floats(0, 1e6)),
        min_size=1,
        max_size=30,
        unique_by=lambda t: t[:2],
    )
)
def test_the_whole_is_the_sum_of_any_two_halves(lines):
    frame = years(*[(n, y, w + 1, 0, w) for n, y, w in lines])
    whole = place.burden(near(*range(1, 10)), frame, 2016).years
    left = place.burden(near(*range(1, 5)), frame, 2016).years
    right = place.burden(near(*range(5, 10)), frame, 2016).years
    halves = pl.concat([left, right]).group_by("year").agg(pl.col("weighted").sum()).sort("year")
    assert whole["year"].to_list() == halves["year"].to_list()
    assert whole["weighted"].to_list() == pytest.approx(halves["weighted"].to_list())
