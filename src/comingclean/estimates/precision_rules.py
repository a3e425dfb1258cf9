"""Findings on precision: weak methods, programs that disagree, what is missing, monitors far away.

Rules on series stand in `precision_series`. A plant at which no rule finds anything gets a finding that
says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import polars as pl

from comingclean.estimates.findings import years_in_words
from comingclean.estimates.precision import Known
from comingclean.estimates.precision_parts import chemical_names, ids, listed
from comingclean.estimates.precision_releases import united_ids
from comingclean.estimates.precision_rest import PEOPLE_MILES
from comingclean.estimates.precision_series import SERIES
from comingclean.estimates.precision_words import finding, labels

Row = dict[str, Any]
_WEAK: Final = ("judgement", "not_public")
_LARGE: Final = ("toxic_air", "toxicity_weighted_air", "pm25", "so2", "nox", "lead")
_SHOWN: Final = 3
_NOTHING: Final = "nothing_found"
# A series of one year holds nothing to compare.
_LEAST_YEARS: Final = 2
_SERIES: Final = ("ghg_reported", "toxic_air", "toxic_water", "toxic_land", "pm25", "so2", "nox")


def findings(known: Known, precision: pl.DataFrame) -> list[Row]:
    """Every rule on every plant, and an explicit nothing where none finds anything.

    `precision`: rows of that table, `sources` as lists. Gives rows for `findings.worded`.
    """
    rows = [row for rule in SERIES for row in rule(known)]
    rows += weak_for_much(known, precision)
    rows += [row for rule in _OTHERS for row in rule(known)]
    found = {row["facility_id"] for row in rows}
    silent = [plant for plant in known.facility["facility_id"].sort() if plant not in found]
    looked = _looked_at(known)
    said = [(plant, _NOTHING if plant in looked else "nothing_to_look_at") for plant in silent]
    return rows + [finding(plant, "precision", rule, []) for plant, rule in said]


def _looked_at(known: Known) -> set[str]:
    """Plants with a series of two years or more, in which something could be found."""
    series = known.value.filter(pl.col("quantity").is_in(_SERIES)).group_by("facility_id", "quantity")
    long = series.agg(pl.col("year").n_unique()).filter(pl.col("year") >= _LEAST_YEARS)
    return set(long["facility_id"])


def weak_for_much(known: Known, precision: pl.DataFrame) -> Iterator[Row]:
    """Most of a large release is judged, or estimated in a way that no file names."""
    names, least = labels(known), known.rules["precision_weak_share"]
    whole = (
        precision.filter(pl.col("subject").is_in(_LARGE) & pl.col("amount").is_not_null())
        .join(known.facility.select("facility_id", "industry"), on="facility_id", validate="m:1")
        .with_columns(pl.col("amount").sum().over("facility_id", "subject").alias("whole"))
    )
    one = whole.filter(pl.col("main") == 1)
    quantile = known.rules["precision_large_quantile"]
    bound = one.group_by("industry", "subject").agg(
        pl.col("whole").quantile(quantile, "linear").alias("bound")
    )
    weak = (
        whole.filter(pl.col("how").is_in(_WEAK))
        .group_by("facility_id", "industry", "subject", "year", "whole")
        .agg(
            pl.col("share").sum(),
            pl.col("sources").explode(empty_as_null=False).unique().sort(),
        )
        .join(bound, on=["industry", "subject"], validate="m:1")
        .filter((pl.col("whole") >= pl.col("bound")) & (pl.col("whole") > 0))
        .filter(pl.col("share") >= least)
        .sort("facility_id", "subject")
    )
    for row in weak.iter_rows(named=True):
        facts: dict[str, Any] = names[row["subject"]] | {
            "percent": round(100 * row["share"]),
            "year": row["year"],
            "top": round(100 * (1 - quantile)),
        }
        rests = [name for name in row["sources"] if "#" in name]
        yield finding(row["facility_id"], row["subject"], "weak_for_much", rests, **facts)


def programs_disagree(known: Known) -> Iterator[Row]:
    """Two federal programs are far apart on the same chemical, plant and year."""
    factor, least = known.rules["precision_disagree_factor"], known.rules["precision_disagree_kg"]
    larger = pl.max_horizontal("tri", "nei")
    last = pl.col("year") == pl.col("year").max().over("facility_id")
    far = known.program_pair.filter(last & (pl.col("factor") >= factor) & (larger >= least))
    ordered = far.sort("facility_id", larger, "element", descending=[False, True, False])
    rests, called = _rests_of_pairs(known, far), chemical_names(known.chemical)
    for (plant,), rows in ordered.group_by("facility_id", maintain_order=True):
        texts = [
            {
                lang: f"{name} ({_kg(row['tri'])} / {_kg(row['nei'])} kg)"
                for lang, name in called[row["element"]].items()
            }
            for row in rows.head(_SHOWN).iter_rows(named=True)
        ]
        facts = {"year": rows["year"][0], "n": rows.height, "chemicals": listed(texts)}
        facts["factor"] = round(factor)
        yield finding(str(plant), "toxic_air", "programs_disagree", rests[str(plant)], **facts)


def _kg(number: float) -> str:
    """Two digits that mean something, alike in both languages."""
    return f"{float(f'{number:.2g}'):,.15g}".replace(",", "\u202f") if number >= 10 else f"{number:.1g}"


def _rests_of_pairs(known: Known, pairs: pl.DataFrame) -> dict[str, list[str]]:
    """The source rows of both programs behind pairs, by plant."""
    element = known.chemical.select("chemical", pl.coalesce("element", "chemical").alias("element"))
    key = ["facility_id", "year", "element"]
    air = known.toxic_release.filter(pl.col("medium") == "air")
    both = pl.concat(
        frame.select("facility_id", "year", "chemical", ids()).join(
            element, on="chemical", validate="m:1"
        )
        for frame in (air, known.air_emission)
    ).join(pairs, on=key, how="semi")
    listed = both.group_by("facility_id").agg(pl.col("sources").explode(empty_as_null=False))
    return dict(listed.iter_rows())


def one_figure_twice(known: Known) -> Iterator[Row]:
    """The inventory's figures are those of the toxics filing: what looks like two sources is one."""
    last = pl.col("year") == pl.col("year").max().over("facility_id")
    pairs = known.program_pair.filter(last)
    counted = (
        pairs.group_by("facility_id", "year")
        .agg(pl.len().alias("n"), pl.col("same").sum())
        .filter(pl.col("n") >= known.rules["precision_twice_least"])
        .filter(pl.col("same") >= known.rules["precision_twice_share"] * pl.col("n"))
        .sort("facility_id")
    )
    same = pairs.filter(pl.col("same") == 1).join(counted, on="facility_id", how="semi")
    rests = _rests_of_pairs(known, same)
    for plant, year, n, equal in counted.iter_rows():
        yield finding(plant, "eis", "one_figure_twice", rests[plant], year=year, n=n, same=equal)


def over_capacity(known: Known) -> Iterator[Row]:
    """What it is estimated to have made is more than its capacity, both with their intervals.

    Asked of the tonnage before a national total moved it where there is one, else of the final one.
    """
    key = ["facility_id", "year"]
    own = known.value.filter(pl.col("quantity") == "production_unreconciled")
    final = known.value.filter(pl.col("quantity") == "production").join(own, on=key, how="anti")
    made = pl.concat([own, final])
    able = known.value.filter(pl.col("quantity") == "capacity").select(
        "facility_id", "year", able="high", also="sources"
    )
    both = made.join(able, on=key, validate="1:1").sort(key)
    over = both.filter(pl.col("low") > pl.col("able"))
    for (plant,), rows in over.group_by("facility_id", maintain_order=True):
        both_ids = rows.select(pl.concat_list(ids(), ids("also")))["sources"]
        rests = [name for row in both_ids for name in row if not name.startswith("parameters/")]
        years = years_in_words(rows["year"].to_list())
        yield finding(str(plant), "capacity", "over_capacity", rests, years=years)


def chemical_missing(known: Known) -> Iterator[Row]:
    """Nearly all plants of its kind file a chemical to air, and it never has."""
    element = known.chemical.select("chemical", pl.coalesce("element", "chemical").alias("element"))
    air = (
        known.toxic_release.filter((pl.col("medium") == "air") & (pl.col("kilograms") > 0))
        .join(element, on="chemical", validate="m:1")
        .select("facility_id", "year", "element")
    )
    years = air.group_by("facility_id").agg(pl.col("year").n_unique().alias("years"))
    kinds = known.facility.select("facility_id", "industry", "route").drop_nulls()
    filers = years.filter(pl.col("years") >= known.rules["precision_peer_years"]).join(
        kinds, on="facility_id", validate="1:1"
    )
    kind = ["industry", "route"]
    peers = filers.group_by(kind).agg(pl.len().alias("peers"))
    usual = (
        air.unique(["facility_id", "element"])
        .join(filers, on="facility_id", validate="m:1")
        .group_by(*kind, "element")
        .agg(pl.len().alias("have"))
        .join(peers, on=kind, validate="m:1")
        .filter(pl.col("peers") >= known.rules["precision_peer_plants"])
        .filter(pl.col("have") >= known.rules["precision_peer_share"] * pl.col("peers"))
    )
    lost = filers.join(usual, on=kind, validate="m:m").join(
        air, on=["facility_id", "element"], how="anti"
    )
    filed = known.toxic_filing.group_by("facility_id").agg(united_ids())
    rests, called = dict(filed.iter_rows()), chemical_names(known.chemical)
    ordered = lost.sort("facility_id", "element")
    for (plant,), rows in ordered.group_by("facility_id", maintain_order=True):
        texts = [
            {lang: f"{name} ({r['have']}/{r['peers']})" for lang, name in called[r["element"]].items()}
            for r in rows.iter_rows(named=True)
        ]
        facts = {"chemicals": listed(texts), "years": rows["years"][0]}
        yield finding(str(plant), "tri", "chemical_missing", rests.get(plant, []), **facts)


def monitor_far(known: Known) -> Iterator[Row]:
    """People live near, and the nearest open air-monitoring site is far."""
    near = (pl.col("indicator") == "population") & (pl.col("radius_miles") == PEOPLE_MILES)
    people = known.community.filter(near).select("facility_id", people="value")
    rows = known.nearest_monitor.join(people, on="facility_id", validate="1:1").sort("facility_id")
    far = rows.filter(
        (pl.col("kilometres") >= known.rules["precision_far_km"])
        & (pl.col("people") >= known.rules["precision_far_people"])
    )
    for row in far.select("facility_id", "kilometres", "people", ids()).iter_rows(named=True):
        facts = {"km": round(row["kilometres"]), "people": _kg(row["people"])}
        facts["miles"] = round(row["kilometres"] / 1.609344)
        yield finding(row["facility_id"], "monitor", "monitor_far", row["sources"], **facts)


def no_inventory_in_hand(known: Known) -> Iterator[Row]:
    """No file in hand has the emissions inventory of primary aluminum."""
    smelters = known.facility.filter(pl.col("industry") == "aluminum")
    for plant in smelters["facility_id"].sort():
        yield finding(plant, "eis", "no_inventory_in_hand", [])


def places_apart(known: Known) -> Iterator[Row]:
    """Records of the plant lie far from each other."""
    spread = known.attribute.filter(pl.col("attribute") == "coordinate_spread").with_columns(
        pl.col("value").cast(pl.Float64)
    )
    far = spread.filter(pl.col("value") > known.rules["precision_spread_km"]).sort("facility_id")
    for plant, km, rests in far.select("facility_id", "value", ids()).iter_rows():
        both = {"en": f"{km:.1f}", "es": f"{km:.1f}".replace(".", ",")}
        yield finding(plant, "coordinates", "places_apart", rests, km=both)


_OTHERS: Final = (
    programs_disagree,
    one_figure_twice,
    over_capacity,
    chemical_missing,
    monitor_far,
    no_inventory_in_hand,
    places_apart,
)
