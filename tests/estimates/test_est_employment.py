import numpy as np
import pytest
from est_world import filing, made, plant, route, small

from comingclean.estimates.amounts import Amounts, Item, none
from comingclean.estimates.draws import Draws
from comingclean.estimates.employment import OUTSIDE, employment
from comingclean.estimates.production.common import Tools

DRAWS = Draws(800)
FACTORS = made(
    ("reconcile_plant", 20.0, 10.0, 30.0, "factor"),
    ("reconcile_sum", 6.0, 4.0, 8.0, "standard deviations"),
    ("site_split_spread", 0.25, 0.1, 0.4, "share"),
    ("workforce_slack", 2.0, 1.0, 4.0, "years"),
    ("workforce_spread", 0.25, 0.15, 0.4, "share"),
    ("workforce_spread_older", 0.45, 0.3, 0.7, "share"),
    ("jobs_steel_mill", 600.0, 540.0, 660.0, "people"),
    ("jobs_steel_size", 0.5, 0.4, 0.6, "exponent"),
    ("jobs_steel_spread", 1.6, 1.2, 2.2, "share"),
    ("jobs_plant_spread", 0.6, 0.4, 1.0, "share"),
    ("jobs_finishing", 250.0, 60.0, 900.0, "people"),
    ("jobs_cement", 0.14, 0.12, 0.16, "people/kt"),
    ("jobs_cement_plant", 128.0, 124.0, 132.0, "people"),
    ("jobs_cement_fixed", 0.5, 0.25, 0.75, "share"),
    ("jobs_aluminum", 3.5, 2.6, 4.5, "people/kt"),
    ("jobs_outside_iron_steel", 0.2, 0.05, 0.45, "share"),
    ("jobs_outside_cement", 0.06, 0.01, 0.2, "share"),
)


def products(*rows, way="EAF"):
    """Amounts of (plant, year, tonnes)."""
    items = tuple(Item(name, year, way, "m", "D", ("s",), unit=name, own=0.3) for name, year, _ in rows)
    return Amounts(items, np.array([np.full(DRAWS.count, float(tonnes)) for _, _, tonnes in rows]))


def tools(names, industry="iron_steel", years=(2020,), given=FACTORS, **rows):
    values = [
        filing(name, year, quantity, 250e3)
        for name in names
        for year in years
        for quantity in ("ghg_subpart_process", "ghg_scope1")
    ]
    plants = [plant(name, industry) for name in names]
    return Tools(small(plants=plants, values=values, **rows), given.tracked(), DRAWS)


def workforce(name, people):
    return (name, "workforce", str(people), None, None, 2025, 2025, "stated", "", f"a/{name}")


def people(found, name, year=2020):
    return float(found.final.at((name, year)).mean())


def test_what_the_plants_do_not_explain_lies_outside_the_atlas():
    names = ("said", "guessed")
    given = tools(
        names,
        attributes=[*(route(name, "EAF") for name in names), workforce("said", 400)],
        totals=[("jobs_iron_steel", 2020, 2000.0, 1990.0, 2010.0, True, ["u"])],
    )
    made_ = products(("said", 2020, 1e6), ("guessed", 2020, 1e6))
    found = employment(given, "iron_steel", made_)
    assert people(found, "said") == pytest.approx(400, rel=0.05)
    low, high = found.before.interval(("guessed", 2020))
    assert low < people(found, "guessed") < high
    rest = next(row for row in found.adjustments if row.route == OUTSIDE)
    whole = next(row for row in found.adjustments if row.route == "all")
    assert (whole.published, whole.plants, whole.verified) == (2000.0, 2, True)
    assert (rest.published, rest.plants, rest.verified) == (None, 0, False)
    inside = people(found, "said") + people(found, "guessed")
    assert inside + rest.after == pytest.approx(2000, rel=0.01)
    assert rest.after > 1.3 * rest.before
    assert OUTSIDE not in {item.facility_id for item in found.final.items}


def test_a_large_mill_has_fewer_people_a_tonne():
    given = tools(("large", "small"), attributes=[route("large", "EAF"), route("small", "EAF")])
    found = employment(given, "iron_steel", products(("large", 2020, 4e6), ("small", 2020, 1e6)))
    assert people(found, "small") == pytest.approx(600, rel=0.05)
    assert people(found, "large") == pytest.approx(1200, rel=0.05)


def test_a_mill_keeps_its_people_in_a_poor_year_and_a_smelter_does_not():
    years = (2020, 2021)
    mills = products(("m", 2020, 0.5e6), ("m", 2021, 1.5e6))
    given = tools(("m",), years=years, attributes=[route("m", "EAF")])
    found = employment(given, "iron_steel", mills)
    assert people(found, "m", 2020) == pytest.approx(people(found, "m", 2021))
    metal = products(("s", 2020, 50e3), ("s", 2021, 150e3), way="electrolysis")
    found = employment(tools(("s",), "aluminum", years), "aluminum", metal)
    assert people(found, "s", 2021) == pytest.approx(3 * people(found, "s", 2020))


def test_half_of_the_people_of_a_cement_plant_are_there_whatever_it_makes():
    made_ = products(("large", 2020, 2e6), ("small", 2020, 1e6), way="dry kiln")
    found = employment(tools(("large", "small"), "cement"), "cement", made_)
    assert people(found, "small") == pytest.approx(64 + 70, rel=0.05)
    assert people(found, "large") == pytest.approx(64 + 140, rel=0.05)


def test_a_notice_counts_in_its_years_and_two_about_them_and_needs_no_nation():
    given = made(
        *((f.name, f.value, f.low, f.high, f.unit) for f in FACTORS.by_name.values()),
        ("workforce/s/1", 480.0, 430.0, 540.0, "people"),
    )
    object.__setattr__(given.by_name["workforce/s/1"], "period", "2017-2018")
    years = tuple(range(2014, 2022))
    metal = products(*(("s", year, 100e3) for year in years), way="electrolysis")
    found = employment(tools(("s",), "aluminum", years, given), "aluminum", metal)
    methods = {item.year: item.method for item in found.final.items}
    assert methods == {
        **dict.fromkeys(range(2015, 2021), "employment_notice"),
        2021: "employment_share",
    }
    assert none(3).items == ()
