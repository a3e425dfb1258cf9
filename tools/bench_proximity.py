"""Measure the proximity engine beside a plain scipy KD-tree, over the same points in the same run.

    python tools/bench_proximity.py [--short] [--census FILE]

Both sides run on one thread and are given sites and radii alike; the KD-tree is used as its manual
shows (balanced, `query_ball_point`, a sum for each site). Times are medians. Points are synthetic:
towns of very unequal size on empty land, as dense around a site as census blocks are around industry.

`--short` takes a million points, under half a minute, and misses no goal but the same answers. With
`--census` (the official block groups) all plants are timed and the interval is checked: tracts and
groups of 34 block groups are spread over discs and held against their own block groups. Ends with
status 1 when an answer differs or a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import psutil
from scipy.spatial import cKDTree

from comingclean import paths, store
from comingclean.proximity import (
    Layer,
    People,
    build,
    compile_areas,
    count,
    interval,
    open_index,
    pairs,
    save,
)
from comingclean.proximity.areas import read_areas
from comingclean.proximity.earth import METRES_PER_MILE, chord, in_space, mean_radius
from comingclean.proximity.nearest import disc_radius
from comingclean.proximity.points import room
from comingclean.sources import census

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Size:
    """How much work: points, sites of each comparison and of the growth table, and how many times."""

    points: int
    pairs: tuple[tuple[int, float], ...]
    growth: tuple[int, ...]
    times: int


FULL = Size(8_132_968, ((10_000, 3.0), (1_000, 10.0)), (1_000, 10_000, 50_000), 3)
SHORT = Size(1_000_000, ((2_000, 3.0), (300, 10.0)), (500, 2_000, 5_000), 1)
# Goals: times faster than the tree, ms to open, MB at rest, growth of the time a site takes.
TIMES_FASTER, OPEN_MS, REST_MB, FLAT = 5.0, 20.0, 400.0, 1.5


def main() -> int:
    """Run what was asked for; the number of goals that were missed decides the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="a million points, under half a minute")
    parser.add_argument("--census", type=Path, help="block groups, for plants and interval")
    asked = parser.parse_args()
    size = SHORT if asked.short else FULL
    with tempfile.TemporaryDirectory() as folder:
        missed = speed(size, Path(folder), strict=not asked.short)
        if asked.census:
            with_block_groups(asked.census, Path(folder), size.times)
    return 1 if missed else 0


def speed(size: Size, folder: Path, *, strict: bool) -> int:
    """Print the comparison; how many goals were missed (when not `strict`: answers only)."""
    latitude, longitude, people = synthetic(size.points)
    index = folder / "points.arrow"
    seconds, _ = timed(lambda: make_index(latitude, longitude, people, index))
    print(f"{size.points:,} points, {people.sum():,} people; index made in {seconds:.1f} s")
    slow = at_rest(index)
    missed = slow if strict else 0
    layer = open_index(index)
    sites = around(latitude, longitude, max(*size.growth, *(number for number, _ in size.pairs)))
    seconds, tree = timed(lambda: cKDTree(np.stack(in_space(latitude, longitude), axis=1)))
    print(f"KD-tree built in {seconds:.1f} s\n")
    print(f"{'sites':>7} {'miles':>5} {'ours s':>8} {'KD-tree s':>9} {'ratio':>6}")
    for number, miles in size.pairs:
        ratio, same = compare(layer, (tree, people), sites[:, :number], miles, size.times)
        missed += (not same) + (strict and ratio < TIMES_FASTER)
    return missed + growth(layer, sites, size, strict=strict)


def synthetic(points: int) -> tuple[Array, Array, Array]:
    """Latitude, longitude and people of points in towns of very unequal size, and some in between."""
    random = np.random.default_rng(7)
    towns = points // 400
    north, east = random.uniform(26, 48, towns), random.uniform(-123, -68, towns)
    part = np.minimum(random.pareto(1.0, towns) + 0.1, 0.02 * towns * 11)
    part /= part.sum()
    town = random.choice(towns, points, p=part)
    # As many points to the square mile in every town's middle.
    width = np.sqrt(part * points / (2 * np.pi * 200)) / 69
    away = random.standard_t(3, (2, points)) * width[town]
    latitude, longitude = north[town] + away[0], east[town] + away[1] / np.cos(np.radians(north[town]))
    free = (
        (random.random(points) < 0.15)
        | (np.abs(latitude - 37) > 12)
        | (np.abs(longitude + 95.5) > 29.5)
    )
    latitude[free] = random.uniform(26, 48, free.sum())
    longitude[free] = random.uniform(-123, -68, free.sum())
    people = 1 + random.poisson(random.gamma(0.7, 40, points))
    return latitude.round(7), longitude.round(7), people.astype(np.int32)


def make_index(latitude: Array, longitude: Array, people: Array, goal: Path) -> None:
    """The index of points with the radius that a points file gets."""
    radius = room(latitude, longitude)
    save(build(People("points", latitude, longitude, people, radius)), goal)


def around(latitude: Array, longitude: Array, number: int) -> Array:
    """Sites within some miles of points, so that most stand where people live: 2 rows by `number`."""
    random = np.random.default_rng(1)
    near = random.choice(latitude.size, number)
    return np.stack([latitude[near], longitude[near]]) + random.normal(0, 0.02, (2, number))


def timed(job: Callable[[], Any]) -> tuple[float, Any]:
    """Wall seconds of one call, and what it gave."""
    start = time.perf_counter()
    result = job()
    return time.perf_counter() - start, result


def median(job: Callable[[], Any], times: int) -> tuple[float, Any]:
    """Median wall seconds of some calls, and what the last gave."""
    runs = [timed(job) for _ in range(times)]
    return statistics.median(seconds for seconds, _ in runs), runs[-1][1]


def at_rest(index: Path) -> int:
    """Print open time and resident memory of a fresh process; how many goals were missed."""
    code = (
        "import json,sys,time,psutil; from pathlib import Path; import pyarrow.ipc; "
        "from comingclean.proximity import open_index; start=time.perf_counter(); "
        "layer=open_index(Path(sys.argv[1])); seconds=time.perf_counter()-start; "
        "print(json.dumps([seconds*1e3, psutil.Process().memory_info().rss/1e6]))"
    )
    command = [sys.executable, "-c", code, str(index)]
    opened, memory = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    size = index.stat().st_size / 1e6
    print(f"opened in {opened:.1f} ms, {memory:.0f} MB resident at rest, {size:.0f} MB on disk")
    return (opened > OPEN_MS) + (memory > REST_MB)


def compare(
    layer: Layer, yardstick: tuple[cKDTree, Array], sites: Array, miles: float, times: int
) -> tuple[float, bool]:
    """Print one line of the comparison: how many times faster, and whether the answers are the same."""
    tree, people = yardstick
    reach = chord(np.full(sites.shape[1], miles * METRES_PER_MILE), mean_radius(sites[0]))
    places = np.stack(in_space(*sites), axis=1)

    def plain() -> Array:
        held = tree.query_ball_point(places, reach, workers=1)
        return np.array([people[rows].sum() for rows in held])

    theirs, expected = median(plain, times)
    ours, found = median(lambda: count(layer, *sites, np.array([miles]), spread=False), times)
    same = bool((found.population[:, 0] == expected).all())
    words = "same answers" if same else "ANSWERS DIFFER"
    print(f"{sites.shape[1]:7,} {miles:5g} {ours:8.3f} {theirs:9.3f} {theirs / ours:6.1f}  {words}")
    return theirs / ours, same


def growth(layer: Layer, sites: Array, size: Size, *, strict: bool) -> int:
    """Print microseconds a site by number of sites, with and without interval; 1 when they grow."""
    print("\n  sites  µs a site at 3 miles   and with its interval")
    each = []
    for number in size.growth:
        some = sites[:, :number]
        plain, _ = median(
            lambda some=some: count(layer, *some, np.array([3.0]), spread=False), size.times
        )
        whole, _ = median(lambda some=some: count(layer, *some, np.array([3.0])), size.times)
        each.append(plain / number * 1e6)
        print(f"{number:7,} {each[-1]:21.1f} {whole / number * 1e6:22.1f}")
    memory = psutil.Process().memory_info().rss / 1e6
    print(f"resident after all of it: {memory:.0f} MB, the KD-tree included")
    return int(strict and max(each) > FLAT * each[0])


def with_block_groups(file: Path, folder: Path, times: int) -> None:
    """Compile the layer that is shipped; print its size, all plants' time and the interval's error."""
    goal = folder / "layer.parquet"
    store.write_parquet(compile_areas(census.read(file)), goal)
    people = read_areas(goal)
    layer = build(people)
    print(f"\n{len(layer):,} block groups, {layer.total:,} people, {goal.stat().st_size / 1e6:.2f} MB")
    plants(layer, times)
    sites = np.stack([people.latitude, people.longitude])[:, ::60]
    sites = sites + np.random.default_rng(4).normal(0, 0.01, sites.shape)
    assert people.identity is not None
    tract = np.unique(people.identity // 10, return_inverse=True)[1]
    for name, group in (("tracts", tract), ("groups of 34", grouped(people, 34))):
        against(name, layer, coarse(people, group), sites)


def against(name: str, layer: Layer, large: Layer, sites: Array) -> None:
    """Print agreement by radius, as if every length and count of the `large` were a block group's."""
    scale = len(layer) / len(large)
    miles = np.array([0.5, 1, 2, 3, 5, 10])[: 6 if scale < 10 else 5]
    truth = count(layer, *sites, miles * np.sqrt(scale)).population / scale
    counts = count(large, *sites, miles * np.sqrt(scale))
    small = replace(counts, population=counts.population / scale, variance=counts.variance / scale**2)
    low, high = interval(small, "areas")
    inside = (truth >= low) & (truth <= high)
    print(
        f"\n{name} against block groups at {sites.shape[1]:,} places, lengths scaled to block groups'"
    )
    print("  miles  correlation  ratio of sums  inside the 90 % interval")
    for at, mile in enumerate(miles.tolist()):
        agree = np.corrcoef(small.population[:, at], truth[:, at])[0, 1]
        ratio = small.population[:, at].sum() / truth[:, at].sum()
        print(f"{mile:7g} {agree:12.4f} {ratio:14.4f} {inside[:, at].mean():25.1%}")


def grouped(people: People, size: int) -> Array:
    """The number of a group for each block group: neighbours, cut crosswise until few enough."""
    flat = np.stack([people.latitude, people.longitude * np.cos(np.radians(people.latitude))])
    random, group, next_number = np.random.default_rng(5), np.zeros(flat.shape[1], int), 0
    todo = [np.arange(flat.shape[1])]
    while todo:
        rows = todo.pop()
        if rows.size <= size * 1.4:
            group[rows], next_number = next_number, next_number + 1
            continue
        side = int(np.argmax(np.ptp(flat[:, rows], axis=1)))
        order = rows[np.argsort(flat[side, rows], kind="stable")]
        todo += np.split(order, [int(rows.size * random.uniform(0.35, 0.65))])
    return group


def coarse(people: People, group: Array) -> Layer:
    """The layer of groups of areas, each at its centre of population."""
    weight = np.maximum(people.population, 1e-3)
    whole = np.bincount(group, weight)
    place = [np.bincount(group, weight * part) / whole for part in (people.latitude, people.longitude)]
    number = np.bincount(group, people.population).astype(np.int32)
    return build(People("areas", *place, number, disc_radius(*place)))


def plants(layer: Layer, times: int) -> None:
    """Print how long all plants take at four radii: counts with their interval, and pairs."""
    places = pl.read_parquet(paths.snapshot() / "place.parquet")
    sites = places["latitude"].to_numpy(), places["longitude"].to_numpy()
    miles = np.array([1.0, 3.0, 5.0, 10.0])
    jobs: dict[str, Callable[[], Any]] = {
        "counts": lambda: count(layer, *sites, miles),
        "which block groups": lambda: pairs(layer, *sites, miles),
    }
    for name, job in jobs.items():
        print(f"{places.height} plants x 4 radii, {name}: {median(job, times)[0]:.3f} s")


if __name__ == "__main__":
    sys.exit(main())
