"""What a table is: columns with a type and a meaning, and a key; and frames that fit it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import polars as pl

# Frames are imported where they are made: a page is served without them.
SqlType = Literal["TEXT", "REAL", "INTEGER"]


@dataclass(frozen=True)
class Column:
    """One column: its name, SQL type, meaning, and whether it may be empty or holds ids of lineage."""

    name: str
    type: SqlType
    meaning: str
    required: bool = True
    lineage: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row is, its columns and its key."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The polars schema of the table's frame, in column order."""
        import polars as pl

        kinds: dict[str, pl.DataType] = {
            "TEXT": pl.String(),
            "REAL": pl.Float64(),
            "INTEGER": pl.Int64(),
        }
        return {column.name: kinds[column.type] for column in self.columns}


def text(name: str, meaning: str, required: bool = True) -> Column:
    """A column of text."""
    return Column(name, "TEXT", meaning, required)


def real(name: str, meaning: str, required: bool = True) -> Column:
    """A column of numbers."""
    return Column(name, "REAL", meaning, required)


def whole(name: str, meaning: str, required: bool = True) -> Column:
    """A column of whole numbers."""
    return Column(name, "INTEGER", meaning, required)


def origins(name: str) -> Column:
    """A column that says which rows of the sources something rests on."""
    return Column(name, "TEXT", "JSON array of ids in the table lineage", lineage=True)


# What no number travels without.
INTERVAL: Final = (
    real("low", "lower end of the 90 % interval"),
    real("high", "upper end of the 90 % interval"),
)
BY_METHOD: Final = text("method", "a name from the table method")
GRADE: Final = text("grade", "A measured to E assumed")
SOURCES: Final = origins("sources")


def conform(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """`frame` with exactly the table's columns, types and key order; absent columns are empty.

    Raises ValueError when the frame has a column that the table does not declare.
    """
    import polars as pl

    strange = set(frame.columns) - set(table.schema)
    if strange:
        raise ValueError(f"table {table.name} has no column {sorted(strange)}")
    empty = [pl.lit(None).alias(name) for name in table.schema if name not in frame.columns]
    whole = frame.with_columns(empty).select(
        pl.col(name).cast(kind) for name, kind in table.schema.items()
    )
    return whole.sort(table.key)
