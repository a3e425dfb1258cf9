"""The toxic part of a build: real rows through to values with their rows, and sums done otherwise."""

import csv
import gzip
import json

import polars as pl
import pytest
from toxic_jobs import job_of

from comingclean.database import decided
from comingclean.errors import InputError
from comingclean.facilities import links
from comingclean.facilities.rejects import KEPT
from comingclean.model import GRADES, KINDS
from comingclean.snapshot import toxics
from comingclean.tables.columns import conform
from comingclean.tables.toxic import TOXIC, TOXIC_RELEASE, TOXIC_SITE, TOXIC_SITE_YEAR
from comingclean.views.words import LANGUAGES, words
from sliced import ROOT, SLICES

GARY, LASALLE = "us-steel-gary-works-in", "illinois-cement-lasalle-il"
GARY_TRI, GARY_FRS, HARBOR_TRI = "46402SSGRYONENO", "110000398374", "46312LTVST3001D"
OLD = SLICES / "epa-stewi-tri/flowbyfacility_TRI_2017.csv.gz"
STEEL = next((SLICES / "nrel-aegis/2017/steel").glob("*all_db.csv.gz"))


def lines_of(path):
    return list(csv.DictReader(gzip.decompress(path.read_bytes()).decode().splitlines()))


def filed_by(tri_id, *media):
    """Row number and line of what a facility filed for 2017."""
    return [
        (i, line)
        for i, line in enumerate(lines_of(OLD), start=2)
        if line["FacilityID"] == tri_id and line["Compartment"] in media
    ]


def inventory_of(group):
    """The lines of an FRS group in the inventory of 2017."""
    filed = [line for line in lines_of(STEEL) if line["Source"] == "NEI"]
    return [line for line in filed if line["FRS_ID"].removesuffix(".0") == group]


def kilograms(lines):
    return sum(float(line["FlowAmount"]) for line in lines)


def figure(made, plant, year, quantity):
    found = made.values.filter(facility_id=plant, year=year, quantity=quantity)
    return found.row(0, named=True) if found.height else None


def table(made, name):
    declared = next(one for one in TOXIC if one.name == name)
    return conform(made.tables[declared], declared)


@pytest.mark.parametrize("declared", TOXIC, ids=lambda one: one.name)
def test_every_table_fits_its_declaration(made, declared):
    frame = conform(made.tables[declared], declared)
    assert not frame.select(declared.key).is_duplicated().any()
    empty = [c.name for c in declared.columns if c.required and frame[c.name].null_count()]
    assert empty == []
    if declared.name != "reject":
        assert frame.height > 0


def test_values_have_all_that_they_need(made):
    values = made.values
    known = {r["quantity"] for r in decided.quantities(ROOT / "data").iter_rows(named=True)}
    assert set(values["quantity"]) <= known
    assert set(values["method"]) <= set(decided.toml(ROOT / "data/methods.toml"))
    assert set(values["kind"]) <= set(KINDS)
    assert set(values["grade"]) <= set(GRADES)
    assert values.filter(
        ~((pl.col("low") <= pl.col("value")) & (pl.col("value") <= pl.col("high")))
    ).is_empty()
    assert values.filter(pl.col("low") >= pl.col("high")).is_empty()
    assert not values.select("facility_id", "year", "quantity").is_duplicated().any()
    plants = {row["facility_id"] for _, row in decided.csv_rows(ROOT / "data/facilities.csv")}
    assert set(values["facility_id"]) <= plants


def test_every_source_row_is_given_to_lineage(made):
    rows = set(made.rows["lineage_id"])
    parameters = {f"parameters/{name}" for name in decided.parameters(ROOT / "data")["parameter"]}
    weights = {
        f"chemical_weights/{row['chemical']}"
        for _, row in decided.csv_rows(ROOT / "data/chemical_weights.csv")
    }
    used = {name for ids in made.values["sources"].to_list() for name in ids}
    for declared in TOXIC:
        if "sources" in made.tables[declared].columns:
            used |= {name for text in made.tables[declared]["sources"] for name in json.loads(text)}
    assert used - rows - parameters - weights == set()


def test_toxic_air_of_gary_is_the_sum_of_its_rows(made):
    for medium, quantity in (("air", "toxic_air"), ("water", "toxic_water"), ("soil", "toxic_land")):
        total = kilograms(line for _, line in filed_by(GARY_TRI, medium))
        value = figure(made, GARY, 2017, quantity)
        assert (value["value"] if value else 0) == pytest.approx(total)
    rows = sorted(f"epa_tri/2017#{i}" for i, _ in filed_by(GARY_TRI, "air"))
    ids = figure(made, GARY, 2017, "toxic_air")["sources"]
    assert [one for one in ids if one.startswith("epa_tri/")] == rows


def test_weighed_air_of_gary_by_hand(made):
    known = {r["chemical"]: r for r in table(made, "chemical").iter_rows(named=True)}
    parameters = decided.factors(decided.parameters(ROOT / "data"))
    share = parameters["toxicity_chromium_hexavalent_iron_steel"]
    total = bare = 0.0
    released = table(made, "toxic_release").filter(facility_id=GARY, year=2017, medium="air")
    for row in released.iter_rows(named=True):
        one = known[row["chemical"]]
        cancer = (one["unit_risk"] or 0) * 1000 / 2.8e-7
        other = 3.5 / one["reference"] if one["reference"] else 0
        total += row["kilograms"] * max(cancer, other) * (share if one["part"] else 1)
        bare += 0 if max(cancer, other) else row["kilograms"]
    assert figure(made, GARY, 2017, "toxicity_weighted_air")["value"] == pytest.approx(total)
    percent = 100 * bare / figure(made, GARY, 2017, "toxic_air")["value"]
    assert figure(made, GARY, 2017, "toxic_air_unweighted_share")["value"] == pytest.approx(percent)


def test_criteria_pollutants_of_gary_stand_under_another_name(made):
    filed = inventory_of(GARY_FRS)
    tonnes = {
        name: kilograms(line for line in filed if line["FlowName"].startswith(start)) / 1000
        for name, start in (("nox", "Nitrogen"), ("fine", "PM2.5"), ("between", "PM10-PM2.5"))
    }
    assert figure(made, GARY, 2017, "nox")["value"] == pytest.approx(tonnes["nox"])
    assert tonnes["nox"] > 1000
    whole = tonnes["fine"] + tonnes["between"]
    assert figure(made, GARY, 2017, "pm10")["value"] == pytest.approx(whole)


def test_a_smelter_has_no_criteria_pollutants_and_no_zero(made):
    smelter = made.values.filter(facility_id="alcoa-warrick-in")
    assert {"toxic_air", "toxicity_weighted_air"} <= set(smelter["quantity"])
    assert not set(smelter["quantity"]) & {"pm25", "so2", "nox"}


def test_a_shared_record_is_kept_at_the_site_and_both_plants_say_so(made):
    plants = {"cleveland-cliffs-indiana-harbor-east-in", "suncoke-indiana-harbor-coke-in"}
    assert set(made.findings.filter(rule="kept_at_site")["facility_id"]) == plants
    assert made.values.filter(
        pl.col("facility_id").is_in(plants) & (pl.col("quantity") == "nox")
    ).is_empty()
    kept = table(made, "air_emission").filter(facility_id="indiana-harbor-in", year=2017)
    assert kept.height > 5
    assert set(kept["shared"]) == {1}
    assert len(json.loads(kept["records"][0])) >= 1


def test_several_ids_of_a_plant_keep_their_parts_visible(ground, monkeypatch):
    linked = links.links(ground.data)
    first = linked.filter(facility_id=GARY, program="tri")
    both = pl.concat([linked, first.with_columns(program_id=pl.lit(HARBOR_TRI))])
    monkeypatch.setattr("comingclean.facilities.links.links", lambda data: both)
    from comingclean.database import toxics as build

    made = build.make(ground)
    rows = made.tables[TOXIC_RELEASE].filter(facility_id=GARY, year=2017, medium="air")
    assert set(rows["program_id"]) == {GARY_TRI, HARBOR_TRI}
    assert figure(made, GARY, 2017, "toxic_air")["value"] == pytest.approx(rows["kilograms"].sum())


def test_newer_years_come_from_the_official_file_with_zeros_and_without_a_basis(made):
    rows = table(made, "toxic_release").filter(facility_id=LASALLE)
    newer = rows.filter(year=2022)
    assert newer["reliability"].is_null().all()
    assert set(newer["method"]) == {"tri_unknown"}
    assert (newer["kilograms"] == 0).any()
    assert {"air", "air_stack", "air_fugitive"} <= set(newer["medium"])
    twenty = rows.filter(year=2020, medium="air")
    assert twenty["reliability"].is_not_null().all()  # StEWI has that year, with the basis
    assert {"air_stack", "landfill"} <= set(rows.filter(year=2020)["medium"])
    total = newer.filter(medium="air")["kilograms"].sum()
    assert figure(made, LASALLE, 2022, "toxic_air")["value"] == pytest.approx(total)


def test_sites_of_the_country_carry_sums_and_the_first_row_of_their_file(made):
    site = table(made, "toxic_site").filter(tri_id=GARY_TRI).row(0, named=True)
    assert site["facility_id"] == GARY
    years = table(made, "toxic_site_year").filter(number=site["number"], year=2017)
    year, filed = years.row(0, named=True), filed_by(GARY_TRI, "air")
    assert year["row"] == filed[0][0]
    assert year["kilograms"] == pytest.approx(kilograms(line for _, line in filed), rel=0.005)
    weighed = figure(made, GARY, 2017, "toxicity_weighted_air")["value"]
    assert year["weighted"] == pytest.approx(weighed, rel=0.005)


def test_every_first_row_is_that_of_the_facility(made):
    numbers = dict(made.tables[TOXIC_SITE].select("number", "tri_id").iter_rows())
    for year, name in ((2017, "csv.gz"), (2018, "csv.gz")):
        filed = lines_of(SLICES / f"epa-stewi-tri/flowbyfacility_TRI_{year}.{name}")
        rows = made.tables[TOXIC_SITE_YEAR].filter(year=year)
        assert rows.height > 5
        for row in rows.iter_rows(named=True):
            line = filed[row["row"] - 2]
            assert (line["FacilityID"], line["Compartment"]) == (numbers[row["number"]], "air")


def test_two_programs_are_compared_where_both_have_a_figure(made):
    pairs = table(made, "program_pair").filter(facility_id=GARY, year=2017)
    lead = pairs.filter(element="7439-92-1").row(0, named=True)
    filed = [line for _, line in filed_by(GARY_TRI, "air")]
    tri = kilograms(line for line in filed if line["FlowName"].startswith("LEAD"))
    nei = kilograms(line for line in inventory_of(GARY_FRS) if line["FlowName"] == "Lead")
    assert (lead["tri"], lead["nei"]) == (pytest.approx(tri), pytest.approx(nei))


def test_a_plant_of_2020_without_toxic_air_says_why(made):
    silent = made.findings.filter(subject="tri")
    filed = set(made.values.filter(year=2020, quantity="toxic_air")["facility_id"])
    assert not set(silent["facility_id"]) & filed


def test_a_damaged_file_of_the_mirror_sets_rows_aside_and_counts_them(mirror, own_data):
    path = mirror / "epa-stewi-tri/flowbyfacility_TRI_2017.csv.gz"
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    first = next(line for line in lines[1:] if line.startswith(GARY_TRI))
    strange = first.replace(first.split(",")[1], "PHLOGISTON") if '"' not in first else first
    path.write_bytes(gzip.compress("\n".join([*lines, first, strange]).encode()))
    tables = toxics.tables(job_of(mirror, own_data))
    aside = tables["reject"]
    assert aside.select("row", "reason", "record_id", "kept").rows() == [
        (len(lines) + 1, "copied_row", GARY_TRI, False),
        (len(lines) + 2, "unknown_chemical", GARY_TRI, False),
    ]
    clean = toxics.tables(job_of(SLICES, own_data))
    assert tables["tri_release"].equals(clean["tri_release"])


def test_every_reason_has_words_in_both_languages():
    said = decided.toml(ROOT / "data/rejects.toml")
    for one in said.values():
        assert one["en"].endswith(".") and one["es"].endswith(".")
        assert one["en"] != one["es"]
    modules = ("rejects", "forms", "releases", "emissions", "../snapshot/toxics")
    code = "".join((ROOT / f"src/comingclean/facilities/{name}.py").read_text() for name in modules)
    assert set(KEPT) <= set(said)
    for reason in said:
        assert f'"{reason}"' in code
    for topic in ("toxics", "air"):
        assert all(f"topic.{topic}" in words(lang) for lang in LANGUAGES)


def test_two_basic_files_of_one_year_are_refused(mirror, own_data):
    source = mirror / "epa-tri-basic/2020_il.csv"
    (mirror / "epa-tri-basic/2020_in.csv").write_bytes(source.read_bytes())
    with pytest.raises(InputError, match="speaks of 2020 as"):
        toxics.tables(job_of(mirror, own_data))


def test_a_damaged_inventory_sets_rows_aside_and_the_rest_stands(mirror, own_data):
    path = next((mirror / "nrel-aegis/2017/steel").glob("*all_db.csv.gz"))
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    head = next(csv.reader([lines[0]]))
    name, amount = (head.index(title) for title in ("FlowName", "FlowAmount"))
    ours = [line for line in lines[1:] if GARY_FRS in line and ",NEI" in line]
    copied, other = ours[0], next(csv.reader([ours[1]]))
    assert other[name] != next(csv.reader([copied]))[name]
    negative = ours[2].replace(next(csv.reader([ours[2]]))[amount], "-5.0")
    text = "\n".join([*(negative if line == ours[2] else line for line in lines), copied])
    path.write_bytes(gzip.compress(f"{text}\n".encode()))
    tables = toxics.tables(job_of(mirror, own_data))
    assert tables["reject"].select("row", "reason", "kept").sort("row").rows() == [
        (lines.index(ours[2]) + 1, "impossible_amount", False),
        (len(lines) + 1, "copied_row", False),
    ]
    clean = toxics.tables(job_of(SLICES, own_data))
    assert tables["nei_emission"].height == clean["nei_emission"].height - 1


def test_a_basic_file_with_two_headers_exchanged_is_refused(mirror, own_data):
    path = mirror / "epa-tri-basic/2020_il.csv"
    head, rest = path.read_text().split("\n", 1)
    assert "5.3 - WATER" in head and "5.2 - STACK AIR" in head
    moved = head.replace("5.3 - WATER", "@").replace("5.2 - STACK AIR", "5.3 - WATER")
    path.write_text(moved.replace("@", "5.2 - STACK AIR") + "\n" + rest)
    with pytest.raises(InputError, match="acid aerosols, found in air only, name water"):
        toxics.tables(job_of(mirror, own_data))


def test_what_a_chemical_is_called_in_spanish_is_in_its_row(made):
    rows = table(made, "chemical")
    names = dict(rows.select("chemical", "name_es").iter_rows())
    assert (names["N420"], names["71-43-2"]) == ("Compuestos de plomo", "Benceno")
    filed = table(made, "toxic_release").filter(pl.col("facility_id") == GARY)["chemical"]
    assert all(names[one] for one in filed)


def test_national_totals_are_held_by_chemical_and_medium(made):
    rows = table(made, "toxic_control")
    assert set(rows["medium"]) == {"air", "water", "land"}
    lead = rows.filter(chemical="7439-92-1")
    assert lead.height >= 2
    for row in rows.iter_rows(named=True):
        assert row["published"] > 0 or row["ours"] > 0
