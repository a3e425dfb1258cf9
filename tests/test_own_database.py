"""The user's own database: made by whoever comes first, told at once where it cannot be, kept few."""

import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from comingclean import own_database, stamp
from sliced import GARY, Home, error_line


def made(home: Home) -> list[Path]:
    return sorted((home.folder / "user").rglob("comingclean.sqlite"))


def test_several_first_commands_at_once_make_one_database(own_home):
    starts = [own_home.start("facility", GARY, "--json") for _ in range(3)]
    running = [start.__enter__() for start in starts]
    ended = [(*process.communicate(timeout=120), process.returncode) for process in running]
    for start in starts:
        start.__exit__(None, None, None)
    assert {code for _, _, code in ended} == {0}
    assert len({out for out, _, _ in ended}) == 1
    said = [err for _, err, _ in ended]
    assert sum("making the database from the shipped facts, once" in err for err in said) == 1
    for err in said:
        assert not err or "making" in err or "waiting for it" in err
    (file,) = made(own_home)
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "comingclean.parquet",
        "comingclean.sqlite",
        "making.lock",
    ]


def test_a_first_use_tells_each_step_in_plain_lines(own_home):
    done = own_home.run("facility", GARY)
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0] == "making the database from the shipped facts, once"
    assert lines[-1].startswith("writing ")
    assert len(lines) > 4
    assert own_home.run("facility", GARY).stderr == ""


def test_a_home_that_cannot_be_written_is_told_before_anything_is_made(own_home):
    (own_home.folder / "user").write_text("a file where the folder should be")
    done = own_home.run("facility", GARY)
    assert (done.returncode, done.stdout) == (1, "")
    assert "could not be written" in error_line(done)
    assert error_line(done).endswith(
        "Mend: name a database with --database; comingclean build --out FILE makes one anywhere."
    )
    assert "making" not in done.stderr


def test_what_a_killed_first_use_left_is_gone_after_the_next(own_home):
    with own_home.start("facility", GARY) as process:
        for line in process.stderr:
            if line.startswith("writing"):
                process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    folders = list((own_home.folder / "user" / "comingclean").iterdir())
    (folders[0] / ".comingclean.sqlite.comingclean-abcdefgh").mkdir(exist_ok=True)
    assert own_home.run("facility", GARY).returncode == 0
    (file,) = made(own_home)
    assert len(list(file.parent.iterdir())) == 3


@pytest.fixture
def databases(tmp_path, atlas) -> Path:
    """Databases of three releases, the oldest first, and what is none of ours."""
    folder = tmp_path / "comingclean"
    for age, name in enumerate(("c" * 12, "b" * 12, "a" * 12)):
        (folder / name).mkdir(parents=True)
        shutil.copy(atlas, folder / name / "comingclean.sqlite")
        os.utime(folder / name, (time.time() - 1000 + age,) * 2)
    (folder / "my own notes").mkdir()
    (folder / ("d" * 12)).mkdir()
    (folder / ("d" * 12) / "comingclean.sqlite").write_text("none of ours")
    (folder / ("e" * 11)).mkdir()
    shutil.copy(atlas, folder / ("e" * 11) / "comingclean.sqlite")
    return folder


def test_of_older_releases_the_newest_stays_and_what_is_not_ours(databases):
    newest = databases / ("f" * 12)
    newest.mkdir()
    own_database._put_away(databases, newest)
    kept = {path.name for path in databases.iterdir()}
    assert kept == {"a" * 12, "d" * 12, "e" * 11, "f" * 12, "my own notes"}


def test_a_database_is_known_by_its_head(atlas, tmp_path):
    for text in (b"", b"SQLite format 3\0", b"x" * 200):
        (tmp_path / "file").write_bytes(text)
        assert not stamp.is_ours(tmp_path / "file")
    assert stamp.is_ours(atlas)
