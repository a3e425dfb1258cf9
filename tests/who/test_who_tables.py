"""The tables decided by hand: they hold together, and the promises about links are kept."""

import csv
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from comingclean.facilities.links import CONFIDENCES, METHODS, links

DATA = Path(__file__).parents[2] / "data"
AREA = {"cement": ("frs", "tri", "eis", "gem", "sfi")}
EVERY = ("frs", "tri", "eis", "gem")
BIG = (  # above a million tonnes in some year, and in the list of power plants
    ("cleveland-cliffs-burns-harbor-in", "10245"),
    ("us-steel-granite-city-works-il", "57072"),
    ("holcim-alpena-mi", "50305"),
)


def read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def plants() -> dict[str, dict[str, str]]:
    return {row["facility_id"]: row for row in read("facilities.csv")}


@pytest.fixture(scope="module")
def ids() -> dict[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read("identifiers.csv"):
        found[row["facility_id"], row["program"]].add(row["program_id"])
    return found


def test_the_table_of_links_is_sound(plants):
    frame = links(DATA)
    assert set(frame["facility_id"]) <= set(plants)
    assert set(frame["link_method"]) == set(METHODS)
    assert set(frame["confidence"]) == set(CONFIDENCES)


def test_an_id_that_two_plants_share_says_why():
    owners: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in read("identifiers.csv"):
        owners[row["program"], row["program_id"]].append(row)
    shared = {key: rows for key, rows in owners.items() if len(rows) > 1}
    assert all(row["reason"] for rows in shared.values() for row in rows)
    assert ("gem", "P100000120926") in shared  # Indiana Harbor: one record, three mills


def test_by_hand_and_anything_short_of_certain_says_why():
    rows = read("identifiers.csv")
    assert all(r["reason"] for r in rows if r["link_method"] == "by hand" and r["program"] != "gem")
    assert all(r["reason"] for r in rows if r["confidence"] != "certain")


def test_a_record_beyond_three_kilometres_says_why():
    far = [
        row
        for row in read("identifiers.csv")
        if (found := re.search(r"; ([\d.]+) km", row["evidence"])) and float(found[1]) > 3
    ]
    assert len(far) > 10
    assert all(row["reason"] for row in far)


def test_edgar_thomson_and_irvin_are_linked(ids):
    assert ids["us-steel-edgar-thomson-pa", "tri"] == {"15104SSDGRBRADD"}
    assert ids["us-steel-irvin-pa", "tri"] == {"15034SSRVNPOBOX"}
    assert ids["us-steel-irvin-pa", "eis"] == {"7409411"}


def test_gary_works_has_both_its_nei_records(ids):
    assert ids["us-steel-gary-works-in", "eis"] == {"8192011", "10697311"}


def test_a_neighbour_that_an_frs_id_drags_in_is_not_linked(ids):
    assert "3656WTHYSS1THYS" not in ids["outokumpu-calvert-al", "tri"]
    assert ids["north-american-stainless-ghent-ky", "tri"] == {"41045NRTHMUS42E"}
    assert "6234611" not in ids["mountain-state-carbon-follansbee-wv", "eis"]


def test_the_plants_of_2020_are_linked_as_promised(plants, ids):
    reference = [name for name, row in plants.items() if row["reference_2020"] == "1"]
    assert sum(bool(ids[name, "tri"]) for name in reference) >= 185
    in_2017 = {row["facility_id"] for row in read("identifiers.csv") if row["program"] == "eis"
               and row["last_year"] == "2017" and "nrel-aegis" in row["evidence"]}  # fmt: skip
    assert len(in_2017 & set(reference)) >= 175
    cement = [name for name in reference if plants[name]["industry"] == "cement"]
    held = [n for n in cement if ids[n, "gem"] or ids[n, "sfi"] or plants[n]["program"] == "gem"]
    assert len(held) / len(cement) >= 0.85


def test_every_missing_link_has_its_reason(plants, ids):
    missing = {(row["facility_id"], row["program"]): row["reason"] for row in read("links_missing.csv")}
    for name, row in plants.items():
        for program in AREA.get(row["industry"], EVERY):
            known = ids[name, program] or row["program"] == program
            assert known or missing[name, program], (name, program)
    assert all(len(reason) > 20 for reason in missing.values())
    assert {name for name, _ in missing} <= set(plants)


def test_every_reason_is_there_in_both_languages_and_without_initials():
    for row in read("links_missing.csv"):
        assert len(row["reason_es"]) > 20, row
        assert not re.search(r"\b(NEI|TRI|GHGRP|FRS|EIS)\b", row["reason"]), row


@pytest.mark.parametrize(("plant", "code"), BIG)
def test_the_largest_plants_with_generators_are_linked_to_the_list_of_power_plants(ids, plant, code):
    assert code in ids[plant, "oris"]


def test_a_code_that_two_plants_of_one_works_have_says_why_in_both():
    rows = [row for row in read("identifiers.csv") if row["program_id"] == "54207"]
    assert {row["facility_id"] for row in rows} == {
        "rg-steel-warren-oh",
        "cleveland-cliffs-warren-coke-oh",
    }
    assert all("EPA’s crosswalk" in row["reason"] for row in rows)


def test_a_record_that_goes_on_as_another_place_is_linked_until_then(ids):
    (row,) = [row for row in read("identifiers.csv") if row["until"]]
    assert (row["facility_id"], row["program_id"]) == ("timkensteel-canton-oh", "44706THTMK1835D")
    assert (row["confidence"], row["until"]) == ("probable", "2013")
    assert "4470WTHTMK2514W" in ids["timkensteel-canton-oh", "tri"]


def test_a_parent_with_a_stated_share_is_not_given_the_whole(plants):
    ours = {name: row["parent"] for name, row in plants.items() if name.startswith("st-marys-")}
    assert set(ours.values()) == {"Votorantim SA (83%); Province of Quebec (17%)"}


def test_the_two_mills_of_calvert_are_one_site(plants):
    assert {plants[name]["site_id"] for name in ("am-ns-calvert-al", "outokumpu-calvert-al")} == {
        "calvert-al"
    }


def test_plants_that_are_announced_without_a_place_are_in_the_registry(plants):
    lost = {name for name, row in plants.items() if row["program"] != "ghgrp" and not row["latitude"]}
    assert lost == {
        "bluescope-steel-eastern-us",
        "hyundai-steel-louisiana-la",
        "nucor-pacific-northwest",
    }


def test_a_missing_row_stands_once():
    counts = Counter((row["facility_id"], row["program"]) for row in read("links_missing.csv"))
    assert max(counts.values()) == 1


def test_two_hundreds_of_links_were_reviewed_and_still_stand():
    rows = read("links_reviewed.csv")
    keys = [(row["facility_id"], row["program"], row["program_id"]) for row in rows]
    known = {(r["facility_id"], r["program"], r["program_id"]) for r in read("identifiers.csv")}
    assert len({*keys}) == len(keys)
    assert {*keys} <= known
    assert {row["verdict"] for row in rows} <= {"right", "wrong", "cannot be settled"}
    draws = Counter(draw for row in rows for draw in row["draw"].split("; "))
    assert draws == {"1": 100, "2": 100}


def test_sites_hold_the_plants_that_the_registry_gives_them(plants):
    members: dict[str, set[str]] = defaultdict(set)
    for name, row in plants.items():
        members[row["site_id"]].add(name)
    several = {site: names for site, names in members.items() if len(names) > 1}
    assert {row["site_id"]: set(row["facilities"].split("; ")) for row in read("sites.csv")} == several


# --- attributes


def test_attributes_belong_to_a_plant_or_a_site(plants):
    known = set(plants) | {row["site_id"] for row in read("sites.csv")}
    assert {row["facility_id"] for row in read("attributes.csv")} <= known


def test_a_capacity_is_a_number_in_its_interval_or_stays_text():
    for row in read("attributes.csv"):
        if not row["attribute"].startswith("capacity"):
            continue
        assert row["unit"] == "t/y"
        if row["attribute"].endswith("_text"):
            assert not row["value"].isdigit()
        else:
            assert 0 < float(row["low"]) < float(row["value"]) < float(row["high"])


def test_the_workforce_of_a_company_stays_text():
    rows = [r for r in read("attributes.csv") if r["attribute"].startswith("workforce")]
    company = {row["facility_id"] for row in rows if row["attribute"] == "workforce_text"}
    assert company == {
        f"steel-dynamics-{mill}"
        for mill in ("butler-in", "columbia-city-in", "pittsboro-in", "roanoke-va")
    }
    assert not company & {row["facility_id"] for row in rows if row["attribute"] == "workforce"}


def test_a_shared_record_is_kept_at_the_site():
    harbor = [
        r
        for r in read("attributes.csv")
        if "P100000120926" in r["note"] or r["facility_id"] == "indiana-harbor-in"
    ]
    kept = {row["facility_id"] for row in harbor if row["attribute"] == "capacity_steel"}
    assert kept == {"indiana-harbor-in"}


def test_every_plant_has_a_route_and_no_two_at_a_time(plants):
    routes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read("attributes.csv"):
        if row["attribute"] == "route":
            routes[row["facility_id"]].append(row)
    assert set(routes) == set(plants)
    for name, rows in routes.items():
        spans = sorted((int(r["first_year"] or 0), int(r["last_year"] or 9999)) for r in rows)
        assert all(a[1] < b[0] for a, b in pairwise(spans)), name


def test_what_only_the_draft_says_is_marked_assumed():
    draft = [row for row in read("attributes.csv") if row["source"] == "draft_inventory"]
    assert draft
    assert {row["certainty"] for row in draft} == {"assumed"}


def test_every_attribute_says_where_it_stands():
    rows = read("attributes.csv")
    assert all(re.search(r" row \d+$", row["source_row"]) for row in rows)
    assert {row["certainty"] for row in rows} == {"stated", "inferred", "assumed", "disputed"}
