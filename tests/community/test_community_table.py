"""The compiled table: joined by tract, in whole steps, counties of 2023, and how much is known."""

import polars as pl
import pytest
from community_slices import FILES, compiled, real_table, regions, words

from comingclean import store
from comingclean.estimates import community_table
from comingclean.estimates.community_arrays import build
from comingclean.estimates.community_table import STEPS, compile_indicators, values
from comingclean.sources import census, dep_index, eji, ejscreen

# As the state's public crosswalk of tracts (CTData, 2022) has them: some of each of the nine regions.
REGIONS = {
    "09013528100": "09110",
    "09009125200": "09140",
    "09001257200": "09120",
    "09003410101": "09160",
    "09005250100": "09190",
    "09003405402": "09140",
    "09015830100": "09150",
    "09011713100": "09180",
    "09009184300": "09170",
    "09001071000": "09120",
    "09007610300": "09130",
    "09007570300": "09130",
    "09013890203": "09150",  # Union, the one town of Tolland County in the north-east
    "09011708100": "09150",  # Voluntown, the one of New London County
    "09001081300": "09120",  # Stratford: cut in two by the simplified outline, most people decide
}


def raw(reader):
    return reader.read(FILES[reader])


def test_every_value_is_the_nearest_whole_step_and_null_stays_null():
    whole = values(compiled())
    ours = (
        raw(census).sort("block_group").with_columns(pl.col("block_group").str.head(11).alias("tract"))
    )
    for reader in (dep_index, eji, ejscreen):
        ours = ours.join(raw(reader).drop("row"), on="tract", how="left", validate="m:1")
    for name, step in STEPS.items():
        off = (whole[name] - ours[name]).abs()
        assert (whole[name].is_null() == ours[name].is_null()).all(), name
        assert off.max() <= 0.5 / step + 1e-9, name
        # What a source gives in so many digits is kept as it is; shares of race and PM2.5 are ratios.
        if name not in {"white", "black", "native", "asian", "multiple", "hispanic", "pm25"}:
            assert off.max() < 1e-9, name


def test_every_block_group_is_kept_once_in_order_with_its_people():
    ours, theirs = compiled().block_groups, raw(census).sort("block_group")
    assert ours["block_group"].to_list() == theirs["block_group"].to_list()
    for name in ("population", "adults"):
        assert ours[name].to_list() == theirs[name].to_list()
    assert compiled().tracts["tract"].is_sorted()
    assert set(compiled().tracts["tract"]) == set(theirs["block_group"].str.head(11))


def test_the_order_of_the_readers_rows_changes_no_byte(tmp_path):
    again = compile_indicators(
        *(reader.read(path).reverse() for reader, path in FILES.items()), regions().reverse()
    )
    for one, other in zip(vars(compiled()).values(), vars(again).values(), strict=True):
        paths = tmp_path / "one.parquet", tmp_path / "other.parquet"
        for frame, path in zip((one, other), paths, strict=True):
            store.write_parquet(frame, path)
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_source_that_names_a_tract_twice_cannot_double_anyone():
    twice = pl.concat([raw(eji), raw(eji).head(1)])
    with pytest.raises(pl.exceptions.ComputeError):
        compile_indicators(raw(census), raw(dep_index), twice, raw(ejscreen), regions())


def test_derived_shares_follow_from_the_counts_and_have_no_value_where_nobody_lives():
    whole = values(compiled()).with_columns(
        kids=(1 - pl.col("adults") / pl.col("population")) * 100, empty=pl.col("population") == 0
    )
    lived = whole.filter(~pl.col("empty"))
    assert (lived["under_18"] - lived["kids"]).abs().max() < 1e-9
    known = whole.filter(pl.col("white").is_not_null())
    assert (known["white"] + known["people_of_colour"] - 100).abs().max() < 1e-9
    assert whole.filter("empty").height > 0
    assert whole.filter("empty")["under_18"].null_count() == whole.filter("empty").height


def test_where_a_source_knows_nothing_no_one_is_known():
    frame = values(compiled()).with_columns(pl.col("block_group").str.head(2).alias("state"))
    people = pl.col("population")
    known = frame.group_by("state").agg(
        (people.filter(pl.col(name).is_not_null()).sum() / people.sum()).alias(name)
        for name in ("poverty", "diesel_pm")
    )
    share = {row["state"]: row for row in known.iter_rows(named=True)}
    assert share["18"]["poverty"] > 0.99
    assert share["72"]["poverty"] == share["09"]["poverty"] == share["15"]["diesel_pm"] == 0
    assert share["09"]["diesel_pm"] == share["15"]["poverty"] == 1


def test_tracts_of_connecticut_stand_in_the_planning_regions_of_2023():
    county = dict(compiled().tracts.select("tract", "county_fips").iter_rows())
    assert {tract: county[tract] for tract in REGIONS} == REGIONS
    assert county["18089010100"] == "18089"
    assert not any(fips.startswith("0900") for fips in county.values())


def test_own_county_is_found_by_the_code_of_2023_and_not_by_the_former_one():
    found = real_table().areas["county"].find(pl.Series(["18089", "09120", "09001", None, "99999"]))
    assert (found[:2] >= 0).all()
    assert found[2:].tolist() == [-1, -1, -1]


def test_the_means_of_an_area_are_those_of_its_block_groups():
    table, whole = real_table(), values(compiled())
    lake = whole.filter(pl.col("county_fips") == "18089")
    at = table.areas["county"].find(pl.Series(["18089"]))[0]
    for name in ("poverty", "income", "under_18"):
        known = lake.filter(pl.col(name).is_not_null())
        direct = (known[name] * known["population"]).sum() / known["population"].sum()
        assert table.means["county"][table.names.index(name)][at] == pytest.approx(direct)
    black = (lake["black"] * lake["adults"]).sum() / lake["adults"].sum()
    assert table.means["county"][table.names.index("black")][at] == pytest.approx(black)


def test_the_country_is_without_puerto_rico_and_puerto_rico_is_a_state():
    table, whole = real_table(), values(compiled())
    states = whole.filter(~pl.col("block_group").str.starts_with("72"))
    assert table.beside["us"].people[0] == states["population"].sum()
    island = table.areas["state"].find(pl.Series(["72"]))[0]
    assert (
        table.beside["state"].people[island] == whole["population"].sum() - states["population"].sum()
    )
    assert table.beside["county"].people.sum() == table.beside["state"].people.sum()


def test_the_words_agree_with_the_table_that_they_are_for():
    table = words()
    assert table["indicator"].is_unique().all() and table["sort"].is_unique().all()
    assert set(table["source"]) == set(community_table.REASON) == {m.SOURCE for m in FILES}
    # Most sources give more digits than are shown.
    assert table.drop("digits").null_count().pipe(lambda counts: sum(counts.row(0))) == 0
    assert dict(table.drop_nulls("digits").select("indicator", "digits").iter_rows()) == {
        "cancer_risk": "1"
    }
    races = table.filter(pl.col("denominator") == "residents_18_plus")
    assert set(races["indicator"]) == {*census.SHARES, "people_of_colour"}
    for row in races.iter_rows(named=True):
        assert "esidents 18 and over, adjusted shares" in row["definition_en"]
        assert "esidentes de 18 años o más, proporciones ajustadas" in row["definition_es"]
    for word in ("index", "proximity", "dep_index"):
        assert not any(word in name for name in table["indicator"])


def test_an_indicator_that_the_table_lacks_is_not_passed_over():
    strange = words().with_columns(indicator=pl.lit("walkability"))
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        build(compiled(), strange, 0.8)
