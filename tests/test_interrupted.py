"""A full disk, and Ctrl-C half way: what stood there before stays whole, and nothing is left behind."""

import json
import resource
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from comingclean import store
from comingclean.errors import WriteError
from sliced import SLICES, compile_slices, error_line, tree

LIMIT = 3000  # bytes that any one file may have: less than each command's largest file


def little_room() -> None:
    """Files of this process may not grow past the limit, as on a disk that fills up."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


@pytest.fixture
def places(snapshot: Path, atlas: Path, tmp_path: Path) -> Path:
    """A folder with a former snapshot, database and export in it."""
    shutil.copytree(snapshot, tmp_path / "work/snapshot")
    mark(tmp_path / "work/snapshot")
    shutil.copyfile(atlas, tmp_path / "work/atlas.sqlite")
    shutil.copytree(atlas.with_suffix(".parquet"), tmp_path / "work/atlas.parquet")
    for name in ("csv", "parquet", "geojson", "sqlite"):
        (tmp_path / "work/out" / name).mkdir(parents=True)
        (tmp_path / "work/out" / name / "before").write_text("as it was")
        mark(tmp_path / "work/out" / name)
    return tmp_path / "work"


def mark(folder: Path) -> None:
    """Let a folder say that what is in it was written there by us, at another time."""
    files = sorted(path.name for path in folder.iterdir() if path.name != "manifest.json")
    (folder / "manifest.json").write_text(json.dumps({"fingerprint": "former", "files": files}))


COMMANDS = {
    "compile": "compile --mirror {slices} --out {work}/snapshot",
    "build": "build --out {work}/atlas.sqlite",
    "export csv": "export --database {atlas} --out {work}/out --format csv",
    "export parquet": "export --database {atlas} --out {work}/out --format parquet",
    "export geojson": "export --database {atlas} --out {work}/out --format geojson",
    "export sqlite": "export --database {atlas} --out {work}/out --format sqlite",
}


@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_ends_in_one_line_and_the_former_result(name, places, atlas, home):
    line = COMMANDS[name].format(slices=SLICES, work=places, atlas=atlas)
    before = tree(places)
    done = home.run(*line.split(), preexec_fn=little_room)
    assert done.returncode == 1, done.stderr
    assert "could not be written" in error_line(done)
    assert error_line(done).endswith("what stood there before is untouched")
    assert tree(places) == before


def test_with_room_enough_the_same_commands_succeed(places, atlas, home):
    for name, line in COMMANDS.items():
        done = home.run(*line.format(slices=SLICES, work=places, atlas=atlas).split())
        assert done.returncode == 0, (name, done.stderr)
    assert not [name for name in tree(places) if "before" in name or "/." in name]
    assert "former" not in (places / "snapshot/manifest.json").read_text()


def test_ctrl_c_half_way_ends_in_one_line_and_leaves_everything_as_it_was(places, home):
    before, said = tree(places), ""
    with home.start("compile", "--mirror", SLICES, "--out", places / "snapshot") as process:
        for line in process.stderr:
            said += line
            if line.startswith("reading ghgp_data_2010"):
                process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1] == "comingclean: interrupted; nothing was half-written"
    assert "Traceback" not in said
    assert tree(places) == before


STEPS = ["reading ghgp_data_2010", "reading ghgp_data_2023", "reading combustion", "writing"]


@pytest.mark.parametrize("step", STEPS)
def test_ctrl_c_at_any_step_of_a_compile_leaves_everything_as_it_was(step, places, own_data):
    before = tree(places)

    def progress(text: str) -> None:
        if text.startswith(step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compile_slices(SLICES, places / "snapshot", own_data, progress=progress)
    assert tree(places) == before


class Stop(BaseException):
    """Anything at all that may happen in the middle."""


ANYTHING = [KeyboardInterrupt, SystemExit, MemoryError, Stop, ValueError]


def written(goal: Path, **texts: str) -> Path:
    """A folder that was written as every folder is."""
    with store.whole_folder(goal) as fresh:
        for name, text in texts.items():
            (fresh / name).write_text(text)
    return goal


@pytest.mark.parametrize("event", ANYTHING)
def test_whatever_happens_in_the_middle_the_former_folder_stays(event, tmp_path):
    goal = written(tmp_path / "snapshot", a="former")
    before = tree(tmp_path)
    with pytest.raises(event), store.whole_folder(goal) as fresh:
        (fresh / "a").write_text("half")
        raise event
    assert tree(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["snapshot"]


@pytest.mark.parametrize("event", ANYTHING)
def test_whatever_happens_in_the_middle_the_former_file_stays(event, tmp_path):
    goal = tmp_path / "atlas.sqlite"
    goal.write_text("former")
    with pytest.raises(event), store.whole_file(goal) as fresh:
        fresh.write_text("half")
        raise event
    assert tree(tmp_path) == {"atlas.sqlite": b"former"}
    assert [path.name for path in tmp_path.iterdir()] == ["atlas.sqlite"]


def test_a_whole_folder_takes_the_place_of_the_former_one_entirely(tmp_path):
    for names in (("a", "b"), ("b", "c")):
        goal = written(tmp_path / "deep" / "snapshot", **{name: name for name in names})
    found = tree(goal)
    assert json.loads(found.pop("manifest.json")) == {"files": ["b", "c"]}
    assert found == {"b": b"b", "c": b"c"}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["snapshot"]


def test_until_the_end_of_the_block_only_the_former_is_seen(tmp_path):
    goal = tmp_path / "atlas"
    goal.write_text("former")
    with store.whole_file(goal) as fresh:
        fresh.write_text("new")
        assert goal.read_text() == "former"
    assert goal.read_text() == "new"


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), sqlite3.OperationalError("full")]
)
def test_what_the_disk_says_is_told_in_one_line(error, tmp_path):
    with pytest.raises(WriteError) as caught, store.whole_file(tmp_path / "atlas"):
        raise error
    reason = str(error).removeprefix("[Errno 28] ")
    what = f"could not be written ({reason}); what stood there before is untouched"
    assert str(caught.value) == f"{tmp_path / 'atlas'}: {what}"
    assert caught.value.exit_status == 1


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(WriteError, match="could not be written"),
        store.whole_folder(tmp_path / "file/in"),
    ):
        pass
    assert tree(tmp_path) == {"file": b"no folder"}


def test_when_the_last_step_fails_the_former_folder_is_put_back(tmp_path, monkeypatch):
    goal = written(tmp_path / "snapshot", a="former")
    before = tree(tmp_path)
    monkeypatch.setattr(store, "_sign", lambda folder, about: shutil.rmtree(folder))
    with pytest.raises(WriteError), store.whole_folder(goal):
        pass
    assert tree(tmp_path) == before
