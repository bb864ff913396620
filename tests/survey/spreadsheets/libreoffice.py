"""Real LibreOffice: it opens a file and saves it in another format; a flat one (FODS) is text that can be changed."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from copy import deepcopy
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
Cell = str | float | date
"""What is put into a cell; a text that begins with `of:=` is a formula."""


def saved_as(ending: str, *files: Path, into: Path) -> list[Path]:
    """The files as LibreOffice saves them with another ending."""
    profile = f"-env:UserInstallation={(into / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", into, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return [into / file.with_suffix(f".{ending}").name for file in files]


def edit(flat: Path, target: Path, sheet: str, cells: Mapping[tuple[int, int], Cell]) -> None:
    """Write a flat file anew with other cells in a sheet, by line and column, both from 0.

    The file's own prefixes are kept: LibreOffice knows its format by them.
    """
    for _, (prefix, address) in ElementTree.iterparse(flat, ["start-ns"]):
        ElementTree.register_namespace(prefix, address)
    tree = ElementTree.parse(flat)
    table = next(one for one in tree.iter(f"{{{TABLE}}}table") if one.get(f"{{{TABLE}}}name") == sheet)
    for (line, place), value in cells.items():
        row = _nth(table, "table-row", "rows", line)
        _put(_nth(row, "table-cell", "columns", place), value)
    tree.write(target, encoding="utf-8", xml_declaration=True)


def _nth(parent: ElementTree.Element, tag: str, kind: str, number: int) -> ElementTree.Element:
    """The row or cell at a place; one that stands for several is taken apart there, one behind the last is made."""
    repeated = f"{{{TABLE}}}number-{kind}-repeated"
    holders = {one: holder for holder in parent.iter() for one in holder}
    seen = 0
    for one in parent.iter(f"{{{TABLE}}}{tag}"):
        many = int(one.get(repeated, "1"))
        if number < seen + many:
            return _taken_apart(holders[one], one, repeated, (number - seen, 1, seen + many - number - 1))
        seen += many
    assert number == seen, f"{tag} {number}"
    return ElementTree.SubElement(parent, f"{{{TABLE}}}{tag}")


def _taken_apart(
    holder: ElementTree.Element, one: ElementTree.Element, repeated: str, times: tuple[int, int, int]
) -> ElementTree.Element:
    """What stands for several becomes up to three, the second of which stands for one."""
    place = list(holder).index(one)
    holder.remove(one)
    copies = [deepcopy(one) for _ in times]
    for copy, many in reversed([*zip(copies, times, strict=True)]):
        if many:
            copy.set(repeated, str(many))
            holder.insert(place, copy)
    return copies[1]


def _put(cell: ElementTree.Element, value: Cell) -> None:
    for child in list(cell):
        cell.remove(child)
    for name in [name for name in cell.attrib if name.startswith(f"{{{OFFICE}}}")]:
        del cell.attrib[name]
    kind = "date" if isinstance(value, date) else "string" if isinstance(value, str) else "float"
    cell.set(f"{{{OFFICE}}}value-type", kind)
    if isinstance(value, str) and value.startswith("of:="):
        cell.set(f"{{{TABLE}}}formula", value)
    elif kind == "date":
        cell.set(f"{{{OFFICE}}}date-value", str(value))
    elif kind == "float":
        cell.set(f"{{{OFFICE}}}value", str(value))
    ElementTree.SubElement(cell, f"{{{TEXT}}}p").text = str(value)


def formulas(flat: Path) -> list[str]:
    """All formulas that LibreOffice sees in a flat file."""
    found = (one.get(f"{{{TABLE}}}formula") for one in ElementTree.parse(flat).iter(f"{{{TABLE}}}table-cell"))
    return [one for one in found if one]
