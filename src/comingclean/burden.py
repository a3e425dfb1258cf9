"""The burden of any places: all toxic air around, who causes which share, and how it went.

Plants and a reader's own place are looked at through this. What stands in the database for plants is
made here, and what a reader asks for any other place is made in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from comingclean.estimates import toxic_burden

RADII: Final = (3.0, 10.0)
CAUSES: Final = 10
METHOD: Final = "toxic_burden"
# Filed by law, of very different quality, weighed by benchmarks that are uncertain themselves.
GRADE: Final = "D"
# More than any figure means; beyond them the order of adding up would show.
_DIGITS: Final = 9


@dataclass(frozen=True)
class Around:
    """Frames by place and radius: `years` a row a year, `causes` a row a facility, newest year only."""

    years: pl.DataFrame
    causes: pl.DataFrame


def around(
    places: pl.DataFrame,
    sites: pl.DataFrame,
    released: pl.DataFrame,
    newest: int,
    own: pl.DataFrame | None = None,
    radii: tuple[float, ...] = RADII,
) -> Around:
    """The burden of `places`: (place, latitude, longitude) in degrees, radii in miles.

    `sites` and `released` are rows of toxic_site and toxic_site_year; `own` (place, number, year) has a
    row for each year in which a facility that is the place itself filed, with or without air.
    Causes are those of the year `newest`.
    """
    theirs = pl.DataFrame(schema=_OWN) if own is None else own
    mine = theirs.select("place", "number").unique()
    found = toxic_burden.near(places, sites, max(radii), mine)
    rows = toxic_burden.circles(found, released, radii)
    years = toxic_burden.burdens(rows, theirs).with_columns(
        pl.col(pl.Float64).round_sig_figs(_DIGITS),
        pl.lit(METHOD).alias("method"),
        pl.lit(GRADE).alias("grade"),
    )
    named = toxic_burden.causes(rows, newest, CAUSES).join(
        sites.select(pl.exclude("latitude", "longitude")), on="number", validate="m:1"
    )
    shares = pl.col("miles", "share", "share_low", "share_high").round_sig_figs(_DIGITS)
    order = ["place", "radius_miles", "rank"]
    return Around(years, named.with_columns(shares).sort(order))


_OWN: Final = {"place": pl.String, "number": pl.Int64, "year": pl.Int64}
