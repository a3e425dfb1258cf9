"""The readers of Who is who: real rows come out as filed, and no word becomes a number."""

import gzip
import shutil
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from comingclean.errors import InputError
from comingclean.sources import (
    egrid,
    eis_sites,
    flight,
    frs,
    gem_cement,
    gem_steel,
    oris,
    parents,
    sfi,
    tri_sites,
    usgs,
)

SLICES = Path(__file__).parent / "slices"
STEEL, CEMENT, SFI = SLICES / "gem_steel.xlsx", SLICES / "gem_cement.xlsx", SLICES / "sfi.xlsx"


def row_of(frame: pl.DataFrame, column: str, value: str) -> dict[str, object]:
    return frame.filter(pl.col(column) == value).row(0, named=True)


def rewritten(source: Path, goal: Path, old: str, new: str | None) -> Path:
    """A copy of a workbook in which every cell that equals `old` holds `new`."""
    book = xlsxwriter.Workbook(str(goal))
    reader = fastexcel.read_excel(str(source))
    for name in reader.sheet_names:
        page = book.add_worksheet(name)
        cells = reader.load_sheet(name, header_row=None, dtypes="string").to_polars()
        for i, row in enumerate(cells.rows()):
            for j, cell in enumerate(row):
                text = new if cell == old else cell
                if text is not None:
                    page.write_string(i, j, text)
    book.close()
    return goal


def error_of(call, *arguments) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- Global Energy Monitor, steel


def test_steel_plants_keep_their_row_their_place_and_their_words():
    plant = row_of(gem_steel.read(STEEL).plants, "gem_id", "P100000120998")
    assert (plant["name"], plant["city"], plant["row"]) == ("Alton Steel plant", "Alton", 2)
    assert (plant["latitude"], plant["longitude"]) == (38.884465, -90.14579)
    assert (plant["capacity_coke"], plant["capacity_coke_text"]) == (None, "N/A")
    assert plant["workforce_text"] == "250"


def test_a_company_wide_workforce_stays_text():
    plants = gem_steel.read(STEEL).plants
    assert row_of(plants, "gem_id", "P100000120957")["workforce_text"] == "3150"
    assert plants.schema["workforce_text"] == pl.String
    assert not [name for name in plants.columns if name == "workforce"]


def test_a_bound_is_no_number():
    plant = row_of(gem_steel.read(STEEL).plants, "gem_id", "P100000120499")
    assert (plant["capacity_sinter"], plant["capacity_sinter_text"]) == (None, ">2400")


def test_capacities_stand_by_status_in_kilotonnes():
    rows = gem_steel.read(STEEL).capacities.filter(pl.col("gem_id") == "P100000120926")
    found = rows.select("status", "capacity_steel", "capacity_eaf", "capacity_eaf_text").rows()
    assert found == [("operating", 6800.0, None, "N/A"), ("mothballed", 454.0, 454.0, None)]


def test_output_has_a_row_per_plant_kind_and_year():
    rows = gem_steel.read(STEEL).production
    harbor = rows.filter(
        (pl.col("gem_id") == "P100000120926") & (pl.col("kind") == "Crude steel production (ttpa)")
    )
    assert harbor["year"].to_list() == [2019, 2020, 2021, 2022, 2023, 2024]
    assert harbor["kilotonnes"].to_list() == [None, 3400.0, 4575.0, 4931.0, 5577.0, None]
    assert harbor["kilotonnes_text"].to_list() == ["unknown", None, None, None, None, "unknown"]


def test_dates_lose_the_clock_that_the_workbook_adds():
    plant = row_of(gem_steel.read(STEEL).plants, "gem_id", "P100001047682")
    assert (plant["announced"], plant["start"]) == ("2025-03-01", "2029")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nucor Corp [51.0%]; Yamato Kogyo Co Ltd [49.0%]",
            [("Nucor Corp", 51.0), ("Yamato Kogyo Co Ltd", 49.0)],
        ),
        (
            "Solidium Oy [15.5%]; small shareholder(s)",
            [("Solidium Oy", 15.5), ("small shareholder(s)", None)],
        ),
        ("Vicat SA [unknown%]", [("Vicat SA", None)]),
        ("", []),
        (None, []),
    ],
)
def test_shares_of_gem_owners(text, expected):
    assert gem_steel.owners(text) == expected


def test_a_word_that_no_list_knows_is_refused_with_its_row(tmp_path):
    path = rewritten(STEEL, tmp_path / "odd.xlsx", "6800", "lots")
    assert "row 6: “lots” is not a number" in error_of(gem_steel.read, path)


def test_a_plant_that_stands_twice_is_refused(tmp_path):
    path = rewritten(STEEL, tmp_path / "twice.xlsx", "P100000120998", "P100000120926")
    assert "plant P100000120926 stands twice" in error_of(gem_steel.read, path)


def test_a_renamed_column_is_named_with_its_likely_new_name(tmp_path):
    path = rewritten(STEEL, tmp_path / "renamed.xlsx", "Workforce size", "Workforce")
    assert "“workforce size” (renamed to “workforce”?)" in error_of(gem_steel.read, path)


def test_a_place_off_the_earth_is_refused(tmp_path):
    path = rewritten(STEEL, tmp_path / "moon.xlsx", "38.8844650, -90.1457900", "138.8, -90.1")
    assert "“138.8, -90.1” is no place on earth" in error_of(gem_steel.read, path)


# --- Global Energy Monitor and Spatial Finance Initiative, cement


def test_cement_words_stay_words_and_million_tonnes_stay_million_tonnes():
    plant = row_of(gem_cement.read(CEMENT), "gem_id", "P100000126514")
    assert (plant["capacity_cement"], plant["capacity_clinker"]) == (1.1, None)
    assert plant["capacity_clinker_text"] == ">0"
    assert (plant["sfi_id"], plant["kiln"], plant["row"]) == ("GACTUSA0001", "dry", 2)


def test_what_is_no_coordinate_stands_apart():
    plants = gem_cement.read(CEMENT)
    ayni = row_of(plants, "gem_id", "P100000127742")
    assert (ayni["latitude"], ayni["coordinates_text"]) == (None, "P100000127742")
    assert row_of(plants, "gem_id", "P100000127586")["coordinates_text"] == "unknown"


def test_sfi_blanks_are_empty_and_an_id_that_stands_twice_is_kept():
    plants = sfi.read(SFI)
    assert row_of(plants, "sfi_id", "GACTUSA0001")["capacity_cement"] is None
    assert row_of(plants, "sfi_id", "GACTUSA0003")["capacity_cement"] == 0.69
    assert plants.filter(pl.col("sfi_id") == "GACTDEU0008").height == 2


# --- EPA


@pytest.mark.parametrize("word", ["unknown", "N/A", ">0"])
def test_sfi_words_stay_words_and_no_number_is_made_of_them(tmp_path, word):
    plants = sfi.read(rewritten(SFI, tmp_path / "sfi.xlsx", "0.69", word))
    row = row_of(plants, "sfi_id", "GACTUSA0003")
    assert (row["capacity_cement"], row["capacity_cement_text"]) == (None, word)


def test_sfi_refuses_what_is_neither_number_nor_such_a_word(tmp_path):
    text = error_of(sfi.read, rewritten(SFI, tmp_path / "sfi.xlsx", "0.69", "plenty"))
    assert "row 3: “plenty” is not a number, in the column “capacity”" in text


@pytest.mark.parametrize(
    ("read", "source", "old", "words"),
    [
        (sfi.read, SFI, "0.69", "row 3: “-5” is below zero, in the column “capacity”"),
        (gem_steel.read, STEEL, "6800", "“-5” is below zero, in the column “nominal crude steel"),
    ],
)
def test_a_capacity_below_zero_is_refused_with_its_row(tmp_path, read, source, old, words):
    assert words in error_of(read, rewritten(source, tmp_path / "book.xlsx", old, "-5"))


@pytest.mark.parametrize("owners", [gem_steel.owners, flight.owners])
def test_a_holder_who_is_not_known_is_no_company(owners):
    open_, shut = ("[", "]") if owners is gem_steel.owners else ("(", ")")
    cell = f"A {open_}88.0%{shut}; unknown {open_}12.0%{shut}; N/A"
    assert owners(cell) == [("A", 88.0)]
    assert owners("unknown") == []


def test_power_plants_have_their_code_name_and_fuel():
    path = Path(__file__).parents[1] / "slices/epa-egrid/facility_eGRID_2018.csv"
    row = row_of(egrid.read_plants(path), "plant_id", "56076")
    assert (row["name"], row["state"], row["fuel"], row["row"]) == ("ABC Coke", "AL", "COG", 2)


def test_flight_reads_an_old_workbook_with_places_and_tonnes():
    frame = flight.read(SLICES / "NREL_flight_cement.xls")
    plant = row_of(frame, "ghgrp_id", "1006659")
    assert (plant["year"], plant["latitude"], plant["ghg_reported"]) == (2017, 33.1043, 636057.0)
    assert plant["row"] == 2
    assert frame.height == 100


def test_flight_owners_with_their_shares():
    assert flight.owners("CEMEX INC (75%); BUZZI UNICEM USA (25%)") == [
        ("CEMEX INC", 75.0),
        ("BUZZI UNICEM USA", 25.0),
    ]
    assert flight.owners("Holcim (US) Inc. (100%);") == [("Holcim (US) Inc.", 100.0)]
    assert flight.owners(None) == []


@pytest.mark.parametrize("content", [b"", b"<html>", b"PK\x03\x04"])
def test_flight_refuses_what_is_no_old_workbook(tmp_path, content):
    path = tmp_path / "flight.xls"
    path.write_bytes(content)
    assert "not an old Excel workbook" in error_of(flight.read, path)


def test_flight_refuses_a_file_cut_off(tmp_path):
    path = tmp_path / "flight.xls"
    path.write_bytes((SLICES / "NREL_flight_cement.xls").read_bytes()[:3000])
    assert "cut off" in error_of(flight.read, path)
    assert "no such file" in error_of(flight.read, tmp_path / "nothing.xls")


def test_frs_ids_are_text_and_programs_are_ours():
    links = frs.read(SLICES / "frs.parquet")
    gary = links.filter(pl.col("frs_id") == "110000398374")
    assert ("tri", "46402SSGRYONENO") in gary.select("program", "program_id").rows()
    assert set(links["program"]) == {"ghgrp", "tri", "eis"}
    assert links["row"].to_list() == list(range(1, links.height + 1))
    assert links["frs_id"].null_count() == 1


def test_parents_have_whole_ids_and_shares():
    frame = parents.read(SLICES / "parents.csv")
    assert frame["ghgrp_id"].str.contains(r"^\d+$").all()
    assert row_of(frame, "ghgrp_id", "1000001")["parent_percent"] == 100.0
    assert frame.schema["year"] == pl.Int32


def test_oris_codes_stand_one_a_row_and_no_match_has_none():
    codes = oris.read(SLICES / "oris.xlsx")
    clairton = codes.filter(pl.col("ghgrp_id") == "1000124")
    assert clairton["oris_id"].to_list() == ["50729"]
    assert "No Match" not in codes["oris_id"].to_list()
    assert codes.group_by("ghgrp_id").len()["len"].max() > 1


def test_oris_refuses_a_code_that_is_none(tmp_path):
    path = rewritten(SLICES / "oris.xlsx", tmp_path / "odd.xlsx", "50729", "fifty")
    assert "“fifty” is not an ORIS code" in error_of(oris.read, path)


def test_usgs_marks_the_year_that_was_an_estimate():
    series = usgs.read(SLICES / "national_totals_usgs.csv")
    steel = series.filter(pl.col("series") == "raw steel production")
    assert steel.select("year", "value", "estimated").rows()[1] == (2020, 72.7, False)
    assert steel.filter(pl.col("year") == 2023)["estimated"].to_list() == [True]


def test_tri_sites_of_both_forms_of_file():
    old = tri_sites.read(SLICES / "facility_TRI_2017.csv.gz")
    new = tri_sites.read(SLICES / "facility_TRI_2020.parquet")
    assert row_of(old, "tri_id", "15034SSRVNPOBOX")["name"].startswith("USS MON VALLEY WORKS")
    assert old.columns == new.columns
    assert (set(old["year"]), set(new["year"])) == ({2017}, {2020})


def test_tri_needs_the_year_in_the_name(tmp_path):
    path = tmp_path / "facilities.csv.gz"
    shutil.copy(SLICES / "facility_TRI_2017.csv.gz", path)
    assert "no year in the file's name" in error_of(tri_sites.read, path)


def test_nei_rows_leave_the_other_inventories_out():
    rows = eis_sites.read(SLICES / "aegis_steel_2017.csv.gz")
    assert set(rows["eis_id"]) == {"8192011", "10697311"}
    assert set(rows["frs_id"]) == {"110000398374"}
    assert rows["kilograms"].is_not_null().all()


def test_records_of_one_frs_id_are_added_up_under_one_name():
    """Gary Works' nitrogen oxides stand under its neighbour: the trap that the docstring names."""
    rows = eis_sites.read(SLICES / "aegis_steel_2017.csv.gz")
    oxides = rows.filter(pl.col("pollutant") == "Nitrogen Oxides")
    assert oxides["name"].to_list() == ["ArcelorMittal Plate, LLC (Gary Plate)"]
    assert rows.group_by("frs_id", "pollutant").len()["len"].max() == 1


def test_nei_sites_count_what_stands_under_each_name():
    sites = eis_sites.sites(eis_sites.read(SLICES / "aegis_steel_2017.csv.gz"))
    assert dict(sites.select("eis_id", "pollutants").rows()) == {"8192011": 16, "10697311": 25}


def test_a_csv_cut_off_is_refused(tmp_path):
    path = tmp_path / "aegis.csv.gz"
    path.write_bytes((SLICES / "aegis_steel_2017.csv.gz").read_bytes()[:700])
    assert "cut off" in error_of(eis_sites.read, path)


def test_a_number_that_is_none_is_refused_with_its_row(tmp_path):
    text = gzip.decompress((SLICES / "facility_TRI_2017.csv.gz").read_bytes()).decode()
    lines = text.splitlines()
    lines[1] = lines[1].rsplit(",", 1)[0] + ",west"
    path = tmp_path / "facility_TRI_2017.csv"
    path.write_text("\n".join(lines) + "\n")
    assert "row 2: “west” is not a number, in the column “Longitude”" in error_of(tri_sites.read, path)
