"""Proposing links: what counts, what is never proposed, and what a person's answer writes."""

import csv
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.facilities.decide import decide
from comingclean.facilities.links import COLUMNS, IDENTIFIERS, MISSING, links
from comingclean.facilities.propose import (
    WEIGHTS,
    Place,
    compare,
    describe,
    places,
    propose,
    tokens,
)

IRVIN = Place(
    "us-steel-irvin-pa",
    ("U.S. Steel Irvin Plant", "US STEEL - IRVIN WORKS"),
    "West Mifflin",
    "PA",
    None,
    ("United States Steel Corp.",),
    40.3372,
    -79.9108,
)
RIGHT = Place(
    "15034SSRVNPOBOX",
    ("USS MON VALLEY WORKS - IRVIN PLANT",),
    "WEST MIFFLIN",
    "PA",
    "CAMP HOLLOW RD",
    (),
    40.3397,
    -79.8805,
)
SLAG = Place(
    "1512WLFRGD481BU", ("LAFARGE - DUQUESNE SLAG",), "WEST MIFFLIN", "PA", None, (), 40.35, -79.93
)
TAR = Place(
    "15025RSTCH400ST",
    ("KOPPERS INC CLAIRTON TAR PLANT",),
    "CLAIRTON",
    "PA",
    None,
    (),
    40.3051,
    -79.8909,
)


def test_the_name_beats_the_nearest():
    assert propose(IRVIN, [SLAG, TAR, RIGHT])[0].place is RIGHT


def test_the_parts_of_a_score_add_up_to_it():
    proposal = compare(IRVIN, RIGHT)
    total = sum(WEIGHTS[part] * value for part, value in proposal.parts.items())
    assert proposal.score == pytest.approx(total, abs=1e-4)
    assert sum(WEIGHTS.values()) == pytest.approx(1)
    assert proposal.distance_km == pytest.approx(2.59, abs=0.02)


def test_words_that_half_the_plants_carry_do_not_count():
    assert tokens("The U.S. Steel Corp. - Gary Works, LLC") == {"gary"}
    a = Place("a", ("Nucor Steel Plant",), state="AL")
    b = Place("b", ("Alton Steel Plant",), state="AL")
    assert compare(a, b).parts["name"] == 0


def test_house_number_and_street_make_an_address():
    here = Place("a", ("A",), address="6870 HIGHWAY 42 EAST")
    there = Place("b", ("B",), address="6870 US 42 E")
    assert compare(here, there).parts["address"] == 0  # the highway's number alone is no street
    other = Place("c", ("C",), address="100 RIVER ROAD")
    assert compare(other, Place("d", ("D",), address="100 River Rd")).parts["address"] == 1
    assert compare(other, Place("d", ("D",), address="200 River Rd")).parts["address"] == 0


def test_another_state_or_too_far_is_no_proposal():
    ohio = Place("x", ("Irvin",), "West Mifflin", "OH", None, (), 40.3372, -79.9108)
    far = Place("y", ("Irvin",), "West Mifflin", "PA", None, (), 40.9, -79.9108)
    assert propose(IRVIN, [ohio, far]) == []
    assert len(propose(IRVIN, [far], within_km=100)) == 1


def test_a_record_without_a_place_needs_a_name_or_a_city():
    named = Place("n", ("Irvin mill",), None, "PA")
    bare = Place("b", ("Something else",), None, "PA")
    assert [p.place.place_id for p in propose(IRVIN, [named, bare])] == ["n"]
    assert "no coordinates" in describe(propose(IRVIN, [named])[0])


@given(
    st.tuples(st.floats(-80, 80), st.floats(-179, 179)),
    st.tuples(st.floats(-80, 80), st.floats(-179, 179)),
    st.text(max_size=20),
    st.text(max_size=20),
)
def test_likeness_is_mutual_and_between_nought_and_one(here, there, a, b):
    left = Place("a", (a,), a, None, a, (a,), *here)
    right = Place("b", (b,), b, None, b, (b,), *there)
    there_, back = compare(left, right), compare(right, left)
    assert all(0 <= value <= 1 for value in there_.parts.values())
    assert there_.score == pytest.approx(back.score, abs=1e-4)


def test_equals_come_in_the_order_of_their_ids():
    twins = [Place(name, ("Irvin",), "West Mifflin", "PA", None, (), 40.34, -79.91) for name in "cab"]
    assert [p.place.place_id for p in propose(IRVIN, twins)] == ["a", "b", "c"]


def test_places_from_the_frame_of_a_reader():
    frame = pl.DataFrame(
        {
            "tri_id": ["1"],
            "name": ["A"],
            "city": ["B"],
            "state": ["PA"],
            "address": [None],
            "latitude": [1.0],
            "longitude": [2.0],
        }
    )
    assert places(frame, "tri_id", ["name", "other"]) == [
        Place("1", ("A",), "B", "PA", None, (), 1.0, 2.0)
    ]


# --- what a person decides


def answers(*texts: str):
    left = list(texts)
    return lambda _: left.pop(0)


def written(path: Path) -> list[dict[str, str]]:
    with path.open() as stream:
        return list(csv.DictReader(stream))


def test_a_chosen_proposal_is_written_with_its_reason(tmp_path):
    proposals = propose(IRVIN, [SLAG, RIGHT])
    shown: list[str] = []
    decide(
        IRVIN,
        "tri",
        proposals,
        tmp_path,
        answers("1", "sure", "certain", "", "same name"),
        shown.append,
    )
    (row,) = written(tmp_path / IDENTIFIERS)
    assert (row["program_id"], row["link_method"], row["confidence"]) == (
        "15034SSRVNPOBOX",
        "by hand",
        "certain",
    )
    assert row["reason"] == "same name"
    assert "2.59 km" in row["evidence"]
    assert shown[0].startswith("us-steel-irvin-pa")


def test_no_link_is_written_with_its_reason(tmp_path):
    decide(IRVIN, "gem", [], tmp_path, answers("n", "it melts no steel"), lambda _: None)
    assert written(tmp_path / MISSING) == [
        {
            "facility_id": "us-steel-irvin-pa",
            "program": "gem",
            "reason": "it melts no steel",
            "reason_es": "",
        }
    ]


@pytest.mark.parametrize("answer", ["", "0", "3", "maybe", "-1"])
def test_anything_else_writes_nothing(tmp_path, answer):
    proposals = propose(IRVIN, [SLAG, RIGHT])
    assert decide(IRVIN, "tri", proposals, tmp_path, answers(answer), lambda _: None) is None
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_written_twice(tmp_path):
    proposals = propose(IRVIN, [RIGHT])
    decide(IRVIN, "tri", proposals, tmp_path, answers("1", "certain", "same name"), lambda _: None)
    before = (tmp_path / IDENTIFIERS).read_bytes()
    with pytest.raises(InputError, match="stands there already"):
        decide(IRVIN, "tri", proposals, tmp_path, answers("1", "probable", "again"), lambda _: None)
    assert (tmp_path / IDENTIFIERS).read_bytes() == before


def test_rows_stay_sorted(tmp_path):
    for plant in ("c", "a", "b"):
        place = Place(plant, ("Irvin",), "X", "PA")
        decide(place, "tri", propose(place, [Place(f"t{plant}", ("Irvin",), "X", "PA")]), tmp_path,
               answers("1", "certain", "why"), lambda _: None)  # fmt: skip
    assert [row["facility_id"] for row in written(tmp_path / IDENTIFIERS)] == ["a", "b", "c"]


# --- what the table refuses

GOOD = ("a", "tri", "1", "id through FRS", "certain", "", "", "", "where it stands", "")


def table(tmp_path: Path, *rows: tuple[str, ...]) -> Path:
    with (tmp_path / IDENTIFIERS).open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    return tmp_path


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("program", "epa", "“epa” is not a program"),
        ("link_method", "guess", "“guess” is not a link_method"),
        ("confidence", "sure", "“sure” is not a confidence"),
        ("confidence", "", "“” is not a confidence"),
        ("evidence", "", "“a” has no evidence"),
    ],
)
def test_a_wrong_row_is_refused(tmp_path, column, value, said):
    row = tuple(value if name == column else old for name, old in zip(COLUMNS, GOOD, strict=True))
    with pytest.raises(InputError, match=said) as caught:
        links(table(tmp_path, GOOD, (*row[:2], "2", *row[3:])))
    assert caught.value.row == 3


def test_a_link_that_stands_twice_is_refused(tmp_path):
    with pytest.raises(InputError, match="“1” stands twice"):
        links(table(tmp_path, GOOD, GOOD))


def test_two_plants_share_an_id_only_with_a_reason(tmp_path):
    second = ("b", *GOOD[1:])
    with pytest.raises(InputError, match="shared by two plants without a reason"):
        links(table(tmp_path, GOOD, second))
    why = "one record for both"
    assert links(table(tmp_path, (*GOOD[:-1], why), (*second[:-1], why))).height == 2
