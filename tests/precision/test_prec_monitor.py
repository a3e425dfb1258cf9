"""Where to monitor next: a score that can be done by hand, draws that repeat, people counted once."""

import json
import math
from urllib.parse import urlsplit

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from prec_world import RULES, emission, known, plant, release, value

from comingclean.estimates import monitor_places, precision
from comingclean.estimates.monitor_candidates import candidates as chosen
from comingclean.estimates.monitor_candidates import left_out
from comingclean.estimates.monitor_next import (
    TOP,
    Places,
    Weights,
    chains,
    scores,
    share_below,
)
from comingclean.estimates.monitor_places import WATCHED
from comingclean.estimates.monitor_words import Asked, close, gap
from comingclean.tables.precision import HOWS
from sliced import say, table

EVEN = Weights(np.ones(4), np.ones(2))


def world(n=40, seed=7):
    """Made-up places: two pollutants, the first known everywhere, the second of every other place."""
    random = np.random.default_rng(seed)
    amount, weakness = random.lognormal(size=(n, 2)), random.uniform(0.1, 1, (n, 2))
    amount[::2, 1] = weakness[::2, 1] = np.nan
    return Places(amount, weakness, random.lognormal(9, 2, n), random.lognormal(2, 1, n))


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
        known_ways = [
            (w, v) for w, v in zip((3, 1), places.weakness[at], strict=True) if not np.isnan(v)
        ]
        weak = sum(w * v for w, v in known_ways) / sum(w for w, _ in known_ways)
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


def test_what_is_unknown_has_no_say_in_how_much_nor_in_how_weak():
    places = world(8)
    places.amount[:, 1], places.weakness[:, 1] = np.nan, np.nan
    single = Places(places.amount[:, :1], places.weakness[:, :1], places.people, places.kilometres)
    both, one = (
        scores(here, weights, draws=5)
        for here, weights in ((places, EVEN), (single, Weights(np.ones(4), np.ones(1))))
    )
    assert both.parts == pytest.approx(one.parts)
    assert both.rank.tolist() == one.rank.tolist()
    assert set(both.pollutant) == {0}


def test_not_having_a_figure_in_hand_never_lifts_a_place():
    """Our lack of a file must not send anyone to a plant: here one of the worst known ways is lost."""
    places = world(9)
    places.weakness[:, :] = np.linspace(0.2, 1.0, 9)[:, None]
    lost = Places(places.amount.copy(), places.weakness.copy(), places.people, places.kilometres)
    lost.amount[8], lost.weakness[8] = np.nan, np.nan
    before, after = scores(places, EVEN, draws=5), scores(lost, EVEN, draws=5)
    assert after.parts[8, 2] == pytest.approx(np.median(after.parts[:8, 2]))
    assert after.parts[8, 2] < before.parts[8, 2]


def test_where_nothing_is_known_anywhere_all_stand_in_the_middle():
    places = world(8)
    unknown = np.full((8, 2), np.nan)
    found = scores(Places(unknown, unknown, places.people, places.kilometres), EVEN, draws=5)
    assert found.parts[:, 0].tolist() == found.parts[:, 2].tolist() == [0.5] * 8


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
    blind, unknown = monitor_places.gathered(amount, np.full((3, 2), np.nan), (0, 1))
    assert np.isnan(unknown).all()
    assert blind[0] == 40


def candidates(**more):
    plants = [
        plant("a"),
        plant("b"),
        plant("c", status="closed"),
        plant("d"),
        plant("e", latitude=34.0),
    ]
    near = [{"facility_id": one, "site": "1", "kilometres": 5.0} for one in "abcde"]
    values = [value(one, "ghg_reported", 2023 if one != "d" else 2022, 1) for one in "abcde"]
    return known(plants, nearest_monitor=near, value=values, **more)


def test_only_plants_that_run_are_asked():
    assert chosen(candidates())["facility_id"].to_list() == ["a", "b", "e"]


def out(plants, values, **more):
    """Why each plant is no candidate: {plant: (reason, year, part)}."""
    near = [{"facility_id": row["facility_id"], "site": "1", "kilometres": 5.0} for row in plants]
    rows = left_out(known(plants, value=values, nearest_monitor=near, **more))
    return {
        row["facility_id"]: (row["reason"], row["year"], row["part"])
        for row in rows.iter_rows(named=True)
    }


def gases(name, *amounts, last=2023):
    first = last - len(amounts) + 1
    return [value(name, "ghg_reported", first + at, kg) for at, kg in enumerate(amounts)]


@pytest.mark.parametrize(
    ("status", "amounts", "last", "reason"),
    [
        ("operating", (100, 100, 100), 2023, None),
        (None, (100, 100, 100), 2023, None),
        ("idle", (100, 100, 100), 2023, "idle"),
        ("no process emissions", (100, 100, 100), 2023, "no_process"),
        ("closed", (100, 100, 100), 2023, "closed"),
        ("announced", (), 2023, "planned"),
        ("construction", (), 2023, "planned"),
        ("operating", (100, 100, 11), 2023, None),
        ("operating", (100, 100, 9), 2023, "small"),  # a tenth of its own median year
        ("operating", (100, 100, 100), 2022, "stopped"),
        ("operating", (), 2023, "no_filing"),
    ],
)
def test_a_plant_that_does_not_run_is_left_out_with_the_reason(status, amounts, last, reason):
    plants = [plant("a", status=status), plant("b")]
    made = out(plants, [*gases("a", *amounts, last=last), *gases("b", 1, 1)])
    assert [one[0] for one in made.values()] == ([reason] if reason else [])
    if reason == "small":
        assert made["a"][1:] == (2023, 0.09)
    if reason == "stopped":
        assert made["a"][1] == 2022


@pytest.mark.parametrize(("years", "reason"), [((2012, 2020), None), ((2012, 2018), "stopped")])
def test_a_plant_without_gases_must_have_filed_the_newest_toxics(years, reason):
    filed = [{"facility_id": "a", "year": year, "program_id": "T", "air": 1} for year in years] + [
        {"facility_id": "b", "year": 2020, "program_id": "U", "air": 1}
    ]
    made = out([plant("a"), plant("b")], gases("b", 1, 1), toxic_filing=filed)
    assert [one[0] for one in made.values()] == ([reason] if reason else [])


def test_a_later_filing_without_air_counts_as_nothing_to_air():
    filed = [
        {"facility_id": name, "year": year, "program_id": name, "air": air}
        for name, year, air in (("a", 2012, 1), ("a", 2020, 0), ("b", 2020, 1))
    ]
    released = [release("a", 9000, "tri_4", year=2012), release("b", 10, "tri_4")]
    values = [
        *gases("a", 1, 1),
        *gases("b", 1, 1),
        value("a", "toxicity_weighted_air", 2012, 9000),
        value("b", "toxicity_weighted_air", 2020, 10),
    ]
    near = [{"facility_id": one, "site": "1", "kilometres": 5.0} for one in "ab"]
    record = known(
        [plant("a"), plant("b")],
        value=values,
        toxic_filing=filed,
        toxic_release=released,
        nearest_monitor=near,
    )
    made = monitor_places.releases(record, precision.rows(record), chosen(record))
    amounts = dict(made.filter(subject="toxicity_weighted_air").select("facility_id", "amount").rows())
    assert amounts == {"a": 0, "b": 10}
    assert "a" not in monitor_places.main_chemicals(record)


def test_ranked_and_left_out_are_all_plants_of_the_record(shipped):
    ranked = [name for (name,) in say(shipped, "select place from monitor_next where kind = 'plant'")]
    away = say(shipped, "select facility_id, reason, year, part from monitor_left_out")
    everyone = {name for (name,) in say(shipped, "select facility_id from facility")}
    assert set(ranked) | {row[0] for row in away} == everyone
    assert len(ranked) + len(away) == len(everyone)
    last = say(shipped, "select max(year) from value where quantity = 'ghg_reported'")[0][0]
    standing = "select facility_id, status from facility where status in ('idle', 'closed')"
    assert not set(ranked) & {name for name, _ in say(shipped, standing)}
    for name, reason, year, part in away:
        assert reason != "small" or part < RULES["runs_least_of_median"], name
        assert reason != "stopped" or year < last, name


def test_each_plant_is_in_one_cluster_and_neighbours_are_in_the_same():
    plants = chosen(candidates())
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
    made = chosen(known(plants, nearest_monitor=near, value=filed))
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
    made = monitor_places.releases(record, rows, chosen(record))
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


PLANTS = (
    {"industry": "met_coke", "route": "by-product coke"},
    {"industry": "cement", "route": "dry kiln"},
    {"industry": "iron_steel", "route": "BF-BOF"},
    {"industry": "iron_steel", "route": "EAF"},
    {"industry": "aluminum", "route": None},
)
CHEMICALS = {
    "benzene": {"chemical": "71-43-2", "element": None, "measured": "volatile"},
    "pah": {"chemical": "N590", "element": None, "measured": "semivolatile"},
    "chromium": {"chemical": "N090", "element": "7440-47-3", "measured": "metal"},
    "lead": {"chemical": "N420", "element": "7439-92-1", "measured": "metal"},
    "mercury": {"chemical": "N458", "element": "7439-97-6", "measured": "mercury"},
    "acid": {"chemical": "7647-01-0", "element": None, "measured": "acid_gas"},
    "formaldehyde": {"chemical": "50-00-0", "element": None, "measured": "carbonyl"},
}


def asked(pollutant="toxicity_weighted_air", how="judgement", at=0, chemical="benzene", **more):
    return Asked(
        pollutant,
        how,
        PLANTS[at],
        CHEMICALS.get(chemical),
        more.get("near", False),
        more.get("opened", False),
    )


@pytest.mark.parametrize("pollutant", WATCHED)
@pytest.mark.parametrize("how", HOWS)
def test_every_gap_has_a_rule_and_a_mend(pollutant, how, shipped):
    rules = dict(say(shipped, "select rule, role from reporting_rule"))
    for at in range(len(PLANTS)):
        for chemical in CHEMICALS:
            for near in (True, False):
                place = asked(pollutant, how, at, chemical, near=near, opened=near)
                assert rules[gap(place)] == "gap"
                assert rules[close(place)] == "close"


@pytest.mark.parametrize(
    ("at", "chemical", "mend"),
    [
        (0, "benzene", "fenceline_benzene"),
        (0, "pah", "fenceline_pah"),  # benzene samplers do not see them
        (0, "lead", "fenceline_metals"),
        (0, "mercury", "stack_test"),
        (1, "mercury", "kiln_monitors"),
        (1, "acid", "kiln_monitors"),
        (1, "chromium", "stack_metals"),  # the rule on kilns asks nothing of it
        (1, "benzene", "stack_test"),
        (2, "chromium", "fenceline_steel"),
        (2, "lead", "fenceline_metals"),
        (2, "benzene", "fenceline_volatile"),
        (3, "chromium", "fenceline_metals"),  # the rule of 2024 is on integrated works
        (4, "acid", "stack_test"),
        (4, "formaldehyde", "stack_test"),
    ],
)
def test_what_would_measure_a_chemical_is_asked_for(at, chemical, mend):
    assert close(asked(at=at, chemical=chemical)) == mend


@pytest.mark.parametrize(
    ("how", "more", "rules"),
    [
        ("monitored", {"near": True}, ("site_near", "site_pollutant")),
        ("monitored", {"near": False}, ("network", "ambient_monitor")),
        ("judgement", {"near": True}, ("tri_basis", "fenceline_benzene")),
        ("not_reported", {}, ("tri_thresholds", "newer_files")),
        ("not_reported", {"opened": True}, ("opened_later", "newer_files")),
        ("nothing_filed", {}, ("nei_thresholds", "newer_files")),
        ("nothing_filed", {"at": 4}, ("nei_not_in_hand", "newer_files")),
    ],
)
def test_the_rule_behind_a_gap_follows_the_way_and_the_distance(how, more, rules):
    place = asked(how=how, **more)
    assert (gap(place), close(place)) == rules


def test_no_place_is_told_that_a_site_is_far_that_stands_near(shipped):
    far = RULES["precision_far_km"]
    for rule, km in say(shipped, "select gap, monitor_km from monitor_next where how = 'monitored'"):
        assert (km < far) == (rule == "site_near")
    asked_for = "select close, monitor_km from monitor_next where close = 'ambient_monitor'"
    assert all(km >= far for _, km in say(shipped, asked_for))


def test_no_one_is_told_to_test_for_a_chemical_that_is_not_named(shipped):
    sql = "select close from monitor_next where chemical is null"
    mends = {close for (close,) in say(shipped, sql)}
    assert mends <= {"stack_monitor", "site_pollutant", "ambient_monitor", "newer_files"}


def test_what_is_not_in_hand_is_named_at_its_place(shipped):
    sql = """select unknown from monitor_next join facility on place = facility_id
        where kind = 'plant' and industry = 'aluminum'"""
    smelters = say(shipped, sql)
    assert smelters
    for (names,) in smelters:
        assert {"pm25", "so2", "nox"} <= set(json.loads(names))
    ours = "select unknown, pollutant from monitor_next where kind = 'plant' and score > 0"
    for names, pollutant in say(shipped, ours):
        left = set(WATCHED) - set(json.loads(names))
        assert pollutant in left or not left


OFFICIAL = ("www.ecfr.gov", "www.federalregister.gov", "www.epa.gov", "aqs.epa.gov")


def test_rules_rest_on_official_pages_and_dates_that_moved_are_told(shipped):
    rows = say(shipped, "select rule, url, citation, seen, text_en, text_es from reporting_rule")
    assert all(text != spanish for *_, text, spanish in rows)
    for rule, url, _, seen, *_ in rows:
        site = urlsplit(url).hostname if url and rule != "nei_not_in_hand" else None
        assert site in (None, *OFFICIAL), rule
        assert seen in ("read", "quoted", "judgement")
    text = {rule: (english, cited) for rule, _, cited, _, english, _ in rows}
    assert "2025" in text["fenceline_benzene"][0]
    assert "3 April 2027" in text["fenceline_steel"][0]


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
