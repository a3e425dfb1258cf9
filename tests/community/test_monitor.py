"""The nearest open air-monitoring site, held against the geodesic to every site."""

import polars as pl
import pytest
from community_slices import SITES
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from comingclean.estimates.community_monitor import DIRECTIONS, nearest, open_sites
from comingclean.sources import aqs

GEOD = Geod(ellps="WGS84")
GARY = (41.6167, -87.3286)


@pytest.fixture(scope="module")
def sites():
    return open_sites(aqs.read(SITES))


def places(*points):
    rows = [(f"p{i}", *point) for i, point in enumerate(points)]
    return pl.DataFrame(rows, orient="row", schema={"id": str, "latitude": float, "longitude": float})


def test_a_site_is_open_when_it_never_closed_is_set_up_and_stands_somewhere(sites):
    every = aqs.read(SITES)
    shut = every.filter(pl.col("site").is_in(sites["site"].implode()).not_())
    late = every.filter(pl.col("established") > pl.col("extracted"))
    lost = every.filter(pl.col("closed").is_null() & (pl.col("latitude").fill_null(0) == 0))
    assert late.height == 4 and lost.height == 6
    still = shut.filter(pl.col("closed").is_null())
    assert set(late["site"]) | set(lost["site"]) == set(still["site"])
    assert 0 < sites.height < every.height


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(41, 42), st.floats(-88, -86.5)), min_size=1, max_size=8))
def test_the_nearest_is_the_nearest_of_all_and_lies_in_its_direction(sites, points):
    for row in (
        nearest(places(*points), sites)
        .join(places(*points), on="id", how="left", validate="1:1")
        .iter_rows(named=True)
    ):
        far = [
            GEOD.inv(row["longitude"], row["latitude"], east, north)[2]
            for north, east in sites.select("latitude", "longitude").iter_rows()
        ]
        assert row["kilometres"] * 1000 == pytest.approx(min(far), abs=1e-3)
        assert row["miles"] == pytest.approx(row["kilometres"] / 1.609344)
        east, north, _ = GEOD.fwd(
            row["longitude"], row["latitude"], row["bearing"], row["kilometres"] * 1000
        )
        here = sites.filter(pl.col("site") == row["site"])
        assert (north, east) == pytest.approx((here["latitude"][0], here["longitude"][0]), abs=1e-6)
        turn = (row["bearing"] - 45 * DIRECTIONS.index(row["direction"]) + 180) % 360 - 180
        assert abs(turn) <= 22.5 + 1e-9


def test_places_keep_their_order_and_one_without_coordinates_its_row(sites):
    found = nearest(places(GARY, (None, None), (41.0, None), GARY), sites)
    assert found["id"].to_list() == ["p0", "p1", "p2", "p3"]
    assert found["site"].is_null().to_list() == [False, True, True, False]
    assert found.row(0)[1:] == found.row(3)[1:]


def test_without_any_site_every_place_has_a_row_and_no_answer(sites):
    found = nearest(places(GARY), sites.clear())
    assert found.height == 1 and found["site"].is_null().all()


def test_a_thousand_and_one_places_each_get_an_answer(sites):
    assert nearest(places(*[GARY] * 1001), sites)["site"].null_count() == 0
