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
            assert json.loads(text)["error"].startswith("miles must be a number from 0.1 to 50")
        else:
            assert words("es" if base else "en")["refused.miles"] in html.unescape(text)


def test_a_place_that_is_too_long_or_not_there_is_refused_with_its_name(site):
    status, text = site("/near?at=" + "a" * 101)
    assert (status, words("en")["refused.at"] in html.unescape(text)) == (422, True)
    for question in ("near.json?at=" + "a" * 101, "blocks.json?miles=3"):
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
    assert {row["radius_miles"] for row in near["community"]} == {5}
    assert max(row["miles"] for row in near["emitters"]) <= 5
    assert near["monitor"]["miles"] < 5


def test_data_of_no_place_or_of_several_say_so_with_the_choices(site):
    for name in ("near", "blocks", "emitters", "burden"):
        for at in ("xyzzy", ""):
            status, text = site(f"/data/{name}.json?at={at}")
            told = json.loads(text)
            assert (status, told["choices"]) == (422, [])
            assert "is no place" in told["error"]
            assert "46402" in told["mend"]
        status, text = site(f"/data/{name}.json?at=Springfield")
        told = json.loads(text)
        assert status == 422
        assert len(told["choices"]) == 8
        assert site(f"/data/{name}.json?at={quote(told['choices'][0])}")[0] == 200
    assert site("/data/near.json")[0] == 422


@pytest.mark.parametrize(
    ("at", "word", "mend"),
    [
        ("941,-87", "impossible coordinates", "name a place"),
        ("41,272.67", "impossible coordinates", "write 41,-87.33"),
        ("51.5,-0.1", "out of the country", "name a place"),
        ("0,0", "out of the country", "name a place"),
        ("41.6,87.33", "out of the country", "write 41.6,-87.33"),
        ("42.317,-83.04", "out of the country", "name a place"),
        ("-87.33,41.6", "swapped coordinates", "write 41.6,-87.33"),
        ("13.45,144.75", "not covered", "name a place"),
    ],
)
def test_of_a_place_that_cannot_be_counted_there_is_no_empty_answer(site, at, word, mend):
    for name in ("blocks", "emitters", "burden"):
        status, text = site(f"/data/{name}.json?at={at}")
        told = json.loads(text)
        assert (status, told["status"]) == (422, word)
        assert mend in told["mend"]
    near = json.loads(site(f"/data/near.json?at={at}")[1])
    assert (near["status"], near["community"]) == (word, [])
    assert near["message"]


def test_at_sea_what_lies_within_reach_is_an_answer(site):
    for name in ("blocks", "emitters", "burden"):
        assert site(f"/data/{name}.json?at=43,-87")[0] == 200


def test_radii_of_ones_own_are_counted_within(site):
    for path, base in (("/near", ""), ("/near", "/es")):
        status, text = site(f"{base}{path}?at=46402&miles=0.5,3.7")
        assert status == 200
        assert ("3,7 millas" if base else "3.7 miles") in text
    near = json.loads(site("/data/near.json?at=46402&miles=3.7")[1])
    assert {row["radius_miles"] for row in near["community"]} == {3.7}
    assert near["miles"] == 3.7
    assert max(row["miles"] for row in near["emitters"]) <= 3.7
    default = json.loads(site("/data/near.json?at=46402")[1])
    assert {row["radius_miles"] for row in default["community"]} == {1, 3, 5, 10}
    for miles in ("1,500", "1,,3", "1;3", ",".join(str(n) for n in range(1, 22))):
        assert site(f"/near?at=46402&miles={miles}")[0] == 422
        assert site(f"/data/near.json?at=46402&miles={miles}")[0] == 422


def test_plants_together_are_a_page_and_data(site):
    plants = "suncoke-indiana-harbor-coke-in,cleveland-cliffs-indiana-harbor-east-in"
    for base in ("", "/es"):
        status, text = site(f"{base}/near?plants={plants}&miles=1,3")
        assert (status, '<article id="together">' in text) == (200, True)
    found = json.loads(site(f"/data/near.json?plants={plants}&miles=3")[1])
    assert [row["facility_id"] for row in found["plants"]] == plants.split(",")
    (people,) = (row for row in found["community"] if row["indicator"] == "population")
    assert 0 < people["low"] <= people["value"] < people["sum"]
    for path in ("/near", "/data/near.json"):
        assert site(f"{path}?plants=no-such-plant")[0] == 404
        assert site(f"{path}?plants=%3Cscript%3E")[0] == 422


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
