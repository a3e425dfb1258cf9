"""Plants made to add up to a published total; the plants' own intervals decide who moves.

Every draw of the plants is moved to a draw of the total. The move of a plant is in proportion to what
its error shares with the error of the sum (the gain of a best linear estimate), taken in logarithms so
that nothing falls below zero, and stops at a ceiling that the plant cannot pass.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from comingclean.errors import InputError
from comingclean.estimates.amounts import Amounts, Item
from comingclean.estimates.draws import Numbers

_ROUNDS: Final = 80
_CLOSE: Final = 1e-9
# A plant that hardly moves is not waited for beyond this.
_LEAST_GAIN: Final = 1e-3


@dataclass(frozen=True)
class Target:
    """A total to meet: what it is called, its draws (draws,), the rows it was read from, its middle.

    `farthest`: no plant is moved beyond this (logarithm of a factor): the total and its plants would
    speak of different things. One that is not `verified` was carried from another year: what meets it
    is no better than assumed.
    """

    name: str
    total: Numbers
    sources: tuple[str, ...]
    published: float
    farthest: float
    verified: bool = True


def reconcile(amounts: Amounts, target: Target) -> Amounts:
    """`amounts` moved so that every draw adds up to the draw of the total.

    Raises InputError when no combination of plants within their ceilings, none moved too far, can
    meet it.
    """
    weights = gain(amounts)
    ceiling = np.array([[item.ceiling] for item in amounts.items])
    before = np.minimum(amounts.draws, ceiling)
    _refuse_impossible(before, ceiling, weights, target)
    moved = _solve(before, ceiling, weights, target)
    items = tuple(_met(item, target) for item in amounts.items)
    return Amounts(items, moved)


def _met(item: Item, target: Target) -> Item:
    sources = (*item.sources, *target.sources)
    grade = item.grade if target.verified else "E"
    return replace(item, sources=sources, grade=grade, reconciled=True)


def gain(amounts: Amounts) -> Numbers:
    """How far each plant moves (plants, 1), the farthest by 1.

    A plant errs on its own and together with its group: with relative errors a (shared) and s (own)
    and tonnage x, the covariance with the sum is x (a sum(a x) + x s²), here per tonne.
    """
    size = amounts.draws.mean(axis=1)
    shared = np.array([item.shared for item in amounts.items])
    own = np.array([item.own for item in amounts.items])
    weight = shared * float((shared * size).sum()) + size * own**2
    if not weight.max() > 0:
        weight = np.ones_like(weight)
    scaled: Numbers = (weight / weight.max())[:, None]
    return scaled


def _move(
    before: Numbers, ceiling: Numbers, weights: Numbers, step: Numbers, farthest: float
) -> Numbers:
    powers = np.clip(weights * step, -farthest, farthest)
    moved: Numbers = np.minimum(before * np.exp(powers), ceiling)
    return moved


def _reach(weights: Numbers, farthest: float) -> float:
    """The step at which every plant has gone as far as it goes."""
    return float(farthest / max(weights.min(), _LEAST_GAIN))


def _refuse_impossible(before: Numbers, ceiling: Numbers, weights: Numbers, target: Target) -> None:
    """Say what the plants could make at the least and at the most when the total lies outside."""
    far = target.farthest
    low, high = (
        _move(before, ceiling, weights, np.array(sign * _reach(weights, far)), far).sum(axis=0)
        for sign in (-1, 1)
    )
    if ((target.total < low) | (target.total > high)).any():
        raise InputError(
            f"no combination of {before.shape[0]} plants can make {target.name}, "
            f"{target.published:,.0f}; theirs is {np.median(low):,.0f} to {np.median(high):,.0f}",
            "look at the total, its unit and the capacities of its plants",
        )


def _solve(before: Numbers, ceiling: Numbers, weights: Numbers, target: Target) -> Numbers:
    """The move of every draw, by Newton's steps kept within a bracket."""
    high = np.full(before.shape[1], _reach(weights, target.farthest))
    low = -high
    step = np.zeros(before.shape[1])
    moved = before
    for _ in range(_ROUNDS):
        moved = _move(before, ceiling, weights, step, target.farthest)
        miss = moved.sum(axis=0) - target.total
        if np.all(np.abs(miss) <= _CLOSE * target.total):
            break
        high, low = np.where(miss > 0, step, high), np.where(miss > 0, low, step)
        free = (moved < ceiling) & (np.abs(weights * step) < target.farthest)
        slope = np.where(free, moved * weights, 0.0).sum(axis=0)
        newton = step - miss / np.maximum(slope, _CLOSE)
        inside = (newton > low) & (newton < high)
        step = np.where(inside, newton, (low + high) / 2)
    return moved
