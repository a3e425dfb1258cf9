"""The readers of what is known of neighbourhoods: every row and unit, and no number where none is."""

import csv
import gzip
import io
from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest
from community_slices import FILES, SITES
from hypothesis import given, settings
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.sources import aqs, census, dep_index, eji, ejscreen

SCALES = {
    census: {name: 100 if name in census.SHARES else 1 for name in census.COLUMNS | census.SHARES},
    dep_index: {**dict.fromkeys(dep_index.SHARES, 100), "income": 1},
    eji: dict.fromkeys(eji.COLUMNS, 1),
    ejscreen: dict.fromkeys(ejscreen.COLUMNS, 1),
}
COLUMNS = {
    census: census.COLUMNS | census.SHARES,
    dep_index: dep_index.SHARES | dep_index.INCOME,
    eji: eji.COLUMNS,
    ejscreen: ejscreen.COLUMNS,
}
IDS = {
    census: ("block_group", "bgfips"),
    dep_index: ("tract", "census_tract_id_2020"),
    eji: ("tract", "census_tract_id_2020"),
    ejscreen: ("tract", "t"),
}
READERS = [pytest.param(reader, id=reader.SOURCE) for reader in FILES]


def changed(reader, tmp_path, **columns):
    """The slice with some columns replaced."""
    path = tmp_path / FILES[reader].name
    pl.read_parquet(FILES[reader]).with_columns(**columns).write_parquet(path)
    return path


@pytest.mark.parametrize("reader", READERS)
def test_every_row_comes_with_its_number_and_its_values_in_our_units(reader):
    raw, read = pq.read_table(FILES[reader]).to_pylist(), reader.read(FILES[reader])
    ours, theirs = IDS[reader]
    assert read[ours].to_list() == [row[theirs] for row in raw]
    assert read["row"].to_list() == list(range(1, len(raw) + 1))
    for name, column in COLUMNS[reader].items():
        scale = SCALES[reader][name]
        expected = [None if row[column] in (None, -999) else row[column] * scale for row in raw]
        assert read[name].to_list() == pytest.approx(expected, nan_ok=False), name


def test_minus_999_is_not_known_and_zero_is_a_number():
    read = eji.read(FILES[eji])
    hawaii = read.filter(pl.col("tract").str.starts_with("15"))
    assert hawaii.height == 2
    assert hawaii.select(eji.COLUMNS.keys()).null_count().row(0) == (2, 2, 2, 2)
    assert (read["high_pm_days"] == 0).any()
    assert read.select(pl.col(*eji.COLUMNS).min()).row(0) >= (0, 0, 0, 0)


def test_connecticut_has_rows_and_no_figures_in_the_survey():
    read = dep_index.read(FILES[dep_index]).filter(pl.col("tract").str.starts_with("09"))
    assert read.height == 15
    facts = [*dep_index.SHARES, *dep_index.INCOME]
    assert set(read.select(facts).null_count().row(0)) == {read.height}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("cell", ["", "  ", None, "-999"])
def test_a_column_of_text_with_blanks_reads_as_numbers_and_nulls(reader, cell, tmp_path):
    name, column = list(COLUMNS[reader].items())[-1]
    size = pl.read_parquet(FILES[reader]).height
    path = changed(reader, tmp_path, **{column: pl.Series(["0.5", cell] + ["0.25"] * (size - 2))})
    scale = SCALES[reader][name]
    assert reader.read(path)[name].head(3).to_list() == [0.5 * scale, None, 0.25 * scale]


@pytest.mark.parametrize("reader", READERS)
def test_a_word_where_a_number_should_be_is_named_with_its_row(reader, tmp_path):
    column = next(iter(COLUMNS[reader].values()))
    size = pl.read_parquet(FILES[reader]).height
    path = changed(reader, tmp_path, **{column: pl.Series(["1", "n/a"] + ["0"] * (size - 2))})
    with pytest.raises(InputError, match=f"row 2: “n/a” is not a number, in the column “{column}”"):
        reader.read(path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("value", [-666666666.0, -1.0, 1e9])
def test_a_number_that_cannot_be_is_refused_rather_than_averaged(reader, value, tmp_path):
    name, column = list(COLUMNS[reader].items())[-1]
    path = changed(reader, tmp_path, **{column: pl.lit(value)})
    with pytest.raises(InputError, match=f"row 1: .* is no possible {name}"):
        reader.read(path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("bad", ["1001020100", "01001O20100", "", None])
def test_an_id_without_its_leading_zero_or_with_a_letter_is_refused(reader, bad, tmp_path):
    _, column = IDS[reader]
    size = pl.read_parquet(FILES[reader]).height
    good = pl.read_parquet(FILES[reader])[column].to_list()
    path = changed(reader, tmp_path, **{column: pl.Series([good[0], bad, *good[2:size]])})
    with pytest.raises(InputError, match=r"row 2: .* is not an id of 1[12] digits"):
        reader.read(path)


@pytest.mark.parametrize("reader", READERS)
def test_an_id_that_stands_twice_is_refused(reader, tmp_path):
    path = tmp_path / "twice.parquet"
    raw = pl.read_parquet(FILES[reader])
    pl.concat([raw, raw.head(1)]).write_parquet(path)
    with pytest.raises(InputError, match=f"row {raw.height + 1}: .* stands twice"):
        reader.read(path)


@pytest.mark.parametrize("reader", READERS)
def test_a_renamed_column_is_named(reader, tmp_path):
    column = next(iter(COLUMNS[reader].values()))
    path = tmp_path / "renamed.parquet"
    pl.read_parquet(FILES[reader]).rename({column: column + "_new"}).write_parquet(path)
    with pytest.raises(InputError, match=f"missing column “{column}” .renamed to “{column}_new”"):
        reader.read(path)


def test_a_tract_beyond_what_its_column_can_hold_says_what_it_can_hold(tmp_path):
    path = changed(dep_index, tmp_path, dep_index_fraction_poverty=pl.lit(1.7))
    with pytest.raises(InputError, match=r"170 is no possible poverty \(it goes from 0 to 100\)"):
        dep_index.read(path)


@pytest.mark.parametrize("column", list(census.COLUMNS.values()))
def test_a_block_group_without_place_or_people_is_refused(column, tmp_path):
    first = pl.int_range(pl.len()) == 0
    path = changed(census, tmp_path, **{column: pl.when(~first).then(pl.col(column))})
    with pytest.raises(InputError, match="row 1: has no place or no count of people"):
        census.read(path)


def test_more_adults_than_people_are_refused(tmp_path):
    path = changed(census, tmp_path, pop18=pl.col("pop2020") + 1)
    with pytest.raises(InputError, match="row 1: has more residents 18 and over than residents"):
        census.read(path)


def raw_sites():
    return list(csv.DictReader(io.StringIO(gzip.decompress(SITES.read_bytes()).decode())))


def test_every_monitoring_site_comes_with_its_dates_and_blanks_are_null():
    read = aqs.read(SITES)
    assert read.height == len(raw_sites()) > 100
    for raw, row in zip(raw_sites(), read.iter_rows(named=True), strict=True):
        assert row["site"] == "-".join(raw[c] for c in ("State Code", "County Code", "Site Number"))
        assert row["latitude"] == (float(raw["Latitude"]) if raw["Latitude"] else None)
        assert (row["closed"] is None) == (raw["Site Closed Date"] == "")
        assert row["extracted"] == date.fromisoformat(raw["Extraction Date"])
        assert row["name"] == (raw["Local Site Name"].strip() or None)
    assert read["row"].to_list() == list(range(2, read.height + 2))


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("Latitude", "41 N", "“41 N” is not a number"),
        ("Latitude", "141.5", "141.5 is no possible latitude"),
        ("Site Closed Date", "12/31/2019", "“12/31/2019” is not a date"),
        ("Site Number", "1", "“18-089-1” is not the number of a site"),
        ("State Code", "", "“” is not the number of a site"),
    ],
)
def test_a_site_that_cannot_be_is_named_with_its_row(column, cell, said, tmp_path):
    rows = raw_sites()
    rows[0][column] = cell
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / SITES.name
    path.write_bytes(gzip.compress(text.getvalue().encode()))
    with pytest.raises(InputError, match="row 2: " + said):
        aqs.read(path)


@settings(max_examples=40)
@given(st.integers(0, SITES.stat().st_size - 1), st.integers(1, 255))
def test_a_damaged_list_of_sites_is_refused_or_reads_the_same(tmp_path, at, flip):
    damaged = bytearray(SITES.read_bytes())
    damaged[at] ^= flip
    path = tmp_path / SITES.name
    path.write_bytes(damaged)
    try:
        read = aqs.read(path)
    except InputError as error:
        assert error.file == path
    else:
        assert read.equals(aqs.read(SITES))
