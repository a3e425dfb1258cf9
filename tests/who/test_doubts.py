"""Links in doubt: an id that left its program, records that moved, were swapped or are another's."""

import pytest

from comingclean.facilities.doubts import Linked, of_program
from comingclean.facilities.propose import Place

HICKMAN = Place(
    "hickman",
    ("Nucor Steel Arkansas",),
    "Blytheville",
    "AR",
    "7301 E County Road 142",
    (),
    35.944,
    -89.724,
)
YAMATO = Place(
    "yamato", ("Nucor-Yamato Steel",), "Blytheville", "AR", "5929 E State Hwy 18", (), 35.893, -89.784
)
# As GEM has them in September 2025: right names, each other's address and coordinate.
SWAPPED = {
    "P942": Place(
        "P942",
        ("Nucor Steel Hickman plant",),
        "Armorel",
        "AR",
        "5929 East State Highway 18",
        (),
        35.901,
        -89.776,
    ),
    "P949": Place(
        "P949",
        ("Nucor-Yamato Steel Blytheville plant",),
        "Blytheville",
        "AR",
        "7301 East County Road 142",
        (),
        35.941,
        -89.714,
    ),
}
GARY = Place("gary", ("U.S. Steel Gary Works",), "Gary", "IN", "1 N Broadway", (), 41.62, -87.35)


def record(number="T1", km_north=0.0, state="IN", years=(2017, 2018, 2020)):
    north = 41.62 + km_north / 111.0
    return Place(
        number, ("USS GARY WORKS",), "GARY", state, "1 N BROADWAY", (), north, -87.35, None, years
    )


def linked(**more):
    return Linked(
        **({"plant": GARY, "program": "tri", "program_id": "T1", "years": (2009, 2020)} | more)
    )


def kinds(links, records, read=(2017, 2018, 2020), **more):
    return [(d.facility_id, d.doubt) for d in of_program(links, records, read, **more)]


def test_a_link_that_its_files_bear_out_is_in_no_doubt():
    assert kinds([linked()], {"T1": record()}) == []
    far = linked(evidence="facility_TRI_2020.parquet row 1: USS; 3.21 km; agree", reason="long works")
    assert kinds([far], {"T1": record(km_north=3.2)}) == []


def test_two_records_that_a_new_vintage_swapped_are_both_in_doubt():
    pairs = [(HICKMAN, "P942"), (YAMATO, "P949")]
    links = [Linked(plant, "gem", number) for plant, number in pairs]
    found = of_program(links, SWAPPED, ())
    assert {(d.facility_id, d.program_id) for d in found if d.doubt == "swapped"} == {
        ("hickman", "P942"),
        ("yamato", "P949"),
    }
    assert "its record may be swapped with P942 of hickman" in [d.sentence for d in found]
    crossed = [Linked(HICKMAN, "gem", "P949"), Linked(YAMATO, "gem", "P942")]
    assert "swapped" not in {d.doubt for d in of_program(crossed, SWAPPED, ())}


def test_a_pair_that_was_decided_in_sight_of_the_swap_is_left_alone_but_a_new_swap_is_not():
    reason = "GEM has swapped the two places"
    evidence = {"P942": "gem row 1141: Hickman; 6.75 km", "P949": "gem row 1153: Yamato; 8.35 km"}
    good = [
        Linked(HICKMAN, "gem", "P942", evidence=evidence["P942"], reason=reason),
        Linked(YAMATO, "gem", "P949", evidence=evidence["P949"], reason=reason),
    ]
    assert of_program(good, SWAPPED, ()) == []
    bad = [
        Linked(HICKMAN, "gem", "P949", evidence=evidence["P942"], reason=reason),
        Linked(YAMATO, "gem", "P942", evidence=evidence["P949"], reason=reason),
    ]
    assert [d.doubt for d in of_program(bad, SWAPPED, ())] == ["moved", "moved"]


@pytest.mark.parametrize(
    ("link", "found", "doubts"),
    [
        ({}, {}, ["left"]),  # no file of 2020 has the id that claims 2020
        ({"years": (2009, 2013)}, {}, []),  # nor any of 2013, but none of that year was read
        ({"years": (None, None)}, {}, []),  # an id without a record claims nothing
        ({}, {"T1": {"state": "OH"}}, ["other state"]),
        ({}, {"T1": {"km_north": 5.0}}, ["too far"]),
        ({"evidence": "x; 0.10 km; y", "reason": "z"}, {"T1": {"km_north": 5.0}}, ["moved"]),
    ],
)
def test_what_each_kind_of_damage_is_called(link, found, doubts):
    records = {name: record(name, **more) for name, more in found.items()}
    assert [kind for _, kind in kinds([linked(**link)], records)] == doubts


def test_a_plant_that_still_reports_and_is_missing_from_the_newest_file_is_in_doubt():
    old = {"T1": record(years=(2017, 2018))}
    link = linked(years=(2009, 2018), last_report=2023)
    assert kinds([link], old) == [("gary", "left")]
    assert kinds([link], old, settled=["gary"]) == []  # a reason is on record
    assert kinds([linked(years=(2009, 2018), last_report=2018)], old) == []  # it closed
    other = linked(program_id="T2", years=(2020, 2020), last_report=2023)
    assert kinds([link, other], old | {"T2": record("T2", years=(2020,))}) == []  # another id goes on


def test_a_release_that_lists_every_plant_anew_must_have_the_id_whatever_year_the_link_says():
    link = linked(program="gem", years=(2025, 2025))
    assert kinds([link], {}, read=(2026,), released=True) == [("gary", "left")]
    assert kinds([link], {}, read=(2026,)) == []
    assert kinds([link], {"T1": record(years=(2026,))}, read=(2026,), released=True) == []
