"""What views ask of a database: finding a plant, and all that is known about one."""

import shutil
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comingclean.connection import connect
from comingclean.errors import InputError
from comingclean.views import query
from sliced import GARY, say

FOUND = [
    (GARY, GARY),
    ("1000418", GARY),
    ("U.S. Steel Gary Works", GARY),
    ("us steel gary works", GARY),
    ("GARY Works", GARY),
    ("  gary   works ", GARY),
    ("Works: Gary!", GARY),
    ("nucor convent la", "nucor-convent-la"),
    ("P100000126559", "argos-atlanta-ga"),
    ("Ragland", "national-cement-ragland-al"),
    ("ragländ", "national-cement-ragland-al"),
]


@pytest.mark.parametrize(("text", "plant"), FOUND)
def test_a_plant_is_found_by_name_words_or_id(text, plant, connection):
    assert query.find(connection, text)["facility_id"] == plant


def test_plants_are_found_by_id_program_id_and_name(connection):
    ids = {
        row["facility_id"]: row["program_id"]
        for row in query.rows(connection, "select * from identifier")
    }
    for row in query.plants(connection)[::7]:
        for text in (row["facility_id"], ids[row["facility_id"]], row["name"].upper()):
            assert query.find(connection, text)["facility_id"] == row["facility_id"]


def test_an_ambiguous_name_lists_the_choices(connection):
    with pytest.raises(InputError) as caught:
        query.find(connection, "Indiana Harbor")
    assert caught.value.what.startswith("“Indiana Harbor” means 4 plants: ")
    assert "cleveland-cliffs-indiana-harbor-east-in" in caught.value.what
    assert "suncoke-indiana-harbor-coke-in" in caught.value.what
    assert caught.value.mend == "use one of these ids, or other words"


def test_a_long_list_of_choices_is_cut_and_counted(connection):
    total = len([row for row in query.plants(connection) if "cement" in query._haystack(row)])
    with pytest.raises(InputError, match=f"means {total} plants: .* and {total - 8} more"):
        query.find(connection, "cement")


@pytest.mark.parametrize("text", ["atlantis", "1999999", "gary gary-indiana", "日本"])
def test_a_name_of_no_plant_says_so(text, connection):
    with pytest.raises(InputError, match=f"“{text}” means no plant of the atlas"):
        query.find(connection, text)


def test_accents_may_be_left_out_or_put_in(atlas, tmp_path):
    file = tmp_path / shutil.copy(atlas, tmp_path)
    with sqlite3.connect(file) as opened:
        opened.execute("update facility set city = 'Peñuelas' where facility_id = 'argos-dorado-pr'")
    opened.close()
    with connect(file) as connection:
        for text in ("penuelas", "PEÑUELAS", "Pen\u0303uelas"):
            assert query.find(connection, text)["facility_id"] == "argos-dorado-pr"


@settings(max_examples=40)
@given(st.text(max_size=20))
def test_any_words_find_one_plant_or_are_refused_in_one_line(shipped, text):
    with connect(shipped) as connection:
        try:
            found = query.find(connection, text)
        except InputError as error:
            assert error.what.startswith(f"“{text}” means ")
        else:
            assert query.plant(connection, found["facility_id"]) is not None


def test_all_about_a_plant_resolves_every_row_and_every_word(connection):
    for row in query.plants(connection):
        plant = query.plant(connection, row["facility_id"])
        assert plant["facility"] == row
        for value in plant["values"]:
            assert value["sources"]
            assert set(value["sources"]) <= set(plant["lineage"])
            assert value["method"] in plant["methods"]
            assert value["quantity"] in plant["quantities"]
        for finding in plant["findings"]:
            assert set(finding["evidence"]) <= set(plant["lineage"])
        assert {origin["source_id"] for origin in plant["lineage"].values()} == set(plant["sources"])
        assert plant["identifiers"]


def test_values_of_a_plant_come_in_the_order_of_quantities_and_years(connection):
    plant = query.plant(connection, GARY)
    keys = [(plant["quantities"][v["quantity"]]["sort"], v["year"]) for v in plant["values"]]
    assert keys == sorted(keys)
    assert plant["values"][0]["quantity"] == "ghg_scope1"


def test_the_page_of_the_program_is_that_of_the_last_year(connection):
    urls = {row["program"]: row["url"] for row in query.plant(connection, GARY)["identifiers"]}
    page = "https://ghgdata.epa.gov/ghgp/service/facilityDetail/2023?id=1000418&ds=E"
    assert urls["ghgrp"] == page
    assert urls["gem"] is None


def test_neighbours_behind_one_fence_are_named(connection):
    names = {
        row["facility_id"] for row in query.plant(connection, "suncoke-indiana-harbor-coke-in")["site"]
    }
    assert len(names) == 3
    assert all("indiana-harbor" in name for name in names)
    assert query.plant(connection, GARY)["site"] == []


def test_columns_of_a_quantity_hold_every_value_of_it(connection, shipped):
    columns = query.columns(connection, "ghg_scope1")
    rows = say(
        shipped,
        """select facility_id, year, grade, kind, value, low, high
        from value where quantity = 'ghg_scope1' order by facility_id, year""",
    )
    names = ("facility_id", "year", "grade", "kind", "value", "low", "high")
    expected = [(*row[:4], *(round(number, 1) for number in row[4:])) for row in rows]
    assert list(zip(*(columns[name] for name in names), strict=True)) == expected
    assert columns["unit"] == "t CO2e"
    assert query.columns(connection, "happiness") is None


def test_only_quantities_with_a_value_are_offered(connection, shipped):
    offered = [row["quantity"] for row in query.quantities(connection)]
    assert set(offered) == {name for (name,) in say(shipped, "select distinct quantity from value")}
    assert offered[:2] == ["ghg_scope1", "ghg_reported"]
    assert query.years(connection) == list(range(2010, 2024))


def test_a_plant_that_is_not_there_is_none(connection):
    assert query.plant(connection, "nobody") is None
