"""附件4 《个人基础信息汇总表》: a village's people, ten to a page of A4 landscape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from canbao.paper.documents.contents import Leaf, day, paged

ROWS_OF_A_PAGE = 10


@dataclass(frozen=True)
class SummaryRow:
    """One person; insurances as they are to be read, e.g. 参保, 未参保, or empty to be filled in by hand."""

    name: str
    ssn: str
    unit: str = ""
    no_unit_type: str = ""
    hukou_place: str = ""
    residence: str = ""
    phone: str = ""
    pension: str = ""
    medical: str = ""
    unemployment: str = ""
    work_injury: str = ""
    maternity: str = ""
    remark: str = ""


@dataclass(frozen=True)
class SummarySheet:
    """A village's sheet; names of places without what the heading already prints (县, 镇) are up to the caller."""

    county: str
    town: str
    village: str
    rows: tuple[SummaryRow, ...]
    officer: str = ""
    phone: str = ""
    reviewer: str = ""
    head: str = ""
    filled_on: date | None = None
    province: str = "广东省"


def leaves(sheet: SummarySheet, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The sheet page by page; an empty sheet is one page of empty rows."""
    for page, pages, rows in paged(sheet.rows, ROWS_OF_A_PAGE):
        yield {
            "title": wording["title"],
            "province": sheet.province,
            "places": [sheet.county, sheet.town, sheet.village],
            "officer": sheet.officer,
            "phone": sheet.phone,
            "rows": [_cells(number, row) for number, row in rows],
            "reviewer": sheet.reviewer,
            "head": sheet.head,
            "filled_on": day(sheet.filled_on),
            "page": page,
            "pages": pages,
        }


def _cells(number: int, row: SummaryRow) -> list[str]:
    who = [str(number), row.name, row.ssn, row.unit, row.no_unit_type, row.hukou_place, row.residence, row.phone]
    return [*who, row.pension, row.medical, row.unemployment, row.work_injury, row.maternity, row.remark]
