"""Rows of the Toxics Release Inventory sorted out: what is wrong is named and counted, never lost."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comingclean.errors import InputError
from comingclean.facilities import chemistry, emissions, releases
from comingclean.sources import nei, tri, tri_basic, tri_sites
from sliced import SLICES

NEW = SLICES / "epa-stewi-tri/flowbyfacility_TRI_2020.parquet"
BASIC = SLICES / "epa-tri-basic/2020_il.csv"
LEAD, DIOXIN = "Lead compounds", "Dioxin and dioxin-like compounds"
NAMES = pl.DataFrame(
    {
        "inventory": ["TRI", "TRI", "NEI"],
        "plain": ["lead compounds", "dioxin and dioxin-like compounds", "lead"],
        "chemical": ["N420", "N150", "7439-92-1"],
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
    names = job_names(job)
    kept, aside = releases.sort_out(filed, names, "epa_tri")
    assert kept.height == filed.height
    assert aside.is_empty()
    assert kept["kilograms"].to_list() == filed["kilograms"].to_list()


def job_names(job):
    from comingclean.snapshot.toxics import _Read

    return _Read(job).names


def test_old_and_new_spellings_mean_the_same_chemical(job):
    names = job_names(job)
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
    kept, aside = sorted_out(("A", DIOXIN, "air", 0.002), ("B", DIOXIN, "air", 681.0))
    assert kept["row"].to_list() == [2]
    assert reasons(aside) == {3: "dioxin_unit"}


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


# --- The basic file


def basic(**changes):
    one = tri_basic.read(BASIC).head(1).with_columns(unit=pl.lit("Pounds"), chemical_id=pl.lit("N420"))
    return one.with_columns(**{name: pl.lit(value) for name, value in changes.items()})


def test_forms_of_a_real_basic_file_add_up_to_the_media():
    filed = tri_basic.read(BASIC)
    long, aside = releases.sort_out_basic(filed, "epa_tri_basic")
    assert aside.is_empty()
    sums = dict(long.group_by("medium").agg(pl.col("kilograms").sum()).iter_rows())
    assert sums["air"] == pytest.approx(filed["air_stack"].sum() + filed["air_fugitive"].sum())
    assert sums["air"] == pytest.approx(sums["air_stack"] + sums["air_fugitive"])
    parts = ("land_treatment", "land_other", "off_site_land_treatment", "off_site_land_other")
    assert sums["land"] == pytest.approx(sum(filed[name].sum() for name in parts))
    assert (long["kilograms"] == 0).any()


def test_the_basic_file_agrees_with_stewi_where_nothing_was_restated(compiled):
    rows = compiled["tri_agreement"].filter(year=2020)
    lasalle = rows.filter(tri_id="61301LLNSCLIBER", medium="air").row(0, named=True)
    assert lasalle["stewi"] == pytest.approx(lasalle["basic"], rel=1e-4)
    moved = rows.filter(tri_id="62618XCLCRRR1BO", medium="land").row(0, named=True)
    assert moved["stewi"] < 0.6 * moved["basic"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"unit": "Tons"}, "unknown_unit"),
        ({"unit": "Grams"}, "dioxin_unit"),
        ({"chemical_id": "N150"}, "dioxin_unit"),
        ({"chemical_id": None}, "unknown_chemical"),
        ({"air_stack": -1.0}, "impossible_amount"),
    ],
)
def test_a_form_that_cannot_be_stays_out(changes, reason):
    long, aside = releases.sort_out_basic(basic(**changes), "epa_tri_basic")
    assert long.is_empty()
    assert aside["reason"].to_list() == [reason]


def test_a_form_that_stands_twice_counts_once_and_two_forms_add_up():
    one = basic()
    twice, aside = releases.sort_out_basic(pl.concat([one, one]), "epa_tri_basic")
    assert aside["reason"].to_list() == ["copied_row"]
    other = one.with_columns(form=pl.lit("9999999999999"))
    both, none = releases.sort_out_basic(pl.concat([one, other]), "epa_tri_basic")
    assert none.is_empty()
    assert both.height == 2 * twice.height


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


# --- Chemicals


def test_a_name_decided_twice_is_refused(job, own_data):
    from comingclean.snapshot.toxics import _Read

    path = own_data / chemistry.NAMES
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(InputError, match="stands twice"):
        chemistry.names(_Read(job).lists, own_data)


def test_chromium_is_weighed_as_hexavalent_by_a_share_and_dioxins_not_at_all(compiled):
    known = {row["chemical"]: row for row in compiled["chemical"].iter_rows(named=True)}
    for key in ("N090", "7440-47-3"):
        if key in known:
            assert known[key]["part"] == "toxicity_chromium_hexavalent"
            assert known[key]["unit_risk"] == 0.01839
    assert known["N150"]["unit_risk"] is None
    assert known["N150"]["weighed_as"] is None
    assert known["N420"]["reference"] == 0.00015
    assert known["N420"]["element"] == "7439-92-1"
    assert known["N458"]["reference"] == 0.0003


def test_a_benchmark_of_zero_is_none(compiled):
    known = {row["chemical"]: row for row in compiled["chemical"].iter_rows(named=True)}
    assert known["108-88-3"]["unit_risk"] is None
    assert known["108-88-3"]["reference"] == 5
    assert not (compiled["chemical"]["unit_risk"] == 0).any()


def test_every_chemical_has_a_name_and_metals_are_told_apart(compiled):
    frame = compiled["chemical"]
    assert frame["name"].is_not_null().all()
    metals = set(frame.filter(metal=True)["chemical"])
    assert {"N420", "N982", "7439-92-1"} <= metals
    assert not metals & {"71-43-2", "N590", "7664-41-7"}
    hap = dict(frame.select("chemical", "hap").iter_rows())
    assert hap["71-43-2"] is True
    assert hap["7664-41-7"] is False


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


def test_greenhouse_gases_and_unknown_pollutants_do_not_pass():
    filed = pl.DataFrame({"pollutant": ["Lead", "Phlogiston"], "eis_id": ["1", "1"]})
    good, bad = emissions.named(filed, NAMES)
    assert good["chemical"].to_list() == ["7439-92-1"]
    assert bad["pollutant"].to_list() == ["Phlogiston"]
