"""The generated parts of docs/links.md and docs/companies.md: links and companies, counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import polars as pl
from scipy.stats import beta

from comingclean import verbs

Rows = Iterator[tuple[object, ...]]
_DATA = Path(__file__).parents[1] / "data"
_PROGRAMS = {"frs": "FRS", "tri": "TRI", "eis": "NEI", "gem": "GEM", "sfi": "SFI", "oris": "ORIS"}
_METHODS = ("id", "id through FRS", "distance and name", "by hand")


def parts(database: Path) -> dict[str, str]:
    """Every part by its name."""
    links = verbs.table("identifier", database)
    return {
        "links-made": made(links),
        "links-met": met(database, links),
        "links-reviewed": reviewed(pl.read_csv(_DATA / "links_reviewed.csv", infer_schema=False)),
        "links-without": without(verbs.table("finding", database)),
        "places": places(verbs.table("facility", database)),
        "companies-counted": companies(database),
    }


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *lines]) + "\n"


def made(links: pl.DataFrame) -> str:
    """Links by program and by the way they were made, plants that have one, and how sure they are."""
    rows = []
    for program, name in _PROGRAMS.items():
        of = links.filter(pl.col("program") == program)
        ways = [of.filter(pl.col("link_method") == method).height or "" for method in _METHODS]
        unsure = of.filter(pl.col("confidence") != "certain").height
        plants = of["facility_id"].n_unique()
        rows.append((name, *ways, of.height, plants, unsure or ""))
    return table(("program", *_METHODS, "links", "plants", "links that are not certain"), rows)


def met(database: Path, links: pl.DataFrame) -> str:
    """What was promised of the links and can be counted in the database, and what is."""
    plants = verbs.table("facility", database).filter(pl.col("reference_2020") == 1)
    rows = [*_releases_met(database, plants, links), *_inventories_met(database, plants, links)]
    return table(("", "promised", "is"), rows) + "\n" + large(database, links)


def _releases_met(database: Path, plants: pl.DataFrame, links: pl.DataFrame) -> Rows:
    """Plants of 2020 in the two programs of releases to air."""
    air = verbs.values("toxic_air", database)
    tri = _of(plants, links.filter(pl.col("program") == "tri"))
    in_2020 = _of(plants, air.filter(pl.col("year") == 2020))
    nei = links.filter(pl.col("program") == "eis")
    in_2017 = _of(plants, nei.filter(pl.col("last_year") == 2017))
    in_a_file = _of(plants, nei.filter(pl.col("last_year").is_not_null()))
    released = f"{tri}; {_of(plants, air)} with releases to air in some year, {in_2020} in 2020"
    yield ("plants of 2020 linked to TRI", f"185 of {plants.height}", released)
    held = f"{in_2017}; {in_a_file} to 2011 or 2017; {_of(plants, nei)} have an NEI id"
    yield ("plants of 2020 linked to NEI 2017", 175, held)


def _inventories_met(database: Path, plants: pl.DataFrame, links: pl.DataFrame) -> Rows:
    """Cement and steel plants of 2020 in the inventories of plants."""
    listed = links.filter(pl.col("program").is_in(["gem", "sfi"]))
    gem = links.filter(pl.col("program") == "gem")
    cement = plants.filter(pl.col("industry") == "cement")
    steel = plants.filter(pl.col("industry") == "iron_steel")
    yield ("cement plants of 2020 in GEM or SFI", "85 %", f"{_of(cement, listed)} of {cement.height}")
    share = _share(database, steel, gem) * 100
    of = f"{_of(steel, gem)} of {steel.height}, with {share:.0f} % of their reported emissions"
    yield ("steel plants of 2020 in GEM", "", of)


def _of(plants: pl.DataFrame, rows: pl.DataFrame) -> int:
    """How many of the plants have a row."""
    return plants.join(rows, on="facility_id", how="semi").height


def _share(database: Path, plants: pl.DataFrame, links: pl.DataFrame) -> float:
    """What part of the plants' emissions of 2020 those with a link have."""
    year = verbs.values("ghg_scope1", database).filter(pl.col("year") == 2020)
    whole = year.join(plants, on="facility_id", how="semi")
    return float(whole.join(links, on="facility_id", how="semi")["value"].sum() / whole["value"].sum())


def large(database: Path, links: pl.DataFrame) -> str:
    """Plants above one million tonnes in some year, by program: how many have a link."""
    totals = [verbs.values(quantity, database) for quantity in ("ghg_scope1", "ghg_reported")]
    plants = pl.concat(totals).filter(pl.col("value") > 1e6).select("facility_id").unique()
    rows = []
    for program, name in _PROGRAMS.items():
        of = links.filter(pl.col("program") == program)
        rows.append((name, _of(plants, of), plants.height - _of(plants, of)))
    return table((f"{plants.height} plants over 1 Mt CO2e in some year", "linked", "not linked"), rows)


def reviewed(rows: pl.DataFrame) -> str:
    """What the checks of links drawn at random found, with Clopper-Pearson intervals."""
    draws = {
        "first hundred": rows.filter(pl.col("draw").str.contains("1")),
        "second hundred, from the whole table": rows.filter(pl.col("draw").str.contains("2")),
        "both": rows,
    }
    lines = []
    for name, of in draws.items():
        wrong = of.filter(pl.col("verdict") == "wrong").height
        open_ = of.filter(pl.col("verdict") == "cannot be settled").height
        n = of.height
        lines.append(
            (name, n, n - wrong - open_, open_, wrong, _rate(wrong, n), _rate(wrong + open_, n))
        )
    head = (
        "",
        "links",
        "right",
        "not settled",
        "wrong",
        "rate of wrong ones",
        "with the unsettled ones",
    )
    return table(head, lines)


def _rate(bad: int, n: int) -> str:
    """`0 % (90 %: 0 to 3.0; 95 %: 0 to 3.6)`."""
    spans = []
    for level in (0.90, 0.95):
        tail = (1 - level) / 2
        low = beta.ppf(tail, bad, n - bad + 1) if bad else 0.0
        high = beta.ppf(1 - tail, bad + 1, n - bad)
        spans.append(f"{level * 100:.0f} %: {low * 100:.1f} to {high * 100:.1f}")
    return f"{bad / n * 100:.1f} % ({'; '.join(spans)})"


def without(findings: pl.DataFrame) -> str:
    """Plants told that a program has nothing of them, by rule and program."""
    words = {
        "not_linked": "no record of the plant is known",
        "id_without_figures": "an id is known, the files in hand have no figures under it",
        "no_power_plant": "the list of power plants names none at the plant",
    }
    of = findings.filter(pl.col("rule").is_in(list(words)))
    counted = of.group_by("rule", "subject").agg(pl.col("facility_id").n_unique().alias("plants"))
    order = list(words)
    rows = sorted(
        counted.iter_rows(), key=lambda row: (order.index(row[0]), list(_PROGRAMS).index(row[1]))
    )
    named = ((words[rule], _PROGRAMS[subject], plants) for rule, subject, plants in rows)
    return table(("the page says", "program", "plants"), named)


def places(plants: pl.DataFrame) -> str:
    """Where plants stand: what kind of point it is, and how far the filed one is from it."""
    rows = []
    kinds = plants.group_by("coordinate_accuracy").agg(
        pl.len(),
        (pl.col("filed_km") > 0.5).sum().alias("far"),
        (pl.col("filed_km") > 1).sum().alias("farther"),
    )
    order = kinds.sort("len", "coordinate_accuracy", descending=[True, False])
    for kind, count, far, farther in order.iter_rows():
        rows.append((kind or "place not known yet", count, far or "", farther or ""))
    head = ("the point", "plants", "filed point over 0.5 km from it", "over 1 km")
    return table(head, rows)


def companies(database: Path) -> str:
    """Spellings and companies, and what each company counts."""
    owned = verbs.table("ownership", database)
    by = {
        standing: set(owned.filter(pl.col("standing") == standing)["company_id"])
        for standing in ("decided", "current", "older")
    }
    spellings = pl.read_csv(_DATA / "companies.csv", infer_schema=False).height
    rows = [
        ("spellings in `data/companies.csv`", spellings),
        ("companies", verbs.table("company", database).height),
        ("that the registry names as parent (decided)", len(by["decided"])),
        ("other companies with a current plant", len(by["current"] - by["decided"])),
        (
            "named by older sources only, without a total",
            len(by["older"] - by["decided"] - by["current"]),
        ),
    ]
    return table(("", "number"), rows)
