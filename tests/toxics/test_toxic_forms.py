"""Forms of the basic file: each amount counts where EPA files it, and what cannot be right is named."""

import csv

import polars as pl
import pytest

from comingclean.errors import InputError
from comingclean.facilities import forms
from comingclean.snapshot.toxics_read import ToxicRead
from comingclean.sources import tri_basic
from sliced import SLICES

BASIC = SLICES / "epa-tri-basic/2020_il.csv"
COAL, FOUNDRY, PLATER = "6286WSGRCM11351", "60090NLNDD161CA", "60007LKGRV776LU"
POUND = 0.45359237
LISTED = frozenset({"N420", "N150", "7664-93-9", "7647-01-0", "71-43-2"})


def basic(**changes):
    """The first form of the file as lead compounds, 10 kg to air by a stack, with changes."""
    form = {"unit": "Pounds", "chemical_id": "N420", "cas": "N420", "air_stack": 10.0}
    form |= {name: 0.0 for name in tri_basic.AMOUNTS if name not in form}
    form |= {"on_site_total": 10.0, "total": 10.0}
    return (
        tri_basic.read(BASIC)
        .head(1)
        .with_columns(**{name: pl.lit(value) for name, value in (form | changes).items()})
    )


def sorted_out(frame):
    return forms.sort_out(frame, LISTED, "epa_tri_basic")


def lines(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def sums(long):
    return dict(long.group_by("medium").agg(pl.col("kilograms").sum()).iter_rows())


# --- Real forms


@pytest.mark.parametrize("year", [2018, 2020, 2022])
def test_the_forms_of_a_real_file_add_up_to_its_own_totals(year, job):
    path = SLICES / f"epa-tri-basic/{year}_il.csv"
    filed = tri_basic.read(path)
    forms.refuse_swapped(filed, path)
    long, aside = forms.sort_out(filed, ToxicRead(job).listed, "epa_tri_basic")
    assert set(aside["reason"]) <= {"same_form_again"}
    assert aside["kept"].all()
    by = sums(long)
    assert by["air"] == pytest.approx(by["air_stack"] + by["air_fugitive"])
    off_site = filed["off_site_land_treatment"].sum() + filed["off_site_land_other"].sum()
    on_site = sum(by[m] for m in ("air", "water", "land", "landfill", "impoundment", "underground"))
    assert on_site - off_site == pytest.approx(filed["on_site_total"].sum())
    assert by["off_site"] + on_site - off_site == pytest.approx(filed["total"].sum())
    assert (long["kilograms"] == 0).any()


@pytest.mark.parametrize(
    ("year", "tri_id", "medium", "column"),
    [
        (2020, COAL, "landfill", "58. 5.5.1B - OTHER LANDFILLS"),
        (2020, COAL, "impoundment", "62. 5.5.3B - OTHER SURFACE I"),
        (2020, FOUNDRY, "landfill", "57. 5.5.1A - RCRA C LANDFILL"),
        (2018, PLATER, "underground", "54. 5.4.1 - UNDERGROUND CL I"),
    ],
)
def test_landfills_ponds_and_wells_are_filed_by_their_permit(year, tri_id, medium, column):
    """EPA leaves the column without a permit empty; what was read from it alone was always nought."""
    path = SLICES / f"epa-tri-basic/{year}_il.csv"
    titles = {name.split(". ", 1)[1]: name for name in lines(path)[0]}
    title = titles[column.split(". ", 1)[1]]
    filed = [float(row[title] or 0) for row in lines(path) if row["2. TRIFD"] == tri_id]
    long, _ = sorted_out(tri_basic.read(path))
    every, _ = forms.sort_out(
        tri_basic.read(path), frozenset(tri_basic.read(path)["chemical_id"]) | LISTED, "x"
    )
    made = every.filter(tri_id=tri_id, medium=medium)["kilograms"].sum()
    assert sum(filed) > 0
    assert made == pytest.approx(POUND * sum(filed))
    assert set(long["medium"]) == set(forms.MEDIA)


def test_the_basic_file_agrees_with_stewi_where_nothing_was_restated(compiled):
    rows = compiled["tri_agreement"].filter(year=2020)
    lasalle = rows.filter(tri_id="61301LLNSCLIBER", medium="air").row(0, named=True)
    assert lasalle["stewi"] == pytest.approx(lasalle["basic"], rel=1e-4)
    moved = rows.filter(tri_id="62618XCLCRRR1BO", medium="land").row(0, named=True)
    assert moved["stewi"] < 0.6 * moved["basic"]


# --- One form


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"unit": "Tons"}, "unknown_unit"),
        ({"unit": None}, "unknown_unit"),
        ({"unit": "Grams"}, "dioxin_unit"),
        ({"chemical_id": "N150"}, "dioxin_unit"),
        (
            {
                "chemical_id": "N150",
                "unit": "Grams",
                "air_stack": 6.0,
                "on_site_total": 6.0,
                "total": 6.0,
            },
            "dioxin_unit",
        ),
        ({"chemical_id": None}, "unknown_chemical"),
        ({"chemical_id": "N999"}, "unknown_chemical"),
        ({"chemical_id": "XYZ"}, "unknown_chemical"),
        ({"chemical_id": "75-01-3", "cas": "75-01-3"}, "unknown_chemical"),  # a wrong check digit
        ({"chemical_id": "75-01-4", "cas": "71-43-2"}, "unknown_chemical"),  # two numbers
        ({"air_stack": -1.0}, "impossible_amount"),
        ({"air_stack": 2e9, "on_site_total": 2e9, "total": 2e9}, "impossible_amount"),
        ({"air_stack": 100.0}, "parts_do_not_add"),
        ({"total": 100.0}, "parts_do_not_add"),
        (
            {"chemical_id": "7664-93-9", "cas": "7664-93-9", "air_stack": 0.0, "water": 10.0},
            "aerosol_to_water",
        ),
    ],
)
def test_a_form_that_cannot_be_stays_out(changes, reason):
    long, aside = sorted_out(basic(**changes))
    assert long.is_empty()
    assert aside.select("reason", "kept").rows() == [(reason, False)]


def test_a_good_form_passes_without_a_word():
    long, aside = sorted_out(basic())
    assert aside.is_empty()
    assert sums(long)["air"] == 10
    gram = {"chemical_id": "N150", "cas": "N150", "unit": "Grams"}
    small = dict.fromkeys(("air_stack", "on_site_total", "total"), 0.001)
    assert sorted_out(basic(**gram, **small))[1].is_empty()


def test_a_valid_number_that_no_list_has_counts_and_is_named():
    long, aside = sorted_out(basic(chemical_id="0000075014", cas="75-01-4"))
    assert set(long["chemical"]) == {"75-01-4"}
    assert aside.select("reason", "kept").rows() == [("unlisted_chemical", True)]


def test_rounding_to_the_pound_is_no_fault_of_a_form():
    assert sorted_out(basic(air_stack=10.04))[1].is_empty()
    assert sorted_out(basic(air_stack=10.1))[1]["reason"].to_list() == ["parts_do_not_add"]


def test_a_form_that_stands_twice_counts_once_and_two_forms_add_up():
    one = basic()
    twice, aside = sorted_out(pl.concat([one, one]))
    assert aside["reason"].to_list() == ["copied_row"]
    other = basic(form="9999999999999", air_stack=4.0, on_site_total=4.0, total=4.0)
    both, none = sorted_out(pl.concat([one, other]))
    assert none.is_empty()
    assert both.height == 2 * twice.height


def test_another_form_with_the_very_same_amounts_counts_and_is_named():
    again = pl.concat([basic(), basic(form="9999999999999")])
    both, aside = sorted_out(again)
    assert sums(both)["air"] == 20
    assert aside.select("reason", "kept").rows() == [("same_form_again", True)]
    empty = {"air_stack": 0.0, "on_site_total": 0.0, "total": 0.0}
    nothing = pl.concat([basic(**empty), basic(form="9999999999999", **empty)])
    assert sorted_out(nothing)[1].is_empty()


# --- Whole files


def swapped(mirror, *titles):
    """A real file with the headers of two columns exchanged."""
    path = mirror / "epa-tri-basic/2020_il.csv"
    head, rest = path.read_text().split("\n", 1)
    first, second = (next(c for c in head.split(",") if c.strip('"').endswith(t)) for t in titles)
    moved = head.replace(first, "@").replace(second, first).replace("@", second)
    path.write_text(f"{moved}\n{rest}")
    return path


def test_water_and_stack_air_exchanged_are_refused_by_the_acids(mirror):
    path = swapped(mirror, "5.3 - WATER", "5.2 - STACK AIR")
    with pytest.raises(InputError, match="forms of acid aerosols, found in air only, name water"):
        forms.refuse_swapped(tri_basic.read(path), path)


def test_a_total_in_the_place_of_a_part_is_refused_by_the_sums(mirror):
    path = swapped(mirror, "5.5.2 - LAND TREATMENT", "ON-SITE RELEASE TOTAL")
    with pytest.raises(InputError, match="the parts miss “ON-SITE RELEASE TOTAL”"):
        forms.refuse_swapped(tri_basic.read(path), path)


def agreement(near, far):
    """Facilities beside StEWI: `near` that agree and `far` that do not."""
    stewi = [1.0] * near + [1.0] * far
    both = {"stewi": stewi, "basic": [1.001] * near + [20.0] * far, "medium": ["air"] * (near + far)}
    return pl.DataFrame(both).with_columns(row=pl.int_range(2, near + far + 2))


def test_a_file_that_says_something_else_than_stewi_is_refused():
    with pytest.raises(InputError, match="to air only 40% of facilities"):
        forms.refuse_stranger(agreement(8, 12), BASIC)
    forms.refuse_stranger(agreement(12, 8), BASIC)
    forms.refuse_stranger(agreement(2, 12), BASIC)  # too few to say
