import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.estimates.draws import Draws
from comingclean.estimates.production.witness import Witness, further, weighed

DRAWS = Draws(800)


def witness(tonnes, deviation, method="m", **more):
    drawn = tonnes * np.exp(DRAWS.normal(f"{method}/{tonnes}") * deviation - deviation**2 / 2)
    return Witness(drawn, deviation, method, "C", (method,), **more)


def together(*witnesses):
    return weighed(witnesses, DRAWS.normal("doubt"))


def test_witnesses_that_agree_are_averaged_by_their_precision():
    found = together(witness(100.0, 0.1, "sure"), witness(110.0, 0.3, "unsure"))
    assert found.drawn.mean() == pytest.approx(101, rel=0.01)
    assert found.deviation == pytest.approx((1 / (1 / 0.01 + 1 / 0.09)) ** 0.5, rel=0.01)
    assert found.first.method == "sure"
    assert found.apart < 1


def test_witnesses_that_contradict_each_other_widen_the_interval_to_span_them():
    found = together(witness(100.0, 0.08, "recorded"), witness(681.0, 0.29, "capacity"))
    low, high = np.quantile(found.drawn, [0.05, 0.95])
    assert low < 110
    assert high > 600
    assert found.apart == pytest.approx(np.log(6.81) / np.hypot(0.08, 0.29), rel=0.01)
    assert 200 < found.drawn.mean() < 320


def test_one_witness_stays_as_it_is():
    alone = witness(100.0, 0.2)
    found = together(alone)
    assert found.drawn == pytest.approx(alone.drawn)
    assert (found.deviation, found.apart) == (pytest.approx(0.2), 0.0)


MIDDLES = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 0.8)), min_size=2, max_size=5)


@given(MIDDLES)
def test_the_further_error_makes_the_distances_likely(pairs):
    middles = np.array([middle for middle, _ in pairs])
    known = np.array([deviation**2 for _, deviation in pairs])
    extra = further(middles, known)
    weights = 1 / (known + extra)
    middle = (weights @ middles) / weights.sum()
    misfit = float(weights @ (middles - middle) ** 2)
    assert misfit <= len(pairs) - 1 + 1e-3
    assert extra == 0 or misfit == pytest.approx(len(pairs) - 1, rel=1e-3)


@given(MIDDLES)
def test_no_witness_is_left_out(pairs):
    found = together(*(witness(float(np.exp(m)), d, f"{at}") for at, (m, d) in enumerate(pairs)))
    middles = [m for m, _ in pairs]
    assert min(middles) - 0.8 <= np.median(np.log(found.drawn)) <= max(middles) + 0.8
    assert found.deviation <= max(d for _, d in pairs) + np.ptp(middles)
