"""Which rows of a layer each circle holds: the ground of all that is known of the people around."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comingclean.proximity.earth import Floats
from comingclean.proximity.grid import Rows, one_by_one
from comingclean.proximity.kernel import Piece, circles_of, pieces
from comingclean.proximity.layer import Layer


@dataclass(frozen=True)
class Pairs:
    """Which rows of a layer each circle holds, and what part of each: three arrays of one length.

    A site's circles follow each other in the order of the radii, and all are counted from 0 to before
    `circles`. Sorted by circle and row; shares are above 0 and at most 1.
    """

    circle: Rows
    row: Rows
    share: Floats
    circles: int


def pairs(layer: Layer, latitude: Floats, longitude: Floats, miles: Floats) -> Pairs:
    """Every row of the layer within each of `miles` of each site, and its share."""
    circles = circles_of(latitude, longitude, miles)
    nothing = np.zeros(0, np.int64)
    found = [(nothing, nothing, np.zeros(0))]
    for piece in pieces(layer, circles, spread=False):
        circle, row, share = _expanded(piece)
        found.append((circle + piece.base, row, share))
    circle, row, share = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((row, circle))
    return Pairs(circle[order], row[order], share[order], len(circles))


def _expanded(piece: Piece) -> tuple[Rows, Rows, Floats]:
    """Circle, row and share of every row that the piece holds, runs and rows at the line alike."""
    length = piece.stop - piece.start
    row = np.concatenate([one_by_one(piece.start, length), piece.edge_row])
    circle = np.concatenate([np.repeat(piece.circle, length), piece.edge_circle])
    share = np.concatenate([np.ones(row.size - piece.share.size), piece.share])
    return circle, row, share
