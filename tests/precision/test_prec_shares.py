"""Shares by count and by tonnes: the printed statement, the table, and a recount by hand agree."""

import math
import sqlite3
from collections import defaultdict

import polars as pl
import pytest
from prec_world import plant

from comingclean.estimates.precision_shares import shares
from comingclean.tables.precision import ABSENT, SHARES_SQL
from sliced import ROOT, say, table

KEY = ("universe", "industry", "subject", "how")


def test_the_printed_statement_gives_the_table_row_by_row(shipped):
    held = table(shipped, "precision_share").sort(KEY).to_dicts()
    with sqlite3.connect(shipped) as opened:
        opened.row_factory = sqlite3.Row
        asked = [dict(row) for row in opened.execute(SHARES_SQL)]
    opened.close()
    asked.sort(key=lambda row: tuple(row[name] for name in KEY))
    assert [tuple(row[name] for name in KEY) for row in asked] == [
        tuple(row[name] for name in KEY) for row in held
    ]
    for mine, theirs in zip(held, asked, strict=True):
        assert mine["plants"] == theirs["plants"]
        for name in ("share_plants", "amount", "share_amount"):
            assert mine[name] == pytest.approx(theirs[name]), (mine, theirs)


def test_the_statement_is_printed_in_the_documentation():
    text = (ROOT / "docs/precision.md").read_text("utf-8")
    assert f"```sql\n{SHARES_SQL}```" in text


def recount(shipped, industry, subject):
    """{how: [plants, tonnes]} of the universe of 2020, row by row, with plain Python."""
    industries = dict(
        say(shipped, "select facility_id, industry from facility where reference_2020 = 1")
    )
    counted = defaultdict(lambda: [0, 0.0])
    for name, how, main, amount in say(
        shipped, "select facility_id, how, main, amount from precision where subject = ?", subject
    ):
        if industries.get(name) == industry:
            counted[how][0] += main
            counted[how][1] += amount or 0.0
    return counted


@pytest.mark.parametrize("industry", ["iron_steel", "cement", "met_coke", "aluminum"])
@pytest.mark.parametrize("subject", ["ghg_subpart_c", "toxic_air", "pm25", "production"])
def test_a_recount_by_hand_gives_the_same(shipped, industry, subject):
    counted = recount(shipped, industry, subject)
    held = say(
        shipped,
        """select how, plants, amount, share_plants, share_amount from precision_share
        where universe = '2020' and industry = ? and subject = ?""",
        industry,
        subject,
    )
    assert {how for how, *_ in held} == set(counted)
    plants, amount = (sum(row[side] for row in counted.values()) for side in (0, 1))
    for how, n, much, of_plants, of_amount in held:
        assert n == counted[how][0]
        assert much == pytest.approx(counted[how][1])
        assert of_plants == pytest.approx(n / plants)
        assert (of_amount is None) == (amount == 0)
        assert of_amount is None or of_amount == pytest.approx(much / amount)


def test_every_group_adds_up_to_its_plants_and_to_one(shipped):
    rows = table(shipped, "precision_share")
    for (universe, industry, _), group in rows.group_by("universe", "industry", "subject"):
        where = "" if universe == "all" else " and reference_2020 = 1"
        of = "" if industry == "all" else f" and industry = '{industry}'"
        expected = say(shipped, f"select count(*) from facility where 1{where}{of}")[0][0]
        assert group["plants"].sum() == expected
        assert math.isclose(group["share_plants"].sum(), 1)
        known = group["share_amount"].drop_nulls()
        assert known.is_empty() or math.isclose(known.sum(), 1)


def test_tonnes_of_different_products_are_not_added_up(shipped):
    rows = table(shipped, "precision_share").filter(industry="all", subject="production")
    assert rows.height
    assert rows["share_amount"].null_count() == rows.height


def test_by_count_and_by_tonnes_differ_as_was_found_before(shipped):
    """The weakest tiers are the commonest by plants; by tonnes steel measures most of its own fuel."""
    asked = """select how, share_plants, share_amount from precision_share where universe = '2020'
    and industry = 'iron_steel' and subject = 'ghg_subpart_c'"""
    held = {how: (count, tonnes) for how, count, tonnes in say(shipped, asked)}
    assert max(held, key=lambda how: held[how][0]) == "published_factor"
    assert max(held, key=lambda how: held[how][1]) == "plant_factor"


def test_an_absent_figure_counts_as_a_plant_and_as_no_tonnes():
    facility = pl.DataFrame([plant("a"), plant("b"), plant("c", reference_2020=0)])
    rows = pl.DataFrame(
        [
            ("a", "lead", "monitored", 1, 3.0),
            ("a", "lead", "judgement", 0, 1.0),
            ("b", "lead", "not_reported", 1, None),
            ("c", "lead", "judgement", 1, 4.0),
        ],
        schema=["facility_id", "subject", "how", "main", "amount"],
        orient="row",
    )
    made = shares(rows, facility).filter(universe="2020", industry="cement")
    found = {row["how"]: row for row in made.iter_rows(named=True)}
    assert found["monitored"]["share_plants"] == found["not_reported"]["share_plants"] == 0.5
    assert found["judgement"]["plants"] == 0
    assert found["judgement"]["share_amount"] == 0.25
    assert found["not_reported"]["share_amount"] == 0
    everyone = shares(rows, facility).filter(universe="all", industry="all", how="judgement")
    assert everyone["share_amount"].item() == 5 / 8


def test_no_absent_way_holds_an_amount(shipped):
    asked = f"select sum(amount) from precision_share where how in {ABSENT}"
    assert say(shipped, asked)[0][0] == 0
