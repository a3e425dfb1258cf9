"""Sums and means of any numbers over the people within circles: the ground of community indicators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from comingclean.proximity.earth import Floats
from comingclean.proximity.grid import Rows, one_by_one
from comingclean.proximity.kernel import Piece, circles_of, pieces
from comingclean.proximity.layer import Layer


@dataclass(frozen=True)
class Means:
    """Weighted means within circles, by site, radius and column.

    `mean` is nan where no weight has a value. `weight`: the weight that has a value; `known`: its part
    of all the weight there, between 0 and 1, nan where there is none.
    """

    mean: Floats
    weight: Floats
    known: Floats


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


def sums(layer: Layer, latitude: Floats, longitude: Floats, miles: Floats, values: Floats) -> Floats:
    """Sums of `values` (rows of the layer by columns) within each of `miles` of each site.

    A row counts by its share in the circle. Gives an array of sites by radii by columns.
    """
    circles = circles_of(latitude, longitude, miles)
    total = np.zeros((len(circles), values.shape[1]))
    for piece in pieces(layer, circles, spread=False):
        circle, row, share = _expanded(piece)
        part = total[piece.base : piece.base + piece.size]
        for column in range(values.shape[1]):
            part[:, column] += np.bincount(circle, share * values[row, column], piece.size)
    return total.reshape(latitude.size, miles.size, -1)


def means(
    layer: Layer, latitude: Floats, longitude: Floats, miles: Floats, values: Floats, weight: Floats
) -> Means:
    """Means of `values` (rows of the layer by columns, nan where unknown) weighted by `weight` (rows).

    With people as the weight a mean is what the average resident meets; an unknown value takes no
    part in it, and `known` says how much of the weight that leaves.
    """
    there = ~np.isnan(values)
    weighed = np.where(there, values, 0.0) * weight[:, None]
    columns = np.concatenate([weighed, there * weight[:, None], weight[:, None]], axis=1)
    found = sums(layer, latitude, longitude, miles, columns)
    width = values.shape[1]
    top, below, whole = found[..., :width], found[..., width:-1], found[..., -1:]
    return Means(_part(top, below), below, _part(below, whole))


def in_layer_order(layer: Layer, values: Floats) -> Floats:
    """Numbers in the order of the layer's source, one a row, as the rows of the layer stand."""
    ordered: Floats = np.asarray(values, dtype=np.float64)[layer.source]
    return ordered


def _part(top: Floats, below: Floats) -> Floats:
    part: Floats = np.divide(top, below, out=np.full(top.shape, np.nan), where=below > 0)
    return part


def _expanded(piece: Piece) -> tuple[Rows, Rows, Floats]:
    """Circle, row and share of every row that the piece holds, runs and rows at the line alike."""
    length = piece.stop - piece.start
    row = np.concatenate([one_by_one(piece.start, length), piece.edge_row])
    circle = np.concatenate([np.repeat(piece.circle, length), piece.edge_circle])
    share = np.concatenate([np.ones(row.size - piece.share.size), piece.share])
    return circle, row, share
