"""People near several places, each counted once.

Where two circles cut one block group we do not know whether they hold the same of its people. The
central figure takes them to cut it at random, and the true one lies between two bounds that need no
such guess: the larger share alone, and the shares added up.
"""

from __future__ import annotations

import numpy as np

from comingclean.estimates.community_arrays import Floats, Ints, Pairs, Table, add


def union(table: Table, pairs: Pairs) -> Floats:
    """The share of each block group that lies in at least one circle: 1 - Π(1 - share)."""
    row, central, _, _ = _each_once(pairs)
    share = np.zeros(table.population.size)
    share[row] = central
    return share


def people_once(table: Table, pairs: Pairs) -> tuple[float, float, float]:
    """People near any of the circles: the central figure, at least, at most."""
    row, *shares = _each_once(pairs)
    central, least, most = (float(share @ table.population[row]) for share in shares)
    return central, least, most


def shared_out(table: Table, pairs: Pairs) -> Pairs:
    """The same pairs with each block group's people dealt out among the circles that hold them.

    Shares are cut down so that over all circles they add up to the block group's union: everyone is
    counted once, with the circles near them in proportion.
    """
    added = add(pairs.row, pairs.share, table.population.size)[pairs.row]
    part = np.divide(union(table, pairs)[pairs.row], added, out=np.zeros_like(added), where=added > 0)
    return Pairs(pairs.circle, pairs.row, pairs.share * part, pairs.circles)


def _each_once(pairs: Pairs) -> tuple[Ints, Floats, Floats, Floats]:
    """The block groups that any circle holds, and the share of each: central, at least, at most."""
    row, at = np.unique(pairs.row, return_inverse=True)
    with np.errstate(divide="ignore"):
        outside = np.log1p(-np.minimum(pairs.share, 1.0))
    largest = np.zeros(row.size)
    np.maximum.at(largest, at, pairs.share)
    added = np.minimum(add(at, pairs.share, row.size), 1.0)
    return row, -np.expm1(add(at, outside, row.size)), largest, added
