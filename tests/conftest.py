"""Fixtures: what is made of the slices once, and copies that a test may change."""

from __future__ import annotations

import compileall
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from comingclean import paths
from comingclean.connection import connect
from comingclean.database import build_database
from comingclean.views.server import create_app
from industry_slices import fit_parameters
from sliced import ROOT, SLICES, Home, compile_slices, once

settings.register_profile(
    "same", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.load_profile("same")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The decisions of the project, cut to the plants of the slices. Not to be written."""
    folder = tmp_path_factory.mktemp("decided") / "data"
    shutil.copytree(ROOT / "data", folder)
    shutil.copytree(SLICES / "data", folder, dirs_exist_ok=True)
    fit_parameters(folder)
    return folder


@pytest.fixture
def own_data(data: Path, tmp_path: Path) -> Path:
    """A copy of the decisions that a test may change."""
    return shutil.copytree(data, tmp_path / "data")


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A copy of the sliced official files that a test may damage."""
    return shutil.copytree(SLICES, tmp_path / "mirror", ignore=shutil.ignore_patterns("data", "*.json"))


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """The snapshot of the slices. Not to be written."""
    return compile_slices(SLICES, tmp_path_factory.mktemp("made") / "snapshot", data).out


@pytest.fixture
def former(snapshot: Path, tmp_path: Path) -> Path:
    """A snapshot that stood there before, with a mark, so that any new one differs from it."""
    out = shutil.copytree(snapshot, tmp_path / "out" / "snapshot")
    made = json.loads((out / "manifest.json").read_text())
    (out / "manifest.json").write_text(json.dumps(made | {"fingerprint": "former"}))
    return out


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory, snapshot: Path, data: Path) -> Path:
    """The database of the slices. Not to be written."""
    file = tmp_path_factory.mktemp("atlas") / "atlas.sqlite"
    build_database(file, snapshot=snapshot, data=data)
    return file


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the snapshot that the project ships. Not to be written.

    `make test` has just made it for its benchmark, and names it in the environment.
    """
    if made := os.environ.get("COMINGCLEAN_SHIPPED"):
        return Path(made).resolve()
    return once(tmp_path_factory, "shipped.sqlite", build_database)


@pytest.fixture(scope="session")
def client(shipped: Path) -> TestClient:
    """Asks the application on the shipped database in this process, without a socket."""
    return TestClient(create_app(shipped), follow_redirects=False)


@pytest.fixture
def connection(shipped: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the shipped database."""
    with connect(shipped) as opened:
        yield opened


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, data: Path, snapshot: Path) -> Home:
    """The package installed with what the slices hold. Not to be written."""
    folder = tmp_path_factory.mktemp("home")
    package = folder / "site" / "comingclean"
    shutil.copytree(paths.PACKAGE, package, ignore=shutil.ignore_patterns("web", "__pycache__"))
    shutil.copytree(data, package / "shipped/data")
    shutil.copytree(snapshot, package / "shipped/snapshot")
    shutil.copytree(ROOT / "geography", package / "shipped/geography")
    compileall.compile_dir(package, quiet=2)
    return Home(folder)


@pytest.fixture
def own_home(home: Home, tmp_path: Path) -> Home:
    """A copy of the installed package whose data a test may change."""
    shutil.copytree(home.folder / "site", tmp_path / "own" / "site")
    return Home(tmp_path / "own")
