"""How much of the chromium of an industry is of the toxic, hexavalent kind.

The toxics inventory has all chromium in one figure, the emissions inventory has the kinds apart. The
shares stand in data/parameters.csv (toxicity_chromium_hexavalent_<industry>); a test holds them against
this, on the rows that are shipped.
"""

from __future__ import annotations

from typing import Final

import polars as pl

HEXAVALENT: Final = ("18540-29-9", "7738-94-5", "1333-82-0")
_TRIVALENT: Final = "16065-83-1"
# Nine plants of ten lie between.
_ENDS: Final = (0.05, 0.95)


def shares(emission: pl.DataFrame, owners: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """(year, industry, plants, hexavalent, chromium, share, low, high), a row a year and industry.

    `emission`: rows of the snapshot's nei_emission (year, group, chemical, kilograms); `owners`: of
    nei_owner (year, group, facility_id, shared); `plants`: facility_id, industry. `hexavalent` and
    `chromium` in kilograms, `share` by mass, `low` and `high` the ends between which nine plants of ten
    lie. Only plants with a record of their own.
    """
    kinds = emission.filter(pl.col("chemical").is_in([*HEXAVALENT, _TRIVALENT]))
    own = owners.filter(~pl.col("shared")).select("year", "group", "facility_id")
    toxic = pl.col("kilograms").filter(pl.col("chemical").is_in(HEXAVALENT)).sum()
    by_plant = (
        kinds.join(own, on=["year", "group"], validate="m:1")
        .join(plants.select("facility_id", "industry"), on="facility_id", validate="m:1")
        .group_by("year", "industry", "facility_id")
        .agg(toxic.alias("hexavalent"), pl.col("kilograms").sum().alias("chromium"))
        .filter(pl.col("chromium") > 0)
    )
    share = pl.col("hexavalent") / pl.col("chromium")
    low, high = (share.quantile(end, "linear") for end in _ENDS)
    return (
        by_plant.group_by("year", "industry")
        .agg(
            pl.len().alias("plants"),
            pl.col("hexavalent", "chromium").sum(),
            (pl.col("hexavalent").sum() / pl.col("chromium").sum()).alias("share"),
            low.alias("low"),
            high.alias("high"),
        )
        .sort("year", "industry")
    )
