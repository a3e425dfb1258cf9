"""Sites: plants behind one fence have a row that says why, and one that does not fit is refused."""

import shutil

import pytest

from comingclean import paths
from comingclean.errors import InputError
from comingclean.facilities import registry, sites
from sliced import say


@pytest.fixture
def data(tmp_path):
    return shutil.copytree(paths.data(), tmp_path / "data")


def test_every_site_of_several_plants_is_in_the_database_with_its_row(shipped):
    several = say(
        shipped,
        "select site_id from facility group by site_id having count(*) > 1 order by site_id",
    )
    assert say(shipped, "select site_id from site") == several
    assert len(several) > 5
    found = say(shipped, "select name, shared_records from site where site_id = 'indiana-harbor-in'")
    assert found[0][0] == "Indiana Harbor, East Chicago, Indiana"
    assert "P100000120926" in found[0][1]
    rows = say(shipped, "select file, row from lineage where lineage_id = 'sites/indiana-harbor-in'")
    assert rows == [("sites.csv", 6)]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("ashland-ky,", "ashland,", "several plants share the site ashland-ky, which has no row"),
        ("; suncoke-middletown-oh", "", "row 9: middletown-oh does not name all of"),
        ("site_id,name", "site,name", "site_id"),
    ],
)
def test_a_site_that_does_not_fit_the_registry_is_refused_by_its_row(old, new, says, data):
    file = data / "sites.csv"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError, match=says) as caught:
        sites.read(data, registry.read(data))
    assert caught.value.file == file
