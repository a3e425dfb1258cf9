"""A plant among its peers: every ranked plant is drawn, the plant itself is marked, none is certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.views import pages, peers, query
from comingclean.views.trend import WIDTH
from sliced import say

GARY = "us-steel-gary-works-in"
AMOUNT = st.floats(0.001, 50)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_ranked_plant_stands_in_a_strip_of_all_its_peers(lang, connection, shipped):
    found = peers.of_plant(connection, GARY, lang)
    assert set(found) == {"ghg_intensity_scope1", "ghg_intensity_scope1_2"}
    for quantity, standing in found.items():
        (count,) = say(
            shipped,
            "select count(*) from rank where quantity = ? and year = ? and peers = 'BF-BOF'",
            quantity,
            standing["year"],
        )[0]
        assert len(standing["rows"]) == len(standing["strip"].lines) == count >= 3
        assert [line[5] for line in standing["strip"].lines if line[4]] == ["U.S. Steel Gary Works"]
        values = [row["value"] for row in standing["rows"]]
        assert values == sorted(values)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_shows_place_chance_and_links_to_the_peers(lang, connection):
    html = pages.plant_page(connection, GARY, lang)
    base = "/" if lang == "en" else "/es/"
    standing = peers.of_plant(connection, GARY, lang)["ghg_intensity_scope1"]
    assert html.count('class="trend strip"') == 2
    assert standing["chance"].replace("<", "&lt;") in html
    for row in standing["rows"]:
        link = f'href="{base}plants/{row["facility_id"]}#ghg_intensity_scope1"'
        assert (link in html) == (row["facility_id"] != GARY)


def test_a_plant_whose_tonnage_comes_from_its_emissions_is_in_no_strip(connection, shipped):
    inverted = """select distinct facility_id from value where method = 'intensity_route_average'
        and facility_id not in (select facility_id from rank) limit 20"""
    plants = say(shipped, inverted)
    assert len(plants) == 20
    for (plant,) in plants:
        assert peers.of_plant(connection, plant, "en") == {}


def test_every_rank_is_shown_for_its_newest_year(connection, shipped):
    newest = """select facility_id, quantity, max(year) from rank group by 1, 2"""
    plants = {row["facility_id"] for row in query.plants(connection)}
    ranked = say(shipped, newest)
    assert {facility for facility, _, _ in ranked} <= plants
    for facility, quantity, year in ranked[::9]:
        assert peers.of_plant(connection, facility, "es")[quantity]["year"] == year


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT).map(sorted), min_size=1, max_size=80))
def test_a_strip_keeps_order_and_stays_in_its_box(ends):
    rows = [
        {"facility_id": str(n), "name": str(n), "low": low, "value": value, "high": high}
        for n, (low, value, high) in enumerate(sorted(ends, key=lambda end: end[1]))
    ]
    strip = peers.strip(rows, "0", "en")
    for low, at, high, y, here, name in strip.lines:
        assert 0 <= low <= at <= high <= WIDTH
        assert 0 < y < strip.height
        assert here == (name == "0")
    heights = [line[3] for line in strip.lines]
    assert heights == sorted(heights)
    assert next(text for _, text in strip.ticks) == "0"


@pytest.mark.parametrize(
    ("share", "en", "es"),
    [
        (0.0, "less than 1 %", "menos del 1 %"),
        (0.445, "44 %", "44 %"),
        (0.994, "99 %", "99 %"),
        (1.0, "more than 99 %", "más del 99 %"),
    ],
)
def test_a_chance_is_never_said_to_be_certain(share, en, es):
    assert [peers.chance(share, lang).replace("\u00a0", " ") for lang in ("en", "es")] == [en, es]
