from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from est_world import filing, made, plant, small

from comingclean.estimates import intensity, ranks, scope2
from comingclean.estimates.amounts import Amounts, Item, none
from comingclean.estimates.draws import Draws
from comingclean.estimates.grid_place import Rules, grid_places
from comingclean.estimates.production.common import Tools

DRAWS = Draws(800)
RULES = Rules(12, 15.0, 0.03)
FACTORS = made(
    ("electricity_eaf", 700.0, 500.0, 850.0, "kWh/t"),
    ("electricity_bof", 250.0, 100.0, 450.0, "kWh/t"),
    ("electricity_cement_kiln", 139.0, 120.0, 150.0, "kWh/t"),
    ("electricity_dri", 110.0, 80.0, 150.0, "kWh/t"),
    ("electricity_plant_spread", 0.15, 0.1, 0.25, "share"),
    ("grid_rate_published", 0.03, 0.02, 0.05, "share"),
    ("grid_rate_interpolated", 0.08, 0.05, 0.1, "share"),
    ("steel_ghg_eaf", 0.25, 0.2, 0.3, "t CO2e/t steel"),
    ("tonnage_doubt", 2.5, 2.0, 3.0, "factor"),
    ("aluminum_anode_co2", 1.7, 1.6, 1.8, "t CO2/t aluminum"),
    ("gas_leaves/away", 0.5, 0.4, 0.6, "t CO2e/t steel"),
)
RATES = [("RFCW", 2018, 0.5, "e/18"), ("RFCW", 2019, 0.48, "e/19"), ("RFCW", 2022, 0.42, "e/22")]


def amounts(*rows, route="EAF", **more):
    """Amounts of (plant, year, tonnes), each draw alike."""
    items = tuple(
        Item(name, year, route, "steel_capacity", "D", ("s",), unit=name, **more)
        for name, year, _ in rows
    )
    return Amounts(items, np.array([np.full(DRAWS.count, float(tonnes)) for _, _, tonnes in rows]))


def tools(places=(("m", "RFCW", 1.0),), rates=RATES, **rows):
    grid = [(name, where, share, 3.0, ["p"]) for name, where, share in places]
    return Tools(small(rates=rates, grid=grid, **rows), FACTORS.tracked(), DRAWS)


def test_bought_power_is_tonnes_times_electricity_times_the_rate_of_the_year():
    found = scope2.scope2(tools(), amounts(("m", 2019, 1e6)), none(DRAWS.count))
    assert found.draws.mean() == pytest.approx(1e6 * 0.7 * 0.48, rel=0.03)
    item = found.items[0]
    assert item.method == "scope2_published"
    assert {"e/19", "parameters/electricity_eaf", "p"} <= set(item.sources)


def test_a_year_between_two_tables_is_interpolated_and_says_so():
    found = scope2.scope2(tools(), amounts(("m", 2020, 1e6), ("m", 2021, 1e6)), none(DRAWS.count))
    ratio = found.draws.mean(axis=1) / (1e6 * 0.7)
    assert ratio == pytest.approx([0.46, 0.44], rel=0.03)
    assert {item.method for item in found.items} == {"scope2_interpolated"}
    assert {"e/19", "e/22"} <= set(found.items[0].sources)


def test_before_2018_and_after_the_last_table_nothing_is_said():
    found = scope2.scope2(tools(), amounts(("m", 2017, 1e6), ("m", 2023, 1e6)), none(DRAWS.count))
    assert found.items == ()


def test_coke_and_rolling_have_no_electricity_and_no_estimate():
    for route in ("by-product coke", "heat-recovery coke", "rolling only"):
        given = amounts(("m", 2019, 1e6), route=route)
        assert scope2.scope2(tools(), given, none(DRAWS.count)).items == ()


def test_iron_made_beside_the_furnace_adds_its_power():
    steel, iron = amounts(("m", 2019, 1e6), route="EAF+DRI"), amounts(("m", 2019, 1e6), route="DRI")
    alone = scope2.scope2(tools(), steel, none(DRAWS.count)).draws.mean()
    both = scope2.scope2(tools(), steel, iron).draws.mean()
    assert both / alone == pytest.approx(810 / 700, rel=0.03)
    only = scope2.scope2(tools(), none(DRAWS.count), iron)
    assert only.draws.mean() == pytest.approx(1e6 * 0.11 * 0.48, rel=0.03)


def test_a_mixed_neighbourhood_draws_each_subregion_by_its_share():
    rates = [*RATES, ("SRTV", 2019, 0.1, "e/s")]
    mixed = tools(places=(("m", "RFCW", 0.75), ("m", "SRTV", 0.25)), rates=rates)
    found = scope2.scope2(mixed, amounts(("m", 2019, 1e6)), none(DRAWS.count))
    assert found.draws.mean() == pytest.approx(1e6 * 0.7 * (0.75 * 0.48 + 0.25 * 0.1), rel=0.06)
    low, high = np.quantile(found.draws[0], [0.05, 0.95])
    assert high / low > 3
    assert found.items[0].grade == "D"


def test_all_plants_of_a_route_err_together():
    places = (("m", "RFCW", 1.0), ("n", "RFCW", 1.0))
    given = amounts(("m", 2019, 1e6), ("n", 2019, 1e6))
    found = scope2.scope2(tools(places), given, none(DRAWS.count))
    assert np.corrcoef(found.draws)[0, 1] > 0.6


POWER = pl.DataFrame(
    [
        ("RFCW", 41.0, -87.0, "p1"),
        ("RFCW", 41.1, -87.1, "p2"),
        ("RFCW", 41.2, -87.2, "p3"),
        ("SRMW", 41.9, -88.5, "p4"),
        ("CAMX", 34.0, -118.0, "p5"),
    ],
    schema=["subregion", "latitude", "longitude", "lineage_id"],
    orient="row",
)


def where(latitude, longitude, state="IN"):
    schema = ["facility_id", "state", "latitude", "longitude"]
    return pl.DataFrame([("m", state, latitude, longitude)], schema=schema, orient="row")


def test_a_plant_is_on_the_grid_of_its_neighbours():
    found = grid_places(where(41.02, -87.02), POWER, RULES)
    assert found["subregion"][0] == "RFCW"
    assert found["share"].sum() == pytest.approx(1.0)
    assert found.row(0, named=True)["lineage_ids"] == ["p1"]
    assert grid_places(where(34.0, -118.0), POWER, RULES)["subregion"].to_list() == ["CAMX"]


def test_puerto_rico_has_its_own_grid_and_no_neighbour():
    row = grid_places(where(18.4, -66.3, "PR"), POWER, RULES).row(0, named=True)
    assert (row["subregion"], row["share"], row["nearest_km"]) == ("PRMS", 1.0, None)


def ranked(*args):
    """Those who are ranked."""
    return list(ranks.ranking(*args).ranked)


def rolls(name, what="flat"):
    """What a mill rolls."""
    return (name, "products", what, None, None, 2025, 2025, "stated", "", f"a/{name}")


def world(emitted, share=0.02, products="flat"):
    """Plants of a route with what each filed for 2020."""
    return Tools(
        small(
            plants=[plant(name, "iron_steel") for name in emitted],
            attributes=[rolls(name, products) for name in emitted if products],
            values=[filing(name, 2020, "ghg_scope1", v, share) for name, v in emitted.items()],
        ),
        FACTORS.tracked(),
        DRAWS,
    )


def test_intensity_is_emissions_over_tonnage_and_its_middle_is_that_of_the_middles():
    given = world({"m": 250e3})
    products = amounts(("m", 2020, 1e6))
    wide = Amounts(products.items, products.draws * DRAWS.spread("wide", 0.8))
    row = intensity.scope1(given, wide).values("q").row(0, named=True)
    assert row["value"] == pytest.approx(0.25, rel=0.01)
    assert row["low"] < 0.16
    assert row["high"] > 0.4
    assert row["method"] == "intensity_scope1"


def test_inverted_tonnage_gets_the_average_of_its_route_and_no_rank():
    emitted = {"a": 200e3, "b": 300e3, "c": 400e3, "dirty": 900e3}
    own = amounts(*((name, 2020, 1e6) for name in ("a", "b", "c")))
    marked = amounts(("dirty", 2020, 2e6), inverted=True)
    both = Amounts((*own.items, *marked.items), np.concatenate([own.draws, marked.draws]))
    given = world(emitted)
    found = intensity.scope1(given, both)
    values = {row["facility_id"]: row for row in found.values("q").iter_rows(named=True)}
    assert values["dirty"]["value"] == pytest.approx(1.8e6 / 5e6, rel=0.01)
    assert values["dirty"]["method"] == "intensity_route_average"
    assert values["dirty"]["grade"] == "E"
    found_ranks = ranked(given, found, "q")
    assert {rank.facility_id for rank in found_ranks} == {"a", "b", "c"}
    assert {rank.n for rank in found_ranks} == {3}
    assert {rank.peers for rank in found_ranks} == {"EAF, flat"}
    (rest,) = ranks.ranking(given, found, "q").rest
    assert (rest.facility_id, rest.reason) == ("dirty", "tonnage_from_emissions")


def test_whoever_is_surely_better_has_the_first_rank_and_a_probability_near_one():
    emitted = {"a": 100e3, "b": 200e3, "c": 400e3}
    given = world(emitted)
    found = intensity.scope1(given, amounts(*((name, 2020, 1e6) for name in emitted)))
    of = {rank.facility_id: rank for rank in ranked(given, found, "q")}
    assert (of["a"].low, of["a"].high, of["a"].better) == (1, 1, 1.0)
    assert (of["c"].low, of["c"].high, of["c"].better) == (3, 3, 0.0)


def test_plants_alike_share_the_odds():
    emitted = dict.fromkeys("abcdefgh", 250e3)
    given = world(emitted, share=0.1)
    found = intensity.scope1(given, amounts(*((name, 2020, 1e6) for name in emitted)))
    better = [rank.better for rank in ranked(given, found, "q")]
    assert better == pytest.approx([0.5] * 8, abs=0.06)


def test_two_peers_are_no_ranking_and_other_routes_and_years_are_no_peers():
    emitted = {"a": 100e3, "b": 200e3}
    given = world(emitted)
    pair = amounts(*((name, 2020, 1e6) for name in emitted))
    assert ranked(given, intensity.scope1(given, pair), "q") == []
    other = amounts(("a", 2020, 1e6), ("b", 2020, 1e6), route="BF-BOF")
    mixed = Amounts((*pair.items, *other.items), np.concatenate([pair.draws, other.draws]))
    assert ranked(given, mixed, "q") == []


def test_gas_that_leaves_the_fence_and_tonnage_in_doubt_are_not_ranked():
    emitted = {"a": 200e3, "b": 250e3, "c": 300e3, "away": 100e3, "wonder": 50e3}
    given = world(emitted)
    made_ = amounts(*((name, 2020, 1e6) for name in emitted))
    found = intensity.scope1(given, made_)
    doubtful = ranks.in_doubt(given, found, made_)
    assert doubtful == {("wonder", 2020)}
    ranking = ranks.ranking(given, found, "q", frozenset(doubtful))
    assert {rank.facility_id for rank in ranking.ranked} == {"a", "b", "c"}
    reasons = {row.facility_id: row.reason for row in ranking.rest}
    assert reasons == {"away": "gas_leaves_the_fence", "wonder": "tonnage_in_doubt"}
    ovens = amounts(*((name, 2020, 1e6) for name in emitted), route="by-product coke")
    assert ranked(given, ovens, "q") == []


def test_a_capacity_that_is_in_doubt_in_one_year_is_in_doubt_in_all():
    values = [filing("m", 2020, "ghg_scope1", 50e3), filing("m", 2021, "ghg_scope1", 110e3)]
    given = Tools(small(plants=[plant("m", "iron_steel")], values=values), FACTORS.tracked(), DRAWS)
    made_ = amounts(("m", 2020, 1e6), ("m", 2021, 1e6))
    same = Amounts(tuple(replace(i, sources=("a/m/capacity_steel",)) for i in made_.items), made_.draws)
    found = intensity.scope1(given, same)
    assert ranks.in_doubt(given, found, same) == {("m", 2020), ("m", 2021)}
    assert ranks.in_doubt(given, found, made_) == {("m", 2020)}


def test_mills_that_roll_other_things_are_no_peers_and_unknown_products_are_not_ranked():
    emitted = {name: 200e3 + at * 10e3 for at, name in enumerate("abcdefg")}
    given = world(emitted, products=None)
    kinds = dict(zip("abcdef", ("flat",) * 3 + ("long",) * 2 + ("stainless",), strict=True))
    rows = [rolls(name, kind) for name, kind in kinds.items()]
    rows = small(attributes=rows).attributes
    given = Tools(replace(given.evidence, attributes=rows), FACTORS.tracked(), DRAWS)
    found = intensity.scope1(given, amounts(*((name, 2020, 1e6) for name in emitted)))
    ranking = ranks.ranking(given, found, "q")
    assert {(rank.facility_id, rank.peers) for rank in ranking.ranked} == {
        (name, "EAF, flat") for name in "abc"
    }
    reasons = {row.facility_id: row.reason for row in ranking.rest}
    assert reasons == {**dict.fromkeys("def", "too_few_peers"), "g": "products_not_known"}


def test_a_route_average_is_as_unsure_as_plants_lie_from_it():
    emitted = {"a": 200e3, "b": 300e3, "c": 400e3, "m": 300e3}
    own = amounts(*((name, 2020, 1e6) for name in "abc"))
    marked = amounts(("m", 2020, 1e6), inverted=True, own=0.42)
    both = Amounts((*own.items, *marked.items), np.concatenate([own.draws, marked.draws]))
    rows = intensity.scope1(world(emitted), both).values("q").to_dicts()
    row = next(row for row in rows if row["facility_id"] == "m")
    assert row["method"] == "intensity_route_average"
    assert row["high"] / row["low"] == pytest.approx(np.exp(2 * 1.645 * 0.42), rel=0.1)


def test_a_wet_kiln_shows_the_average_of_wet_kilns():
    emitted = {"dry": 860e3, "dry too": 860e3, "wet": 950e3, "wet too": 950e3}
    given = world(emitted)
    parts = [
        amounts((name, 2020, 1e6), route=f"{name.split()[0]} kiln", inverted=True) for name in emitted
    ]
    both = Amounts(tuple(p.items[0] for p in parts), np.concatenate([p.draws for p in parts]))
    values = dict(intensity.scope1(given, both).values("q").select("facility_id", "value").iter_rows())
    assert values["wet"] == values["wet too"] == pytest.approx(0.95, rel=0.01)
    assert values["dry"] == pytest.approx(0.86, rel=0.01)


def test_works_with_one_record_show_one_intensity_and_count_once():
    emitted = {"east": 3e6, "west": 1e6, "x": 1.5e6, "y": 2.5e6}
    products = amounts(
        ("east", 2020, 1e6), ("west", 2020, 1e6), ("x", 2020, 1e6), ("y", 2020, 1e6), route="BF-BOF"
    )
    items = tuple(
        Item(i.facility_id, 2020, i.route, i.method, "D", ("s",), unit="site")
        if i.facility_id in ("east", "west")
        else i
        for i in products.items
    )
    given = world(emitted)
    found = intensity.scope1(given, Amounts(items, products.draws))
    values = dict(found.values("q").select("facility_id", "value").iter_rows())
    assert values["east"] == values["west"] == pytest.approx(2.0, rel=0.01)
    of = {rank.facility_id: rank for rank in ranked(given, found, "q")}
    assert of["east"].n == 3
    assert (of["east"].low, of["east"].better) == (of["west"].low, of["west"].better)


def test_the_sum_per_tonne_adds_power_and_is_absent_where_power_is():
    given = world({"m": 250e3, "n": 250e3})
    products = amounts(("m", 2020, 1e6), ("n", 2020, 1e6))
    per_tonne = intensity.scope1(given, products)
    found = intensity.scope1_and_2(given, per_tonne, products, amounts(("m", 2020, 400e3)))
    rows = found.values("q").to_dicts()
    assert [row["facility_id"] for row in rows] == ["m"]
    assert rows[0]["value"] == pytest.approx(0.65, rel=0.01)


def test_a_smelter_shows_the_factor_and_its_own_gases_and_ranks_by_perfluorocarbons():
    names = ("a", "b", "c")
    values = [
        row
        for at, name in enumerate(names)
        for row in (
            filing(name, 2020, "ghg_scope1", 1e6),
            filing(name, 2020, "ghg_pfc", 100e3 * (at + 1)),
            filing(name, 2020, "ghg_subpart_c", 50e3),
        )
    ]
    given = Tools(
        small(plants=[plant(n, "aluminum") for n in names], values=values), FACTORS.tracked(), DRAWS
    )
    products = amounts(*((n, 2020, 1e5) for n in names), route="electrolysis", inverted=True)
    whole = intensity.scope1(given, products).values("q")
    assert whole["value"].to_list() == pytest.approx([3.2, 4.2, 5.2], rel=0.01)
    assert ranked(given, intensity.scope1(given, products), "q") == []
    by_gas = ranked(given, intensity.pfc(given, products), "q")
    assert [(rank.facility_id, rank.low) for rank in by_gas] == [("a", 1), ("b", 2), ("c", 3)]
