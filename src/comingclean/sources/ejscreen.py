"""EPA EJScreen 2020: fine particles in the air by tract.

Its block groups of 2010 were averaged by tract, each counting the same, and moved to the tracts of
2020 by area, before the file came to us. Its scores of nearness to traffic, waste and chemical sites
disagree with EPA's later ones and are not read; diesel and cancer risk are older here than in `eji`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import census, sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "ejscreen"
_ID: Final = "t"
COLUMNS: Final = {"pm25": "pm_conc"}
_LIMITS: Final = {"pm25": (0.0, 500.0)}


def read(path: Path) -> pl.DataFrame:
    """One row a tract of 2020: (tract, row, pm25), yearly mean in µg/m³, null where not known.

    Raises InputError naming file, row and mend.
    """
    frame = sheet.read_parquet(path, [_ID, *COLUMNS.values()])
    named = census.identified(frame, _ID, "tract", 11, path)
    found = census.filled(named, COLUMNS, path)
    census.within(found, _LIMITS, path)
    return found.select("tract", ROW, *_LIMITS)
