"""Companies: what a cell of owners says, and which spellings are one company."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.facilities import companies
from comingclean.facilities.companies import COMPANIES, Holding, holdings
from sliced import ROOT

# Legal forms: two names that differ in nothing else must be one company, or their row says why not.
FORMS = (
    "inc corp co company llc ltd lp plc sa ag spa sab de cv nv saa pjsc ab oy limited corporation the"
)


def bare(name):
    plain = re.sub(r"[^a-z0-9& ]", "", name.lower()).split()
    return " ".join(word for word in plain if word not in FORMS.split())


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Drummond Co. Inc.", [("Drummond Co. Inc.", 100)]),
        (
            "Nucor Corp. (51%); Yamato Kogyo Co. Ltd. (49%)",
            [("Nucor Corp.", 51), ("Yamato Kogyo Co. Ltd.", 49)],
        ),
        ("CRH plc (50%)", [("CRH plc", 50)]),
        ("United States Steel Corp. (99.9%)", [("United States Steel Corp.", 99.9)]),
        (
            "Breakthrough Energy Ventures LLC (share unknown)",
            [("Breakthrough Energy Ventures LLC", None)],
        ),
        ("A; B", [("A", None), ("B", None)]),
        ("A (60%); B", [("A", 60), ("B", None)]),
        ("Novolipetsk Steel PJSC (NLMK)", [("Novolipetsk Steel PJSC (NLMK)", 100)]),
        ("Holcim (US) Inc.", [("Holcim (US) Inc.", 100)]),
        ("St. Marys Cement Inc. (Canada) (83%)", [("St. Marys Cement Inc. (Canada)", 83)]),
        (" A (33.3%) ;B (33.3%); C (33.4%);", [("A", 33.3), ("B", 33.3), ("C", 33.4)]),
        ("", []),
    ],
)
def test_a_cell_of_owners_is_read(cell, said):
    assert holdings(cell) == [Holding(*pair) for pair in said]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("A (51%); B (50%)", "add up to 101 %"),
        ("A (101%)", "101% is no share"),
        ("A (0%)", "0% is no share"),
        ("A (-5%)", "-5% is no share"),
        ("A (half%)", "“half%” is no share"),
        ("A (nan%)", "nan% is no share"),
        ("A (50%); A (50%)", "A stands twice"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(cell, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        holdings(cell)


NAMES = st.from_regex(r"[A-Z][a-z&.]{0,8}( [A-Z][a-z.]{1,8}){0,3}", fullmatch=True)


@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.data())
def test_what_is_written_is_read_again(names, data):
    parts = data.draw(
        st.lists(st.integers(1, 100 // len(names)), min_size=len(names), max_size=len(names))
    )
    cell = "; ".join(f"{name} ({part}%)" for name, part in zip(names, parts, strict=True))
    assert holdings(cell) == [Holding(n, float(p)) for n, p in zip(names, parts, strict=True)]


def rows():
    with (ROOT / "data" / COMPANIES).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_spellings_that_differ_in_the_legal_form_alone_are_one_company_or_say_why_not():
    by_words = {}
    for row in rows():
        by_words.setdefault(bare(row["name"]), []).append(row)
    for same in by_words.values():
        if len({row["company_id"] for row in same}) > 1:
            assert all(row["reason"].startswith("Kept apart") for row in same), same


def test_names_with_other_words_are_joined_only_for_a_reason_of_their_own():
    reasons = ("Renamed:", "A slip of SFI:", "The same name")
    by_id = {}
    for row in rows():
        by_id.setdefault(row["company_id"], []).append(row)
    for same in by_id.values():
        shown = {bare(row["name"]) for row in same if row["name"] == row["company"]}
        others = [row for row in same if bare(row["name"]) not in shown]
        assert all(row["reason"].startswith(reasons) for row in others), others


def test_a_sale_is_no_renaming():
    ids = {row["name"]: row["company_id"] for row in rows()}
    for seller, buyer in (
        ("ArcelorMittal USA", "Cleveland-Cliffs Inc."),
        ("AK Steel Corp.", "Cleveland-Cliffs Inc."),
        ("United States Steel Corp.", "Nippon Steel Corp."),
        ("Cemex Inc.", "Cemex SAB de CV"),
    ):
        assert ids[seller] != ids[buyer]
    assert ids["TimkenSteel Corp."] == ids["Metallus Inc."]


def test_every_company_shows_a_name_that_a_source_writes():
    names = {row["name"] for row in rows()}
    assert {row["company"] for row in rows()} <= names


GOOD = ("A Inc.", "a", "A Inc.", "The only spelling.")


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (("A Inc.", "a", "A Inc.", "again"), "“A Inc.” stands twice"),
        (("B", "b b", "B", "why"), "“B” has an id that is no slug"),
        (("B", "", "B", "why"), "“B” has no company_id"),
        (("B", "b", "B", ""), "“B” has no reason"),
        (("B", "a", "B", "why"), "more than one company"),
        (("B", "b", "A Inc.", "why"), "more than one company_id"),
    ],
)
def test_a_wrong_row_of_names_is_refused(tmp_path, second, words):
    with (tmp_path / COMPANIES).open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([("name", "company_id", "company", "reason"), GOOD, second])
    with pytest.raises(InputError, match=words) as caught:
        companies.read(tmp_path)
    assert caught.value.row in (2, 3)
