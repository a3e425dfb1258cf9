"""What the project promises of toxic and criteria pollution, measured on the facts that it ships."""

import json

import polars as pl
import pytest

from comingclean import paths
from comingclean.database import decided, toxics
from comingclean.database.part import Ground
from comingclean.estimates import toxic_agreement, toxic_chromium, toxic_place
from comingclean.facilities import links
from comingclean.facilities.rejects import KEPT
from comingclean.snapshot import toxics as part
from comingclean.tables.columns import conform
from comingclean.tables.toxic import TOXIC

PARAMETERS = {row["parameter"]: row for row in decided.parameters(paths.data()).iter_rows(named=True)}
LIMIT = 3_500_000  # bytes of the shipped tables


@pytest.fixture(scope="module")
def ground_shipped():
    return Ground(paths.snapshot(), paths.data())


@pytest.fixture(scope="module")
def shipped_part(ground_shipped):
    return toxics.make(ground_shipped)


@pytest.fixture(scope="module")
def reference(ground_shipped):
    """Plants of 2020 with the greenhouse gases that they filed for it, landfills and all."""
    plants = ground_shipped.plants.filter(pl.col("reference_2020") == 1)
    amounts = ground_shipped.raw("ghgrp_amount").filter(year=2020, quantity="ghg_reported")
    tonnes = amounts.select(pl.col("ghgrp_id").alias("program_id"), "tonnes")
    return plants.join(tonnes, on="program_id", how="left", validate="m:1")


def covered(reference, plants):
    with_figure = reference.filter(pl.col("facility_id").is_in(list(plants)))
    return with_figure.height, with_figure["tonnes"].sum() / reference["tonnes"].sum()


def test_at_least_185_plants_of_2020_have_toxic_air(reference, shipped_part):
    values = shipped_part.values.filter(quantity="toxic_air", year=2020)
    count, share = covered(reference, values["facility_id"])
    assert (count, share) == (213, pytest.approx(1, abs=0.001))


def test_each_plant_of_2020_without_toxic_air_is_named_with_the_reason(reference, shipped_part):
    values = shipped_part.values.filter(quantity="toxic_air", year=2020)
    without = set(reference["facility_id"]) - set(values["facility_id"])
    said = shipped_part.findings.filter(subject="tri")
    assert dict(said.select("facility_id", "rule").iter_rows()) == {
        "liberty-steel-georgetown-sc": "nothing_to_air",
        "st-marys-dixon-il": "not_in_tri",
    }
    assert without == set(said["facility_id"])
    filed = json.loads(said.filter(facility_id="liberty-steel-georgetown-sc")["evidence"][0])
    assert filed[0].startswith("epa_tri_sites/2020#")


def test_at_least_175_plants_of_2020_have_the_inventory_of_2017(ground_shipped, reference):
    owners = ground_shipped.raw("nei_owner").filter(year=2017)
    plants = {name for text in owners["plants"] for name in text.split("; ")}
    count, share = covered(reference, plants)
    assert count == 188
    assert share == pytest.approx(0.872, abs=0.001)
    missing = set(reference["facility_id"]) - plants
    said = links.missing(ground_shipped.data).filter(program="eis")
    assert missing <= set(said["facility_id"])


def test_national_totals_are_met_medium_by_medium_and_the_rest_is_listed(shipped_part):
    table = next(frame for one, frame in shipped_part.tables.items() if one.name == "toxic_control")
    assert set(table["year"]) == {2020}
    met = table.filter(within=1)
    assert (met.height, table.height) == (818, 846)
    assert met["published"].sum() / table["published"].sum() > 0.99
    far = table.filter(within=0).sort("ours", descending=True)
    assert far.filter(chemical="110-82-7", medium="air").height == 1  # cyclohexane, 7 %
    assert far.filter(chemical="1336-36-3")["ours"].max() > 500_000  # PCBs of one facility
    # A chemical may be met in the sum of all media and missed in one.
    whole = table.group_by("chemical").agg(pl.col("ours", "published").sum())
    hidden = far.join(whole, on="chemical", suffix="_whole", validate="m:1").filter(
        (pl.col("ours_whole") / pl.col("published_whole") - 1).abs() < 0.05
    )
    assert hidden.height > 0


def test_stewi_and_the_official_file_agree_for_98_of_100_facilities_of_illinois(shipped_part):
    table = next(frame for one, frame in shipped_part.tables.items() if one.name == "toxic_agreement")
    year = table.filter(year=2020)
    for medium, least in (("air", 0.97), ("water", 0.97), ("land", 0.97)):
        rows = year.filter(medium=medium)
        assert rows["within"].mean() >= least
    whole = year.group_by("tri_id").agg(pl.col("within").min())
    assert whole["within"].mean() == pytest.approx(0.977, abs=0.002)


def test_the_factors_of_uncertainty_are_those_of_the_pairs(shipped_part):
    pairs = next(frame for one, frame in shipped_part.tables.items() if one.name == "program_pair")
    made = toxic_agreement.factors(pairs.with_columns(pl.col("same").cast(pl.Boolean)))
    found = dict(made.select("score", "factor").iter_rows())
    for score, name in enumerate(("monitored", "factor", "balance", "other"), start=1):
        row = PARAMETERS[f"tri_factor_{name}"]
        assert found[score] == pytest.approx(row["value"], abs=0.05)
        assert row["low"] <= found[score] <= row["high"]
        count = made.filter(score=score)["pairs"][0]
        assert f"{count:,} pairs" in row["note"], (name, count)


def test_every_shipped_row_set_aside_has_a_reason_and_none_is_a_release(ground_shipped):
    aside = ground_shipped.raw("reject")
    counted = dict(aside.group_by("reason").len().iter_rows())
    assert counted == {
        "dioxin_unit": 2,
        "impossible_stack": 131,
        "moved_industry": 31,
        "same_form_again": 92,
    }
    slips = aside.filter(reason="dioxin_unit")
    assert not slips["kept"].any()
    assert aside.filter(pl.col("reason").is_in(KEPT))["kept"].all()


@pytest.mark.parametrize("industry", ["iron_steel", "met_coke", "cement"])
def test_the_hexavalent_share_of_chromium_is_that_of_the_shipped_inventory(ground_shipped, industry):
    """One year of the inventory stands in the parameter: the other must not lie outside its range."""
    shares = toxic_chromium.shares(
        ground_shipped.raw("nei_emission"), ground_shipped.raw("nei_owner"), ground_shipped.plants
    )
    row = PARAMETERS[f"toxicity_chromium_hexavalent_{industry}"]
    made = shares.filter(year=2017, industry=industry).row(0, named=True)
    assert [100 * made[name] for name in ("share", "low", "high")] == [
        pytest.approx(row[name], rel=0.02) for name in ("value", "low", "high")
    ]
    assert f"{made['plants']} plants" in row["note"]
    for other in shares.filter(industry=industry).iter_rows(named=True):
        assert row["low"] <= 100 * other["share"] * (1 + 1e-3) <= row["high"]


def test_the_toxic_part_of_the_snapshot_stays_small():
    names = json.loads((paths.snapshot() / "manifest.json").read_text())["rows"]
    ours = [name for name in names if name.startswith(("tri_", "nei_", "chemical", "reject"))]
    assert sum((paths.snapshot() / f"{name}.parquet").stat().st_size for name in ours) < LIMIT
    assert len(part.PART.sources) == 13


def test_the_burden_of_gary_names_its_neighbours(shipped_part):
    made = {one.name: conform(frame, one) for one, frame in shipped_part.tables.items() if one in TOXIC}
    sites, years = made["toxic_site"], made["toxic_site_year"]
    gary = sites.filter(facility_id="us-steel-gary-works-in")
    near = toxic_place.within(gary["latitude"][0], gary["longitude"][0], 3, sites)
    burden = toxic_place.burden(near, years, 2020)
    assert burden.shares["share"].sum() == pytest.approx(1)
    assert 0.5 < burden.own_share(gary["number"]) <= 1
    assert burden.years["year"].to_list() == [*range(2009, 2019), 2020]
    assert burden.years.filter(pl.col("low") > pl.col("weighted")).is_empty()
