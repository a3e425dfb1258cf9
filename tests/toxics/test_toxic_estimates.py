"""Intervals, grades and weights of toxic releases, against arithmetic written out by hand."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.database import decided
from comingclean.estimates import (
    toxic,
    toxic_agreement,
    toxic_chromium,
    toxic_emissions,
    toxic_sites,
)
from sliced import ROOT

PARAMETERS = decided.parameters(ROOT / "data")
RANGES = {
    row["parameter"]: tuple(
        (row[k] or row["value"]) * (0.01 if row["unit"] == "%" else 1) for k in ("value", "low", "high")
    )
    for row in PARAMETERS.iter_rows(named=True)
}
FACTORS = [
    RANGES[f"tri_factor_{name}"][0] for name in ("monitored", "factor", "balance", "other", "unknown")
]
CHROME = "toxicity_chromium_hexavalent"
SHARES = {
    industry: RANGES[CHROME if industry == "aluminum" else f"{CHROME}_{industry}"]
    for industry in ("iron_steel", "met_coke", "cement", "aluminum")
}


def factor_of(score):
    return pl.select(toxic.factors(pl.lit(score, pl.Float64), RANGES)).item()


def grade_of(score):
    return pl.select(toxic.grades(pl.lit(score, pl.Float64))).item()


def method_of(score):
    return pl.select(toxic.methods(pl.lit(score, pl.Float64), "tri")).item()


# --- Scores


@pytest.mark.parametrize("score", range(1, 6))
def test_a_whole_score_has_the_factor_of_its_basis(score):
    assert factor_of(score) == pytest.approx(FACTORS[score - 1])
    assert method_of(score) == f"tri_{score}"


@given(st.integers(1, 4), st.floats(0, 1))
def test_a_mean_lies_between_its_neighbours(score, rest):
    low, high = sorted(FACTORS[score - 1 : score + 1])
    made = factor_of(score + rest)
    assert low - 1e-9 <= made <= high + 1e-9
    straight = (1 - rest) * math.log(FACTORS[score - 1]) + rest * math.log(FACTORS[score])
    assert math.log(made) == pytest.approx(straight, abs=1e-9)


def test_a_mean_has_the_grade_of_its_weaker_score_and_says_that_it_is_one():
    assert [grade_of(s) for s in (1, 1.004, 1.2, 2, 2.6, 3, 3.1, 4, 5)] == list("BBCCCCDDD")
    assert method_of(1.2) == "tri_mixed"
    assert method_of(3.0000000000000004) == "tri_3"


def test_no_score_is_the_weakest_and_has_a_method_of_its_own():
    assert factor_of(None) == pytest.approx(RANGES["tri_factor_unknown"][0])
    assert (grade_of(None), method_of(None)) == ("D", "tri_unknown")


def test_the_interval_names_the_parameters_it_is_made_of():
    frame = pl.DataFrame({"s": [1.0, 1.5, 4.0, None]})
    ids = frame.select(toxic.rests_on(pl.col("s")).alias("ids"))["ids"].to_list()
    assert ids == [
        ["parameters/tri_factor_monitored"],
        ["parameters/tri_factor_factor", "parameters/tri_factor_monitored"],
        ["parameters/tri_factor_other"],
        ["parameters/tri_factor_unknown"],
    ]


# --- Weights


def weight_of(unit_risk=None, reference=None, part=None):
    row = {
        "chemical": "X",
        "part": part,
        "unit_risk": unit_risk,
        "reference": reference,
        "unit_risk_mn": None,
        "reference_mn": None,
    }
    schema = {"chemical": pl.String, "part": pl.String} | dict.fromkeys(list(row)[2:], pl.Float64)
    made = toxic.weights(pl.DataFrame([row], schema=schema), RANGES).row(0, named=True)
    return made["weight"], made["basis"]


def test_weights_are_on_the_scale_of_epas_indicators():
    assert weight_of(unit_risk=7.8e-6, reference=0.03) == (pytest.approx(27_857, rel=1e-4), "cancer")
    assert weight_of(reference=0.00015) == (pytest.approx(23_333, rel=1e-4), "noncancer")
    assert weight_of(unit_risk=2.2e-6, reference=0.00001) == (pytest.approx(350_000), "noncancer")


def test_without_a_benchmark_there_is_no_weight():
    assert weight_of() == (None, None)


def test_the_weight_is_that_of_a_kilogram_of_the_kind_that_is_weighed():
    whole, _ = weight_of(unit_risk=0.01839)
    assert weight_of(unit_risk=0.01839, part=CHROME) == (whole, "cancer")


@pytest.mark.parametrize("industry", SHARES)
def test_only_the_hexavalent_share_of_its_industry_is_weighed(industry):
    row = {
        row["quantity"]: row
        for row in toxic.values(
            released(("chrome", "air", 2, 1), industry=industry), WEIGHTS, RANGES
        ).iter_rows(named=True)
    }["toxicity_weighted_air"]
    share, low, high = SHARES[industry]
    up = math.exp(math.hypot(math.log(FACTORS[0]), math.log(high / share)))
    down = math.exp(math.hypot(math.log(FACTORS[0]), math.log(share / low)))
    assert row["value"] == pytest.approx(2 * 1000 * share)
    assert (row["low"], row["high"]) == (
        pytest.approx(row["value"] / down),
        pytest.approx(row["value"] * up),
    )
    name = CHROME if industry == "aluminum" else f"{CHROME}_{industry}"
    assert [one for one in row["sources"] if CHROME in one] == [f"parameters/{name}"]


def test_what_is_weighed_whole_has_no_share_and_no_industry_changes_it():
    for industry in (*SHARES, None):
        made = toxic.values(released(("known", "air", 2, 1), industry=industry), WEIGHTS, RANGES)
        row = made.filter(quantity="toxicity_weighted_air").row(0, named=True)
        assert row["value"] == 20
        assert not any(CHROME in one for one in row["sources"])


# --- A plant's figures


def released(*lines, industry="iron_steel"):
    names = ("facility_id", "year", "chemical", "medium", "kilograms", "reliability", "lineage_id")
    rows = [("a", 2020, *line, f"tri/2020#{i}") for i, line in enumerate(lines)]
    schema = dict(
        zip(
            names,
            (pl.String, pl.Int64, pl.String, pl.String, pl.Float64, pl.Float64, pl.String),
            strict=True,
        )
    )
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return toxic.releases(frame.with_columns(pl.lit(industry, pl.String).alias("industry")), RANGES)


WEIGHTS = pl.DataFrame(
    {
        "chemical": ["known", "chrome", "bare"],
        "part": [None, CHROME, None],
        "weight": [10.0, 1000.0, None],
        "basis": ["cancer", "cancer", None],
        "weight_mn": [5.0, None, 2.0],
        "basis_mn": ["cancer", None, "noncancer"],
    }
)


def figures(*lines):
    made = toxic.values(released(*lines), WEIGHTS, RANGES)
    return {row["quantity"]: row for row in made.iter_rows(named=True)}


def test_releases_add_up_by_medium_with_independent_errors():
    made = figures(("known", "air", 100, 1), ("bare", "air", 50, 4), ("known", "water", 7, 2))
    air = made["toxic_air"]
    assert air["value"] == 150
    up = math.hypot(100 * (FACTORS[0] - 1), 50 * (FACTORS[3] - 1))
    down = math.hypot(100 * (1 - 1 / FACTORS[0]), 50 * (1 - 1 / FACTORS[3]))
    assert (air["low"], air["high"]) == (pytest.approx(150 - down), pytest.approx(150 + up))
    assert (air["grade"], air["kind"]) == ("D", "calculated")
    assert made["toxic_water"]["value"] == 7
    assert "toxic_land" not in made


def test_parts_of_other_media_stay_out_of_every_sum():
    made = figures(
        ("known", "air", 3, 1),
        ("known", "air_stack", 2, None),
        ("known", "landfill", 9, None),
        ("known", "off_site", 9, None),
    )
    assert made["toxic_air"]["value"] == 3
    assert set(made) == {
        "toxic_air",
        "toxicity_weighted_air",
        "toxicity_weighted_air_mn",
        "toxic_air_unweighted_share",
    }


def test_weighed_air_counts_what_has_a_benchmark_and_says_what_has_none():
    made = figures(("known", "air", 100, 1), ("bare", "air", 300, 1), ("known", "land", 1e6, 1))
    assert made["toxicity_weighted_air"]["value"] == 1000
    assert made["toxicity_weighted_air_mn"]["value"] == 100 * 5 + 300 * 2
    assert made["toxic_air_unweighted_share"]["value"] == 75
    assert made["toxicity_weighted_air"]["kind"] == "estimated"
    assert "parameters/toxicity_weight_cancer" in made["toxicity_weighted_air"]["sources"]


def test_without_any_benchmark_there_is_no_weighed_figure():
    made = figures(("bare", "air", 5, 1))
    assert "toxicity_weighted_air" not in made
    assert made["toxic_air_unweighted_share"]["value"] == 100


def test_a_reported_zero_is_a_zero_with_a_width():
    made = figures(("known", "air", 0, 1))
    assert (made["toxic_air"]["value"], made["toxic_air"]["low"]) == (0, 0)
    assert made["toxic_air"]["high"] == pytest.approx(RANGES["tri_least_kilograms"][0])
    assert "toxic_air_unweighted_share" not in made


def test_a_year_without_a_row_has_no_figure():
    assert toxic.values(released(), WEIGHTS, RANGES).is_empty()


LINE = st.tuples(
    st.sampled_from(["known", "chrome", "bare", "stranger"]),
    st.sampled_from(["air", "water", "land", "landfill"]),
    st.floats(1e-9, 1e7) | st.just(0.0),  # the least that anyone filed is a millionth of a gram
    st.none() | st.floats(1, 5),
)


@given(st.lists(LINE, min_size=1, max_size=8))
def test_every_figure_lies_within_its_interval_and_has_its_rows(lines):
    for row in figures(*lines).values():
        assert row["low"] <= row["value"] <= row["high"]
        assert row["low"] < row["high"]
        assert row["low"] >= 0
        assert row["grade"] in "BCD"
        assert any(name.startswith("tri/") for name in row["sources"])
        assert any(name.startswith("parameters/") for name in row["sources"])
        assert len(row["sources"]) == len(set(row["sources"]))


@given(st.lists(LINE, min_size=2, max_size=8))
def test_the_order_of_rows_does_not_matter(lines):
    one, other = figures(*lines), figures(*reversed(lines))
    assert set(one) == set(other)
    for name in one:
        assert one[name]["value"] == pytest.approx(other[name]["value"], rel=1e-9)
        assert one[name]["high"] == pytest.approx(other[name]["high"], rel=1e-9)
        assert one[name]["grade"] == other[name]["grade"]


def test_many_small_parts_still_have_a_grade():
    made = figures(*[("known", "air", 1, 1 + i % 4) for i in range(20)])
    assert made["toxic_air"]["grade"] == "D"


# --- Criteria pollutants


def emitted(*lines):
    names = ("facility_id", "year", "chemical", "kilograms", "reliability", "lineage_id")
    rows = [("a", 2017, *line, f"nei/2017#{i}") for i, line in enumerate(lines)]
    schema = dict(
        zip(names, (pl.String, pl.Int64, pl.String, pl.Float64, pl.Float64, pl.String), strict=True)
    )
    frame = toxic_emissions.emissions(pl.DataFrame(rows, schema=schema, orient="row"), RANGES)
    return {r["quantity"]: r for r in toxic_emissions.values(frame).iter_rows(named=True)}


def test_criteria_pollutants_come_in_tonnes_and_lead_in_kilograms():
    made = emitted(("NOX", 5000, 1), ("7439-92-1", 12, 2), ("71-43-2", 9, 2), ("NOX", 1000, 1))
    assert {name: row["value"] for name, row in made.items()} == {"nox": 6, "lead": 12}
    f = RANGES["nei_factor_published"][0]
    assert made["lead"]["high"] == pytest.approx(12 * f)
    assert made["lead"]["grade"] == "C"


def test_coarse_particles_are_the_fine_ones_and_those_between():
    made = emitted(("PM2.5", 2000, 2), ("PM10-PM2.5", 500, 2))
    assert (made["pm25"]["value"], made["pm10"]["value"]) == (2, 2.5)
    assert made["pm10"]["sources"][:2] == ["nei/2017#0", "nei/2017#1"]


def test_without_both_sizes_there_are_no_coarse_particles():
    assert set(emitted(("PM2.5", 2000, 2))) == {"pm25"}
    assert emitted(("PM10-PM2.5", 2000, 2)) == {}


# --- Two programs beside each other


def program(*lines):
    names = ("facility_id", "year", "element", "kilograms", "reliability")
    return pl.DataFrame(
        [("a", 2017, *line) for line in lines], schema=names, orient="row", strict=False
    ).with_columns(pl.col("kilograms", "reliability").cast(pl.Float64), pl.col("year").cast(pl.Int64))


def test_metals_and_their_compounds_are_compared_together():
    made = toxic_agreement.pairs(program(("lead", 2, 1), ("lead", 6, 2)), program(("lead", 4, 2)))
    row = made.row(0, named=True)
    assert (row["tri"], row["nei"], row["factor"]) == (8, 4, pytest.approx(2))
    assert row["reliability"] == pytest.approx((2 * 1 + 6 * 2) / 8)
    assert row["same"] is False


def test_a_factor_is_the_same_either_way_and_zeros_have_none():
    one, other = program(("lead", 1, 1), ("zinc", 0, 1)), program(("lead", 10, 1), ("zinc", 5, 1))
    there, back = toxic_agreement.pairs(one, other), toxic_agreement.pairs(other, one)
    assert there["element"].to_list() == ["lead"]
    assert there["factor"][0] == pytest.approx(10) == pytest.approx(back["factor"][0])


def test_factors_count_pairs_by_score():
    pairs = pl.DataFrame(
        {
            "reliability": [1.0, 1.2, 4.0, 4.0],
            "factor": [1.0, 3.0, 9.0, 9.0],
            "same": [True, False, False, False],
        }
    )
    made = {r["score"]: r for r in toxic_agreement.factors(pairs).iter_rows(named=True)}
    assert (made[1]["pairs"], made[1]["same"], made[1]["within_2"]) == (2, 0.5, 0.5)
    assert made[1]["factor"] == pytest.approx(1 + 0.8 * 2)
    assert made[4]["factor"] == 9


# --- Facilities of the country


def test_a_facilitys_year_is_the_sum_of_its_chemicals():
    air = pl.DataFrame(
        {
            "number": [1, 1, 1, 2, 3],
            "chemical": ["known", "bare", "chrome", "bare", "chrome"],
            "year": [2020] * 5,
            "kilograms": [3.0, 7.0, 0.5, 1.0, 0.5],
        },
        schema_overrides={"number": pl.UInt32, "year": pl.UInt16, "kilograms": pl.Float32},
    )
    industry = pl.DataFrame(
        {"number": [1, 2, 3], "industry": ["cement", None, None]},
        schema_overrides={"number": pl.UInt32, "industry": pl.String},
    )
    made = {
        r["number"]: r for r in toxic_sites.years(air, WEIGHTS, industry, RANGES).iter_rows(named=True)
    }
    chrome = 500 * SHARES["cement"][0]
    assert (made[1]["kilograms"], made[1]["unweighted"]) == (10.5, 7)
    assert made[1]["weighted"] == pytest.approx(30 + chrome)
    assert (made[1]["main_chemical"], made[1]["main_share"]) == (
        "chrome",
        pytest.approx(chrome / (30 + chrome)),
    )
    assert made[1]["weighted_mn"] == 3 * 5 + 7 * 2
    assert made[1]["low"] < 30 + chrome < made[1]["high"]
    assert (made[2]["weighted"], made[2]["main_chemical"], made[2]["main_share"]) == (0, None, None)
    assert made[3]["weighted"] == pytest.approx(500 * RANGES[CHROME][0])  # of no industry here


def test_a_facility_is_of_the_industry_of_its_plant_or_of_its_code():
    sites = pl.DataFrame(
        {
            "number": range(1, 7),
            "naics": ["331110", "327310", "324199", "331313", "331110", None],
            "facility_id": [None, None, None, None, "a", None],
        }
    )
    plants = pl.DataFrame({"facility_id": ["a"], "industry": ["met_coke"]})
    made = toxic_sites.industries(sites, plants)
    assert made["industry"].to_list() == ["iron_steel", "cement", "met_coke", None, "met_coke", None]


# --- The kinds of chromium


def test_the_share_of_hexavalent_chromium_by_hand():
    emission = pl.DataFrame(
        [
            ("F1", "18540-29-9", 1.0),
            ("F1", "16065-83-1", 9.0),
            ("F2", "7738-94-5", 3.0),  # chromic acid
            ("F2", "16065-83-1", 3.0),
            ("F3", "18540-29-9", 50.0),  # of two plants at once
            ("F4", "16065-83-1", 84.0),
            ("F4", "7439-92-1", 1e6),  # lead
        ],
        schema=("group", "chemical", "kilograms"),
        orient="row",
    ).with_columns(year=pl.lit(2017))
    owners = pl.DataFrame(
        {
            "year": [2017] * 4,
            "group": ["F1", "F2", "F3", "F4"],
            "facility_id": ["a", "b", "both", "c"],
            "shared": [False, False, True, False],
        }
    )
    plants = pl.DataFrame(
        {"facility_id": ["a", "b", "c", "both"], "industry": ["cement", "cement", "cement", "met_coke"]}
    )
    (row,) = toxic_chromium.shares(emission, owners, plants).to_dicts()
    assert (row["industry"], row["plants"]) == ("cement", 3)
    assert (row["hexavalent"], row["chromium"]) == (4, 100)
    assert row["share"] == pytest.approx(0.04)
    # of 0, 0.1 and 0.5 the ends of the middle nine tenths, straight between neighbours
    assert (row["low"], row["high"]) == (pytest.approx(0.01), pytest.approx(0.46))
