"""The places of `monitor_next`: plants that ran lately, clusters, counties; and what is known there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from comingclean.estimates.monitor_next import Floats, Places, Scores, Weights, chains, scores
from comingclean.estimates.precision import Known
from comingclean.estimates.precision_parts import newest
from comingclean.estimates.precision_releases import POLLUTANTS, WEIGHED, chemicals
from comingclean.model_precision import ABSENT
from comingclean.proximity.earth import METRES_PER_MILE, ground, in_space, mean_radius

Row = dict[str, Any]
WATCHED: Final = (WEIGHED, "pm25", "so2", "nox")
REACH_MILES: Final = 3.0
_GONE: Final = ("closed", "construction", "announced")
_KEY: Final = ["facility_id", "subject"]
_TONNE: Final = 1000.0


@dataclass(frozen=True)
class Place:
    """A place to rank: its kind, name for itself and for people, and the rows of its plants."""

    kind: str
    place: str
    name: str
    plants: tuple[int, ...]


def candidates(known: Known) -> pl.DataFrame:
    """Plants that stand, and filed gases or toxics within the parameter monitor_recent_years.

    The table `facility` with monitor_km, in the order of facility_id.
    """
    filed = known.value.filter(pl.col("quantity").is_in(["ghg_reported", "toxic_air"]))
    last = int(filed["year"].to_numpy().max()) - known.rules["monitor_recent_years"]
    lately = filed.filter(pl.col("year") >= last)
    gone = pl.col("status").is_in(_GONE).fill_null(False)
    near = known.nearest_monitor.select("facility_id", pl.col("kilometres").alias("monitor_km"))
    standing = known.facility.filter(~gone & pl.col("latitude").is_not_null())
    ran = standing.join(lately, on="facility_id", how="semi")
    return ran.join(near, on="facility_id", validate="1:1").sort("facility_id")


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
    states = sorted(set(rows["state"]))
    return f"{' – '.join(cities[:3])}{' …' if len(cities) > 3 else ''}, {'/'.join(states)}"


def releases(known: Known, precision: pl.DataFrame, plants: pl.DataFrame) -> pl.DataFrame:
    """What each plant releases of what is watched: (facility_id, subject, amount, weakness, how).

    A row for every plant and pollutant; amount in the quantity's unit, empty where unknown; weakness
    the mean of its ways by share. A record of a site is shared out evenly among its plants, for this
    only.
    """
    weak = {name: known.rules[f"weakness_{name}"] for name in _SCALE}
    absent = dict.fromkeys(ABSENT, known.rules["weakness_absent"])
    by_how = pl.col("how").replace_strict(weak | absent, return_dtype=pl.Float64)
    rows = precision.filter(pl.col("subject").is_in(WATCHED)).join(plants, on="facility_id", how="semi")
    made = (
        rows.sort("facility_id", "subject", "how")
        .group_by(_KEY, maintain_order=True)
        .agg(
            (by_how * pl.col("share").fill_null(1.0)).sum().alias("weakness"),
            pl.col("how").filter(pl.col("main") == 1).first(),
        )
    )
    figures = newest(known.value).select(*_KEY, pl.col("value").alias("amount"))
    of_site = _of_sites(known)
    joined = made.join(figures, on=_KEY, how="left", validate="1:1").join(
        of_site, on=_KEY, how="left", validate="1:1"
    )
    return joined.with_columns(pl.coalesce("amount", "part").alias("amount")).drop("part")


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
    """Amount and weakness as matrices: a row a plant in the order of `plants`, a column a pollutant."""
    order = plants.select("facility_id").with_row_index("at")
    wide = released.join(order, on="facility_id", validate="m:1")
    amount = np.full((plants.height, len(WATCHED)), np.nan)
    weakness = np.ones_like(amount)
    for at, subject, much, weak in wide.select("at", "subject", "amount", "weakness").iter_rows():
        column = WATCHED.index(subject)
        weakness[at, column] = weak
        amount[at, column] = np.nan if much is None else much
    return amount, weakness


def gathered(amount: Floats, weakness: Floats, members: tuple[int, ...]) -> tuple[Floats, Floats]:
    """Amount and weakness of several plants together: sums of what is known, and means by amount."""
    much, weak = amount[list(members)], weakness[list(members)]
    known = ~np.isnan(much)
    total = np.where(known.any(axis=0), np.nansum(much, axis=0), np.nan)
    weighed = (np.nan_to_num(much) * weak).sum(axis=0)
    plain = weak.mean(axis=0)
    return total, np.divide(weighed, total, out=plain, where=np.nan_to_num(total) > 0)


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
    made = chemicals(known.toxic_release, known.chemical).with_columns(
        (pl.col("weighed") * weak).alias("pull")
    )
    best = made.filter(pl.col("pull") > 0).sort(
        "facility_id", "pull", "chemical", descending=[False, True, False]
    )
    return {
        row["facility_id"]: row for row in best.group_by("facility_id").first().iter_rows(named=True)
    }
