"""The people around plants: means, what they stand beside, their error, and what is left unsaid."""

import numpy as np
import polars as pl
import pytest
from community_slices import PARAMETERS, asked, made_up, real_table, tables, words
from hypothesis import assume, given
from hypothesis import strategies as st

from comingclean.estimates import community, community_table
from comingclean.estimates.community_arrays import Pairs
from comingclean.estimates.community_union import people_once, shared_out, union

NUMBERS = ["value", "low", "high", "county", "state", "us", "ratio", "percentile", "known"]


def held(*cells, circles=1):
    """Pairs from (circle, row, share)."""
    circle, row, share = zip(*cells, strict=True) if cells else ((), (), ())
    return Pairs(np.array(circle, int), np.array(row, int), np.array(share, float), circles)


def rows(table, pairs, **parameters):
    return community.rows(table, pairs, asked(pairs.circles), PARAMETERS | parameters)


def one(frame, indicator, circle=0):
    found = frame.filter(
        pl.col("indicator") == indicator, pl.col("facility_id") == f"plant-{circle:03d}"
    )
    return found.row(0, named=True) if found.height else None


@given(tables())
def test_a_mean_lies_between_the_least_and_the_most_of_those_who_live_there(made):
    table, pairs = made
    means = table.sums(pairs).means(table.least_known)
    for (k, circle), mean in np.ndenumerate(means):
        at = pairs.row[pairs.circle == circle]
        there = table.values[k, at[table.population[at] > 0]]
        if not np.isnan(mean):
            assert np.nanmin(there) - 1e-9 <= mean <= np.nanmax(there) + 1e-9


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_pairs_changes_nothing_but_the_last_digit(made, random):
    table, pairs = made
    order = random.sample(range(pairs.row.size), pairs.row.size)
    mixed = Pairs(pairs.circle[order], pairs.row[order], pairs.share[order], pairs.circles)
    one, other = rows(table, pairs), rows(table, mixed)
    assert one.drop(NUMBERS).equals(other.drop(NUMBERS))
    for name in NUMBERS:
        assert one[name].to_list() == pytest.approx(other[name].to_list(), abs=1e-5), name


@given(tables())
def test_what_is_not_known_never_becomes_zero(made):
    table, pairs = made
    frame = rows(table, pairs)
    unknown = frame.filter(pl.col("status") == "unknown")
    assert unknown.select("value", "low", "high", "ratio", "percentile").null_count().row(0) == (
        (unknown.height,) * 5
    )
    assert frame.filter(pl.col("status") == "ok")["value"].null_count() == 0
    for name in NUMBERS:
        assert not frame[name].is_nan().any()


@given(tables())
def test_an_interval_holds_its_value_and_what_is_possible(made):
    table, pairs = made
    frame = rows(table, pairs).filter(
        pl.col("low").is_not_null() & (pl.col("indicator") != "population")
    )
    assert (frame["low"] <= frame["value"] + 1e-9).all() and (
        frame["value"] <= frame["high"] + 1e-9
    ).all()
    assert (frame["low"] >= 0).all() and (frame["high"] <= 100).all()
    model = rows(table, pairs).filter(pl.col("error") == community_table.UNKNOWN)
    assert model["low"].null_count() == model["high"].null_count() == model.height


@given(tables())
def test_where_few_people_live_nothing_is_said_of_who_they_are(made):
    table, pairs = made
    frame = rows(table, pairs)
    people = frame.filter(pl.col("indicator") == "population")
    assert people.height == pairs.circles
    few = people.filter(pl.col("value") < 500)["facility_id"]
    said = frame.filter(
        pl.col("facility_id").is_in(few.implode()), pl.col("error") != community_table.UNKNOWN
    )
    assert set(said["indicator"]) <= {"population"}
    assert set(said["status"]) <= {"sparse", "no one counted"}
    assert set(people.filter(pl.col("value") >= 500)["status"]) <= {"ok"}


@given(tables())
def test_county_state_and_country_are_sums_over_their_block_groups(made):
    table, _ = made
    for level, areas in table.areas.items():
        for (k, area), mean in np.ndenumerate(table.means[level]):
            there = areas.of == area
            weight, value = table.population[there], table.values[k, there]
            known = ~np.isnan(value)
            if weight[known].sum() >= 0.8 * weight.sum() > 0:
                direct = (weight[known] * value[known]).sum() / weight[known].sum()
                assert mean == pytest.approx(direct, abs=1e-9)
            else:
                assert np.isnan(mean)


@given(tables(known=True))
def test_a_circle_around_everyone_is_the_country_and_stands_in_its_middle(made):
    table, _ = made
    assume(table.population.sum() >= 500)
    size = table.population.size
    frame = rows(table, Pairs(np.zeros(size, int), np.arange(size), np.ones(size), 1))
    for row in frame.iter_rows(named=True):
        assert row["value"] == pytest.approx(row["us"], abs=1e-9)
        if row["indicator"] != "population" and row["us"] > 0:
            assert row["ratio"] == pytest.approx(1)
            assert 0 <= row["percentile"] <= 100


def test_shares_weigh_people_and_the_shares_of_race_weigh_adults():
    table = real_table()
    lake = np.flatnonzero(
        table.areas["county"].of == table.areas["county"].find(pl.Series(["18089"]))[0]
    )
    share = np.linspace(0.1, 1, lake.size)
    frame = community.rows(
        table,
        Pairs(np.zeros(lake.size, int), lake, share, 1),
        asked(1).with_columns(county_fips=pl.lit("18089"), state_fips=pl.lit("18")),
        PARAMETERS,
    )
    names = list(table.names)
    for indicator in ("black", "poverty"):
        k = names.index(indicator)
        weight, value = share * table.weights[k][lake], table.values[k][lake]
        known = ~np.isnan(value)
        expected = (weight[known] * value[known]).sum() / weight[known].sum()
        assert one(frame, indicator)["value"] == pytest.approx(expected)
    assert table.weights[names.index("black")] is not table.population
    assert (table.weights[names.index("black")] <= table.population).all()
    assert one(frame, "population")["value"] == pytest.approx((share * table.population[lake]).sum())
    assert frame["indicator"].to_list() == words().sort(pl.col("sort").cast(int))["indicator"].to_list()


@pytest.mark.parametrize(("known", "status"), [(800, "ok"), (799, "unknown")])
def test_a_figure_needs_eight_tenths_of_the_people(known, status):
    table = made_up([known, 1000 - known], [[40.0, np.nan]])
    row = one(rows(table, held((0, 0, 1), (0, 1, 1))), "share_0")
    assert row["status"] == status
    assert row["known"] == pytest.approx(known / 1000)
    assert row["value"] == (40.0 if status == "ok" else None)


@pytest.mark.parametrize(("people", "status"), [(500, "ok"), (499, "sparse"), (0, "no one counted")])
def test_fewer_than_500_people_are_sparse_and_none_is_no_one_counted(people, status):
    table = made_up([people, 9000], [[40.0, 10], [40.0, 10], [7.0, 10]])
    frame = rows(table, held((0, 0, 1)))
    assert one(frame, "population")["status"] == status
    assert (
        (one(frame, "share_0") is not None) == (one(frame, "share_1") is not None) == (status == "ok")
    )
    air = one(frame, "share_2")
    assert (air["value"], air["status"]) == (7.0, status) if people else air is None


def test_a_circle_without_any_block_group_still_has_its_row():
    frame = rows(made_up([1000], [[40.0]]), held((1, 0, 1), circles=3))
    assert frame.filter(pl.col("indicator") == "population")["value"].to_list() == [0, 1000, 0]


def test_a_plant_in_no_known_county_has_no_county_figure_and_keeps_the_others():
    table, pairs = made_up([1000, 2000], [[40.0, 10]]), held((0, 0, 1))
    frame = community.rows(
        table, pairs, asked(1).with_columns(county_fips=pl.lit(None, pl.String)), PARAMETERS
    )
    for row in frame.iter_rows(named=True):
        assert row["county"] is None and row["state"] is not None and row["us"] is not None


def test_the_percentile_is_of_people_and_not_of_block_groups():
    table = made_up([8000, 1000, 1000], [[10.0, 20, 30]])
    row = one(rows(table, held((0, 1, 1))), "share_0")
    assert row["percentile"] == pytest.approx(85)
    assert row["ratio"] == pytest.approx(20 / 13)


def test_means_of_one_figure_rank_alike_whatever_the_dust_of_their_fractions():
    """Some sums of shares of 30 are 29.999999999999993: they rank as 30 does."""
    table = made_up([1000, 1000, 3000, 5000], [[30.0, 30, 20, 10]])
    share = np.random.default_rng(5).random((400, 2))
    pairs = Pairs(np.arange(800) // 2, np.tile([0, 1], 400), share.ravel(), 400)
    means = table.sums(pairs).means(0.8)
    assert np.unique(means).size > 1, "no dust to be blown away"
    assert set(community.percentiles(table, means, 1.0).ravel().tolist()) == {90.0}
    near = np.array([[30.0, 30 - 1e-13, 30 + 1e-13, 30.001, 29.999]])
    assert community.percentiles(table, near, 1.0)[0].tolist() == [90, 90, 90, 100, 80]


def test_a_source_that_is_too_coarse_to_rank_gives_no_rank():
    table = made_up([900, 900, 8200], [[10.0, 20, 30]])
    wanted = np.array([[5.0, 10, 15, 20, 25, 30, 35]])
    ranks = community.percentiles(table, wanted, 0.1)[0].tolist()
    assert ranks[:4] == [0, 4.5, 9, 13.5]
    assert all(np.isnan(ranks[4:]))
    assert not np.isnan(community.percentiles(table, wanted, 0.9)).any()


def test_every_percentile_of_a_shipped_value_holds_as_many_people_as_it_says():
    table = real_table()
    us = table.areas["us"].of >= 0
    for k, name in enumerate(table.names):
        value, weight = table.values[k][us], table.weights[k][us]
        known = ~np.isnan(value)
        wanted = np.unique(value[known])[::7]
        found = community.percentiles(table, np.tile(wanted, (len(table.names), 1)), 1.0)[k]
        for one_value, rank in zip(wanted, found, strict=True):
            less = weight[known & (value < one_value)].sum()
            same = weight[known & (value == one_value)].sum()
            assert rank == pytest.approx(100 * (less + same / 2) / weight[known].sum(), abs=1e-6), name


def test_a_part_of_a_person_is_no_one_and_what_lies_abroad_is_told():
    table = made_up([1000, 9000], [[40.0, 10]])
    frame = community.rows(
        table, held((0, 0, 0.0004)), asked(1).with_columns(abroad=pl.lit("CAN")), PARAMETERS
    )
    assert frame["indicator"].to_list() == ["population"]
    assert (frame["status"][0], frame["abroad"][0]) == ("no one counted", "CAN")


def test_the_interval_of_people_is_the_engines_own():
    frame = community.rows(
        made_up([1000], [[40.0]]),
        held((0, 0, 1)),
        asked(1).with_columns(low=900.0, high=1100.0),
        PARAMETERS,
    )
    assert (one(frame, "population")["low"], one(frame, "population")["high"]) == (900, 1100)


def test_a_circle_that_cuts_no_block_group_has_no_error_of_the_line():
    row = one(rows(made_up([1000, 1000], [[40.0, 10]]), held((0, 0, 1), (0, 1, 1))), "share_0")
    assert row["low"] == pytest.approx(row["value"]) == pytest.approx(row["high"])


def test_the_error_of_the_line_is_that_of_block_groups_wholly_in_or_out_and_as_mixed_as_tracts():
    table = made_up([1000, 1000, 1000, 1000], [[40.0, 10, 20, 26]])
    between = np.sqrt((30**2 + 6**2) / 2 / 2)  # in each of the two tracts
    assert table.spread[0] == pytest.approx(between)
    row = one(rows(table, held((0, 0, 1), (0, 1, 0.5))), "share_0")
    mean = (40 + 0.5 * 10) / 1.5
    spread = np.sqrt(0.25 * ((mean - 10) ** 2 + between**2)) * 1000 / 1500
    assert row["value"] == pytest.approx(mean)
    assert row["value"] - row["low"] == pytest.approx(1.645 * spread, rel=1e-3)


def test_a_circle_inside_one_block_group_is_not_thought_exact():
    table = made_up([9000, 1000], [[40.0, 10]])
    row = one(rows(table, held((0, 0, 0.1))), "share_0")
    assert row["value"] == 40
    assert row["high"] - row["low"] > 20


def test_the_chance_of_a_survey_shrinks_with_the_tracts_and_is_what_neighbours_differ_by():
    values = [20.0, 20, 30, 30, 20, 20, 30, 30]
    table = made_up([1000] * 8, [[50.0] * 8, values], counties=1)
    chance = table.spread[1]
    assert chance == pytest.approx(np.sqrt(50))
    single = one(rows(table, held((0, 0, 1), (0, 1, 1))), "share_1")
    whole = one(rows(table, held(*((0, row, 1) for row in range(8)))), "share_1")
    assert single["high"] - single["value"] == pytest.approx(1.645 * chance, rel=1e-3)
    assert whole["high"] - whole["value"] == pytest.approx(1.645 * chance / 2, rel=1e-3)
    assert whole["error"] == community_table.SURVEY


def test_circles_and_rows_asked_for_must_agree():
    with pytest.raises(ValueError, match="2 rows for 1 circles"):
        community.rows(made_up([1000], [[40.0]]), held((0, 0, 1)), asked(2), PARAMETERS)


def test_a_block_group_is_found_by_its_id_and_a_strange_one_is_refused():
    table = real_table()
    ids = pl.Series(table.ids[[5, 0, 7]].tolist())
    assert table.rows(ids).tolist() == [5, 0, 7]
    with pytest.raises(ValueError, match="no block group 999999999999"):
        table.rows(pl.Series(["999999999999"]))


@given(tables())
def test_people_near_several_are_counted_once(made):
    table, pairs = made
    size = table.population.size
    share, added = union(table, pairs), np.bincount(pairs.row, pairs.share, size)
    largest = np.zeros(size)
    np.maximum.at(largest, pairs.row, pairs.share)
    assert (share <= added + 1e-9).all() and (share >= largest - 1e-9).all() and (share <= 1).all()
    central, least, most = people_once(table, pairs)
    assert least - 1e-6 <= central <= most + 1e-6
    assert most <= table.population.sum() + 1e-6
    assert most <= table.sums(pairs).people.sum() + 1e-6


@given(tables())
def test_dealing_people_out_to_circles_loses_and_doubles_no_one(made):
    table, pairs = made
    dealt = shared_out(table, pairs)
    assert (dealt.share <= pairs.share + 1e-12).all()
    added = np.bincount(dealt.row, dealt.share, table.population.size)
    assert added == pytest.approx(union(table, pairs))
    assert table.sums(dealt).people.sum() == pytest.approx(people_once(table, pairs)[0])


def test_circles_that_do_not_meet_are_simply_added():
    table, pairs = made_up([1000, 2000], [[40.0, 10]]), held((0, 0, 0.5), (1, 1, 0.25), circles=2)
    assert people_once(table, pairs) == pytest.approx((1000, 1000, 1000))
