"""Bad parameters and attributes: each is refused by file, row and mend, and nothing is written."""

import csv

import pytest

from comingclean import paths
from comingclean.database import build_database, decided, estimated, filings
from comingclean.database.part import Ground
from comingclean.errors import InputError
from comingclean.estimates.parameter_kinds import kind_of, strangers
from sliced import ROOT

KINDS = decided.kinds(ROOT / "data")


def rewritten(path, change):
    """Change the rows of a CSV in place; gives the line of the row whose first cell is asked for."""
    with path.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    rows = change(rows) or rows
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def line_of(rows, name, last=False):
    found = [at for at, row in enumerate(rows, 2) if row["parameter"] == name]
    return found[-1 if last else 0]


def setting(name, **cells):
    def change(rows):
        for row in rows:
            if row["parameter"] == name:
                row.update(cells)

    return change


def adding(name, **cells):
    def change(rows):
        new = dict(rows[0]) | {"parameter": name, "value": "1", "low": "1", "high": "1"}
        rows.append(new | {"unit": "t", "period": "2020", "where": "p. 1", "seen": "read"} | cells)

    return change


BAD = [
    ("electricity_bof", setting("electricity_bof", low="", high=""), "has no low, high"),
    ("electricity_bof", setting("electricity_bof", value=""), "has no value"),
    ("electricity_bof", setting("electricity_bof", value="many"), "has no value"),
    ("electricity_bof", setting("electricity_bof", unit=""), "has no unit"),
    ("electricity_bof", setting("electricity_bof", citation=""), "has no citation"),
    ("electricity_bof", setting("electricity_bof", period=""), "has no period"),
    ("electricity_eaf", setting("electricity_eaf", where=""), "has no where"),
    ("electricity_bof", setting("electricity_bof", seen="rea"), "was seen as “rea”"),
    ("electricity_bof", setting("electricity_bof", value="500"), "lies outside its range 100 to 450"),
    (
        "electricity_bof",
        setting("electricity_bof", value="-250", low="-450", high="-100"),
        "lies outside 1 to 30000 kWh/t",
    ),
    ("electricity_bof", setting("electricity_bof", unit="MWh/t"), "is in “MWh/t”"),
    (
        "clinker_ghg_dry",
        setting("clinker_ghg_dry", value="0", low="0", high="0"),
        "lies outside 0.5 to 2",
    ),
    (
        "steel_utilisation_2020",
        setting("steel_utilisation_2020", value="681", low="621", high="741"),
        "lies outside 10 to 105 %",
    ),
    (
        "capacity_coke/us-steel-clairton-coke-pa",
        setting(
            "capacity_coke/us-steel-clairton-coke-pa", value="4264", low="3300", high="4350", unit="kt"
        ),
        "is in “kt”",
    ),
    (
        "workforce/us-steel-clairton-coke-pa/1",
        setting("workforce/us-steel-clairton-coke-pa/1", unit="kt"),
        "is in “kt”",
    ),
    (
        "electricity_bof",
        adding("electricity_bof", unit="kWh/t", value="300", low="200", high="400"),
        "stands twice, first in row",
    ),
    ("national/foo_2020", adding("national/foo_2020"), "is of no known kind"),
    ("national/foo", adding("national/foo"), "is of no known kind"),
    ("capacity_steel/nobody", adding("capacity_steel/nobody"), "is of no known kind"),
    (
        "capacity_steel/nobody/1",
        adding("capacity_steel/nobody/1", value="50000", low="50000", high="50000"),
        "speaks of a plant or a state that is not in the registry",
    ),
    (
        "heldout/smelters/nobody/2020",
        adding("heldout/smelters/nobody/2020", value="50000", low="50000", high="50000"),
        "speaks of a plant or a state",
    ),
    (
        "heldout/clinker/ZZ",
        adding("heldout/clinker/ZZ", value="50000", low="50000", high="50000"),
        "speaks of a plant or a state",
    ),
]


@pytest.fixture
def whole_data(tmp_path):
    """A copy of all decisions that a test may spoil."""
    import shutil

    return shutil.copytree(ROOT / "data", tmp_path / "data")


def estimates(data):
    """What the build does of these decisions to come to the estimates."""
    ground = Ground(paths.snapshot(), data)
    estimated.make(ground, filings.make(ground).values)


@pytest.mark.parametrize(("name", "change", "words"), BAD)
def test_a_bad_parameter_is_refused_by_file_row_and_mend(name, change, words, whole_data):
    path = whole_data / "parameters.csv"
    rows = rewritten(path, change)
    with pytest.raises(InputError, match=f"the parameter {name} .*{words}") as caught:
        estimated.refuse_strangers(Ground(paths.snapshot(), whole_data))
    assert (caught.value.file, caught.value.row) == (path, line_of(rows, name, last=True))
    assert caught.value.mend
    assert "\n" not in str(caught.value)


def test_nothing_is_written_when_a_parameter_is_refused(whole_data, tmp_path):
    rewritten(whole_data / "parameters.csv", setting("electricity_bof", unit="MWh/t"))
    with pytest.raises(InputError, match="the parameter electricity_bof is in"):
        build_database(tmp_path / "cc.sqlite", snapshot=paths.snapshot(), data=whole_data)
    assert not list(tmp_path.glob("cc*"))


def test_a_parameter_that_is_gone_is_named(whole_data):
    path = whole_data / "parameters.csv"
    rewritten(path, lambda rows: [row for row in rows if row["parameter"] != "electricity_bof"])
    with pytest.raises(InputError, match="the parameter electricity_bof is not in the table"):
        estimates(whole_data)


@pytest.mark.parametrize("factor", [0.5, 1.5])
def test_a_total_that_its_plants_contradict_is_refused(factor, whole_data):
    ends = {end: str(factor * v) for end, v in (("value", 80.5e6), ("low", 79.7e6), ("high", 80.8e6))}
    rewritten(whole_data / "parameters.csv", setting("national/clinker_2022", **ends))
    with pytest.raises(InputError, match=r"the clinker of 2022.*look at the total"):
        estimates(whole_data)


@pytest.mark.parametrize(
    ("column", "old", "new", "words"),
    [
        ("value", "EAF", "EAFF", "the route “EAFF” of nucor-hickman-ar is not one of iron_steel"),
        ("facility_id", "nucor-hickman-ar", "nucor-hickmann-ar", "nucor-hickmann-ar is not in the reg"),
    ],
)
def test_an_unknown_route_and_an_unknown_plant_of_an_attribute_are_refused(
    column, old, new, words, whole_data
):
    def change(rows):
        for row in rows:
            if row["facility_id"] == "nucor-hickman-ar" and row["attribute"] == "route":
                assert row[column] == old
                row[column] = new

    path = whole_data / "attributes.csv"
    rewritten(path, change)
    with pytest.raises(InputError, match=words) as caught:
        estimates(whole_data)
    assert caught.value.file == path
    assert caught.value.row


def test_the_first_kind_that_fits_says_unit_bounds_and_role():
    wanted = {
        "steel_utilisation_2020": "middle",
        "mill_use_spread": "width",
        "national/clinker_2022": "total",
        "heldout/clinker/TX": "test",
        "workforce/st-marys-dixon-il/1": "middle",
        "grid_least_share": "rule",
        "electricity_plant_spread": "width",
        "electricity_dri": "middle",
    }
    assert {name: kind_of(name, KINDS).role for name in wanted} == wanted
    assert kind_of("population_sparse", KINDS) is None


def test_strangers_are_plants_and_states_that_no_row_has():
    names = [
        "workforce/here/1",
        "workforce/away/1",
        "heldout/clinker/TX",
        "heldout/clinker/ZZ",
        "other",
    ]
    assert strangers(names, KINDS, {"here"}, {"TX"}) == ["workforce/away/1", "heldout/clinker/ZZ"]
