"""The people around plants, against counts that were worked out anew from the block groups."""

import numpy as np
import polars as pl
import pytest
from fen_oracle import METRES, block_groups, metres_to, part_of_disc, people, shares

from comingclean.database.fenceline import MILES
from comingclean.views import around, query
from sliced import say, table

PLANTS = (
    "us-steel-gary-works-in",
    "alcoa-wenatchee-wa",
    "nucor-frostproof-fl",
    "cleveland-cliffs-monessen-coke-pa",
)
RADII = MILES.tolist()


def plant_of(connection, facility_id):
    return next(row for row in query.plants(connection) if row["facility_id"] == facility_id)


@pytest.mark.parametrize(
    ("distance", "disc", "circle", "part"),
    [
        (0, 1, 2, 1.0),
        (0, 2, 1, 0.25),
        (3, 1, 2, 0.0),
        (1, 1, 1, 2 / 3 - np.sqrt(3) / (2 * np.pi)),
        (100, 1, 100, 0.5),
    ],
)
def test_the_oracle_knows_what_a_school_book_knows_of_two_circles(distance, disc, circle, part):
    assert part_of_disc(distance, disc, circle) == pytest.approx(part, abs=0.002)


def test_a_disc_is_drawn_by_the_sixth_nearest_centre():
    frame = block_groups()
    close = frame.filter(
        pl.col("latitude").is_between(41, 42.2), pl.col("longitude").is_between(-88, -86)
    )
    inner = close.filter(
        pl.col("latitude").is_between(41.4, 41.7), pl.col("longitude").is_between(-87.4, -87.2)
    )
    for row in inner[::20].iter_rows(named=True):
        away = np.sort(metres_to(close, row["latitude"], row["longitude"]))
        assert row["radius_m"] == pytest.approx(away[6] / np.sqrt(6), rel=2e-3)


@pytest.mark.parametrize("facility_id", PLANTS)
def test_the_people_around_a_plant_are_those_of_a_plain_geodesic_count(facility_id, connection):
    plant = plant_of(connection, facility_id)
    rows = query.community(connection, facility_id)
    found = {row["radius_miles"]: row for row in rows if row["indicator"] == "population"}
    assert sorted(found) == RADII
    for miles, row in found.items():
        expected = people(plant["latitude"], plant["longitude"], miles)
        assert row["value"] == pytest.approx(expected, rel=1e-3, abs=1)
        assert row["low"] <= expected <= row["high"]


@pytest.mark.parametrize("facility_id", PLANTS[:2])
def test_an_indicator_is_the_mean_over_the_same_people(facility_id, connection):
    plant = plant_of(connection, facility_id)
    held = shares(plant["latitude"], plant["longitude"], 3.0)
    counted = around.neighbourhood(connection).table
    at = counted.rows(held["geoid"].cast(pl.String).str.zfill(12))
    rows = query.community(connection, facility_id)
    near = {row["indicator"]: row for row in rows if row["radius_miles"] == 3}
    for name in ("poverty", "people_of_colour", "pm25"):
        k = counted.names.index(name)
        value, weight = counted.values[k][at], held["share"].to_numpy() * counted.weights[k][at]
        known = ~np.isnan(value)
        mean = np.average(value[known], weights=weight[known])
        assert near[name]["value"] == pytest.approx(mean, rel=1e-3)


def test_county_state_and_country_hold_everyone_of_theirs(shipped, connection):
    frame = block_groups()
    geoid = frame["geoid"].cast(pl.String).str.zfill(12)
    for facility_id in PLANTS:
        fips = plant_of(connection, facility_id)["county_fips"]
        row = query.community(connection, facility_id)[0]
        assert row["county"] == frame.filter(geoid.str.head(5) == fips)["population"].sum()
        assert row["state"] == frame.filter(geoid.str.head(2) == fips[:2])["population"].sum()
        assert row["us"] == 331_449_281


def test_the_shipped_layer_has_every_block_group_and_everyone():
    frame = block_groups()
    assert frame.height == 242_335
    assert frame["population"].sum() == 334_735_155


_PLACED = "select count(*) from facility where latitude is not null"


def test_most_people_live_in_circles_that_the_table_counts_once_a_plant(shipped):
    rows = table(shipped, "community").filter(pl.col("indicator") == "population")
    assert rows.height == 4 * say(shipped, _PLACED)[0][0]
    assert rows.filter(pl.col("value") <= 0)["status"].unique().to_list() == ["no one counted"]
    assert rows.filter(pl.col("value").is_between(0, 500, closed="none"))[
        "status"
    ].unique().to_list() == ["sparse"]


def test_nobody_is_split_by_who_they_are_where_few_live(shipped):
    rows = table(shipped, "community")
    few = rows.filter(pl.col("indicator") == "population", pl.col("value") < 500)
    assert few.height > 50
    said = rows.join(
        few.select("facility_id", "radius_miles"), on=["facility_id", "radius_miles"], how="semi"
    )
    of_air = {"population", "pm25", "diesel_pm", "cancer_risk", "high_ozone_days", "high_pm_days"}
    assert set(said["indicator"]) == of_air
    nobody = rows.filter(pl.col("status") == "no one counted")
    assert set(nobody["indicator"]) == {"population"}


def test_a_mile_is_a_mile():
    assert METRES == 1609.344
