"""Criteria pollutants of a plant by the National Emissions Inventory: sums, processes, stacks."""

from __future__ import annotations

from itertools import groupby
from typing import Any, Final

from comingclean.views import amounts, figures
from comingclean.views.amounts import Amount

Row = dict[str, Any]
# The criteria pollutants and what they form from, in the order that they are shown in.
CRITERIA: Final = {
    "PM2.5": "pm25",
    "PM10": "pm10",
    "PM10-PM2.5": "pm_coarse",
    "7446-09-5": "so2",
    "NOX": "nox",
    "VOC": "voc",
    "630-08-0": "co",
    "7664-41-7": "nh3",
    "7439-92-1": "lead",
}
_FREEZING: Final = 273.15
# The inventory's measures of a stack, all as filed.
_MEASURES: Final = ("height", "diameter", "temperature", "flow", "velocity")


def of_plant(held: Row, lang: str) -> Row:
    """What the inventory's newest year has of a plant; its lists are empty where it has nothing.

    `held`: toxics_data.of_plant. `rest`: how many more chemicals the inventory has by process.
    """
    years = sorted({row["year"] for row in held["inventory"]}, reverse=True)
    newest = years[0] if years else None
    rows = [row for row in held["inventory"] if row["year"] == newest]
    shown = [_pollutant(row, held, lang) for row in _criteria(rows)]
    return {
        "year": newest,
        "years": years,
        "pollutants": shown,
        "files": _files(shown, held),
        "shared": any(row["shared"] for row in rows),
        "processes": _processes(held, lang),
        "process_year": max((row["year"] for row in held["processes"]), default=None),
        "process_files": _files(held["processes"], held),
        "rest": len({row["chemical"] for row in held["processes"]} - set(CRITERIA)),
        "stacks": [_stack(row, held, lang) for row in held["stacks"]],
        "stack_year": _filed(held["stacks"]),
        "stack_files": _files(held["stacks"], held),
        "reasons": [] if rows else [row for row in held["findings"] if row["subject"] == "eis"],
    }


def _criteria(rows: list[Row]) -> list[Row]:
    order = list(CRITERIA)
    found = [row for row in rows if row["chemical"] in CRITERIA]
    return sorted(found, key=lambda row: order.index(row["chemical"]))


def _pollutant(row: Row, held: Row, lang: str) -> Row:
    """One figure of the inventory in kilograms, with its texts and the number of its row."""
    found = [held["lineage"][name] for name in row["sources"]]
    numbers = [str(one["row"]) for one in found if one["source_id"] != "parameters"]
    texts = amounts.text(Amount(row["kilograms"], row["low"], row["high"]), lang)
    return row | texts | {"pollutant": CRITERIA[row["chemical"]], "row": ", ".join(numbers)}


def _processes(held: Row, lang: str) -> list[Row]:
    """Processes of the plant with their criteria pollutants, the largest first."""
    rows = [row for row in held["processes"] if row["chemical"] in CRITERIA]
    rows.sort(key=lambda row: (row["record_id"], row["scc"]))
    groups = groupby(rows, key=lambda row: (row["record_id"], row["scc"]))
    made = [_process(list(part), held, lang) for _, part in groups]
    return sorted(made, key=lambda one: (-one["most"], one["scc"], one["record_id"]))


def _process(rows: list[Row], held: Row, lang: str) -> Row:
    first = rows[0]
    return {
        "scc": first["scc"],
        "record_id": first["record_id"],
        "process": first["process"].split(" › ")[1:] or [first["process"]],
        "most": max(row["kilograms"] for row in rows),
        "pollutants": [_pollutant(row, held, lang) for row in _criteria(rows)],
    }


def _stack(row: Row, held: Row, lang: str) -> Row:
    """A stack with its measures as texts, temperature in degrees Celsius."""
    warm = row["temperature"]
    measures = row | {"temperature": None if warm is None else warm - _FREEZING}
    texts = {
        f"{name}_text": None if measures[name] is None else _measure(measures[name], lang)
        for name in _MEASURES
    }
    numbers = [str(held["lineage"][name]["row"]) for name in row["sources"]]
    return row | texts | {"row": ", ".join(numbers)}


def _filed(rows: list[Row]) -> str | None:
    """The year of the file that stacks stand in, from the id of a row: source/year#row."""
    return rows[0]["sources"][0].partition("/")[2].partition("#")[0] if rows else None


def _measure(value: float, lang: str) -> str:
    """A measure as filed, to a tenth: the file says nothing of its error."""
    return figures.written(value, -1, 1.0, lang)


def _files(rows: list[Row], held: Row) -> list[str]:
    found = (held["lineage"][name] for row in rows for name in row["sources"])
    return sorted({one["file"] for one in found if one["source_id"] != "parameters"})
