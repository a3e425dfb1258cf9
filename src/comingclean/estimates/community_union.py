"""People near several places, each counted once.

Where two circles cut one block group we do not know whether they hold the same of its people. The
central figure takes them to cut it at random, and the true one lies between two bounds that need no
such guess: the larger share alone, and the shares added up.
"""

from __future__ import annotations

import numpy as np

from comingclean.estimates.community_arrays import Floats, Pairs, Table, add


def union(table: Table, pairs: Pairs) -> Floats:
    """The share of each block group that lies in at least one circle: 1 - Π(1 - share)."""
    with np.errstate(divide="ignore"):
        outside = np.log1p(-np.minimum(pairs.share, 1.0))
    return -np.expm1(add(pairs.row, outside, table.population.size))


def people_once(table: Table, pairs: Pairs) -> tuple[float, float, float]:
    """People near any of the circles: the central figure, at least, at most."""
    size = table.population.size
    largest = np.zeros(size)
    np.maximum.at(largest, pairs.row, pairs.share)
    added = np.minimum(add(pairs.row, pairs.share, size), 1.0)
    central, least, most = (float(s @ table.population) for s in (union(table, pairs), largest, added))
    return central, least, most


def shared_out(table: Table, pairs: Pairs) -> Pairs:
    """The same pairs with each block group's people dealt out among the circles that hold them.

    Shares are cut down so that over all circles they add up to the block group's union: everyone is
    counted once, with the circles near them in proportion.
    """
    size = table.population.size
    added = add(pairs.row, pairs.share, size)
    part = np.divide(union(table, pairs), added, out=np.zeros(size), where=added > 0)
    return Pairs(pairs.circle, pairs.row, pairs.share * part[pairs.row], pairs.circles)
