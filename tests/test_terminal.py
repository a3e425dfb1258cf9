"""What commands print: figures are whole; brackets in the words of a source are no markup."""

import io

import pytest
from rich.console import Console

from comingclean import verbs_near
from comingclean.views import figures, query
from comingclean.views.terminal import show_plant
from comingclean.views.terminal_place import show_place
from sliced import GARY

ODD = "Odd [/] & [bold]Sons[/bold] [link=x]"


def printed(show, facts, width=200):
    stream = io.StringIO()
    show(Console(file=stream, width=width), facts)
    return stream.getvalue()


@pytest.mark.parametrize("width", [60, 80])
def test_a_figure_is_whole_however_narrow_the_terminal(connection, width):
    plant = query.plant(connection, GARY)
    lines = printed(show_plant, plant, width).splitlines()
    assert max(map(len, lines)) <= width
    for name in {value["quantity"] for value in plant["values"]}:
        rows = [value for value in plant["values"] if value["quantity"] == name]
        scale = figures.scale_for(max(abs(row["value"]) for row in rows), rows[0]["unit"], "en").factor
        for row in rows:
            known = (row["value"], row["low"], row["high"])
            told = [str(row["year"]), figures.figure(*known, scale, "en")]
            told += ["–".join(figures.ends(*known, scale, "en")), row["grade"]]
            assert any(line.split()[:4] == told for line in lines), (name, told)


def test_the_report_on_a_place_is_whole_in_a_narrow_terminal(shipped):
    report = verbs_near.place("46402", shipped)
    text = printed(show_place, report, 80)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80
    for row in report["community"]:
        if row["indicator"] == "income" and row["radius_miles"] == 3:
            assert "–".join(figures.ends(row["value"], row["low"], row["high"], 1.0, "en")) in text


def test_words_of_a_plant_are_printed_as_they_are(connection):
    plant = query.plant(connection, GARY)
    for name in ("name", "city", "county", "parent"):
        text = printed(show_plant, plant | {"facility": plant["facility"] | {name: ODD}})
        assert ODD in text, name
    assert "?" in printed(show_plant, plant | {"facility": plant["facility"] | {"parent": None}})


def test_words_of_a_place_are_printed_as_they_are():
    monitor = {"name": ODD, "site": "18-089-0022", "miles": 1.0, "direction": "N"}
    person = {"indicator": "population", "radius_miles": 1.0, "value": 10.0, "low": 1.0, "high": 20.0}
    other = {"name": ODD, "miles": 2.0, "direction": "N", "values": []}
    report = {
        "label": ODD,
        "latitude": 1.0,
        "longitude": 2.0,
        "status": "ok",
        "message": None,
        "states": "IN",
        "abroad": None,
        "community": [person | {"status": "ok"}],
        "words": {},
        "plants": [other],
        "emitters": [],
        "monitor": monitor,
    }
    assert printed(show_place, report).count(ODD) == 3
