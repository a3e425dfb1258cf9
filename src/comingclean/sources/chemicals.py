"""Chemicals: CAS numbers, and the list that says which name means which chemical in an inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl

from comingclean.sources import sheet
from comingclean.sources.sheet import ROW

SOURCE: Final = "epa_stewi_chemicals"
COLUMNS: Final = {
    "inventory": "Source",
    "chemical_id": "FlowID",
    "name": "FlowName",
    "cas": "SRS_CAS",
}
_LEAST_DIGITS: Final = 5  # of a CAS number, its check digit included


def read(path: Path) -> pl.DataFrame:
    """StEWI's list: (inventory, chemical_id, name, cas, row), cas as filed or empty.

    `chemical_id` is the inventory's own code: for TRI a CAS number without dashes or a category code.
    Raises InputError when a column is missing.
    """
    frame = sheet.read_csv(path, COLUMNS.values())
    return frame.select(*(pl.col(title).alias(name) for name, title in COLUMNS.items()), ROW)


def chemical_key(text: str | None) -> str | None:
    """One spelling for a chemical: a CAS number with dashes, or a code as it stands.

    Takes numbers with or without dashes and leading zeros. What fails the check digit of a CAS
    number is a code, not a CAS number. Empty gives None.
    """
    code = (text or "").strip()
    digits = code.replace("-", "").lstrip("0")
    if not _is_cas(digits):
        return code or None
    return f"{digits[:-3]}-{digits[-3:-1]}-{digits[-1]}"


def is_cas(key: str | None) -> bool:
    """Whether a key is a CAS number, check digit and all."""
    return _is_cas((key or "").replace("-", ""))


def _is_cas(digits: str) -> bool:
    if len(digits) < _LEAST_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    weighed = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), start=1))
    return weighed % 10 == int(digits[-1])


def keys(column: str) -> pl.Expr:
    """`chemical_key` of every cell of a column."""
    return pl.col(column).map_elements(chemical_key, return_dtype=pl.String, skip_nulls=True)


def plain_name(column: str) -> pl.Expr:
    """A chemical's name as it is compared: lower case, single blanks."""
    return pl.col(column).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
