"""Intervals and grades of reported greenhouse gases: pure functions, held to their properties."""

import csv
from math import hypot

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from comingclean.estimates import reported
from comingclean.model import GRADES, PROCESS_SUBPART
from sliced import ROOT

PARAMETERS = {
    row["parameter"]: float(row["value"]) * (0.01 if row["unit"] == "%" else 1)
    for row in csv.DictReader((ROOT / "data/parameters.csv").read_text("utf-8").splitlines())
}
PLANT = "a-plant-in"
C, PROCESS, SCOPE1, TOTAL = "ghg_subpart_c", "ghg_subpart_process", "ghg_scope1", "ghg_reported"
KEY = ["facility_id", "year", "quantity"]
AMOUNT = {
    "facility_id": pl.String,
    "industry": pl.String,
    "year": pl.Int64,
    "quantity": pl.String,
    "part": pl.String,
    "tonnes": pl.Float64,
    "cems": pl.Boolean,
    "lineage_id": pl.String,
}
TIER = {
    "facility_id": pl.String,
    "year": pl.Int64,
    "tier": pl.String,
    "tonnes": pl.Float64,
    "lineage_id": pl.String,
}


def filing(industry, year, cems=None, pfc=None, **subparts):
    """The cells of one plant and year: subparts as named, all of it carbon dioxide but for `pfc`."""
    total = sum(subparts.values())
    gases = {"ghg_co2": total - (pfc or 0)} | ({} if pfc is None else {"ghg_pfc": pfc})
    own = f"ghg_subpart_{PROCESS_SUBPART[industry]}"
    names = {"process": own} | {letter: f"ghg_subpart_{letter}" for letter in ("c", "d", "tt")}
    cells = [(names[key], "subpart", tonnes) for key, tonnes in subparts.items()]
    cells += [(name, "gas", tonnes) for name, tonnes in gases.items()]
    cells += [(TOTAL, "total", total)]
    origin = f"epa_ghgrp/{year}#7"
    return [(PLANT, industry, year, name, part, tonnes, cems, origin) for name, part, tonnes in cells]


def units(year, **tonnes):
    """Combustion units of one plant and year: t1, t2, t3, t4 or t1_3 with their tonnes."""
    rows = enumerate(tonnes.items(), start=20)
    source = "nrel_fied" if year == 2017 else "epa_envirofacts"
    return [
        (PLANT, year, tier[1:].replace("_", "-"), mass, f"{source}/{year}#{row}")
        for row, (tier, mass) in rows
    ]


def values(cells, tiers=(), parameters=PARAMETERS):
    """The value rows by year and quantity."""
    amounts = pl.DataFrame(cells, schema=AMOUNT, orient="row")
    frame = reported.values(amounts, pl.DataFrame(list(tiers), schema=TIER, orient="row"), parameters)
    assert not frame.select(KEY).is_duplicated().any()
    return {(row["year"], row["quantity"]): row for row in frame.iter_rows(named=True)}


def share(row):
    """The half-width as a share of the value."""
    return (row["high"] - row["value"]) / row["value"]


TONNES = st.sampled_from([0.0, 0.3, 24.5, 999.9]) | st.floats(1, 2e7, width=32)
INDUSTRY = st.sampled_from(sorted(PROCESS_SUBPART))


@st.composite
def filings(draw, years=(2010, 2017, 2019, 2020, 2023)):
    """A plant's record over some years, with any parts, flags and units."""
    industry = draw(INDUSTRY)
    cells = []
    for year in draw(st.lists(st.sampled_from(years), min_size=1, unique=True)):
        parts = draw(st.dictionaries(st.sampled_from(["c", "process", "d", "tt"]), TONNES, min_size=1))
        pfc = draw(st.none() | st.floats(0, 1)) if industry == "aluminum" else None
        pfc = None if pfc is None else pfc * parts.get("process", 0)
        cems = draw(st.sampled_from([True, False])) if year >= 2019 else None
        cells += filing(industry, year, cems, pfc, **parts)
    return cells


@st.composite
def tier_rows(draw):
    """Units of 2017 and 2020, some without a tonne."""
    of_2017 = draw(st.dictionaries(st.sampled_from(["t1", "t2", "t3", "t4"]), TONNES))
    of_2020 = draw(st.dictionaries(st.sampled_from(["t1_3", "t4"]), TONNES))
    return units(2017, **of_2017) + units(2020, **of_2020)


@given(filings(), tier_rows())
def test_every_interval_holds_its_value_and_is_never_empty_or_negative(cells, tiers):
    for row in values(cells, tiers).values():
        assert 0 <= row["low"] <= row["value"] < row["high"]
        assert row["high"] - row["value"] >= 0.499


@given(filings(), tier_rows())
def test_every_cell_becomes_one_value_and_the_boundary_is_c_plus_process_exactly(cells, tiers):
    found = values(cells, tiers)
    own = f"ghg_subpart_{PROCESS_SUBPART[cells[0][1]]}"
    filed = {(year, PROCESS if q == own else q): t for _, _, year, q, _, t, *_ in cells}
    reported_ones = {key: row["value"] for key, row in found.items() if key[1] != SCOPE1}
    assert reported_ones == filed
    for year in {year for year, _ in filed}:
        parts = [filed[year, name] for name in (C, PROCESS) if (year, name) in filed]
        assert ((year, SCOPE1) in found) == bool(parts)
        if parts:
            assert found[year, SCOPE1]["value"] == sum(parts)
            assert found[year, SCOPE1]["kind"] == "calculated"


@given(filings(), tier_rows())
def test_every_value_names_a_method_a_grade_and_the_rows_it_rests_on(cells, tiers):
    known = {cell[-1] for cell in cells} | {tier[-1] for tier in tiers}
    known |= {f"parameters/{name}" for name in PARAMETERS}
    for (year, quantity), row in values(cells, tiers).items():
        assert row["grade"] in GRADES
        assert row["method"].startswith("ghg_")
        assert f"epa_ghgrp/{year}#7" in row["sources"]
        assert set(row["sources"]) <= known
        assert row["sources"] == sorted(set(row["sources"]))
        assert row["kind"] == ("calculated" if quantity == SCOPE1 else "reported")


@given(filings(), tier_rows())
def test_an_unknown_method_covers_every_known_one(cells, tiers):
    blind = [(*cell[:6], None, cell[7]) for cell in cells]
    known, unknown = values(cells, tiers), values(blind)
    for year, quantity in known:
        if quantity in (C, SCOPE1, TOTAL, PROCESS):
            a, b = known[year, quantity], unknown[year, quantity]
            assert b["low"] <= a["low"] + 1e-6 * a["value"]
            assert b["high"] >= a["high"] - 1e-6 * a["value"]
            assert b["grade"] >= a["grade"]


@given(st.floats(1e3, 1e7), tier_rows(), st.sampled_from([2010, 2016, 2018, 2021]))
def test_a_method_carried_to_another_year_is_never_surer_than_where_it_is_known(tonnes, tiers, year):
    cells = filing("iron_steel", 2017, c=tonnes) + filing("iron_steel", year, c=tonnes)
    found = values(cells, tiers)
    known, carried = found[2017, C], found[year, C]
    assert carried["high"] >= known["high"] - 1e-6 * tonnes
    assert carried["low"] <= known["low"] + 1e-6 * tonnes
    assert carried["grade"] >= known["grade"]
    names = {known["method"], carried["method"]}
    expected = ["ghg_combustion_tier", "ghg_combustion_carried"]
    assert names in (set(expected), {"ghg_combustion_unknown"})


@given(filings(), tier_rows(), st.sampled_from(sorted(PARAMETERS)), st.floats(1, 3))
def test_a_wider_parameter_never_narrows_an_interval(cells, tiers, name, factor):
    wider = PARAMETERS | {name: PARAMETERS[name] * factor}
    before, after = values(cells, tiers), values(cells, tiers, wider)
    for key, row in before.items():
        assert after[key]["high"] >= row["high"] * (1 - 1e-12)
        assert after[key]["low"] <= row["low"] * (1 + 1e-12)


@given(filings(), tier_rows(), st.sampled_from([2.0, 8.0, 64.0]))
def test_grades_and_methods_come_from_how_it_was_measured_and_never_from_size(cells, tiers, factor):
    larger = [(*cell[:5], cell[5] * factor, *cell[6:]) for cell in cells]
    more = [(*tier[:3], tier[3] * factor, tier[4]) for tier in tiers]
    before, after = values(cells, tiers), values(larger, more)
    for key, row in before.items():
        assert (after[key]["grade"], after[key]["method"]) == (row["grade"], row["method"])
        assert after[key]["sources"] == row["sources"]
        if row["value"] > 1e4:
            assert share(after[key]) == pytest.approx(share(row), rel=1e-3)


@settings(max_examples=40)
@given(filings(), tier_rows(), st.randoms())
def test_the_order_of_rows_does_not_matter(cells, tiers, chance):
    before = values(cells, tiers)
    chance.shuffle(cells)
    chance.shuffle(tiers)
    for key, row in values(cells, tiers).items():
        assert row == {
            k: pytest.approx(v) if k in ("low", "high") else v for k, v in before[key].items()
        }


@given(filings(), tier_rows())
def test_a_sum_is_no_wider_than_its_parts_together_and_no_narrower_than_any_of_them(cells, tiers):
    found = values(cells, tiers)
    for (year, quantity), row in found.items():
        names = [q for y, q in found if y == year and q.startswith("ghg_subpart")]
        parts = [found[year, q] for q in names if quantity == TOTAL or q in (C, PROCESS)]
        if quantity in (TOTAL, SCOPE1):
            halves = [part["high"] - part["value"] for part in parts]
            half = row["high"] - row["value"]
            assert half <= sum(halves) + 1e-6 * row["value"]
            # Each interval is at least half a tonne wide, which sums need not inherit.
            assert half >= max(halves) - 0.5 - 1e-6 * row["value"]


PROCESSES = [
    ("cement", True, "ghg_halfwidth_cems", "ghg_process_monitor", "A"),
    ("cement", False, "ghg_halfwidth_clinker", "ghg_process_calculated", "B"),
    ("cement", None, "ghg_halfwidth_process_unknown", "ghg_process_unknown", "D"),
    ("iron_steel", True, "ghg_halfwidth_cems", "ghg_process_monitor", "B"),
    ("iron_steel", False, "ghg_halfwidth_mass_balance", "ghg_process_calculated", "B"),
    ("met_coke", None, "ghg_halfwidth_process_unknown", "ghg_process_unknown", "D"),
]


@pytest.mark.parametrize(("industry", "cems", "parameter", "method", "grade"), PROCESSES)
def test_a_process_has_the_interval_of_its_monitor_or_its_calculation(
    industry, cems, parameter, method, grade
):
    row = values(filing(industry, 2020, cems, process=1e6))[2020, PROCESS]
    assert share(row) == pytest.approx(PARAMETERS[parameter])
    assert (row["method"], row["grade"]) == (method, grade)
    assert row["sources"] == ["epa_ghgrp/2020#7", f"parameters/{parameter}"]


def test_a_monitor_somewhere_on_a_steel_site_is_no_surer_than_its_mass_balance():
    wide = PARAMETERS | {"ghg_halfwidth_mass_balance": 0.2}
    row = values(filing("iron_steel", 2020, True, process=1e6), parameters=wide)[2020, PROCESS]
    assert share(row) == pytest.approx(0.2)
    assert "parameters/ghg_halfwidth_mass_balance" in row["sources"]


def test_a_smelter_joins_its_anodes_and_its_perfluorocarbons():
    row = values(filing("aluminum", 2020, True, pfc=120e3, process=370e3))[2020, PROCESS]
    anode, pfc = (PARAMETERS[f"ghg_halfwidth_{name}"] for name in ("anode", "pfc"))
    assert row["high"] - row["value"] == pytest.approx(hypot(250e3 * anode, 120e3 * pfc))
    assert (row["method"], row["grade"]) == ("ghg_process_smelter", "B")


TIERS = [
    (units(2017, t1=1e6), 2017, "ghg_halfwidth_tier1", "ghg_combustion_tier", "C"),
    (units(2017, t2=1e6), 2017, "ghg_halfwidth_tier2", "ghg_combustion_tier", "C"),
    (units(2017, t3=1e6), 2017, "ghg_halfwidth_tier3", "ghg_combustion_tier", "B"),
    (units(2017, t4=1e6), 2017, "ghg_halfwidth_cems", "ghg_combustion_tier", "A"),
    (units(2020, t4=1e6), 2020, "ghg_halfwidth_cems", "ghg_combustion_tier", "A"),
    (units(2020, t1_3=1e6), 2020, "ghg_halfwidth_combustion_unknown", "ghg_combustion_unknown", "D"),
    ([], 2017, "ghg_halfwidth_combustion_unknown", "ghg_combustion_unknown", "D"),
    (units(2017, t3=0), 2017, "ghg_halfwidth_combustion_unknown", "ghg_combustion_unknown", "D"),
]


@pytest.mark.parametrize(("tiers", "year", "parameter", "method", "grade"), TIERS)
def test_combustion_has_the_interval_of_its_tier(tiers, year, parameter, method, grade):
    row = values(filing("iron_steel", year, c=1e6), tiers)[year, C]
    assert share(row) == pytest.approx(PARAMETERS[parameter])
    assert (row["method"], row["grade"]) == (method, grade)
    assert f"parameters/{parameter}" in row["sources"]


def test_tiers_are_weighed_by_tonnes_and_the_weakest_weighty_one_gives_the_grade():
    mixed = values(filing("iron_steel", 2017, c=1e6), units(2017, t3=0.7e6, t1=0.3e6))[2017, C]
    expected = 0.7 * PARAMETERS["ghg_halfwidth_tier3"] + 0.3 * PARAMETERS["ghg_halfwidth_tier1"]
    assert (share(mixed), mixed["grade"]) == (pytest.approx(expected), "C")
    small = values(filing("iron_steel", 2017, c=1e6), units(2017, t3=0.95e6, t1=0.05e6))[2017, C]
    assert small["grade"] == "B"


def test_tonnes_that_no_unit_accounts_for_have_an_unknown_method():
    row = values(filing("iron_steel", 2017, c=1e6), units(2017, t3=0.4e6))[2017, C]
    unknown = PARAMETERS["ghg_halfwidth_combustion_unknown"]
    assert share(row) == pytest.approx(0.4 * PARAMETERS["ghg_halfwidth_tier3"] + 0.6 * unknown)
    assert row["grade"] == "D"


@pytest.mark.parametrize(("missing", "grade"), [(0.04, "B"), (0.06, "B"), (0.11, "D")])
def test_a_twentieth_may_be_methane_that_units_do_not_count(missing, grade):
    row = values(filing("iron_steel", 2017, c=1e6), units(2017, t3=(1 - missing) * 1e6))[2017, C]
    tier, unknown = PARAMETERS["ghg_halfwidth_tier3"], PARAMETERS["ghg_halfwidth_combustion_unknown"]
    mixed = tier if missing <= 0.05 else (1 - missing) * tier + missing * unknown
    assert (share(row), row["grade"]) == (pytest.approx(mixed), grade)


def test_parts_of_a_sum_err_independently():
    found = values(filing("cement", 2020, True, c=1e6, process=2e6, tt=5e5))
    halves = [found[2020, name]["high"] - found[2020, name]["value"] for name in (C, PROCESS)]
    assert found[2020, SCOPE1]["high"] - 3e6 == pytest.approx(hypot(*halves))
    waste = found[2020, "ghg_subpart_tt"]["high"] - 5e5
    assert found[2020, TOTAL]["high"] - 3.5e6 == pytest.approx(hypot(*halves, waste))


def test_a_tier_carried_over_is_widened_and_loses_a_grade():
    cells = filing("iron_steel", 2017, c=1e6) + filing("iron_steel", 2012, c=2e6)
    row = values(cells, units(2017, t3=1e6))[2012, C]
    widened = PARAMETERS["ghg_halfwidth_tier3"] * PARAMETERS["ghg_carry_widening"]
    assert (share(row), row["grade"]) == (pytest.approx(widened), "C")
    assert "parameters/ghg_carry_widening" in row["sources"]


@given(st.floats(0, 1), st.floats(1e5, 1e7))
def test_gases_add_nothing_to_what_is_known_of_the_total(pfc, tonnes):
    assume(pfc * tonnes > 10)
    found = values(filing("aluminum", 2020, False, pfc=pfc * tonnes, process=tonnes))
    co2, total = found[2020, "ghg_co2"], found[2020, TOTAL]
    if co2["value"] > 100:
        assert share(co2) == pytest.approx(share(total), rel=1e-3)
    assert co2["grade"] == total["grade"]
    assert share(found[2020, "ghg_pfc"]) == pytest.approx(PARAMETERS["ghg_halfwidth_pfc"], rel=0.06)


def test_the_parameters_of_the_project_lie_in_their_own_ranges_and_name_where_they_come_from():
    for row in csv.DictReader((ROOT / "data/parameters.csv").read_text("utf-8").splitlines()):
        low, high = (float(row[end] or row["value"]) for end in ("low", "high"))
        assert low <= float(row["value"]) <= high
        assert row["seen"] in ("read", "quoted", "derived", "judgement")
        assert len(row["citation"]) > 8
        assert len(row["note"]) > 10
