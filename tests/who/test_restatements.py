"""Restatements: an older release of the GHGRP against a newer one."""

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest

from comingclean.facilities.restatements import compared, restatements
from comingclean.sources.ghgrp import Workbook

OLD, NEW = dt.date(2021, 8, 7), dt.date(2023, 8, 18)


def workbook(as_of: dt.date, *cells: tuple[str, str, float], year: int = 2020) -> Workbook:
    rows = [
        (plant, year, 7 + n, "subpart", quantity, tonnes)
        for n, (plant, quantity, tonnes) in enumerate(cells)
    ]
    schema = {
        "ghgrp_id": pl.String, "year": pl.Int32, "row": pl.Int64, "part": pl.String,
        "quantity": pl.String, "tonnes": pl.Float64,
    }  # fmt: skip
    return Workbook(
        year, as_of, "Direct Emitters", pl.DataFrame(), pl.DataFrame(rows, schema, orient="row"), ()
    )


def only(frame: pl.DataFrame) -> dict[str, object]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_a_figure_that_moved_has_both_releases_and_the_difference():
    row = only(
        restatements(
            workbook(OLD, ("1", "ghg_subpart_q", 200.0)), workbook(NEW, ("1", "ghg_subpart_q", 150.0))
        )
    )
    assert (row["value"], row["newer_value"], row["difference"], row["percent"]) == (
        200.0,
        150.0,
        -50.0,
        -25.0,
    )
    assert (row["release"], row["newer_release"]) == ("2021-08-07", "2023-08-18")
    assert (row["row"], row["newer_row"]) == (7, 7)


def test_what_stayed_or_only_rounded_is_left_out():
    old = workbook(OLD, ("1", "ghg_ch4", 10.0), ("2", "ghg_ch4", 10.0))
    new = workbook(NEW, ("1", "ghg_ch4", 10.0), ("2", "ghg_ch4", 10.4))
    assert restatements(old, new).height == 0
    assert compared(old, new).height == 2


def test_a_figure_of_one_release_only_has_an_empty_other_side():
    gone = only(restatements(workbook(OLD, ("1", "ghg_n2o", 5.0)), workbook(NEW)))
    assert (gone["value"], gone["newer_value"], gone["difference"], gone["percent"]) == (
        5.0,
        None,
        None,
        None,
    )
    late = only(restatements(workbook(OLD), workbook(NEW, ("1", "ghg_n2o", 5.0))))
    assert (late["value"], late["newer_value"]) == (None, 5.0)


def test_a_reported_zero_is_a_figure_and_no_percentage_is_taken_of_it():
    row = only(restatements(workbook(OLD, ("1", "ghg_pfc", 0.0)), workbook(NEW, ("1", "ghg_pfc", 9.0))))
    assert (row["difference"], row["percent"]) == (9.0, None)


def test_other_years_and_swapped_releases_are_refused():
    with pytest.raises(ValueError, match="different years: 2020 and 2019"):
        restatements(workbook(OLD), workbook(NEW, year=2019))
    with pytest.raises(ValueError, match="is newer than"):
        restatements(workbook(NEW), workbook(OLD))


def test_a_release_against_itself_moves_nothing():
    book = workbook(NEW, ("1", "ghg_co2", 1.0), ("2", "ghg_co2", 2.0))
    assert restatements(replace(book, as_of=OLD), book).height == 0


MILL = {"1": "iron_steel", "2": "cement"}


def scope1(old, new, industries=MILL):
    frame = restatements(workbook(OLD, *old), workbook(NEW, *new), industries)
    return (
        frame.filter(quantity="ghg_scope1")
        .select("ghgrp_id", "value", "newer_value", "difference")
        .rows()
    )


def test_the_reference_boundary_is_fuel_and_the_process_of_the_industry_in_both_releases():
    old = [("1", "ghg_subpart_c", 100.0), ("1", "ghg_subpart_q", 50.0), ("1", "ghg_subpart_h", 7.0)]
    new = [("1", "ghg_subpart_c", 100.0), ("1", "ghg_subpart_q", 60.0), ("1", "ghg_subpart_h", 9.0)]
    assert scope1(old, new) == [("1", 150.0, 160.0, 10.0)]
    assert scope1(old, new, {}) == []


def test_a_boundary_that_only_moved_within_itself_is_not_restated():
    old = [("2", "ghg_subpart_c", 100.0), ("2", "ghg_subpart_h", 50.0)]
    assert scope1(old, [("2", "ghg_subpart_h", 150.0)]) == []


def test_a_boundary_of_one_release_only_is_not_compared():
    assert scope1([("1", "ghg_subpart_c", 100.0)], [("1", "ghg_ch4", 5.0)]) == []
