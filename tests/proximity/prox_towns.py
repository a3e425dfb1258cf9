"""Made-up towns where it is hard to be right, and sites about them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from comingclean.proximity import People

# Real block groups: Gary and South Chicago, Honolulu, San Juan, Anchorage, the far of Alaska, Nevada.
SLICE = Path(__file__).parent / "slices" / "block_groups.parquet"
# Chicago, the Aleutians on both sides of the date line, Utqiagvik, Honolulu, San Juan, Key West.
TOWNS = (
    (41.7, -87.5),
    (51.9, 179.98),
    (52.0, -179.97),
    (71.29, -156.8),
    (21.3, -157.86),
    (18.44, -66.1),
    (24.55, -81.8),
)


def towns(kind, *, seed=0, size=400, radius=900.0):
    """Some hundred places about each of `TOWNS`, dense in the middle, with discs of many sizes."""
    random = np.random.default_rng(seed)
    latitude, longitude = (np.repeat([town[at] for town in TOWNS], size) for at in (0, 1))
    spread = random.exponential(0.08, latitude.size)
    turn = random.uniform(0, 2 * np.pi, latitude.size)
    latitude = np.minimum(latitude + spread * np.sin(turn), 72.0)
    longitude = longitude + spread * np.cos(turn) / np.cos(np.radians(latitude))
    return People(
        kind=kind,
        latitude=latitude,
        longitude=np.mod(longitude + 180, 360) - 180,
        population=random.poisson(random.gamma(0.6, 900, latitude.size)).astype(np.int32),
        radius=random.lognormal(np.log(radius), 1.2, latitude.size),
    )


def sites(number, *, seed=1, reach=0.15):
    """Sites about each of `TOWNS`: latitude and longitude."""
    random = np.random.default_rng(seed)
    town = np.array(TOWNS)[np.arange(number) % len(TOWNS)]
    place = town + random.normal(0, reach, (number, 2)) * [1.0, 1.5]
    return np.clip(place[:, 0], 17, 71.9), np.mod(place[:, 1] + 180, 360) - 180
