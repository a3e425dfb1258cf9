"""The burden of a place: every TRI facility around a point, what each released to air, and who leads.

A distance counts on the ground, to the coordinate that a facility filed; the facility may be wider
than its point. The figures add kilograms up by how toxic each is to breathe. They do not say who
breathes them, how much of it or for how long: not risk, not exposure.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import NormalDist
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comingclean.proximity.earth import METRES_PER_MILE, ground, in_space, mean_radius

Floats = NDArray[np.float64]

# A trend is told from figures that lie at least this many years apart.
_LEAST_SPAN: Final = 3
# Standard deviations to the end of a 90 % interval.
_WIDE: Final = NormalDist().inv_cdf(0.95)


class Trend(NamedTuple):
    """Per cent a year, with the ends of its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Burden:
    """A place and a year: all releases to air within the radius, who causes them, and the years.

    `shares`: a row a facility, the largest first: (number, miles, kilograms, weighted, share).
    `years`: a row a year that the file has: (year, facilities, kilograms, unweighted, unweighted_share,
    weighted, low, high, weighted_mn). `trend`: of the weighted sum, by the median of all slopes between
    years (Theil and Sen), or None where too few years have one.
    """

    shares: pl.DataFrame
    years: pl.DataFrame
    trend: Trend | None

    def own_share(self, numbers: pl.Series) -> float | None:
        """The part of the weighted sum that the facilities with these numbers cause, 0 to 1."""
        own = self.shares.filter(pl.col("number").is_in(numbers.implode()))
        total = _total(self.shares)
        return _total(own) / total if total > 0 else None


def miles_to(latitude: float, longitude: float, sites: pl.DataFrame) -> Floats:
    """Miles on the ground from a place to each site (latitude, longitude in degrees).

    From straight chords through the WGS84 ellipsoid, turned into ground with the mean curvature at
    the place: within a metre up to 50 miles.
    """
    here = in_space(np.array([latitude]), np.array([longitude]))
    there = in_space(sites["latitude"].to_numpy(), sites["longitude"].to_numpy())
    chord = np.sqrt(sum((to - of) ** 2 for of, to in zip(here, there, strict=True)))
    miles: Floats = ground(chord, mean_radius(np.array([latitude]))) / METRES_PER_MILE
    return miles


def within(latitude: float, longitude: float, miles: float, sites: pl.DataFrame) -> pl.DataFrame:
    """The sites within `miles` of a place, with `miles`, the nearest first."""
    placed = sites.filter(pl.all_horizontal(pl.col("latitude", "longitude").is_not_null()))
    far = placed.with_columns(pl.Series("miles", miles_to(latitude, longitude, placed)))
    return far.filter(pl.col("miles") <= miles).sort("miles", "number")


def burden(near: pl.DataFrame, released: pl.DataFrame, year: int) -> Burden:
    """All releases to air of the facilities `near` (number, miles, as `within` gives them).

    `released`: (number, year, kilograms, unweighted, weighted, low, high, weighted_mn), a row a
    facility and year with a release. Sums of low and high take errors as independent between
    facilities. A year without any row has no row here either: nothing filed is not nothing released.
    """
    ours = released.join(near.select("number", "miles"), on="number", validate="m:1")
    years = sums(ours, ["year"])
    of_year = ours.filter(year=year)
    total = _total(of_year)
    share = pl.col("weighted") / total if total > 0 else pl.lit(None, dtype=pl.Float64)
    shares = of_year.select("number", "miles", "kilograms", "weighted", share.alias("share"))
    ranked = shares.sort("weighted", "number", descending=[True, False])
    return Burden(ranked, years, trend(years["year"].to_numpy(), years["weighted"].to_numpy()))


def _total(frame: pl.DataFrame) -> float:
    return float(frame["weighted"].to_numpy().sum())


def sums(ours: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """Sums over facilities by `key`, errors joined as independent: the columns of `Burden.years`.

    `ours`: number, kilograms, unweighted, weighted, low, high, weighted_mn and the columns of `key`.
    """
    up, down = pl.col("high") - pl.col("weighted"), pl.col("weighted") - pl.col("low")
    found = ours.group_by(key).agg(
        pl.len().cast(pl.Int64).alias("facilities"),
        pl.col("kilograms", "unweighted", "weighted", "weighted_mn").sum(),
        down.pow(2).sum().sqrt().alias("down"),
        up.pow(2).sum().sqrt().alias("up"),
    )
    bare = pl.col("unweighted") / pl.col("kilograms")
    return found.select(
        *key,
        "facilities",
        "kilograms",
        "unweighted",
        pl.when(pl.col("kilograms") > 0).then(bare).alias("unweighted_share"),
        "weighted",
        (pl.col("weighted") - pl.col("down")).clip(0).alias("low"),
        (pl.col("weighted") + pl.col("up")).alias("high"),
        "weighted_mn",
    ).sort(key)


def trend(years: NDArray[np.int64], sums: Floats) -> Trend | None:
    """The median of the slopes of all pairs of years over the median of the sums, with its interval.

    One odd year moves it little. The ends are the slopes between which the true one lies nine times of
    ten, by how the number of rising pairs varies where there is no trend (Kendall, Sen 1968). None
    where the years span less than three, or the median is 0.
    """
    if len(years) < 2 or int(years.max() - years.min()) < _LEAST_SPAN:
        return None
    middle = float(np.median(sums))
    if middle <= 0:
        return None
    first, second = np.triu_indices(len(years), k=1)
    slopes = np.sort((sums[second] - sums[first]) / (years[second] - years[first])) * 100 / middle
    low, high = _ends(len(years), len(slopes))
    return Trend(float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def _ends(n: int, pairs: int) -> tuple[int, int]:
    """The places of the ends of the interval among the ordered slopes of `n` years."""
    reach = _WIDE * sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low, high = floor((pairs - reach) / 2), ceil((pairs + reach) / 2)
    return max(low - 1, 0), min(high, pairs - 1)
