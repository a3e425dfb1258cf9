"""Global Energy Monitor: Global Iron and Steel Tracker, plant-level workbook.

It lists plants of 500,000 tonnes a year or more. Three sheets: who and where, capacity by status,
output by year. Where a figure is not known the sheet holds a word (“>0”, “>2400”, “unknown”, “N/A”):
the number is then empty and the word stands in the column of the same name with `_text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW, plain

SOURCE: Final = "gem_steel"
NO_NUMBER: Final = r"(?i)^\s*([<>].*|unknown|n/a)\s*$"
_PAIR: Final = r"^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$"
_MEND: Final = "correct the cell or fetch the file again"

_PLANTS: Final = "Plant data"
_CAPACITIES: Final = "Plant capacities and status"
_PRODUCTION: Final = "Plant production"

PLANTS: Final = {
    "gem_id": "plant id",
    "name": "plant name (english)",
    "other_names": "other plant names (english)",
    "owner": "owner",
    "parent": "parent",
    "address": "location address",
    "city": "municipality",
    "state": "subnational unit (province/state)",
    "country": "country/area",
    "coordinates": "coordinates",
    "coordinate_accuracy": "coordinate accuracy",
    "page": "gem wiki page",
    "announced": "announced date",
    "construction": "construction date",
    "start": "start date",
    "retirement_announced": "pre-retirement announcement date",
    "idled": "idled date",
    "retired": "retired date",
    "workforce_text": "workforce size",
    "products": "category steel product",
    "equipment": "main production equipment",
}
SITE_CAPACITIES: Final = {
    "capacity_sinter": "sinter plant capacity (ttpa)",
    "capacity_coke": "coking plant capacity (ttpa)",
    "capacity_pellets": "pelletizing plant capacity (ttpa)",
}
STATUS: Final = {
    "gem_id": "plant id",
    "name": "plant name (english)",
    "country": "country/area",
    "status": "status",
    "start": "start date",
}
CAPACITIES: Final = {
    "capacity_steel": "nominal crude steel capacity (ttpa)",
    "capacity_bof": "nominal bof steel capacity (ttpa)",
    "capacity_eaf": "nominal eaf steel capacity (ttpa)",
    "capacity_ohf": "nominal ohf steel capacity (ttpa)",
    "capacity_other_steel": "other/unspecified steel capacity (ttpa)",
    "capacity_iron": "nominal iron capacity (ttpa)",
    "capacity_bf": "nominal bf capacity (ttpa)",
    "capacity_dri": "nominal dri capacity (ttpa)",
    "capacity_other_iron": "other/unspecified iron capacity (ttpa)",
}
OUTPUT: Final = {"gem_id": "plant id", "name": "plant name (english)", "kind": "type of production"}


@dataclass(frozen=True)
class Tracker:
    """The three sheets, all countries, each row with `row`; capacities and output in kilotonnes a year.

    `plants`: identity as text, latitude and longitude in degrees, capacity_sinter, _coke and
    _pellets. `workforce_text` stays text: some mills carry the workforce of their whole company.
    `capacities`: one row a plant and status, with the capacities of that status.
    `production`: one row a plant, kind and year (`kilotonnes`, `kilotonnes_text`). Many figures
    are a company's output shared out by capacity, not the plant's own.
    """

    plants: pl.DataFrame
    capacities: pl.DataFrame
    production: pl.DataFrame


def read(path: Path) -> Tracker:
    """Read the workbook. Raises InputError naming file, row and mend."""
    plants = body(path, _PLANTS, {**PLANTS, **SITE_CAPACITIES})
    plants = place(numbers_or_words(once(plants, "gem_id", path), SITE_CAPACITIES, path), path)
    capacities = body(path, _CAPACITIES, {**STATUS, **CAPACITIES})
    return Tracker(
        dates(plants, ("announced", "construction", "start", "idled", "retired")),
        dates(numbers_or_words(capacities, CAPACITIES, path), ("start",)),
        _production(path),
    )


def body(path: Path, prefix: str, columns: Mapping[str, str]) -> pl.DataFrame:
    """The rows of a sheet with its header on row 1, under our names, as text, with `row`.

    Raises InputError when the sheet or a column is missing.
    """
    _, cells = sheet.open_sheet(path, prefix)
    headers = [plain(text) for text in cells.row(0)]
    sheet.require(columns.values(), headers, path, 1)
    frame = cells.select(
        cells.to_series(headers.index(header)).alias(name) for name, header in columns.items()
    )
    frame = frame.with_columns(pl.int_range(1, pl.len() + 1).alias(ROW)).slice(1)
    return frame.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


def once(frame: pl.DataFrame, column: str, path: Path) -> pl.DataFrame:
    """`frame` itself; raises InputError where an id is missing or stands twice."""
    bad = frame.filter(pl.col(column).is_null() | ~pl.col(column).is_first_distinct())
    if bad.height:
        what = f"plant {bad[column][0]} stands twice" if bad[column][0] else "a plant without an id"
        raise InputError(what, _MEND, file=path, row=bad[ROW][0])
    return frame


def numbers_or_words(
    frame: pl.DataFrame, columns: Mapping[str, str] | Iterable[str], path: Path
) -> pl.DataFrame:
    """`frame` with `columns` as numbers, empty where a word or a bound stands, which goes to `…_text`.

    Raises InputError where a cell is neither a number nor “unknown”, “N/A”, “>…” or “<…”, and where
    a number is below zero: capacities and tonnes are not.
    """
    titles = dict(columns) if isinstance(columns, Mapping) else {name: name for name in columns}
    names = list(titles)
    texts = [
        pl.when(pl.col(name).str.contains(NO_NUMBER))
        .then(pl.col(name).str.strip_chars())
        .alias(f"{name}_text")
        for name in names
    ]
    frame = frame.with_columns(texts)
    bare = [pl.when(pl.col(f"{name}_text").is_null()).then(pl.col(name)).alias(name) for name in names]
    known = sheet.numbers(frame.with_columns(bare), titles, path)
    for name in names:
        below = known.filter(pl.col(name) < 0)
        if below.height:
            what = f"“{below[name][0]:g}” is below zero, in the column “{titles[name]}”"
            raise InputError(what, _MEND, file=path, row=below[ROW][0])
    return known


def dates(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """`frame` with dates as the publisher writes them (a year, or year-month-day), no clock."""
    return frame.with_columns(pl.col(name).str.replace(" 00:00:00", "") for name in columns)


def place(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    """`frame` with `coordinates` (“latitude, longitude”) as two numbers in degrees.

    What is no such pair (a word; once an id of the publisher's) stands in `coordinates_text`.
    Raises InputError where the pair is no place on earth.
    """
    pair = pl.col("coordinates").str.extract_groups(_PAIR)
    frame = frame.with_columns(
        pair.struct.field("1").cast(pl.Float64).alias("latitude"),
        pair.struct.field("2").cast(pl.Float64).alias("longitude"),
    )
    lost = pl.when(pl.col("latitude").is_null()).then(pl.col("coordinates"))
    return _on_earth(frame.with_columns(lost.alias("coordinates_text")), path).drop("coordinates")


def _on_earth(frame: pl.DataFrame, path: Path) -> pl.DataFrame:
    bad = frame.filter((pl.col("latitude").abs() > 90) | (pl.col("longitude").abs() > 180))
    if bad.height:
        what = f"“{bad['coordinates'][0]}” is no place on earth"
        raise InputError(what, _MEND, file=path, row=bad[ROW][0])
    return frame


def owners(text: str | None) -> list[tuple[str, float | None]]:
    """The companies of a cell like “A [51.0%]; B [49.0%]”, with their shares in percent.

    The share is None where the cell gives none or calls it unknown. A holder whom the cell calls
    “unknown” or “N/A” is no company, and is left out with its share.
    """
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    found = [re.fullmatch(r"(.+?)\s*(?:\[([\d.]+|unknown)%\])?", part) for part in parts]
    pairs = [(match[1], match[2]) for match in found if match and not re.match(NO_NUMBER, match[1])]
    return [(name, None if share in (None, "unknown") else float(share)) for name, share in pairs]


def _production(path: Path) -> pl.DataFrame:
    _, cells = sheet.open_sheet(path, _PRODUCTION)
    years = [text.strip() for text in cells.row(0) if text and re.fullmatch(r"\d{4}", text.strip())]
    frame = body(path, _PRODUCTION, {**OUTPUT, **{year: year for year in years}})
    long = frame.unpivot(
        on=years, index=[*OUTPUT, ROW], variable_name="year", value_name="kilotonnes"
    ).with_columns(pl.col("year").cast(pl.Int32))
    return numbers_or_words(long, ["kilotonnes"], path).sort(ROW, "year")
