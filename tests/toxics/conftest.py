"""What the tests of toxic releases share: the slices as tables of the snapshot and of the database."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from toxic_jobs import job_of, lay

from comingclean.database import toxics as build
from comingclean.database.part import Ground, Made
from comingclean.snapshot import toxics
from comingclean.snapshot.part import Job
from sliced import SLICES


@pytest.fixture(scope="session")
def job(data: Path) -> Job:
    """The sliced mirror."""
    return job_of(SLICES, data)


@pytest.fixture(scope="session")
def compiled(job: Job) -> dict[str, pl.DataFrame]:
    """The toxic part of the snapshot of the slices."""
    return toxics.tables(job)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, job: Job) -> Made:
    """The toxic part of the database of the slices."""
    return build.make(lay(job, tmp_path_factory.mktemp("laid") / "snapshot"))


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory, job: Job) -> Ground:
    """The slices as a build reads them."""
    return lay(job, tmp_path_factory.mktemp("ground") / "snapshot")
