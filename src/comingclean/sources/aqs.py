"""EPA Air Quality System: all air-monitoring sites, open and closed.

The file says where a site is, not what it measures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import census, sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "aqs"
_ID: Final = ("State Code", "County Code", "Site Number")
DEGREES: Final = {"latitude": "Latitude", "longitude": "Longitude"}
DATES: Final = {
    "established": "Site Established Date",
    "closed": "Site Closed Date",
    "extracted": "Extraction Date",
}
TEXTS: Final = {
    "name": "Local Site Name",
    "address": "Address",
    "city": "City Name",
    "county": "County Name",
    "state": "State Name",
    "datum": "Datum",
    "land_use": "Land Use",
    "setting": "Location Setting",
    "agency": "Owning Agency",
}
_LIMITS: Final = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}
_SITE: Final = r"^[0-9A-Z]{2}-\d{3}-\d{4}$"


def read(path: Path) -> pl.DataFrame:
    """One row a site: (site, row, latitude, longitude, established, closed, extracted, name, …).

    `site` is EPA's own way to write it, 18-089-0022; degrees as filed, in the datum that stands beside
    them (0, 0 is the agency's way to say that it does not know); dates are dates, `closed` null while
    the site is open. Blanks are null. Raises InputError naming file, row and mend.
    """
    titles = [*DEGREES.values(), *DATES.values(), *TEXTS.values()]
    frame = sheet.read_csv(path, [*_ID, *titles])
    site = pl.concat_str(*_ID, separator="-").alias("site")
    named = _checked(frame.with_columns(site), path)
    found = census.filled(named, DEGREES, path)
    census.within(found, _LIMITS, path)
    return _dates(found, path).select(
        "site", ROW, *DEGREES, *DATES, *(_text(column).alias(name) for name, column in TEXTS.items())
    )


def _checked(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    twice = ~pl.col("site").is_first_distinct()
    bad = frame.filter(~pl.col("site").str.contains(_SITE).fill_null(False) | twice)
    if bad.height:
        what = f"“{bad['site'][0] or ''}” is not the number of a site, or stands twice"
        raise InputError(what, "fetch the file again from its publisher", file=path, row=bad[ROW][0])
    return frame


def _dates(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    parsed = frame.with_columns(
        _text(column).str.to_date("%Y-%m-%d", strict=False).alias(name)
        for name, column in DATES.items()
    )
    for name, column in DATES.items():
        bad = parsed.filter(pl.col(name).is_null() & _text(column).is_not_null())
        if bad.height:
            what = f"“{bad[column][0]}” is not a date, in the column “{column}”"
            raise InputError(what, "write it as 2020-12-31", file=path, row=bad[ROW][0])
    return parsed


def _text(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)
