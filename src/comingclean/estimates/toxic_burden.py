"""The burden of many places at once: the sums of `toxic_place`, a row a place, radius and year.

Every facility counts where its filed coordinates lie within the radius. A plant's own filing counts
around the plant wherever its coordinates lie: that it stands there is known from the link.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.estimates.toxic_place import Floats, sums, trend
from comingclean.proximity.earth import METRES_PER_MILE, ground, in_space, mean_radius

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CIRCLE: Final = ["place", "radius_miles"]
_YEAR: Final = [*CIRCLE, "year"]


def near(places: pl.DataFrame, sites: pl.DataFrame, miles: float, own: pl.DataFrame) -> pl.DataFrame:
    """Every site within `miles` of each place, and its own: (place, number, miles, own).

    `places`: place, latitude, longitude; `sites`: number, latitude, longitude, degrees; `own`: place,
    number, a row a facility that is the place's own.
    """
    placed = sites.filter(pl.all_horizontal(pl.col("latitude", "longitude").is_not_null()))
    there = np.stack(in_space(*(placed[name].to_numpy() for name in ("latitude", "longitude"))))
    order = np.argsort(there[2])
    there, number = there[:, order], placed["number"].to_numpy()[order]
    here = np.stack(in_space(*(places[name].to_numpy() for name in ("latitude", "longitude"))))
    radius = mean_radius(places["latitude"].to_numpy())
    theirs = dict(own.group_by("place").agg("number").iter_rows())
    found = [pl.DataFrame(schema=_NEAR)]
    for at, place in enumerate(places["place"]):
        row, mine = _slab(there[2], here[2, at], miles, np.isin(number, theirs.get(place, [])))
        chord = np.sqrt(((there[:, row] - here[:, at : at + 1]) ** 2).sum(axis=0))
        far = ground(chord, radius[at : at + 1]) / METRES_PER_MILE
        part = {"place": [place] * row.size, "number": number[row], "miles": far, "own": mine}
        every = pl.DataFrame(part, schema=_NEAR)
        found.append(every.filter((pl.col("miles") <= miles) | pl.col("own")))
    return pl.concat(found)


_NEAR: Final = {"place": pl.String, "number": pl.Int64, "miles": pl.Float64, "own": pl.Boolean}


def _slab(heights: Floats, height: float, miles: float, mine: Bools) -> tuple[Ints, Bools]:
    """Rows of the sites between two planes above and below a place, and its own; which are its own.

    `heights` above the equator's plane in metres, rising. None within reach lies outside: a straight
    chord is shorter than the ground above it.
    """
    reach = miles * METRES_PER_MILE
    first, last = np.searchsorted(heights, [height - reach, height + reach], side="left")
    inside = np.zeros(heights.size, dtype=bool)
    inside[first : last + 1] = True
    row = np.flatnonzero(inside | mine)
    return row, mine[row]


def circles(found: pl.DataFrame, released: pl.DataFrame, radii: tuple[float, ...]) -> pl.DataFrame:
    """Each facility's air by circle and year: `found` (near) met with `released`.

    `released`: number, year, kilograms, unweighted, weighted, low, high, weighted_mn and more. Adds
    place, radius_miles, miles and own.
    """
    every = pl.concat(found.with_columns(pl.lit(miles).alias("radius_miles")) for miles in radii)
    within = every.filter((pl.col("miles") <= pl.col("radius_miles")) | pl.col("own"))
    return within.join(released, on="number", validate="m:m").sort(*_YEAR, "number")


def burdens(rows: pl.DataFrame, filed: pl.DataFrame) -> pl.DataFrame:
    """The sum of each circle and year, the part that the place's own facilities cause, and the trend.

    `rows`: circles(); `filed`: (place, year) for which the place's own facilities filed at all. Own
    shares are 0 to 1 with low and high: empty where the own facility did not file or nothing around has
    a benchmark, 0 where it filed no release to air. `trend`, `trend_low`, `trend_high`: per cent a year
    of the weighted sum over all its years, in the newest row of a circle; empty in the others.
    """
    whole = sums(rows, _YEAR)
    key = pl.struct(_YEAR)
    mine = sums(rows.filter("own"), _YEAR).select(*_YEAR, pl.col("weighted", "low", "high"))
    both = whole.join(mine, on=_YEAR, how="left", suffix="_own", validate="1:1").with_columns(
        key.is_in(mine.select(key.alias("key"))["key"].implode()).alias("there"),
        pl.col("weighted_own", "low_own", "high_own").fill_null(0.0),
    )
    known = filed.select("place", "year").unique().with_columns(pl.lit(True).alias("filed"))
    told = both.join(known, on=["place", "year"], how="left", validate="m:1")
    says = (pl.col("there") | pl.col("filed").fill_null(False)) & (pl.col("weighted") > 0)
    own = [pl.when(says).then(part).alias(f"own_{name}") for name, part in _parts("_own").items()]
    return _trends(told.with_columns(own)).drop(
        "unweighted", "weighted_own", "low_own", "high_own", "there", "filed"
    )


def _parts(suffix: str) -> dict[str, pl.Expr]:
    """Share, low and high of a part (columns with `suffix`) in a sum, errors of part and rest apart.

    The low end is the part at its lowest beside the rest at its highest, the high end the reverse.
    """
    of, whole = pl.col(f"weighted{suffix}"), pl.col("weighted")
    down, up = of - pl.col(f"low{suffix}"), pl.col(f"high{suffix}") - of
    rest = whole - of
    rest_down = ((whole - pl.col("low")).pow(2) - down.pow(2)).clip(0).sqrt()
    rest_up = ((pl.col("high") - whole).pow(2) - up.pow(2)).clip(0).sqrt()
    share, low, high = of / whole, of - down, of + up
    rest_low, rest_high = (rest - rest_down).clip(0), rest + rest_up
    return {
        "share": share.clip(0, 1),
        "low": pl.min_horizontal(low / (low + rest_high), share).fill_nan(0.0).clip(0, 1),
        "high": pl.max_horizontal(high / (high + rest_low), share).fill_nan(0.0).clip(0, 1),
    }


def _trends(found: pl.DataFrame) -> pl.DataFrame:
    """`found` by place, radius and year with the trend in the newest row of each circle."""
    ordered = found.sort(_YEAR)
    told: list[tuple[float, ...] | tuple[None, ...]] = []
    for part in ordered.partition_by(CIRCLE, maintain_order=True):
        whole = trend(part["year"].to_numpy(), part["weighted"].to_numpy())
        told += [*[_NO_TREND] * (part.height - 1), whole or _NO_TREND]
    names = dict.fromkeys(("trend", "trend_low", "trend_high"), pl.Float64)
    return pl.concat([ordered, pl.DataFrame(told, schema=names, orient="row")], how="horizontal")


_NO_TREND: Final = (None, None, None)


def causes(rows: pl.DataFrame, year: int, most: int) -> pl.DataFrame:
    """The facilities that cause most of each circle's weighted sum in a year, `most` at the most.

    `rows`: circles(). Columns of these, with rank (1 the largest), share, share_low and share_high. A
    facility without a benchmark for anything that it released causes none of it and is left out.
    """
    of_year = rows.filter((pl.col("year") == year) & (pl.col("weighted") > 0))
    whole = sums(of_year, _YEAR).select(*_YEAR, pl.col("weighted", "low", "high"))
    renamed = of_year.rename({name: f"{name}_part" for name in ("weighted", "low", "high")})
    told = renamed.join(whole, on=_YEAR, validate="m:1")
    names = {"share": "share", "low": "share_low", "high": "share_high"}
    parts = [part.alias(names[name]) for name, part in _parts("_part").items()]
    ranked = told.sort([*CIRCLE, "weighted_part", "number"], descending=[False, False, True, False])
    order = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(CIRCLE).alias("rank")
    return ranked.with_columns(*parts, order).filter(pl.col("rank") <= most)
