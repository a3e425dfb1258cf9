"""American Community Survey 2019-2023 by tract, as the deprivation index of geomarker.io hands it out.

Only the six facts that the index is made of are read. The index itself is not: its terms are not in
hand, and one number made of six says less than the six. No margins of error are in the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import census, sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "dep_index"
_ID: Final = "census_tract_id_2020"
SHARES: Final = {
    "poverty": "dep_index_fraction_poverty",
    "assistance": "dep_index_fraction_snap",
    "insured": "dep_index_fraction_insured",
    "high_school": "dep_index_fraction_hs",
    "vacant": "dep_index_fraction_vacant",
}
INCOME: Final = {"income": "dep_index_median_income"}
_LIMITS: Final = {**dict.fromkeys(SHARES, (0.0, 100.0)), "income": (0.0, 1e6)}


def read(path: Path) -> pl.DataFrame:
    """One row a tract of 2020: (tract, row, poverty, assistance, insured, high_school, vacant, income).

    `tract` has eleven digits (Connecticut in its former counties); shares are in per cent, of
    households (poverty, assistance), people (insured), residents 25 and over (high_school) and
    housing units (vacant); `income` is the median of households in dollars of 2023, in the file from
    2,500 to 250,000. What is not known is null. Raises InputError naming file, row and mend.
    """
    frame = sheet.read_parquet(path, [_ID, *SHARES.values(), *INCOME.values()])
    named = census.identified(frame, _ID, "tract", 11, path)
    found = census.filled(named, SHARES | INCOME, path).with_columns(pl.col(*SHARES) * 100)
    census.within(found, _LIMITS, path)
    return found.select("tract", ROW, *_LIMITS)
