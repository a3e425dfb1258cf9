"""Many places at once: counted once, with indicators, from Python, and as files."""

import json

import numpy as np
import polars as pl
import pytest

import comingclean as cc
from comingclean.errors import InputError
from comingclean.views import many, query, together
from comingclean.views.around import neighbourhood
from comingclean.views.words import LANGUAGES
from comingclean.views.words import say as word
from test_pages import Page

GARY = (41.61, -87.33)
LAKE_SIDE = (
    "us-steel-gary-works-in",
    "cleveland-cliffs-indiana-harbor-east-in",
    "suncoke-indiana-harbor-coke-in",
)
POINTS = "id,lat,lon\ngary,41.61,-87.33\nnear,41.62,-87.35\nlost,,\nlondon,51.5,-0.1\nlake,43,-87\n"
each_language = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.mark.parametrize(
    "where",
    [
        "41.61,-87.33",
        GARY,
        list(GARY),
        np.array(GARY),
        pl.DataFrame({"id": ["x"], "lat": [41.61], "lon": [-87.33]}),
        pl.DataFrame({"name": ["x"], "Latitude": ["41.61"], "Longitude": ["-87.33"]}).lazy(),
    ],
    ids=["text", "pair", "list", "array", "frame", "lazy frame"],
)
@pytest.mark.parametrize("miles", ["1,3", [1, 3], (1.0, 3.0), np.array([1, 3])], ids=type)
def test_in_python_a_place_is_a_text_a_pair_or_a_frame_and_radii_are_numbers(where, miles):
    found = cc.near(where, miles)
    assert found["miles"].to_list() == [1, 3]
    assert found["population"].to_list() == cc.near("41.61,-87.33", "1,3")["population"].to_list()
    assert cc.near(GARY, 3)["population"][0] == found["population"][1]


@pytest.mark.parametrize("where", [None, 41.61, ("a", "b"), (1, 2, 3), object(), {"lat": 1}])
def test_what_is_no_place_in_python_is_said_in_one_line(where):
    with pytest.raises(InputError, match="is no place"):
        cc.near(where)


@pytest.mark.parametrize("miles", [None, "x", [], ["a"], object()])
def test_what_is_no_radius_in_python_is_said_in_one_line(miles):
    with pytest.raises(InputError, match="radi"):
        cc.near(GARY, miles)


def test_together_everyone_is_counted_once(points, command, tmp_path):
    file = points(POINTS)
    found = cc.together(str(file), [1, 3])
    each = cc.near(file, "1,3")
    for row in found.iter_rows(named=True):
        own = each.filter(pl.col("miles") == row["miles"])["population"].drop_nulls()
        assert row["sites"] == 3
        assert own.max() <= row["population"] < row["sum"] == pytest.approx(own.sum(), abs=3)
    out = tmp_path / "once.csv"
    said = command("near", file, "--together", "--miles", "1,3", "--out", out)
    assert (said.status, said.out) == (0, f"{out}: 2 rows\n")
    assert pl.read_csv(out)["population"].to_list() == found["population"].to_list()
    shown = command("near", file, "--together", "--miles", "1,3")
    assert shown.out == out.read_text()
    assert command("near", file, "--together", "--json", "--miles", "1,3").json == found.to_dicts()
    assert command("near", file, "--together", "--out", out).status == 0, "an answer may be replaced"


def test_five_times_the_same_place_is_one(points):
    file = points("id,lat,lon\n" + "a,41.61,-87.33\n" * 5)
    once, one = cc.together(file, 3), cc.near(GARY, 3)
    assert once["population"][0] == one["population"][0]
    assert once["sum"][0] == pytest.approx(5 * one["population"][0], abs=3)


def test_indicators_are_columns_and_those_of_the_report_on_the_place(points, command, shipped):
    file = points(POINTS)
    said = command("near", file, "--indicators", "--miles", "500,3", "--json", "--database", shipped)
    rows = {(row["id"], row["miles"]): row for row in said.json}
    plain = command("near", file, "--miles", "500,3", "--json").json
    for row in plain:
        with_more = rows[row["id"], row["miles"]]
        assert {name: with_more[name] for name in row} == row
    report = {row["indicator"]: row for row in cc.place(GARY, shipped, miles="3")["community"]}
    names = [name for name in report if name != "population"]
    assert len(names) == 19
    for name in names:
        for column, end in (
            ("value", ""),
            ("low", "_low"),
            ("ratio", "_ratio"),
            ("percentile", "_percentile"),
        ):
            here, there = rows["gary", 3][name + end], report[name][column]
            assert here == (there if there is None else pytest.approx(there, rel=1e-5)), name + end
    for key in (("lost", 3), ("london", 3), ("gary", 500), ("lake", 3)):
        assert rows[key]["poverty"] is None
    assert rows["near", 3]["poverty"] != rows["gary", 3]["poverty"]


def test_indicators_of_more_places_than_are_held_at_a_time_are_the_same(monkeypatch, shipped):
    random = np.random.default_rng(2)
    frame = pl.DataFrame(
        {"id": range(60), "lat": random.uniform(33, 44, 60), "lon": random.uniform(-95, -80, 60)}
    )
    whole = cc.near(frame, [1, 3], indicators=True, file=shipped)
    monkeypatch.setattr("comingclean.neighbourhood._AT_A_TIME", 7)
    assert cc.near(frame, [1, 3], indicators=True, file=shipped).equals(whole)


def test_without_any_good_row_the_columns_are_there_and_empty(points, shipped):
    found = cc.near(points("id,lat,lon\nlost,,\n"), "1", indicators=True, file=shipped)
    assert found["poverty"].to_list() == [None]
    assert found["status"].to_list() == ["missing coordinates"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--together", "--indicators"), "--together gives all places as one"),
        (("--indicators", "--layer", "own.csv"), "not of a layer of your own"),
        (("--out", "out.xlsx"), "an answer is not written as “.xlsx”"),
        (("--together", "--miles", "500"), "a radius of 500 miles"),
    ],
)
def test_options_that_cannot_be_are_one_line(points, command, options, says):
    said = command("near", points(POINTS), *options)
    assert (said.status, said.out) == (2, "")
    assert says in said.err
    assert said.err.count("\n") == 1


def test_a_file_without_ids_is_told_and_its_rows_are_numbered(points, command):
    said = command("near", points("plant,lat,lon\na,41.61,-87.33\n"), "--miles", "1")
    assert said.out.splitlines()[1].startswith("1,1,")
    assert said.err == "no column of ids is known here: the rows go by their numbers, from 1\n"
    assert command("near", points("Facility Name,lat,lon\na,41.61,-87.33\n"), "--miles", "1").err == ""


def test_what_is_printed_is_what_is_written_and_parquet_is_parquet(points, command, tmp_path):
    file = points(POINTS)
    printed = command("near", file, "--miles", "1,3.7").out
    out = tmp_path / "made" / "out.csv"
    assert command("near", file, "--miles", "1,3.7", "--out", out).status == 0
    assert printed == out.read_text()
    parquet = tmp_path / "out.parquet"
    for _ in range(2):
        assert command("near", file, "--miles", "1,3.7", "--out", parquet).status == 0
    assert pl.read_parquet(parquet).equals(cc.near(file, "1,3.7"))
    pl.DataFrame({"a": [1]}).write_parquet(parquet)
    assert "no answer of near" in command("near", file, "--out", parquet).err


def test_one_place_in_a_file_goes_by_the_name_that_it_was_asked_by(command, tmp_path):
    out = tmp_path / "out.csv"
    for name in ("46402", "Gary, IN", "41.61,-87.33"):
        command("near", name, "--miles", "1", "--out", out)
        assert pl.read_csv(out, infer_schema=False)["id"].to_list() == [name]


def test_plants_together_are_their_people_once_as_the_engine_counts_them(connection):
    found = many.together(connection, LAKE_SIDE, (1.0, 3.7))
    plants = pl.DataFrame(found["plants"]).select(
        pl.col("facility_id").alias("id"),
        pl.col("latitude").alias("lat"),
        pl.col("longitude").alias("lon"),
    )
    engine = cc.together(plants, [1, 3.7])
    people = [row for row in found["community"] if row["indicator"] == "population"]
    for row, own in zip(people, engine.iter_rows(named=True), strict=True):
        for name in ("population", "low", "high", "sum"):
            assert row["value" if name == "population" else name] == pytest.approx(own[name], abs=1)
    # Who they are: between the plants' own figures.
    alone = [many.together(connection, [name], (3.7,))["community"] for name in LAKE_SIDE]
    for row in found["community"]:
        if row["radius_miles"] == 3.7 and row["indicator"] != "population":
            values = [r["value"] for rows in alone for r in rows if r["indicator"] == row["indicator"]]
            assert min(values) - 1e-9 <= row["value"] <= max(values) + 1e-9


def test_one_plant_together_has_its_own_figures(connection):
    (name,) = LAKE_SIDE[:1]
    own = {(r["radius_miles"], r["indicator"]): r for r in query.community(connection, name)}
    for row in many.together(connection, [name])["community"]:
        there = own[row["radius_miles"], row["indicator"]]
        for column in ("value", "low", "high", "us", "percentile"):
            assert row[column] == (there[column] and pytest.approx(there[column])), row["indicator"]


def test_a_plant_that_is_none_or_has_no_place_is_told(connection):
    assert many.together(connection, ["no-such-plant"]) is None
    assert many.together(connection, []) is None
    lost = query.rows(connection, "select facility_id from facility where latitude is null limit 1")
    if lost:
        found = many.together(connection, [lost[0]["facility_id"], LAKE_SIDE[0]])
        assert [row["facility_id"] for row in found["unplaced"]] == [lost[0]["facility_id"]]
        assert found["community"]


@each_language
def test_the_page_of_plants_together_is_whole_and_each_plant_is_on_it(lang, connection):
    html = together.together_page(connection, LAKE_SIDE, (1.0, 3.0), lang)
    page = Page(html)
    assert word(lang, "together.title", n=3) in page.said
    assert "None" not in page.said
    assert len(page.ids) == len(set(page.ids))
    base = "/" if lang == "en" else "/es/"
    for name in LAKE_SIDE:
        assert f"{base}plants/{name}" in page.links
    assert ("/es/" if lang == "en" else "/") + "near?plants=" + ",".join(
        LAKE_SIDE
    ) + "&miles=1,3" in page.links
    assert html.count('data-indicator="poverty"') == 2
    assert word(lang, "community.county") not in page.said
    assert f'<input type="hidden" name="plants" value="{",".join(LAKE_SIDE)}">' in html


@each_language
def test_a_company_with_several_plants_leads_to_the_people_near_any_of_them(lang, connection):
    from comingclean.views.companies import company_page

    page = Page(company_page(connection, "nucor", lang))
    (link,) = (link for link in page.links if "near?plants=" in link)
    names = link.split("=")[1].split(",")
    assert len(names) > 5
    assert many.together(connection, names, (3.0,))["community"]


def test_the_layer_of_the_country_counts_the_same_together(connection):
    people = neighbourhood(connection)
    found = people.together(np.array([41.61]), np.array([-87.33]), np.array([3.0]))
    assert found["value"][0] == pytest.approx(cc.near(GARY, 3)["population"][0], abs=1)
    assert json.loads(json.dumps(found.to_dicts()))
