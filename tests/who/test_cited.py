"""Evidence in words leads on to the very row of the file that it names."""

import json

import pytest

from comingclean.database import cited
from comingclean.database.cited import Citation, citations
from sliced import GARY, ROOT, say, table

GEM = "gem/Plant-level-data-Global-Iron-and-Steel-Tracker-September-2025-V1.xlsx"


LIST, SITES = "epa-frs/List_v1.1.3_67.parquet", "epa-stewi-tri/facility_TRI_2020.parquet"
UNITS = "epa-envirofacts/2011/C_CONFIGURATION_LEVEL_INFO.csv.gz"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (None, []),
        ("the sign at the gate, row 7", []),
        (
            f"FRS 110: {LIST} row 1466; {SITES} row 7: DRUMMOND CO, ONE ROW 9; 0.00 km",
            [(LIST, None, 1466), (SITES, None, 7)],
        ),
        (f"{GEM} Plant capacities and status row 9", [(GEM, "Plant capacities and status", 9)]),
        (f"{GEM} row 1168: A; {GEM} row 1168", [(GEM, None, 1168)]),
        (f"{UNITS} row 217", [(UNITS, None, 217)]),
    ],
)
def test_rows_are_read_out_of_evidence(text, found):
    assert citations(text) == [Citation(*parts) for parts in found]


def test_a_row_has_the_card_and_where_it_is_known_the_checksum_of_its_file():
    rows = cited.rows([f"{GEM} row 1168", "nowhere/file.csv row 3"], ROOT / "data")
    (row,) = rows.iter_rows(named=True)
    assert (row["source_id"], row["file"], row["row"]) == ("gem_steel", GEM.removeprefix("gem/"), 1168)
    assert len(row["sha256"]) == 64
    (old,) = cited.rows(["epa-envirofacts/2011/C_X.csv.gz row 2"], ROOT / "data").iter_rows(named=True)
    assert (old["source_id"], old["sha256"]) == ("epa_envirofacts", None)


def test_every_link_and_attribute_leads_to_its_decision_and_to_the_rows_that_it_names(shipped):
    known = set(table(shipped, "lineage")["lineage_id"])
    for name, column in (("identifier", "evidence"), ("attribute", "source_row")):
        for row in table(shipped, name).iter_rows(named=True):
            ids = json.loads(row["sources"])
            assert set(ids) <= known
            assert ids[1:] == [found.lineage_id for found in citations(row[column])], row


def test_garys_link_to_the_toxics_inventory_leads_to_row_and_checksum(shipped):
    sql = """select item.value, file, row, sha256 from identifier, json_each(identifier.sources) as item
        join lineage on lineage_id = item.value
        where facility_id = ? and program = 'tri' order by file"""
    found = {file: (row, sum_) for _, file, row, sum_ in say(shipped, sql, GARY)}
    assert found["facility_TRI_2020.parquet"][0] == 7816
    assert all(sum_ for name, (_, sum_) in found.items() if name != "identifiers.csv")
