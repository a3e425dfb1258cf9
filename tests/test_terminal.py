"""What commands print: brackets in the words of a source stay as they are, and are no markup."""

import io

from rich.console import Console

from comingclean.views import query
from comingclean.views.terminal import show_plant
from comingclean.views.terminal_place import show_place
from sliced import GARY

ODD = "Odd [/] & [bold]Sons[/bold] [link=x]"


def printed(show, facts):
    stream = io.StringIO()
    show(Console(file=stream, width=200), facts)
    return stream.getvalue()


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
