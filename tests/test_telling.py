"""Long work: what moves on a terminal is taken away again, and elsewhere there are plain lines."""

import time

import pytest

from comingclean import telling

HIDE, SHOW = "\x1b[?25l", "\x1b[?25h"


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.mark.parametrize("error", [None, ValueError, KeyboardInterrupt])
def test_on_a_terminal_the_cursor_comes_back_whatever_happens(error, terminal, capsys):
    try:
        with telling.steps() as tell:
            tell("writing [bold]/a/folder[/]")
            time.sleep(0.2)
            if error:
                raise error
    except (ValueError, KeyboardInterrupt):
        assert error
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count(HIDE) == err.count(SHOW) == 1
    assert err.rindex(SHOW) > err.rindex("[bold]/a/folder[/]")


def test_on_a_terminal_a_bar_shows_the_share_and_goes(terminal, capsys):
    with telling.share("counting") as tell:
        tell(1, 4)
        tell(4, 4)
    out, err = capsys.readouterr()
    assert (out, err.count(HIDE)) == ("", err.count(SHOW))
    assert "counting" in err


def test_elsewhere_steps_are_plain_lines(capsys):
    with telling.steps() as tell:
        tell("reading [one]")
        tell("reading two")
    assert capsys.readouterr() == ("", "reading [one]\nreading two\n")


def test_elsewhere_short_work_says_nothing_and_long_work_now_and_then(capsys, monkeypatch):
    clock = iter([0.0, 1.0, 6.0, 6.0, 7.0, 12.0, 12.0])
    monkeypatch.setattr(telling.time, "monotonic", lambda: next(clock))
    with telling.share("counting") as tell:
        for done in (1, 2000, 2001, 3000):
            tell(done, 4000)
    assert capsys.readouterr() == ("", "counting: 2,000 of 4,000\ncounting: 3,000 of 4,000\n")
