"""What comes out of a plant: its toxic chemicals by year, down to the row, and how they weigh."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from typing import Any, Final

from comingclean.views import amounts, burden, figures, inventory, toxics_data
from comingclean.views.amounts import Amount

Row = dict[str, Any]
MEDIA: Final = ("air", "water", "land")
# Parts of others, or apart from every sum: only EPA's own file has them.
_MORE: Final = ("air_stack", "air_fugitive", "landfill", "impoundment", "underground", "off_site")
_FLAGS: Final = ("carcinogen", "hap", "metal", "pbt", "pfas")
_SUMS: Final = {"air": "toxic_air", "water": "toxic_water", "land": "toxic_land"}
# Why a plant has no filing at all.
_REASONS: Final = ("not_linked", "not_in_tri", "nothing_to_air")
_LEADERS: Final = 3
_DIOXINS: Final = "N150"
_GRAM: Final = 0.001  # of a kilogram


def of_plant(connection: sqlite3.Connection, facility_id: str, lang: str) -> Row:
    """What a plant's page says of toxic chemicals, criteria pollutants and the air around it.

    Raises KeyError for a plant that is not in the atlas.
    """
    held = toxics_data.of_plant(connection, facility_id)
    if held is None:
        raise KeyError(facility_id)
    by_year = groupby(held["releases"], key=lambda row: row["year"])
    years = [_year(year, list(rows), held, lang) for year, rows in by_year]
    return {
        "years": years,
        "weighed": _weighed(connection, years, held, lang),
        "absent": _absent(held, years),
        "reasons": [
            row for row in held["findings"] if row["subject"] == "tri" and row["rule"] in _REASONS
        ],
        "inventory": inventory.of_plant(held, lang),
        "burden": burden.of_plant(held, lang),
        "chemicals": held["chemicals"],
        "lineage": held["lineage"],
    }


def _year(year: int, rows: list[Row], held: Row, lang: str) -> Row:
    """One year of filings: a row a chemical, the sums, and the files that all of it stands in."""
    rows = sorted(rows, key=lambda row: (row["chemical"], row["program_id"]))
    groups = [(key, list(part)) for key, part in groupby(rows, key=lambda row: row["chemical"])]
    weights = {key: _weight(part, held) for key, part in groups}
    whole = amounts.added(part for part in weights.values() if part)
    chemicals = [
        _chemical(held["chemicals"][key], part, weights[key], whole, held | {"lang": lang})
        for key, part in groups
    ]
    figures_ = {row["quantity"]: row for row in held["figures"] if row["year"] == year}
    return {
        "year": year,
        "ids": sorted({row["program_id"] for row in rows}),
        "chemicals": sorted([row for row in chemicals if row["cells"]], key=_importance),
        "more": [row for row in chemicals if row["more"]],
        "sums": {medium: _sum(figures_.get(name), lang) for medium, name in _SUMS.items()},
        "files": _files(rows, held),
        "parameters": _parameters(rows, held),
        "media": [m for m in MEDIA if any(m in row["cells"] for row in chemicals)],
        "figures": figures_,
    }


def _importance(row: Row) -> tuple[float, float, str]:
    """First what weighs most, then what is most."""
    air = row["cells"].get("air")
    return (
        -(row["weighed"].value if row["weighed"] else 0.0),
        -(air["value"] if air else 0.0),
        row["key"],
    )


def _weight(rows: list[Row], held: Row) -> Amount | None:
    """What a chemical's releases to air weigh; None where it has no benchmark, or none to air."""
    found = [
        amounts.weighed(row, held["chemicals"][row["chemical"]], held["shares"])
        for row in rows
        if row["medium"] == "air"
    ]
    known = [part for part in found if part]
    return amounts.added(known) if known else None


def _chemical(chemical: Row, rows: list[Row], weight: Amount | None, whole: Amount, held: Row) -> Row:
    """One chemical of one year: a cell a medium, its share of the weighed air, how it was found."""
    lang = held["lang"]
    main = [row for row in rows if row["medium"] in MEDIA]
    return {
        "key": chemical["chemical"],
        **toxics_data.called(chemical, lang),
        "flags": _flags(chemical),
        "part": chemical["part"],
        "unflagged": chemical["flags_source"] is None,
        "benchmark": chemical["weight"] is not None,
        "weighed": weight,
        "share": amounts.percent(amounts.share(weight, whole), lang) if weight else None,
        "cells": {medium: cell for medium in MEDIA if (cell := _cell(main, medium, lang))},
        "more": {medium: cell for medium in _MORE if (cell := _cell(rows, medium, lang))},
        "more_rows": ", ".join(sorted({_row(row, held) for row in rows if row["medium"] in _MORE})),
        "how": _hows(_ordered(main), held),
    }


def _flags(chemical: Row) -> list[str]:
    """The flags to show: of a chemical that is weighed in part, the part says what is a carcinogen."""
    told = [flag for flag in _FLAGS if chemical[flag]]
    return [flag for flag in told if flag != "carcinogen" or not chemical["part"]]


def _ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (MEDIA.index(row["medium"]), row["program_id"]))


def _hows(rows: list[Row], held: Row) -> list[Row]:
    """How a chemical's figures were found: what stands in one row and was found alike is said once."""
    told: dict[tuple[str, str, str], list[str]] = {}
    for row in rows:
        told.setdefault((row["method"], row["grade"], _row(row, held)), []).append(row["medium"])
    return [
        {"method": method, "grade": grade, "row": row, "media": list(dict.fromkeys(media))}
        for (method, grade, row), media in told.items()
    ]


def _cell(rows: list[Row], medium: str, lang: str) -> Row | None:
    """The sum of a chemical over the ids of a plant, with its parts where there are several.

    `unit` is that of dioxins, grams as the form has them; all else is in kilograms.
    """
    parts = [row for row in rows if row["medium"] == medium]
    if not parts:
        return None
    whole = amounts.added(_amount(row) for row in parts)
    grams = parts[0]["chemical"] == _DIOXINS
    scale = _GRAM if grams else 1.0
    return {
        "value": whole.value,
        "unit": "g" if grams else None,
        "grade": max(row["grade"] for row in parts),
        "parts": [row | amounts.filed(_amount(row), lang, scale) for row in parts][: _several(parts)],
        **amounts.filed(whole, lang, scale),
    }


def _several(parts: list[Row]) -> int:
    """How many parts of a sum to show: none of one."""
    return len(parts) if len(parts) > 1 else 0


def _amount(row: Row) -> Amount:
    return Amount(row["kilograms"], row["low"], row["high"])


def _row(row: Row, held: Row) -> str:
    """The numbers of the rows that a figure stands in; the file is said once above the table."""
    found = [held["lineage"][name] for name in row["sources"]]
    return ", ".join(str(one["row"]) for one in found if one["source_id"] != "parameters")


def _files(rows: list[Row], held: Row) -> list[str]:
    found = (held["lineage"][name] for row in rows for name in row["sources"])
    return sorted({one["file"] for one in found if one["source_id"] != "parameters"})


def _parameters(rows: list[Row], held: Row) -> list[str]:
    """Ids of the parameters that the intervals of a year are made of."""
    names = {name for row in rows for name in row["sources"]}
    return sorted(name for name in names if held["lineage"][name]["source_id"] == "parameters")


def _sum(row: Row | None, lang: str) -> Row | None:
    if row is None:
        return None
    return row | amounts.filed(Amount(row["value"], row["low"], row["high"]), lang)


def _weighed(connection: sqlite3.Connection, years: list[Row], held: Row, lang: str) -> Row | None:
    """The weighed sum of the newest year: in words, its leaders, its rank, what it leaves out."""
    row = years[0]["figures"].get("toxicity_weighted_air") if years else None
    if row is None:
        return None
    bare = years[0]["figures"].get("toxic_air_unweighted_share")
    used = [one for one in years[0]["chemicals"] if one["weighed"]]
    return {
        "year": row["year"],
        "grade": row["grade"],
        "leaders": [one for one in used if one["weighed"].value > 0][:_LEADERS],
        "standing": toxics_data.standing(connection, row),
        "bare": bare and bare | amounts.text(Amount(bare["value"], bare["low"], bare["high"]), lang),
        "weights": [_benchmark(held["chemicals"][one["key"]], held, lang) for one in used],
        **amounts.large(Amount(row["value"], row["low"], row["high"]), lang),
    }


def _benchmark(chemical: Row, held: Row, lang: str) -> Row:
    """The weight of a chemical as it is used, the part of it that is weighed, and its rows."""
    part = held["shares"].get(chemical["part"])
    weight = chemical["weight"] * (part["value"] / 100 if part else 1.0)
    names = chemical["sources"] + ([f"parameters/{part['parameter']}"] if part else [])
    ends = part and {name: _plain(part[name], lang) for name in ("value", "low", "high")}
    told = {"text": _plain(weight, lang), "weighed": ends, "sources": names}
    return chemical | toxics_data.called(chemical, lang) | told


def _plain(number: float, lang: str) -> str:
    """A number that was decided, as it was."""
    return figures.figure(number, None, None, 1.0, lang)


def _absent(held: Row, years: list[Row]) -> Row:
    """Years without a release: not filed, filed with nothing, and not in hand, as texts."""
    filed = {row["year"] for row in held["filings"]} | {year["year"] for year in years}
    empty = {row["year"] for row in held["filings"] if not row["air"]} - {
        year["year"] for year in years if "air" in {m for c in year["chemicals"] for m in c["cells"]}
    }
    known = set(held["in_hand"])
    every = set(range(min(known), max(known) + 1)) if known else set()
    return {
        "unfiled": spans(known - filed) if years else "",
        "empty": spans(empty),
        "not_in_hand": spans(every - known - filed),
        "last": max(known, default=None),
    }


def spans(years: set[int]) -> str:
    """Years in words, runs shortened: 2009, 2011–2013."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
