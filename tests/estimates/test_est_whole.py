import re
from collections import defaultdict
from copy import copy

import numpy as np
import polars as pl
import pytest
from est_world import changed

from comingclean import paths
from comingclean.errors import InputError
from comingclean.estimates import backtest, gaps
from comingclean.estimates.amounts import none
from comingclean.estimates.draws import COUNT, Draws
from comingclean.estimates.evidence import SCOPE1
from comingclean.estimates.production.common import Tools
from comingclean.estimates.steps import Steps
from comingclean.estimates.whole import estimate

# Typed from USGS Mineral Commodity Summaries 2024: raw steel (Mt), aluminum (kt), clinker (kt).
RAW_STEEL = {2019: 87.8, 2020: 72.7, 2021: 85.8, 2022: 80.5, 2023: 80.0}
ALUMINUM = {2019: 1090, 2020: 1010, 2021: 889, 2022: 861, 2023: 750}
CLINKER = {2019: 78000, 2020: 79100, 2021: 79200}
MOVED = {"electricity_cement_kiln", "steel_ghg_eaf"}


def industry(world, name):
    return {plant for plant, row in world.evidence.plant.items() if row["industry"] == name}


def total(world, quantity, year, name, outside=()):
    plants = industry(world, name) - set(outside)
    rows = world.of(quantity, year).filter(pl.col("facility_id").is_in(plants))
    return rows["value"].sum()


@pytest.mark.parametrize("year", RAW_STEEL)
def test_the_nations_steel_and_aluminum_are_met_within_one_per_cent(world, year):
    assert total(world, "production", year, "iron_steel") / 1e6 == pytest.approx(
        RAW_STEEL[year], rel=0.01
    )
    assert total(world, "production", year, "aluminum") / 1e3 == pytest.approx(ALUMINUM[year], rel=0.01)


@pytest.mark.parametrize("year", CLINKER)
def test_the_nations_clinker_is_met_without_puerto_rico(world, year):
    away = {p for p, row in world.evidence.plant.items() if row["state"] == "PR"}
    made = total(world, "production_clinker", year, "cement", away)
    assert made / 1e3 == pytest.approx(CLINKER[year], rel=0.01)


def test_every_value_lies_in_its_interval_and_rests_on_rows(world):
    rows = world.values
    assert (
        rows.filter((pl.col("value") < pl.col("low")) | (pl.col("value") > pl.col("high"))).height == 0
    )
    assert rows["low"].min() >= 0
    assert rows.filter(pl.col("low") == pl.col("high")).height == 0
    assert rows["sources"].list.len().min() > 0
    assert rows.select(pl.struct("facility_id", "year", "quantity").n_unique()).item() == rows.height
    assert set(rows["grade"]) <= set("CDE")


def test_company_wide_workforces_are_recognised_and_not_used(world):
    told = [r for r in world.result.findings if r["rule"] == "company_workforce_not_used"]
    assert len(told) == 4
    assert all(row["facility_id"].startswith("steel-dynamics-") for row in told)
    jobs = world.of("employment", 2021)
    rows = jobs.filter(pl.col("facility_id").is_in([row["facility_id"] for row in told]))
    assert set(rows["method"]) == {"employment_share"}
    assert rows.height == 4


def test_no_bought_power_before_2018_and_captive_power_counts_once(world):
    assert world.of("ghg_scope2")["year"].min() == 2018
    warrick = world.of("ghg_scope2", 2020).filter(pl.col("facility_id") == "alcoa-warrick-in")
    metal = world.of("production", 2020).filter(pl.col("facility_id") == "alcoa-warrick-in")
    station = 5.4e6
    assert warrick["value"][0] < station / 2
    assert warrick["value"][0] / metal["value"][0] == pytest.approx(14.8 * 0.47, rel=0.15)
    assert "captive_power_once" in {r["rule"] for r in world.result.findings}


def test_bought_power_of_one_works_by_hand(world):
    year, name = 2019, "us-steel-gary-works-in"
    steel_made = world.of("production", year).filter(pl.col("facility_id") == name)["value"][0]
    rate = (1067.7 + 25 * 0.099 + 298 * 0.014) * 0.45359237 / 1000
    power = world.of("ghg_scope2", year).filter(pl.col("facility_id") == name)["value"][0]
    assert power == pytest.approx(steel_made * 0.250 * rate, rel=0.06)


def test_what_stood_before_a_total_is_kept_beside(world):
    after = world.of("production", 2020)
    before = world.of("production_unreconciled", 2020)
    steel_mills = industry(world, "iron_steel")
    assert set(before["facility_id"]) & steel_mills == set(after["facility_id"]) & steel_mills
    assert not set(world.of("production_unreconciled", 2012)["facility_id"]) & steel_mills
    for row in world.result.adjustments:
        if row.route == "outside the atlas":
            assert row.published is None
        elif row.published:
            assert row.after == pytest.approx(row.published, rel=0.01)
        else:
            assert row.after == row.before


def test_no_adjustment_is_larger_than_a_fifth(world):
    moved = [row for row in world.result.adjustments if row.published and row.product != "jobs"]
    assert len(moved) > 30
    assert all(0.8 < row.after / row.before < 1.2 for row in moved)


def test_idle_works_made_nothing(world):
    granite = world.of("production").filter(pl.col("facility_id") == "us-steel-granite-city-works-il")
    assert not {2016, 2017} & set(granite["year"])
    assert {2015, 2018, 2020} <= set(granite["year"])
    lakes = world.of("production").filter(pl.col("facility_id") == "us-steel-great-lakes-works-mi")
    assert max(lakes["year"]) == 2020


def test_a_changed_parameter_takes_again_only_what_depends_on_it(world):
    whole = estimate(world.evidence, world.factors, memory=world.memory)
    assert world.memory.taken == []
    assert whole.values().equals(world.values)
    given = changed(world.factors, "electricity_cement_kiln", value=0.5 * 139, low=60.0)
    less = estimate(world.evidence, given, memory=world.memory)
    assert set(world.memory.taken) == {"scope2/cement", "intensity_both/cement", "ranks"}
    kept = ["facility_id", "year", "quantity", "value"]
    moved = less.values().select(kept).join(world.values.select(kept), on=kept, how="anti")
    assert set(moved["quantity"]) == {"ghg_scope2", "ghg_intensity_scope1_2"}
    assert set(moved["facility_id"]) <= industry(world, "cement")
    fresh = estimate(world.evidence, given, memory=Steps()).values()
    assert fresh.equals(less.values())


def test_a_change_far_up_reaches_all_that_follows_and_nothing_beside(world):
    estimate(world.evidence, world.factors, memory=world.memory)
    given = changed(world.factors, "clinker_plant_spread", value=0.2)
    estimate(world.evidence, given, memory=world.memory)
    taken = set(world.memory.taken)
    assert {"clinker", "cement", "scope2/cement", "employment/cement", "backtest"} <= taken
    assert not {name for name in taken if "steel" in name or "aluminum" in name or name == "coke"}
    estimate(world.evidence, world.factors, memory=world.memory)


def frames(evidence):
    return {name: getattr(evidence, name) for name in evidence.__dataclass_fields__}


@pytest.mark.parametrize(
    ("inside", "n", "low", "high"), [(10, 10, 0.787, 1.0), (18, 20, 0.738, 0.966), (0, 5, 0.0, 0.351)]
)
def test_the_interval_of_a_share_is_wilsons(inside, n, low, high):
    assert backtest.wilson(inside, n) == pytest.approx((low, high), abs=0.002)


def test_every_method_and_every_reason_has_its_words(world):
    methods = (paths.data() / "methods.toml").read_text("utf-8")
    reasons = (paths.data() / "findings.toml").read_text("utf-8")
    for name in set(world.values["method"]):
        assert re.search(rf"^\[{name}\]$", methods, re.MULTILINE), name
    for name in {row["rule"] for row in world.result.findings}:
        assert re.search(rf"^\[{name}\]$", reasons, re.MULTILINE), name


def test_every_plant_of_2020_has_each_estimate_or_a_reason_for_every_year_it_filed(world):
    plants = world.evidence.plants.filter(pl.col("reference_2020") == 1)
    assert plants.height == 215
    filed = world.evidence.values.filter((pl.col("quantity") == SCOPE1) & (pl.col("value") > 0))
    filed = filed.join(plants, on="facility_id", how="semi").select("facility_id", "year")
    assert filed["facility_id"].n_unique() > 205
    told = {(one.facility_id, one.quantity, one.year) for one in world.result.absent}
    for quantity in gaps.EXPECTED:
        have = set(world.of(quantity).select("facility_id", "year").iter_rows())
        missed = [
            (plant, year)
            for plant, year in filed.iter_rows()
            if (plant, year) not in have and (plant, quantity, year) not in told
        ]
        assert missed == []
    spoken = {(r["facility_id"], r["subject"], r["rule"]) for r in world.result.findings}
    assert {(one.facility_id, one.quantity, one.rule) for one in world.result.absent} <= spoken


RAGLAND = "national-cement-ragland-al"


@pytest.mark.parametrize("year", [2018, 2019, 2020])
def test_a_kiln_that_filed_under_combustion_alone_has_its_clinker(world, year):
    filed = world.evidence.amount(SCOPE1, RAGLAND, year)
    made = world.of("production_clinker", year).filter(pl.col("facility_id") == RAGLAND)["value"][0]
    assert filed / made == pytest.approx(0.86, abs=0.06)
    for quantity in gaps.EXPECTED:
        assert RAGLAND in set(world.of(quantity, year)["facility_id"])


@pytest.mark.parametrize(
    ("plant", "years", "rule"),
    [
        ("liberty-steel-georgetown-sc", {2020, 2022, 2023}, "stood_idle"),
        ("st-marys-dixon-il", {2010, 2014, 2018, 2019, 2020}, "stood_idle"),
        ("us-steel-great-lakes-works-mi", {2021, 2022, 2023}, "stood_idle"),
        ("alcoa-intalco-wa", {2021, 2022, 2023}, "stood_idle"),
        ("buzzi-maryneal-tx", {2017}, "fuel_without_process"),
    ],
)
def test_years_in_which_nothing_was_made_are_told(world, plant, years, rule):
    absent = [one for one in world.result.absent if one.facility_id == plant]
    told = {one.year for one in absent if one.quantity == "production" and one.rule == rule}
    assert told == years
    people = {one.year for one in absent if one.quantity == "employment"}
    assert years - people <= set(world.of("employment").filter(pl.col("facility_id") == plant)["year"])


def test_no_plant_is_ranked_by_tonnage_from_its_own_emissions(world):
    production = world.result.amounts["production"]
    inverted = {item.key for item in production.items if item.inverted}
    ranking = world.result.ranking
    ranked = {(r.facility_id, r.year) for r in ranking.ranked if r.quantity != "ghg_intensity_pfc"}
    assert ranked
    assert not ranked & inverted
    assert not {plant for plant, _ in ranked} & industry(world, "cement")
    compared = {(r.facility_id, r.year, r.quantity) for r in (*ranking.ranked, *ranking.rest)}
    for quantity in ("ghg_intensity_scope1", "ghg_intensity_scope1_2", "ghg_intensity_pfc"):
        shown = {
            (*row, quantity) for row in world.of(quantity).select("facility_id", "year").iter_rows()
        }
        assert {key for key in compared if key[2] == quantity} == shown


def test_stainless_and_special_mills_are_no_peers_of_rebar_mills(world):
    peers = {r.facility_id: r.peers for r in world.result.ranking.ranked}
    assert peers["nucor-seattle-wa"] == "EAF, long"
    assert peers["nucor-berkeley-sc"] == "EAF, flat"
    assert peers.get("north-american-stainless-ghent-ky") in (None, "EAF, stainless")
    assert "finkl-steel-chicago-il" not in {
        r.facility_id for r in world.result.ranking.ranked if r.peers in ("EAF, flat", "EAF, long")
    }


@pytest.mark.parametrize("plant", ["finkl-steel-chicago-il", "liberty-steel-georgetown-sc"])
def test_a_capacity_in_doubt_keeps_a_mill_out_of_every_ranking(world, plant):
    reasons = {r.reason for r in world.result.ranking.rest if r.facility_id == plant}
    assert "tonnage_in_doubt" in reasons
    assert plant not in {r.facility_id for r in world.result.ranking.ranked}


def test_gas_that_leaves_the_fence_is_told_and_not_ranked(world):
    told = {r["facility_id"] for r in world.result.findings if r["rule"] == "gas_leaves_the_fence"}
    ranked = {r.facility_id for r in world.result.ranking.ranked}
    assert {"cleveland-cliffs-dearborn-works-mi", "us-steel-clairton-coke-pa"} <= told
    assert not told & ranked


def test_an_inverted_plant_shows_its_kinds_average_and_never_its_own_quotient(world):
    rows = world.of("ghg_intensity_scope1", 2021).filter(pl.col("method") == "intensity_route_average")
    kilns = rows.filter(pl.col("facility_id").is_in(industry(world, "cement")))
    assert kilns.height > 80
    by_kind = defaultdict(set)
    for row in kilns.iter_rows(named=True):
        by_kind[world.evidence.route(row["facility_id"], 2021)[0]].add(row["value"])
        assert row["high"] / row["low"] > 1.2
    assert all(len(values) == 1 for values in by_kind.values())
    assert by_kind["wet kiln"].pop() > by_kind["dry kiln"].pop() > 0.7
    mills = rows.filter(pl.col("facility_id").is_in(industry(world, "iron_steel")))
    assert (mills["high"] / mills["low"]).min() > 2
    assert set(rows["grade"]) == {"E"}


@pytest.mark.parametrize(("name", "series"), [("iron_steel", 83_200), ("cement", 12_500)])
def test_people_and_those_outside_add_up_to_the_nations(world, name, series):
    people = total(world, "employment", 2020, name)
    rows = [
        r for r in world.result.adjustments if (r.industry, r.product, r.year) == (name, "jobs", 2020)
    ]
    outside = next(r for r in rows if r.route == "outside the atlas")
    assert people + outside.after == pytest.approx(series, rel=0.01)
    assert next(r for r in rows if r.route == "all").published == series
    assert (outside.published, outside.verified) == (None, False)


def test_people_stay_within_what_their_own_evidence_says(world):
    key = ["facility_id", "year"]
    own = world.of("employment_unreconciled").select(*key, own_low="low", own_high="high")
    both = world.of("employment").join(own, on=key, validate="1:1")
    assert both.height > 1500
    out = both.filter(~pl.col("value").is_between(pl.col("own_low"), pl.col("own_high")))
    assert out.height == 0


def test_mills_have_no_more_people_a_tonne_than_those_with_a_known_number(world):
    usual = world.of("production").group_by("facility_id").agg(tonnes=pl.col("value").mean())
    jobs = world.of("employment", 2020).join(usual, on="facility_id", validate="1:1")
    steel = jobs.filter(pl.col("facility_id").is_in(industry(world, "iron_steel")))
    steel = steel.with_columns(per=pl.col("value") / pl.col("tonnes") * 1e3)
    known = steel.filter(pl.col("method") == "employment_inventory")["per"]
    guessed = steel.filter(pl.col("method") == "employment_share")
    assert guessed.height > 20
    assert known.min() < guessed["per"].min()
    assert guessed["per"].max() < known.max()
    assert guessed["value"].max() < 1000


def test_witnesses_that_disagree_are_told_and_lower_the_grade(world):
    told = {
        (r["facility_id"], year)
        for r in world.result.findings
        if r["rule"] == "sources_disagree"
        for year in r["facts"]["years"]
    }
    wanted = {
        ("cleveland-cliffs-steelton-pa", 2020),
        ("cleveland-cliffs-coatesville-pa", 2020),
        ("cleveland-cliffs-middletown-works-oh", 2020),
        ("cleveland-cliffs-dearborn-works-mi", 2023),
    }
    assert wanted <= told
    rows = {row["facility_id"]: row for row in world.of("production", 2020).iter_rows(named=True)}
    steelton = rows["cleveland-cliffs-steelton-pa"]
    assert steelton["grade"] in "DE"
    assert steelton["high"] / steelton["low"] > 3


def test_no_mill_jumps_by_more_than_its_emissions_where_the_method_changes(world):
    """A first or partial year aside, for which the method says so."""
    made = {(r["facility_id"], r["year"]): r for r in world.of("production").iter_rows(named=True)}
    far = []
    for (plant, year), row in made.items():
        before = made.get((plant, year - 1))
        if before is None or before["method"] == row["method"]:
            continue
        now, then = (world.evidence.amount(SCOPE1, plant, at) for at in (year, year - 1))
        part = any("_part" in method for method in (row["method"], before["method"]))
        jump = abs(np.log(row["value"] / before["value"]) - np.log(now / then))
        if now and then and not part and jump > np.log(1.6):
            far.append((plant, year))
    assert far == []


def test_the_first_year_of_a_new_furnace_is_not_a_full_year(world):
    rows = world.of("production").filter(pl.col("facility_id") == "us-steel-fairfield-works-al")
    made = dict(rows.select("year", "value").iter_rows())
    assert made[2020] < 0.75 * made[2021]
    ranked = {(r.facility_id, r.year) for r in world.result.ranking.ranked if r.better > 0.95}
    assert ("us-steel-fairfield-works-al", 2020) not in ranked


def test_a_total_that_contradicts_a_plants_own_evidence_is_told(world):
    made = world.result.amounts["production"]
    told = {
        (r["facility_id"], year)
        for r in world.result.findings
        if r["rule"] == "moved_by_the_total" and r["subject"] == "production"
        for year in r["facts"]["years"]
    }
    before = world.result.unreconciled["production_unreconciled"]
    for item in made.items:
        if item.reconciled:
            low, high = before.interval(item.key)
            out = not low <= made.at(item.key).mean() <= high
            assert (item.key in told) == out
            assert not out or item.grade in "DE"


def test_no_grade_is_better_than_the_parameters_that_set_the_middle(world):
    for amounts in (*world.result.amounts.values(), *world.result.unreconciled.values()):
        for item in amounts.items:
            assert item.grade >= world.factors.weakest(item.sources)
    coke = world.of("production", 2020).filter(pl.col("method") == "coke_capacity")
    by_product = {p for p in industry(world, "met_coke") if not p.startswith("suncoke")}
    assert set(coke.filter(pl.col("facility_id").is_in(by_product))["grade"]) == {"E"}
    early = world.of("production", 2013).filter(pl.col("method") == "steel_capacity")
    assert set(early["grade"]) == {"E"}


def test_an_iron_unit_behind_the_same_fence_makes_a_mill_no_peer_of_others(world):
    butler = [r for r in world.result.ranking.rest if r.facility_id == "steel-dynamics-butler-in"]
    assert {r.reason for r in butler} <= {"too_few_peers", "tonnage_in_doubt"}
    assert "steel-dynamics-butler-in" not in {r.facility_id for r in world.result.ranking.ranked}


def test_sentences_about_tonnage_are_true_of_every_plant_and_year(world):
    production = world.result.amounts["production"]
    for row in world.result.findings:
        if row["rule"] in ("tonnage_from_emissions", "smelter_by_factor"):
            for year in row["facts"]["years"]:
                item = production.item((row["facility_id"], year))
                assert item.inverted
                assert (item.route == "electrolysis") == (row["rule"] == "smelter_by_factor")
    jobs = world.of("employment").filter(pl.col("method") == "employment_notice")
    massena = jobs.filter(pl.col("facility_id") == "alcoa-massena-west-ny")
    assert {2016, 2017, 2018} <= set(massena["year"])


def test_tonnes_that_do_not_move_from_year_to_year_say_so(world):
    told = {
        r["facility_id"]: r["facts"]["years"]
        for r in world.result.findings
        if r["rule"] == "same_use_for_all"
    }
    assert len(told["us-steel-clairton-coke-pa"]) == 14
    assert "cleveland-cliffs-steelton-pa" not in told


def test_a_changed_total_takes_again_what_is_made_to_meet_it(world):
    estimate(world.evidence, world.factors, memory=world.memory)
    given = changed(world.factors, "national/clinker_2022", value=80.0e6)
    moved = estimate(world.evidence, given, memory=world.memory)
    assert {"clinker", "cement", "scope2/cement"} <= set(world.memory.taken)
    assert not {name for name in world.memory.taken if "steel" in name or "aluminum" in name}
    assert moved.values().equals(estimate(world.evidence, given, memory=Steps()).values())
    kiln = pl.col("facility_id") == RAGLAND
    before, after = (
        v.filter((pl.col("quantity") == "production_clinker") & (pl.col("year") == 2022) & kiln)[
            "value"
        ][0]
        for v in (world.values, moved.values())
    )
    assert after < before
    estimate(world.evidence, world.factors, memory=world.memory)


def test_what_is_remembered_of_one_evidence_is_not_used_for_another(world):
    estimate(world.evidence, world.factors, memory=world.memory)
    memory = copy(world.memory)
    memory._traces = dict(world.memory._traces)
    twice = world.evidence.values.with_columns(
        pl.when(pl.col("facility_id") == RAGLAND).then(pl.col(end) * 2).otherwise(end).alias(end)
        for end in ("value", "low", "high")
    )
    other = type(world.evidence)(**{**frames(world.evidence), "values": twice})
    assert not estimate(other, world.factors, memory=memory).values().equals(world.values)


def test_an_impossible_total_is_refused(world):
    absurd = world.evidence.totals.with_columns(
        pl.when(pl.col("series") == "clinker").then(pl.col(end) * 1e3).otherwise(end).alias(end)
        for end in ("value", "low", "high")
    )
    evidence = type(world.evidence)(**{**frames(world.evidence), "totals": absurd})
    with pytest.raises(InputError, match=r"the clinker of 20\d\d, .* lies .* standard deviations from"):
        estimate(evidence, world.factors)


TESTS = {
    "clinker_of_states": "clinker_plant_spread",
    "smelters": "",
    "coke_ovens": "",
    "steel_capacity_2019_2020": "mill_use_spread",
    "steel_capacity_2021_2023": "mill_use_spread",
}


def test_what_a_spread_was_set_on_is_not_called_held_out(world):
    by_test = defaultdict(list)
    for case in world.result.cases:
        by_test[case.test].append(case)
    assert set(by_test) == set(TESTS)
    for name, cases in by_test.items():
        score = backtest.score(name, cases)
        assert score.set_on == TESTS[name]
        assert score.verdict == ("not held out" if score.set_on else "not validated")
        assert score.low <= score.covered <= score.high
        assert score.n == len({case.unit for case in cases}) <= score.cases == len(cases)
    first = backtest.score("t", by_test["steel_capacity_2019_2020"])
    assert (first.n, first.cases) == (11, 18)


def test_what_is_held_out_takes_no_step_but_the_test(world):
    estimate(world.evidence, world.factors, memory=world.memory)
    held = [
        name for name in world.factors.by_name if name.startswith(("heldout/smelters", "heldout/coke"))
    ]
    assert len(held) == 3
    for name in held:
        given = changed(world.factors, name, value=world.factors[name].value * 1.01, high=1e9)
        estimate(world.evidence, given, memory=world.memory)
        assert world.memory.taken == ["backtest"]
    estimate(world.evidence, world.factors, memory=world.memory)


def test_output_that_is_held_out_moves_no_draw_that_it_is_held_against(world):
    doubled = world.evidence.output.with_columns(pl.col("value") * 2)
    evidence = type(world.evidence)(**{**frames(world.evidence), "output": doubled})
    tools = Tools(evidence, world.factors.tracked(), Draws())
    after = {(c.unit, c.year): c for c in backtest.cases(tools, *[none(COUNT)] * 3)}
    before = {(c.unit, c.year): c for c in world.result.cases if c.test.startswith("steel_capacity")}
    assert set(after) == set(before)
    for key, case in before.items():
        assert after[key].known == pytest.approx(2 * case.known)
        assert np.array_equal(after[key].drawn, case.drawn)


def test_verdicts_follow_the_coverage_of_plants_and_not_of_years():
    def case(known, unit, set_on=""):
        return backtest.Case("t", unit, 2020, known, Draws(300).normal("x") + 10.0, "s", set_on)

    good = [case(10.0, f"p{n}") for n in range(27)] + [case(20.0, f"q{n}") for n in range(3)]
    assert backtest.score("t", good).verdict == "holds"
    assert backtest.score("t", [case(20.0, f"p{n}") for n in range(25)]).verdict == "fails"
    assert backtest.score("t", good[:19]).verdict == "not validated"
    assert backtest.score("t", [case(10.0, "p", "spread")] * 30).verdict == "not held out"
    years = backtest.score("t", [case(10.0, "p")] * 29 + [case(20.0, "q")])
    assert (years.n, years.cases, years.covered) == (2, 30, 0.5)


def test_every_parameter_is_used_or_held_out(world):
    estimate(world.evidence, world.factors, memory=world.memory)
    used = {name for trace in world.memory._traces.values() for name in trace.parameters}
    mine = [
        name
        for name, factor in world.factors.by_name.items()
        if factor.role != "other"
        and not name.startswith(
            ("ghg_", "survey_", "grid_half", "grid_neigh", "grid_least", "national/")
        )
        and not name.startswith(("gas_leaves/", "compare/"))
    ]
    assert len(mine) > 90
    # Every heat-recovery plant has a capacity; the factor is there to be checked, and for a new one.
    assert [name for name in mine if name not in used] == ["coke_ghg_heat_recovery"]
