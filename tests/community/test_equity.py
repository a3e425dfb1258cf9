"""The neighbours of many plants: counted once, held against where they live, tested against chance."""

import numpy as np
import polars as pl
import pytest
from community_slices import made_up, tables
from hypothesis import given, settings

from comingclean.estimates import community_chance, community_draws, equity
from comingclean.estimates.community_arrays import LEVELS, Pairs
from comingclean.estimates.community_draws import Around, Homes
from comingclean.estimates.community_union import people_once

SEED = 20260101
LEAST = 500.0


def alone(rows, size):
    """Circles that hold one whole block group each."""
    rows = np.asarray(rows)
    return Pairs(np.arange(rows.size), rows, np.ones(rows.size), size)


def plants(table, rows):
    """The area of each plant at each level."""
    return {level: areas.of[np.asarray(rows)] for level, areas in table.areas.items()}


def chance_of(table, rows, seed=SEED):
    """Random homes, each with the circle that holds its own block group."""
    homes = community_draws.random_homes(table, plants(table, rows), seed)
    return equity.Chance(homes, around_each(table, homes, rows), seed)


def around_each(table, homes, rows):
    """The block group of each home, which the circle of a plant in the same one meets."""
    return {
        level: community_draws.around(
            table, alone(h.row, h.row.size), level, h.row[:, None] == np.asarray(rows)
        )
        for level, h in homes.items()
    }


def in_group(*numbers, name="all"):
    return pl.DataFrame({"group": [name] * len(numbers), "circle": list(numbers)})


def land(counties=20, size=400, seed=1):
    """Block groups of a thousand people; in every county half of them have twice the share."""
    random = np.random.default_rng(seed)
    base = np.repeat([10.0, 20.0], size // 2)
    return made_up([1000.0] * size, [base + random.normal(0, 0.5, size)], counties=counties)


def answer(table, rows, level="county", **changes):
    pairs = alone(rows, len(rows))
    chance = chance_of(table, rows) if "chance" not in changes else changes["chance"]
    groups = changes.get("groups", in_group(*range(len(rows))))
    found = equity.compare(table, pairs, groups, chance, 3.0, LEAST)
    return found.filter(pl.col("compare") == level).row(0, named=True)


def test_plants_among_the_poorer_half_are_found_and_the_reference_is_their_own_county():
    table = land()
    row = answer(table, range(200, 220))
    direct = table.values[0][200:220].mean()
    assert row["value"] == pytest.approx(direct)
    own = table.means["county"][0][table.areas["county"].of[200:220]].mean()
    assert row["reference"] == pytest.approx(own)
    assert row["difference"] == pytest.approx(direct - own)
    assert row["difference_low"] <= row["difference"] <= row["difference_high"]
    assert row["p"] == pytest.approx(0.001)
    assert abs(row["expected"]) < 1.5
    assert (row["n_plants"], row["n_clusters"]) == (20, 20)
    assert row["n_effective"] == pytest.approx(20)
    assert row["people"] == row["people_low"] == row["people_high"] == 20_000


def test_plants_that_stand_where_chance_would_put_them_are_not_found():
    table, found = land(), []
    draw = np.random.default_rng(3)
    rows = draw.permutation(400)[:20]
    chance = chance_of(table, range(400))
    for _ in range(60):
        rows = draw.permutation(400)[:20]
        homes = {
            level: Homes(h.row, h.pool, h.area[rows], h.alike) for level, h in chance.homes.items()
        }
        found.append(answer(table, rows, chance=equity.Chance(homes, chance.around, SEED))["p"])
    assert np.mean(np.array(found) <= 0.1) <= 0.2
    assert np.mean(found) == pytest.approx(0.5, abs=0.15)


def test_the_same_seed_gives_the_same_rows_and_another_much_the_same():
    table, rows = land(), range(190, 210)
    groups = in_group(*range(20))
    one, again = (
        equity.compare(table, alone(rows, 20), groups, chance_of(table, rows), 3.0, LEAST)
        for _ in range(2)
    )
    assert one.equals(again)
    other = equity.compare(table, alone(rows, 20), groups, chance_of(table, rows, 7), 3.0, LEAST)
    for name in ("value", "reference", "difference", "people"):
        assert other[name].to_list() == one[name].to_list()
    assert other["p"].to_list() == pytest.approx(one["p"].to_list(), abs=0.25)


def test_two_plants_behind_one_fence_count_as_one_case_and_their_people_once():
    table = land()
    rows = [*range(200, 220), 200]
    row = answer(table, rows)
    assert (row["n_plants"], row["n_clusters"], row["people"]) == (21, 20, 20_000)
    assert row["difference"] == pytest.approx(answer(table, rows[:20])["difference"])


@given(tables())
def test_circles_that_share_a_block_group_are_in_one_cluster(made):
    _, pairs = made
    number = community_chance.clusters(pairs)
    live = set(pairs.circle.tolist())
    assert {c for c in range(pairs.circles) if number[c] >= 0} == live
    assert sorted(set(number[number >= 0].tolist())) == list(
        range(len(set(number[number >= 0].tolist())))
    )
    for row in set(pairs.row.tolist()):
        assert len({number[c] for c in pairs.circle[pairs.row == row]}) == 1
    linked = {c: {c} for c in live}
    for row in set(pairs.row.tolist()):
        together = set().union(*(linked[c] for c in pairs.circle[pairs.row == row].tolist()))
        linked |= dict.fromkeys(together, together)
    assert len({frozenset(group) for group in linked.values()}) == len(
        set(number[number >= 0].tolist())
    )


@settings(max_examples=30)
@given(tables(known=True))
def test_value_less_reference_is_the_mean_of_each_ones_own_difference(made):
    table, pairs = made
    groups = in_group(*range(pairs.circles))
    homes = plants(table, np.zeros(pairs.circles, int))
    drawn = {
        level: Homes(np.array([0]), np.zeros((1, 2), int), np.minimum(of, 0), 2)
        for level, of in homes.items()
    }
    nothing = Around(
        np.array([1.0]), np.zeros((len(table.names), 1)), np.zeros((1, pairs.circles), bool)
    )
    found = equity.compare(
        table, pairs, groups, equity.Chance(drawn, dict.fromkeys(LEVELS, nothing), SEED), 1.0, LEAST
    )
    assert found.is_empty() == (pairs.circles < 3 or people_once(table, pairs)[0] < 500)
    for row in found.iter_rows(named=True):
        assert row["value"] - row["difference"] == pytest.approx(row["reference"], abs=1e-9)
        if row["compare"] == "us":
            k = table.names.index(row["indicator"])
            assert row["reference"] == pytest.approx(table.means["us"][k][0], abs=1e-6)


def test_few_plants_or_few_people_make_no_group():
    table = land()
    assert equity.compare(
        table, alone([0, 1], 2), in_group(0, 1), chance_of(table, [0, 1]), 3.0, LEAST
    ).is_empty()
    empty = made_up([100.0] * 400, [[1.0] * 400], counties=20)
    rows = range(4)
    chance = chance_of(empty, rows)
    for least, none in ((400.0, False), (401.0, True)):
        found = equity.compare(empty, alone(rows, 4), in_group(*rows), chance, 3.0, least)
        assert found.is_empty() == none


def test_few_clusters_have_a_difference_and_neither_interval_nor_p():
    row = answer(land(), range(200, 209))
    for name in ("difference_low", "low", "excess_low", "excess_high", "p"):
        assert row[name] is None, name
    assert row["difference"] is not None and row["expected"] is not None
    assert answer(land(), range(200, 210))["p"] is not None


def test_the_excess_is_what_is_beyond_random_homes_and_its_range_lies_about_it():
    row = answer(land(), range(200, 220))
    assert row["excess"] == pytest.approx(row["difference"] - row["expected"])
    assert row["excess_low"] <= row["excess"] <= row["excess_high"]
    assert row["excess_low"] > 0, "the poorer half is beyond chance, whichever plants one has"


def test_where_random_homes_differ_as_much_the_excess_is_nought_though_the_difference_is_not():
    people = np.tile([200.0, 5000.0], 200)
    table = made_up(people.tolist(), [np.tile([10.0, 30.0], 200).tolist()], counties=1)
    row = answer(table, list(range(1, 41, 2)))
    assert row["difference_low"] > 0.5
    assert row["excess"] == pytest.approx(0, abs=1e-9)
    assert row["excess_low"] == pytest.approx(0, abs=1e-9) == row["excess_high"]


def test_how_many_homes_overlap_with_the_plants_is_told():
    table, rows = made_up([1000.0] * 4, [[1.0, 2, 3, 4]], counties=2), [0, 1, 2, 3]
    row = answer(table, rows)
    # Of two block groups in a county either is drawn as often, and one is the plant's own.
    assert row["overlap"] == pytest.approx(50, abs=15)
    assert answer(table, rows, "us")["overlap"] == pytest.approx(25, abs=10)
    far = chance_of(table, rows)
    apart = {
        level: Around(one.people, one.excess, np.zeros_like(one.meets))
        for level, one in far.around.items()
    }
    assert answer(table, rows, chance=equity.Chance(far.homes, apart, SEED))["overlap"] == 0


def test_a_plant_may_be_in_several_groups_and_groups_come_in_order():
    table, rows = land(), list(range(200, 220))
    groups = pl.concat([in_group(*range(10), name="steel"), in_group(*range(20))])
    found = equity.compare(table, alone(rows, 20), groups, chance_of(table, rows), 3.0, LEAST)
    assert found["group"].unique(maintain_order=True).to_list() == ["all", "steel"]
    assert found.filter(pl.col("group") == "steel")["n_plants"].unique().to_list() == [10]
    assert found["compare"].to_list() == ["county", "state", "us"] * 2
    assert found.schema == pl.Schema(equity.SCHEMA)


def test_homes_are_drawn_in_the_plants_own_area_and_as_often_as_people_live_there():
    table = made_up([0.0, 3000, 1000, 500, 0, 500], [[1.0] * 6], counties=2)
    homes = community_draws.random_homes(table, plants(table, [0, 1, 1]), SEED)["county"]
    assert homes.area.tolist() == [0, 1, 1]
    for area, rows in ((0, {2}), (1, {1, 3, 5})):
        assert set(homes.row[homes.pool[area]].tolist()) <= rows
    share = np.mean(homes.row[homes.pool[1]] == 1)
    assert share == pytest.approx(0.75, abs=0.1)


def test_a_plant_of_no_known_county_takes_no_part_in_the_draws_of_counties():
    table, rows = land(), list(range(200, 220))
    where = plants(table, rows)
    where["county"] = np.where(np.arange(20) < 19, where["county"], -1)
    homes = community_draws.random_homes(table, where, SEED)
    assert homes["county"].area[-1] == -1 and homes["county"].pool.shape[0] == 19
    around = around_each(table, homes, rows)
    found = answer(table, rows, chance=equity.Chance(homes, around, SEED))
    assert found["p"] == pytest.approx(0.001)


def test_without_any_known_county_there_is_no_p_and_still_a_difference():
    table, rows = land(), list(range(200, 220))
    where = plants(table, rows) | {"county": np.full(20, -1)}
    homes = community_draws.random_homes(table, where, SEED)
    around = around_each(table, homes, rows)
    found = answer(table, rows, chance=equity.Chance(homes, around, SEED))
    assert found["p"] is None and found["expected"] is None and found["difference"] is not None


def test_p_counts_the_case_at_hand_and_is_never_zero():
    drawn = np.zeros((999, 1))
    drawn[:99] = 5.0
    usual, p = community_chance.p_value(np.array([50.0]), drawn)
    assert usual[0] == pytest.approx(99 * 5 / 999)
    assert p[0] == pytest.approx(1 / 1000)
    assert community_chance.p_value(usual, drawn)[1][0] == 1


def test_random_homes_are_held_to_those_with_as_many_people_around():
    """Where dense places differ from the county, that alone is no finding."""
    people = np.tile([200.0, 5000.0], 200)
    table = made_up(people.tolist(), [np.tile([10.0, 30.0], 200).tolist()], counties=1)
    rows = list(range(1, 41, 2))
    row = answer(table, rows)
    assert row["difference"] > 0.5
    assert row["expected"] == pytest.approx(row["difference"])
    assert row["p"] == 1
