"""What is known of a chemical: one key for all spellings, honest weights, names in Spanish."""

import csv

import pytest

from comingclean import paths
from comingclean.database.part import Ground
from comingclean.errors import InputError
from comingclean.facilities import chemistry
from comingclean.snapshot.toxics_read import ToxicRead
from sliced import ROOT


def known(compiled):
    return {row["chemical"]: row for row in compiled["chemical"].iter_rows(named=True)}


def test_a_name_decided_twice_is_refused(job, own_data):
    path = own_data / chemistry.NAMES
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, lines[1]]) + "\n")
    with pytest.raises(InputError, match="stands twice"):
        chemistry.names(ToxicRead(job).lists, own_data)


def test_a_form_whose_id_cannot_be_right_teaches_no_name(mirror, own_data):
    """“Lead compounds” under a made-up code must not turn every such row into that code."""
    from toxic_jobs import job_of

    path = mirror / "epa-tri-basic/2020_il.csv"
    text = path.read_text()
    assert ",N982," in text
    path.write_text(text.replace(",N982,", ",N983,"))
    lists = ToxicRead(job_of(mirror, own_data)).lists
    assert "N983" not in set(lists.basic["chemical_id"])
    names = dict(
        chemistry.names(lists, own_data).filter(inventory="TRI").select("plain", "chemical").rows()
    )
    assert names["zinc compounds"] == "N982"


def test_chromium_is_weighed_as_hexavalent_by_a_share_and_dioxins_not_at_all(compiled):
    rows = known(compiled)
    for key in ("N090", "7440-47-3"):
        if key in rows:
            assert rows[key]["part"] == "toxicity_chromium_hexavalent"
            assert rows[key]["unit_risk"] == 0.01839
            assert rows[key]["carcinogen"] is True  # the list says no, its weight is that of cancer
    assert rows["N150"]["unit_risk"] is None
    assert rows["N150"]["weighed_as"] is None
    assert rows["N420"]["reference"] == 0.00015
    assert rows["N420"]["element"] == "7439-92-1"
    assert rows["N458"]["reference"] == 0.0003


def test_what_is_weighed_by_cancer_is_called_a_carcinogen(compiled):
    frame = compiled["chemical"]
    risky = frame.filter(frame["unit_risk"] > 0)
    assert risky.height > 5
    assert risky["carcinogen"].all()


def test_a_benchmark_of_zero_is_none(compiled):
    rows = known(compiled)
    assert rows["108-88-3"]["unit_risk"] is None
    assert rows["108-88-3"]["reference"] == 5
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


def test_pcbs_are_weighed_by_no_category_of_minnesota():
    """Its benchmark is that of one kind; Gary's neighbours would lead the state by it."""
    with (ROOT / "data" / chemistry.WEIGHTS).open(newline="") as stream:
        row = next(row for row in csv.DictReader(stream) if row["chemical"] == "1336-36-3")
    assert (row["weigh_as"], row["weigh_as_mn"]) == ("1336-36-3", "")
    assert len(row["reason"]) > 40


# --- Names in Spanish, and how a chemical is measured


def test_every_chemical_that_a_plant_releases_has_a_spanish_name():
    said, ours = chemistry.words(ROOT / "data"), Ground(paths.snapshot(), paths.data())
    for name in ("tri_release", "nei_emission", "nei_process"):
        filed = ours.raw(name)["chemical"]
        assert set(filed) <= set(said["chemical"]), name
    assert set(said["measured"]) == set(chemistry.MEASURED)
    spanish = dict(said.select("chemical", "name_es").rows())
    assert spanish["71-43-2"] == "Benceno"
    measured = dict(said.select("chemical", "measured").rows())
    assert [measured[key] for key in ("N420", "7439-97-6", "71-43-2", "7647-01-0", "N150")] == [
        "metal",
        "mercury",
        "volatile",
        "acid_gas",
        "dioxin",
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("71-43-2,Benceno,volatile", "71-43-2 stands twice"),
        ("1-1-1,,metal", "1-1-1 has no name"),
        ("1-1-1,Nada,smell", "1-1-1 is measured in no known way"),
        ("1-1-1,Nada,", "1-1-1 is measured in no known way"),
    ],
)
def test_a_wrong_row_of_the_spanish_names_is_refused_with_its_number(own_data, line, words):
    path = own_data / chemistry.WORDS
    text = path.read_text()
    path.write_text(f"{text.rstrip()}\n{line}\n")
    with pytest.raises(InputError, match=words) as wrong:
        chemistry.words(own_data)
    assert f"row {len(text.rstrip().splitlines()) + 1}" in str(wrong.value)
