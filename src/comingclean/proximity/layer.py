"""The population layer: people at places, sorted into a grid that is memory-mapped from disk.

Two kinds share one interface. *Areas* (block groups) are spread evenly over a disc each; *points*
(census blocks) are wholly inside a circle or not at all, and their disc serves the interval only.
An index is one uncompressed Arrow file, which any tool reads; it opens in milliseconds, because
nothing of it is read before it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from comingclean.errors import InputError
from comingclean.proximity.earth import Floats, in_space
from comingclean.proximity.grid import Keys, Plan, Rows, Tier, arrange, cut, east_of
from comingclean.proximity.states import States
from comingclean.store import whole_file

Kind = Literal["areas", "points"]

# Goes into every index; another number than this one's means: make it anew.
VERSION: Final = 1
_DTYPES: Final = {
    "uint32": np.uint32,
    "int32": np.int32,
    "int64": np.int64,
    "float": np.float32,
    "double": np.float64,
}
# Bands as high as the discs are large keep both the rows looked at and the bands few (measured).
_PLANS: Final[Mapping[Kind, Plan]] = {
    "areas": (
        (0.25, 0.01), (0.5, 0.01), (1, 0.02), (2, 0.04), (4, 0.08), (8, 0.16), (16, 0.3), (np.inf, 1.0),
    ),
    "points": ((0.25, 0.008), (1, 0.03), (np.inf, 0.3)),
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """What a layer is made from, one row a place, in the order of its source.

    Degrees, whole people, and metres of the radius of the disc that stands for the place. `identity`:
    the ids where they are whole numbers.
    """

    kind: Kind
    latitude: Floats
    longitude: Floats
    population: NDArray[np.int32]
    radius: Floats
    identity: Rows | None = None


@dataclass(frozen=True)
class Layer:
    """People in the order of the grid. One row a place; arrays may be memory-mapped and read-only.

    `x`, `y`, `z`: metres in space. `before`: people in all rows before, one longer than the rest.
    `source`: the row of `People` it was. `cut`: the meridian that longitudes are counted from.
    `box`: south and north end of all places, and west and east end in degrees east of the cut.
    `origin` and `stamp` say which file it was made from, `path` where its index lies, if anywhere.
    """

    kind: Kind
    tiers: tuple[Tier, ...]
    cut: float
    key: Keys
    x: Floats
    y: Floats
    z: Floats
    population: NDArray[np.int32]
    before: Rows
    radius: NDArray[np.float32]
    source: NDArray[np.int32]
    identity: Rows
    box: tuple[float, float, float, float]
    stamp: str = ""
    origin: str = ""
    path: Path | None = None

    def __len__(self) -> int:
        """How many areas or points there are."""
        return self.population.size

    @cached_property
    def states(self) -> States | None:
        """The states of the rows; None but for block groups."""
        return States.of(self.identity) if self.kind == "areas" else None

    @property
    def total(self) -> int:
        """Everyone in the layer."""
        return int(self.before[-1])


def build(people: People) -> Layer:
    """The layer of `people`, in memory. Raises InputError when they go all round the globe."""
    middle = cut(people.longitude)
    east = east_of(middle, people.longitude)
    tiers, order, key = arrange(people.latitude, east, people.radius, _PLANS[people.kind])
    x, y, z = in_space(people.latitude[order], people.longitude[order])
    population = people.population[order].astype(np.int32)
    return Layer(
        kind=people.kind, tiers=tiers, cut=middle, key=key, x=x, y=y, z=z,
        population=population,
        before=np.concatenate([np.zeros(1, np.int64), np.cumsum(population, dtype=np.int64)]),
        radius=people.radius[order].astype(np.float32),
        source=order.astype(np.int32),
        identity=np.zeros(0, np.int64) if people.identity is None else people.identity[order],
        box=(*_ends(people.latitude), *_ends(east)),
    )  # fmt: skip


def _ends(degrees: Floats) -> tuple[float, float]:
    return (float(degrees.min()), float(degrees.max())) if degrees.size else (0.0, 0.0)


def save(layer: Layer, goal: Path) -> None:
    """Write the index; it takes the place of a former one when whole. Raises WriteError."""
    import pyarrow as pa  # type: ignore[import-untyped]

    rows = pa.table({name: _ended(name, values) for name, values in _columns(layer).items()})
    about = {
        "version": VERSION, "kind": layer.kind, "cut": layer.cut, "stamp": layer.stamp,
        "origin": layer.origin, "box": layer.box, "tiers": [asdict(tier) for tier in layer.tiers],
    }  # fmt: skip
    rows = rows.replace_schema_metadata({"comingclean": json.dumps(about)})
    with whole_file(goal) as path, pa.ipc.new_file(str(path), rows.schema) as writer:
        writer.write_table(rows, max_chunksize=rows.num_rows)


def _columns(layer: Layer) -> dict[str, NDArray[Any]]:
    names = ("key", "x", "y", "z", "population", "before", "radius", "source", "identity")
    own = {name: getattr(layer, name) for name in names}
    return {name: values for name, values in own.items() if values.size or not len(layer)}


def _ended(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """A column with one row more: the end that the running total `before` needs."""
    return values if name == "before" else np.append(values, np.array(0, values.dtype))


def open_index(path: Path) -> Layer:
    """The layer of an index file, memory-mapped. Raises InputError for any other file."""
    import pyarrow as pa

    try:
        rows = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
        about = json.loads(rows.schema.metadata[b"comingclean"])
        if about.pop("version") != VERSION:
            raise InputError("an index of another version", "delete it, it is made anew", file=path)
        return _layer(path, about, {name: _mapped(rows.column(name)) for name in rows.column_names})
    except (OSError, pa.ArrowInvalid, KeyError, TypeError) as error:
        raise InputError("not an index of people", "delete it, it is made anew", file=path) from error


def _layer(path: Path, about: dict[str, Any], columns: dict[str, NDArray[Any]]) -> Layer:
    own: dict[str, Any] = {name: values[:-1] for name, values in columns.items()}
    own = {"identity": np.zeros(0, np.int64)} | own | {"before": columns["before"]}
    about["tiers"] = tuple(Tier(**tier) for tier in about["tiers"])
    about["box"] = tuple(about["box"])
    return Layer(**about, **own, path=path)


def _mapped(column: Any) -> NDArray[Any]:
    """A numpy view of a whole column. Arrow's own `to_numpy` would load pandas first."""
    return np.frombuffer(column.chunk(0).buffers()[1], dtype=_DTYPES[str(column.type)])
