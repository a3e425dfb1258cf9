"""Workbooks for tests: cells read straight from the XML, with no library of ours, and written again.

A sheet is {(row, column): text or number}, rows from 1 as a spreadsheet counts, columns from 0.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import xlsxwriter

Sheet = dict[tuple[int, int], str | float]
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook, in order."""
    return list(_targets(zipfile.ZipFile(path)))


def read_sheet(path: Path, name: str) -> Sheet:
    """Every filled cell of one sheet."""
    with zipfile.ZipFile(path) as archive:
        shared = _shared(archive)
        root = ElementTree.fromstring(archive.read(_targets(archive)[name]))
    cells = ((cell, _value(cell, shared)) for cell in root.iter(f"{_NS}c"))
    return {_place(cell.attrib["r"]): value for cell, value in cells if value not in (None, "")}


def write_workbook(path: Path, sheets: dict[str, Sheet]) -> None:
    """Write sheets so that the same cells give the same bytes."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": dt.datetime(2024, 1, 1)})
        for name, cells in sheets.items():
            sheet = workbook.add_worksheet(name)
            for (row, column), value in sorted(cells.items()):
                write = sheet.write_string if isinstance(value, str) else sheet.write_number
                write(row - 1, column, value)


def _targets(archive: zipfile.ZipFile) -> dict[str, str]:
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    files = {link.attrib["Id"]: link.attrib["Target"].removeprefix("/xl/") for link in links}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return {s.attrib["name"]: f"xl/{files[s.attrib[_REL]]}" for s in book.iter(f"{_NS}sheet")}


def _shared(archive: zipfile.ZipFile) -> list[str]:
    root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return ["".join(t.text or "" for t in item.iter(f"{_NS}t")) for item in root]


def _value(cell: ElementTree.Element, shared: list[str]) -> str | float | None:
    text = cell.findtext(f"{_NS}v")
    kind = cell.attrib.get("t", "n")
    if kind == "s" and text is not None:
        return shared[int(text)]
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_NS}t"))
    return float(text) if kind == "n" and text is not None else text


def _place(reference: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column - 1
