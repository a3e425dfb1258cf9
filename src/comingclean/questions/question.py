"""What a check asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """A question that must return no row: its name in English, and the SQL that lists offenders."""

    name: str
    sql: str
