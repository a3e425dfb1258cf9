"""The table that says what a database was made of."""

from __future__ import annotations

from typing import Final

from comingclean.tables.columns import Table, text

RELEASE: Final = Table(
    "release",
    "What this database was made of: two with the same release have the same numbers.",
    (
        text("part", "release, people or program"),
        text("value", "a checksum; the version, for the program"),
        text("meaning", "what it stands for"),
    ),
    ("part",),
)
ALL: Final = "release"
PEOPLE: Final = "people"
PROGRAM: Final = "program"
