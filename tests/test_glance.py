"""The first screen of a plant's page: what it holds, in which order, and that nothing is lost by it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.views import glance, pages, query
from comingclean.views.words import LANGUAGES
from comingclean.views.words import say as word
from sliced import GARY

SEVERITIES = ("warning", "gap", "note")
findings = st.lists(
    st.fixed_dictionaries(
        {
            "severity": st.sampled_from(SEVERITIES),
            "sentence_en": st.sampled_from("abcdef"),
            "evidence": st.lists(st.sampled_from(["r1", "r2", "r3"]), max_size=3),
        }
    ),
    max_size=12,
)


@given(findings)
def test_what_is_said_twice_is_told_once_and_no_row_is_lost(found):
    told = glance.told_once(found)
    sentences = [row["sentence_en"] for row in told]
    assert len(sentences) == len(set(sentences))
    assert set(sentences) == {row["sentence_en"] for row in found}
    for row in told:
        same = [one for one in found if one["sentence_en"] == row["sentence_en"]]
        assert row["severity"] == min((one["severity"] for one in same), key=SEVERITIES.index)
        assert set(row["evidence"]) == {name for one in same for name in one["evidence"]}
        assert len(row["evidence"]) == len(set(row["evidence"]))


@given(findings)
def test_what_is_graver_comes_first(found):
    order = [SEVERITIES.index(row["severity"]) for row in glance.told_once(found)]
    assert order == sorted(order)


def share(indicator, value, low, high, county, us):
    text = None if value is None else f"{value:g}"
    row = {"indicator": indicator, "value": value, "low": low, "high": high, "county": county, "us": us}
    return row | {"text": text}


def test_marks_of_one_axis_share_its_scale_and_lie_on_it():
    rows = [
        share("people_of_colour", 96.0, 95.0, 97.0, 45.0, 38.0),
        share("poverty", 35.0, 30.0, 40.0, None, 12.7),
    ]
    colour, poverty = glance.axes(rows)
    assert colour["at"]["high"] == pytest.approx(100 / 1.08, abs=0.1)
    assert poverty["at"]["value"] / colour["at"]["value"] == pytest.approx(35 / 96, abs=0.002)
    assert poverty["at"]["county"] is None
    for axis in (colour, poverty):
        at = axis["at"]
        assert 0 <= at["low"] <= at["value"] <= at["high"] <= 100


def test_what_is_not_known_here_has_no_axis():
    unknown = share("poverty", None, None, None, 12.0, 12.7)
    other = share("cancer_risk", 30.0, None, None, 30.0, 30.0)
    assert glance.axes([unknown, other]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_screen_has_figures_people_and_what_is_not_said_before_all_else(lang, connection):
    html = pages.plant_page(connection, GARY, lang)
    first = html[: html.index('<nav class="contents"')]
    for mark in ('href="#ghg_scope1"', 'href="#community"', 'class="since"', 'id="unsaid"'):
        assert mark in first, mark
    assert word(lang, "status.operating") not in first
    order = [html.index(f'id="{name}"') for name in ("unsaid", "toxic-chemicals", "community", "known")]
    assert order == sorted(order)
    assert html.index('id="known"') < html.index('id="ask"')


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_place_that_the_first_screen_points_to_is_on_the_page(lang, connection):
    for plant in query.plants(connection)[LANGUAGES.index(lang) :: 20]:
        html = pages.plant_page(connection, plant["facility_id"], lang)
        ids = set(re.findall(r'id="([^"]+)"', html))
        assert set(re.findall(r'href="#([^"]+)"', html)) <= ids, plant["facility_id"]


def test_three_findings_at_most_stand_open_and_the_plants_own_come_first(connection):
    for plant in query.plants(connection)[::20]:
        html = pages.plant_page(connection, plant["facility_id"], "en")
        box = re.search(r'<section class="findings" id="unsaid">.*?</section>', html, re.S)[0]
        opened = re.sub(r'<details class="know"><summary>\d+ more.*', "", box, flags=re.S)
        assert opened.count("<li data-severity=") <= 3, plant["facility_id"]
        own = {row["sentence_en"] for row in query.plant(connection, plant["facility_id"])["findings"]}
        assert html.count("<li data-severity=") == len(own)


def test_a_plant_that_does_not_run_says_so_under_its_name(connection):
    for plant in query.plants(connection):
        if plant["status"] in ("closed", "idle", "construction", "announced"):
            html = pages.plant_page(connection, plant["facility_id"], "en")
            said = re.search(r'<p class="status">(.*?)</p>', html)
            assert said and said[1] == word("en", f"status.{plant['status']}")
