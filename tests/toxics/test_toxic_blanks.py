"""A blank amount is no zero: neither in a form nor in a national total."""

import polars as pl
import pytest

from comingclean.facilities import forms
from comingclean.sources import sheet, tri_basic, tri_totals
from sliced import SLICES

BASIC = next((SLICES / "epa-tri-basic").glob("2020_*.csv"))
TOTALS = SLICES / "epa-national-totals/TRI_chem_release_2020.csv"


def test_a_sum_of_blanks_is_a_blank_and_of_some_blanks_the_rest():
    frame = pl.DataFrame(
        {"a": [None, 1.0, 0.0], "b": [None, None, 2.0]}, schema_overrides={"a": pl.Float64}
    )
    assert frame.select(sheet.total(("a", "b")))["a"].to_list() == [None, 1.0, 2.0]
    assert frame.select(sheet.total(iter(["a"])))["a"].to_list() == [None, 1.0, 0.0]


@pytest.mark.parametrize("medium", forms.MEDIA)
def test_a_form_whose_cells_of_a_medium_are_all_blank_says_nothing_of_it(medium):
    rows = tri_basic.read(BASIC).head(5)
    parts = [name for name in forms.MEDIA[medium] if name in rows.columns]
    first = pl.int_range(pl.len()) == 0
    blank = rows.with_columns(pl.when(~first).then(pl.col(name)).alias(name) for name in parts)
    listed = frozenset(rows["chemical_id"]) | frozenset(rows["cas"].drop_nulls())
    long, _ = forms.sort_out(blank, listed, tri_basic.SOURCE)
    said = long.filter(pl.col("row") == rows["row"][0], pl.col("medium") == medium)["kilograms"]
    whole, _ = forms.sort_out(rows, listed, tri_basic.SOURCE)
    before = whole.filter(pl.col("row") == rows["row"][0], pl.col("medium") == medium)["kilograms"]
    assert before.null_count() == 0 < before.len()
    assert said.null_count() == said.len()


@pytest.mark.parametrize("medium", tri_totals.AMOUNTS)
def test_a_national_total_whose_cells_are_all_blank_is_not_known(medium, tmp_path):
    frame = pl.read_csv(TOTALS, infer_schema=False)
    first = pl.int_range(pl.len()) == 0
    titles = tri_totals.AMOUNTS[medium]
    file = tmp_path / TOTALS.name
    frame.with_columns(
        pl.when(first).then(pl.lit(".")).otherwise(pl.col(title)).alias(title) for title in titles
    ).write_csv(file)
    read = tri_totals.read(file)
    before, after = (one.filter(medium=medium)["kilograms"] for one in (tri_totals.read(TOTALS), read))
    assert (before[0] is not None, after[0], after[1:].equals(before[1:])) == (True, None, True)
