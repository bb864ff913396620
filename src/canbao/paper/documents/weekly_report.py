"""督导周报: figures, findings and a ranking of one week, plain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from canbao.law.wording import filled
from canbao.paper.documents.contents import Leaf, check_table, day


@dataclass(frozen=True)
class ReportTable:
    """A table; the first column is text, columns of `numbers` (by index) stand to the right; `widths` are shares."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True)
class ReportSection:
    """A heading, what is to be said, and a table, if there is one."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: ReportTable | None = None


@dataclass(frozen=True)
class WeeklyReport:
    """One area's week."""

    area: str
    begins: date
    ends: date
    issuer: str
    made_on: date
    sections: tuple[ReportSection, ...]


def leaves(report: WeeklyReport, wording: Mapping[str, str]) -> Iterator[Leaf]:
    """The report as one leaf, over as many pages as it needs."""
    yield {
        "title": filled(wording["title"], {"area": report.area}),
        "week": f"{day(report.begins)}至{day(report.ends)}",
        "issuer": report.issuer,
        "made_on": day(report.made_on),
        "sections": [_section(section) for section in report.sections],
    }


def _section(section: ReportSection) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "paragraphs": list(section.paragraphs),
        "table": _table(section.table) if section.table else None,
    }


def _table(table: ReportTable) -> dict[str, Any]:
    widths = table.widths or (1,) * len(table.columns)
    check_table(table.columns, table.rows, widths)
    return {
        "columns": list(table.columns),
        "rows": [list(row) for row in table.rows],
        "numbers": list(table.numbers),
        "widths": list(widths),
    }
