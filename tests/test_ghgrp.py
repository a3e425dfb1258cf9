"""The reader of the GHGRP workbooks, held against the cells of the sheets themselves."""

import datetime as dt
import re
import shutil
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.sources import ghgrp
from comingclean.sources.sheet import plain
from sliced import YEARS, column_of, edit, main_sheet, row_of, slice_of
from workbooks import read_sheet

GARY = 1000418
# Amounts stand in every column from the total on, but for the questions at the end.
FIRST_AMOUNT = "Total reported direct emissions"
QUESTION = re.compile("^(is|does) ")


def amounts_in(path: Path) -> dict[tuple[int, str], float]:
    """Every filled amount cell of a sheet by row and plain header."""
    cells = read_sheet(path, main_sheet(path))
    top = row_of(cells, "Facility Id")
    first = column_of(cells, FIRST_AMOUNT)
    headers = {c: v for (row, c), v in cells.items() if row == top and c >= first}
    wanted = {c: plain(v) for c, v in headers.items() if not QUESTION.match(plain(v))}
    return {(row, wanted[c]): v for (row, c), v in cells.items() if row > top and c in wanted}


NAMES = {header: name for name, header in (ghgrp.TOTALS | ghgrp.GASES | ghgrp.SUBPARTS).items()}


@pytest.mark.parametrize("year", YEARS)
def test_every_amount_is_the_cell_of_the_sheet(year):
    book = ghgrp.read(slice_of(year))
    read = {(row["row"], row["quantity"]): row["tonnes"] for row in book.amounts.iter_rows(named=True)}
    assert len(read) == book.amounts.height
    assert read == {(row, NAMES[header]): v for (row, header), v in amounts_in(slice_of(year)).items()}


@pytest.mark.parametrize("year", YEARS)
def test_every_facility_is_read_with_its_row_and_its_words(year):
    book, cells = ghgrp.read(slice_of(year)), read_sheet(slice_of(year), main_sheet(slice_of(year)))
    headers = {plain(v): c for (row, c), v in cells.items() if row == row_of(cells, "Facility Id")}
    for row in book.facilities.iter_rows(named=True):
        for name, header in ghgrp.IDENTITY.items():
            cell = cells.get((row["row"], headers[header]))
            if name in ("latitude", "longitude"):
                assert row[name] == cell
            elif name != "cems":
                assert row[name] == (f"{cell:.0f}" if isinstance(cell, float) else cell)
    ids = [v for (row, column), v in cells.items() if column == 0 and isinstance(v, float)]
    assert sorted(int(name) for name in book.facilities["ghgrp_id"]) == sorted(ids)


@pytest.mark.parametrize("year", YEARS)
def test_gases_and_subparts_each_add_up_to_the_total(year):
    amounts = ghgrp.read(slice_of(year)).amounts
    sums = amounts.group_by("ghgrp_id").agg(
        pl.col("tonnes").filter(part=part).sum().alias(part) for part in ("total", "gas", "subpart")
    )
    assert sums.height >= 9
    for _, total, gas, subpart in sums.iter_rows():
        assert gas == pytest.approx(total, abs=1)
        assert subpart == pytest.approx(total, abs=1)


@pytest.mark.parametrize("year", YEARS)
def test_the_year_the_date_and_the_sheet_are_the_workbooks_own(year):
    book = ghgrp.read(slice_of(year))
    as_of = {2010: (2017, 8, 5), 2017: (2022, 8, 12), 2020: (2023, 8, 18), 2023: (2024, 8, 16)}
    assert (book.year, book.as_of) == (year, dt.date(*as_of[year]))
    assert book.sheet == ("Direct Point Emitters" if year == 2023 else "Direct Emitters")
    assert book.unknown == ()
    assert set(book.facilities["year"]) | set(book.amounts["year"]) == {year}


def test_a_monitor_column_that_nobody_filled_is_unknown_and_not_no():
    assert set(ghgrp.read(slice_of(2017)).facilities["cems"]) == {None}
    flags = dict(ghgrp.read(slice_of(2020)).facilities.select("ghgrp_id", "cems").iter_rows())
    assert flags["1000156"] is True
    assert flags["1000418"] is False


def test_a_reported_zero_stays_a_zero_and_an_empty_cell_stays_absent(tmp_path):
    path = Path(shutil.copy(slice_of(2020), tmp_path))

    def change(cells):
        cells[row_of(cells, GARY), column_of(cells, "Lead Production")] = 0
        del cells[row_of(cells, GARY), column_of(cells, "Stationary Combustion")]

    edit(path, change)
    amounts = ghgrp.read(path).amounts.filter(ghgrp_id=str(GARY))
    assert amounts.filter(quantity="ghg_subpart_r")["tonnes"].to_list() == [0.0]
    assert amounts.filter(quantity="ghg_subpart_c").is_empty()


def as_if_of(cells, year):
    for place, value in list(cells.items()):
        if place[0] < 4 and isinstance(value, str):
            cells[place] = value.replace("for 2020", f"for {year}").replace("8/18/2023", "8/2/2032")


def test_a_workbook_of_a_year_that_the_code_has_never_seen_loads(tmp_path):
    path = Path(shutil.copy(slice_of(2020), tmp_path / "ghgp_data_2031.xlsx"))
    edit(path, lambda cells: as_if_of(cells, 2031))
    book, known = ghgrp.read(path), ghgrp.read(slice_of(2020))
    assert (book.year, book.as_of) == (2031, dt.date(2032, 8, 2))
    assert book.amounts.drop("year").equals(known.amounts.drop("year"))


@pytest.mark.parametrize(
    ("before", "header", "quantity", "part"),
    [
        (
            "Industrial Waste Landfills",
            "Direct Air Capture",
            "ghg_subpart_direct_air_capture",
            "subpart",
        ),
        ("HFC emissions", "HFO-1234 emissions", "ghg_hfo_1234_emissions", "gas"),
    ],
)
def test_a_new_column_loads_under_its_own_name_and_is_told(tmp_path, before, header, quantity, part):
    path = Path(shutil.copy(slice_of(2020), tmp_path))

    def insert(cells):
        at = column_of(cells, before)
        for row, column in sorted(cells, reverse=True):
            if column >= at and row >= 4:
                cells[row, column + 1] = cells.pop((row, column))
        cells[4, at], cells[row_of(cells, GARY), at] = header, 12.5
        group = column_of(cells, "Emissions by Process")
        if at < group:
            cells[3, group + 1] = cells.pop((3, group))

    edit(path, insert)
    book = ghgrp.read(path)
    assert book.unknown == (header,)
    new = book.amounts.filter(quantity=quantity)
    assert new.select("ghgrp_id", "part", "tonnes").rows() == [(str(GARY), part, 12.5)]
    rest = book.amounts.filter(pl.col("quantity") != quantity)
    assert rest.equals(ghgrp.read(slice_of(2020)).amounts)


def test_a_new_yes_or_no_question_is_no_amount(tmp_path):
    path = Path(shutil.copy(slice_of(2020), tmp_path))

    def ask(cells):
        last = 1 + max(column for _, column in cells)
        cells[4, last], cells[row_of(cells, GARY), last] = "Does the facility capture CO2? ", "N"

    edit(path, ask)
    book = ghgrp.read(path)
    assert book.amounts.equals(ghgrp.read(slice_of(2020)).amounts)
    assert book.facilities.equals(ghgrp.read(slice_of(2020)).facilities)


DASHES, SPACES = st.sampled_from("-‐‑‒–—−"), st.sampled_from([" ", "  ", "\n", " \u00a0"])


@settings(max_examples=12)
@given(DASHES, SPACES, st.sampled_from([str.upper, str.lower, str.title]))
def test_headers_may_drift_in_dash_space_and_case(tmp_path, dash, space, case):
    path = Path(shutil.copy(slice_of(2020), tmp_path))

    def drift(cells):
        for place, value in list(cells.items()):
            if place[0] == 4 and value != "Facility Id":
                cells[place] = case(re.sub("[-–]", dash, value).replace(" ", space)) + space

    edit(path, drift)
    book = ghgrp.read(path)
    assert book.amounts.equals(ghgrp.read(slice_of(2020)).amounts)
    assert book.facilities.equals(ghgrp.read(slice_of(2020)).facilities)
    assert book.unknown == ()


@given(st.text(max_size=40))
def test_a_plain_header_is_plain_already(text):
    assert plain(plain(text)) == plain(text)
    assert plain(f" {text}\t") == plain(text)


def survives(path: Path) -> bool:
    """Refused in one line that names the file, or read just as it was: True when refused."""
    try:
        book = ghgrp.read(path)
    except InputError as error:
        assert error.file == path
        return True
    known = ghgrp.read(slice_of(2020))
    assert book.amounts.equals(known.amounts)
    assert book.facilities.equals(known.facilities)
    return False


def test_one_flipped_digit_inside_a_workbook_is_refused(tmp_path):
    path = tmp_path / "ghgp_data_2020.xlsx"
    with zipfile.ZipFile(slice_of(2020)) as packed, zipfile.ZipFile(path, "w") as plain_one:
        for name in packed.namelist():
            plain_one.writestr(name, packed.read(name))
    assert not survives(path)
    assert path.read_bytes().count(b"<v>8109085.3</v>") == 1
    path.write_bytes(path.read_bytes().replace(b"<v>8109085.3</v>", b"<v>1109085.3</v>"))
    assert survives(path)


SIZE = slice_of(2020).stat().st_size


@settings(max_examples=60)
@given(st.integers(0, SIZE - 1), st.integers(1, 255))
def test_a_workbook_with_any_byte_changed_is_refused_or_reads_the_same(tmp_path, at, flip):
    damaged = bytearray(slice_of(2020).read_bytes())
    damaged[at] ^= flip
    path = tmp_path / "ghgp_data_2020.xlsx"
    path.write_bytes(damaged)
    survives(path)


@settings(max_examples=25)
@given(st.integers(0, SIZE - 30))
def test_a_workbook_cut_off_anywhere_is_refused(tmp_path, size):
    path = tmp_path / "ghgp_data_2020.xlsx"
    path.write_bytes(slice_of(2020).read_bytes()[:size])
    assert survives(path)
