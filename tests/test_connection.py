"""Opening a database: what cannot be is told in one line; connections are few and never shared."""

import shutil
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from comingclean import connection as opening
from comingclean.connection import Pool, connect
from comingclean.errors import InputError
from comingclean.views import query
from comingclean.views.server import create_app
from sliced import GARY, error_line

COMMANDS = {
    "check": ["check"],
    "facility": ["facility", GARY, "--database"],
    "near": ["near", "41.61,-87.33", "--database"],
    "export": ["export", "--out", "{out}", "--database"],
    "run": ["run", "--no-open", "--port", "0", "--database"],
}


@pytest.fixture
def copy(atlas, tmp_path) -> Path:
    return Path(shutil.copy(atlas, tmp_path / "copy.sqlite"))


def older(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("alter table value drop column grade")
        opened.execute("pragma user_version = 12345")
        opened.commit()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flipped(file: Path) -> None:
    """Every page of tables but the first holds something else."""
    pages = bytearray(file.read_bytes())
    for start in range(4096, len(pages), 4096):
        pages[start : start + 64] = b"\xff" * 64
    file.write_bytes(pages)


def another(file: Path) -> None:
    with closing(sqlite3.connect(file)) as opened:
        opened.execute("pragma application_id = 7")


DAMAGES = {
    "older": (older, "was made by another release of this program, with other tables"),
    "cut": (cut, "is damaged"),
    "flipped": (flipped, "is damaged"),
    "another": (another, "not a database of this program"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_tells_in_one_line_what_is_wrong_with_a_database(
    command, damage, copy, home, tmp_path
):
    spoil, says = DAMAGES[damage]
    spoil(copy)
    done = home.run(*(word.format(out=tmp_path / "out") for word in COMMANDS[command]), copy)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{copy}: {says}" in error_line(done)
    assert "Mend: make it" in error_line(done)
    assert not (tmp_path / "out").exists()


def test_a_database_in_use_is_said_to_be_in_use(copy, home, tmp_path):
    def run(words):
        return home.run(*(word.format(out=tmp_path / "out") for word in words), copy)

    with closing(sqlite3.connect(copy, isolation_level=None)) as other:
        other.execute("pragma locking_mode = exclusive")
        other.execute("begin exclusive")
        with ThreadPoolExecutor(len(COMMANDS)) as pool:  # each waits some seconds for its turn
            answers = list(pool.map(run, COMMANDS.values()))
    assert len(answers) > 3
    for done in answers:
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{copy}: is in use by another program" in error_line(done)
        assert "Mend: close it there" in error_line(done)


def test_a_file_that_may_not_be_read_is_told(copy, monkeypatch):
    def refuse(*_, **__):
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    monkeypatch.setattr(sqlite3, "connect", refuse)
    with pytest.raises(InputError, match="cannot be opened"), connect(copy):
        pass


def test_a_wrong_question_is_no_fault_of_the_file(shipped):
    with pytest.raises(sqlite3.OperationalError, match="no such column"), connect(shipped) as opened:
        opened.execute("select joy from value")


def test_whatever_goes_wrong_no_connection_stays_open(copy, monkeypatch):
    opened = []
    true = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: opened.append(true(*a, **k)) or opened[-1])
    another(copy)
    opened.clear()
    with pytest.raises(InputError), connect(copy):
        pass
    with pytest.raises(sqlite3.ProgrammingError):
        opened[0].execute("select 1")


class Watched:
    """A connection that notices two threads at once, and how many of its kind are open."""

    most = open = 0
    wrong: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.user = threading.Lock()
        type(self).open += 1
        type(self).most = max(self.most, self.open)

    def execute(self) -> None:
        if not self.user.acquire(blocking=False):
            type(self).wrong += ("two at once",)
            return
        time.sleep(0.001)
        self.user.release()

    def close(self) -> None:
        type(self).open -= 1


def test_no_connection_is_used_by_two_threads_and_their_number_stays_small(monkeypatch):
    class Seen(Watched):
        pass

    monkeypatch.setattr(opening, "opened", lambda file: Seen())
    pool = Pool(Path("any"), most=4)

    def ask(number: int) -> None:
        with pool.lent() as connection:
            connection.execute()

    for _ in range(5):  # threads come and go
        with ThreadPoolExecutor(16) as crowd:
            list(crowd.map(ask, range(40)))
    assert (Seen.wrong, Seen.most <= 4, Seen.open == Seen.most) == ((), True, True)
    with pool.lent():
        pool.close()
    assert Seen.open == 0


def test_what_fails_gives_its_connection_back(shipped):
    pool = Pool(shipped, most=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), pool.lent():
            raise ZeroDivisionError
    with pool.lent() as connection:
        assert query.years(connection)
    pool.close()


def test_two_hundred_requests_open_few_connections_and_the_end_closes_them(shipped, monkeypatch):
    opened, true = [], opening.opened
    monkeypatch.setattr(opening, "opened", lambda file: opened.append(true(file)) or opened[-1])
    monkeypatch.setattr("comingclean.views.server._WARM_SECONDS", 600)
    app = create_app(shipped)
    app.state.site.shelf.most = 0  # nothing is kept, so that every request asks the database
    opened.clear()

    with connect(shipped) as connection:
        names = [row["facility_id"] for row in query.plants(connection)][:200]
    paths = [f"/data/facility/{name}.json" for name in names]
    with TestClient(app) as client, ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(client.get, paths))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == len(answers) == 200
    assert 0 < len(opened) <= 9  # eight of the pool, one of this test
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("select 1")


def test_a_server_whose_database_was_damaged_says_so_and_goes_on(copy, capsys):
    app = create_app(copy)
    client = TestClient(app)
    assert client.get("/data/sources.json").status_code == 200
    app.state.site.pool.close()
    flipped(copy)
    data = client.get("/data/plants.json")
    assert (data.status_code, data.json()) == (503, {"error": "the data cannot be read at the moment"})
    page = client.get("/es/plants/")
    assert (page.status_code, "no se pueden leer los datos" in page.text) == (503, True)
    assert str(copy) not in page.text
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert all(f"{copy}: is damaged" in line for line in said)
