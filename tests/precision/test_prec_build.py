"""The part of the build: decisions that do not hold are named; the same inputs give the same tables."""

import shutil

import polars as pl
import pytest

from comingclean.database import precision as build
from comingclean.database import tables
from comingclean.database.part import Ground
from comingclean.errors import InputError
from comingclean.tables.precision import AGENCY, PRECISE, REPORTING_RULE
from sliced import table


@pytest.mark.parametrize(
    ("name", "declared", "change", "what"),
    [
        ("agencies", AGENCY, (",5,https://www.epa", ",five,https://www.epa"), "“IL”: it lacks a value"),
        ("agencies", AGENCY, ("\nAK,", "\nAL,"), "“AL”: it stands there twice"),
        ("agencies", AGENCY, ("quoted", "heard"), "“AL”: it was seen in no way that is known"),
        ("agencies", AGENCY, ("state_name", "land"), "its columns are not state"),
        (
            "reporting_rules",
            REPORTING_RULE,
            ("tri_basis,gap", "tri_basis,hole"),
            "“tri_basis”: it is no gap",
        ),
        ("reporting_rules", REPORTING_RULE, ("tri_basis,gap", ",gap"), "it lacks a value"),
    ],
)
def test_a_damaged_decision_is_one_line_with_file_and_row(
    own_data, snapshot, name, declared, change, what
):
    file = own_data / f"{name}.csv"
    text = file.read_text("utf-8")
    assert change[0] in text
    file.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(InputError, match="(?s)" + what) as caught:
        build._decided(Ground(snapshot, own_data), name, declared)
    assert f"{name}.csv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_same_inputs_give_the_same_rows(snapshot, data):
    first, again = tables(snapshot, data), tables(snapshot, data)
    for declared in PRECISE:
        assert first[declared.name].equals(again[declared.name]), declared.name
    assert first["monitor_next"].height


def test_a_parameter_that_is_gone_stops_the_build(own_data, snapshot):
    file = own_data / "parameters.csv"
    lines = [
        line for line in file.read_text("utf-8").splitlines() if not line.startswith("precision_far_km")
    ]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(KeyError, match="precision_far_km"):
        tables(snapshot, own_data)


def test_weights_decide_the_order_and_the_draws_do_not_follow_them(own_data, snapshot, data):
    file = own_data / "parameters.csv"
    text = file.read_text("utf-8")
    changed = text.replace("monitor_weight_distance,0.15,", "monitor_weight_distance,0.95,")
    assert changed != text
    file.write_text(changed, "utf-8")
    key = ["kind", "place"]
    before, after = (tables(snapshot, folder)["monitor_next"].sort(key) for folder in (data, own_data))
    assert not before["score"].equals(after["score"])
    assert before["stays_in_top20"].equals(after["stays_in_top20"])


def test_every_table_of_precision_is_shipped_and_none_is_empty(shipped):
    for declared in PRECISE:
        frame = table(shipped, declared.name)
        assert frame.height, declared.name
        required = [column.name for column in declared.columns if column.required]
        assert frame.select(pl.col(required).null_count().sum()).sum_horizontal().item() == 0


def test_a_build_needs_the_agencies_of_its_own_data(own_data, snapshot):
    shutil.move(own_data / "agencies.csv", own_data / "elsewhere.csv")
    with pytest.raises((InputError, FileNotFoundError)):
        tables(snapshot, own_data)
