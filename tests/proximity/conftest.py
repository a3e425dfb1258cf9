"""Small layers: a real slice of the census file, and made-up towns where it is hard to be right."""

from __future__ import annotations

import pytest
from prox_towns import SLICE, towns

from comingclean import paths, store
from comingclean.proximity import build, compile_areas, open_layer
from comingclean.proximity.areas import read_areas
from comingclean.sources import census


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """No test writes to the cache of whoever runs it."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setattr("comingclean.proximity.shelf.user_cache_path", lambda *_, **__: folder)


@pytest.fixture(scope="session")
def areas():
    return towns("areas")


@pytest.fixture(scope="session")
def points():
    return towns("points", size=1500, radius=120.0)


@pytest.fixture(scope="session")
def area_layer(areas):
    return build(areas)


@pytest.fixture(scope="session")
def point_layer(points):
    return build(points)


@pytest.fixture(scope="session")
def snapshot_folder(tmp_path_factory):
    """A snapshot with the layer of the slice."""
    folder = tmp_path_factory.mktemp("people")
    store.write_parquet(compile_areas(census.read(SLICE)), folder / "block_group.parquet")
    return folder


@pytest.fixture
def home_layer(snapshot_folder, tmp_path, monkeypatch):
    """The slice as if it were the layer that the package ships."""
    monkeypatch.setattr(paths, "snapshot", lambda: snapshot_folder)
    return open_layer(cache=tmp_path / "cache")


@pytest.fixture(scope="session")
def slice_people(snapshot_folder):
    return read_areas(snapshot_folder / "block_group.parquet")
