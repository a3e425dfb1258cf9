"""Who owns what: each statement of a source, and which of them a company's total counts."""

import csv
import json

import polars as pl
import pytest

from comingclean.errors import InputError
from comingclean.facilities import attributes, companies, registry
from comingclean.facilities.ownership import STANDINGS, counted, ownership
from comingclean.sources.sheet import ROW
from sliced import ROOT, table

DATA = ROOT / "data"
YAMATO = "nucor-yamato-blytheville-ar"


@pytest.fixture(scope="module")
def owned():
    return ownership(DATA)


def of(owned, plant, **wanted):
    rows = owned.filter(pl.col("facility_id") == plant)
    for column, value in wanted.items():
        rows = rows.filter(pl.col(column) == value)
    return rows


def test_a_joint_venture_is_split_as_the_registry_says(owned):
    rows = of(owned, YAMATO, standing="decided").sort("share")
    assert rows.select("company_id", "share", "low", "high", "last_year", "counted").rows() == [
        ("yamato-kogyo", 49.0, 49.0, 49.0, 2023, 1),
        ("nucor", 51.0, 51.0, 51.0, 2023, 1),
    ]


def test_two_holdings_of_a_company_in_one_row_of_a_source_are_added_up(owned):
    (row,) = of(owned, YAMATO, source_id="epa_flight", company_id="yamato-kogyo-usa").iter_rows(
        named=True
    )
    assert (row["share"], row["last_year"], row["standing"]) == (49.0, 2017, "older")
    assert len(row["sources"]) == 2


def test_a_statement_of_another_level_stays_and_is_not_counted_for_the_parent(owned):
    rows = of(owned, "us-steel-gary-works-in")
    nippon = rows.filter(pl.col("company_id") == "nippon-steel")
    assert nippon.select("standing", "role", "last_year", "share", "counted").rows() == [
        ("current", "parent", 2025, 100.0, 1)
    ]
    us_steel = rows.filter(company_id="united-states-steel").filter(pl.col("counted") == 1)
    assert us_steel["standing"].to_list() == ["decided"]


def test_a_company_that_sold_counts_nothing_of_what_it_sold(owned):
    rows = owned.filter(company_id="arcelormittal-usa", facility_id="cleveland-cliffs-burns-harbor-in")
    assert rows.select("standing", "counted", "last_year").rows() == [("older", 0, 2017)]


def test_a_share_that_no_source_states_is_empty_and_not_whole(owned):
    assert of(owned, "us-steel-gary-works-in", role="owner")["share"].to_list() == [None]
    rows = of(owned, "electra-boulder-co", standing="decided")
    assert rows["share"].to_list() == [None]


def test_every_statement_speaks_of_a_year_has_a_standing_and_a_source(owned):
    assert (
        owned.select("last_year", "source_id", "source_row", "sources").null_count().row(0) == (0,) * 4
    )
    assert set(owned["standing"]) == set(STANDINGS)
    assert owned["sources"].list.len().min() == 1


def test_a_company_counts_a_plant_once_and_decided_plants_alone_where_it_has_any(owned):
    chosen = owned.filter(pl.col("counted") == 1)
    assert chosen.select("facility_id", "company_id").is_unique().all()
    decided = set(owned.filter(standing="decided")["company_id"])
    assert set(chosen.filter(pl.col("company_id").is_in(decided))["standing"]) == {"decided"}
    assert set(chosen.filter(~pl.col("company_id").is_in(decided))["standing"]) == {"current"}


def test_a_statement_for_the_newest_year_of_figures_is_current_beside_one_of_another_level(owned):
    """EPA names Gerdau USA for 2023, GEM its Brazilian parent for 2025: neither denies the other."""
    rows = owned.filter(company_id="gerdau-usa", counted=1)
    assert rows.height == 11
    assert rows.filter(last_year=2023)["standing"].unique().to_list() == ["current"]


def test_a_parent_comes_before_an_owner_where_sources_call_a_company_both(owned):
    rows = owned.filter(company_id="argos-usa", facility_id="argos-harleyville-sc")
    assert {"parent", "owner"} <= set(rows.filter(standing="current")["role"])
    assert rows.filter(counted=1).select("role", "source_id", "share").rows() == [
        ("parent", "epa_parents", 100.0)
    ]


def test_the_order_of_rows_decides_nothing(owned):
    again = counted(owned.drop("counted").sample(fraction=1, shuffle=True, seed=7))
    key = ["facility_id", "company_id", "role", "source_id", "source_row"]
    assert again.sort(key).equals(owned.select(again.columns).sort(key))


def test_the_registry_in_plain_python_names_the_same_parents(owned):
    """An oracle of its own: cells split by hand, without the parser."""
    known = {row["name"]: row["company_id"] for row in companies.read(DATA).iter_rows(named=True)}
    expected = set()
    with (DATA / registry.FACILITIES).open(newline="", encoding="utf-8") as stream:
        for plant in csv.DictReader(stream):
            for part in filter(None, plant["parent"].split("; ")):
                name, _, share = part.removesuffix(")").rpartition(" (")
                is_share = share.endswith("%") or share == "share unknown"
                expected.add((plant["facility_id"], known[name if is_share else part]))
    rows = owned.filter(standing="decided")
    assert set(rows.select("facility_id", "company_id").iter_rows()) == expected


def rewrite(path, change):
    with path.open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        rows = list(reader)
    change(rows)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames)
        writer.writeheader()
        writer.writerows(rows)


def spoil(folder, file, plant, **cells):
    def change(rows):
        row = next(r for r in rows if r["facility_id"] == plant and cells["of"](r))
        row |= {name: value for name, value in cells.items() if name != "of"}

    rewrite(folder / file, change)


def parent_row(row):
    return row.get("attribute") == "parent"


@pytest.mark.parametrize(
    ("file", "cells", "words"),
    [
        ("facilities.csv", {"parent": "A (70%); B (31%)"}, "add up to 101 %"),
        ("facilities.csv", {"parent": "Nobody Steel Inc."}, "“Nobody Steel Inc.” is no name that"),
        ("facilities.csv", {"parent_as_of": ""}, "cannot be read as parents as of a year"),
        ("facilities.csv", {"parent_as_of": "lately"}, "cannot be read as parents as of a year"),
        ("attributes.csv", {"value": "Nobody Steel Inc."}, "“Nobody Steel Inc.” is no name that"),
        ("attributes.csv", {"low": "150", "high": "150"}, "add up to 150 %"),
    ],
)
def test_damaged_owners_are_refused_with_file_and_row(own_data, file, cells, words):
    plant = "us-steel-gary-works-in"
    spoil(own_data, file, plant, of=parent_row if file[0] == "a" else lambda row: True, **cells)
    with pytest.raises(InputError, match=words) as caught:
        ownership(own_data)
    assert caught.value.file == own_data / file
    assert caught.value.row > 1


# --- rows of tables that are decided by hand can be looked up


@pytest.mark.parametrize(("name", "file"), [("identifier", "identifiers"), ("attribute", "attributes")])
def test_the_ids_of_decided_rows_lead_to_the_row_that_says_so(name, file, shipped):
    """Every id of the table resolves to a line of the CSV whose cells are those of the table."""
    lines = (DATA / f"{file}.csv").open(newline="", encoding="utf-8")
    with lines as stream:
        written = dict(enumerate(csv.DictReader(stream), start=2))
    places = table(shipped, "lineage").filter(pl.col("source_id") == file)
    row_of = dict(places.select("lineage_id", "row").iter_rows())
    cells = {"identifier": ("program", "program_id"), "attribute": ("attribute", "value")}[name]
    seen = 0
    for row in table(shipped, name).iter_rows(named=True):
        source, *_ = json.loads(row["sources"])
        if source.startswith(f"{file}/"):
            seen += 1
            found = written[row_of[source]]
            assert found["facility_id"] == row["facility_id"]
            assert [found[cell] for cell in cells] == [row[cell] for cell in cells]
    assert seen > 1000


def test_an_attributes_id_outlives_a_new_order_of_plants(own_data):
    before = attributes.read(own_data)

    def turned(rows):
        groups = {}
        for row in rows:
            groups.setdefault(row["facility_id"], []).append(row)
        rows[:] = [row for plant in reversed(list(groups)) for row in groups[plant]]

    rewrite(own_data / attributes.ATTRIBUTES, turned)
    after = attributes.read(own_data)
    same = ["lineage_id", "facility_id", "value", "source_row"]
    assert before.select(same).sort(same).equals(after.select(same).sort(same))
    assert before[ROW].to_list() == after[ROW].to_list()


def test_what_one_record_says_of_a_whole_site_is_kept_at_the_site(shipped):
    site = table(shipped, "attribute").filter(facility_id="indiana-harbor-in")
    steel = site.filter(attribute="capacity_steel")
    assert steel.select("value", "low", "high", "unit").rows() == [("6800000", 6.12e6, 7.48e6, "t/y")]
    own = table(shipped, "attribute").filter(
        pl.col("facility_id").str.starts_with("cleveland-cliffs-indiana-harbor")
    )
    assert not own["attribute"].str.starts_with("capacity_steel").any()
