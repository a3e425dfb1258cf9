import re
import time
from collections import defaultdict
from dataclasses import replace

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
from comingclean.estimates.production import steel
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


def test_every_plant_of_2020_has_each_estimate_or_a_reason_for_every_year_it_ran(world):
    assert gaps.unexplained(world.evidence, world.result.amounts, world.result.findings) == []
    plants = world.evidence.plants.filter(pl.col("reference_2020") == 1)
    assert plants.height == 215
    process = pl.col("quantity") == "ghg_subpart_process"
    ran = world.evidence.values.filter(process & (pl.col("value") > 0))
    ran = ran.join(plants, on="facility_id", how="semi").select("facility_id", "year")
    assert ran["facility_id"].n_unique() > 205
    told = {
        (row["facility_id"], row["subject"], year)
        for row in world.result.findings
        for year in row["facts"].get("years", ())
    }
    for quantity in gaps.EXPECTED:
        have = set(world.of(quantity).select("facility_id", "year").iter_rows())
        missed = [
            key for key in ran.iter_rows() if key not in have and (key[0], quantity, key[1]) not in told
        ]
        assert missed == []
    speaking = set(world.values["facility_id"]) | {row["facility_id"] for row in world.result.findings}
    assert set(plants["facility_id"]) <= speaking


def test_without_its_reason_a_plant_would_be_missed(world):
    fewer = [row for row in world.result.findings if row["rule"] != "melts_nothing"]
    missed = gaps.unexplained(world.evidence, world.result.amounts, fewer)
    assert {plant for plant, _, _ in missed} == {"us-steel-irvin-pa"}


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


def test_no_plant_is_ranked_by_tonnage_from_its_own_emissions(world):
    production = world.result.amounts["production"]
    inverted = {item.key for item in production.items if item.inverted}
    ranked = {(r.facility_id, r.year) for r in world.result.ranks if r.quantity != "ghg_intensity_pfc"}
    assert ranked
    assert not ranked & inverted
    cement = industry(world, "cement")
    assert not {plant for plant, _ in ranked} & cement


def test_an_inverted_plant_shows_its_routes_average_and_never_its_own_quotient(world):
    rows = world.of("ghg_intensity_scope1", 2021).filter(pl.col("method") == "intensity_route_average")
    kilns = rows.filter(pl.col("facility_id").is_in(industry(world, "cement")))
    assert kilns.height > 80
    assert kilns["value"].n_unique() == 1
    assert 0.7 < kilns["value"][0] < 0.8
    assert set(kilns["grade"]) == {"E"}


def test_gas_that_leaves_the_fence_is_told_and_not_ranked(world):
    told = {r["facility_id"] for r in world.result.findings if r["rule"] == "gas_leaves_the_fence"}
    ranked = {r.facility_id for r in world.result.ranks}
    assert {"cleveland-cliffs-dearborn-works-mi", "us-steel-clairton-coke-pa"} <= told
    assert not told & ranked


def test_company_wide_workforces_are_recognised_and_not_used(world):
    told = [r for r in world.result.findings if r["rule"] == "company_workforce_not_used"]
    assert len(told) == 4
    assert all(row["facility_id"].startswith("steel-dynamics-") for row in told)
    jobs = world.of("employment", 2021)
    rows = jobs.filter(pl.col("facility_id").is_in([row["facility_id"] for row in told]))
    assert set(rows["method"]) == {"employment_share"}
    assert rows.height == 4


def test_people_add_up_to_the_nations_less_what_is_outside(world):
    outside = world.factors["jobs_outside_iron_steel"].value
    people = total(world, "employment", 2020, "iron_steel")
    assert people == pytest.approx(83_200 * (1 - outside), rel=0.01)


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
        if row.published:
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


def test_all_estimates_are_made_within_twenty_seconds(world):
    start = time.perf_counter()
    estimate(world.evidence, world.factors).values()
    assert time.perf_counter() - start < 20


def test_a_parameter_of_a_stranger_and_an_impossible_total_are_refused(world):
    factor = replace(world.factors["workforce/st-marys-dixon-il/1"], name="workforce/nobody/1")
    stranger = type(world.factors)(world.factors.by_name | {"workforce/nobody/1": factor})
    with pytest.raises(InputError, match="workforce/nobody/1 speaks of a plant"):
        estimate(world.evidence, stranger)
    absurd = world.evidence.totals.with_columns(
        pl.when(pl.col("series") == "clinker")
        .then(pl.col("value") * 1e3)
        .otherwise("value")
        .alias("value"),
        *(
            pl.when(pl.col("series") == "clinker").then(pl.col(end) * 1e3).otherwise(end).alias(end)
            for end in ("low", "high")
        ),
    )
    evidence = type(world.evidence)(**{**frames(world.evidence), "totals": absurd})
    with pytest.raises(
        InputError, match=r"no combination of \d+ plants can make the clinker of 20\d\d"
    ):
        estimate(evidence, world.factors)


def frames(evidence):
    return {name: getattr(evidence, name) for name in evidence.__dataclass_fields__}


def per_tonne(world, group, year):
    """Emissions of a group of mills over the nation's tonnage, from the filings alone."""
    routes = dict(steel.GROUPS)[group]
    plants = [
        p
        for p in industry(world, "iron_steel")
        if world.evidence.route(p, year)[0] in routes and year in world.evidence.ran(p)
    ]
    raw, share = world.evidence.total("raw_steel", year), world.evidence.total("bof_share", year)
    part = share["value"] if group == "BOF" else 1 - share["value"]
    return sum(world.evidence.amount(SCOPE1, p, year) for p in plants) / (raw["value"] * part)


@pytest.mark.parametrize(("name", "group"), [("steel_ghg_eaf", "EAF"), ("steel_ghg_bof", "BOF")])
def test_the_factors_of_steel_are_recomputed_from_filings_and_totals(world, name, group):
    found = [per_tonne(world, group, year) for year in RAW_STEEL]
    factor = world.factors[name]
    assert np.mean(found) == pytest.approx(factor.value, rel=0.04)
    assert all(factor.low * 0.98 <= one <= factor.high * 1.02 for one in found)


def test_the_factor_of_the_anodes_is_recomputed(world):
    found = []
    for year in (2011, 2012, 2013, 2014, 2015, 2016, 2019, 2020, 2021, 2022, 2023):
        carbon = sum(
            world.evidence.amount("ghg_subpart_process", p, year)
            - world.evidence.amount("ghg_pfc", p, year)
            for p in industry(world, "aluminum")
        )
        found.append(carbon / world.evidence.total("aluminum", year)["value"])
    factor = world.factors["aluminum_anode_co2"]
    assert np.mean(found) == pytest.approx(factor.value, rel=0.01)
    assert factor.low - 0.01 <= min(found) <= max(found) <= factor.high + 0.01


def test_the_factor_of_dry_kilns_is_near_that_of_all_kilns(world):
    found = []
    for year in range(2014, 2023):
        plants = [
            p
            for p in industry(world, "cement")
            if year in world.evidence.ran(p) and world.evidence.plant[p]["state"] != "PR"
        ]
        emitted = sum(world.evidence.amount(SCOPE1, p, year) for p in plants)
        found.append(emitted / world.evidence.total("clinker", year)["value"])
    assert found[0] == pytest.approx(0.905, abs=0.02)
    assert found[-1] == pytest.approx(0.85, abs=0.02)
    assert np.mean(found[2:]) == pytest.approx(world.factors["clinker_ghg_dry"].value, rel=0.02)


def test_steel_per_pig_iron_and_clinker_per_cement_are_divisions_of_totals(world):
    ratios = []
    for year in range(2015, 2024):
        raw, share, iron = (
            world.evidence.total(s, year)["value"] for s in ("raw_steel", "bof_share", "pig_iron")
        )
        ratios.append(raw * share / iron)
    factor = world.factors["steel_per_pig_iron"]
    assert np.mean(ratios) == pytest.approx(factor.value, rel=0.003)
    assert sum(factor.low <= ratio <= factor.high + 0.002 for ratio in ratios) >= 8
    for year in range(2015, 2020):
        pair = [world.evidence.total(series, year)["value"] for series in ("clinker", "cement")]
        assert pair[0] / pair[1] == pytest.approx(
            world.factors[f"clinker_per_cement_{year}"].value, abs=1e-4
        )


def test_the_factor_of_heat_recovery_coke_is_recomputed(world):
    ovens = [p for p in industry(world, "met_coke") if p.startswith("suncoke-")]
    found = [
        sum(world.evidence.amount(SCOPE1, p, year) for p in ovens)
        / world.evidence.total("coke_heat_recovery", year)["value"]
        for year in (2022, 2023)
    ]
    assert np.mean(found) == pytest.approx(world.factors["coke_ghg_heat_recovery"].value, rel=0.01)


def test_the_error_of_an_interpolated_rate_is_what_interpolation_misses(world):
    rates = defaultdict(dict)
    for row in world.evidence.rates.iter_rows(named=True):
        rates[row["subregion"]][row["year"]] = row["value"]
    errors = [
        abs(np.log((by[2018] * 0.75 + by[2022] * 0.25) / by[2019]))
        for by in rates.values()
        if {2018, 2019, 2022} <= set(by)
    ]
    inside = np.mean(
        [error <= np.log1p(world.factors["grid_rate_interpolated"].value) for error in errors]
    )
    assert len(errors) >= 26
    assert 0.8 <= inside < 1


def test_a_test_of_fewer_than_twenty_cases_validates_nothing(world):
    by_test = defaultdict(list)
    for case in world.result.cases:
        by_test[case.test].append(case)
    assert set(by_test) == {"clinker_of_states", "smelters", "coke_ovens", "steel_capacity"}
    for name, cases in by_test.items():
        score = backtest.score(name, cases)
        assert (score.verdict == "not validated") == (score.n < 20)
        assert score.low <= score.covered <= score.high
    states = backtest.score("clinker_of_states", by_test["clinker_of_states"])
    assert (states.n, states.covered) == (3, 1.0)


def test_nothing_that_is_held_out_is_used(world):
    used = {
        name
        for trace in world.memory._traces.items()
        for name in trace[1].parameters
        if trace[0] != "backtest"
    }
    assert used
    assert not {name for name in used if name.startswith("heldout/")}


def test_output_that_is_held_out_moves_no_draw_that_it_is_held_against(world):
    doubled = world.evidence.output.with_columns(pl.col("value") * 2)
    evidence = type(world.evidence)(**{**frames(world.evidence), "output": doubled})
    tools = Tools(evidence, world.factors.tracked(), Draws())
    after = {(c.name, c.year): c for c in backtest.cases(tools, *[none(COUNT)] * 3)}
    before = {(c.name, c.year): c for c in world.result.cases if c.test == "steel_capacity"}
    assert set(after) == set(before)
    for key, case in before.items():
        assert after[key].known == pytest.approx(2 * case.known)
        assert np.array_equal(after[key].drawn, case.drawn)


@pytest.mark.parametrize(
    ("inside", "n", "low", "high"), [(10, 10, 0.787, 1.0), (18, 20, 0.738, 0.966), (0, 5, 0.0, 0.351)]
)
def test_the_interval_of_a_share_is_wilsons(inside, n, low, high):
    assert backtest.wilson(inside, n) == pytest.approx((low, high), abs=0.002)


def test_verdicts_follow_the_coverage():
    def case(known):
        return backtest.Case("t", "p", 2020, known, Draws(300).normal("x") + 10.0, "s")

    good = [case(10.0)] * 27 + [case(20.0)] * 3
    assert backtest.score("t", good).verdict == "holds"
    assert backtest.score("t", [case(20.0)] * 25).verdict == "fails"
    assert backtest.score("t", good[:19]).verdict == "not validated"


def test_every_method_and_every_reason_has_its_words(world):
    methods = (paths.data() / "methods.toml").read_text("utf-8")
    reasons = (paths.data() / "findings.toml").read_text("utf-8")
    for name in set(world.values["method"]):
        assert re.search(rf"^\[{name}\]$", methods, re.MULTILINE), name
    for name in {row["rule"] for row in world.result.findings}:
        assert re.search(rf"^\[{name}\]$", reasons, re.MULTILINE), name


def test_every_parameter_is_used_or_held_out(world):
    estimate(world.evidence, world.factors, memory=world.memory)
    used = {name for trace in world.memory._traces.values() for name in trace.parameters}
    mine = [
        name
        for name in world.factors.by_name
        if not name.startswith(("ghg_", "national/", "population_", "community_", "gas_leaves/"))
        and name.split("_")[0]
        in {"steel", "mill", "coke", "clinker", "cement", "electricity", "jobs", "dri"}
    ]
    assert len(mine) > 50
    # Every heat-recovery plant has a capacity; the factor is there to be checked, and for a new one.
    assert [name for name in mine if name not in used] == ["coke_ghg_heat_recovery"]
