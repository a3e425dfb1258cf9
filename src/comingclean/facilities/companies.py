"""Companies: one name for each, however files write it, and what a cell of owners says.

Which spellings mean one company is decided by hand in data/companies.csv, each with its reason; only
what is certain is joined. A sale is no renaming: who sold and who bought are two companies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

COMPANIES: Final = "companies.csv"
_COLUMNS: Final = ("name", "company_id", "company", "reason")
_SLUG: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"
# A share stands in the last brackets of a name; other brackets belong to the name.
_PART: Final = re.compile(r"(?P<name>.+?)(?:\s*\((?P<share>[^()]*%|share unknown)\))?")
_WHOLE: Final = 100.0
ROUNDING: Final = 0.1  # percentage points that written shares may be off their sum


@dataclass(frozen=True)
class Holding:
    """A company in a cell of owners, and its share in per cent, None where the cell does not say."""

    name: str
    share: float | None


def read(data: Path) -> pl.DataFrame:
    """data/companies.csv: name (as written), company_id, company (name on its page), reason, row.

    Raises InputError for an id that is no slug, a name that stands twice, a row without a reason, or
    a company with two ids or two names.
    """
    path = data / COMPANIES
    frame = sheet.read_csv(path, _COLUMNS)
    for column in _COLUMNS:
        _refuse(frame, pl.col(column).is_null(), f"has no {column}", path)
    slug = pl.col("company_id").str.contains(_SLUG)
    _refuse(frame, ~slug, "has an id that is no slug", path)
    _refuse(frame, ~pl.col("name").is_first_distinct(), "stands twice", path)
    for one, many in (("company_id", "company"), ("company", "company_id")):
        several = pl.col(many).n_unique().over(one) > 1
        _refuse(frame, several, f"belongs to a {one} with more than one {many}", path)
    return frame


def _refuse(frame: pl.DataFrame, bad: pl.Expr, what: str, path: Path) -> None:
    rows = frame.filter(bad)
    if rows.height:
        text = f"“{rows['name'][0] or ''}” {what}"
        raise InputError(text, "correct the row", file=path, row=rows[ROW][0])


def holdings(text: str) -> list[Holding]:
    """The companies of a cell like “A (51%); B (49%)”, in its order.

    A company that stands alone without a share has the whole; beside others its share is not known,
    and so is one marked (share unknown). Raises ValueError for a share that is no number from 0 to
    100, a company that stands twice, or shares of more than 100 %.
    """
    parts = [part.strip() for part in text.split(";") if part.strip()]
    found = [_holding(part) for part in parts]
    names = [holding.name for holding, _ in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"{twice} stands twice")
    alone = len(found) == 1
    held = [Holding(h.name, _WHOLE) if alone and not said else h for h, said in found]
    check_sum([holding.share for holding in held])
    return held


def _holding(part: str) -> tuple[Holding, bool]:
    """A company with its share, and whether the cell speaks of a share."""
    match = _PART.fullmatch(part)
    if match is None:  # a bare share, without a name before it
        raise ValueError(f"“{part}” names no company")
    said = match["share"]
    if said is None or said == "share unknown":
        return Holding(match["name"], None), said is not None
    try:
        share = float(said.removesuffix("%"))
    except ValueError:
        raise ValueError(f"“{said}” is no share") from None
    if not 0 < share <= _WHOLE:
        raise ValueError(f"{said} is no share of a plant")
    return Holding(match["name"], share), True


def check_sum(shares: list[float | None]) -> None:
    """Raise ValueError when the known shares of one plant in one source are more than the whole."""
    total = sum(share for share in shares if share is not None)
    if total > _WHOLE + ROUNDING:
        raise ValueError(f"the shares add up to {total:g} %")
