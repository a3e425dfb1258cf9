"""CDC and ATSDR, Environmental Justice Index 2024: what is modelled of the air, by tract.

Only facts are read, neither the index nor its ranks. The file says -999 where it does not know, which
is all of Alaska, Hawaii, Puerto Rico and the island territories and a few tracts elsewhere. The risk
of cancer is rounded in the file (7, 8, 9, 10, 20, 30 … 400): one digit is known of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import census, sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "eji"
_ID: Final = "census_tract_id_2020"
COLUMNS: Final = {
    "diesel_pm": "diesel_pm_conc",
    "cancer_risk": "air_toxics_cancer_risk",
    "high_ozone_days": "high_ozone_days",
    "high_pm_days": "high_pm_days",
}
_LIMITS: Final = {
    "diesel_pm": (0.0, 60.0),
    "cancer_risk": (0.0, 60_000.0),
    "high_ozone_days": (0.0, 366.0),
    "high_pm_days": (0.0, 366.0),
}


def read(path: Path) -> pl.DataFrame:
    """One row a tract of 2020: (tract, row, diesel_pm, cancer_risk, high_ozone_days, high_pm_days).

    `diesel_pm` is in µg/m³, `cancer_risk` in cases per million people breathing that air for life,
    the days are days a year above the federal standard, mean of three years. What is not known is
    null. Raises InputError naming file, row and mend.
    """
    frame = sheet.read_parquet(path, [_ID, *COLUMNS.values()])
    named = census.identified(frame, _ID, "tract", 11, path)
    found = census.filled(named, COLUMNS, path)
    census.within(found, _LIMITS, path)
    return found.select("tract", ROW, *_LIMITS)
