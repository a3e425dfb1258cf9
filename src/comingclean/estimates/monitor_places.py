"""The places of `monitor_next`: plants that run, clusters, counties; and what is known there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from comingclean.estimates.monitor_next import Floats, Places, Scores, Weights, chains, scores
from comingclean.estimates.precision import Known, filed_of, weighed_of
from comingclean.estimates.precision_parts import newest
from comingclean.estimates.precision_releases import POLLUTANTS, WEIGHED, chemicals
from comingclean.proximity.earth import METRES_PER_MILE, ground, in_space, mean_radius

Row = dict[str, Any]
WATCHED: Final = (WEIGHED, "pm25", "so2", "nox")
REACH_MILES: Final = 3.0
_KEY: Final = ["facility_id", "subject"]
_TONNE: Final = 1000.0


@dataclass(frozen=True)
class Place:
    """A place to rank: its kind, name for itself and for people, and the rows of its plants."""

    kind: str
    place: str
    name: str
    plants: tuple[int, ...]


def places(plants: pl.DataFrame) -> list[Place]:
    """Every plant; every cluster, in which each plant stands once, alone or with those whose circles

    meet its own; every county that has a plant.
    """
    ids, names = plants["facility_id"].to_list(), plants["name"].to_list()
    single = [Place("plant", ids[at], names[at], (at,)) for at in range(len(ids))]
    latitude, longitude = (plants[name].to_numpy() for name in ("latitude", "longitude"))
    joined = chains(_apart(latitude, longitude) <= 2 * REACH_MILES * METRES_PER_MILE)
    groups = {first: tuple(np.flatnonzero(joined == first).tolist()) for first in joined.tolist()}
    clusters = [
        Place("cluster", f"around-{ids[members[0]]}", _cities(plants, members), members)
        for members in groups.values()
    ]
    by_county = plants.with_row_index("at").drop_nulls("county_fips").sort("county_fips", "at")
    counties = [
        Place("county", str(fips), f"{rows['county'][0]}, {rows['state'][0]}", tuple(rows["at"]))
        for (fips,), rows in by_county.group_by("county_fips", maintain_order=True)
    ]
    return [*single, *clusters, *counties]


def _apart(latitude: Floats, longitude: Floats) -> Floats:
    """Metres of ground between all places, a square matrix."""
    at = np.column_stack(in_space(latitude, longitude))
    chord = np.sqrt(((at[:, None, :] - at[None, :, :]) ** 2).sum(axis=-1))
    return ground(chord, mean_radius(latitude)[:, None])


def _cities(plants: pl.DataFrame, members: tuple[int, ...]) -> str:
    rows = plants[list(members)]
    cities = list(dict.fromkeys(rows["city"].str.to_titlecase()))
    states = sorted(set(rows["state"].drop_nulls()))
    return f"{' – '.join(cities[:3])}{' …' if len(cities) > 3 else ''}, {'/'.join(states)}"


def releases(known: Known, precision: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """What each plant releases of what is watched: (facility_id, subject, amount, weakness, how).

    A row for every plant and pollutant. `amount` in the quantity's unit: empty where no figure is in
    hand, 0 where the newest toxics filing has nothing. `weakness`: the mean of its ways by share, empty
    where there is no figure. A record of a site is shared out evenly among its plants, for this only.
    """
    weak = {name: known.rules[f"weakness_{name}"] for name in _SCALE}
    by_how = pl.col("how").replace_strict(weak, default=None, return_dtype=pl.Float64)
    rows = precision.filter(pl.col("subject").is_in(WATCHED)).join(plants, on="facility_id", how="semi")
    some = by_how.is_not_null()
    made = (
        rows.sort("facility_id", "subject", "how")
        .group_by(_KEY, maintain_order=True)
        .agg(
            pl.when(some.any()).then((by_how * pl.col("share")).sum()).alias("weakness"),
            pl.col("how").filter(pl.col("main") == 1).first(),
        )
    )
    figures = newest(known.value).select(*_KEY, pl.col("value").alias("amount"))
    joined = made.join(figures, on=_KEY, how="left", validate="1:1").join(
        _of_sites(known), on=_KEY, how="left", validate="1:1"
    )
    nothing = (pl.col("subject") == WEIGHED) & (pl.col("how") == "nothing_filed")
    amount = pl.when(nothing).then(0.0).otherwise(pl.coalesce("amount", "part"))
    return joined.with_columns(amount.alias("amount")).drop("part")


_SCALE: Final = (
    "monitored",
    "plant_factor",
    "mass_balance",
    "published_factor",
    "several",
    "judgement",
    "not_public",
)


def _of_sites(known: Known) -> pl.DataFrame:
    """A plant's even part of the record of its site: (facility_id, subject, part), newest year."""
    rows = known.air_emission.filter(
        (pl.col("shared") == 1) & pl.col("chemical").is_in(list(POLLUTANTS))
    ).with_columns(
        pl.col("chemical").replace_strict(POLLUTANTS, return_dtype=pl.String).alias("subject")
    )
    last = pl.col("year") == pl.col("year").max().over("facility_id", "subject")
    site = rows.filter(last).select(site_id="facility_id", subject="subject", kilograms="kilograms")
    plants = known.facility.select("facility_id", "site_id", pl.len().over("site_id").alias("n"))
    joined = plants.join(site, on="site_id", validate="m:m")
    return joined.select(*_KEY, (pl.col("kilograms") / _TONNE / pl.col("n")).alias("part"))


def matrices(released: pl.DataFrame, plants: pl.DataFrame) -> tuple[Floats, Floats]:
    """Amount and weakness as matrices: a row a plant in the order of `plants`, a column a pollutant.

    NaN where no figure is in hand.
    """
    order = plants.select("facility_id").with_row_index("at")
    wide = released.join(order, on="facility_id", validate="m:1")
    amount = np.full((plants.height, len(WATCHED)), np.nan)
    weakness = np.full_like(amount, np.nan)
    for at, subject, much, weak in wide.select("at", "subject", "amount", "weakness").iter_rows():
        column = WATCHED.index(subject)
        weakness[at, column] = np.nan if weak is None else weak
        amount[at, column] = np.nan if much is None else much
    return amount, weakness


def gathered(amount: Floats, weakness: Floats, members: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Amount and weakness of several plants together: sums of what is known, and means by amount."""
    much, weak = amount[list(members)], weakness[list(members)]
    known, told = ~np.isnan(much), ~np.isnan(weak)
    total = np.where(known.any(axis=0), np.nansum(much, axis=0), np.nan)
    weighed = (np.nan_to_num(much) * np.nan_to_num(weak)).sum(axis=0)
    behind = (np.nan_to_num(much) * told).sum(axis=0)
    count = told.sum(axis=0)
    none = np.full_like(weighed, np.nan)
    plain = np.divide(np.nan_to_num(weak).sum(axis=0), count, out=none, where=count > 0)
    return total, np.divide(weighed, behind, out=plain, where=behind > 0)


def neighbours(known: Known, plants: pl.DataFrame) -> Floats:
    """People within three miles of each of `plants`, in their order."""
    near = (pl.col("indicator") == "population") & (pl.col("radius_miles") == REACH_MILES)
    people = known.community.filter(near).select("facility_id", people="value")
    joined = plants.join(people, on="facility_id", how="left", validate="1:1", maintain_order="left")
    found: Floats = joined["people"].fill_null(0.0).to_numpy()
    return found


def weights(rules: Mapping[str, float]) -> Weights:
    """The weights of the parameters, in the order of the parts and of WATCHED."""
    parts = ("amount", "near", "weakness", "distance")
    return Weights(
        np.array([rules[f"monitor_weight_{name}"] for name in parts]),
        np.array([rules[f"monitor_weight_{name}"] for name in WATCHED]),
    )


def ranked(
    of_kind: list[Place], amount: Floats, weakness: Floats, people: Floats, km: Floats, by: Weights
) -> Scores:
    """Scores of places of one kind. `people`: of each place; `km`: to a monitor, of each plant.

    Of several plants the nearest monitor of any counts.
    """
    both = [gathered(amount, weakness, place.plants) for place in of_kind]
    nearest = np.array([km[list(place.plants)].min() for place in of_kind])
    much, weak = (np.array([pair[side] for pair in both]) for side in (0, 1))
    return scores(Places(much, weak, people, nearest), by)


def main_chemicals(known: Known) -> dict[str, Row]:
    """Of each plant the chemical whose toxicity-weighted release is largest times weakness."""
    scale = {name: known.rules[f"weakness_{name}"] for name in _SCALE}
    weak = pl.col("how").replace_strict(scale, return_dtype=pl.Float64)
    made = chemicals(weighed_of(known), filed_of(known))
    made = made.with_columns((pl.col("weighed") * weak).alias("pull"))
    best = made.filter(pl.col("pull") > 0).sort(
        "facility_id", "pull", "chemical", descending=[False, True, False]
    )
    return {
        row["facility_id"]: row for row in best.group_by("facility_id").first().iter_rows(named=True)
    }
