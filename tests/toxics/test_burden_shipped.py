"""The burden of every plant, counted again from the shipped tables with another geodesic."""

import json
import math
from collections import defaultdict

import pytest
from pyproj import Geod

from comingclean.views import burden, query
from sliced import GARY

GEOD = Geod(ellps="WGS84")
METRES = 1609.344
FAR = "cemex-victorville-ca"  # its coordinates in the inventory lie twelve miles off
EDGE = 0.001  # miles: nearer to the circle's edge than this the two geodesics may differ


@pytest.fixture(scope="module")
def country(shipped):
    """Every facility of the country with what it released, and which are whose."""
    from comingclean.connection import connect

    with connect(shipped) as opened:
        stand = query.rows(opened, "select * from toxic_site")
        released = defaultdict(dict)
        for row in query.rows(opened, "select * from toxic_site_year"):
            released[row["year"]][row["number"]] = row
        sql = "select facility_id, program_id from identifier where program = 'tri'"
        whose = defaultdict(set)
        for row in query.rows(opened, sql):
            whose[row["facility_id"]].add(row["program_id"])
    return stand, released, whose


def within(country, plant, miles):
    """Numbers of the facilities around a plant, and of its own, by pyproj."""
    stand, _, whose = country
    size = len(stand)
    _, _, metres = GEOD.inv(
        [plant["longitude"]] * size,
        [plant["latitude"]] * size,
        [one["longitude"] for one in stand],
        [one["latitude"] for one in stand],
    )
    mine = {one["number"] for one in stand if one["tri_id"] in whose[plant["facility_id"]]}
    far = {one["number"]: m / METRES for one, m in zip(stand, metres, strict=True)}
    assert min(abs(m - miles) for m in far.values()) > EDGE
    return {number for number, m in far.items() if m <= miles} | mine, mine


@pytest.mark.parametrize(
    "plant",
    [GARY, FAR, "ati-tsingshan-midland-pa", "alcoa-massena-west-ny", "keystone-steel-wire-peoria-il"],
)
@pytest.mark.parametrize("miles", [3.0, 10.0])
def test_a_plants_burden_is_what_another_count_finds(plant, miles, connection, country):
    facility = query.rows(connection, "select * from facility where facility_id = ?", plant)[0]
    near, mine = within(country, facility, miles)
    sql = "select * from burden where facility_id = ? and radius_miles = ? order by year"
    told = {row["year"]: row for row in query.rows(connection, sql, plant, miles)}
    for year, filed in country[1].items():
        there = [filed[number] for number in near if number in filed]
        if not there:
            assert year not in told
            continue
        one, weighted = told[year], sum(row["weighted"] for row in there)
        assert one["facilities"] == len(there)
        assert one["kilograms"] == pytest.approx(sum(row["kilograms"] for row in there))
        assert one["weighted"] == pytest.approx(weighted)
        up = math.hypot(*(row["high"] - row["weighted"] for row in there))
        assert one["high"] == pytest.approx(weighted + up)
        if mine & set(filed):
            part = sum(filed[number]["weighted"] for number in mine & set(filed))
            assert one["own_share"] == pytest.approx(part / weighted)


def test_the_causes_of_gary_are_the_largest_around_it(connection, country):
    facility = query.rows(connection, "select * from facility where facility_id = ?", GARY)[0]
    near, _ = within(country, facility, 10.0)
    filed = country[1][2020]
    largest = sorted((filed[n]["weighted"], n) for n in near if n in filed)[::-1][:10]
    sql = "select * from burden_cause where facility_id = ? and radius_miles = 10 order by rank"
    told = query.rows(connection, sql, GARY)
    assert [row["number"] for row in told] == [number for _, number in largest]
    whole = sum(filed[n]["weighted"] for n in near if n in filed)
    assert told[0]["share"] == pytest.approx(largest[0][0] / whole)
    assert sum(row["share"] for row in told) <= 1


def test_every_plant_with_coordinates_and_a_filing_has_its_surroundings(connection):
    sql = """select distinct facility_id from burden where own_share is not null"""
    own = {row["facility_id"] for row in query.rows(connection, sql)}
    sql = "select distinct facility_id from toxic_filing where air = 1"
    filed = {row["facility_id"] for row in query.rows(connection, sql)}
    weighed = "select distinct facility_id from value where quantity = 'toxicity_weighted_air'"
    has = {row["facility_id"] for row in query.rows(connection, weighed)}
    assert len(own) > 240
    assert filed & has <= own


def test_an_own_share_far_off_is_counted_and_its_distance_told(connection):
    sql = "select * from burden_cause where facility_id = ? and miles > radius_miles"
    told = query.rows(connection, sql, FAR)
    assert {row["number"] for row in told} and all(row["miles"] > 12 for row in told)


def test_the_row_of_a_cause_is_its_facilitys_in_the_file_of_that_year(connection):
    sql = """select c.sources, y.row, c.year from burden_cause as c
        join toxic_site_year as y using (number, year)"""
    for row in query.rows(connection, sql):
        assert json.loads(row["sources"]) == [f"epa_tri/{row['year']}#{row['row']}"]


def test_a_place_at_a_plants_door_has_the_plants_burden(connection):
    plant = query.rows(connection, "select * from facility where facility_id = ?", GARY)[0]
    found = burden.around(connection, plant["latitude"], plant["longitude"], 10.0)
    sql = "select * from burden where facility_id = ? order by radius_miles, year"
    told = query.rows(connection, sql, GARY)
    names = ("radius_miles", "year", "facilities", "weighted", "low", "high")
    names += ("trend", "trend_low", "trend_high")
    assert [[row[n] for n in names] for row in found["burden"]] == [
        [row[n] for n in names] for row in told
    ]
    assert all(row["own_share"] is None for row in found["burden"])
    sql = "select number, share from burden_cause where facility_id = ? order by radius_miles, rank"
    shares = [(row["number"], row["share"]) for row in query.rows(connection, sql, GARY)]
    assert [(row["number"], row["share"]) for row in found["causes"]] == shares


def test_far_from_everything_the_newest_year_says_that_nobody_filed(connection):
    circles = burden.of_place(connection, 40.0, -110.5, 3.0, "en")
    assert [circle["miles"] for circle in circles] == [3.0]
    assert circles[0]["newest"]["facilities"] == 0
    assert circles[0]["newest"]["year"] == 2020
    assert circles[0]["chart"] is None
