"""Who owns what: each statement of a source about a plant's owner or parent, with its share and year.

The registry names the parents that the atlas counts by (data/facilities.csv, most of them for 2023,
the newest year of emissions); other sources speak of other years and other levels of a group. They are
all kept, and none is carried to a year of which its source does not speak.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import polars as pl

from comingclean.errors import InputError
from comingclean.facilities import attributes, companies, registry
from comingclean.sources.sheet import ROW

ROLES: Final = ("parent", "owner")
DECIDED, CURRENT, OLDER = STANDINGS = ("decided", "current", "older")
_SHARE: Final = ("share", "low", "high")
_STATEMENT: Final = ("facility_id", "role", "source_id", "source_row", "last_year")
_TEXTS: Final = ("facility_id", "role", "written", "source_id", "source_row", "certainty", "source")
_SCHEMA: Final = (
    dict.fromkeys(_TEXTS, pl.String)
    | dict.fromkeys(_SHARE, pl.Float64)
    | dict.fromkeys(("first_year", "last_year", ROW), pl.Int64)
)


def ownership(data: Path) -> pl.DataFrame:
    """Rows of the table `ownership`: one a plant, role, company and source row; shares in per cent.

    `sources` are lists of lineage ids, and `company` is the name on the company's page.
    Raises InputError for a company that data/companies.csv does not know, and for shares that are no
    numbers or more than the whole.
    """
    names = companies.read(data)
    decided = _named(_decided(data), names, data / registry.FACILITIES)
    stated = _named(_stated(data), names, data / attributes.ATTRIBUTES)
    newest = pl.col("last_year") == pl.col("last_year").max().over("facility_id", "role")
    current = newest | (pl.col("last_year") >= attributes.RECENT)
    standing = pl.when(current).then(pl.lit(CURRENT)).otherwise(pl.lit(OLDER))
    stated = stated.with_columns(standing.alias("standing"))
    decided = decided.with_columns(pl.lit(DECIDED).alias("standing"))
    return counted(pl.concat([decided, stated]))


def counted(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `counted`: 1 where a row goes into its company's total, once a plant and company.

    A company counts the plants of which it is a decided parent; if there is none, those that current
    statements give it, as parent rather than as owner and by the newest of them.
    """
    company = pl.col("company_id")
    has_decided = (pl.col("standing") == DECIDED).any().over(company)
    wanted = pl.when(has_decided).then(pl.lit(DECIDED)).otherwise(pl.lit(CURRENT))
    basis, below = pl.col("standing") == wanted, pl.col("role") == ROLES[1]
    order = {"_below": False, "last_year": True, "source_id": False, "source_row": False}
    ranked = rows.with_columns(basis.alias("_basis"), below.alias("_below"))
    first = pl.struct("facility_id", "company_id", "_basis").is_first_distinct()
    chosen = (pl.col("_basis") & first).cast(pl.Int64).alias("counted")
    ordered = ranked.sort(*order, descending=list(order.values()))
    return ordered.with_columns(chosen).drop("_basis", "_below")


def _decided(data: Path) -> pl.DataFrame:
    """The parents that the registry names."""
    plants = registry.read(data).filter(pl.col("parent").is_not_null())
    rows = [row for plant in plants.iter_rows(named=True) for row in _parents(plant, data)]
    return pl.DataFrame(rows, schema=_SCHEMA)


def _parents(plant: dict[str, Any], data: Path) -> list[dict[str, Any]]:
    path = data / registry.FACILITIES
    try:
        found = companies.holdings(plant["parent"])
        year = int(plant["parent_as_of"])
    except (TypeError, ValueError) as error:
        what = f"“{plant['parent']}” cannot be read as parents as of a year ({error})"
        mend = "write “A (51%); B (49%)”, and the year beside it"
        raise InputError(what, mend, file=path, row=plant[ROW]) from error
    fixed = {
        "facility_id": plant["facility_id"],
        "role": "parent",
        "first_year": year,
        "last_year": year,
        "source_id": "facilities",
        "source_row": plant["parent_source"] or f"{registry.FACILITIES} row {plant[ROW]}",
        "certainty": "stated",
        "source": f"facilities/{plant['facility_id']}",
        ROW: plant[ROW],
    }
    return [fixed | {"written": held.name} | dict.fromkeys(_SHARE, held.share) for held in found]


def _stated(data: Path) -> pl.DataFrame:
    """The owners and parents that other sources state."""
    rows = attributes.read(data).filter(pl.col("attribute").is_in(ROLES))
    rows = rows.join(registry.read(data), on="facility_id", how="semi")
    middle = (pl.col("low") + pl.col("high")) / 2
    return rows.select(
        "facility_id",
        pl.col("attribute").alias("role"),
        pl.col("value").alias("written"),
        *("source_id", "source_row", "certainty"),
        pl.col("lineage_id").alias("source"),
        middle.alias("share"),
        *("low", "high", "first_year", "last_year", ROW),
    ).cast(pl.Schema(_SCHEMA))


def _named(rows: pl.DataFrame, names: pl.DataFrame, path: Path) -> pl.DataFrame:
    """`rows` with their companies; several holdings of a company in one source row are added up."""
    key = names.select("company_id", "company", written="name")
    known = rows.join(key, on="written", how="left", validate="m:1")
    for row in known.filter(pl.col("company_id").is_null()).iter_rows(named=True):
        what = f"“{row['written']}” is no name that {companies.COMPANIES} knows"
        raise InputError(what, "add a row for it, with its reason", file=path, row=row[ROW])
    _refuse_sums(known, path)
    group = [*_STATEMENT, "company_id", "company"]
    unknown = pl.col("share").is_null().any()
    shares = [pl.when(~unknown).then(pl.col(name).sum()).alias(name) for name in _SHARE]
    once = [pl.col(name).first() for name in ("written", "first_year", "certainty")]
    ids = pl.col("source").sort().unique(maintain_order=True)
    return known.group_by(group, maintain_order=True).agg(*shares, *once, ids.alias("sources"))


def _refuse_sums(rows: pl.DataFrame, path: Path) -> None:
    for _, group in rows.sort(ROW).group_by(_STATEMENT, maintain_order=True):
        try:
            companies.check_sum(group["share"].to_list())
        except ValueError as error:
            plant, role = group.row(0, named=True)["facility_id"], group.row(0, named=True)["role"]
            what = f"the {role}s of {plant} in one source row: {error}"
            raise InputError(what, "correct the shares", file=path, row=group[ROW][-1]) from error
