"""Pages of the fenceline: reports on places all over the country, and the neighbours of all plants."""

import math
import re
from html import unescape

import pytest

from comingclean.connection import connect
from comingclean.views import community, equity, fenceline, figures, pages, query
from comingclean.views.words import LANGUAGES, words
from comingclean.views.words import say as word
from sliced import say, table
from test_pages import Page

each_language = pytest.mark.parametrize("lang", LANGUAGES)
PLACES = {
    "46402": "46402 Gary, IN",
    "Ponce, Puerto Rico": "Ponce, PR",
    "New Haven CT": "New Haven, CT",
    "61.2,-149.9": "61.2, -149.9",
    "43,-87": "43, -87",
    "51.5,-0.1": "51.5, -0.1",
    "-87.33,41.6": "-87.33, 41.6",
    "941,-87": "941, -87",
    "45.0,-105.5": "45, -105.5",
}
PLANTS = (
    "us-steel-gary-works-in",
    "argos-san-juan-pr",
    "alcoa-warrick-in",
    "holcim-devils-slide-ut",
    "cleveland-cliffs-indiana-harbor-east-in",
)


def shown(html):
    return Page(html).said


@each_language
@pytest.mark.parametrize("at", PLACES)
def test_a_report_is_a_whole_page_in_its_language(at, lang, connection):
    html = fenceline.place_page(connection, at, fenceline.RADII, lang)
    page = Page(html)
    assert ("html", {"lang": lang}) in page.tags
    assert len(page.ids) == len(set(page.ids))
    assert unescape(re.search(r"<h1[^>]*>(.*?)</h1>", html)[1]) == word(
        lang, "place.title", place=PLACES[at]
    )
    assert "None" not in page.said
    assert "nan" not in page.said.lower().split()
    assert "undefined" not in page.said.lower()


@each_language
def test_every_plant_of_a_few_tells_its_neighbours(lang, connection):
    known = [row["facility_id"] for row in query.plants(connection)]
    for facility_id in [*(name for name in PLANTS if name in known), *known[7::60]]:
        html = pages.plant_page(connection, facility_id, lang)
        section = re.search(r'<section id="community">.*?</section>', html, re.S)[0]
        said = shown(section)
        people = community.of_plant(connection, facility_id, lang)["circles"]
        assert [circle["miles"] for circle in people] == [1, 3, 5, 10]
        for circle in people:
            assert circle["within"] in said
            if circle["people"]["status"] == "ok":
                assert " ".join(circle["people"]["text"].split()) in said
                assert " ".join(circle["people"]["low_text"].split()) in said
        assert "None" not in said
        assert word(lang, "community.not_exposure") in said
        assert 'href="/near?at=' in section or 'href="/es/near?at=' in section


@each_language
def test_each_figure_stands_with_its_range_its_county_its_state_and_the_country(lang, connection):
    html = fenceline.place_page(connection, "46402", fenceline.RADII, lang)
    rows = re.findall(r'<tr data-indicator="(\w+)">(.*?)</tr>', html, re.S)
    names = [row["indicator"] for row in query.indicators(connection)][1:]
    assert [name for name, _ in rows] == names * 4
    for name, row in rows[: len(names)]:
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        assert len(cells) == 8, name
        assert all(shown(cell).strip() for cell in cells), name
    assert html.count("–") > 3 * 14
    poverty = shown(dict(rows[: len(names)])["poverty"])
    assert ("," in poverty) == (lang == "es")


@each_language
def test_in_puerto_rico_and_alaska_what_is_not_known_says_so(lang, connection):
    for at, unknown in (("Ponce PR", ("poverty", "pm25")), ("61.2,-149.9", ("pm25", "cancer_risk"))):
        html = fenceline.place_page(connection, at, fenceline.RADII, lang)
        rows = dict(re.findall(r'<tr data-indicator="(\w+)">(.*?)</tr>', html, re.S))
        for name in unknown:
            assert word(lang, "community.not_known") in shown(rows[name])
        assert word(lang, "community.not_known") not in shown(rows["people_of_colour"])


def test_the_county_has_the_name_that_its_state_gives_it(connection):
    for at, en, es in (
        ("46402", "Lake County, IN", "condado de Lake, IN"),
        ("70807", "East Baton Rouge Parish, LA", "parroquia de East Baton Rouge, LA"),
        ("Ponce PR", "municipio of Ponce, PR", "municipio de Ponce, PR"),
        ("New Haven CT", "South Central Connecticut planning region, CT", "región de planificación"),
        ("61.2,-149.9", "Anchorage, AK", "Anchorage, AK"),
        ("Baltimore, MD", "city of Baltimore, MD", "ciudad de Baltimore, MD"),
    ):
        for lang, text in (("en", en), ("es", es)):
            assert text in shown(fenceline.place_page(connection, at, (1.0,), lang))


@each_language
def test_who_lives_in_a_sparse_circle_is_never_said(lang, connection):
    html = fenceline.place_page(connection, "45.0,-105.5", fenceline.RADII, lang)
    named = set(re.findall(r'data-indicator="(\w+)"', html))
    assert named.isdisjoint({"people_of_colour", "black", "white", "poverty", "income", "under_18"})
    sparse = say_rows(connection, "sparse")
    for facility_id, miles in sparse[::10]:
        circles = community.of_plant(connection, facility_id, lang)["circles"]
        circle = next(one for one in circles if one["miles"] == miles)
        shown_names = {row["indicator"] for row in circle["figures"]}
        assert shown_names.isdisjoint({"people_of_colour", "poverty", "black", "income"})
    assert len(sparse) > 50


def say_rows(connection, status):
    sql = """select facility_id, radius_miles from community
        where indicator = 'population' and status = ?"""
    return [tuple(row.values()) for row in query.rows(connection, sql, status)]


@each_language
def test_a_place_that_cannot_be_counted_says_why_and_asks_again(lang, connection):
    for at, status in (
        ("51.5,-0.1", "out of the country"),
        ("941,-87", "impossible coordinates"),
        ("13.45,144.75", "not covered"),
    ):
        html = fenceline.place_page(connection, at, fenceline.RADII, lang)
        assert word(lang, f"status.{status}") in shown(html)
        assert '<form class="ask"' in html
        assert "<table" not in html


@each_language
def test_swapped_coordinates_offer_the_place_that_was_meant(lang, connection):
    page = Page(fenceline.place_page(connection, "-87.33,41.6", fenceline.RADII, lang))
    base = "/" if lang == "en" else "/es/"
    assert f"{base}near?at=41.6,-87.33" in page.links


@each_language
def test_several_cities_are_a_question_whose_answers_lead_to_one_place_each(lang, connection):
    html = fenceline.place_page(connection, "Springfield", fenceline.RADII, lang)
    links = re.findall(r'<li><a href="[^"]*near\?at=([^"]+)">([^<]+)</a>', html)
    assert len(links) == 8
    for _, label in links[:3]:
        assert word(lang, "place.title", place=label) in shown(
            fenceline.place_page(connection, label, (1.0,), lang)
        )


@each_language
@pytest.mark.parametrize(
    "at", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7 * 7 }}", "&amp;", "é\x00"]
)
def test_what_a_person_writes_is_text_and_never_markup(at, lang, connection):
    html = fenceline.place_page(connection, at, fenceline.RADII, lang)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "49" not in shown(html)
    Page(html)


@each_language
def test_the_other_language_asks_the_same(lang, connection):
    other = "/es/" if lang == "en" else "/"
    for at, miles, query_text in (
        ("46402", fenceline.RADII, "near?at=46402"),
        ("Gary, IN", (2.5,), "near?at=Gary%2C+IN&miles=2.5"),
        ("Gary, IN", (1.0, 3.7), "near?at=Gary%2C+IN&miles=1%2C3.7"),
        ("a&b=c", fenceline.RADII, "near?at=a%26b%3Dc"),
        ("", fenceline.RADII, "near"),
    ):
        page = Page(fenceline.place_page(connection, at, miles, lang))
        assert other + query_text in page.links


@each_language
def test_numbers_are_written_as_the_language_does(lang, connection):
    said = shown(fenceline.place_page(connection, "46402", (2.5,), lang))
    assert ("2,5 millas (4,0 km)" if lang == "es" else "2.5 miles (4.0 km)") in said
    monitor = re.search(r"\d+[.,]\d mi \(\d+[.,]\d km\)", said)[0]
    assert ("," in monitor, "." in monitor) == (lang == "es", lang == "en")


def clear(row):
    """Chance hardly makes the excess, and its range in whole points leaves out nought."""
    if row["excess_low"] is None:
        return False
    low, high = math.floor(row["excess_low"]), math.ceil(row["excess_high"])
    return row["p"] < 0.05 and (low > 0 or high < 0)


@each_language
def test_the_page_of_equity_shows_every_group_whole_and_bold_only_what_is_clear(lang, connection):
    html = equity.equity_page(connection, lang)
    page = Page(html)
    assert "None" not in page.said
    rows = query.rows(
        connection,
        """select * from equity where indicator in ('people_of_colour', 'poverty')
        and (plants in ('all', 'iron_steel', 'met_coke', 'cement', 'aluminum') or low is not null)""",
    )
    bold = [row for row in rows if clear(row)]
    # The name of the site is bold too.
    assert html.count("<strong>") == len(bold) + 1
    assert 0 < len(bold) < len(rows)
    assert len(re.findall(r"<th role=\"rowheader\" scope=\"row\">", html)) == len(rows) / 3
    for row in rows:
        people = figures.ends(row["people"], row["people_low"], row["people_high"], 1.0, lang)
        assert " ".join(" … ".join(people).split()) in page.said  # as thin spaces are read
        if row["low"] is not None:
            assert f"{math.floor(row['low'])} … {math.ceil(row['high'])}" in page.said
        for name in ("difference", "excess"):
            assert equity.signed(row[name], lang) in page.said
        assert word(lang, "equity.expected", n=equity.signed(row["expected"], lang)) in page.said
        if row["p"] is not None:
            chance = f"{row['p']:.3f}".replace(".", "," if lang == "es" else ".")
            assert word(lang, "equity.chance", p=chance) in page.said


def test_nothing_is_bold_whose_range_holds_nought_and_nothing_has_a_chance_without_a_range(connection):
    row = {"difference": 1.0, "difference_low": -1.0, "difference_high": 2.0, "expected": -2.9}
    row |= {"excess": 3.9, "excess_low": 1.6, "excess_high": 5.2, "p": 0.002, "overlap": 42.0}
    row |= {"compare": "county"}
    shown_row = equity._difference(row, "en")
    assert (shown_row["excess"], shown_row["excess_ends"], shown_row["sure"]) == (
        "+4",
        ("1", "6"),
        True,
    )
    assert (shown_row["expected"], shown_row["overlap"]) == ("\u22123", "42")
    assert not equity._difference(row | {"excess_low": 0.4}, "en")["sure"], "0 … 6 as it is written"
    assert not equity._difference(row | {"p": 0.05}, "en")["sure"]
    few = {"difference_low": None, "difference_high": None, "excess_low": None, "excess_high": None}
    assert not equity._difference(row | few | {"p": None}, "en")["sure"]
    rows = query.rows(connection, "select * from equity where p is not null and excess_low is null")
    assert rows == []


def test_no_group_is_compared_that_has_fewer_people_than_the_parameter_says(connection):
    least = query.rows(
        connection, "select value from parameter where parameter = 'equity_least_people'"
    )
    few = query.rows(connection, "select min(people) as fewest from equity")
    assert few[0]["fewest"] >= least[0]["value"] >= 5_000


def test_a_difference_is_whole_points_with_its_sign_and_nought_has_none():
    found = [equity.signed(number, "en") for number in (7.6, -0.4, 0.4, -11.5, 0)]
    assert found == ["+8", "0", "0", "−12", "0"]


@each_language
def test_a_route_has_words_and_says_when_it_is_assumed(lang):
    assert equity._label("EAF", lang) == words(lang)["route.EAF"]
    assert equity._label("EAF (assumed)", lang) == word(
        lang, "equity.assumed", route=words(lang)["route.EAF"]
    )
    assert equity._label("a route of its own", lang) == "a route of its own"


def test_every_indicator_has_words_for_its_unit_its_error_and_every_status(shipped):
    rows = table(shipped, "community")
    for lang in LANGUAGES:
        for unit in table(shipped, "indicator")["unit"].unique():
            assert words(lang)[f"community.unit.{unit}"]
        for error in rows["error"].unique():
            assert words(lang)[f"community.error.{error}"]
        for status in ("sparse", "no one counted"):
            assert words(lang)[f"community.status.{status}"]


def test_a_neighbour_without_a_figure_says_so_and_one_without_a_past_has_no_change():
    row = {"kilometres": 1.0, "values": []}
    assert fenceline._neighbour(row, "en")["shown"] is None
    one = {"year": 2020, "value": 5e5, "low": 4e5, "high": 6e5, "unit": "t CO2e"}
    found = fenceline._neighbour(row | {"values": [one]}, "en")
    assert (found["shown"]["text"], found["shown"]["unit"], found["change"]) == ("500", "kt CO₂e", None)
    gone = {"year": 2023, "value": 0.0, "low": 0.0, "high": 0.5, "unit": "t CO2e"}
    found = fenceline._neighbour(row | {"values": [one, gone]}, "es")
    assert found["shown"]["text"] == "0"
    assert found["change"] == {"year": 2020, "text": "−100"}
    assert found["miles_text"] == "0,6"


def test_what_stands_beside_a_share_is_no_finer_than_tenths():
    assert community.beside(8.987, {"unit": "%", "digits": None}, "en") == "9.0"
    assert community.beside(0.0498, {"unit": "days per year", "digits": None}, "en") == "0.0498"


def test_a_figure_is_no_finer_than_its_source():
    one_digit = {"unit": "per million", "digits": 1}
    risk = {"value": 26.9, "low": None, "high": None}
    assert community.here(risk, one_digit, "en") == community.beside(26.9, one_digit, "en") == "30"
    assert community.here(risk | {"value": 7.0}, one_digit, "en") == "7"
    assert community.here(risk, one_digit | {"digits": None}, "en") == "26.9"


def test_a_rank_is_rounded_and_a_ratio_has_two_digits():
    assert [community.rank(p) for p in (0.4, 0.6, 48.7, 99.4, 99.6, None)] == [
        "<1", "1", "49", "99", ">99", None,
    ]  # fmt: skip
    texts = [community.ratio(r, "es") for r in (0.05, 0.948, 1.0, 2.04, 12.3, 0.0, None)]
    assert texts == ["0,050", "0,95", "1,0", "2,0", "12", "0", None]


def test_distances_are_written_in_both_units():
    assert community.distance(1.0, "es") == "1 milla (1,6 km)"
    assert figures.written(community._KM_PER_MILE, -3, 1.0, "en") == "1.609"


def test_a_slice_of_the_record_has_the_whole_fenceline(atlas):
    for name in ("community", "indicator", "monitor", "nearest_monitor", "emitter", "emitter_year"):
        assert table(atlas, name).height > 0, name
    plants = say(atlas, "select count(*) from facility where latitude is not null")[0][0]
    people = "select count(*) from community where indicator = 'population'"
    assert say(atlas, people)[0][0] == 4 * plants
    assert say(atlas, "select count(*) from nearest_monitor")[0][0] == plants
    shared = (
        "select count(*) from emitter join identifier on program = 'ghgrp' and program_id = ghgrp_id"
    )
    assert say(atlas, shared)[0][0] == 0


@each_language
def test_pages_of_a_slice_of_the_record_can_be_made(lang, atlas):
    with connect(atlas) as connection:
        for plant in query.plants(connection):
            html = pages.plant_page(connection, plant["facility_id"], lang)
            assert '<section id="community">' in html
        assert Page(equity.equity_page(connection, lang)).said
