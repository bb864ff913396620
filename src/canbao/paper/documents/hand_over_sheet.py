"""移交清单: what a town hands over to its county, counted, with both signatures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.paper.documents.contents import Leaf, day, paged

ROWS_OF_A_PAGE = 20


@dataclass(frozen=True)
class HandOverLine:
    """What one place hands over: boxes, pages of summary sheets, forms, forms that should be there."""

    place: str
    boxes: int
    summary_sheets: int
    forms: int
    forms_due: int
    remark: str = ""


@dataclass(frozen=True)
class HandOverSheet:
    """A hand-over between two bodies, `handed_on` empty to be written by hand."""

    number: str
    giver: str
    taker: str
    lines: tuple[HandOverLine, ...]
    handed_on: date | None = None


def leaves(sheet: HandOverSheet, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The sheet page by page; totals and signatures stand on the last."""
    for page, pages, lines in paged(sheet.lines, ROWS_OF_A_PAGE):
        yield {
            "title": wording["title"],
            "statement": wording["statement"],
            "number": sheet.number,
            "giver": sheet.giver,
            "taker": sheet.taker,
            "rows": [_cells(number, line) for number, line in lines],
            "total": _total(sheet.lines) if page == pages else None,
            "handed_on": day(sheet.handed_on),
            "page": page,
            "pages": pages,
        }


def _cells(index: int, line: HandOverLine) -> list[str]:
    counts = (line.boxes, line.summary_sheets, line.forms_due, line.forms, line.forms_due - line.forms)
    return [str(index), line.place, *map(str, counts), line.remark]


def _total(lines: tuple[HandOverLine, ...]) -> list[str]:
    boxes, sheets = sum(line.boxes for line in lines), sum(line.summary_sheets for line in lines)
    due, forms = sum(line.forms_due for line in lines), sum(line.forms for line in lines)
    return ["", "合计", *map(str, (boxes, sheets, due, forms, due - forms)), ""]
