"""People near several sites, each counted once."""

import numpy as np
import prox_oracle as oracle
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from prox_towns import sites, towns
from pyproj import Transformer

from comingclean.proximity import People, build, count, union


def once(layer, latitude, longitude, miles, parts=1):
    """Everyone within `miles` of any site, from covers of so many parts of the sites."""
    numbers = np.array_split(np.arange(latitude.size), parts)
    covers = [union.cover(layer, latitude[part], longitude[part], part, miles) for part in numbers]
    return union.total(layer, latitude, longitude, miles, union.join(covers))


def test_points_near_any_site_are_counted_exactly_once(points, point_layer):
    latitude, longitude = sites(80)
    for mile in (0.5, 3.0, 20.0):
        near = [
            oracle.held(points, *place, [mile])[0] > 0
            for place in zip(latitude, longitude, strict=True)
        ]
        expected = points.population[np.any(near, axis=0)].sum()
        found = once(point_layer, latitude, longitude, mile)
        assert found.population.item() == expected
        assert found.rows.item() == np.any(near, axis=0).sum()


def test_areas_near_several_sites_count_by_the_ground_that_any_circle_covers(areas, area_layer):
    latitude, longitude = sites(60, reach=0.05)
    local = latitude.round(0) == 42  # Chicago: near enough to be drawn on one plane
    latitude, longitude = latitude[local], longitude[local]
    flat = Transformer.from_crs(
        "EPSG:4326", "+proj=aeqd +lat_0=41.7 +lon_0=-87.5 +ellps=WGS84", always_xy=True
    )
    x, y = flat.transform(longitude, latitude)
    circles = shapely.union_all(
        [shapely.Point(at).buffer(3 * oracle.MILE, quad_segs=200) for at in zip(x, y, strict=True)]
    )
    expected = 0.0
    for lon, lat, radius, people in zip(
        areas.longitude, areas.latitude, areas.radius, areas.population, strict=True
    ):
        if abs(lat - 41.7) < 3 and abs(lon + 87.5) < 3:
            disc = shapely.Point(flat.transform(lon, lat)).buffer(radius, quad_segs=200)
            expected += people * disc.intersection(circles).area / disc.area
    assert once(area_layer, latitude, longitude, 3.0).population.item() == pytest.approx(
        expected, rel=2e-4
    )


def test_one_site_is_its_own_union_and_the_same_site_twice_adds_nobody(area_layer, point_layer):
    latitude, longitude = sites(1)
    for layer in (area_layer, point_layer):
        alone = count(layer, latitude, longitude, np.array([5.0])).population.item()
        assert once(layer, latitude, longitude, 5.0).population.item() == pytest.approx(
            alone, rel=1e-12
        )
        twice = once(layer, np.repeat(latitude, 3), np.repeat(longitude, 3), 5.0)
        assert twice.population.item() == pytest.approx(alone, rel=1e-12)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 10_000),
    miles=st.floats(0.3, 30),
    parts=st.integers(2, 6),
    kind=st.sampled_from(["areas", "points"]),
)
def test_the_union_lies_between_the_largest_and_the_sum_however_the_sites_are_cut(
    seed, miles, parts, kind
):
    layer = build(towns(kind, seed=seed, size=60))
    latitude, longitude = sites(30, seed=seed, reach=0.1)
    alone = count(layer, latitude, longitude, np.array([miles])).population
    whole = once(layer, latitude, longitude, miles)
    slack = 1e-9 * (1 + alone.sum())
    assert alone.max() - slack <= whole.population.item() <= min(alone.sum(), layer.total) + slack
    cut = once(layer, latitude, longitude, miles, parts)
    backwards = np.arange(30)[::-1]
    covers = [
        union.cover(layer, latitude[[at]], longitude[[at]], backwards[29 - at : 30 - at], miles)
        for at in backwards
    ]
    turned = union.total(layer, latitude, longitude, miles, union.join(covers))
    assert turned.population.item() == whole.population.item()
    assert cut.population.item() == whole.population.item()
    assert cut.variance.item() == whole.variance.item()


def test_no_sites_hold_nobody(area_layer):
    nothing = np.zeros(0)
    found = union.total(area_layer, nothing, nothing, 3.0, union.join([]))
    assert found.population.item() == 0


def test_an_area_wholly_in_one_circle_and_cut_by_another_counts_once():
    """Alone in its layer, so that the very first run of rows is the one that holds it."""
    layer = build(
        People(
            "areas", np.array([40.0]), np.array([-90.0]), np.array([700], np.int32), np.array([500.0])
        )
    )
    latitude = np.array([40.0, 40.0 + 3 * oracle.MILE / 111_035])
    assert 100 < count(layer, latitude[1:], np.array([-90.0]), np.array([3.0])).population.item() < 600
    whole = once(layer, latitude, np.full(2, -90.0), 3.0)
    assert (whole.population.item(), whole.rows.item()) == (700, 1)
