"""归档目录: what lies in a village's boxes, in the order of the summary sheets, with what is missing marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.paper.documents.contents import Leaf, day, paged

ROWS_OF_A_PAGE = 25


@dataclass(frozen=True)
class CatalogueEntry:
    """One paper of the archive; `sheets` counts its pages; `box` is empty where it lies nowhere yet."""

    number: str
    title: str
    person: str = ""
    sheets: int = 1
    box: str = ""
    missing: bool = False
    remark: str = ""


@dataclass(frozen=True)
class ArchiveCatalogue:
    """A village's catalogue."""

    county: str
    town: str
    village: str
    entries: tuple[CatalogueEntry, ...]
    holder: str = ""
    compiled_by: str = ""
    compiled_on: date | None = None


def leaves(catalogue: ArchiveCatalogue, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The catalogue page by page; each page tells how many papers there are and how many are missing."""
    missing = sum(entry.missing for entry in catalogue.entries)
    there = len(catalogue.entries) - missing
    for page, pages, entries in paged(catalogue.entries, ROWS_OF_A_PAGE):
        yield {
            "title": wording["title"],
            "places": [catalogue.county, catalogue.town, catalogue.village],
            "holder": catalogue.holder,
            "rows": [_cells(number, entry) for number, entry in entries],
            "there": there,
            "missing": missing,
            "compiled_by": catalogue.compiled_by,
            "compiled_on": day(catalogue.compiled_on),
            "page": page,
            "pages": pages,
        }


def _cells(index: int, entry: CatalogueEntry) -> dict[str, object]:
    sheets = "" if entry.missing else str(entry.sheets)
    state = "缺" if entry.missing else ""
    cells = [str(index), entry.number, entry.title, entry.person, sheets, entry.box, state, entry.remark]
    return {"cells": cells, "missing": entry.missing}
