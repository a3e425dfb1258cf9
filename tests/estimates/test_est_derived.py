"""Every parameter that the project derived is derived again here, from its own snapshot."""

from statistics import median

import numpy as np
import pytest

from comingclean.estimates.evidence import PFC, PROCESS, SCOPE1
from comingclean.estimates.production import mills, outputs, steel

SHORT_TON = 0.90718474
RAW_STEEL = range(2019, 2024)
KILNS = range(2014, 2023)


def of_industry(world, name, year):
    """Plants of an industry that ran in a year, without Puerto Rico."""
    evidence = world.evidence
    return [
        p
        for p in evidence.of_industry(name)
        if year in evidence.ran(p) and evidence.plant[p]["state"] != "PR"
    ]


def emitted(world, plants, year, quantity=SCOPE1):
    return sum(world.evidence.amount(quantity, p, year) for p in plants)


def total(world, series, year):
    return world.tools().total(series, year)["value"]


def made(world, plant, year, quantity="production"):
    drawn = world.result.amounts[quantity].at((plant, year))
    return None if drawn is None else float(drawn.mean())


def steel_ghg(world, group):
    """Greenhouse gases of a group of mills over the nation's tonnage, a year each."""
    found = []
    for year in RAW_STEEL:
        plants = [
            p
            for p in of_industry(world, "iron_steel", year)
            if world.evidence.route(p, year)[0] in dict(steel.GROUPS)[group]
        ]
        share = total(world, "bof_share", year)
        nation = total(world, "raw_steel", year) * (share if group == "BOF" else 1 - share)
        found.append(emitted(world, plants, year) / nation)
    return found


def anodes(world):
    years = [*range(2011, 2017), *range(2019, 2024)]
    return [
        (
            emitted(world, world.evidence.of_industry("aluminum"), year, PROCESS)
            - emitted(world, world.evidence.of_industry("aluminum"), year, PFC)
        )
        / total(world, "aluminum", year)
        for year in years
    ]


def clinker_ghg(world, years=KILNS):
    return [
        emitted(world, of_industry(world, "cement", year), year) / total(world, "clinker", year)
        for year in years
    ]


def steel_per_iron(world):
    return [
        total(world, "raw_steel", y) * total(world, "bof_share", y) / total(world, "pig_iron", y)
        for y in range(2015, 2024)
    ]


def clinker_per_cement(world, *years):
    return [total(world, "clinker", y) / total(world, "cement", y) for y in years]


def states(world):
    """Greenhouse gases per tonne of clinker of three states, and how many plants each has."""
    found = []
    for state in ("TX", "MO", "CA"):
        plants = [
            p for p in of_industry(world, "cement", 2021) if world.evidence.plant[p]["state"] == state
        ]
        known = world.factors[f"heldout/clinker/{state}"].value
        found.append((emitted(world, plants, 2021) / known, len(plants)))
    return found


def kilns_apart(world):
    """The spread between plants that the spread of three states' means points to."""
    means = np.log([mean for mean, _ in states(world)])
    plants = np.mean([number for _, number in states(world)])
    return [float(np.expm1(1.645 * means.std(ddof=1) * plants**0.5))]


def reduced(world):
    """Greenhouse gases over recorded iron, where nothing else is made."""
    evidence = world.evidence
    return [
        evidence.amount(SCOPE1, row["unit"], row["year"]) / row["value"]
        for row in evidence.output.iter_rows(named=True)
        if row["product"] == "dri" and evidence.route(row["unit"], row["year"])[0] == "DRI"
    ]


def within_mills(world):
    """How far emissions per tonne of one mill lie apart between years, as a 90 % factor."""
    tools, squares, freedom = world.tools(), 0.0, 0
    for unit in sorted(set(world.evidence.output["unit"])):
        logs = []
        for year in RAW_STEEL:
            plants = mills.units(tools, steel.MELTING, year).get(unit, [])
            said = outputs.outputs(tools, unit, plants, year) if plants else []
            own = [w.drawn.mean() for w in said if w.method != outputs.SHARED]
            if own and not mills.partial(tools, plants, year):
                logs.append(np.log(emitted(world, plants, year)) - np.mean(np.log(own)))
        squares += sum((x - np.mean(logs)) ** 2 for x in logs)
        freedom += max(len(logs) - 1, 0)
    return [float(np.expm1(1.645 * (squares / freedom) ** 0.5))]


def use_of_mills(world):
    """The factor within which nine of ten mills lie of capacity times the nation's use."""
    by_unit = {}
    for case in world.result.cases:
        if case.test.startswith("steel_capacity"):
            by_unit.setdefault(case.unit, []).append(abs(np.log(case.known / case.drawn.mean())))
    assert len(by_unit) == 16
    return [float(np.expm1(np.quantile([np.mean(far) for far in by_unit.values()], 0.9)))]


def ovens(world, kind, years=range(2012, 2024)):
    """Greenhouse gases per tonne of estimated coke, by plant and year, of ovens with a capacity."""
    found = []
    for item in world.result.amounts["production"].items:
        if item.route == kind and item.method == "coke_capacity" and item.year in years:
            filed = world.evidence.amount(SCOPE1, *item.key)
            found.append(filed / made(world, *item.key))
    return found


def suncoke_use(_):
    sold, capacity = 4.0e6, (720 + 1220 + 1100 + 650 + 550) * 1e3
    return [sold / capacity]


def suncoke_ghg(world):
    plants = [p for p in world.evidence.of_industry("met_coke") if p.startswith("suncoke-")]
    return [
        emitted(world, plants, year) / total(world, "coke_heat_recovery", year) for year in (2022, 2023)
    ]


def per_tonne(world, plant):
    return [
        emitted(world, [plant], year) / made(world, plant, year)
        for year in RAW_STEEL
        if made(world, plant, year)
    ]


def ground(_):
    return [1092 / 74684, 1277 / 76805]


def cement_jobs(world):
    return [total(world, "jobs_cement", 2019) / total(world, "cement", 2019) * 1e3]


def people_a_plant(_):
    return [12300 / 98, 12500 / 97, 12700 / 96]


def noticed(world, industry, below):
    """People of notices over a tonnage, plant by plant, in the first year of the notice."""
    found = []
    for plant in world.evidence.of_industry(industry):
        for factor in world.factors.named(f"workforce/{plant}/"):
            tonnes = below(plant, factor.years())
            if tonnes:
                found.append(factor.value / tonnes * 1e3)
    return found


def smelter_jobs(world):
    def metal(plant, years):
        found = [made(world, plant, year) for year in range(years[0], years[1] + 1)]
        return max((one for one in found if one), default=None)

    return noticed(world, "aluminum", metal)


def oven_jobs(world):
    def capacity(plant, _):
        rows = [f.value for f in world.factors.named(f"capacity_coke/{plant}")]
        rows += [row["number"] for row in world.evidence.numbers(plant, "capacity_coke")]
        judged = plant == "ees-coke-river-rouge-mi"
        return rows[0] if rows and not judged else None

    return noticed(world, "met_coke", capacity)


def heat_recovery_jobs(_):
    return [people / (short * SHORT_TON) for people, short in ((100, 650), (100, 550), (65, 550))]


def mill_jobs(world):
    """People and mean tonnes (Mt) of electric mills whose workforce an inventory gives."""
    evidence, people, tonnes = world.evidence, [], []
    for plant in evidence.of_industry("iron_steel"):
        rows = evidence.numbers(plant, "workforce")
        found = [made(world, plant, year) for year in RAW_STEEL]
        if rows and any(found) and evidence.route(plant, 2023)[0] in steel.ELECTRIC:
            people.append(sum(row["number"] for row in rows))
            tonnes.append(np.mean([one for one in found if one]) / 1e6)
    assert len(people) > 50
    slope, at_one = np.polyfit(np.log(tonnes), np.log(people), 1)
    rest = np.log(people) - at_one - slope * np.log(tonnes)
    return {
        "jobs_steel_mill": [float(np.exp(at_one))],
        "jobs_steel_size": [float(slope)],
        "jobs_steel_spread": [float(np.expm1(1.645 * rest.std(ddof=2)))],
    }


def interpolated(world):
    """The factor within which nine of ten interpolated rates lie of those published."""
    rates = world.evidence.grid_rates
    far = [
        abs(np.log((by[2018]["value"] * 0.75 + by[2022]["value"] * 0.25) / by[2019]["value"]))
        for by in rates.values()
        if {2018, 2019, 2022} <= set(by)
    ]
    assert len(far) >= 26
    return [float(np.expm1(np.quantile(far, 0.92)))]


DEARBORN, CLEVELAND = "cleveland-cliffs-dearborn-works-mi", "cleveland-cliffs-cleveland-works-oh"
DERIVED = {
    "steel_ghg_eaf": lambda w: steel_ghg(w, "EAF"),
    "steel_ghg_bof": lambda w: steel_ghg(w, "BOF"),
    "aluminum_anode_co2": anodes,
    "steel_per_pig_iron": steel_per_iron,
    "clinker_ghg_dry": lambda w: clinker_ghg(w)[2:],
    "clinker_ghg_dry_before_2014": lambda w: clinker_ghg(w, [2014]),
    "clinker_plant_spread": kilns_apart,
    "clinker_per_cement": lambda w: clinker_per_cement(w, *range(2014, 2020)),
    **{
        f"clinker_per_cement_{year}": lambda w, year=year: clinker_per_cement(w, year)
        for year in (2015, 2016, 2017, 2018, 2019, 2022)
    },
    "cement_ground_share": ground,
    "dri_ghg": reduced,
    "output_carried_spread": within_mills,
    "mill_use_spread": use_of_mills,
    "coke_ghg_by_product": lambda w: ovens(w, "by-product coke"),
    "coke_ghg_heat_recovery": suncoke_ghg,
    "coke_utilisation_heat_recovery": suncoke_use,
    f"gas_leaves/{DEARBORN}": lambda w: per_tonne(w, DEARBORN),
    f"gas_leaves/{CLEVELAND}": lambda w: per_tonne(w, CLEVELAND),
    "jobs_aluminum": smelter_jobs,
    "jobs_coke_by_product": oven_jobs,
    "jobs_coke_heat_recovery": heat_recovery_jobs,
    "jobs_cement": cement_jobs,
    "jobs_cement_plant": people_a_plant,
    "jobs_steel_mill": lambda w: mill_jobs(w)["jobs_steel_mill"],
    "jobs_steel_size": lambda w: mill_jobs(w)["jobs_steel_size"],
    "jobs_steel_spread": lambda w: mill_jobs(w)["jobs_steel_spread"],
    "grid_rate_interpolated": interpolated,
    "compare/clinker_scope1": lambda w: [mean for mean, _ in states(w)],
}


def test_every_derived_parameter_is_derived_again_here(world):
    derived = {
        name
        for name, factor in world.factors.by_name.items()
        if factor.seen == "derived" and factor.role != "other"
    }
    assert derived == set(DERIVED)


@pytest.mark.parametrize("name", DERIVED)
def test_a_derived_parameter_is_what_the_snapshot_gives(world, name):
    factor, found = world.factors[name], DERIVED[name](world)
    width = factor.high - factor.low
    assert factor.low - 0.05 * width <= min(found), found
    assert max(found) <= factor.high + 0.05 * width, found
    assert factor.value == pytest.approx(median(found), rel=0.1), found
