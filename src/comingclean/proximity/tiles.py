"""Cutting sites into spatial tiles that know nothing of each other, and where they are worked out.

The same function works out a tile on one core, in several processes or on a dask cluster; a layer
travels as the path of its index, which every process maps for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from typing import Any, Final, TypeVar

import numpy as np

from comingclean.errors import ComingCleanError, InputError
from comingclean.proximity.earth import Floats
from comingclean.proximity.grid import Rows

Result = TypeVar("Result")

# Degrees; sites of one tile share most of the rows they read.
SIDE: Final = 2.0
# More sites than this in one square make several tiles, so that no process waits for a city.
_MOST: Final = 2_000
# Seconds in which a scheduler must answer, and one of its workers be there.
_PATIENCE: Final = 10.0


@dataclass(frozen=True)
class Tile:
    """Some sites of one square: their numbers and places in degrees."""

    number: Rows
    latitude: Floats
    longitude: Floats


def cut(latitude: Floats, longitude: Floats, side: float = SIDE) -> list[Tile]:
    """The sites in squares of `side` degrees; every site is in one tile."""
    square = np.floor(latitude / side) * 1000 + np.floor(longitude / side)
    order = np.lexsort((longitude, square))
    starts = np.flatnonzero(np.append(True, np.diff(square[order]) != 0)[: order.size])
    parts = [
        part
        for group in np.split(order, starts[1:])
        for part in np.array_split(group, -(-group.size // _MOST) or 1)
        if part.size
    ]
    return [Tile(part, latitude[part], longitude[part]) for part in parts]


def work(
    job: Callable[[Tile], Result],
    tiles: Sequence[Tile],
    *,
    processes: int = 1,
    scheduler: str | None = None,
) -> Iterator[Result]:
    """What `job` makes of each tile, in the order of `tiles`.

    `scheduler` is the address of a dask.distributed scheduler. Raises InputError when none answers
    there, it has no workers, or dask is not installed.
    """
    if scheduler is not None:
        yield from _on_cluster(job, tiles, scheduler)
    elif processes > 1 and len(tiles) > 1:
        # A fresh process each: a fork would copy the locks of polars' threads.
        with ProcessPoolExecutor(min(processes, len(tiles)), mp_context=get_context("spawn")) as pool:
            yield from pool.map(job, tiles)
    else:
        yield from map(job, tiles)


def _on_cluster(
    job: Callable[[Tile], Result], tiles: Sequence[Tile], scheduler: str
) -> Iterator[Result]:
    with _client(scheduler) as client:
        _await_worker(client, scheduler)
        futures = client.map(job, tiles, pure=False)
        try:
            for future in futures:
                yield future.result()
        except ComingCleanError:
            raise
        except Exception as error:
            raise ComingCleanError(f"a worker of {scheduler} failed: {error}") from error


def _client(scheduler: str) -> Any:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        mend = "pip install 'comingclean[cluster]', or leave the scheduler out"
        raise InputError("dask.distributed is not installed", mend) from error
    try:
        # A client that finds no one complains for long when it is thrown away: see first who is there.
        with ThreadPoolExecutor(1) as aside:
            aside.submit(asyncio.run, _greet(distributed, scheduler)).result()
        return distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        mend = "give the address of a dask scheduler, such as tcp://127.0.0.1:8786"
        raise InputError(f"no scheduler answers at {scheduler}", mend) from error


async def _greet(distributed: Any, scheduler: str) -> None:
    comm = await distributed.comm.connect(scheduler, timeout=_PATIENCE)
    await comm.close()


def _await_worker(client: Any, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError as error:
        mend = f"start some with “dask worker {scheduler}”"
        raise InputError(f"the scheduler at {scheduler} has no workers", mend) from error
