"""Nothing that is not ours is written over, several may write at once, what a killed one left goes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from comingclean import store
from comingclean.errors import InputError, WriteError
from sliced import error_line, tree

FOREIGN = {"notes.txt": "by hand", ".hidden": "too", "folder/deep": "and this"}


def foreign(folder: Path) -> dict[str, bytes]:
    """Put files of somebody else into a folder; what is there then."""
    for name, text in FOREIGN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return tree(folder)


def put(goal: Path, **texts: str) -> Path:
    with store.whole_folder(goal) as fresh:
        for name, text in texts.items():
            (fresh / name).write_text(text)
    return goal


@pytest.mark.parametrize("name", FOREIGN)
def test_a_folder_with_one_foreign_file_is_refused_by_its_name(name, tmp_path):
    goal = put(tmp_path / "goal", a="ours")
    (goal / name).parent.mkdir(exist_ok=True)
    (goal / name).write_text("not ours")
    before = tree(tmp_path)
    with pytest.raises(InputError, match=f"goal: holds “{name.split('/')[0]}”"):
        put(goal, a="new")
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "manifest", ["", "{}", "[]", "null", '{"files": 3}', '{"files": ["b"]}', "\x80", None]
)
def test_without_a_manifest_that_names_it_nothing_is_ours(manifest, tmp_path):
    goal = tmp_path / "goal"
    goal.mkdir()
    (goal / "a").write_text("whose?")
    if manifest is not None:
        (goal / "manifest.json").write_bytes(manifest.encode("latin-1"))
    before = tree(tmp_path)
    with pytest.raises(InputError, match="which this program did not write there"):
        put(goal, a="new")
    assert tree(tmp_path) == before


def test_an_empty_folder_and_the_litter_of_file_managers_are_nothing(tmp_path):
    (tmp_path / "goal").mkdir()
    goal = put(tmp_path / "goal", a="ours")
    (goal / ".DS_Store").write_text("litter")
    assert set(tree(put(goal, b="new"))) == {"b", "manifest.json"}


def test_a_file_in_the_place_of_a_folder_is_refused(tmp_path):
    (tmp_path / "goal").write_text("a file")
    with pytest.raises(InputError):
        put(tmp_path / "goal")
    assert tree(tmp_path) == {"goal": b"a file"}


OUTPUTS = {
    "export csv": ("export --database {atlas} --out {out} --format csv", "csv"),
    "export parquet": ("export --database {atlas} --out {out} --format sqlite,parquet", "parquet"),
    "export geojson": ("export --database {atlas} --out {out} --format geojson", "geojson"),
    "export sqlite": ("export --database {atlas} --out {out} --format sqlite", "sqlite"),
    "twins of a build": ("build --out {out}/atlas.sqlite", "atlas.parquet"),
    "compile": ("compile --mirror {out} --out {out}/snapshot", "snapshot"),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_foreign_files_at_every_folder_that_is_written_are_refused_and_kept(
    name, home, atlas, tmp_path
):
    line, folder = OUTPUTS[name]
    foreign(tmp_path / folder)
    before = tree(tmp_path)
    done = home.run(*line.format(atlas=atlas, out=tmp_path).split())
    assert (done.returncode, tree(tmp_path)) == (2, before)
    assert f"{folder}: holds “.hidden”, which this program did not write there" in error_line(done)


FILES = {
    "near": ("near 41.61,-87.33 --miles 1 --out {file}", "no answer of near"),
    "build": ("build --out {file}", "no database of ours"),
}


@pytest.mark.parametrize("text", ["by hand", "id,miles\n", "SQLite format 3\0" + " " * 99])
@pytest.mark.parametrize("name", FILES)
def test_a_foreign_file_is_refused_and_kept(name, text, home, tmp_path):
    line, says = FILES[name]
    file = tmp_path / "mine.txt"
    file.write_text(text)
    done = home.run(*line.format(file=file).split())
    assert (done.returncode, tree(tmp_path)) == (2, {"mine.txt": text.encode()})
    assert says in error_line(done)


def test_what_was_written_before_is_written_over(home, atlas, tmp_path):
    out = tmp_path / "atlas.sqlite"
    for _ in range(2):
        assert home.run("build", "--out", out).returncode == 0
        assert home.run("near", "41.61,-87.33", "--miles", "1", "--out", tmp_path / "n").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["atlas.parquet", "atlas.sqlite", "n"]


@pytest.mark.parametrize(
    ("name", "says"),
    [("x.parquet", "Mend: name it x.sqlite"), ("folder", "is a folder. Mend: name a file in it")],
)
def test_a_build_refuses_a_name_that_cannot_be_before_it_begins(name, says, home, tmp_path):
    (tmp_path / "folder").mkdir()
    done = home.run("build", "--out", tmp_path / name)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in error_line(done)
    assert "making" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_file_and_its_folder_change_together_or_not_at_all(tmp_path):
    file, folder = tmp_path / "atlas.sqlite", tmp_path / "atlas.parquet"
    for text in ("first", "second"):
        with store.whole_pair(file, folder, {"release": text}) as (fresh, twins):
            fresh.write_text(text)
            (twins / text).write_text(text)
    assert (file.read_text(), (folder / "second").read_text()) == ("second", "second")
    assert json.loads((folder / "manifest.json").read_text())["release"] == "second"
    file.unlink()
    (file / "in the way").mkdir(parents=True)
    before = tree(tmp_path)
    with pytest.raises(WriteError), store.whole_pair(file, folder) as (fresh, twins):
        fresh.write_text("third")
        (twins / "third").write_text("third")
    assert tree(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["atlas.parquet", "atlas.sqlite"]


HAMMER = """
import sys
from pathlib import Path
from comingclean import store
for number in range(60):
    with store.whole_folder(Path(sys.argv[1]) / "folder") as fresh:
        (fresh / sys.argv[2]).write_text(str(number))
    with store.whole_pair(Path(sys.argv[1]) / "file", Path(sys.argv[1]) / "twins") as (file, twins):
        file.write_text(sys.argv[2])
        (twins / "one").write_text(sys.argv[2])
"""


def test_several_processes_write_one_goal_at_once_and_none_fails(tmp_path):
    commands = [[sys.executable, "-c", HAMMER, str(tmp_path), name] for name in "abc"]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    ended = [(process.communicate()[1], process.returncode) for process in running]
    assert ended == [("", 0)] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "twins"]
    (last,) = [path for path in (tmp_path / "folder").iterdir() if path.name != "manifest.json"]
    assert last.read_text() == "59"


STEPS = ("mkdtemp", "_sign", "_swap", "replace:0", "replace:1", "replace:2", "rmtree")
KILLED = """
import os, shutil, signal, sys, tempfile
from pathlib import Path
from comingclean import store
name, _, number = sys.argv[2].partition(":")
where = {"mkdtemp": tempfile, "replace": Path, "rmtree": shutil}.get(name, store)
true, seen = getattr(where, name), []
def killed(*given, **named):
    if len(seen) == int(number or 0):
        os.kill(os.getpid(), signal.SIGKILL)
    seen.append(1)
    return true(*given, **named)
setattr(where, name, killed)
with store.whole_pair(Path(sys.argv[1]) / "file", Path(sys.argv[1]) / "twins") as (file, twins):
    file.write_text("new")
    (twins / "new").write_text("new")
"""


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_next_run_finds_all_and_clears_up(step, tmp_path):
    with store.whole_pair(tmp_path / "file", tmp_path / "twins") as (file, twins):
        file.write_text("former")
        (twins / "former").write_text("former")
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), step], check=False)
    assert done.returncode == -signal.SIGKILL
    for path in tmp_path.glob(".file.comingclean-*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    with pytest.raises(RuntimeError), store.whole_pair(tmp_path / "file", tmp_path / "twins"):
        raise RuntimeError("the next run fails too, for another reason")
    there = (tmp_path / "file").read_text(), {path.name for path in (tmp_path / "twins").iterdir()}
    assert there[0] in ("former", "new")
    assert there[1] in ({"former", "manifest.json"}, {"new", "manifest.json"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "twins"]


def test_what_another_process_is_still_writing_is_left_alone(tmp_path):
    (tmp_path / ".goal.comingclean-abcdefgh").mkdir()
    put(tmp_path / "goal", a="a")
    assert (tmp_path / ".goal.comingclean-abcdefgh").is_dir()
