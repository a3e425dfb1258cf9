"""Damage real slices at random and compile them: each failure is one clear line, and loses nothing.

    python tools/torture.py [--seconds 120] [--seed 1]

Each round damages one file of a mirror in one way (cuts it, flips bytes, empties it, swaps two
files, takes it away), compiles with --new-vintage, and asks: did it end in a
clear error or in a snapshot, and is the former snapshot whole if it did not?
"""

from __future__ import annotations

import argparse
import collections
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from comingclean import paths
from comingclean.errors import ComingCleanError
from comingclean.snapshot import compile_snapshot

SLICES = Path(__file__).parents[1] / "tests" / "slices"
COUNTIES = SLICES / "counties.json"
Damage = Callable[[Path, list[Path], random.Random], None]


def cut(path: Path, others: list[Path], dice: random.Random) -> None:
    """The file ends too early."""
    path.write_bytes(path.read_bytes()[: dice.randrange(path.stat().st_size)])


def flip(path: Path, others: list[Path], dice: random.Random) -> None:
    """Some bytes are others."""
    raw = bytearray(path.read_bytes())
    for _ in range(dice.randint(1, 40)):
        raw[dice.randrange(len(raw))] = dice.randrange(256)
    path.write_bytes(raw)


def empty(path: Path, others: list[Path], dice: random.Random) -> None:
    """Nothing is in it."""
    path.write_bytes(b"")


def swap(path: Path, others: list[Path], dice: random.Random) -> None:
    """Another file stands under its name."""
    path.write_bytes(dice.choice(others).read_bytes())


def lose(path: Path, others: list[Path], dice: random.Random) -> None:
    """It is not there."""
    path.unlink()


DAMAGES: tuple[Damage, ...] = (cut, flip, flip, empty, swap, lose)


def one_round(work: Path, data: Path, good: dict[str, bytes], dice: random.Random) -> str:
    """Damage, compile, look. Returns how it ended; raises AssertionError when something was lost."""
    mirror, out = work / "mirror", work / "out"
    shutil.rmtree(mirror, ignore_errors=True)
    shutil.copytree(SLICES, mirror, ignore=shutil.ignore_patterns("data", "counties.json"))
    files = sorted(path for path in mirror.rglob("*") if path.is_file())
    damage = dice.choice(DAMAGES)
    damage(dice.choice(files), files, dice)
    try:
        done = compile_snapshot(mirror, out, data=data, counties=COUNTIES, new_vintage=True)
    except ComingCleanError as error:
        assert "\n" not in str(error), "an error of several lines"
        assert contents(out) == good, f"{damage.__name__}: the former snapshot was lost"
        return "refused"
    good.clear()
    good.update(contents(out))
    return "made anew" if done.changed else "not changed"


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def torture(seconds: float, seed: int) -> collections.Counter[str]:
    """Rounds until the time is up; how they ended, counted. Same seed, same damages."""
    dice, ends = random.Random(seed), collections.Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        work, stop = Path(folder), time.monotonic() + seconds
        data = work / "data"
        shutil.copytree(paths.data(), data)
        for name in ("facilities.csv", "corrections.csv", "files.csv"):
            shutil.copy(SLICES / "data" / name, data / name)
        compile_snapshot(SLICES, work / "out", data=data, counties=COUNTIES)
        good = contents(work / "out")
        while time.monotonic() < stop:
            shutil.copy(SLICES / "data" / "files.csv", data / "files.csv")
            ends[one_round(work, data, good, dice)] += 1
            leftovers = [p.name for p in work.iterdir() if p.name.startswith(".")]
            assert not leftovers, f"left behind: {leftovers}"
    return ends


def main() -> int:
    """Print how the rounds ended."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    ends = torture(options.seconds, options.seed)
    print(f"{ends.total()} rounds with seed {options.seed}: {dict(ends)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
