"""The other readers, the sheet helpers they share, and the cards with their checksums."""

import csv
import gzip
import io
import shutil
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comingclean import digest, snapshot
from comingclean.errors import InputError
from comingclean.sources import card, envirofacts, fied, sheet, totals
from sliced import BOOK, ROOT, SLICES

UNITS = SLICES / "epa-envirofacts/2020/C_CONFIGURATION_LEVEL_INFO.csv.gz"
FUELS = SLICES / "nrel-fied/ghgrp_energy_20240110-1837.parquet"
NATION = SLICES / "epa-national-totals/GHGRP_2020_NationalTotals.csv"


def raw_rows(path: Path) -> list[dict[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_envirofacts_gives_each_filled_cell_with_its_row():
    columns = {"1-3": "TIER_1_2_3_FOSSIL_CO2_EMISSION", "4": "TIER4_NONBIOGENIC_CO2EMISSION"}
    expected = [
        (raw["FACILITY_ID"], int(raw["REPORTING_YEAR"]), row, tier, float(raw[column]))
        for row, raw in enumerate(raw_rows(UNITS), start=2)
        for tier, column in columns.items()
        if raw[column]
    ]
    read = envirofacts.read(UNITS).select("ghgrp_id", "year", "row", "tier", "tonnes")
    assert read.rows() == expected
    assert {"1-3", "4"} == set(read["tier"])


def test_fied_gives_each_tier_of_each_unit_and_takes_monitored_units_from_their_total():
    raw = pq.read_table(FUELS).to_pylist()
    expected = []
    for row, unit in enumerate(raw, start=1):
        tiers = {str(n): unit[f"TIER{n}_CO2_COMBUSTION_EMISSIONS"] for n in (1, 2, 3)}
        tiers["4"] = unit["MTCO2e_TOTAL"] if unit["CEMS_USED"] == "Y" else None
        of_unit = (str(unit["FACILITY_ID"]), unit["REPORTING_YEAR"], row)
        expected += [(*of_unit, tier, t) for tier, t in tiers.items() if t is not None]
    read = fied.read(FUELS).select("ghgrp_id", "year", "row", "tier", "tonnes")
    assert read.rows() == expected
    assert set(read["year"]) == {2017}


def test_national_totals_keep_every_row_in_kilograms_and_take_the_year_from_the_name():
    read = totals.read(NATION)
    expected = [(r["FlowCode"], r["SUBPART_NAME"], float(r["FlowAmount"])) for r in raw_rows(NATION)]
    assert read.select("gas", "subpart", "kilograms").rows() == expected
    assert set(read["year"]) == {2020}
    assert read["row"].to_list() == list(range(2, len(expected) + 2))


def test_a_file_of_totals_whose_name_has_no_year_is_refused(tmp_path):
    path = Path(shutil.copy(NATION, tmp_path / "GHGRP_latest_NationalTotals.csv"))
    with pytest.raises(InputError, match=r"GHGRP_latest.*no year in the file's name\. Mend: name it"):
        totals.read(path)


@settings(max_examples=60)
@given(st.integers(0, UNITS.stat().st_size - 1), st.integers(1, 255))
def test_a_gzipped_table_with_any_byte_changed_is_refused_or_reads_the_same(tmp_path, at, flip):
    damaged = bytearray(UNITS.read_bytes())
    damaged[at] ^= flip
    path = tmp_path / UNITS.name
    path.write_bytes(damaged)
    try:
        read = envirofacts.read(path)
    except InputError as error:
        assert error.file == path
    else:
        assert read.equals(envirofacts.read(UNITS))


@settings(max_examples=30)
@given(st.integers(0, FUELS.stat().st_size - 1))
def test_a_parquet_file_cut_off_anywhere_is_refused(tmp_path, size):
    path = tmp_path / FUELS.name
    path.write_bytes(FUELS.read_bytes()[:size])
    with pytest.raises(InputError, match="not a readable Parquet file"):
        fied.read(path)


def test_a_missing_column_is_named_with_its_likeliest_new_name(tmp_path):
    path = tmp_path / FUELS.name
    pl.read_parquet(FUELS).rename({"CEMS_USED": "CEMS_IN_USE"}).write_parquet(path)
    with pytest.raises(InputError, match=r"missing column “CEMS_USED” \(renamed to “CEMS_IN_USE”\?\)"):
        fied.read(path)


@pytest.mark.parametrize("text", ["n/a", "1,234", "1 234", "12e", "NaN", "--", "0x10", "１２"])
def test_what_is_no_number_is_named_with_its_row_and_column(tmp_path, text):
    frame = pl.DataFrame({"tonnes": ["1.5", None, text], "row": [2, 3, 4]})
    with pytest.raises(InputError) as caught:
        sheet.numbers(frame, {"tonnes": "Tonnes emitted"}, tmp_path / "a.csv")
    assert caught.value.row == 4
    assert f"“{text}” is not a number, in the column “Tonnes emitted”" in str(caught.value)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=1))
def test_numbers_come_back_as_they_were_written(values):
    texts = [None if value is None else f" {value!r} " for value in values]
    frame = pl.DataFrame({"a": texts, "row": range(len(values))}, schema_overrides={"a": pl.String})
    assert sheet.numbers(frame, ["a"], Path("x"))["a"].to_list() == values


def test_every_committed_source_file_pattern_has_files_on_its_card():
    rows = raw_rows(ROOT / "data" / card.FILES)
    cards = card.cards(ROOT / "data")
    patterns = {name: one.files for name, one in cards.items() if one.files}
    assert {row["source"] for row in rows} == {*snapshot.SOURCES, *snapshot.OPTIONAL}
    for row in rows:
        assert Path(row["path"]).match(patterns[row["source"]])
        assert len(row["sha256"]) == 64
        assert int(row["bytes"]) > 0


def test_every_card_says_publisher_licence_vintage_and_citation():
    for one in card.cards(ROOT / "data").values():
        assert all((one.title, one.publisher, one.licence, one.vintage, one.citation))
        assert one.publisher.startswith("Coming Clean") or one.official_page.startswith("https://")


def test_a_file_with_another_checksum_is_refused_and_a_new_vintage_is_recorded(own_data, mirror):
    (mirror / BOOK).write_bytes((mirror / BOOK).read_bytes() + b" ")
    files = card.find(mirror, card.cards(own_data)["epa_ghgrp"])
    with pytest.raises(InputError, match="another checksum than its card") as caught:
        card.verify(files, own_data, new_vintage=False)
    assert caught.value.file == mirror / BOOK
    assert "--new-vintage" in caught.value.mend
    new = card.verify(files, own_data, new_vintage=True)
    assert [file.name for file in new] == [BOOK]
    before = card.known_files(own_data)
    card.record(new, own_data)
    assert card.known_files(own_data) == before | {BOOK: digest.sha256(mirror / BOOK)}
    assert card.verify(files, own_data, new_vintage=False) == []


def test_recording_what_is_known_already_changes_no_byte(own_data, mirror):
    before = (own_data / card.FILES).read_bytes()
    card.record(card.find(mirror, card.cards(own_data)["epa_ghgrp"]), own_data)
    assert (own_data / card.FILES).read_bytes() == before


@pytest.mark.parametrize("new_vintage", [False, True])
def test_a_file_of_the_card_that_is_gone_is_not_passed_over_in_silence(own_data, mirror, new_vintage):
    (mirror / BOOK).unlink()
    files = card.find(mirror, card.cards(own_data)["epa_ghgrp"])
    with pytest.raises(InputError, match=f"{BOOK}: is on its card and not in the mirror"):
        card.verify(files, own_data, new_vintage=new_vintage)


def test_a_source_without_any_file_says_where_to_fetch_it(own_data, tmp_path):
    with pytest.raises(InputError, match=r"no file epa-ghgrp/ghgp_data_\*\.xlsx .*fetch it from https"):
        card.find(tmp_path, card.cards(own_data)["epa_ghgrp"])
