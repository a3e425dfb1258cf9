"""Attributes by year: what holds now, what held in a year, and two answers that a person must part."""

import polars as pl
import pytest

from comingclean.errors import InputError
from comingclean.facilities import attributes
from sliced import ROOT

SCHEMA = {
    "facility_id": pl.String,
    "attribute": pl.String,
    "value": pl.String,
    "first_year": pl.Int64,
    "last_year": pl.Int64,
    "certainty": pl.String,
    "lineage_id": pl.String,
}


def said(*rows):
    """Rows (attribute, value, first, last, certainty) of one plant."""
    listed = [
        ("mill", *row[:4], row[4] if len(row) > 4 else "stated", str(i)) for i, row in enumerate(rows)
    ]
    return pl.DataFrame(listed, schema=SCHEMA, orient="row")


def newest(*rows):
    return attributes.newest(said(*rows)).row(0, named=True)


def in_years(rows, *years):
    return [row[2:4] for row in attributes.in_years(said(*rows), years).rows()]


OXYGEN, ELECTRIC = ("route", "BF-BOF", 2010, 2015), ("route", "EAF", 2020, None)


def test_what_has_no_end_holds_now():
    row = newest(ELECTRIC, OXYGEN)
    assert (row["route"], row["route_as_of"]) == ("EAF", 2020)
    assert newest(OXYGEN, ELECTRIC) == row


def test_the_last_year_decides_and_then_the_first():
    row = newest(("route", "dry kiln", 2010, 2023), ("route", "grinding", 2025, 2025))
    assert (row["route"], row["route_as_of"]) == ("grinding", 2025)
    assert newest(("route", "a", 2010, 2025), ("route", "b", 2020, 2025))["route"] == "b"


def test_an_undated_row_gives_way_to_any_dated_one():
    assert newest(("route", "EAF", None, None), ("route", "DRI", None, 2011))["route"] == "DRI"
    assert newest(("route", "EAF", None, None))["route_as_of"] is None


def test_a_status_that_is_long_past_is_not_shown_and_a_disputed_one_says_so():
    assert newest(("route", "EAF", 2025, 2025), ("status", "operating", 2010, 2022))["status"] is None
    disputed = newest(("status", "operating", 2025, 2025, "disputed"))
    assert (disputed["status"], disputed["status_as_of"]) == ("disputed", 2025)
    assert newest(("route", "EAF", 2020, 2020, "assumed"))["route"] == "EAF (assumed)"


def test_the_route_of_a_year_is_that_of_the_statement_nearest_in_time():
    routes = [route for route, _ in in_years([OXYGEN, ELECTRIC], 2010, 2015, 2017, 2018, 2020, 2023)]
    assert routes == ["BF-BOF"] * 3 + ["EAF"] * 3
    kiln = [("route", "dry kiln", 2010, 2023), ("route", "grinding", 2025, 2025)]
    assert in_years(kiln, 2020) == [("dry kiln", None)]
    assert in_years([("route", "EAF", None, None)], 2012) == [("EAF", None)]


def test_a_status_holds_for_the_years_of_which_a_source_speaks_and_no_other():
    rows = [
        ELECTRIC,
        ("status", "operating", 2010, 2012),
        ("status", "no process emissions", 2014, 2014),
        ("status", "idle", 2025, 2025),
    ]
    states = [state for _, state in in_years(rows, 2012, 2013, 2014, 2023)]
    assert states == ["operating", None, "no process emissions", None]


def test_two_newest_answers_for_one_year_are_refused_with_their_row(tmp_path):
    head = (ROOT / "data/attributes.csv").read_text("utf-8").splitlines()[0]
    row = "a-mill,status,{},,,,2025,2025,gem_steel,gem/x.xlsx row {},stated,"
    lines = [row.format("operating", 1), row.format("idle", 2)]
    (tmp_path / "attributes.csv").write_text("\n".join([head, *lines, ""]), "utf-8")
    with pytest.raises(
        InputError, match="a-mill has two newest values of status, of one year"
    ) as caught:
        attributes.read(tmp_path)
    assert caught.value.row == 2
    same = [row.format("operating", 1), row.format("operating", 2)]
    (tmp_path / "attributes.csv").write_text("\n".join([head, *same, ""]), "utf-8")
    assert attributes.read(tmp_path).height == 2


# --- the plants of the atlas


@pytest.fixture(scope="module")
def ours():
    return attributes.read(ROOT / "data")


def test_every_route_status_start_and_point_says_of_which_year_it_is(ours):
    kinds = ["route", "status", "owner", "parent", "start_year", "coordinates", "coordinate_spread"]
    undated = ours.filter(pl.col("attribute").is_in(kinds) & pl.col("last_year").is_null())
    assert undated.select("facility_id", "attribute").rows() == []


@pytest.mark.parametrize(
    ("plant", "then", "now"),
    [
        ("us-steel-fairfield-works-al", ("EAF", "operating"), ("EAF", "operating")),
        ("heidelberg-speed-in", ("dry kiln", "operating"), ("grinding", "operating")),
        ("timkensteel-canton-oh", ("EAF", "operating"), ("EAF", "operating")),
        ("st-marys-dixon-il", ("dry kiln", "no process emissions"), ("dry kiln", "disputed")),
    ],
)  # fmt: skip
def test_plants_that_were_shown_wrongly_once(ours, plant, then, now):
    mine = ours.filter(facility_id=plant)
    row = attributes.newest(mine).row(0, named=True)
    assert (row["route"], row["status"]) == now
    assert attributes.in_years(mine, [2020]).row(0)[2:4] == then


def test_a_furnace_that_a_file_names_is_no_longer_assumed(ours):
    row = ours.filter(facility_id="superior-forge-lima-oh", attribute="route").row(0, named=True)
    assert (row["certainty"], row["source_id"]) == ("inferred", "nrel_aegis")


def test_a_kiln_that_ran_has_a_status_for_every_year_of_its_reports(ours):
    ragland = attributes.in_years(
        ours.filter(facility_id="national-cement-ragland-al"), range(2010, 2024)
    )
    assert ragland["status"].to_list() == ["operating"] * 14
