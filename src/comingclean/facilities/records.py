"""The records of each program as places, read from the official files, for comparing with plants."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities.propose import Place, places
from comingclean.sources import card, egrid, eis_sites, gem_cement, gem_steel, nei, sfi, tri_sites

Read = Callable[[Path, str], list[Place]]
# Files in hand by source: where each lies, and the name under which it is cited.
Files = Mapping[str, Sequence[tuple[Path, str]]]
_HERE: Final = ("United States", "Puerto Rico", "USA", "PRI")
# Sun, wind, water, storage, earth's heat, nuclear and bought power: no plant's furnace feeds them.
_NO_FIRE: Final = ("SUN", "WND", "WAT", "MWH", "GEO", "NUC", "PUR")


def _gem_steel(path: Path, file: str) -> list[Place]:
    frame = _dated(_of_here(gem_steel.read(path).plants), file)
    return places(frame, "gem_id", ["name", "other_names"], ["owner", "parent"], file)


def _gem_cement(path: Path, file: str) -> list[Place]:
    frame = _dated(_of_here(gem_cement.read(path)), file)
    return places(frame, "gem_id", ["name", "other_names"], ["owner", "parent"], file)


def _sfi(path: Path, file: str) -> list[Place]:
    # It has no names of plants: they go by owner and city.
    frame = _dated(_of_here(sfi.read(path)), file)
    frame = frame.with_columns(pl.concat_str("owner", "city", separator=" "))
    return places(frame, "sfi_id", ["owner"], ["owner", "parent"], file)


def _oris(path: Path, file: str) -> list[Place]:
    # The operator that it names is the utility whose lines the plant is on, so it is no owner.
    burning = egrid.read_plants(path).filter(~pl.col("fuel").is_in(_NO_FIRE).fill_null(True))
    return places(_dated(burning, file), "plant_id", ["name"], file=file)


def _dated(frame: pl.DataFrame, file: str) -> pl.DataFrame:
    """`frame` with the year of the release, which stands in the name of its file alone."""
    year = re.search(r"20\d\d", file.rsplit("/", maxsplit=1)[-1])
    return frame.with_columns(pl.lit(int(year[0]) if year else None, pl.Int64).alias("year"))


def _of_here(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the country; their states are full names, which the coordinates make needless."""
    here = frame.filter(pl.col("country").is_in(_HERE))
    return here.with_columns(pl.lit(None, dtype=pl.String).alias("state"))


def _tri(path: Path, file: str) -> list[Place]:
    return places(tri_sites.read(path), "tri_id", ["name"], file=file)


def _eis(path: Path, file: str) -> list[Place]:
    return places(eis_sites.sites(eis_sites.read(path)), "eis_id", ["name"], file=file)


SOURCES: Final[dict[str, tuple[tuple[str, Read], ...]]] = {
    "eis": tuple((nei.SOURCE.format(industry=name), _eis) for name in nei.INDUSTRIES),
    "gem": ((gem_steel.SOURCE, _gem_steel), (gem_cement.SOURCE, _gem_cement)),
    "oris": ((egrid.PLANTS, _oris),),
    "sfi": ((sfi.SOURCE, _sfi),),
    "tri": ((tri_sites.SOURCE, _tri),),
}
# Industries of whose plants a program has records; all of them where it is not here.
INDUSTRIES: Final = {"gem": ("iron_steel", "cement"), "sfi": ("cement",)}
# Programs that few plants are in: only a record so near, in kilometres, is worth a look.
NEAR_KM: Final = {"oris": 2.0}
# Programs whose every release lists all plants anew; of the others a file speaks of one year.
RELEASES: Final = ("gem", "oris", "sfi")


def below(mirror: Path, data: Path) -> Files:
    """The files of every source card that lie below `mirror`, in the order of their names."""
    return {
        name: [(path, path.relative_to(mirror).as_posix()) for path in sorted(mirror.glob(one.files))]
        for name, one in card.cards(data).items()
        if one.files
    }


def read(program: str, files: Files) -> dict[str, Place]:
    """The records of a program by id, as its newest file has them, each with all its years.

    Raises InputError for a program without records that can be compared, and where no file is found.
    """
    found = newest(by_file(program, files))
    if not found:
        wanted = " or ".join(source for source, _ in _sources(program))
        raise InputError(f"no file of {wanted}", "fetch it, or name another --mirror")
    return found


def by_file(program: str, files: Files) -> list[list[Place]]:
    """The records of each file of a program, oldest first; nothing where it has none.

    Raises InputError for a program without records that can be compared.
    """
    named = [
        (name, path, reader)
        for source, reader in _sources(program)
        for path, name in files.get(source, ())
    ]
    return [reader(path, name) for name, path, reader in sorted(named, key=lambda part: part[0])]


def _sources(program: str) -> tuple[tuple[str, Read], ...]:
    if program not in SOURCES:
        mend = f"choose among {', '.join(SOURCES)}: the others are linked by id"
        raise InputError(f"the records of {program} have no names or places", mend)
    return SOURCES[program]


def newest(files: Iterable[Iterable[Place]]) -> dict[str, Place]:
    """One record an id, as the last file has it, with the years of all."""
    found: dict[str, Place] = {}
    for place in (place for records in files for place in records):
        known = found.get(place.place_id)
        years = {*place.years, *(known.years if known else ())}
        found[place.place_id] = replace(place, years=tuple(sorted(years)))
    return found
