import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.estimates.draws import Draws, between, normal_between, sigma
from comingclean.estimates.factors import Factor

NAMES = st.text(min_size=1, max_size=12)


@given(NAMES, st.lists(NAMES, max_size=4))
def test_a_stream_is_the_same_whatever_was_asked_before(name, others):
    fresh, used = Draws(200), Draws(200)
    for other in others:
        used.normal(other)
    assert np.array_equal(fresh.normal(name), used.normal(name))


def test_two_streams_and_two_seeds_are_not_the_same_and_do_not_go_together():
    draws = Draws(2000)
    one, two = draws.normal("one"), draws.normal("two")
    assert abs(np.corrcoef(one, two)[0, 1]) < 0.08
    assert not np.array_equal(one, Draws(2000, seed=1).normal("one"))


def test_every_stream_is_a_normal_distribution_to_its_last_percentile():
    z = Draws(2000).normal("any")
    assert z.mean() == pytest.approx(0, abs=1e-12)
    assert z.std() == pytest.approx(1, abs=0.005)
    assert np.quantile(z, [0.05, 0.5, 0.95]) == pytest.approx([-1.645, 0, 1.645], abs=0.005)


@given(st.floats(0.01, 1e6), st.floats(1.01, 4), st.floats(1.01, 4))
def test_a_parameter_fills_its_range_side_by_side(value, down, up):
    factor = Factor("p", value, value / down, value * up, "t")
    drawn = Draws(2000).factor("p", factor)
    ends = np.quantile(drawn, [0.05, 0.5, 0.95])
    assert ends == pytest.approx([value / down, value, value * up], rel=0.02)
    assert drawn.min() > 0


def test_a_range_that_reaches_zero_stays_above_it():
    z = Draws(500).normal("z")
    drawn = between(z, 1.0, 0.0, 2.0)
    assert drawn.min() >= 0
    assert np.quantile(drawn, 0.05) == pytest.approx(0.0, abs=0.03)
    assert normal_between(z, 1.0, -5.0, 7.0).min() == 0.0


@given(st.floats(0.01, 1.5))
def test_a_spread_leaves_sums_as_they_are(share):
    drawn = Draws(2000).spread("s", share)
    assert drawn.mean() == pytest.approx(1.0, rel=0.01)
    low, high = np.quantile(drawn, [0.05, 0.95])
    assert high / low == pytest.approx((1 + share) ** 2, rel=0.02)
    assert np.log(drawn).std() == pytest.approx(sigma(share), rel=0.01)


def test_a_stream_is_drawn_once_and_nobody_can_write_into_it():
    draws = Draws(50)
    first = draws.normal("a")
    assert draws.normal("a") is first
    assert np.array_equal(first, Draws(50).normal("a"))
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1.0
