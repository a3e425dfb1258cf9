import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.estimates.amounts import Amounts, Item
from comingclean.estimates.draws import Draws
from comingclean.estimates.production.reconcile import Target, gain, reconcile

DRAWS = Draws(400)
# No plant moves by more than a factor of twenty.
FARTHEST = 3.0


def group(*plants, ceilings=None):
    """Amounts of plants given as (tonnes, own, shared)."""
    shared = DRAWS.normal("shared")
    items, rows = [], []
    for at, (tonnes, own, together) in enumerate(plants):
        ceiling = ceilings[at] if ceilings else float("inf")
        items.append(
            Item(f"p{at}", 2020, "r", "m", "C", (f"s{at}",), ceiling=ceiling, own=own, shared=together)
        )
        rows.append(tonnes * np.exp(own * DRAWS.normal(f"own{at}") + together * shared))
    return Amounts(tuple(items), np.stack(rows))


def target(total, verified=True):
    drawn = np.full(DRAWS.count, float(total))
    return Target("the steel of 2020", drawn, ("t",), total, FARTHEST, verified)


PLANT = st.tuples(st.floats(1e3, 1e7), st.floats(0.02, 0.5), st.floats(0.0, 0.2))


@given(st.lists(PLANT, min_size=1, max_size=12), st.floats(0.6, 1.6))
def test_every_draw_adds_up_and_nothing_falls_to_zero(plants, factor):
    before = group(*plants)
    total = factor * before.draws.mean(axis=1).sum()
    after = reconcile(before, target(total))
    assert after.draws.sum(axis=0) == pytest.approx(np.full(DRAWS.count, total), rel=1e-8)
    assert after.draws.min() > 0
    assert all(item.reconciled and "t" in item.sources for item in after.items)


@given(st.lists(PLANT, min_size=2, max_size=8), st.floats(0.7, 1.4))
def test_in_a_draw_all_plants_move_to_the_same_side(plants, factor):
    before = group(*plants)
    after = reconcile(before, target(factor * before.draws.mean(axis=1).sum()))
    moves = np.sign(np.round(after.draws / before.draws - 1, 9))
    assert ((moves >= 0).all(axis=0) | (moves <= 0).all(axis=0)).all()


def test_of_two_plants_alike_the_surer_one_moves_less():
    before = group((100.0, 0.05, 0.0), (100.0, 0.30, 0.0))
    after = reconcile(before, target(240.0))
    moved = after.draws.mean(axis=1) / before.draws.mean(axis=1) - 1
    assert moved[1] > 10 * moved[0] > 0


def test_where_only_a_shared_error_is_possible_all_move_alike():
    before = group((10.0, 0.0, 0.1), (1000.0, 0.0, 0.1), (50.0, 0.0, 0.1))
    after = reconcile(before, target(1200.0))
    ratio = after.draws / before.draws
    assert np.ptp(ratio, axis=0).max() < 1e-9


def test_a_small_correction_is_the_best_linear_estimate():
    plants = [(300.0, 0.02, 0.01), (100.0, 0.05, 0.01), (50.0, 0.01, 0.01)]
    before = group(*plants)
    moved = reconcile(before, target(before.draws.mean(axis=1).sum())).draws - before.draws
    size = np.array([p[0] for p in plants])
    own, shared = np.array([p[1] for p in plants]), np.array([p[2] for p in plants])
    covariance = np.diag((size * own) ** 2) + np.outer(size * shared, size * shared)
    linear = covariance.sum(axis=1) / covariance.sum()
    assert np.median(moved / moved.sum(axis=0), axis=1) == pytest.approx(linear, rel=0.02)
    assert gain(before).max() == 1.0


def test_the_interval_narrows_by_what_the_total_tells():
    before = group((100.0, 0.2, 0.1), (100.0, 0.2, 0.1))
    after = reconcile(before, target(200.0))
    assert np.log(after.draws).std(axis=1).max() < np.log(before.draws).std(axis=1).min()
    assert after.draws.std(axis=1).min() > 0


def test_a_ceiling_holds_and_the_others_carry_the_rest():
    before = group((100.0, 0.1, 0.0), (100.0, 0.1, 0.0), ceilings=[105.0, float("inf")])
    after = reconcile(before, target(260.0))
    assert after.draws[0].max() <= 105.0 + 1e-9
    assert after.draws.sum(axis=0) == pytest.approx(np.full(DRAWS.count, 260.0))


@pytest.mark.parametrize("total", [1e9, 1e-3])
def test_a_total_that_no_plants_can_meet_is_refused_by_name(total):
    with pytest.raises(InputError, match=r"no combination of 2 plants can make the steel of 2020"):
        reconcile(group((100.0, 0.1, 0.0), (50.0, 0.2, 0.1)), target(total))


def test_ceilings_that_stop_short_of_the_total_are_refused():
    with pytest.raises(InputError, match="no combination"):
        reconcile(group((100.0, 0.1, 0.0), ceilings=[110.0]), target(150.0))


def test_what_meets_a_carried_total_is_assumed():
    after = reconcile(group((100.0, 0.1, 0.0)), target(110.0, verified=False))
    assert after.items[0].grade == "E"
    assert reconcile(group((100.0, 0.1, 0.0)), target(110.0)).items[0].grade == "C"
