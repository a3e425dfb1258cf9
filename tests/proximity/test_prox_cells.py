"""Tables that people hand in: every row of them comes back, in its order, whatever its cells hold."""

import csv
import io

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.proximity import cells, near, one_site, read_miles, read_sites
from comingclean.proximity.sites import _table, from_frame

# Whatever a name may hold: commas, quotes, lines of its own, and marks that end lines elsewhere.
NAMES = st.text(st.sampled_from("aß, ;\t\"\n\r\x0b\x0c\x1c\x85\u2028\u2029'\\"), max_size=8)
PLACES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


def written(rows, **how):
    stream = io.StringIO(newline="")
    csv.writer(stream, **how).writerows(rows)
    return stream.getvalue()


# With plain ends of lines Python 3.11 leaves a carriage return without quotes, which nobody could read.
WAYS = ({"lineterminator": "\r\n"}, {"lineterminator": "\n", "quoting": csv.QUOTE_ALL})


@settings(max_examples=300)
@given(rows=st.lists(st.tuples(NAMES, NAMES, PLACES), max_size=6), way=st.sampled_from(WAYS))
@example(rows=[("a\u2028b", "\x85", (41.6, -87.3))], way=WAYS[1])
@example(rows=[("a\n\nb", "", (41.6, -87.3)), ("", "\x0c", (0.0, 0.0))], way=WAYS[0])
def test_every_row_that_pythons_own_writer_writes_comes_back_in_its_order(rows, way):
    plain = [[name, note, *place] for name, note, place in rows]
    text = written([["id", "note", "lat", "lon"], *plain], **way)
    sites = from_frame(_table(text.encode(), None))
    names = pl.Series([name for name, _, _ in rows], dtype=pl.String)
    assert sites.id == tuple(names.str.strip_chars())
    assert sites.latitude.tolist() == [place[0] for _, _, place in rows]
    assert sites.longitude.tolist() == [place[1] for _, _, place in rows]


def test_a_name_of_two_lines_is_one_place_and_answers_keep_the_order(home_layer):
    rows = [["id", "lat", "lon"], ["two\u2028lines", 41.6, -87.33], ["two\nmore", 41.6, -87.34]]
    sites = from_frame(_table(written(rows).encode(), None))
    answer = near(sites, read_miles("1"), home_layer)
    assert answer["id"].to_list() == ["two\u2028lines", "two\nmore"]
    alone = [near(one_site(f"41.6,{lon}"), read_miles("1"), home_layer) for lon in (-87.33, -87.34)]
    assert answer["population"].to_list() == [one["population"].item() for one in alone]


WRONG = {
    "id,lat,lon\na,41.6,-87.3\n41.6,-87.3,Gary, IN\n": "row 3: 4 cells below a header of 3",
    'id,lat,lon\na,41.6,-87.3\n"b,41.6,-87.3\n': "row 3: not a readable CSV",
    'id,lat,lon\n"a"b,41.6,-87.3\n': "row 2: not a readable CSV",
    "id,lat,lon\n" + "a" * 200_000 + ",41.6,-87.3\n": "row 2: not a readable CSV",
}


@pytest.mark.parametrize("text", WRONG, ids=WRONG.values())
def test_a_row_that_cannot_be_told_is_refused_by_its_number(text, tmp_path):
    file = tmp_path / "points.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=f"points.csv, {WRONG[text]}"):
        read_sites(file)


def test_cells_that_are_lacking_are_empty_and_empty_cells_too_many_are_nothing(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text("id,lat,lon\na,41.6\nb,41.6,-87.3,,\n")
    sites = read_sites(file)
    assert sites.id == ("a", "b")
    assert [verdict.word for verdict in sites.verdict] == ["missing coordinates", ""]
    assert np.isnan(sites.longitude[0])


def test_lines_of_an_old_mac_are_lines_too(tmp_path):
    file = tmp_path / "points.csv"
    file.write_bytes(b"id,lat,lon\ra,41.6,-87.3\rb,41.7,-87.4\r")
    assert read_sites(file).id == ("a", "b")


def test_a_file_larger_than_any_table_is_refused_before_it_is_read(tmp_path, monkeypatch):
    file = tmp_path / "points.csv"
    file.write_text("id,lat,lon\n")
    monkeypatch.setattr(cells, "MOST_BYTES", 5)
    with pytest.raises(InputError, match=r"more than 0 MB\. Mend: cut it into parts"):
        read_sites(file)


def test_two_columns_of_one_name_are_two():
    found = cells.table(b"lat,lat,lon,lat\n1,2,3,4\n", ("lat", "lon"), 10)
    assert found.columns == ["lat", "lat (column 2)", "lon", "lat (column 4)"]
    assert found.row(0) == ("1", "2", "3", "4")
