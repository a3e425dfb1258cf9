"""The records of each program as places, read from the official files, for comparing with plants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities.propose import Place, places
from comingclean.sources import eis_sites, gem_cement, gem_steel, sfi, tri_sites

Read = Callable[[Path, str], list[Place]]
_HERE: Final = ("United States", "Puerto Rico", "USA", "PRI")


def _gem_steel(path: Path, file: str) -> list[Place]:
    frame = _of_here(gem_steel.read(path).plants)
    return places(frame, "gem_id", ["name", "other_names"], ["owner", "parent"], file)


def _gem_cement(path: Path, file: str) -> list[Place]:
    frame = _of_here(gem_cement.read(path))
    return places(frame, "gem_id", ["name", "other_names"], ["owner", "parent"], file)


def _sfi(path: Path, file: str) -> list[Place]:
    # It has no names of plants: they go by owner and city.
    frame = _of_here(sfi.read(path)).with_columns(pl.concat_str("owner", "city", separator=" "))
    return places(frame, "sfi_id", ["owner"], ["owner", "parent"], file)


def _of_here(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of the country; their states are full names, which the coordinates make needless."""
    here = frame.filter(pl.col("country").is_in(_HERE))
    return here.with_columns(pl.lit(None, dtype=pl.String).alias("state"))


def _tri(path: Path, file: str) -> list[Place]:
    return places(tri_sites.read(path), "tri_id", ["name"], file=file)


def _eis(path: Path, file: str) -> list[Place]:
    return places(eis_sites.sites(eis_sites.read(path)), "eis_id", ["name"], file=file)


FILES: Final[dict[str, tuple[tuple[str, Read], ...]]] = {
    "eis": (("nrel-aegis/*/*/*_inventory_facility_level_*.csv.gz", _eis),),
    "gem": (
        ("gem/Plant-level-data-Global-Iron-and-Steel-Tracker-*.xlsx", _gem_steel),
        ("gem/Global-Cement-and-Concrete-Tracker_*.xlsx", _gem_cement),
    ),
    "sfi": (("sfi/SFI-Global-Cement-Database-*.xlsx", _sfi),),
    "tri": (("epa-stewi-tri/facility_TRI_*", _tri),),
}


# Industries of whose plants a program has records; all of them where it is not here.
INDUSTRIES: Final = {"gem": ("iron_steel", "cement"), "sfi": ("cement",)}


def read(program: str, mirror: Path) -> list[Place]:
    """The records of a program below `mirror`, one an id, as its newest file has it.

    Raises InputError for a program without records that can be compared, and where no file is found.
    """
    if program not in FILES:
        mend = f"choose among {', '.join(FILES)}: the others are linked by id"
        raise InputError(f"the records of {program} have no names or places", mend)
    found: dict[str, Place] = {}
    for pattern, reader in FILES[program]:
        for path in sorted(mirror.glob(pattern)):
            name = path.relative_to(mirror).as_posix()
            found |= {place.place_id: place for place in reader(path, name)}
    if not found:
        wanted = " or ".join(pattern for pattern, _ in FILES[program])
        raise InputError(f"no file {wanted}", "fetch it, or name another --mirror", file=mirror)
    return list(found.values())
