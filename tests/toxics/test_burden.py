"""The burden of many places at once: the same as one by one, own filings, shares and their ends."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from comingclean import burden
from comingclean.estimates import toxic_burden, toxic_place

GEOD = Geod(ellps="WGS84")
HERE = (41.6, -87.3)


def sites(*lines):
    """Facilities (number, latitude, longitude) as rows of toxic_site."""
    schema = {"number": pl.Int64, "latitude": pl.Float64, "longitude": pl.Float64}
    frame = pl.DataFrame(list(lines), schema=schema, orient="row")
    named = pl.format("facility {}", "number").alias("name")
    return frame.with_columns(named, pl.lit(None, dtype=pl.String).alias("facility_id"))


def away(number, miles, bearing=90.0):
    lon, lat, _ = GEOD.fwd(HERE[1], HERE[0], bearing, miles * 1609.344)
    return number, lat, lon


def released(*lines):
    """Rows of toxic_site_year from (number, year, kilograms, unweighted, weighted)."""
    names = ("kilograms", "unweighted", "weighted", "low", "high", "weighted_mn")
    rows = [(n, y, kg, bare, w, w / 2, 3 * w, w / 4, "71-43-2") for n, y, kg, bare, w in lines]
    schema = {"number": pl.Int64, "year": pl.Int64} | dict.fromkeys(names, pl.Float64)
    return pl.DataFrame(rows, schema=schema | {"main_chemical": pl.String}, orient="row")


def place(*more):
    rows = [("here", *HERE), *more]
    return pl.DataFrame(rows, schema=["place", "latitude", "longitude"], orient="row")


def own(*lines):
    schema = {"place": pl.String, "number": pl.Int64, "year": pl.Int64}
    return pl.DataFrame(list(lines), schema=schema, orient="row")


def made(stand, filed, mine=None, newest=2020):
    return burden.around(place(), sites(*stand), released(*filed), newest, mine)


def row(around, miles=3.0, year=2020):
    return around.years.filter(radius_miles=miles, year=year).row(0, named=True)


POINTS = st.lists(st.tuples(st.floats(25, 48), st.floats(-123, -68)), min_size=1, max_size=30)


@given(POINTS, st.floats(24, 49), st.floats(-124, -67), st.floats(0.5, 900))
def test_many_places_at_once_find_what_one_at_a_time_finds(points, latitude, longitude, miles):
    stand = sites(*[(i, lat, lon) for i, (lat, lon) in enumerate(points)])
    asked = pl.DataFrame({"place": ["a"], "latitude": [latitude], "longitude": [longitude]})
    found = toxic_burden.near(asked, stand, miles, own().drop("year"))
    single = toxic_place.within(latitude, longitude, miles, stand)
    assert sorted(found["number"]) == sorted(single["number"])
    far = dict(single.select("number", "miles").iter_rows())
    for number, distance in found.select("number", "miles").iter_rows():
        assert distance == pytest.approx(far[number], abs=1e-9)


@pytest.mark.parametrize("latitude", [0.0, 25.0, 64.0])  # at the equator the slab is widest
@pytest.mark.parametrize("bearing", [0, 90, 180, 270])
def test_the_edge_of_the_circle_is_where_the_geodesic_has_it(latitude, bearing):
    asked = pl.DataFrame({"place": ["a"], "latitude": [latitude], "longitude": [-87.3]})
    ends = [GEOD.fwd(-87.3, latitude, bearing, m * 1609.344)[:2] for m in (2.999, 3.001)]
    stand = sites(*[(i, lat, lon) for i, (lon, lat) in enumerate(ends)])
    assert toxic_burden.near(asked, stand, 3.0, own().drop("year"))["number"].to_list() == [0]


def test_a_facility_without_coordinates_is_nowhere():
    found = toxic_burden.near(place(), sites((1, None, None), away(2, 1)), 3.0, own().drop("year"))
    assert found["number"].to_list() == [2]


def test_circles_add_up_what_is_within_each():
    around = made(
        [away(1, 1), away(2, 5), away(3, 50)],
        [(1, 2020, 10, 4, 30), (2, 2020, 5, 5, 60), (3, 2020, 1, 0, 90)],
    )
    near, wide = row(around), row(around, 10.0)
    assert (near["facilities"], near["kilograms"], near["weighted"]) == (1, 10, 30)
    assert (wide["facilities"], wide["kilograms"], wide["weighted"]) == (2, 15, 90)
    assert near["unweighted_share"] == pytest.approx(0.4)
    assert wide["unweighted_share"] == pytest.approx(0.6)
    assert (near["low"], near["high"]) == (15, 90)
    assert wide["high"] == pytest.approx(90 + math.hypot(60, 120))
    assert wide["weighted_mn"] == pytest.approx(22.5)
    assert (near["method"], near["grade"]) == ("toxic_burden", "D")


def test_the_own_share_is_the_own_part_and_its_ends_are_those_of_part_and_rest():
    around = made(
        [away(1, 1), away(2, 2)],
        [(1, 2020, 10, 0, 30), (2, 2020, 5, 0, 60)],
        own(("here", 1, 2020)),
    )
    one = row(around)
    assert one["own_share"] == pytest.approx(1 / 3)
    assert one["own_low"] == pytest.approx(15 / (15 + 180))
    assert one["own_high"] == pytest.approx(90 / (90 + 30))


def test_alone_the_own_share_is_all_and_certain():
    one = row(made([away(1, 1)], [(1, 2020, 10, 0, 30)], own(("here", 1, 2020))))
    assert [one[name] for name in ("own_share", "own_low", "own_high")] == [1, 1, 1]


def test_an_own_filing_counts_wherever_its_coordinates_lie():
    stand, filed = [away(1, 40), away(2, 2)], [(1, 2020, 10, 0, 30), (2, 2020, 5, 0, 60)]
    assert row(made(stand, filed, own(("here", 1, 2020))))["facilities"] == 2
    assert row(made(stand, filed))["facilities"] == 1


def test_not_filed_is_unknown_and_filed_without_air_is_nought():
    stand = [away(1, 1), away(2, 2)]
    filed = [(1, 2018, 10, 0, 30), (2, 2018, 1, 0, 1), (2, 2020, 5, 0, 60)]
    unknown = made(stand, filed, own(("here", 1, 2018)))
    assert row(unknown)["own_share"] is None
    assert row(unknown, year=2018)["own_share"] == pytest.approx(30 / 31)
    nought = row(made(stand, filed, own(("here", 1, 2018), ("here", 1, 2020))))
    assert [nought[name] for name in ("own_share", "own_low", "own_high")] == [0, 0, 0]


def test_where_nothing_has_a_benchmark_nobody_has_a_share():
    around = made([away(1, 1)], [(1, 2020, 8, 8, 0)], own(("here", 1, 2020)))
    assert row(around)["own_share"] is None
    assert row(around)["unweighted_share"] == 1
    assert around.causes.is_empty()


def test_causes_are_ranked_and_the_smallest_left_out():
    stand = [away(n, n / 10) for n in range(1, 14)]
    around = made(stand, [(n, 2020, 1, 0, float(n % 13)) for n in range(1, 14)])
    near = around.causes.filter(radius_miles=3.0)
    assert near["rank"].to_list() == [*range(1, 11)]
    assert near["number"].to_list() == [*range(12, 2, -1)]
    assert near["share"].to_list() == pytest.approx([n / 78 for n in range(12, 2, -1)])
    assert near["name"][0] == "facility 12"
    assert near.filter(pl.col("share_low") > pl.col("share")).is_empty()


def test_causes_are_of_the_newest_year_only():
    around = made([away(1, 1), away(2, 1)], [(1, 2018, 1, 0, 5), (2, 2020, 1, 0, 5)])
    assert around.causes["number"].to_list() == [2, 2]
    old = made([away(1, 1)], [(1, 2018, 1, 0, 5)])
    assert old.causes.is_empty()
    assert old.years["year"].to_list() == [2018, 2018]


def test_the_trend_stands_in_the_newest_row_of_each_circle():
    filed = [(1, year, 1, 0, 100.0 - 5 * (year - 2010)) for year in range(2010, 2016)]
    years = made([away(1, 1)], filed, newest=2015).years.filter(radius_miles=3.0)
    for name in ("trend", "trend_low", "trend_high"):
        assert years[name].to_list()[:-1] == [None] * 5
        assert years[name][-1] == pytest.approx(-500 / 87.5)


def test_a_trend_that_may_go_either_way_says_so():
    sums = [100.0, 30.0, 90.0, 40.0, 120.0, 20.0]
    filed = [(1, 2010 + n, 1, 0, one) for n, one in enumerate(sums)]
    last = made([away(1, 1)], filed, newest=2015).years.row(-1, named=True)
    assert last["trend_low"] < 0 < last["trend_high"]


LINES = st.lists(
    st.tuples(st.integers(1, 8), st.integers(2014, 2018), st.floats(0.01, 1e6), st.floats(0, 1e9)),
    min_size=1,
    max_size=30,
    unique_by=lambda line: line[:2],
)


@given(LINES, st.sets(st.integers(1, 8)), st.randoms())
def test_sums_and_shares_hold_whatever_the_order_of_the_rows(lines, mine, random):
    filed = [(n, y, kg, kg / 2, w) for n, y, kg, w in lines]
    shuffled = random.sample(filed, len(filed))
    filings = own(*[("here", n, y) for n, y, *_ in lines if n in mine])
    stand = [away(n, n - 0.5) for n in range(1, 9)]  # none on the edge
    first, second = (made(stand, some, filings, 2018) for some in (filed, shuffled))
    assert first.years.equals(second.years)
    assert first.causes.equals(second.causes)
    for one in first.years.iter_rows(named=True):
        near = [
            (n, w)
            for n, y, _, w in lines
            if y == one["year"] and (n <= one["radius_miles"] or n in mine)
        ]
        assert one["facilities"] == len(near)
        assert one["weighted"] == pytest.approx(sum(w for _, w in near), rel=1e-6)
        if one["own_share"] is not None:
            part = sum(w for n, w in near if n in mine)
            assert one["own_share"] == pytest.approx(part / one["weighted"], rel=1e-6, abs=1e-9)
            assert 0 <= one["own_low"] <= one["own_share"] <= one["own_high"] <= 1
    shares = first.causes.group_by("radius_miles").agg(pl.col("share").sum())
    assert all(share <= 1 + 1e-6 for share in shares["share"])


def test_nothing_near_has_no_row_at_all():
    around = made([away(1, 50)], [(1, 2020, 1, 0, 1)])
    assert around.years.is_empty() and around.causes.is_empty()
    assert np.isfinite(burden.RADII).all()
