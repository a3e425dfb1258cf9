"""Where to monitor next: a score that can be done by hand, draws that repeat, people counted once."""

import json
import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from prec_world import RULES, emission, known, plant, release, value

from comingclean.estimates import monitor_places, precision
from comingclean.estimates.monitor_next import (
    TOP,
    Places,
    Weights,
    chains,
    scores,
    share_below,
)
from comingclean.estimates.monitor_places import WATCHED
from comingclean.estimates.monitor_words import close, gap
from comingclean.model_precision import HOWS
from sliced import say, table

EVEN = Weights(np.ones(4), np.ones(2))


def world(n=40, seed=7):
    """Made-up places: two pollutants, the first known everywhere, the second of every other place."""
    random = np.random.default_rng(seed)
    amount = random.lognormal(size=(n, 2))
    amount[::2, 1] = np.nan
    return Places(
        amount, random.uniform(0.1, 1, (n, 2)), random.lognormal(9, 2, n), random.lognormal(2, 1, n)
    )


def test_a_share_is_the_middle_rank_among_those_known():
    found = share_below(np.array([30.0, 10.0, np.nan, 20.0, 10.0]))
    assert found[[0, 1, 3, 4]].tolist() == [7 / 8, 2 / 8, 5 / 8, 2 / 8]
    assert np.isnan(found[2])


def test_the_score_is_the_weighted_geometric_mean_done_by_hand():
    places = world(6)
    weights = Weights(np.array([0.8, 0.6, 0.4, 0.2]), np.array([3.0, 1.0]))  # any scale will do
    found = scores(places, weights, draws=10)
    ranks = [share_below(column) for column in places.amount.T]
    for at in range(6):
        known_ranks = [(w, r[at]) for w, r in zip((3, 1), ranks, strict=True) if not np.isnan(r[at])]
        amount = sum(w * r for w, r in known_ranks) / sum(w for w, _ in known_ranks)
        weak = (3 * places.weakness[at, 0] + places.weakness[at, 1]) / 4
        near, far = share_below(places.people)[at], share_below(places.kilometres)[at]
        asked = amount**0.4 * near**0.3 * weak**0.2 * far**0.1
        assert math.isclose(found.score[at], asked)
        assert found.parts[at] == pytest.approx([amount, near, weak, far])
    assert sorted(found.rank) == [1, 2, 3, 4, 5, 6]
    assert found.score[np.argsort(found.rank)].tolist() == sorted(found.score, reverse=True)


def test_the_same_seed_gives_the_same_draws_and_another_seed_gives_others():
    first, again, other = (scores(world(), EVEN, seed=seed) for seed in (5, 5, 6))
    for name in ("stays", "low", "high", "rank", "score"):
        assert np.array_equal(getattr(first, name), getattr(again, name)), name
    assert not np.array_equal(first.stays, other.stays)
    assert np.array_equal(first.rank, other.rank)
    assert np.abs(first.stays - other.stays).max() < 0.08


def test_as_many_places_stay_among_the_first_as_there_are_places_for():
    found = scores(world(), EVEN)
    assert math.isclose(found.stays.sum(), TOP)
    assert (found.low <= found.high).all()
    assert ((found.low >= 1) & (found.high <= 40)).all()


def test_of_few_places_all_stay():
    assert scores(world(12), EVEN, draws=50).stays.tolist() == [1.0] * 12


def test_a_place_that_is_worst_in_all_is_always_first():
    places = world()
    top = Places(
        places.amount.copy(), places.weakness.copy(), places.people.copy(), places.kilometres.copy()
    )
    top.amount[3], top.weakness[3], top.people[3], top.kilometres[3] = 1e9, 1.0, 1e9, 1e9
    found = scores(top, EVEN)
    assert (found.rank[3], found.stays[3], found.low[3], found.high[3]) == (1, 1.0, 1, 1)


@given(
    arrays.arrays(np.float64, (5, 2), elements=st.floats(1e-3, 1e6)),
    st.integers(0, 4),
    st.sampled_from(["amount", "weakness", "people", "kilometres"]),
)
def test_worse_in_one_thing_never_lowers_a_place(amounts, at, thing):
    before = Places(amounts, np.full((5, 2), 0.5), np.arange(1.0, 6), np.arange(1.0, 6))
    after = Places(
        *(getattr(before, name).copy() for name in ("amount", "weakness", "people", "kilometres"))
    )
    getattr(after, thing)[at] *= 1.5
    old, new = (scores(places, EVEN, draws=5) for places in (before, after))
    assert new.score[at] >= old.score[at] - 1e-12


def test_what_is_unknown_is_weak_and_claims_no_amount():
    places = world(8)
    blind = Places(np.full((8, 2), np.nan), np.ones((8, 2)), places.people, places.kilometres)
    found = scores(blind, EVEN, draws=5)
    assert found.parts[:, 0].tolist() == [0.5] * 8
    assert found.parts[:, 2].tolist() == [1.0] * 8


def test_a_chain_joins_places_that_do_not_meet_themselves():
    meet = np.eye(6, dtype=bool)
    for a, b in ((0, 3), (3, 5), (1, 2)):
        meet[a, b] = meet[b, a] = True
    assert chains(meet).tolist() == [0, 1, 1, 0, 4, 0]


def test_several_plants_are_added_up_and_weak_by_what_they_release():
    amount = np.array([[10.0, np.nan], [30.0, np.nan], [np.nan, 4.0]])
    weakness = np.array([[1.0, 0.9], [0.2, 0.9], [0.6, 0.4]])
    much, weak = monitor_places.gathered(amount, weakness, (0, 1, 2))
    assert much.tolist() == [40.0, 4.0]
    assert weak == pytest.approx([(10 * 1 + 30 * 0.2) / 40, 0.4])
    nothing, plain = monitor_places.gathered(amount, weakness, (0, 1))
    assert np.isnan(nothing[1])
    assert plain[1] == 0.9


def candidates(**more):
    plants = [
        plant("a"),
        plant("b"),
        plant("c", status="closed"),
        plant("d"),
        plant("e", latitude=34.0),
    ]
    near = [{"facility_id": one, "site": "1", "kilometres": 5.0} for one in "abcde"]
    values = [value(one, "ghg_reported", 2023 if one != "d" else 2012, 1) for one in "abcde"]
    return known(plants, nearest_monitor=near, value=values, **more)


def test_only_plants_that_ran_lately_are_asked():
    assert monitor_places.candidates(candidates())["facility_id"].to_list() == ["a", "b", "e"]


def test_each_plant_is_in_one_cluster_and_neighbours_are_in_the_same():
    plants = monitor_places.candidates(candidates())
    made = monitor_places.places(plants)
    clusters = [place.plants for place in made if place.kind == "cluster"]
    assert sorted(clusters) == [(0, 1), (2,)]
    assert [place.plants for place in made if place.kind == "county"] == [(0, 1, 2)]
    assert [place.place for place in made if place.kind == "plant"] == ["a", "b", "e"]


@pytest.mark.parametrize(("km", "together"), [(9.5, True), (9.8, False)])
def test_circles_of_three_miles_meet_at_six_miles(km, together):
    """Six miles are 9.656 km; a degree of latitude is 110.87 km long there."""
    north = 31.0 + km / 110.87
    plants = [plant("a"), plant("b", latitude=north)]
    near = [{"facility_id": one, "site": "1", "kilometres": 5.0} for one in "ab"]
    filed = [value(one, "ghg_reported", 2023, 1) for one in "ab"]
    made = monitor_places.candidates(known(plants, nearest_monitor=near, value=filed))
    clusters = [one.plants for one in monitor_places.places(made) if one.kind == "cluster"]
    assert clusters == ([(0, 1)] if together else [(0,), (1,)])


def test_a_record_of_a_site_is_shared_out_for_the_list_only():
    plants = [plant("a", site_id="s"), plant("b", site_id="s")]
    near = [{"facility_id": one, "site": "1", "kilometres": 5.0} for one in "ab"]
    record = known(
        plants,
        nearest_monitor=near,
        value=[value(one, "ghg_reported", 2023, 1) for one in "ab"],
        air_emission=[emission("s", 3000, "nei_2", shared=1)],
    )
    rows = precision.rows(record)
    made = monitor_places.releases(record, rows, monitor_places.candidates(record))
    nox = made.filter(pl.col("subject") == "nox")
    assert nox["amount"].to_list() == [1.5, 1.5]
    assert nox["weakness"].to_list() == [RULES["weakness_published_factor"]] * 2


def test_the_chemical_is_the_one_that_weighs_most_and_is_known_worst():
    made = [
        release("a", 100, "tri_1", chemical="7439-92-1"),
        release("a", 20, "tri_4", chemical="71-43-2"),
        release("a", 10**6, "tri_4", chemical="67-56-1"),
    ]
    chosen = monitor_places.main_chemicals(known(toxic_release=made))["a"]
    # Lead: 100 × 23,000 × 0.1 = 230,000; benzene: 20 × 28,000 × 1 = 560,000; methanol has no benchmark.
    assert (chosen["chemical"], chosen["how"]) == ("71-43-2", "judgement")


@pytest.mark.parametrize("pollutant", WATCHED)
@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(
    ("industry", "route"),
    [("met_coke", None), ("cement", "dry kiln"), ("iron_steel", "BF-BOF"), ("iron_steel", "EAF")],
)
def test_every_gap_has_a_rule_and_a_mend(pollutant, how, industry, route, shipped):
    rules = dict(say(shipped, "select rule, role from reporting_rule"))
    assert rules[gap(pollutant, how)] == "gap"
    assert rules[close(pollutant, how, {"industry": industry, "route": route}, None)] == "close"


def test_people_near_several_plants_are_counted_once(shipped):
    rows = table(shipped, "monitor_next")
    alone = dict(rows.filter(kind="plant").select("place", "people").iter_rows())
    for row in rows.filter(pl.col("kind") != "plant").iter_rows(named=True):
        members = [alone[name] for name in json.loads(row["facilities"])]
        assert max(members) - 1e-6 <= row["people"] <= sum(members) + 1e-6
    lake = rows.filter(kind="county", place="18089").to_dicts()[0]
    assert lake["people"] < 0.8 * sum(alone[name] for name in json.loads(lake["facilities"]))


def test_the_shipped_score_is_the_mean_of_its_parts(shipped):
    weights = dict(
        say(shipped, "select parameter, value from parameter where parameter like 'monitor_weight_%'")
    )
    names = ("amount", "near", "weakness", "distance")
    rows = table(shipped, "monitor_next")
    for row in rows.iter_rows(named=True):
        logs = sum(weights[f"monitor_weight_{name}"] * math.log(row[name]) for name in names)
        assert math.isclose(row["score"], math.exp(logs), rel_tol=1e-9)
    for kind, group in rows.group_by("kind"):
        assert math.isclose(group["stays_in_top20"].sum(), TOP), kind


def test_no_column_says_who_the_neighbours_are(shipped):
    names = {name for name, *_ in say(shipped, "select name from pragma_table_info('monitor_next')")}
    indicators = {name for (name,) in say(shipped, "select indicator from indicator")}
    assert not names & indicators
    assert "people" in names
