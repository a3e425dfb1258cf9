"""Where a plant stands: the point that was decided, with what was filed beside it."""

import json

import polars as pl
import pytest

from comingclean.errors import InputError
from comingclean.facilities import attributes, county, place, registry
from comingclean.sources import ghgrp
from sliced import COUNTIES, GARY, ROOT, slice_of, table

OUTLINES = county.Counties.read(COUNTIES)
BUTLER, SINTON = "cleveland-cliffs-butler-works-pa", "steel-dynamics-sinton-tx"


def located(data, said):
    rows = ghgrp.read(slice_of(2023)).facilities.with_columns(corrected=pl.lit("[]"))
    plants = registry.read(data).filter(facility_id=GARY)
    return place.locate(plants, rows, OUTLINES, said).row(0, named=True)


def points(*rows):
    """Rows (attribute, value, source)."""
    listed = [(GARY, *row, 2025, f"attributes/{i}", i) for i, row in enumerate(rows)]
    schema = ["facility_id", "attribute", "value", "source_id", "last_year", "lineage_id", "row"]
    return (
        pl.DataFrame(listed, schema=schema, orient="row")
        if rows
        else attributes.read(ROOT / "data").clear()
    )


def test_a_decided_point_goes_before_the_filed_one_which_is_kept(data):
    row = located(
        data,
        points(
            ("coordinates", "41.62, -87.35", "gem_steel"), ("coordinate_spread", "3.2", "gem_steel")
        ),
    )
    assert (row["latitude"], row["longitude"]) == (41.62, -87.35)
    assert (row["filed_latitude"], row["filed_longitude"]) == (41.6133, -87.3281)
    assert 1.8 < row["filed_km"] < 2.1
    assert (row["coordinate_accuracy"], row["coordinate_as_of"]) == (place.IMAGERY, 2025)
    assert row["coordinate_spread_km"] == 3.2
    assert json.loads(row["sources"]) == ["epa_ghgrp/2023#5995", "attributes/0"]
    assert (row["county"], row["county_distance_km"]) == ("Lake", 0)


def test_the_county_is_held_against_the_decided_point(data):
    row = located(data, points(("coordinates", "41.0, -86.5", "gem_steel")))
    assert row["county"] == "Lake"
    assert row["county_distance_km"] > 40


def test_a_point_that_was_decided_to_be_the_filed_one_follows_the_filing(data):
    row = located(data, points(("coordinates", "41.7, -87.4", "epa_ghgrp")))
    assert (row["latitude"], row["coordinate_accuracy"], row["filed_km"]) == (41.6133, place.FILED, 0)
    assert located(data, points())["coordinate_as_of"] == 2023


def test_an_inventory_without_images_says_so(data):
    row = located(data, points(("coordinates", "41.62, -87.35", "sfi")))
    assert row["coordinate_accuracy"] == place.INVENTORY


@pytest.mark.parametrize("value", ["", "north", "41.62", "91, 0", "41.6, -187", "41.6; -87.3"])
def test_decided_coordinates_that_are_none_are_refused(data, value):
    with pytest.raises(InputError, match="is no latitude and longitude"):
        located(data, points(("coordinates", value, "gem_steel")))


# --- the plants of the atlas


@pytest.fixture(scope="module")
def facility(shipped):
    return table(shipped, "facility")


def test_every_decided_point_is_where_the_atlas_puts_the_plant(facility):
    decided = attributes.read(ROOT / "data").filter(attribute="coordinates")
    at = {row["facility_id"]: place.degrees(row) for row in decided.iter_rows(named=True)}
    for row in facility.filter(pl.col("latitude").is_not_null()).iter_rows(named=True):
        there = at[row["facility_id"]]
        assert place.apart(row["latitude"], row["longitude"], *there) < 0.001, row["facility_id"]


def test_each_plant_more_than_a_kilometre_from_its_filing_says_why_its_point_is_better(facility):
    far = facility.filter(pl.col("filed_km") > 1)["facility_id"].to_list()
    assert len(far) == 11
    notes = attributes.read(ROOT / "data").filter(attribute="coordinates")
    said = dict(notes.select("facility_id", "note").iter_rows())
    assert all(len(said[plant].split("; ", 1)[-1]) > 100 for plant in far)


@pytest.mark.parametrize("plant", [BUTLER, SINTON, "outokumpu-calvert-al"])
def test_where_the_files_do_not_settle_it_the_filed_point_is_kept_with_the_reason(facility, plant):
    row = facility.filter(facility_id=plant).row(0, named=True)
    assert (row["coordinate_accuracy"], row["filed_km"]) == (place.FILED, 0)
    note = attributes.read(ROOT / "data").filter(facility_id=plant, attribute="coordinates")["note"][0]
    assert "GEM" in note
    assert row["coordinate_spread_km"] > 0.5


def test_great_lakes_stands_on_the_river_and_its_neighbours_are_those_around_it(facility, shipped):
    row = facility.filter(facility_id="us-steel-great-lakes-works-mi").row(0, named=True)
    assert (round(row["latitude"], 3), round(row["longitude"], 3)) == (42.263, -83.122)
    near = table(shipped, "community").filter(
        facility_id="us-steel-great-lakes-works-mi", radius_miles=1, indicator="population"
    )
    assert near["value"][0] < 6000


def test_only_planned_plants_stand_nowhere(facility):
    lost = facility.filter(pl.col("latitude").is_null())
    assert set(lost["status"]) == {"announced"}
    assert lost.select("coordinate_accuracy", "filed_km", "county").null_count().row(0) == (3, 3, 3)
