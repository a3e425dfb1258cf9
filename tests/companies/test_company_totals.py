"""What a company's plants release: sums by share, their interval, and what they never lose."""

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.estimates.company_totals import parties, totals, unknown_shares
from sliced import table

STATEMENT = {
    "facility_id": "p",
    "role": "parent",
    "company_id": "a",
    "company": "A",
    "share": 100.0,
    "low": 100.0,
    "high": 100.0,
    "last_year": 2023,
    "source_id": "facilities",
    "standing": "decided",
    "counted": 1,
    "sources": ["facilities/p"],
}
VALUE = {
    "facility_id": "p",
    "year": 2020,
    "quantity": "ghg_scope1",
    "value": 100.0,
    "low": 90.0,
    "high": 120.0,
    "grade": "B",
    "sources": ["row/1"],
}


def owned(*changes):
    kinds = dict.fromkeys(("share", "low", "high"), pl.Float64)
    return parties(pl.DataFrame([STATEMENT | change for change in changes], schema_overrides=kinds))


def filed(*changes):
    return pl.DataFrame([VALUE | change for change in changes])


def only(frame):
    (row,) = frame.iter_rows(named=True)
    return row


def of_share(share):
    return {"share": share, "low": share, "high": share}


def test_a_joint_venture_counts_by_its_share_with_the_whole_interval():
    row = only(totals(filed({}), owned(of_share(51.0))))
    assert [row[end] for end in ("value", "low", "high")] == pytest.approx([51, 45.9, 61.2])
    assert (row["plants"], row["shared"], row["whole"]) == (1, 1, 0)
    assert row["sources"] == ["facilities/p", "row/1"]
    assert (row["kind"], row["method"]) == ("calculated", "company_sum")


def test_an_uncertain_share_widens_the_interval():
    row = only(totals(filed({}), owned({"share": 50.0, "low": 40.0, "high": 60.0})))
    assert [row[end] for end in ("value", "low", "high")] == pytest.approx([50, 36, 72])


def test_an_unknown_share_counts_the_plant_whole_and_says_so():
    row = only(totals(filed({}), owned(of_share(None))))
    assert [row[end] for end in ("value", "low", "high")] == [100, 90, 120]
    assert (row["shared"], row["whole"]) == (0, 1)


def test_an_unknown_share_beside_other_owners_may_be_next_to_nothing():
    rows = totals(
        filed({}), owned(of_share(None), of_share(None) | {"company_id": "b", "company": "B"})
    )
    assert rows.select("value", "low", "high").rows() == [(100, 0, 120)] * 2


def test_a_sum_has_the_worst_grade_and_adds_ends_as_if_errors_went_together():
    values = filed({}, {"facility_id": "q", "grade": "D", "value": 10.0, "low": 5.0, "high": 20.0})
    row = only(totals(values, owned({}, {"facility_id": "q", "sources": ["facilities/q"]})))
    assert [row[end] for end in ("value", "low", "high")] == [110, 95, 140]
    assert (row["grade"], row["plants"]) == ("D", 2)


def test_what_is_not_counted_or_not_filed_is_no_zero():
    assert totals(filed({}), owned({"counted": 0})).is_empty()
    rows = totals(filed({}, {"year": 2021}), owned({}, {"facility_id": "q"}))
    assert rows.select("year", "plants").rows() == [(2020, 1), (2021, 1)]
    assert totals(filed({"quantity": "ghg_co2"}), owned({})).is_empty()


SHARES = st.lists(st.floats(1, 50), min_size=1, max_size=6)


@given(SHARES, st.floats(1, 1e7))
def test_no_share_is_lost_and_none_is_invented(shares, value):
    shares = [share * 100 / sum(shares) for share in shares]
    statements = [
        of_share(s) | {"company_id": f"c{n}", "company": f"C{n}"} for n, s in enumerate(shares)
    ]
    rows = totals(filed({"value": value, "low": 0.9 * value, "high": 1.2 * value}), owned(*statements))
    assert rows["value"].sum() == pytest.approx(value)
    assert rows["low"].sum() == pytest.approx(0.9 * value)
    assert (rows["low"] <= rows["value"]).all()
    assert (rows["value"] <= rows["high"]).all()


def test_shares_that_do_not_make_a_whole_have_a_finding():
    found = unknown_shares(owned(of_share(50.0) | {"facility_id": "half"}, {"facility_id": "whole"}))
    assert [(row["facility_id"], row["rule"], row["facts"]) for row in found] == [
        ("half", "owner_rest_unknown", {"year": 2023, "share": "50"})
    ]
    (row,) = unknown_shares(owned(of_share(None)))
    assert (row["rule"], row["facts"]["company"]) == ("owner_share_unknown", "A")
    assert unknown_shares(owned(of_share(99.9))) == []


# --- the shipped record


def test_parents_and_the_rest_without_an_owner_add_up_to_all_plants(shipped):
    """In every year: sums of parents, plus what no parent holds, are what the plants filed."""
    value = table(shipped, "value").filter(pl.col("quantity") == "ghg_scope1")
    decided = table(shipped, "ownership").filter(pl.col("standing") == "decided")
    held = dict(decided.group_by("facility_id").agg(pl.col("share").sum()).iter_rows())
    parents = set(table(shipped, "company").filter(pl.col("basis") == "decided")["company_id"])
    sums = table(shipped, "company_value").filter(pl.col("company_id").is_in(parents))
    for (year,), rows in value.group_by("year"):
        rest = sum(
            v * (100 - held.get(plant, 0)) / 100
            for plant, v in rows.select("facility_id", "value").iter_rows()
        )
        total = sums.filter(pl.col("year") == year)["value"].sum()
        assert total + rest == pytest.approx(rows["value"].sum(), rel=1e-9)
        assert 0 <= rest < 0.01 * total


def test_nucor_by_hand(shipped):
    """51 % of Nucor-Yamato and the whole of the others, from the plants' own rows."""
    plants = table(shipped, "facility").filter(pl.col("parent").str.starts_with("Nucor Corp."))
    value = table(shipped, "value").filter(pl.col("quantity") == "ghg_scope1", pl.col("year") == 2020)
    by_plant = dict(value.select("facility_id", "value").iter_rows())
    whole = [by_plant[p] for p in plants["facility_id"] if p in by_plant and "yamato" not in p]
    expected = sum(whole) + 0.51 * by_plant["nucor-yamato-blytheville-ar"]
    row = only(table(shipped, "company_value").filter(company_id="nucor", year=2020))
    assert row["value"] == pytest.approx(expected)
    assert (row["plants"], row["shared"], row["whole"]) == (len(whole) + 1, 1, 0)


def test_the_coke_battery_at_indiana_harbor_counts_under_both_of_its_parents(shipped):
    """EPA's file of 2023 has DTE's 15 % only; the registry keeps SunCoke's 85 % from 2017."""
    rows = table(shipped, "ownership").filter(
        facility_id="suncoke-indiana-harbor-coke-in", standing="decided"
    )
    assert sorted(rows.select("company_id", "share").rows()) == [
        ("dte-energy", 15),
        ("suncoke-energy", 85),
    ]


def test_findings_name_the_plants_whose_owners_are_not_all_on_record(shipped):
    rows = table(shipped, "finding").filter(pl.col("rule").str.starts_with("owner_"))
    assert sorted(rows.select("facility_id", "rule").rows()) == [
        ("american-cement-sumterville-fl", "owner_rest_unknown"),
        ("electra-boulder-co", "owner_share_unknown"),
    ]
    assert "50 %" in rows.sort("facility_id")["sentence_en"][0]


def test_a_company_without_a_counted_plant_has_no_total(shipped):
    company = table(shipped, "company")
    older = set(company.filter(pl.col("basis") == "older")["company_id"])
    assert {"oldcastle-materials", "texas-industries"} <= older
    assert set(company.filter(pl.col("plants") == 0)["company_id"]) == older
    assert not older & set(table(shipped, "company_value")["company_id"])


def test_other_spellings_are_kept(shipped):
    row = only(table(shipped, "company").filter(company_id="heidelberg-materials"))
    assert json.loads(row["other_names"]) == ["HeidelbergCement AG"]
