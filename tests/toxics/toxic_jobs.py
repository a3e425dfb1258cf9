"""The parts of compile and build that tests of toxic releases run alone."""

from __future__ import annotations

from pathlib import Path

from comingclean import store
from comingclean.database.part import Ground
from comingclean.snapshot import filings, toxics
from comingclean.snapshot.part import Job
from comingclean.sources import card
from sliced import COUNTIES

PARTS = (filings.PART, toxics.PART)


def job_of(mirror: Path, data: Path) -> Job:
    """What a part is given, for the files below `mirror`."""
    cards = card.cards(data)
    names = {name for part in PARTS for name in (*part.sources, *part.optional)}
    files = {name: card.find(mirror, cards[name], optional=True) for name in names}
    return Job(files, data, COUNTIES, lambda text: None)


def lay(job: Job, folder: Path) -> Ground:
    """The tables of both parts written to a folder, as compile does it."""
    folder.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        for name, frame in part.tables(job).items():
            store.write_parquet(frame, folder / f"{name}.parquet")
    return Ground(folder, job.data)
