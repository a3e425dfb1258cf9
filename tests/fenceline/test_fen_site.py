"""The addresses of the fenceline: pages, data files, and what is asked for wrongly."""

import html
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comingclean.views.words import words
from sliced import say

pytestmark = pytest.mark.xdist_group("server")


def test_each_page_is_served_in_both_languages(site):
    for path in ("near", "near?at=46402", "near?at=Springfield", "near?at=xyzzy", "neighbours"):
        for base, lang in (("/", "en"), ("/es/", "es")):
            status, page = site(base + path)
            assert (status, f'<html lang="{lang}">' in page) == (200, True)


def test_a_place_that_is_none_is_a_question_and_not_an_error(site):
    for at in ("%3Cscript%3Ealert(1)%3C/script%3E", "nowhere+at+all", "", "%00", "%F0%9F%8F%AD"):
        status, page = site(f"/near?at={at}")
        assert status == 200
        assert '<form class="ask"' in page
        assert "<script>alert" not in page


@pytest.mark.parametrize("miles", ["0", "0.09", "50.1", "500", "-1", "nan", "inf", "three", ""])
@pytest.mark.parametrize(
    "path", ["/near", "/data/near.json", "/data/blocks.json", "/data/emitters.json"]
)
def test_a_reach_out_of_range_is_refused_with_its_name_and_range(site, path, miles):
    for base in ("", "/es") if path == "/near" else ("",):
        status, text = site(f"{base}{path}?at=46402&miles={miles}")
        assert status == 422
        if path.startswith("/data/"):
            assert json.loads(text) == {"error": "miles must be a number from 0.1 to 50"}
        else:
            assert words("es" if base else "en")["refused.miles"] in html.unescape(text)


def test_a_place_that_is_too_long_or_not_there_is_refused_with_its_name(site):
    status, text = site("/near?at=" + "a" * 101)
    assert (status, words("en")["refused.at"] in html.unescape(text)) == (422, True)
    for question in ("near.json", "near.json?at=" + "a" * 101, "blocks.json?miles=3"):
        status, text = site(f"/data/{question}")
        assert (status, json.loads(text)) == (
            422,
            {"error": "at must be a place in at most 100 letters"},
        )
    for question in ("find.json", "find.json?q=", "find.json?q=" + "a" * 101):
        status, text = site(f"/data/{question}")
        assert (status, json.loads(text)) == (422, {"error": "q must be a text of 1 to 100 letters"})


@settings(max_examples=60)
@example("٤٦٤٠٢")
@example("४६४०२")
@example("４６４０２")
@example("\x00")
@given(st.text(max_size=100))
def test_whatever_is_asked_for_is_no_error_of_ours(site, text):
    asked = quote(text)
    for path in ("/data/find.json?q=", "/data/near.json?at=", "/near?at=", "/es/near?at="):
        assert site(path + asked)[0] in (200, 404, 422)


@settings(max_examples=200)
@example("a" * 300)
@example("\x00")
@example("assets/\x00.js")
@example("../../cli.py")
@given(st.text(max_size=300))
def test_whatever_file_is_asked_for_is_no_error_of_ours(site, name):
    for coding in ("br", "gzip", "br;q=0", ""):
        assert site("/static/" + quote(name), accept_encoding=coding)[0] in (200, 404)


def test_search_offers_places_with_kind_and_degrees(site):
    status, text = site("/data/find.json?q=gary,+in")
    assert (status, json.loads(text)) == (
        200,
        [{"label": "Gary, IN", "kind": "city", "latitude": 41.5878, "longitude": -87.3385}],
    )
    assert json.loads(site("/data/find.json?q=xyzzy")[1]) == []


def test_the_data_of_a_place_is_all_that_is_known_around_it(site):
    status, text = site("/data/near.json?at=46402&miles=5")
    near = json.loads(text)
    assert status == 200
    assert near["county"] == {"fips": "18089", "name": "Lake", "state": "IN"}
    assert {row["radius_miles"] for row in near["community"]} == {1, 3, 5, 10}
    assert max(row["miles"] for row in near["emitters"]) <= 5
    assert near["monitor"]["miles"] < 5


def test_data_of_no_place_or_of_several_is_not_found(site):
    for at in ("xyzzy", "Springfield", ""):
        for name in ("near", "blocks", "emitters"):
            assert site(f"/data/{name}.json?at={at}")[0] == 404


def test_a_place_off_the_earth_or_out_of_the_country_is_no_error_of_ours(site):
    for name in ("blocks", "emitters"):
        assert site(f"/data/{name}.json?at=941,-87")[0] == 404
        assert site(f"/data/{name}.json?at=41,-287")[0] == 404
        status, text = site(f"/data/{name}.json?at=51.5,-0.1")
        found = json.loads(text)
        assert status == 200
        assert (found if name == "emitters" else found["population"]) == []
    assert json.loads(site("/data/near.json?at=941,-87")[1])["status"] == "impossible coordinates"


def test_an_emitter_has_its_newest_figure_as_the_map_draws_it(site, shipped):
    found = json.loads(site("/data/emitters.json?at=41.61,-87.33&miles=10")[1])
    assert [row["miles"] for row in found] == sorted(row["miles"] for row in found)
    sql = (
        "select year, value, low, high, unit, grade from emitter_year where ghgrp_id = ? order by year"
    )
    for row in found:
        years = say(shipped, sql, row["ghgrp_id"])
        expected = years[-1] if years else (None,) * 6
        assert tuple(row[n] for n in ("year", "value", "low", "high", "unit", "grade")) == expected
        assert "values" not in row
    assert len(found) > 10


def test_the_blocks_are_columns_of_one_length(site):
    blocks = json.loads(site("/data/blocks.json?at=41.61,-87.33&miles=3")[1])
    assert len({len(column) for name, column in blocks.items() if name != "indicators"}) == 1
    assert all(0 < share <= 1 for share in blocks["share"])
    near = json.loads(site("/data/near.json?at=41.61,-87.33")[1])
    people = next(
        row for row in near["community"] if (row["radius_miles"], row["indicator"]) == (3, "population")
    )
    added = sum(n * part for n, part in zip(blocks["population"], blocks["share"], strict=True))
    assert added == pytest.approx(people["value"], rel=1e-3)


def test_every_indicator_is_described_in_both_languages(site, shipped):
    found = json.loads(site("/data/indicators.json")[1])
    assert [row["indicator"] for row in found] == [
        name for (name,) in say(shipped, "select indicator from indicator order by sort")
    ]
    for row in found:
        for told in ("label", "definition", "limits"):
            assert set(row[told]) == {"en", "es"}
            assert all(row[told].values())


def test_many_readers_at_once_get_the_same_report(site):
    with ThreadPoolExecutor(4) as crowd:
        answers = list(crowd.map(lambda _: site("/data/near.json?at=39.5,-104.9"), range(8)))
    assert {status for status, _ in answers} == {200}
    assert len({text for _, text in answers}) == 1


def test_the_server_starts_without_numbers_tables_and_geometry():
    heavy = ("numpy", "polars", "shapely", "pyproj", "pyarrow", "zipcodes", "distributed", "fastexcel")
    code = (
        "import sys, comingclean.views.server, comingclean.verbs, comingclean.cli\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
