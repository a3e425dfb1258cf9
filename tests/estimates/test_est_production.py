import numpy as np
import pytest
from est_world import changed, filing, made, plant, route, small

from comingclean.errors import InputError
from comingclean.estimates.draws import Draws
from comingclean.estimates.production import aluminum, cement, coke, iron, steel
from comingclean.estimates.production.common import Tools

FACTORS = made(
    ("aluminum_anode_co2", 1.7, 1.6, 1.8, "t CO2/t aluminum"),
    ("aluminum_anode_plant_spread", 0.07, 0.04, 0.1, "share"),
    ("ghg_halfwidth_anode", 0.05, 0.02, 0.09, "share"),
    ("reconcile_plant", 20.0, 10.0, 30.0, "factor"),
    ("reconcile_sum", 6.0, 4.0, 8.0, "standard deviations"),
    ("least_tonnes", 1000.0, 500.0, 2000.0, "t"),
    ("output_rounding", 100000.0, 100000.0, 100000.0, "t"),
    ("output_carried_spread", 0.33, 0.2, 0.6, "share"),
    ("sources_disagree", 2.0, 2.0, 3.0, "standard deviations"),
    ("mill_idle_below", 0.15, 0.1, 0.2, "share"),
    ("mill_partial_below", 0.6, 0.5, 0.7, "share"),
    ("mill_use_spread", 0.2, 0.1, 0.3, "share"),
    ("mill_part_spread", 0.4, 0.2, 0.6, "share"),
    ("mill_first_year", 0.45, 0.15, 0.85, "share"),
    ("mill_ceiling", 1.1, 1.05, 1.2, "share"),
    ("output_shared_spread", 0.5, 0.3, 0.8, "share"),
    ("output_own_spread", 0.15, 0.1, 0.2, "share"),
    ("site_split_spread", 0.25, 0.1, 0.4, "share"),
    ("steel_utilisation", 0.75, 0.7, 0.8, "share"),
    ("steel_utilisation_2020", 0.5, 0.45, 0.55, "share"),
    ("steel_per_pig_iron", 1.15, 1.1, 1.2, "t steel/t pig iron"),
    ("pig_iron_plant_spread", 0.1, 0.05, 0.2, "share"),
    ("steel_ghg_eaf", 0.25, 0.2, 0.3, "t CO2e/t steel"),
    ("steel_ghg_eaf_plant_spread", 1.0, 0.6, 1.5, "share"),
    ("steel_ghg_bof", 1.7, 1.5, 1.9, "t CO2e/t steel"),
    ("steel_ghg_bof_plant_spread", 0.4, 0.3, 0.6, "share"),
    ("dri_ghg", 0.5, 0.4, 0.7, "t CO2e/t DRI"),
    ("dri_utilisation", 0.65, 0.3, 0.95, "share"),
    ("clinker_ghg_dry", 0.86, 0.82, 0.9, "t CO2e/t clinker"),
    ("clinker_ghg_dry_before_2014", 0.9, 0.84, 0.97, "t CO2e/t clinker"),
    ("clinker_ghg_wet", 0.95, 0.86, 1.05, "t CO2e/t clinker"),
    ("clinker_plant_spread", 0.13, 0.08, 0.2, "share"),
    ("clinker_per_cement", 0.9, 0.88, 0.92, "t clinker/t cement"),
    ("cement_ground_share", 0.02, 0.01, 0.04, "share"),
    ("cement_plant_spread", 0.05, 0.03, 0.1, "share"),
    ("grinding_utilisation", 0.3, 0.1, 0.7, "share"),
    ("coke_utilisation_by_product", 0.85, 0.65, 1.0, "share"),
    ("coke_utilisation_heat_recovery", 0.94, 0.8, 1.03, "share"),
    ("coke_ceiling", 1.05, 1.0, 1.1, "share"),
    ("coke_ghg_by_product", 0.3, 0.18, 0.5, "t CO2e/t coke"),
)


def tools(given=FACTORS, **rows):
    return Tools(small(**rows), given.tracked(), Draws(600))


def middle(made_, name, year=2020):
    return float(made_.final.at((name, year)).mean())


def smelter(name="s", year=2020, process=500e3, pfc=160e3):
    return [
        filing(name, year, "ghg_subpart_process", process),
        filing(name, year, "ghg_pfc", pfc),
        filing(name, year, "ghg_scope1", process + 50e3),
    ]


def test_a_smelters_metal_is_its_anode_carbon_over_the_factor():
    given = tools(plants=[plant("s", "aluminum")], values=smelter())
    found = aluminum.production(given)
    assert middle(found, "s") == pytest.approx((500e3 - 160e3) / 1.7, rel=0.01)
    item = found.final.item(("s", 2020))
    assert (item.inverted, item.method) == (True, "production_anode_carbon")
    assert found.adjustments[0].published is None


def test_perfluorocarbons_do_not_move_the_metal():
    one = tools(plants=[plant("s", "aluminum")], values=smelter(process=500e3, pfc=160e3))
    two = tools(plants=[plant("s", "aluminum")], values=smelter(process=900e3, pfc=560e3))
    found = [middle(aluminum.production(given), "s") for given in (one, two)]
    assert found[0] == pytest.approx(found[1])


def test_a_smelter_that_stands_still_made_no_metal():
    years = [row for year in (2018, 2019, 2020) for row in smelter(year=year)]
    last = smelter(year=2021, process=10e3, pfc=0.0)
    found = aluminum.production(tools(plants=[plant("s", "aluminum")], values=[*years, *last]))
    assert ("s", 2020) in found.final.index
    assert ("s", 2021) not in found.final.index


def kiln(name, year=2020, emitted=860e3):
    return [
        filing(name, year, "ghg_subpart_process", emitted * 0.9),
        filing(name, year, "ghg_scope1", emitted),
    ]


def test_clinker_is_emissions_over_the_factor_of_the_kiln_and_cement_follows():
    rows = {
        "plants": [plant("dry", "cement"), plant("wet", "cement")],
        "values": [*kiln("dry"), *kiln("wet", emitted=950e3)],
        "attributes": [route("dry", "dry kiln"), route("wet", "wet kiln")],
    }
    given = tools(**rows)
    clinker = cement.clinker(given)
    assert middle(clinker, "dry") == pytest.approx(1e6, rel=0.01)
    assert middle(clinker, "wet") == pytest.approx(1e6, rel=0.01)
    whole = cement.cement(given, clinker.final)
    assert middle(whole, "dry") == pytest.approx(1e6 * 0.98 / 0.9, rel=0.01)
    assert whole.final.item(("dry", 2020)).inverted


def test_early_kilns_have_the_factor_of_their_time():
    given = tools(
        plants=[plant("k", "cement")],
        values=[*kiln("k", 2012, 900e3), *kiln("k", 2015, 860e3)],
        attributes=[route("k", "dry kiln")],
    )
    found = cement.clinker(given)
    assert middle(found, "k", 2012) == pytest.approx(1e6, rel=0.01)
    assert middle(found, "k", 2015) == pytest.approx(1e6, rel=0.01)


def test_a_mill_that_grinds_is_judged_by_its_capacity_and_only_from_2020_on():
    capacity = ("g", "capacity_cement", "1000000", 67e4, 144e4, 2025, 2025, "stated", "", "a/g")
    given = tools(
        plants=[plant("g", "cement", program="gem")], attributes=[route("g", "grinding"), capacity]
    )
    found = cement.cement(given, cement.clinker(given).final)
    assert [item.year for item in found.final.items] == [2020, 2021, 2022, 2023]
    assert middle(found, "g") == pytest.approx(0.3e6, rel=0.15)
    assert found.final.items[0].grade == "E"
    assert not found.final.items[0].inverted


def test_puerto_rico_stands_outside_the_national_total():
    rows = {
        "plants": [plant("in", "cement"), plant("out", "cement", state="PR")],
        "values": [*kiln("in"), *kiln("out")],
        "attributes": [route("in", "dry kiln"), route("out", "dry kiln")],
        "totals": [("clinker", 2020, 1.1e6, 1.1e6, 1.1e6, True, ["u"])],
    }
    found = cement.clinker(tools(**rows))
    assert middle(found, "in") == pytest.approx(1.1e6)
    assert middle(found, "out") == pytest.approx(1.0e6, rel=0.01)
    assert [row.published for row in found.adjustments if row.year == 2020] == [1.1e6, None]


def mill(name, year=2020, emitted=250e3):
    return kiln(name, year, emitted)


def capacity(name, tonnes, kind="capacity_steel"):
    return (name, kind, str(tonnes), tonnes * 0.9, tonnes * 1.1, 2025, 2025, "stated", "", f"a/{name}")


def test_capacity_times_the_use_of_the_year():
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2019), *mill("m", 2020)],
        "attributes": [route("m", "EAF"), capacity("m", 1_000_000)],
    }
    found = steel.production(tools(**rows))
    assert middle(found, "m", 2019) == pytest.approx(0.75e6, rel=0.02)
    assert middle(found, "m", 2020) == pytest.approx(0.50e6, rel=0.02)
    item = found.final.item(("m", 2020))
    assert (item.inverted, item.method, item.grade) == (False, "steel_capacity", "D")


def test_without_capacity_or_output_the_emissions_speak_and_the_tonnage_is_marked():
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": mill("m"),
        "attributes": [route("m", "EAF")],
    }
    found = steel.production(tools(**rows))
    assert middle(found, "m") == pytest.approx(1e6, rel=0.04)
    assert found.final.item(("m", 2020)).inverted
    low, high = np.quantile(found.final.at(("m", 2020)), [0.05, 0.95])
    assert high / low == pytest.approx(4, rel=0.15)


def test_own_output_outweighs_capacity_and_a_shared_one_takes_its_place():
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": mill("m"),
        "attributes": [route("m", "EAF"), capacity("m", 1_000_000)],
    }
    own = steel.production(tools(**rows, output=[("m", "steel", 2020, 8e5, False, "g")]))
    assert middle(own, "m") == pytest.approx(8e5**0.68 * 5e5**0.32, rel=0.1)
    assert own.final.item(("m", 2020)).method == "steel_output"
    shared = steel.production(tools(**rows, output=[("m", "steel", 2020, 8e5, True, "g")]))
    assert middle(shared, "m") == pytest.approx(8e5, rel=0.02)
    assert shared.final.item(("m", 2020)).method == "steel_output_shared"
    blind = steel.production(
        tools(**rows, output=[("m", "steel", 2020, 8e5, False, "g")]), with_output=False
    )
    assert middle(blind, "m") == pytest.approx(5e5, rel=0.02)


def test_an_idle_year_makes_nothing_and_a_part_of_a_year_counts_in_part():
    years = [row for year in (2017, 2018, 2019) for row in mill("m", year)]
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*years, *mill("m", 2021, 25e3), *mill("m", 2022, 125e3)],
        "attributes": [route("m", "EAF"), capacity("m", 1_000_000)],
    }
    found = steel.production(tools(**rows))
    assert ("m", 2021) not in found.final.index
    item = found.final.item(("m", 2022))
    assert (item.method, item.inverted) == ("steel_capacity_part", True)
    assert middle(found, "m", 2022) == pytest.approx(0.75e6 / 2, rel=0.05)


def test_a_new_mill_ramps_up():
    start = ("m", "start_year", "2020", None, None, None, None, "stated", "", "a/start")
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2020), *mill("m", 2021)],
        "attributes": [route("m", "EAF"), capacity("m", 1_000_000), start],
    }
    found = steel.production(tools(**rows))
    assert middle(found, "m", 2020) == pytest.approx(0.5e6 * 0.47, rel=0.1)
    assert middle(found, "m", 2021) == pytest.approx(0.75e6, rel=0.02)


def test_a_route_that_changed_does_not_lend_its_capacity_backwards():
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2015, 1.7e6), *mill("m", 2021)],
        "attributes": [
            route("m", "BF-BOF", 2010, 2015),
            route("m", "EAF", 2020),
            capacity("m", 1_000_000),
        ],
    }
    found = steel.production(tools(**rows))
    assert middle(found, "m", 2015) == pytest.approx(1e6, rel=0.02)
    assert found.final.item(("m", 2015)).route == "BF-BOF"
    assert found.final.item(("m", 2021)).method == "steel_capacity"


def part(name, kind, tonnes, note=""):
    """Capacity of a part of a mill, and what is said of its state."""
    state = (name, "status", "idle", None, None, 2025, 2025, "stated", note, f"a/{name}/status")
    return [capacity(name, tonnes, kind), state]


@pytest.mark.parametrize(
    ("note", "year", "counted"),
    [
        ("GEM: mothballed; idled 2021-03-01", 2020, True),
        ("GEM: mothballed; idled 2021-03-01", 2021, False),
        ("GEM: mothballed, operating", 2019, False),
    ],
)
def test_an_idle_part_counts_before_the_year_it_stopped_if_that_is_said(note, year, counted):
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2019), *mill("m", 2020), *mill("m", 2021)],
        "attributes": [
            route("m", "EAF"),
            capacity("m", 1_000_000),
            *part("m", "capacity_steel_idle", 500_000, note),
        ],
    }
    use = 0.5 if year == 2020 else 0.75
    found = middle(steel.production(tools(**rows)), "m", year)
    assert found == pytest.approx(use * (1.5e6 if counted else 1e6), rel=0.02)


def test_a_whole_mill_that_is_idle_now_counts_until_it_stopped():
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2019), *mill("m", 2021), *mill("m", 2022)],
        "attributes": [
            route("m", "EAF"),
            *part("m", "capacity_steel_idle", 500_000, "GEM: mothballed; idled 2021-12-01"),
        ],
    }
    found = steel.production(tools(**rows)).final
    methods = {item.year: item.method for item in found.items}
    assert methods == {
        2019: "steel_capacity",
        2021: "steel_capacity",
        2022: "steel_from_emissions",
    }


SITE = [
    ("east", "site", "iron_steel", "IN", "ghgrp", 1, 41.0, -87.0),
    ("west", "site", "iron_steel", "IN", "ghgrp", 1, 41.0, -87.0),
]


def test_a_record_of_a_site_is_shared_out_by_emissions_and_adds_up():
    rows = {
        "plants": SITE,
        "values": [*mill("east", 2020, 3e6), *mill("west", 2020, 1e6)],
        "attributes": [route("east", "BF-BOF"), route("west", "BF-BOF"), capacity("site", 4_000_000)],
        "output": [("site", "pig_iron", 2020, 2e6, False, "g")],
    }
    given = tools(**rows)
    found = steel.production(given)
    assert middle(found, "east") / middle(found, "west") == pytest.approx(3, rel=0.1)
    assert {item.unit for item in found.final.items} == {"site"}
    pig = iron.pig_iron(given, found.final)
    assert middle(pig, "east") + middle(pig, "west") == pytest.approx(2e6, rel=0.02)


def test_both_routes_meet_their_part_of_the_nations_steel():
    rows = {
        "plants": [plant("bof", "iron_steel"), plant("eaf", "iron_steel")],
        "values": [*mill("bof", 2020, 1.7e6), *mill("eaf", 2020, 250e3)],
        "attributes": [route("bof", "BF-BOF"), route("eaf", "EAF")],
        "totals": [
            ("raw_steel", 2020, 2.2e6, 2.15e6, 2.25e6, True, ["u1"]),
            ("bof_share", 2020, 0.4, 0.395, 0.405, True, ["u2"]),
        ],
    }
    found = steel.production(tools(**rows))
    whole = found.final.draws.sum(axis=0)
    assert whole.mean() == pytest.approx(2.2e6, rel=1e-3)
    assert middle(found, "bof") == pytest.approx(0.88e6, rel=1e-3)
    assert [round(row.published) for row in found.adjustments] == [880_000, 1_320_000]


def test_directly_reduced_iron_is_recorded_or_inverted():
    rows = {
        "plants": [plant("d", "iron_steel")],
        "values": [*mill("d", 2020, 800e3), *mill("d", 2021, 800e3)],
        "attributes": [route("d", "DRI")],
        "output": [("d", "dri", 2021, 1.7e6, False, "g")],
    }
    found = iron.reduced(tools(**rows))
    assert found.final.item(("d", 2020)).inverted
    assert middle(found, "d", 2020) == pytest.approx(1.6e6, rel=0.05)
    assert middle(found, "d", 2021) == pytest.approx(1.7e6, rel=0.02)
    assert steel.production(tools(**rows)).final.items == ()


def test_coke_is_capacity_times_use_under_a_ceiling_and_emissions_only_without_one():
    rows = {
        "plants": [plant("oven", "met_coke"), plant("bare", "met_coke")],
        "values": [*mill("oven", 2020, 200e3), *mill("bare", 2020, 90e3)],
        "attributes": [
            route("oven", "by-product coke"),
            route("bare", "by-product coke"),
            capacity("oven", 600_000, "capacity_coke"),
        ],
    }
    found = coke.production(tools(**rows))
    assert middle(found, "oven") == pytest.approx(0.85 * 600e3, rel=0.05)
    assert found.final.at(("oven", 2020)).max() <= 660e3 * 1.05
    assert middle(found, "bare") == pytest.approx(300e3, rel=0.08)
    assert [item.inverted for item in found.final.items] == [True, False]


def test_a_wrong_unit_of_a_factor_stops_the_estimate():
    given = changed(FACTORS, "steel_ghg_eaf", unit="t")
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": mill("m"),
        "attributes": [route("m", "EAF")],
    }
    with pytest.raises(InputError, match="steel_ghg_eaf is in “t”"):
        steel.production(tools(given, **rows))


def test_a_kiln_whose_stone_stands_under_combustion_ran_in_that_year_too():
    alone = [filing("k", 2018, name, 880e3) for name in ("ghg_subpart_c", "ghg_scope1")]
    rows = {
        "plants": [plant("k", "cement")],
        "values": [
            *kiln("k", 2017),
            filing("k", 2017, "ghg_subpart_c", 86e3),
            *alone,
            *(filing("k", 2019, name, 80e3) for name in ("ghg_subpart_c", "ghg_scope1")),
        ],
        "attributes": [route("k", "dry kiln")],
    }
    given = tools(**rows)
    assert given.evidence.ran("k") == [2017, 2018]
    assert given.evidence.reported("k") == [2017, 2018, 2019]
    assert middle(cement.clinker(given), "k", 2018) == pytest.approx(880e3 / 0.86, rel=0.01)


def test_a_mill_that_filed_combustion_alone_melted_nothing():
    alone = [filing("m", 2021, name, 200e3) for name in ("ghg_subpart_c", "ghg_scope1")]
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2020), *alone],
        "attributes": [route("m", "EAF"), capacity("m", 1_000_000)],
    }
    assert tools(**rows).evidence.ran("m") == [2020]


def test_a_new_route_ramps_up_in_its_own_first_year():
    start = ("m", "start_year", "2020", None, None, None, None, "stated", "", "a/start")
    rows = {
        "plants": [plant("m", "iron_steel")],
        "values": [*mill("m", 2015, 1.7e6), *mill("m", 2020), *mill("m", 2021)],
        "attributes": [
            route("m", "BF-BOF", 2010, 2015),
            route("m", "EAF", 2020),
            capacity("m", 1_000_000),
            start,
        ],
    }
    found = steel.production(tools(**rows))
    assert found.final.item(("m", 2020)).method == "steel_capacity_part"
    assert middle(found, "m", 2020) < 0.3e6 < middle(found, "m", 2021)
    assert "parameters/mill_first_year" in found.final.item(("m", 2020)).sources


YEARS_OF_A_MILL = (2018, 2019, 2020, 2021)


def known_mill(made, emitted=250e3, shared=False):
    """A mill with a capacity of a million tonnes and outputs of some years."""
    return {
        "plants": [plant("m", "iron_steel")],
        "values": [row for year in YEARS_OF_A_MILL for row in mill("m", year, emitted)],
        "attributes": [route("m", "EAF"), capacity("m", 1_000_000)],
        "output": [("m", "steel", year, tonnes, shared, f"g/{year}") for year, tonnes in made.items()],
    }


def test_an_output_of_one_year_speaks_for_the_others_in_step_with_emissions():
    rows = known_mill({2019: 601e3})
    rows["values"] = [row for row in rows["values"] if row[1] != 2021] + mill("m", 2021, 200e3)
    wide = changed(FACTORS, "mill_use_spread", value=1.0, high=1.7)
    found = steel.production(tools(wide, **rows)).final
    item = found.item(("m", 2021))
    assert (item.method, item.grade, item.inverted) == ("steel_carried", "D", False)
    assert {"g/2019", "parameters/output_carried_spread"} <= set(item.sources)
    assert found.at(("m", 2021)).mean() == pytest.approx(601e3 * 0.8, rel=0.25)
    blind = steel.production(tools(**rows), with_output=False).final
    assert blind.item(("m", 2021)).method == "steel_capacity"


def test_a_companys_output_that_is_shared_out_speaks_for_no_other_year():
    found = steel.production(tools(**known_mill({2019: 600e3}, shared=True))).final
    assert found.item(("m", 2021)).method == "steel_capacity"


def test_a_round_output_may_lie_half_its_last_digit_to_either_side():
    def width(tonnes):
        row = [("m", "steel", 2020, tonnes, False, "g")]
        rows = {**known_mill({}), "output": row, "attributes": [route("m", "EAF")]}
        drawn = steel.production(tools(**rows)).final.at(("m", 2020))
        low, high = np.quantile(drawn, [0.05, 0.95])
        return high / low

    assert width(100e3) > 1.5 * width(101e3)


def test_years_of_one_mill_do_not_jump_where_its_emissions_do_not():
    found = steel.production(tools(**known_mill({2019: 150e3, 2020: 150e3}))).final
    means = [found.at(("m", year)).mean() for year in YEARS_OF_A_MILL]
    assert max(means) / min(means) < 1.7
    assert found.item(("m", 2018)).said
    low, high = np.quantile(found.at(("m", 2018)), [0.05, 0.95])
    assert low < 175e3
    assert high > 450e3


def test_a_total_too_far_from_its_plants_is_refused():
    rows = {
        "plants": [plant(name, "cement") for name in "abcdefghij"],
        "values": [row for name in "abcdefghij" for row in kiln(name)],
        "attributes": [route(name, "dry kiln") for name in "abcdefghij"],
        "totals": [("clinker", 2020, 5e6, 4.99e6, 5.01e6, True, ["u"])],
    }
    with pytest.raises(InputError, match=r"the clinker of 2020, 5,000,000, lies \d+\.\d standard dev"):
        cement.clinker(tools(**rows))


def test_a_total_of_a_parameter_is_read_where_it_is_used():
    given = made(
        *((f.name, f.value, f.low, f.high, f.unit) for f in FACTORS.by_name.values()),
        ("national/clinker_2020", 1.05e6, 1.0e6, 1.1e6, "t"),
    )
    rows = {
        "plants": [plant("k", "cement")],
        "values": kiln("k"),
        "attributes": [route("k", "dry kiln")],
    }
    asked = tools(given, **rows)
    found = cement.clinker(asked)
    assert middle(found, "k") == pytest.approx(1.05e6, rel=1e-3)
    assert "national/clinker_2020" in asked.factors.used
    assert found.adjustments[0].verified
