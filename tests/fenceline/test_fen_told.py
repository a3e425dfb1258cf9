"""What pages and terminal say of counts: of nobody, of borders, of ranks, of where a circle lies."""

import re

import pytest

from comingclean import verbs_near
from comingclean.connection import connect
from comingclean.views import community, fenceline, pages, query
from comingclean.views.words import LANGUAGES
from comingclean.views.words import say as word
from test_pages import Page

each_language = pytest.mark.parametrize("lang", LANGUAGES)
DESERT = "45.0,-105.5"
LAKE = "43,-87"
DETROIT = "42.331,-83.046"


def report(connection, at, lang="en", radii=fenceline.RADII):
    return fenceline.place_page(connection, at, radii, lang)


def said(html):
    return Page(html).said


def uncounted(connection):
    sql = """select facility_id, radius_miles, high from community
        where indicator = 'population' and status = 'no one counted'"""
    return query.rows(connection, sql)


@each_language
def test_where_no_block_group_reaches_the_range_is_said_and_never_that_nobody_lives_there(
    lang, connection
):
    rows = uncounted(connection)
    assert len(rows) > 20
    for row in rows[::8]:
        circles = community.of_plant(connection, row["facility_id"], lang)["circles"]
        (circle,) = (one for one in circles if one["miles"] == row["radius_miles"])
        assert row["high"] >= 1057
        high = circle["people"]["high_text"]
        text = word(lang, "community.lead_uncounted", miles=circle["within"], high=high)
        html = pages.plant_page(connection, row["facility_id"], lang)
        assert " ".join(text.split()) in said(html)
        assert word(lang, "community.lead_nobody", miles=circle["within"]) not in said(html)


@each_language
def test_only_in_open_water_nobody_lives(lang, connection):
    within = community.distance(1.0, lang)
    assert word(lang, "community.lead_nobody", miles=within) in said(report(connection, LAKE, lang))
    desert = said(report(connection, DESERT, lang))
    assert word(lang, "community.lead_nobody", miles=within) not in desert
    assert word(lang, "community.status.no one counted") in said(
        report(connection, DESERT, lang, (1.0,))
    )


def test_the_terminal_prints_the_range_and_that_no_one_was_counted(command, shipped):
    out = command("near", DESERT, "--database", shipped).out
    (line,) = (line for line in out.splitlines() if line.strip().startswith("1 "))
    assert re.fullmatch(r"\s*1\s+0\s+0–1,\d+\s+no one counted\s*", line)


@each_language
def test_a_circle_over_the_border_says_whose_people_are_not_counted(lang, connection):
    canada = word(lang, "country.CAN")
    near = word(lang, "community.abroad", miles=community.distance(1.0, lang), country=canada)
    assert near in said(report(connection, DETROIT, lang))
    far = word(lang, "community.abroad", miles=community.distance(20.0, lang), country=canada)
    bellingham = said(report(connection, "48.76,-122.49", lang, (5.0, 20.0, 30.0)))
    assert bellingham.count(far) == 1
    assert canada not in said(report(connection, "41.61,-87.33", lang))


@each_language
def test_a_plant_at_the_border_says_it_too(lang, connection):
    rows = query.rows(
        connection, "select distinct facility_id, abroad from community where abroad <> ''"
    )
    named = {row["facility_id"]: row["abroad"] for row in rows}
    detroit = {name for name in named if name.endswith("-mi")}
    assert detroit >= {
        "ees-coke-river-rouge-mi",
        "us-steel-great-lakes-works-mi",
        "st-marys-detroit-mi",
    }
    assert {"alcoa-massena-west-ny", "tonawanda-coke-ny", "alcoa-intalco-wa"} <= set(named)
    assert set(named.values()) <= {"CAN", "MEX", "VIR"}
    for name in ("us-steel-great-lakes-works-mi", *[n for n, c in named.items() if c == "MEX"][:1]):
        country = word(lang, f"country.{named[name]}")
        assert country in said(pages.plant_page(connection, name, lang))
    inland = said(pages.plant_page(connection, "us-steel-gary-works-in", lang))
    assert word(lang, "country.CAN") not in inland


def test_the_terminal_says_it_too(command, shipped):
    out = command("near", DETROIT, "--database", shipped).out
    assert "the widest circle reaches Canada, or nearly: people there are not counted" in out


@each_language
@pytest.mark.parametrize(
    ("at", "reason", "leads"),
    [
        ("41.6,87.33", "minus", "41.6,-87.33"),
        ("-87.33,41.6", None, "41.6,-87.33"),
        ("41.6,272.67", "turn", "41.6,-87.33"),
        ("0,0", "zero", None),
        ("13.45,144.75", "islands", None),
        ("96910", "islands", None),
        ("51.5,-0.1", None, None),
    ],
)
def test_a_place_that_cannot_be_counted_has_its_reason_in_both_languages(
    at, reason, leads, lang, connection
):
    html = report(connection, at, lang)
    if reason:
        assert word(lang, f"reason.{reason}") in said(html)
    start = "/near?at=" if lang == "en" else "/es/near?at="
    links = [link.removeprefix(start) for link in Page(html).links if link.startswith(start)]
    degrees = [link.split(",") for link in links if "," in link]
    meant = [f"{float(latitude):.4g},{float(longitude):.4g}" for latitude, longitude in degrees]
    assert meant == ([leads] if leads else [])
    assert "None" not in said(html)


@each_language
def test_across_the_border_the_country_is_named(lang, connection):
    html = report(connection, "42.317,-83.04", lang)
    assert word(lang, "reason.neighbour_named", country=word(lang, "country.CAN")) in said(html)
    assert "<table" not in html


@each_language
def test_each_indicator_has_its_ratio_and_a_rank_or_why_it_has_none(lang, connection):
    html = report(connection, "46402", lang, (3.0,))
    rows = dict(re.findall(r'<tr data-indicator="(\w+)">(.*?)</tr>', html, re.S))
    cells = {name: [said(c).strip() for c in re.findall(r"<t[dh][^>]*>.*?</t[dh]>", row, re.S)]
             for name, row in rows.items()}  # fmt: skip
    assert cells["cancer_risk"][6] == word(lang, "community.no_rank")
    assert cells["poverty"][6].isdigit()
    assert re.fullmatch(r"\d[.,]\d+", cells["poverty"][5])
    assert re.fullmatch(r"\d0", cells["cancer_risk"][1]), "one digit, as in the source"
    assert word(lang, "community.no_rank_why") in said(html)
    assert word(lang, "community.percentile") in said(html)


def test_the_terminal_has_ratio_and_rank(command, shipped):
    out = command("near", "46402", "--database", shipped).out
    assert "times the country" in out
    assert "rank of 100" in out
    (line,) = (line for line in out.splitlines() if "Cancer risk" in line)
    assert line.rstrip().endswith("no rank")
    (line,) = (line for line in out.splitlines() if "Households in poverty" in line)
    assert re.search(r"\s\d\.\d\s+\d\d\s*$", line)


def test_equal_figures_have_equal_ranks_and_a_rank_says_what_it_says(connection):
    rows = query.rows(
        connection,
        "select indicator, round(value, 9) as v, count(distinct percentile) as ranks, "
        "count(percentile) as ranked, count(*) as many from community where value is not null "
        "group by indicator, v having ranks > 1 or (ranked > 0 and ranked < many)",
    )
    assert rows == []
    floor = (
        "select count(percentile) as n from community where indicator = 'high_pm_days' and value = 0"
    )
    assert query.rows(connection, floor) == [{"n": 0}]


@each_language
@pytest.mark.parametrize(("at", "kind"), [("46402", "zip"), ("Gary, IN", "city"), (DESERT, None)])
def test_a_report_on_a_code_or_a_city_says_what_its_circles_are_drawn_around(
    at, kind, lang, connection
):
    text = said(report(connection, at, lang))
    for one in ("zip", "city"):
        assert (word(lang, f"place.middle.{one}") in text) == (one == kind)


@each_language
def test_radii_of_ones_own_are_those_of_the_report_and_stand_in_the_form(lang, connection):
    html = report(connection, "46402", lang, (0.5, 3.7))
    rows = fenceline.near(connection, "46402", (0.5, 3.7))["community"]
    assert {row["radius_miles"] for row in rows} == {0.5, 3.7}
    assert community.distance(3.7, lang) in said(html)
    assert community.distance(10.0, lang) not in said(html)
    assert '<input id="miles" name="miles" value="0.5, 3.7"' in html
    assert re.search(r'<input type="hidden" name="at" value="46402 Gary, IN">', html)


def test_people_within_a_radius_of_ones_own_lie_between_those_of_the_radii_around_it(connection):
    found = fenceline.near(connection, "46402", (3.0, 3.7, 5.0))["community"]
    people = [row["value"] for row in found if row["indicator"] == "population"]
    assert people == sorted(people)
    assert people[0] < people[1] < people[2]


def test_the_mend_of_a_forgotten_minus_is_what_the_command_says(shipped):
    with pytest.raises(Exception, match=r"Mend: write 41.6,-87.33"):
        verbs_near.place("41.6,87.33", shipped)
    with connect(shipped) as connection:
        assert fenceline.near(connection, "41.6,87.33", (1.0,))["mend"] == (41.6, -87.33)


def test_the_note_on_race_and_its_range_do_not_contradict_each_other(connection):
    """A range of three points stands above an average error of four: that is said."""
    for row in query.indicators(connection):
        if row["denominator"] == "residents_18_plus":
            assert "over many places" in row["limits_en"]
            assert "en promedio de muchos lugares" in row["limits_es"]
