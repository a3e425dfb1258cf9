"""Readers of toxic and criteria pollution: real rows as filed, one clear line for what is wrong."""

import csv
import gzip
import random

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.sources import chemicals, nei, rsei, toxicity, tri, tri_basic, tri_sites, tri_totals
from sliced import SLICES
from workbooks import read_sheet, write_workbook

STEWI = SLICES / "epa-stewi-tri"
OLD, NEW = STEWI / "flowbyfacility_TRI_2017.csv.gz", STEWI / "flowbyfacility_TRI_2020.parquet"
BASIC = SLICES / "epa-tri-basic/2020_il.csv"
EPA = SLICES / "epa-hem5/Dose_Response_Library.xlsx"
MINNESOTA = SLICES / "mpca/MPCA_Inhalation_Health_Benchmarks.csv"
TOTALS = SLICES / "epa-national-totals/TRI_chem_release_2020.csv"
STEEL = (
    SLICES
    / "nrel-aegis/2017/steel/steel_inventory_facility_level_including_all_facilities_from_all_db.csv.gz"
)
PROCESSES = SLICES / "nrel-aegis/2017/steel/steel_inventory_with_process_data_nei.csv.gz"
STACKS = SLICES / "nrel-aegis/2017/steel/steel_nei_unit_level_info_for_stack_parameters.csv.gz"
GARY = "46402SSGRYONENO"


def text_of(path):
    raw = path.read_bytes()
    return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")


def lines_of(path):
    return list(csv.DictReader(text_of(path).splitlines()))


def damaged(source, goal, old, new):
    text = text_of(source)
    assert old in text
    raw = text.replace(old, new, 1).encode()
    goal.write_bytes(gzip.compress(raw) if goal.suffix == ".gz" else raw)
    return goal


def refusal(call, path):
    with pytest.raises(InputError) as caught:
        call(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- StEWI's releases


def test_stewi_rows_come_out_as_filed_with_their_row():
    rows, filed = tri.read(OLD), lines_of(OLD)
    assert rows.height == len(filed)
    for line, row in zip(filed, rows.iter_rows(named=True), strict=True):
        assert (row["tri_id"], row["chemical"]) == (line["FacilityID"], line["FlowName"])
        assert row["kilograms"] == float(line["FlowAmount"])
        assert row["reliability"] == float(line["ReliabilityScore"])
    assert rows["row"].to_list() == list(range(2, len(filed) + 2))
    assert set(rows["year"]) == {2017}


def test_both_forms_of_the_file_give_the_same_columns():
    old, new = tri.read(OLD), tri.read(NEW)
    assert old.schema == new.schema
    assert {"air", "water", "land"} >= set(old["medium"]) | set(new["medium"])
    assert (new["row"].min(), set(new["year"])) == (1, {2020})


def test_soil_is_called_land_and_no_other_medium_passes(tmp_path):
    filed = lines_of(OLD)
    rows = tri.read(OLD)
    assert rows.filter(medium="land").height == sum(line["Compartment"] == "soil" for line in filed)
    wrong = damaged(OLD, tmp_path / OLD.name, ",air,", ",aire,")
    assert "“aire” is no medium" in refusal(tri.read, wrong)


def test_a_score_column_under_a_third_name_is_asked_for(tmp_path):
    wrong = damaged(OLD, tmp_path / OLD.name, "ReliabilityScore", "Reliability")
    assert "missing column “ReliabilityScore” (renamed to “Reliability”?)" in refusal(tri.read, wrong)


def test_an_amount_that_is_a_word_is_named_with_its_row(tmp_path):
    filed = lines_of(OLD)[0]["FlowAmount"]
    wrong = damaged(OLD, tmp_path / OLD.name, filed, "a lot")
    assert "row 2: “a lot” is not a number, in the column “FlowAmount”" in refusal(tri.read, wrong)


def test_releases_and_sites_need_the_year_in_the_name(tmp_path):
    for source, call in ((OLD, tri.read), (STEWI / "facility_TRI_2017.csv.gz", tri_sites.read)):
        path = tmp_path / "releases.csv.gz"
        path.write_bytes(source.read_bytes())
        assert "no year in the file's name" in refusal(call, path)


# --- The official basic file


def test_the_basic_file_is_read_in_kilograms_with_zeros_and_flags():
    rows, filed = tri_basic.read(BASIC), lines_of(BASIC)
    for line, row in zip(filed, rows.iter_rows(named=True), strict=True):
        factor = {"Pounds": 0.45359237, "Grams": 0.001}[line["50. UNIT OF MEASURE"]]
        assert row["air_stack"] == pytest.approx(float(line["52. 5.2 - STACK AIR"]) * factor)
        assert row["off_site_total"] == pytest.approx(
            float(line["88. OFF-SITE RELEASE TOTAL"]) * factor
        )
        assert row["hap"] == line["42. CLEAN AIR ACT CHEMICAL"]
    assert (rows["air_stack"] == 0).any()
    assert "Grams" in set(rows["unit"])


@pytest.mark.parametrize("seed", range(3))
def test_shuffled_and_renumbered_columns_are_found_by_name(tmp_path, seed):
    lines = list(csv.reader(text_of(BASIC).splitlines()))
    order = list(range(len(lines[0])))
    random.Random(seed).shuffle(order)
    header = [f"{place}. {lines[0][old].split('. ', 1)[1]}" for place, old in enumerate(order, start=1)]
    path = tmp_path / "2020_xx.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([line[old] for old in order] for line in lines[1:])
    assert tri_basic.read(path).equals(tri_basic.read(BASIC))


def test_a_basic_file_without_a_medium_is_refused(tmp_path):
    wrong = damaged(BASIC, tmp_path / "2020_il.csv", "52. 5.2 - STACK AIR", "52. 5.2 - STAK AIR")
    assert "“5.2 - stack air” (renamed to “5.2 - stak air”?)" in refusal(tri_basic.read, wrong)


def test_an_amount_in_another_unit_has_no_kilograms_and_keeps_its_unit(tmp_path):
    wrong = damaged(BASIC, tmp_path / "2020_il.csv", ",Pounds,", ",Tons,")
    rows = tri_basic.read(wrong)
    strange = rows.filter(unit="Tons")
    assert strange.height == 1
    assert strange["air_stack"].is_null().all()


# --- National totals


def test_national_totals_sum_the_columns_of_a_medium():
    rows = tri_totals.read(TOTALS)
    lead = next(line for line in lines_of(TOTALS) if line["CAS Number"] == "N420")

    def pounds(*titles):
        return sum(float(lead[t].replace(",", "")) for t in titles if lead[t] != ".")

    of = {r["medium"]: r["kilograms"] for r in rows.filter(chemical_id="N420").iter_rows(named=True)}
    assert of["air"] == pytest.approx(
        0.45359237 * pounds("Fugitive Air Emissions", "Point Source Air Emissions")
    )
    land = pounds(*(title for title in lead if "Land" in title))
    assert of["land"] == pytest.approx(0.45359237 * land)
    assert set(rows["year"]) == {2020}


# --- CAS numbers


@given(st.integers(10, 9_999_999), st.integers(0, 99))
def test_one_chemical_has_one_key_however_it_is_written(front, middle):
    body = f"{front}{middle:02d}"
    check = sum(place * int(digit) for place, digit in enumerate(reversed(body), start=1)) % 10
    dashed = f"{front}-{middle:02d}-{check}"
    for written in (dashed, dashed.replace("-", ""), f"000{dashed.replace('-', '')}", f" {dashed} "):
        assert chemicals.chemical_key(written) == dashed
    assert chemicals.is_cas(dashed)


@given(st.integers(10, 9_999_999), st.integers(0, 99), st.integers(1, 9))
def test_a_wrong_check_digit_is_no_cas_number(front, middle, off):
    body = f"{front}{middle:02d}"
    check = sum(place * int(digit) for place, digit in enumerate(reversed(body), start=1)) % 10
    wrong = f"{front}-{middle:02d}-{(check + off) % 10}"
    assert not chemicals.is_cas(wrong)
    assert chemicals.chemical_key(wrong) == wrong


@pytest.mark.parametrize("code", ["N420", "171", "HG_CMPDS", "TRD SECRT", "NOX"])
def test_a_category_keeps_its_code(code):
    assert chemicals.chemical_key(code) == code
    assert not chemicals.is_cas(code)


def test_nothing_is_no_chemical():
    assert chemicals.chemical_key("") is None
    assert chemicals.chemical_key(None) is None


# --- Benchmarks


def test_epas_benchmarks_are_read_with_zeros_and_blanks_as_they_stand():
    rows = toxicity.read_epa(EPA)
    known = {r["chemical"]: r for r in rows.iter_rows(named=True)}
    assert known["71-43-2"]["unit_risk"] == 7.8e-6
    assert known["71-43-2"]["reference"] == 0.03
    assert known["108-88-3"]["unit_risk"] == 0  # toluene: a zero that means none
    assert known["18540-29-9"]["unit_risk"] == 0.01839
    assert known["HG_CMPDS"]["reference"] == 0.0003
    cells = read_sheet(EPA, "Dose Response Value Library")
    for row in rows.iter_rows(named=True):
        assert cells[(row["row"], 0)] == row["name"]


def test_minnesotas_benchmarks_come_in_epas_units():
    known = {r["chemical"]: r for r in toxicity.read_minnesota(MINNESOTA).iter_rows(named=True)}
    assert known["71-43-2"]["unit_risk"] == pytest.approx(1e-5 / 0.8)
    assert known["71-43-2"]["reference"] == pytest.approx(0.003)
    assert known["7664-41-7"]["unit_risk"] is None


def test_a_benchmark_below_zero_is_refused(tmp_path):
    cells = read_sheet(EPA, "Dose Response Value Library")
    place = next(p for p, v in cells.items() if p[1] == 3 and isinstance(v, float) and v > 0)
    path = tmp_path / "library.xlsx"
    write_workbook(path, {"Dose Response Value Library": cells | {place: -1.0}})
    assert f"row {place[0]}: " in refusal(toxicity.read_epa, path)


# --- RSEI, for users who have it


def rsei_book(path, rows):
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("Description")
    sheet = book.add_worksheet("Toxicity data")
    header = ["CASNumber", "CASStandard", "Chemical", "ITW", "ToxicityClassInhale"]
    for i, line in enumerate([header, *rows]):
        for j, cell in enumerate(line):
            sheet.write(i, j, cell)
    book.close()
    return path


def test_rsei_weights_are_read_from_the_packed_number(tmp_path):
    rows = [
        ["7783064", "2148878", "Hydrogen sulfide", 1800, "Noncancer"],
        ["N420", "N420", "Lead compounds", 23000, "Noncancer*"],
        ["67630", "67-63-0", "Isopropyl alcohol", None, ""],
    ]
    read = rsei.read(rsei_book(tmp_path / "toxicity_data_rsei.xlsx", rows))
    assert read["chemical"].to_list() == ["7783-06-4", "N420", "67-63-0"]
    assert read["weight"].to_list() == [1800, 23000, None]
    assert read["from_oral"].to_list()[:2] == [False, True]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["7783064", "", "Hydrogen sulfide", 0, ""], "is not above zero"),
        (["N420", "", "Lead", 2, ""], "stands twice"),
    ],
)
def test_rsei_weights_that_cannot_be_are_refused(tmp_path, row, words):
    rows = [["N420", "N420", "Lead compounds", 23000, "Noncancer"], row]
    assert words in refusal(rsei.read, rsei_book(tmp_path / "rsei.xlsx", rows))


# --- The National Emissions Inventory


def test_inventory_rows_keep_score_and_kilograms_and_leave_other_programs_out():
    rows = nei.read(STEEL)
    filed = [line for line in lines_of(STEEL) if line["Source"] == "NEI"]
    assert rows["kilograms"].to_list() == [float(line["FlowAmount"]) for line in filed]
    assert rows["reliability"].to_list() == [float(line["DataReliability"]) for line in filed]
    assert rows["frs_id"].null_count() == sum(line["FRS_ID"] == "nan" for line in filed) > 0


def test_inventory_in_another_unit_is_refused(tmp_path):
    wrong = tmp_path / STEEL.name
    wrong.write_bytes(gzip.compress(text_of(STEEL).replace(",kg,", ",lb,").encode()))
    assert "“lb” is not the unit of this file, kg" in refusal(nei.read, wrong)


def test_processes_have_words_and_stacks_have_metres():
    processes = nei.read_processes(PROCESSES)
    assert processes["scc"].is_not_null().all()
    assert processes["level_one"].is_not_null().all()
    stacks, filed = nei.read_stacks(STACKS), lines_of(STACKS)
    for line, row in zip(filed, stacks.iter_rows(named=True), strict=True):
        if line["STKHGT"]:
            assert row["height"] == pytest.approx(float(line["STKHGT"]) * 0.3048)
        if line["STKTEMP"]:
            assert row["temperature"] == pytest.approx((float(line["STKTEMP"]) + 459.67) / 1.8)
        if line["STKFLOW"]:
            assert row["flow"] == pytest.approx(float(line["STKFLOW"]) * 0.028316846592)


def test_names_of_both_programs_stand_in_the_list():
    listed = chemicals.read(STEWI / "ChemicalsByInventorywithSRS_IDS_forStEWI.csv")
    assert {"TRI", "NEI"} == set(listed["inventory"])
    lead = listed.filter(pl.col("name") == "Lead compounds")
    assert lead["chemical_id"].to_list() == ["N420"]
