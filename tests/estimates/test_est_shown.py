"""What readers are shown of the estimates: ranks among peers only, intervals that have a width."""

import json

import pytest

from comingclean.views import peers, query
from comingclean.views.words import LANGUAGES, words
from sliced import say

COMPARED = ("ghg_intensity_scope1", "ghg_intensity_scope1_2", "ghg_intensity_pfc")


@pytest.mark.parametrize("quantity", [*COMPARED, "production", "ghg_scope1", "employment"])
def test_no_interval_is_rounded_away_in_the_data_of_the_map(quantity, connection):
    held = query.columns(connection, quantity)
    rows = list(zip(held["low"], held["value"], held["high"], strict=True))
    assert len(rows) > 50
    assert all(low < high and low <= value <= high for low, value, high in rows)
    whole = query.rows(connection, "select value from value where quantity = ?", quantity)
    exact = sorted(row["value"] for row in whole)
    shown = sorted(held["value"])
    assert all(abs(a - b) <= 0.005 * abs(b) for a, b in zip(shown, exact, strict=True))


@pytest.mark.parametrize("quantity", COMPARED)
def test_the_map_is_told_whom_a_plant_is_compared_with_or_why_with_nobody(
    quantity, connection, shipped
):
    held = query.columns(connection, quantity)
    assert all((a is None) != (b is None) for a, b in zip(held["peers"], held["why"], strict=True))
    ranked = {
        (plant, year)
        for plant, year, group in zip(held["facility_id"], held["year"], held["peers"], strict=True)
        if group
    }
    sql = "select facility_id, year from rank where quantity = ?"
    assert ranked == set(say(shipped, sql, quantity))


def test_what_is_not_compared_has_no_such_columns(connection):
    assert not {"peers", "why"} & set(query.columns(connection, "ghg_scope1"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_group_and_every_reason_has_words(lang, shipped):
    known = words(lang)
    for (group,) in say(shipped, "select distinct peers from rank"):
        assert peers.group(group, lang) != group
    for (reason,) in say(shipped, "select distinct reason from unranked"):
        assert f"apart.{reason}" in known
    for (kind,) in say(shipped, "select distinct value from attribute where attribute = 'products'"):
        assert f"product.{kind}" in known


def test_neither_ovens_nor_kilns_nor_doubtful_mills_are_ranked_beside_steel(shipped):
    sql = """select distinct facility.industry, peers from rank join facility using (facility_id)"""
    industries = dict.fromkeys(("iron_steel", "met_coke", "aluminum", "cement"), ())
    for industry, group in say(shipped, sql):
        industries[industry] = (*industries[industry], group)
    assert industries["cement"] == ()
    assert industries["met_coke"] == ("heat-recovery coke",)
    assert industries["aluminum"] == ("electrolysis",)
    assert set(industries["iron_steel"]) >= {"BF-BOF", "EAF, flat", "EAF, long"}


def test_the_total_of_people_is_the_published_one_and_the_rest_is_said(shipped):
    sql = """select published, verified, plants from adjustment
        where industry = 'iron_steel' and product = 'jobs' and year = 2020 and route = ?"""
    assert say(shipped, sql, "all")[0][:2] == (83_200, 1)
    assert say(shipped, sql, "outside the atlas") == [(None, 0, 0)]


def test_a_test_says_what_was_set_on_its_cases(shipped):
    found = {
        name: (set_on, verdict)
        for name, set_on, verdict in say(shipped, "select test, set_on, verdict from backtest")
    }
    assert found["clinker_of_states"] == ("clinker_plant_spread", "not held out")
    assert found["smelters"] == ("", "not validated")
    assert json.dumps(found).count("not held out") == 3
