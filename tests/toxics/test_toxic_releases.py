"""Rows of the Toxics Release Inventory sorted out: what is wrong is named and counted, never lost."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.facilities import emissions, releases
from comingclean.snapshot.toxics_read import ToxicRead
from comingclean.sources import nei, tri, tri_sites
from sliced import SLICES

NEW = SLICES / "epa-stewi-tri/flowbyfacility_TRI_2020.parquet"
LEAD, DIOXIN = "Lead compounds", "Dioxin and dioxin-like compounds"
NAMES = pl.DataFrame(
    {
        "inventory": ["TRI", "TRI", "NEI", "NEI"],
        "plain": ["lead compounds", "dioxin and dioxin-like compounds", "lead", "methane"],
        "chemical": ["N420", "N150", "7439-92-1", "74-82-8"],
    }
)


def rows(*lines):
    columns = ("tri_id", "chemical", "medium", "kilograms")
    frame = pl.DataFrame(lines, schema=columns, orient="row", strict=False)
    return frame.with_columns(
        pl.col("kilograms").cast(pl.Float64),
        pl.lit(2.0).alias("reliability"),
        pl.int_range(2, pl.len() + 2).alias("row"),
        pl.lit(2020, dtype=pl.Int32).alias("year"),
    )


def sorted_out(*lines):
    return releases.sort_out(rows(*lines), NAMES, "epa_tri")


def reasons(aside):
    return dict(aside.select("row", "reason").iter_rows())


def test_a_real_file_is_sorted_without_a_loss(job):
    filed = tri.read(NEW)
    kept, aside = releases.sort_out(filed, ToxicRead(job).names, "epa_tri")
    assert kept.height == filed.height
    assert aside.is_empty()
    assert kept["kilograms"].to_list() == filed["kilograms"].to_list()


def test_old_and_new_spellings_mean_the_same_chemical(job):
    names = ToxicRead(job).names
    old = tri.read(SLICES / "epa-stewi-tri/flowbyfacility_TRI_2017.csv.gz")
    keys = [set(releases.sort_out(f, names, "epa_tri")[0]["chemical"]) for f in (old, tri.read(NEW))]
    assert {"N090", "N420", "7647-01-0", "191-24-2", "N511"} <= keys[0] & keys[1]


def test_an_unknown_chemical_is_set_aside_with_its_row():
    kept, aside = sorted_out(("A", LEAD, "air", 1), ("A", "Unobtainium", "air", 2))
    assert kept["row"].to_list() == [2]
    assert aside.row(0, named=True) == {
        "source_id": "epa_tri",
        "year": 2020,
        "row": 3,
        "record_id": "A",
        "subject": "Unobtainium",
        "reason": "unknown_chemical",
        "kept": False,
    }


def test_a_copied_row_counts_once():
    kept, aside = sorted_out(*[("A", LEAD, "air", 5)] * 3, ("A", LEAD, "water", 5))
    assert kept["row"].to_list() == [2, 5]
    assert reasons(aside) == {3: "copied_row", 4: "copied_row"}


def test_rows_that_contradict_each_other_all_stay_out():
    kept, aside = sorted_out(("A", LEAD, "air", 5), ("A", LEAD, "air", 6), ("B", LEAD, "air", 6))
    assert kept["row"].to_list() == [4]
    assert reasons(aside) == {2: "contradicting_rows", 3: "contradicting_rows"}


def test_a_copy_among_contradicting_rows_does_not_save_them():
    kept, aside = sorted_out(("A", LEAD, "air", 5), ("A", LEAD, "air", 5), ("A", LEAD, "air", 6))
    assert kept.is_empty()
    assert aside.height == 3


def test_dioxins_that_were_taken_for_kilograms_stay_out():
    """The whole country files two kilograms; the largest row of eleven years is 1.67."""
    kept, aside = sorted_out(
        ("A", DIOXIN, "air", 0.002),
        ("B", DIOXIN, "air", 681.0),
        ("C", DIOXIN, "land", 1.67),
        ("D", DIOXIN, "air", 5.1),
        ("E", LEAD, "air", 681.0),
    )
    assert kept["row"].to_list() == [2, 4, 6]
    assert reasons(aside) == {3: "dioxin_unit", 5: "dioxin_unit"}


def dioxins(*amounts, medium="air", tri_id="A"):
    """What a facility filed of dioxins, a year each from 2010, and what of it is a slip."""
    frames = [
        rows((tri_id, "N150", medium, amount)).with_columns(
            pl.lit(year, dtype=pl.Int32).alias("year"), pl.lit(DIOXIN).alias("filed_as")
        )
        for year, amount in enumerate(amounts, start=2010)
    ]
    return pl.concat(frames)


@pytest.mark.parametrize(
    ("amounts", "wrong"),
    [
        ((0.0003, 0.0004, 0.35, 0.0002), [2012]),  # grams taken for kilograms
        ((0.0003, 0.0004, 0.16, 0.0002), [2012]),  # grams taken for pounds
        ((0.0003, 0.0004, 0.06, 0.0002), []),  # a bad year
        ((0.35, 0.0003, 0.3), []),  # two such years: no one knows which is wrong
        ((0.0, 0.0, 0.35), []),  # nothing to hold it against
        ((0.0000001, 0.0000001, 0.35), []),  # more than any unit makes
        ((0.35,), []),
    ],
)
def test_a_dioxin_a_thousand_times_that_of_all_other_years_is_a_slip(amounts, wrong):
    filed = dioxins(*amounts)
    kept, aside = releases.slipped(filed, "epa_tri")
    assert aside["year"].to_list() == wrong
    assert set(aside["reason"]) <= {"dioxin_unit"}
    assert kept.height + aside.height == filed.height
    assert kept.columns == filed.columns


def test_a_slip_is_held_against_the_same_facility_and_medium_only():
    filed = pl.concat(
        [dioxins(0.0003, 0.0004), dioxins(0.35, medium="land"), dioxins(0.35, tri_id="B")]
    )
    assert releases.slipped(filed, "epa_tri")[1].is_empty()
    lead = dioxins(0.0003, 0.0004, 0.35).with_columns(chemical=pl.lit("N420"))
    assert releases.slipped(lead, "epa_tri")[1].is_empty()


@pytest.mark.parametrize(
    ("amount", "reason"), [(-1, "impossible_amount"), (2e9, "impossible_amount"), (None, "no_amount")]
)
def test_an_amount_that_cannot_be_stays_out(amount, reason):
    kept, aside = sorted_out(("A", LEAD, "land", amount))
    assert kept.is_empty()
    assert reasons(aside) == {2: reason}


def test_a_reported_zero_is_kept():
    kept, aside = sorted_out(("A", LEAD, "air", 0))
    assert kept["kilograms"].to_list() == [0]
    assert aside.is_empty()


LINE = st.tuples(
    st.sampled_from("AB"),
    st.sampled_from([LEAD, DIOXIN, "Nonsense"]),
    st.sampled_from(["air", "land"]),
    st.sampled_from([None, -1.0, 0.0, 1.0, 2.0, 500.0, 3e9]),
)


@given(st.lists(LINE, min_size=1, max_size=12))
def test_every_row_is_either_kept_or_set_aside(lines):
    kept, aside = sorted_out(*lines)
    assert sorted([*kept["row"], *aside["row"]]) == list(range(2, len(lines) + 2))
    key = kept.select("tri_id", "chemical", "medium")
    assert not key.is_duplicated().any()


# --- Facilities that moved to another industry


def test_a_facility_that_moved_industry_is_named_and_its_releases_count():
    sites = tri_sites.read(SLICES / "epa-stewi-tri/facility_TRI_2017.csv.gz").head(2)
    later = sites.with_columns(
        pl.lit(2018, dtype=pl.Int32).alias("year"), pl.Series("naics", ["311611", sites["naics"][1]])
    )
    moved = releases.moved_industry(pl.concat([sites, later]), "epa_tri_sites")
    assert moved.select("record_id", "year", "reason", "kept").rows() == [
        (sites["tri_id"][0], 2018, "moved_industry", True)
    ]
    assert "3116" in moved["subject"][0]


# --- The emissions inventory by FRS group


def test_a_plant_gets_its_whole_group_whatever_the_name(compiled):
    rows = compiled["nei_emission"].filter(year=2017)
    owners = compiled["nei_owner"].filter(year=2017)
    gary = owners.filter(facility_id="us-steel-gary-works-in")["group"].to_list()
    assert gary == ["110000398374"]
    nitrogen = rows.filter(group="110000398374", chemical="NOX")
    assert nitrogen["eis_id"].to_list() == ["10697311"]  # “ArcelorMittal Plate (Gary Plate)”
    assert nitrogen["kilograms"][0] > 1e6


def test_a_record_of_two_plants_belongs_to_their_site(compiled):
    shared = compiled["nei_owner"].filter("shared")
    assert set(shared["facility_id"]) == {"indiana-harbor-in"}
    assert set(shared["plants"][0].split("; ")) == {
        "cleveland-cliffs-indiana-harbor-east-in",
        "suncoke-indiana-harbor-coke-in",
    }


def test_records_without_an_frs_id_are_no_group():
    path = SLICES / "nrel-aegis/2017/steel"
    rows = emissions.with_groups(nei.read(next(path.glob("*all_db.csv.gz"))))
    lone = rows.filter(pl.col("frs_id").is_null())
    assert lone.height > 0
    assert lone["group"].str.starts_with("EIS ").all()
    ours = emissions.whole_groups(rows, pl.Series(["10697311"]))
    assert set(ours["group"]) == {"110000398374"}


def test_a_record_that_is_not_linked_comes_with_its_group_and_a_stranger_does_not():
    rows = pl.DataFrame(
        {
            "eis_id": ["1", "2", "3"],
            "year": [2017] * 3,
            "group": ["F1", "F1", "F2"],
            "kilograms": [1, 2, 4],
        }
    )
    ours = emissions.whole_groups(rows, pl.Series(["1"]))
    assert ours["kilograms"].to_list() == [1, 2]


def inventoried(*lines, **more):
    """Rows of the inventory from (record, pollutant, kilograms), numbered from 2."""
    names = {"eis_id": pl.String, "pollutant": pl.String, "kilograms": pl.Float64}
    frame = pl.DataFrame(list(lines), schema=names, orient="row")
    return frame.with_columns(
        pl.lit("nei_steel").alias("source_id"),
        pl.lit(2017, dtype=pl.Int32).alias("year"),
        pl.int_range(2, pl.len() + 2).alias("row"),
        *(pl.Series(name, values) for name, values in more.items()),
    )


def test_greenhouse_gases_and_unknown_pollutants_do_not_pass():
    filed = inventoried(("1", "Lead", 4), ("1", "Phlogiston", 1), ("1", "Methane", 9))
    good, bad = emissions.sort_out(filed, NAMES)
    assert good["chemical"].to_list() == ["7439-92-1"]
    assert bad.select("row", "subject", "reason", "kept").rows() == [
        (3, "Phlogiston", "unknown_chemical", False)
    ]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        ([("1", "Lead", 4), ("1", "Lead", 4)], {3: "copied_row"}),
        ([("1", "Lead", 4), ("1", "Lead", 5)], dict.fromkeys((2, 3), "contradicting_rows")),
        ([("1", "Lead", -4)], {2: "impossible_amount"}),
        ([("1", "Lead", 2e9)], {2: "impossible_amount"}),
        ([("1", "Lead", None)], {2: "no_amount"}),
        ([("1", "Lead", 0), ("2", "Lead", 4)], {}),
    ],
)
def test_rows_of_the_inventory_are_judged_as_releases_are(lines, wrong):
    good, bad = emissions.sort_out(inventoried(*lines), NAMES)
    assert reasons(bad) == wrong
    assert bad["source_id"].to_list() == ["nei_steel"] * bad.height
    assert sorted([*good["row"], *bad["row"]]) == list(range(2, len(lines) + 2))


def test_two_processes_of_a_record_may_release_the_same():
    twins = inventoried(("1", "Lead", 4), ("1", "Lead", 4), scc=["30300101", "30300102"])
    assert emissions.sort_out(twins, NAMES)[1].is_empty()
    copy = inventoried(("1", "Lead", 4), ("1", "Lead", 4), scc=["30300101", "30300101"])
    assert reasons(emissions.sort_out(copy, NAMES)[1]) == {3: "copied_row"}
