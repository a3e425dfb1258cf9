"""How each number is known: every source's own way, shares that add up, and honest absence."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prec_world import emission, known, plant, release, value

from comingclean.estimates import precision
from comingclean.tables.precision import ABSENT, HOWS, SUBJECTS
from sliced import GARY, say, table


def of(found, subject, name="a"):
    """{how: share} of one plant and kind of number."""
    rows = found.filter((pl.col("facility_id") == name) & (pl.col("subject") == subject))
    return dict(rows.select("how", "share").iter_rows())


def main_of(found, subject, name="a"):
    rows = found.filter((pl.col("facility_id") == name) & (pl.col("subject") == subject))
    return rows.filter(pl.col("main") == 1)["how"].to_list()


@pytest.mark.parametrize(
    ("tiers", "shares"),
    [
        (
            [("a", 2017, "3", 75.0, "f#1"), ("a", 2017, "1", 25.0, "f#2")],
            {"plant_factor": 0.75, "published_factor": 0.25},
        ),
        ([("a", 2017, "2", 60.0, "f#1"), ("a", 2017, "1", 40.0, "f#2")], {"published_factor": 1}),
        ([("a", 2017, "1", 60.0, "f#1")], {"published_factor": 0.6, "not_public": 0.4}),
        ([("a", 2017, "1", 96.0, "f#1")], {"published_factor": 1}),
        ([("a", 2020, "4", 10.0, "f#1"), ("a", 2017, "1", 100.0, "f#2")], {"monitored": 1}),
        (
            [
                ("a", 2020, "4", 10.0, "f#1"),
                ("a", 2020, "1-3", 1.0, "f#3"),
                ("a", 2017, "1", 100.0, "f#2"),
            ],
            {"published_factor": 1},
        ),
        ([("a", 2017, "1", 0.0, "f#1")], {"not_public": 1}),
        ([], {"not_public": 1}),
    ],
)
def test_fuel_is_known_by_the_tiers_of_its_units(tiers, shares):
    values = [value("a", "ghg_subpart_c", year, 100) for year in (2017, 2023)]
    found = precision.rows(known(value=values, tiers=tiers))
    assert of(found, "ghg_subpart_c") == pytest.approx(shares)


@pytest.mark.parametrize(
    ("industry", "route", "method", "how"),
    [
        ("cement", "dry kiln", "ghg_process_monitor", "monitored"),
        ("iron_steel", "BF-BOF", "ghg_process_monitor", "several"),
        ("met_coke", "heat-recovery coke", "ghg_process_monitor", "several"),
        ("cement", None, "ghg_process_calculated", "plant_factor"),
        # A balance or a factor of the plant's own tests: the file does not say which.
        ("iron_steel", "EAF", "ghg_process_calculated", "own_measurement"),
        ("met_coke", "heat-recovery coke", "ghg_process_calculated", "own_measurement"),
        ("met_coke", None, "ghg_process_calculated", "own_measurement"),
        # What is filed of ovens with recovery is the pushing of coke, by a published factor.
        ("met_coke", "by-product coke", "ghg_process_calculated", "published_factor"),
        ("iron_steel", "EAF", "ghg_process_unknown", "not_public"),
    ],
)
def test_a_process_is_known_by_what_stands_behind_it(industry, route, method, how):
    values = [value("a", "ghg_subpart_process", 2023, 100, method=method)]
    found = precision.rows(known([plant("a", industry, route=route)], value=values))
    assert of(found, "ghg_subpart_process") == {how: 1}


@pytest.mark.parametrize(("fuel", "how"), [(0, "monitored"), (4, "monitored"), (60, "several")])
def test_a_monitor_somewhere_on_a_cement_site_is_not_one_on_its_kilns(fuel, how):
    """A kiln with a monitor files its fuel with its process; fuel filed apart burned elsewhere."""
    values = [
        value("a", "ghg_subpart_process", 2023, 100, method="ghg_process_monitor"),
        value("a", "ghg_subpart_c", 2023, fuel),
        value("a", "ghg_subpart_c", 2022, 900),
    ]
    assert of(precision.rows(known(value=values)), "ghg_subpart_process") == {how: 1}


def test_of_a_smelter_the_gases_with_a_slope_are_told_from_the_anodes():
    values = [
        value("a", "ghg_subpart_process", 2023, 100, method="ghg_process_smelter"),
        value("a", "ghg_pfc", 2023, 30),
        value("a", "ghg_pfc", 2022, 99),
    ]
    found = precision.rows(known([plant("a", "aluminum")], value=values))
    assert of(found, "ghg_subpart_process") == {"plant_factor": 0.3, "mass_balance": 0.7}


def test_releases_are_shared_out_by_kilograms_and_weighed_by_toxicity():
    given_rows = [
        release("a", 10, "tri_4"),
        release("a", 90, "tri_1", chemical="67-56-1"),
        release("a", 5, "tri_3", medium="water"),
    ]
    filed = [{"facility_id": "a", "year": 2020, "program_id": "T1", "air": 1}]
    found = precision.rows(known(toxic_release=given_rows, toxic_filing=filed))
    assert of(found, "toxic_air") == {"judgement": 0.1, "monitored": 0.9}
    # Methanol has no benchmark here, so all of the weight is the benzene's.
    assert of(found, "toxicity_weighted_air") == {"judgement": 1}
    assert of(found, "toxic_water") == {"mass_balance": 1}
    assert main_of(found, "toxic_land") == ["nothing_filed"]


def test_a_newer_file_that_names_no_way_does_not_hide_an_older_one_that_does():
    given_rows = [release("a", 10, "tri_2", year=2020), release("a", 20, "tri_unknown", year=2022)]
    values = [value("a", "toxic_air", 2020, 10), value("a", "toxic_air", 2022, 20)]
    found = precision.rows(known(toxic_release=given_rows, value=values))
    row = found.filter(pl.col("subject") == "toxic_air").to_dicts()[0]
    assert (row["how"], row["year"], row["method_year"]) == ("published_factor", 2022, 2020)
    assert row["amount"] == 20
    only = precision.rows(known(toxic_release=given_rows[1:], value=values[1:]))
    assert of(only, "toxic_air") == {"not_public": 1}


def test_what_was_filed_before_the_newest_filing_does_not_stand_for_now():
    """A later filing without air is nothing to air, not the old figure carried on."""
    given_rows = [release("a", 10, "tri_4", year=2012)]
    values = [value("a", "toxic_air", 2012, 10), value("a", "toxicity_weighted_air", 2012, 10)]
    filed = [
        {"facility_id": "a", "year": year, "program_id": "T1", "air": air}
        for year, air in ((2012, 1), (2020, 0))
    ]
    found = precision.rows(known(toxic_release=given_rows, toxic_filing=filed, value=values))
    for subject in ("toxic_air", "toxicity_weighted_air"):
        assert main_of(found, subject) == ["nothing_filed"], subject
    earlier = precision.rows(known(toxic_release=given_rows, toxic_filing=filed[:1], value=values))
    assert main_of(earlier, "toxic_air") == ["judgement"]


def test_who_lives_nearby_is_estimated_whatever_the_count_rests_on():
    around = [
        {
            "facility_id": "a",
            "radius_miles": 3.0,
            "indicator": "population",
            "value": 5000.0,
            "low": 4000.0,
            "high": 6000.0,
            "grade": "B",
        }
    ]
    found = precision.rows(known(community=around))
    assert main_of(found, "population") == ["estimated"]


def test_the_file_by_process_tells_a_mixed_score_apart():
    values = [value("a", "nox", 2017, 1)]
    mixed = [emission("a", 1000, "nei_mixed")]
    apart = [emission("a", 600, "nei_1"), emission("a", 300, "nei_5"), emission("a", 100, "nei_mixed")]
    coarse = precision.rows(known(value=values, air_emission=mixed))
    fine = precision.rows(known(value=values, air_emission=mixed, air_process=apart))
    assert of(coarse, "nox") == {"several": 1}
    assert of(fine, "nox") == pytest.approx({"monitored": 0.6, "judgement": 0.3, "several": 0.1})
    nothing_new = precision.rows(
        known(value=values, air_emission=mixed, air_process=[emission("a", 5, "nei_mixed")])
    )
    assert of(nothing_new, "nox") == {"several": 1}


def test_coarse_particles_are_both_sizes_together():
    sizes = [
        emission("a", 30, "nei_2", chemical="PM2.5"),
        emission("a", 70, "nei_5", chemical="PM10-PM2.5"),
    ]
    found = precision.rows(known(air_emission=sizes))
    assert of(found, "pm25") == {"published_factor": 1}
    assert of(found, "pm10") == pytest.approx({"published_factor": 0.3, "judgement": 0.7})


def test_a_record_of_a_site_speaks_for_each_of_its_plants_and_counts_for_none():
    plants = [plant("a", site_id="s"), plant("b", site_id="s"), plant("c")]
    found = precision.rows(known(plants, air_emission=[emission("s", 10, "nei_2", shared=1)]))
    rows = found.filter((pl.col("subject") == "nox") & (pl.col("how") == "published_factor"))
    assert sorted(rows["facility_id"]) == ["a", "b"]
    assert rows["scope"].unique().to_list() == ["site"]
    assert rows["amount"].null_count() == 2
    assert rows["year"].to_list() == [2017, 2017]
    assert main_of(found, "nox", "c") == ["not_reported"]


def test_what_is_absent_says_why():
    plants = [plant("a"), plant("b", "aluminum"), plant("c")]
    filed = [{"facility_id": "a", "year": 2020, "program_id": "T1", "air": 0}]
    found = precision.rows(
        known(
            plants,
            toxic_filing=filed,
            air_emission=[emission("a", 1)],
            value=[value("a", "ghg_reported", 2023, 1)],
        )
    )
    assert main_of(found, "toxic_air", "a") == ["nothing_filed"]
    assert main_of(found, "lead", "a") == ["nothing_filed"]
    assert main_of(found, "ghg_subpart_process", "a") == ["nothing_filed"]
    assert main_of(found, "lead", "b") == ["not_in_hand"]
    assert main_of(found, "toxic_air", "b") == ["not_reported"]
    assert main_of(found, "lead", "c") == ["not_reported"]
    gone = found.filter(pl.col("how").is_in(ABSENT))
    assert gone.select("share", "amount", "unit").null_count().row(0) == (gone.height,) * 3


def test_a_figure_that_is_ours_is_told_from_one_that_somebody_stated():
    values = [
        value("a", "production", 2023, 5, method="cement_from_clinker"),
        value("a", "employment", 2020, 5, method="employment_notice"),
        value("a", "employment", 2019, 5, method="employment_share"),
    ]
    found = precision.rows(known(value=values))
    assert of(found, "production") == {"estimated": 1}
    assert of(found, "employment") == {"counted": 1}
    assert of(found, "ghg_scope2") == {"not_reported": None}


@pytest.mark.parametrize(("km", "grade"), [(0.4, "B"), (1.0, "B"), (2.5, "C"), (None, "D")])
def test_a_place_is_graded_by_how_near_other_records_put_it(km, grade):
    spread = (
        [] if km is None else [{"facility_id": "a", "attribute": "coordinate_spread", "value": str(km)}]
    )
    found = precision.rows(known(attribute=spread))
    row = found.filter(pl.col("subject") == "coordinates").to_dicts()[0]
    assert (row["grade"], row["how"], row["year"]) == (grade, "counted", 2023)


def test_a_place_that_was_put_right_is_our_own():
    moved = plant("a", coordinate_accuracy="corrected by hand")
    assert main_of(precision.rows(known([moved])), "coordinates") == ["estimated"]


masses = st.lists(
    st.tuples(
        st.sampled_from(["tri_1", "tri_2", "tri_3", "tri_4", "tri_mixed"]), st.integers(0, 10**6)
    ),
    min_size=1,
    max_size=8,
)


@given(masses)
def test_shares_add_up_and_the_main_way_is_the_largest_or_the_weaker(given_masses):
    made = [release("a", kg, method, chemical="67-56-1") for method, kg in given_masses]
    total = sum(kg for _, kg in given_masses)
    found = precision.rows(known(toxic_release=made, value=[value("a", "toxic_air", 2020, total)]))
    rows = found.filter(pl.col("subject") == "toxic_air")
    assert math.isclose(rows["share"].sum(), 1)
    assert math.isclose(rows["amount"].sum(), total, abs_tol=1e-6)
    order = list(HOWS)
    best = max(rows.to_dicts(), key=lambda row: (row["share"], order.index(row["how"])))
    assert rows.filter(pl.col("main") == 1)["how"].to_list() == [best["how"]]


def test_every_plant_of_the_record_has_every_kind_of_number_once(shipped):
    rows = table(shipped, "precision")
    plants = table(shipped, "facility").height
    mains = rows.filter(pl.col("main") == 1)
    assert mains.height == mains.select("facility_id", "subject").n_unique() == plants * len(SUBJECTS)
    assert set(rows["how"]) <= set(HOWS)
    assert set(rows["subject"]) == set(SUBJECTS)


def test_a_works_that_the_files_know_well_is_known_as_they_say(shipped):
    asked = (
        "select how, round(share, 2) from precision where facility_id = ? and subject = ? order by 2"
    )
    # Gary's units of 2017: most carbon measured (tier 3), the rest by default factors.
    assert say(shipped, asked, GARY, "ghg_subpart_c") == [
        ("published_factor", 0.14),
        ("plant_factor", 0.86),
    ]
    smelters = say(
        shipped,
        """select distinct how from precision join facility using (facility_id)
        where industry = 'aluminum' and subject = 'pm25'""",
    )
    assert smelters == [("not_in_hand",)]


def test_the_tonnes_of_fuel_are_counted_again_from_the_units(shipped):
    """Another way round: from the units' own tonnes, without shares of a plant."""
    held = say(
        shipped,
        """select sum(amount) from precision where subject = 'ghg_subpart_c'""",
    )[0][0]
    newest = say(
        shipped,
        """select sum(value) from (select facility_id, value, max(year) from value
        where quantity = 'ghg_subpart_c' group by facility_id)""",
    )[0][0]
    assert math.isclose(held, newest, rel_tol=1e-9)
