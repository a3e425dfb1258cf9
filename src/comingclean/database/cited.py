"""Where evidence in words can be looked up: the files and rows that it names, as rows of `lineage`.

Decisions by hand say what was compared as “folder/file row 7” or “folder/file Sheet row 7”. The file is
that of a source card; where compile reads it too, its checksum is known.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.model import LINEAGE
from comingclean.sources import card

_CITED: Final = re.compile(
    r"(?P<path>[a-z][a-z0-9-]*/[^\s;:,()]+\.(?:xlsx?|csv(?:\.gz)?|parquet))"
    r"(?: (?P<sheet>[A-Z][A-Za-z ]+?))? row (?P<row>\d+)"
)


@dataclass(frozen=True)
class Citation:
    """A row of a file of the mirror, as evidence names it."""

    path: str
    sheet: str | None
    row: int

    @property
    def lineage_id(self) -> str:
        """The id of the row in the table lineage."""
        return f"cited/{self.path}{f'/{self.sheet}' if self.sheet else ''}#{self.row}"


def citations(text: str | None) -> list[Citation]:
    """The rows that a text names, in its order, each once."""
    found = [
        Citation(match["path"], match["sheet"], int(match["row"]))
        for match in _CITED.finditer(text or "")
    ]
    return list(dict.fromkeys(found))


def ids(column: str) -> pl.Expr:
    """The lineage ids of the rows that a column of texts names, as lists."""
    return pl.col(column).map_elements(
        lambda text: [found.lineage_id for found in citations(text)],
        return_dtype=pl.List(pl.String),
        skip_nulls=False,
    )


def rows(texts: Iterable[str | None], data: Path) -> pl.DataFrame:
    """Rows of the table `lineage` for what the texts name, of files that a source card has."""
    known = sorted({found for text in texts for found in citations(text)}, key=lambda c: c.lineage_id)
    cards = [one for one in card.cards(data).values() if one.files]
    sums = card.known_files(data)
    listed = [
        (
            found.lineage_id,
            source.source_id,
            found.path.rsplit("/", 1)[1],
            found.sheet,
            found.row,
            source.vintage,
            sums.get(found.path),
        )
        for found in known
        if (source := _card_of(found.path, cards))
    ]
    return pl.DataFrame(listed, schema=LINEAGE.schema, orient="row")


def _card_of(path: str, cards: list[card.Card]) -> card.Card | None:
    """The card whose pattern a path fits, else the only one of its folder."""
    fitting = [one for one in cards if fnmatch.fnmatchcase(path, one.files or "")]
    folder = path.split("/", maxsplit=1)[0]
    beside = [one for one in cards if (one.files or "").startswith(f"{folder}/")]
    return fitting[0] if fitting else beside[0] if len(beside) == 1 else None
