"""Compile: official files in, the compact snapshot out.

The snapshot holds what the files say of the plants in the registry, every row with its file and row
number, and nothing that can be derived from that. The same inputs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean import digest, paths, store
from comingclean.errors import InputError
from comingclean.facilities import registry
from comingclean.facilities.restatements import NONE, restatements
from comingclean.sources import card, envirofacts, fied, ghgrp, totals
from comingclean.sources.card import SourceFile

MANIFEST: Final = "manifest.json"
OLDER: Final = "epa_ghgrp_older"  # superseded releases: what changed since is told, if they are here
SOURCES: Final = (ghgrp.SOURCE, fied.SOURCE, envirofacts.SOURCE, totals.SOURCE)
# A larger figure than any plant on earth has reported: a slip of the keyboard, not an emission.
_ABSURD_TONNES: Final = 100e6
_POTENTIAL: Final = {"CH4": 25.0, "N2O": 298.0, "SF6": 22_800.0, "NF3": 17_200.0}  # IPCC AR4
_TOLERANCE: Final = 0.01
_CONTROLLED: Final = ("C", "F", "H", "Q")
Progress = Callable[[str], None]
Book = tuple[SourceFile, ghgrp.Workbook]


@dataclass(frozen=True)
class Compiled:
    """What a run of `compile_snapshot` did."""

    out: Path
    changed: bool
    rows: int
    new_files: tuple[str, ...]


def compile_snapshot(
    mirror: Path,
    out: Path,
    *,
    data: Path | None = None,
    counties: Path | None = None,
    new_vintage: bool = False,
    progress: Progress = lambda text: None,
) -> Compiled:
    """Read the official files below `mirror` and write the snapshot to the folder `out`.

    Nothing is read anew when `out` was made from the same files, decisions and code. A file that is
    not on its card is refused, or recorded with `new_vintage`. Raises InputError and WriteError;
    whatever happens, the former snapshot stays whole until the new one is.
    """
    data, counties = data or paths.data(), counties or paths.counties()
    _refuse_foreign(out)
    if not counties.exists():
        raise InputError("no outlines of counties", "build the front end first", file=counties)
    cards = card.cards(data)
    files = {name: card.find(mirror, cards[name]) for name in SOURCES}
    files[OLDER] = card.find(mirror, cards[OLDER], optional=True)
    new = card.verify([f for group in files.values() for f in group], data, new_vintage=new_vintage)
    fingerprint = _fingerprint(files, data, counties)
    if _is_current(out, fingerprint):
        return Compiled(out, False, 0, ())
    tables = _tables(files, data, counties, progress)
    progress(f"writing {out}")
    _write(out, tables, fingerprint)
    if new:
        card.record(new, data)
    return Compiled(out, True, sum(t.height for t in tables.values()), tuple(f.name for f in new))


def _fingerprint(files: dict[str, list[SourceFile]], data: Path, counties: Path) -> str:
    """One checksum over all that the snapshot depends on."""
    inputs = [f"{file.name} {file.sha256}" for group in files.values() for file in group]
    decided = [data / name for name in (registry.FACILITIES, registry.CORRECTIONS)]
    code = [*paths.PACKAGE.glob("sources/*.py"), *paths.PACKAGE.glob("facilities/*.py")]
    code = sorted([*code, paths.PACKAGE / "snapshot.py", paths.PACKAGE / "store.py"])
    return digest.of([*inputs, *(digest.sha256(path) for path in [*decided, counties, *code])])


def _refuse_foreign(out: Path) -> None:
    """A folder takes the place of `out`, so nothing but a snapshot may be lost there."""
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).exists()):
        raise InputError("holds something that is no snapshot", "name a new folder", file=out)


def _is_current(out: Path, fingerprint: str) -> bool:
    try:
        made = json.loads((out / MANIFEST).read_text())
        whole = all((out / f"{name}.parquet").exists() for name in made["rows"])
        return whole and bool(made["fingerprint"] == fingerprint)
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _write(out: Path, tables: dict[str, pl.DataFrame], fingerprint: str) -> None:
    manifest = {"fingerprint": fingerprint, "rows": {name: t.height for name, t in tables.items()}}
    with store.whole_folder(out) as fresh:
        for name, frame in tables.items():
            store.write_parquet(frame, fresh / f"{name}.parquet")
        (fresh / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")


def _tables(
    files: dict[str, list[SourceFile]], data: Path, counties: Path, progress: Progress
) -> dict[str, pl.DataFrame]:
    # Geometry takes half a second to load, which a run that finds nothing changed must not pay.
    from comingclean.facilities import county, place

    plants = registry.read(data)
    ids = plants.filter(pl.col("program") == "ghgrp")["program_id"]
    books = [_read_book(file, progress) for file in files[ghgrp.SOURCE]]
    _one_book_a_year(books)
    older = [_read_book(file, progress) for file in files[OLDER]]
    filings = pl.concat([_on_earth(_ours(book.facilities, ids), file) for file, book in books])
    amounts = pl.concat([_plausible(_ours(book.amounts, ids), file) for file, book in books])
    filings = registry.correct(filings, registry.corrections(data, ghgrp.SOURCE), data)
    progress("reading combustion tiers and control totals")
    tiers, published = _read_tiers(files), _read_each(files[totals.SOURCE], totals.read)
    tables = {
        "ghgrp_filing": filings,
        "ghgrp_amount": amounts,
        "combustion_tier": _ours(pl.concat(frame for _, frame in tiers), ids),
        "control_total": _control(published, [book for _, book in books]),
        "restatement": _ours(_restated(older, books), ids),
        "place": place.locate(plants, filings, county.Counties.read(counties)),
        "file": pl.concat([_book_files([*books, *older]), _year_files([*tiers, *published])]),
    }
    return {name: frame.sort(pl.all().exclude("tonnes")) for name, frame in tables.items()}


def _read_book(file: SourceFile, progress: Progress) -> Book:
    progress(f"reading {file.path.name}")
    return file, ghgrp.read(file.path)


def _one_book_a_year(books: list[Book]) -> None:
    years: dict[int, str] = {}
    for file, book in books:
        if book.year in years:
            raise InputError(
                f"speaks of {book.year} as {years[book.year]} does", "remove one", file=file.path
            )
        years[book.year] = file.name


def _ours(frame: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    return frame.filter(pl.col("ghgrp_id").is_in(ids.implode()))


def _plausible(amounts: pl.DataFrame, file: SourceFile) -> pl.DataFrame:
    bad = amounts.filter((pl.col("tonnes") < 0) | (pl.col("tonnes") > _ABSURD_TONNES))
    if bad.height:
        first = bad.row(0, named=True)
        raise InputError(
            f"{first['tonnes']:,.0f} t is no possible {first['quantity']} of {first['ghgrp_id']}",
            "ask the publisher, or correct the cell",
            file=file.path,
            row=first["row"],
        )
    return amounts


def _on_earth(filings: pl.DataFrame, file: SourceFile) -> pl.DataFrame:
    bad = filings.filter((pl.col("latitude").abs() > 90) | (pl.col("longitude").abs() > 180))
    if bad.height:
        first = bad.row(0, named=True)
        raise InputError(
            f"{first['latitude']}, {first['longitude']} is no place on earth",
            "ask the publisher, or correct the cell",
            file=file.path,
            row=first["row"],
        )
    return filings


Read = tuple[SourceFile, pl.DataFrame]


def _read_each(files: list[SourceFile], read: Callable[[Path], pl.DataFrame]) -> list[Read]:
    return [(file, read(file.path)) for file in files]


def _read_tiers(files: dict[str, list[SourceFile]]) -> list[Read]:
    read = _read_each(files[fied.SOURCE], fied.read)
    read += _read_each(files[envirofacts.SOURCE], envirofacts.read)
    return [(f, frame.with_columns(pl.lit(f.source_id).alias("source_id"))) for f, frame in read]


def _control(read: list[Read], books: list[ghgrp.Workbook]) -> pl.DataFrame:
    """National totals beside ours, over every facility of a workbook, for the subparts that we use."""
    published = pl.concat(frame for _, frame in read).filter(
        pl.col("subpart").is_in(_CONTROLLED) & (pl.col("gas") != "BIOCO2")
    )
    potential = pl.col("gas").replace_strict(_POTENTIAL, default=1.0, return_dtype=pl.Float64)
    theirs = published.group_by("year", "subpart").agg(
        ((pl.col("kilograms") * potential).sum() / 1000).alias("published")
    )
    letter = pl.col("quantity").str.strip_prefix("ghg_subpart_").str.to_uppercase()
    ours = pl.concat([book.amounts for book in books]).group_by("year", letter.alias("subpart"))
    joined = theirs.join(
        ours.agg(pl.col("tonnes").sum().alias("ours")), on=["year", "subpart"], validate="1:1"
    )
    return joined.with_columns(
        pl.col("published", "ours").round(1),
        pl.lit(totals.SOURCE).alias("source_id"),
        pl.lit("t CO2e").alias("unit"),
        pl.lit(_TOLERANCE).alias("tolerance"),
    )


def _book_files(books: list[Book]) -> pl.DataFrame:
    return _file_rows(
        _file_row(file, book.year)
        | {
            "sheet": book.sheet,
            "as_of": book.as_of.isoformat(),
            "unknown_columns": json.dumps(book.unknown),
        }
        for file, book in books
    )


def _restated(older: list[Book], books: list[Book]) -> pl.DataFrame:
    """What each superseded release said otherwise than the newest one of its year."""
    newest = {book.year: book for _, book in books}
    moved = [restatements(book, newest[book.year]) for _, book in older if book.year in newest]
    return pl.concat([NONE, *moved])


def _year_files(read: list[Read]) -> pl.DataFrame:
    """Files that speak of one year each. Raises InputError for one that speaks of several."""
    for file, frame in read:
        if frame["year"].n_unique() != 1:
            raise InputError("does not speak of one year", "split it by year", file=file.path)
    return _file_rows(_file_row(file, frame["year"][0]) for file, frame in read)


def _file_row(file: SourceFile, year: int) -> dict[str, Any]:
    return {
        "source_id": file.source_id,
        "name": file.name,
        "sha256": file.sha256,
        "year": year,
        "sheet": None,
        "as_of": None,
        "unknown_columns": "[]",
    }


def _file_rows(rows: Iterable[dict[str, Any]]) -> pl.DataFrame:
    texts = ("source_id", "name", "sha256", "sheet", "as_of", "unknown_columns")
    return pl.DataFrame(list(rows), schema_overrides=dict.fromkeys(texts, pl.String))
