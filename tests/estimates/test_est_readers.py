import csv

import polars as pl
import pytest

from comingclean.database import estimated, filings
from comingclean.database.part import Ground
from comingclean.errors import InputError
from comingclean.snapshot import filings as filing_part
from comingclean.snapshot import industry
from comingclean.snapshot.part import Job
from comingclean.sources import card, egrid
from comingclean.tables.estimates import ESTIMATES
from industry_slices import FLOWS, GEM, NATIONAL, POWER, RATES
from sliced import COUNTIES, SLICES


def copy(tmp_path, name, change):
    """A slice with its rows changed by a function."""
    with (SLICES / name).open(newline="") as stream:
        rows = list(csv.reader(stream))
    goal = tmp_path / "cut.csv"
    with goal.open("w", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(change(rows))
    return goal


def test_rates_come_in_kilograms_a_megawatt_hour_without_the_average():
    rates = egrid.read_rates(SLICES / RATES)
    row = rates.filter((pl.col("subregion") == "RFCW") & (pl.col("year") == 2019)).row(0, named=True)
    assert row["co2"] == pytest.approx(1067.7 * 0.45359237)
    assert (row["ch4"], row["n2o"]) == pytest.approx((0.099 * 0.45359237, 0.014 * 0.45359237))
    assert row["row"] == 19
    assert sorted(rates["year"].unique()) == [2019, 2022, 2023]
    assert rates["subregion"].str.len_chars().unique().to_list() == [4]
    assert rates.height == 26 + 27 + 27


def test_a_subregion_twice_a_missing_rate_and_a_missing_column_are_named(tmp_path):
    twice = copy(tmp_path, RATES, lambda rows: [*rows, rows[1]])
    with pytest.raises(InputError, match="AKGD stands twice") as caught:
        egrid.read_rates(twice)
    assert caught.value.row == len(twice.read_text().splitlines())
    empty = copy(tmp_path, RATES, lambda rows: [rows[0], [*rows[1][:3], "", *rows[1][4:]]])
    with pytest.raises(InputError, match="AKGD lacks a rate"):
        egrid.read_rates(empty)
    word = copy(tmp_path, RATES, lambda rows: [rows[0], [*rows[1][:3], "much", *rows[1][4:]]])
    with pytest.raises(InputError, match="“much” is not a number"):
        egrid.read_rates(word)
    bare = copy(tmp_path, RATES, lambda rows: [row[:3] for row in rows])
    with pytest.raises(InputError, match="missing column"):
        egrid.read_rates(bare)


def test_rates_of_2018_are_sums_over_plants():
    plants, flows = egrid.read_plants(SLICES / POWER), egrid.read_flows(SLICES / FLOWS)
    found = egrid.rates_of(plants, flows)
    one = plants.filter(pl.col("subregion") == found["subregion"][0])
    ours = flows.filter(pl.col("plant_id").is_in(one["plant_id"].implode()))
    assert found["co2"][0] == pytest.approx(ours["co2"].sum() / ours["mwh"].sum())
    assert set(found["subregion"]) <= set(plants["subregion"])


def test_power_is_counted_in_megawatt_hours():
    with (SLICES / FLOWS).open(newline="") as stream:
        rows = [r for r in csv.DictReader(stream) if r["FlowName"] == "Electricity"]
    flows = egrid.read_flows(SLICES / FLOWS)
    named = dict(flows.select("plant_id", "mwh").iter_rows())
    assert named[rows[0]["FacilityID"]] == pytest.approx(float(rows[0]["FlowAmount"]) / 3600)


@pytest.fixture(scope="module")
def sliced_ground(data, tmp_path_factory):
    """A snapshot of the slices with filings and what is known of the industries, and its ground."""
    cards, folder = card.cards(data), tmp_path_factory.mktemp("industry")
    names = {*filing_part.PART.sources, *filing_part.PART.optional, *industry.PART.sources}
    files = {name: card.find(SLICES, cards[name], optional=True) for name in names}
    job = Job(files, data, COUNTIES, lambda text: None)
    made = [filing_part.PART.tables(job), industry.PART.tables(job)]
    pl.concat([tables.pop("file") for tables in made]).write_parquet(folder / "file.parquet")
    for tables in made:
        for name, frame in tables.items():
            frame.write_parquet(folder / f"{name}.parquet")
    return Ground(folder, data)


def test_output_stands_under_the_plant_or_the_site_of_its_record(sliced_ground):
    rows = sliced_ground.raw("gem_output")
    assert {"indiana-harbor-in", "us-steel-gary-works-in"} <= set(rows["unit"])
    gary = rows.filter((pl.col("unit") == "us-steel-gary-works-in") & (pl.col("product") == "pig_iron"))
    assert dict(gary.select("year", "kilotonnes").iter_rows())[2021] == 4980.0
    assert not gary["shared"].any()


def test_the_files_behind_it_are_named_once_a_year(sliced_ground):
    rows = sliced_ground.raw("file").filter(pl.col("source_id").str.starts_with("epa_egrid"))
    assert rows.select("source_id", "year").sort("source_id", "year").rows() == [
        ("epa_egrid_flows", 2018),
        ("epa_egrid_plants", 2018),
        ("epa_egrid_rates", 2019),
        ("epa_egrid_rates", 2022),
        ("epa_egrid_rates", 2023),
    ]
    files = {path.rsplit("/", 1)[1] for path in (GEM, NATIONAL, RATES, POWER, FLOWS)}
    named = {name.rsplit("/", 1)[1] for name in sliced_ground.raw("file")["name"]}
    assert files <= named


def test_a_few_plants_are_estimated_with_their_rows_findings_and_tables(sliced_ground):
    made = estimated.make(sliced_ground, filings.make(sliced_ground).values)
    values = made.values
    harbor = values.filter(
        pl.col("facility_id").str.contains("indiana-harbor-(east|west)")
        & (pl.col("quantity") == "production")
        & (pl.col("year") == 2020)
    )
    assert harbor.height == 2
    assert set(harbor["method"]) == {"steel_site_shared_out"}
    named = {name for row in values["sources"] for name in row}
    rows = set(made.rows["lineage_id"])
    looked_up = {name for name in named if name.startswith(("gem_steel", "usgs", "epa_egrid"))}
    assert looked_up
    assert looked_up <= rows
    assert {table.name for table in made.tables} == {table.name for table in ESTIMATES}
    assert (
        made.findings.select(pl.col("sentence_en").str.contains("{", literal=True).any()).item()
        is False
    )
    assert made.findings["sentence_es"].null_count() == 0


def test_a_total_that_a_few_plants_cannot_meet_stops_the_build(sliced_ground, tmp_path):
    folder = tmp_path / "snapshot"
    folder.mkdir()
    for path in sliced_ground.snapshot.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    total = pl.read_parquet(folder / "national_total.parquet")
    clinker = total.head(1).with_columns(
        pl.lit("clinker production").alias("series"),
        pl.lit("kt").alias("unit"),
        pl.lit(2020, dtype=pl.Int32).alias("year"),
        pl.lit(79100.0).alias("value"),
    )
    pl.concat([total, clinker]).write_parquet(folder / "national_total.parquet")
    ground = Ground(folder, sliced_ground.data)
    with pytest.raises(InputError, match=r"the clinker of 2020.* from what its \d plants make"):
        estimated.make(ground, filings.make(ground).values)
