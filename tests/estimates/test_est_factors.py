import polars as pl
import pytest
from est_world import changed, made

from comingclean.errors import InputError
from comingclean.estimates.factors import factors
from comingclean.estimates.total_rows import given, totals


def table(**row):
    whole = {
        "parameter": "p",
        "value": 2.0,
        "low": 1.0,
        "high": 3.0,
        "unit": "t",
        "period": "2015-2019",
        "seen": "read",
    }
    schema = {name: pl.Float64 if name in ("value", "low", "high") else pl.String for name in whole}
    return pl.DataFrame([whole | row], schema=schema)


def test_a_parameter_has_value_range_unit_years_and_grade():
    found = factors(table())["p"]
    assert (found.value, found.low, found.high, found.unit) == (2.0, 1.0, 3.0, "t")
    assert found.years() == (2015, 2019)
    assert (found.grade, found.source) == ("C", "parameters/p")


def test_per_cent_become_shares():
    found = factors(table(value=20.0, low=10.0, high=30.0, unit="%")).of("p", "share")
    assert (found.low, found.value, found.high) == (0.1, 0.2, 0.3)


@pytest.mark.parametrize("end", [{"low": None}, {"high": None}])
def test_an_end_that_is_not_given_is_refused(end):
    with pytest.raises(InputError, match="the parameter p has no number, no range or no unit"):
        factors(table(**end))


def test_only_what_sets_the_middle_says_how_far_an_estimate_can_be_trusted():
    given = made(("use", 0.7, 0.6, 0.8, "share"), ("spread", 0.2, 0.1, 0.3, "share"))
    given = changed(given, "use", seen="quoted")
    given = changed(given, "spread", seen="judgement", role="width")
    assert given.weakest(["epa_ghgrp/2020#1", "parameters/use", "parameters/spread"]) == "D"
    assert given.weakest(["parameters/spread"]) == "A"
    assert changed(given, "use", seen="derived").weakest(["parameters/use"]) == "C"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"value": 4.0}, "outside its range"),
        ({"value": 0.5}, "outside its range"),
        ({"unit": ""}, "no unit"),
        ({"unit": None}, "no unit"),
        ({"value": None}, "no number"),
        ({"low": None}, "no range"),
    ],
)
def test_a_parameter_that_does_not_hold_is_refused_by_name(row, words):
    with pytest.raises(InputError, match=words) as caught:
        factors(table(**row))
    assert "the parameter p" in str(caught.value)
    assert "parameters.csv" in str(caught.value)


def test_an_unknown_parameter_and_a_wrong_unit_are_named():
    found = factors(table())
    with pytest.raises(InputError, match="the parameter q is not in the table"):
        found["q"]
    with pytest.raises(InputError, match=r"p is in “t”.*give it in people"):
        found.of("p", "people")


def test_a_period_without_a_year_is_refused():
    with pytest.raises(InputError, match="begin it with a year"):
        factors(table(period="any"))["p"].years()


def test_what_is_read_is_remembered_and_what_is_missing_too():
    found = factors(table()).tracked()
    assert found.find("p") is not None
    assert found.find("absent") is None
    assert set(found.used) == {"p", "absent"}


NATIONAL = {
    "series": pl.String,
    "unit": pl.String,
    "year": pl.Int64,
    "value": pl.Float64,
    "estimated": pl.Boolean,
    "lineage_id": pl.String,
}


def national(*rows):
    return pl.DataFrame(rows, schema=NATIONAL, orient="row")


SURVEY = made(
    ("survey_rounding_mt", 0.05, 0.05, 0.05, "Mt"),
    ("survey_rounding_percent", 0.005, 0.005, 0.005, "share"),
    ("survey_rounding_kt", 0.5, 0.5, 0.5, "kt"),
    ("survey_rounding_people", 50.0, 50.0, 50.0, "people"),
    ("survey_first_print", 0.017, 0.01, 0.03, "share"),
)


def test_totals_come_in_tonnes_with_their_rounding_and_first_prints_wider():
    rows = totals(
        national(
            ("raw steel production", "Mt", 2020, 72.7, False, "usgs/1"),
            ("raw steel BOF share", "%", 2020, 29.0, False, "usgs/2"),
            ("clinker production", "kt", 2020, 79100.0, False, "usgs/3"),
            ("pig iron production", "Mt", 2023, 21.0, True, "usgs/4"),
            ("something else", "Mt", 2020, 1.0, False, "usgs/5"),
        ),
        SURVEY,
    )
    found = {row["series"]: row for row in rows.iter_rows(named=True)}
    assert set(found) == {"raw_steel", "bof_share", "clinker", "pig_iron"}
    steel = found["raw_steel"]
    assert [steel[end] / 1e6 for end in ("low", "value", "high")] == pytest.approx([72.65, 72.7, 72.75])
    assert found["bof_share"]["high"] == pytest.approx(0.295)
    assert found["clinker"]["value"] == pytest.approx(79.1e6)
    assert found["pig_iron"]["high"] / 21e6 == pytest.approx(1.017)


def test_a_total_in_a_strange_unit_is_refused():
    with pytest.raises(InputError, match="in kt, and Mt belongs there"):
        totals(national(("raw steel production", "kt", 2020, 72700.0, False, "u")), SURVEY)


def test_a_parameter_gives_the_total_of_a_year_and_one_that_was_carried_is_marked():
    given_ = made(("national/clinker_2014", 74e6, 73e6, 75e6, "t"))
    row = given(given_, "clinker", 2014)
    assert (row["value"], row["low"], row["verified"]) == (74e6, 73e6, True)
    assert row["sources"] == ["parameters/national/clinker_2014"]
    assert given(given_, "clinker", 2015) is None
    assert "national/clinker_2014" in given_.used
    carried = changed(given_, "national/clinker_2014", seen="judgement")
    assert given(carried, "clinker", 2014)["verified"] is False
