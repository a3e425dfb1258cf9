"""Bad input: one clear line with file, row and mend, and what stood there before stays whole.

Every damage is done to a copy of a real slice. Each is tried in Python, for the parts of the error,
and through the command, for the one line, the exit status and the bytes of the former snapshot.
"""

import gzip
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from comingclean.database import build_database
from comingclean.errors import InputError
from comingclean.sources import card
from sliced import (
    BOOK,
    column_of,
    compile_slices,
    edit,
    error_line,
    main_sheet,
    row_of,
    say,
    table,
    tree,
)
from workbooks import Sheet, sheet_names, write_workbook

GARY = 1000418
GARY_ROW = 6051
HEADER_ROW = 4
UNITS = "epa-envirofacts/2020/C_CONFIGURATION_LEVEL_INFO.csv.gz"
FUELS = "nrel-fied/ghgrp_energy_20240110-1837.parquet"
NATION = "epa-national-totals/GHGRP_2020_NationalTotals.csv"
TWIN = "epa-ghgrp/ghgp_data_2020b.xlsx"


@dataclass(frozen=True)
class Damage:
    """A way to spoil one file, and what the error must say of it."""

    name: str
    do: Callable[[Path], object]
    what: str
    mend: str
    file: str
    row: int | None


def group(mend: str, file: str, *rows: tuple) -> list[Damage]:
    """Damages that have one mend and one file: name, what is done, what is said, and the row."""
    return [Damage(*row[:3], mend, file, row[3] if len(row) > 3 else None) for row in rows]


def cell(header: str, value: str | float, ghgrp_id: int = GARY) -> Callable[[Path], None]:
    """Put a value into one cell of a facility."""

    def change(cells: Sheet) -> None:
        cells[row_of(cells, ghgrp_id), column_of(cells, header)] = value

    return lambda path: edit(path, change)


def renamed(header: str, new: str) -> Callable[[Path], None]:
    """Give a column another header."""
    return lambda path: edit(path, lambda c: c.__setitem__((HEADER_ROW, column_of(c, header)), new))


def without_sheet(path: Path) -> None:
    """Leave out the sheet of facilities."""
    kept = [name for name in sheet_names(path) if name != main_sheet(path)]
    write_workbook(path, {name: {} for name in kept})


def without_rows(first: int, last: int) -> Callable[[Path], None]:
    """Empty some rows."""

    def change(cells: Sheet) -> None:
        for place in [place for place in cells if first <= place[0] <= last]:
            del cells[place]

    return lambda path: edit(path, change)


def twice(cells: Sheet) -> None:
    """Repeat the row of Gary below the last row."""
    last = max(row for row, _ in cells) + 1
    cells |= {(last, column): v for (row, column), v in list(cells.items()) if row == GARY_ROW}


def cut(share: float) -> Callable[[Path], object]:
    """Keep the first part of a file."""
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def scrambled(path: Path) -> None:
    """Spoil a stretch in the middle of a file."""
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 40] = bytes(255 - byte for byte in raw[middle : middle + 40])
    path.write_bytes(raw)


def in_text(old: str, new: str) -> Callable[[Path], object]:
    """Replace text once in a table, gzipped or not."""

    def change(path: Path) -> None:
        packed = path.suffix == ".gz"
        text = (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()).decode()
        assert old in text
        fresh = text.replace(old, new, 1).encode()
        path.write_bytes(gzip.compress(fresh) if packed else fresh)

    return change


def web_page(path: Path) -> None:
    """What a publisher's server sends when a file has moved."""
    path.write_text("\n<!DOCTYPE html>\n<html><head><title>404</title></head></html>\n")


def number_as(text: str, header: str) -> str:
    return f"“{text}” is not a number, in the column “{header}”"


def renaming(old: str, new: str) -> str:
    return f"missing column “{old}” (renamed to “{new}”?)"


def again(path: Path) -> None:
    """A second workbook of the same year."""
    shutil.copy(path, path.with_name("ghgp_data_2020b.xlsx"))


FETCH = "fetch the file again from its publisher"
CORRECT = "correct the cell or fetch the file again"
RENAME = "if the publisher renamed it, teach the new name to the reader's column map"
ASK = "ask the publisher, or correct the cell"
CUT, CUT_CSV = "not a readable workbook, it may be cut off", "not a readable CSV, it may be cut off"
BURNT, GAS = "Stationary Combustion", "Methane (CH4) emissions"
DAMAGES = [
    *group(
        FETCH,
        BOOK,
        ("truncated", cut(0.5), CUT),
        ("corrupt zip", scrambled, CUT),
        ("web page", web_page, "a web page saved under the name of a workbook"),
        ("empty", cut(0), "not a workbook (.xlsx)"),
        ("missing sheet", without_sheet, "no sheet named Direct… (it has Onshore Oil & Gas Prod., "),
        ("no header", without_rows(4, 4), "no header row that starts with “Facility Id”"),
        ("no date", without_rows(1, 2), "do not say the reporting year and the date of the data"),
    ),
    *group(
        RENAME,
        BOOK,
        ("renamed gas", renamed(GAS, "Methane releases"), renaming(GAS.lower(), "methane releases"), 4),
        ("renamed", renamed("Cement Production", "Cement"), renaming("cement production", "cement"), 4),
        (
            "column twice",
            renamed("HFC emissions", "PFC emissions"),
            "missing column “hfc emissions”",
            4,
        ),
    ),
    *group(
        CORRECT,
        BOOK,
        ("text", cell(BURNT, "n/a"), number_as("n/a", BURNT), GARY_ROW),
        ("text place", cell("Latitude", "N41"), number_as("N41", "Latitude"), GARY_ROW),
        ("not a number", cell(BURNT, "NaN"), number_as("NaN", BURNT), GARY_ROW),
        ("not an id", cell("Facility Id", "Total"), "“Total” is not a facility id", GARY_ROW),
    ),
    *group(
        ASK,
        BOOK,
        ("negative", cell(BURNT, -5, 1001877), "-5 t is no possible ghg_subpart_c of 1001877", 141),
        ("absurd", cell(BURNT, 6.4e9), "6,400,000,000 t is no possible ghg_subpart_c of 1", GARY_ROW),
        ("infinite", cell(BURNT, "inf"), "inf t is no possible ghg_subpart_c of 1000418", GARY_ROW),
        ("absurd place", cell("Latitude", 4161.2), "4161.2, -87.3281 is no place on earth", GARY_ROW),
    ),
    *group(FETCH, UNITS, ("cut gzip", cut(0.6), CUT_CSV), ("corrupt gzip", scrambled, CUT_CSV)),
    *group(FETCH, FUELS, ("cut Parquet", cut(0.5), "not a readable Parquet file")),
    *group(FETCH, FUELS, ("page as Parquet", web_page, "not a readable Parquet file")),
    *group(CORRECT, UNITS, ("year", in_text(",2020,", ",20Z,"), number_as("20Z", "REPORTING_YEAR"), 2)),
    *group(
        CORRECT, NATION, ("text total", in_text("89827500.0", "?"), number_as("?", "FlowAmount"), 7)
    ),
    *group(
        RENAME,
        UNITS,
        ("field", in_text("FOSSIL_CO2", "FOSSIL"), "missing column “TIER_1_2_3_FOSSIL_CO"),
    ),
    *group(RENAME, NATION, ("page as totals", web_page, "missing columns “FlowCode”, “SUBPART_NAME”")),
    Damage(
        "duplicate",
        lambda path: edit(path, twice),
        "facility 1000418 stands twice",
        "remove one of its rows or fetch the file again",
        BOOK,
        6052,
    ),
    Damage("two books", again, f"speaks of 2020 as {BOOK} does", "remove one", TWIN, None),
]
# Each of the kinds that users have met goes through the command as well; starting it takes a second.
COMMON = {"truncated", "corrupt zip", "web page", "missing sheet", "renamed gas", "text", "duplicate"}
COMMON |= {"negative", "absurd", "two books", "cut gzip", "cut Parquet", "text total"}


def each(damages: list[Damage]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("damage", damages, ids=lambda damage: damage.name)


def spoil(mirror: Path, damage: Damage) -> Path:
    """Do the damage; the path of the file that the error must name."""
    damage.do(mirror / (BOOK if damage.file == TWIN else damage.file))
    return mirror / damage.file


@each(DAMAGES)
def test_damage_is_named_with_file_row_and_mend(damage, mirror, own_data, former):
    file, before, known = spoil(mirror, damage), tree(former.parent), tree(own_data)
    with pytest.raises(InputError) as caught:
        compile_slices(mirror, former, own_data, new_vintage=True)
    error = caught.value
    assert (error.file, error.row, error.mend) == (file, damage.row, damage.mend)
    assert damage.what in error.what
    assert tree(former.parent) == before
    assert tree(own_data) == known


@each([damage for damage in DAMAGES if damage.name in COMMON])
def test_damage_ends_the_command_with_one_line_and_status_2(damage, mirror, home, former):
    file, before = spoil(mirror, damage), tree(former.parent)
    done = home.run("compile", "--mirror", mirror, "--out", former, "--new-vintage")
    line = error_line(done)
    assert done.returncode == 2
    assert done.stdout == ""
    assert line.startswith(f"comingclean: {file}{f', row {damage.row}' if damage.row else ''}: ")
    assert damage.what in line
    assert line.endswith(f". Mend: {damage.mend}.")
    assert tree(former.parent) == before


def test_a_wrong_checksum_is_refused_by_the_command(mirror, home, former):
    in_text("\n", "\n\n")(mirror / NATION)
    before = tree(former.parent)
    done = home.run("compile", "--mirror", mirror, "--out", former)
    assert done.returncode == 2
    assert f"{mirror / NATION}: has another checksum than its card" in error_line(done)
    assert "--new-vintage to accept and record it" in error_line(done)
    assert tree(former.parent) == before


def test_a_new_vintage_is_accepted_recorded_and_then_known(mirror, own_home, tmp_path):
    cell(BURNT, 6_400_000)(mirror / BOOK)
    out = tmp_path / "new"
    done = own_home.run("compile", "--mirror", mirror, "--out", out, "--new-vintage")
    assert (done.returncode, f"recorded {BOOK}" in done.stdout) == (0, True), done.stderr
    sizes = {r["path"]: r["bytes"] for r in pl.read_csv(own_home.data / card.FILES).to_dicts()}
    assert sizes[BOOK] == (mirror / BOOK).stat().st_size
    amounts = pl.read_parquet(out / "ghgrp_amount.parquet")
    gary = amounts.filter(ghgrp_id=str(GARY), year=2020, quantity="ghg_subpart_c")
    assert gary["tonnes"].to_list() == [6_400_000]
    again = own_home.run("compile", "--mirror", mirror, "--out", out)
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, f"{out}: nothing changed")


def test_a_file_that_is_on_no_card_is_refused(mirror, own_data, tmp_path):
    shutil.copy(mirror / BOOK, mirror / "epa-ghgrp/ghgp_data_2024.xlsx")
    with pytest.raises(InputError, match="is not on its card") as caught:
        compile_slices(mirror, tmp_path / "new", own_data)
    assert caught.value.file == mirror / "epa-ghgrp/ghgp_data_2024.xlsx"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("manifest", ["", "{", "[]", "{}", '{"fingerprint": 1}', "null"])
def test_a_manifest_that_no_longer_names_its_files_is_refused_before_anything_is_read(
    manifest, data, mirror, former
):
    (former / "manifest.json").write_text(manifest)
    before, steps = tree(former), []
    with pytest.raises(InputError, match="Mend: name a new folder, or move that away"):
        compile_slices(mirror, former, data, progress=steps.append)
    assert (tree(former), steps) == (before, [])


@pytest.mark.parametrize("without", ["fingerprint", "rows"])
def test_a_manifest_without_a_part_means_that_the_snapshot_is_made_anew(
    without, snapshot, data, mirror, former
):
    known = json.loads((former / "manifest.json").read_text())
    del known[without]
    (former / "manifest.json").write_text(json.dumps(known))
    assert compile_slices(mirror, former, data).changed
    assert tree(former) == tree(snapshot)


def test_a_snapshot_that_lost_a_table_is_made_anew(snapshot, data, mirror, tmp_path):
    out = shutil.copytree(snapshot, tmp_path / "out")
    (out / "place.parquet").unlink()
    assert compile_slices(mirror, out, data).changed
    assert tree(out) == tree(snapshot)


@pytest.mark.parametrize("thing", ["folder", "file"])
def test_a_compile_never_takes_the_place_of_something_else(thing, mirror, data, tmp_path):
    out = tmp_path / "thesis"
    (out if thing == "folder" else tmp_path).mkdir(exist_ok=True)
    (out / "chapter" if thing == "folder" else out).write_text("years of work")
    with pytest.raises(InputError, match="which this program did not write there"):
        compile_slices(mirror, out, data)
    assert "years of work" in {text.decode() for text in tree(tmp_path).values() if len(text) < 20}


@pytest.mark.parametrize("name", ["place", "ghgrp_amount", "file"])
@pytest.mark.parametrize("how", [cut(0.5), web_page, Path.unlink], ids=["cut", "web page", "missing"])
def test_a_damaged_snapshot_is_refused_and_the_former_database_stays(
    name, how, snapshot, home, tmp_path
):
    broken = shutil.copytree(snapshot, tmp_path / "snapshot")
    how(broken / f"{name}.parquet")
    file = tmp_path / "atlas" / "atlas.sqlite"
    build_database(file, snapshot=snapshot, data=home.data)
    before = tree(file.parent)
    done = home.run("build", "--snapshot", broken, "--out", file)
    assert (done.returncode, tree(file.parent) == before) == (2, True)
    assert f"{broken}: the snapshot " in error_line(done)
    assert "Mend: run comingclean compile." in error_line(done)


@pytest.mark.parametrize(
    "content", [b"", b"not a database" * 500, b"SQLite format 3\x00" + b"\x00" * 4000]
)
@pytest.mark.parametrize("command", [["check"], ["facility", "Gary Works", "--database"]])
def test_a_file_that_is_no_database_is_named(content, command, home, tmp_path):
    file = tmp_path / "other.sqlite"
    file.write_bytes(content)
    done = home.run(*command, file)
    assert done.returncode == 2
    assert f"{file}: not a database of this program" in error_line(done)


def test_a_filed_quantity_that_has_no_words_stops_the_build_and_says_where(mirror, own_data, tmp_path):
    edit(
        mirror / BOOK, lambda c: c.__setitem__((4, column_of(c, "Zinc Production")), "Steam Production")
    )
    cell("Steam Production", 9000.0)(mirror / BOOK)
    out, file = tmp_path / "new", tmp_path / "new.sqlite"
    compile_slices(mirror, out, own_data, new_vintage=True)
    with pytest.raises(
        InputError, match="ghg_subpart_steam_production is filed and has no row"
    ) as caught:
        build_database(file, snapshot=out, data=own_data)
    assert (caught.value.file, file.exists()) == (own_data / "quantities.csv", False)
    words = (
        "ghg_subpart_steam_production,t CO2e,other_subparts,99,-1,0,subpart,Steam,Vapor,Steam.,Vapor.\n"
    )
    with (own_data / "quantities.csv").open("a") as stream:
        stream.write(words)
    build_database(file, snapshot=out, data=own_data)
    new = table(file, "value").filter(quantity="ghg_subpart_steam_production")
    assert new.select("year", "value", "unit").rows() == [(2020, 9000.0, "t CO2e")]
    assert len(say(file, "select * from quantity where quantity = 'ghg_subpart_steam_production'")) == 1
