"""What the estimates stand on: one bundle of frames, looked up by plant and year.

Everything here was read from a file or decided by hand; nothing is estimated.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Any, Final

import polars as pl

Row = dict[str, Any]
PlantYear = tuple[str, int]

YEARS: Final = tuple(range(2010, 2024))
SCOPE1: Final = "ghg_scope1"
PROCESS: Final = "ghg_subpart_process"
PFC: Final = "ghg_pfc"
COMBUSTION: Final = "ghg_subpart_c"


@dataclass(frozen=True)
class Evidence:
    """Frames that every estimate may look into.

    `plants`: facility_id, site_id, industry, state, program, reference_2020, latitude, longitude.
    `values`: value rows of the filings. `attributes`: rows of the table `attribute` with `lineage_id`.
    `output`: what Global Energy Monitor says a plant made (facility_id or site_id as `unit`, product,
    year, value in t, shared, lineage_id). `totals`: the Survey's national totals (series, year, value,
    low, high, verified, sources). `rates`: subregion, year, value and unit t CO2e/MWh, lineage_id.
    `grid`: facility_id, subregion, share, nearest_km, lineage_ids.
    """

    plants: pl.DataFrame
    values: pl.DataFrame
    attributes: pl.DataFrame
    output: pl.DataFrame
    totals: pl.DataFrame
    rates: pl.DataFrame
    grid: pl.DataFrame

    @cached_property
    def plant(self) -> dict[str, Row]:
        """The plants by id."""
        return {row["facility_id"]: row for row in self.plants.iter_rows(named=True)}

    def of_industry(self, industry: str) -> list[str]:
        """Ids of the plants of an industry, in order."""
        return sorted(name for name, row in self.plant.items() if row["industry"] == industry)

    @cached_property
    def _filed(self) -> dict[tuple[str, str, int], Row]:
        wanted = self.values.filter(pl.col("quantity").is_in([SCOPE1, PROCESS, PFC, COMBUSTION]))
        return {
            (row["quantity"], row["facility_id"], row["year"]): row
            for row in wanted.iter_rows(named=True)
        }

    def filed(self, quantity: str, plant: str, year: int) -> Row | None:
        """The value row of a filing, or None."""
        return self._filed.get((quantity, plant, year))

    def amount(self, quantity: str, plant: str, year: int) -> float:
        """What was filed, zero where nothing was."""
        row = self.filed(quantity, plant, year)
        return float(row["value"]) if row else 0.0

    def reported(self, plant: str) -> list[int]:
        """Years for which it filed greenhouse gases on site above zero."""
        return [year for year in YEARS if self.amount(SCOPE1, plant, year) > 0]

    def ran(self, plant: str) -> list[int]:
        """Years in which a filing shows that its process ran: subpart of its industry above zero.

        A kiln whose fuel and stone stand under combustion alone counts by its combustion, in those
        years only for which nothing else was filed.
        """
        return self._ran[plant]

    @cached_property
    def _ran(self) -> dict[str, list[int]]:
        return {plant: self._running(plant) for plant in self.plant}

    def _running(self, plant: str) -> list[int]:
        process = [year for year in YEARS if self.amount(PROCESS, plant, year) > 0]
        if self.melts_nothing(plant):
            return process
        if not process and self.plant[plant]["reference_2020"] == 1:
            return [year for year in YEARS if self.amount(COMBUSTION, plant, year) > 0]
        if self.plant[plant]["industry"] != "cement":
            return process
        return sorted({*process, *self._burnt_stone(plant, process)})

    def _burnt_stone(self, plant: str, process: list[int]) -> list[int]:
        """Years in which combustion alone is as large as the whole filing of other years.

        It then holds the stone too, as a monitor in the stack does: it lies nearer to the usual whole
        than to the usual fuel, by the ratio.
        """
        if not process:
            return []
        whole, fuel = (
            median(self.amount(name, plant, year) for year in process) for name in (SCOPE1, COMBUSTION)
        )
        rest = (year for year in YEARS if year not in process)
        return [year for year in rest if self.amount(COMBUSTION, plant, year) ** 2 > whole * fuel > 0]

    def melts_nothing(self, plant: str) -> bool:
        """True for mills that only roll."""
        return self.route(plant, YEARS[-1])[0] == "rolling only"

    def activity(self, plant: str, year: int) -> float:
        """Its greenhouse gases on site against the median of the years in which it ran."""
        years = self.ran(plant)
        usual = median(self.amount(SCOPE1, plant, at) for at in years) if years else 0.0
        return self.amount(SCOPE1, plant, year) / usual if usual > 0 else 0.0

    @cached_property
    def _attributes(self) -> dict[tuple[str, str], list[Row]]:
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.attributes.iter_rows(named=True):
            found.setdefault((row["facility_id"], row["attribute"]), []).append(row)
        return found

    def said(self, plant: str, attribute: str) -> list[Row]:
        """Rows of one attribute of a plant or site."""
        return self._attributes.get((plant, attribute), [])

    def route(self, plant: str, year: int) -> tuple[str, bool]:
        """How it made its product in a year, and whether that is assumed. A dated row goes first."""
        key = plant, year
        if key not in self._routes:
            self._routes[key] = self._route(plant, year)
        return self._routes[key]

    @cached_property
    def _routes(self) -> dict[tuple[str, int], tuple[str, bool]]:
        """Those that were asked for; every plant and year is, many times."""
        return {}

    def _route(self, plant: str, year: int) -> tuple[str, bool]:
        rows = self.said(plant, "route")
        dated = [row for row in rows if row["first_year"] or row["last_year"]]
        fitting = [
            row for row in dated if (row["first_year"] or 0) <= year <= (row["last_year"] or 9999)
        ]
        for row in [*fitting, *(row for row in rows if row not in dated), *dated]:
            return str(row["value"]), row["certainty"] == "assumed"
        return "not known", True

    def numbers(self, plant: str, attribute: str) -> list[Row]:
        """Rows of an attribute that hold a number, with `number` as such."""
        rows = []
        for row in self.said(plant, attribute):
            try:
                rows.append(row | {"number": float(row["value"])})
            except ValueError:
                continue
        return rows

    @cached_property
    def _output(self) -> dict[tuple[str, str, int], list[Row]]:
        found: dict[tuple[str, str, int], list[Row]] = {}
        for row in self.output.iter_rows(named=True):
            found.setdefault((row["unit"], row["product"], row["year"]), []).append(row)
        return found

    def made(self, unit: str, product: str, year: int) -> list[Row]:
        """What Global Energy Monitor says that a plant or site made."""
        return self._output.get((unit, product, year), [])

    @cached_property
    def _totals(self) -> dict[tuple[str, int], Row]:
        return {(row["series"], row["year"]): row for row in self.totals.iter_rows(named=True)}

    def total(self, series: str, year: int) -> Row | None:
        """A national total of the Survey, or None."""
        return self._totals.get((series, year))

    @cached_property
    def captive(self) -> dict[str, list[Row]]:
        """Filings of a power station of its own (subpart D above zero), by plant."""
        found: dict[str, list[Row]] = {}
        own = pl.col("quantity") == "ghg_subpart_d"
        for row in self.values.filter(own & (pl.col("value") > 0)).iter_rows(named=True):
            found.setdefault(row["facility_id"], []).append(row)
        return found

    @cached_property
    def grid_places(self) -> dict[str, list[Row]]:
        """Subregions that a plant may stand in, the likeliest first."""
        found: dict[str, list[Row]] = {}
        for row in self.grid.sort("share", "subregion", descending=[True, False]).iter_rows(named=True):
            found.setdefault(row["facility_id"], []).append(row)
        return found

    @cached_property
    def grid_rates(self) -> dict[str, dict[int, Row]]:
        """Rates by subregion and year."""
        found: dict[str, dict[int, Row]] = {}
        for row in self.rates.iter_rows(named=True):
            found.setdefault(row["subregion"], {})[row["year"]] = row
        return found
