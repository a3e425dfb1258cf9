"""What a company's plants release: their figures added up, joint ventures by the stated share.

The plants are those of the newest known owner in every year: the trend of a company is that of today's
plants, whoever owned them then. Errors of plants are added as if they all went the same way, which
gives the widest interval: a bias of a method is shared by all plants that use it.
"""

from __future__ import annotations

from typing import Any, Final

import polars as pl

QUANTITIES: Final = ("ghg_scope1",)
METHOD: Final = "company_sum"
_WHOLE: Final = 100.0
_NEARLY_WHOLE: Final = 99.0  # below this the rest is worth a word: 99.9 % is a rounded whole
_KEY: Final = ("company_id", "year", "quantity")


def totals(values: pl.DataFrame, ownership: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `company_value` without `unit`: sums of `values` over the counted plants.

    `values` are rows (facility_id, year, quantity, value, low, high, grade, sources as a list);
    `ownership` rows of the table of that name with `parties`, see `parties`. A share that is not
    stated counts the plant whole; where other companies share it, the low end counts none of it.
    """
    wanted = values.filter(pl.col("quantity").is_in(QUANTITIES))
    kept = ("facility_id", "year", "quantity", "value", "low", "high", "grade", "sources")
    wanted = wanted.select(kept)
    owned = _weights(ownership.filter(pl.col("counted") == 1))
    parts = wanted.join(owned, on="facility_id", validate="m:m").sort(*_KEY, "facility_id")
    return (
        parts.group_by(_KEY, maintain_order=True)
        .agg(
            *((pl.col(end) * pl.col(f"_{end}")).sum().alias(end) for end in ("value", "low", "high")),
            pl.col("grade").max(),
            pl.len().cast(pl.Int64).alias("plants"),
            (pl.col("share") < _WHOLE).sum().cast(pl.Int64).alias("shared"),
            pl.col("share").is_null().sum().cast(pl.Int64).alias("whole"),
            pl.col("sources").list.concat("_owned").list.explode().unique().sort(),
        )
        .with_columns(pl.lit("calculated").alias("kind"), pl.lit(METHOD).alias("method"))
    )


def _weights(owned: pl.DataFrame) -> pl.DataFrame:
    """The part of a plant that a company is given: central, at least, and at most (0 to 1)."""
    whole, stated = pl.lit(_WHOLE), pl.col("share").is_not_null()
    least = pl.when(pl.col("parties") > 1).then(0.0).otherwise(whole)
    ends = {
        "_value": pl.col("share").fill_null(whole),
        "_low": pl.when(stated).then(pl.coalesce("low", "share")).otherwise(least),
        "_high": pl.when(stated).then(pl.coalesce("high", "share")).otherwise(whole),
    }
    weights = [(part / _WHOLE).alias(name) for name, part in ends.items()]
    ids = pl.col("sources").alias("_owned")
    return owned.select("company_id", "facility_id", "share", ids, *weights)


def parties(ownership: pl.DataFrame) -> pl.DataFrame:
    """`ownership` with `parties`: how many companies its source names in that role at the plant."""
    group = ["facility_id", "role", "source_id", "last_year"]
    return ownership.with_columns(pl.col("company_id").n_unique().over(group).alias("parties"))


def unknown_shares(ownership: pl.DataFrame) -> list[dict[str, Any]]:
    """Findings of plants whose decided parents do not add up to the whole, as `worded` takes them."""
    decided = ownership.filter(pl.col("standing") == "decided").sort("facility_id", "company")
    found = []
    for (plant,), rows in decided.group_by("facility_id", maintain_order=True):
        stated, year = rows["share"].sum(), rows["last_year"].max()
        facts: dict[str, Any] = {"year": year}
        if rows["share"].null_count():
            rule, facts["company"] = "owner_share_unknown", "; ".join(rows["company"])
        elif stated < _NEARLY_WHOLE:
            rule, facts["share"] = "owner_rest_unknown", f"{stated:g}"
        else:
            continue
        ids = sorted(set(rows["sources"].explode()))
        found.append(
            {"facility_id": plant, "subject": "parent", "rule": rule, "evidence": ids, "facts": facts}
        )
    return found


def companies(ownership: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Rows of the table `company` for every company that `ownership` names.

    `names` are rows (company_id, company, name). `other_names` and `sources` are lists.
    """
    rank = pl.col("standing").replace_strict(
        {"decided": 0, "current": 1, "older": 2}, return_dtype=pl.Int64
    )
    counted = pl.col("counted") == 1
    stood = ownership.group_by("company_id").agg(
        pl.col("standing").sort_by(rank).first().alias("basis"),
        pl.col("facility_id").filter(counted).n_unique().cast(pl.Int64).alias("plants"),
        pl.col("first_year").filter(counted).min().alias("first_as_of"),
        pl.col("last_year").filter(counted).max().alias("last_as_of"),
    )
    other = pl.col("name").filter(pl.col("name") != pl.col("company")).sort().alias("other_names")
    ids = pl.format("companies/{}", "name").sort().alias("sources")
    named = names.group_by("company_id").agg(pl.col("company").first().alias("name"), other, ids)
    return stood.join(named, on="company_id", validate="1:1").sort("company_id")
