"""Who is who: the registry, its corrections, and where each plant stands."""

import json
import re
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comingclean.database import build_database
from comingclean.errors import InputError
from comingclean.facilities import attributes, county, place, registry
from comingclean.model import INDUSTRIES, PROGRAMS
from comingclean.sources import ghgrp
from sliced import BOOK, COUNTIES, GARY, ROOT, SLICES, column_of, compile_slices, edit, row_of, table

STAINLESS = 1002977


def rewrite(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def line_of(path, word):
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if line.startswith(word))


WRONG_ROWS = [
    (f"{GARY},", "US Steel Gary,", "“US Steel Gary” is not a slug"),
    (f"{GARY},", "us--steel,", "“us--steel” is not a slug"),
    ("iron_steel,ghgrp,1000418", "steel,ghgrp,1000418", "“steel” is not an industry"),
    ("iron_steel,ghgrp,1000418", "iron_steel,epa,1000418", "“epa” is not a program"),
    ("U.S. Steel Gary Works", "", f"“{GARY}” has no name"),
    (",Gary,IN,", ",,IN,", f"“{GARY}” has no city"),
    (",1000418,", ",,", f"“{GARY}” has no program_id"),
    (",1,rule,", ",yes,rule,", "“yes” is not 0 or 1"),
]


@pytest.mark.parametrize(("old", "new", "what"), WRONG_ROWS)
def test_a_row_that_cannot_be_is_named_with_its_line(old, new, what, own_data):
    path = own_data / registry.FACILITIES
    head, row = path.read_text().split(f"\n{GARY},")
    path.write_text(head + "\n" + f"{GARY},{row}".replace(old, new, 1))
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        registry.read(own_data)
    assert (caught.value.file, caught.value.mend) == (path, "correct the row")
    assert caught.value.row == head.count("\n") + 2


def test_a_row_without_a_reason_is_refused(own_data):
    path = own_data / registry.FACILITIES
    frame = pl.read_csv(path, infer_schema=False)
    bare = pl.when(facility_id=GARY).then(None).otherwise("reason").alias("reason")
    frame.with_columns(bare).write_csv(path)
    with pytest.raises(InputError, match=f"“{GARY}” has no reason") as caught:
        registry.read(own_data)
    assert caught.value.row == line_of(path, GARY)


@pytest.mark.parametrize(
    ("old", "new"), [("\ncleveland-cliffs-indiana-harbor-west-in,", GARY), (",1000588,", "1000418")]
)
def test_a_plant_that_stands_twice_is_refused(old, new, own_data):
    rewrite(own_data / registry.FACILITIES, old, f"{old[0]}{new},")
    with pytest.raises(InputError, match=f"“{new}” stands twice"):
        registry.read(own_data)


def test_a_place_that_is_no_number_is_refused(own_data):
    path = own_data / registry.FACILITIES
    rewrite(path, "33.823833", "33°49'")
    with pytest.raises(
        InputError, match="“33°49'” is not a number, in the column “latitude”"
    ) as caught:
        registry.read(own_data)
    assert caught.value.row == line_of(path, "argos-atlanta-ga")


def test_a_missing_column_of_the_registry_is_named(own_data):
    rewrite(own_data / registry.FACILITIES, "reference_certainty", "certainty")
    with pytest.raises(InputError, match="missing column “reference_certainty”"):
        registry.read(own_data)


def test_a_plant_that_no_workbook_knows_stops_the_build(snapshot, own_data, tmp_path):
    rewrite(own_data / registry.FACILITIES, "1000418", "1999999")
    file = tmp_path / "atlas.sqlite"
    with pytest.raises(InputError, match=rf"{GARY} \(ghgrp 1999999\) is not in the snapshot") as caught:
        build_database(file, snapshot=snapshot, data=own_data)
    assert caught.value.row == line_of(own_data / registry.FACILITIES, GARY)
    assert not file.exists()


def test_the_registry_of_the_project_is_the_stated_universe():
    plants = registry.read(ROOT / "data")
    inside = plants.filter(reference_2020=1)
    assert Counter(inside["industry"]) == {
        "iron_steel": 100,
        "met_coke": 12,
        "cement": 96,
        "aluminum": 7,
    }
    assert set(plants["industry"]) == set(INDUSTRIES)
    assert set(plants["program"]) <= set(PROGRAMS)
    assert Counter(inside["reference_certainty"]) == {"rule": 212, "probable": 3}
    assert set(inside.filter(reference_certainty="probable")["industry"]) == {"cement"}
    assert plants.filter(reference_2020=0)["reference_certainty"].null_count() == plants.height - 215


def test_a_plant_left_out_stands_among_the_candidates_only():
    left_out, plants = registry.candidates(ROOT / "data"), registry.read(ROOT / "data")
    inside = set(plants.select("program", "program_id").iter_rows())
    assert not inside & set(left_out.select("program", "program_id").iter_rows())
    assert left_out["reason"].str.len_chars().min() > 20


def filings():
    frame = pl.concat(ghgrp.read(path).facilities for path in sorted(SLICES.glob("epa-ghgrp/*.xlsx")))
    return frame.filter(ghgrp_id=str(STAINLESS))


def test_a_correction_changes_its_field_in_its_years_and_says_so(data):
    before, rows = filings(), registry.corrections(data, "epa_ghgrp")
    after = registry.correct(before, rows, data)
    late, early = after.filter(pl.col("year") >= 2016), after.filter(pl.col("year") < 2016)
    assert set(late.select("latitude", "longitude", "county").iter_rows()) == {
        (38.727778, -85.072222, "CARROLL COUNTY")
    }
    fields = [
        f"corrections/epa_ghgrp/{STAINLESS}/{name}" for name in ("latitude", "longitude", "county")
    ]
    assert [json.loads(ids) for ids in late["corrected"]] == [fields] * 3
    assert early.drop("corrected").equals(before.filter(pl.col("year") < 2016))
    assert set(early["corrected"]) == {"[]"}


def test_a_correction_whose_source_has_mended_itself_fails_loudly(mirror, own_data, tmp_path):
    def mended(cells):
        cells[row_of(cells, STAINLESS), column_of(cells, "Latitude")] = 38.7277

    edit(mirror / BOOK, mended)
    with pytest.raises(InputError) as caught:
        compile_slices(mirror, tmp_path / "new", own_data, new_vintage=True)
    what = f"expected “38.734905” as latitude of {STAINLESS}, found “38.7277”, “38.734905”"
    assert (caught.value.what, caught.value.row) == (what, 2)
    assert caught.value.file == own_data / registry.CORRECTIONS
    assert "check, then delete or renew the correction" in caught.value.mend


WRONG_CORRECTIONS = [
    ("38.734905", "38.7349", "expected “38.7349” as latitude of 1002977, found “38.734905”"),
    (
        "1002977,latitude",
        "1999999,latitude",
        "expected “38.734905” as latitude of 1999999, found “no row”",
    ),
    ("38.727778", "north", "“north” cannot be the latitude of a filing"),
    ("county,2016", "parish,2016", "“CARROLL COUNTY” cannot be the parish of a filing"),
    ("latitude,2016", "latitude,always", "“always” is not a number, in the column “first_year”"),
]


@pytest.mark.parametrize(("old", "new", "what"), WRONG_CORRECTIONS)
def test_a_correction_that_cannot_be_done_is_named_with_its_line(old, new, what, own_data):
    rewrite(own_data / registry.CORRECTIONS, old, new)
    with pytest.raises(InputError, match=re.escape(what)) as caught:
        registry.correct(filings(), registry.corrections(own_data, "epa_ghgrp"), own_data)
    assert caught.value.file == own_data / registry.CORRECTIONS
    assert caught.value.row == (4 if "parish" in what else 2)


def test_two_writings_of_one_number_are_the_same_to_a_correction(own_data):
    rewrite(own_data / registry.CORRECTIONS, "38.734905", "38.7349050")
    after = registry.correct(filings(), registry.corrections(own_data, "epa_ghgrp"), own_data)
    assert after.filter(year=2020)["latitude"].to_list() == [38.727778]


def test_corrections_of_another_source_are_not_ours(data):
    assert registry.corrections(data, "epa_tri").is_empty()


def test_each_plant_stands_where_it_was_decided_with_its_latest_filing_beside(atlas):
    rows = {row["facility_id"]: row for row in table(atlas, "facility").iter_rows(named=True)}
    gary, steel = rows[GARY], rows["north-american-stainless-ghent-ky"]
    assert (gary["county"], gary["county_fips"]) == ("Lake", "18089")
    assert gary["coordinate_accuracy"] == "centre confirmed on satellite images"
    assert json.loads(gary["sources"]) == [
        f"attributes/{GARY}/coordinates/gem_steel/1",
        "epa_ghgrp/2023#5995",
        f"facilities/{GARY}",
    ]
    assert (steel["filed_latitude"], steel["county_fips"]) == (38.727778, "21041")
    assert round(steel["filed_km"], 1) == 0.4
    assert f"corrections/epa_ghgrp/{STAINLESS}/latitude" in json.loads(steel["sources"])
    known = rows["argos-atlanta-ga"]
    assert (known["county"], known["county_fips"], known["county_distance_km"]) == (
        "Fulton",
        "13121",
        0,
    )
    assert (known["first_year"], known["address"]) == (None, None)


def test_counties_are_found_however_they_were_filed(atlas):
    facility = table(atlas, "facility")
    found = dict(facility.select("facility_id", "county_fips").iter_rows())
    assert found["illinois-cement-lasalle-il"] == "17099"
    assert found["national-cement-ragland-al"] == "01115"
    assert found["argos-dorado-pr"] == "72051"
    assert facility["county_distance_km"].max() < 2


def test_a_plant_whose_county_is_unknown_has_no_distance(data):
    rows = filings().with_columns(corrected=pl.lit("[]"), county=pl.lit("Nowhere County"))
    plants = registry.read(data).filter(program_id=str(STAINLESS))
    said = attributes.read(ROOT / "data").clear()
    placed = place.locate(plants, rows, county.Counties.read(COUNTIES), said).row(0, named=True)
    assert (placed["county"], placed["county_fips"], placed["county_distance_km"]) == (None, None, None)
    assert placed["latitude"] is not None


@pytest.mark.parametrize(
    ("filed", "shown"),
    [
        ("3500 35TH AVENUE NORTH", "3500 35th Avenue North"),
        ("1355 E 93RD ST", "1355 E 93rd St"),
        ("One North Broadway ", "One North Broadway"),
        ("4000 EAST 2ND & 1ST", "4000 East 2nd & 1st"),
        (None, None),
        ("", None),
    ],
)
def test_an_address_in_capitals_is_made_easy_to_read(filed, shown, data):
    rows = filings().with_columns(corrected=pl.lit("[]"), address=pl.lit(filed, dtype=pl.String))
    plants = registry.read(data).filter(program_id=str(STAINLESS))
    said = attributes.read(ROOT / "data").clear()
    placed = place.locate(plants, rows, county.Counties.read(COUNTIES), said)
    assert placed["address"].to_list() == [shown]


@settings(max_examples=10)
@given(st.permutations(range(4)))
def test_the_order_of_filings_does_not_matter_to_a_place(data, order):
    rows = filings().with_columns(corrected=pl.lit("[]"))
    plants = registry.read(data).filter(program_id=str(STAINLESS))
    given = county.Counties.read(COUNTIES), attributes.read(ROOT / "data")
    assert place.locate(plants, rows[list(order)], *given).equals(place.locate(plants, rows, *given))


def test_the_slices_are_cut_from_the_registry_and_the_record_that_ship(snapshot):
    ours, whole = registry.read(SLICES / "data").drop("row"), registry.read(ROOT / "data").drop("row")
    assert ours.join(whole, on=ours.columns, how="anti", nulls_equal=True).is_empty()
    for name in ("ghgrp_amount", "ghgrp_filing"):
        cut = pl.read_parquet(snapshot / f"{name}.parquet")
        all_rows = pl.read_parquet(ROOT / f"snapshot/{name}.parquet")
        same = all_rows.join(
            cut.select("ghgrp_id", "year").unique(), on=["ghgrp_id", "year"], how="semi"
        )
        assert cut.equals(same.select(cut.columns).sort(pl.all().exclude("tonnes")))
