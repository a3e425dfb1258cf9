"""The command in this process, a server over the shipped record, and a cache that is nobody's own."""

from __future__ import annotations

import json
import re
import signal
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from comingclean import cli
from sliced import Home

OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory, monkeypatch):
    """No test writes to the cache of whoever runs it."""
    folder = tmp_path_factory.getbasetemp() / "fenceline-cache"
    monkeypatch.setattr("comingclean.proximity.shelf.user_cache_path", lambda *_, **__: folder)


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed, decoded."""
        return json.loads(self.out)


@pytest.fixture
def command(monkeypatch, capsys):
    """Run `comingclean` with arguments in this process."""

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["comingclean", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "200")
        status = 0
        try:
            cli.main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Said(status, *capsys.readouterr())

    return run


@pytest.fixture(scope="module")
def site(tmp_path_factory, shipped):
    """What a server over the shipped record answers: `site(path)` gives status and text."""
    home = Home(tmp_path_factory.mktemp("fenceline"))
    with home.start("run", "--no-open", "--port", 0, "--database", shipped) as process:
        address = re.search(r"http://[\d.]+:\d+", process.stdout.readline())[0]
        yield lambda path, **headers: _ask(address + path, headers)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("", "")


def _ask(address: str, headers: dict[str, str]) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with OPENER.open(urllib.request.Request(address, headers=named), timeout=60) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def points(tmp_path: Path):
    """Write a CSV of places."""

    def write(text, name="points.csv"):
        file = tmp_path / name
        file.write_text(text, "utf-8")
        return file

    return write
