"""Steps in a series: told where nothing else explains them, of the same chemicals, and truly."""

import json
import tomllib

import pytest
from prec_world import RULES, known, plant, release, value

from comingclean.estimates import precision_jumps, precision_parts
from comingclean.estimates.findings import worded
from sliced import ROOT

WORDS = tomllib.loads((ROOT / "data/findings.toml").read_text("utf-8"))
STEADY = [100, 104, 99, 102, 98, 101, 103, 100]
LEAD, BENZENE, METHANOL = "N420", "71-43-2", "67-56-1"


def series(quantity, amounts, first=2010, name="a"):
    return [value(name, quantity, first + at, amount) for at, amount in enumerate(amounts)]


def filed(kilograms, chemical=BENZENE, first=2010, name="a", **more):
    """Releases to air, a year each; None is a year without that chemical."""
    return [
        release(name, kg, year=first + at, chemical=chemical, **more)
        for at, kg in enumerate(kilograms)
        if kg is not None
    ]


def said(rows):
    made = worded([dict(row) for row in rows], WORDS).to_dicts() if rows else []
    for row in made:
        assert "{" not in row["sentence_en"] + row["sentence_es"]
        assert json.loads(row["evidence"])
    return [(row["rule"], row["subject"], row["sentence_en"]) for row in made]


def found(**tables):
    return said(list(precision_jumps.jumps(known(**tables))))


# --- Greenhouse gases


@pytest.mark.parametrize(
    ("amounts", "text"),
    [
        ([*STEADY, 1000, 1010, 990], "from 2017 to 2018 multiplied by 10."),
        ([*STEADY, 30, 31, 30], "from 2017 to 2018 divided by 3."),
        ([*STEADY, 130, 128, 131], None),  # a third more is no jump
        ([*STEADY], None),
        ([1, 30, 2, 50, 1, 40, 2, 60, 1], None),  # nothing is usual at this plant
        ([100, 1000], None),
    ],
)
def test_a_jump_is_far_outside_a_plants_own_ways(amounts, text):
    rows = found(value=series("ghg_reported", amounts))
    assert [one[:2] for one in rows] == ([("jump", "ghg_reported")] if text else [])
    if text:
        assert text in rows[0][2]


def test_what_a_whole_industry_does_in_a_year_is_no_jump():
    plants = [plant(name) for name in "abcde"]
    fall = [one for name in "abcde" for one in series("ghg_reported", [*STEADY, 40, 41], name=name)]
    assert found(plants=plants, value=fall) == []


def test_a_gap_of_many_years_is_not_one_step():
    apart = [*series("ghg_reported", STEADY), value("a", "ghg_reported", 2022, 1000)]
    assert found(value=apart) == []


@pytest.mark.parametrize(
    ("name", "amounts", "status", "product"),
    [
        ("a year at a tenth", [*STEADY, 9, 100, 101], "operating", False),
        ("a year without product", [*STEADY, 30, 100, 101], "operating", True),
        ("the last years of a plant that closed", [*STEADY, 48, 22, 11], "closed", False),
    ],
)
def test_a_step_that_a_standstill_explains_is_no_jump(name, amounts, status, product):
    made = series("ghg_reported", amounts)
    if product:
        made += [value("a", "production", year, 5) for year in range(2010, 2021) if year != 2018]
    assert found(plants=[plant("a", status=status)], value=made) == [], name


def test_the_same_fall_without_a_standstill_is_a_jump():
    """So the rule above is not silent for another reason."""
    made = series("ghg_reported", [*STEADY, 30, 100, 101])
    made += [value("a", "production", year, 5) for year in range(2010, 2021)]
    assert [one[0] for one in found(value=made)] == ["jump"]


def test_the_first_part_of_a_year_of_a_new_plant_is_no_jump():
    old = series("ghg_reported", [100] * 14, name="b")
    young = series("ghg_reported", [20, 100, 101, 99, 100, 102, 101], first=2014)
    assert found(plants=[plant("a"), plant("b")], value=old + young) == []


def test_years_in_which_a_plant_hardly_ran():
    values = [
        *series("ghg_reported", [100, 9, 100, 100, 100, 100, 60, 45, 30]),
        *series("ghg_reported", [100] * 9, name="b"),
        *(value("a", "production", 2010 + at, 1) for at in (0, 2, 4, 5, 6, 7, 8)),
    ]
    record = known([plant("a", status="closed"), plant("b")], value=values)
    ends = (RULES["runs_least_of_median"], RULES["runs_wound_down"])
    made = precision_parts.stood(record.value, record.facility, *ends)
    # 2011 is small, 2013 has no product, 2017 and 2018 are the end; 2016 is above half.
    assert made["year"].to_list() == [2011, 2013, 2017, 2018]
    assert set(made["facility_id"]) == {"a"}


# --- Toxic releases


USUAL = [1000, 1040, 990, 1020, 980, 1010, 1030, 1000]


def toxics(*rows, **more):
    gases = series("ghg_reported", [100] * 12)
    return found(toxic_release=[one for each in rows for one in each], value=gases, **more)


def test_a_chemical_that_was_first_filed_is_no_jump_of_the_sum():
    """Zero before is not known: it may have lain below the threshold."""
    rows = toxics(filed([*USUAL, 1000, 1010]), filed([None] * 8 + [900_000, 910_000], METHANOL))
    assert rows == []


def test_a_step_of_the_same_chemicals_is_told_for_kilograms_and_for_points():
    rows = toxics(filed([*USUAL, 12_000, 12_100]))
    assert [one[:2] for one in rows] == [
        ("jump_toxics", "toxic_air"),
        ("jump_toxics", "toxicity_weighted_air"),
    ]
    for *_, text in rows:
        assert "counting only chemicals filed in both years: from 2017 to 2018 multiplied by 12" in text


def test_a_metal_filed_as_itself_and_then_as_its_compounds_is_the_same():
    turned = [*filed(USUAL[:4], "7439-92-1"), *filed([*USUAL[4:], 12_000], LEAD, first=2014)]
    assert [one[1] for one in toxics(turned)] == ["toxic_air", "toxicity_weighted_air"]
    assert toxics([*filed(USUAL[:4], "7439-92-1"), *filed(USUAL[4:], LEAD, first=2014)]) == []


def test_a_factor_beyond_a_hundred_says_no_more_than_that():
    rows = toxics(filed([*USUAL, 900_000, 910_000]))
    assert all("multiplied by more than 100." in text for *_, text in rows)
    assert "900" not in "".join(text for *_, text in rows)


def test_a_step_of_little_mass_is_not_told_as_kilograms():
    tiny = [kg / 1000 for kg in USUAL]
    rows = toxics(filed([*tiny, 12, 12.1]))
    assert [one[1] for one in rows] == ["toxicity_weighted_air"]


def test_a_reported_zero_is_no_step():
    assert toxics(filed([*USUAL, 0, 1000])) == []


def test_a_step_out_of_a_standstill_is_no_jump_of_toxics_either():
    gases = series("ghg_reported", [100, 100, 100, 100, 100, 100, 100, 5, 100, 100, 100])
    released = filed([*USUAL[:7], 40, 1000, 1010, 990])
    assert found(toxic_release=released, value=gases) == []
    ran = series("ghg_reported", [100] * 11)
    assert {one[1] for one in found(toxic_release=released, value=ran)} == {
        "toxic_air",
        "toxicity_weighted_air",
    }


# --- What came and went


def changes(*rows):
    made = [one for each in rows for one in each]
    return said(list(precision_jumps.came_or_went(known(toxic_release=made))))


def test_a_chemical_that_makes_up_half_of_the_sum_is_named_where_it_came():
    rows = changes(filed(USUAL), filed([None] * 3 + [5000] * 5, METHANOL))
    assert [one[:2] for one in rows] == [("came_or_went", "toxic_air")]
    assert "Methanol first filed for 2013" in rows[0][2]
    assert "50 % or more of the sum" in rows[0][2]
    assert "missing, not zero" in rows[0][2]


def test_a_chemical_that_was_last_filed_is_named_once():
    rows = changes(filed(USUAL), filed([5000] * 4 + [None] * 4, METHANOL))
    assert len(rows) == 1
    assert "Methanol last filed for 2013" in rows[0][2]


@pytest.mark.parametrize("kilograms", [[None] * 3 + [600] * 5, [5000] * 8])
def test_what_is_small_or_always_there_did_not_come(kilograms):
    assert changes(filed(USUAL), filed(kilograms, METHANOL)) == []


def test_a_little_that_is_half_of_very_little_is_not_material():
    small = [kg / 100 for kg in USUAL]
    assert changes(filed(small), filed([None] * 3 + [50] * 5, METHANOL)) == []


def test_names_in_a_sentence_are_those_of_its_language():
    made = filed(USUAL, METHANOL) + filed([None] * 3 + [5000] * 5)
    (row,) = precision_jumps.came_or_went(known(toxic_release=made))
    assert row["facts"]["changes"] == {
        "en": "Benzene first filed for 2013",
        "es": "Benceno, declarado por primera vez para 2013",
    }
