"""Two statements side by side: each item of both, masked, with a mark where they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from canbao.law.reader import read_law
from canbao.office.people.showing import label_of, show
from canbao.registry.conflicts import Desk

ITEMS = (
    "ssn", "name", "sex", "birth_date", "ethnicity", "vital_status", "death_date", "admin_division_code",
    "is_household", "hukou_division_code", "hukou_town_code", "hukou_village_code", "hukou_address",
    "residence_address", "mobile", "unit_no", "unit_name", "unit_type",
)  # fmt: skip
COVER = ("contrib_status", "benefit_status", "enrol_date", "region_code", "payer_category", "unit_name")


@dataclass(frozen=True)
class Line:
    """One item of both sides; it differs only if both say something."""

    label: str
    reference: str
    statement: str
    differs: bool


def lines(desk: Desk) -> list[Line]:
    """Every item that either side says."""
    return [line for name in ITEMS if (line := _line(name, desk)) is not None]


def cover_headers() -> list[str]:
    """The headers of a table of covers."""
    return [label_of("insurance_type"), *(label_of(name) for name in COVER), "报送单位"]


def cover_rows(covers: list[dict[str, Any]]) -> Iterator[list[str]]:
    """Insurance rows in words, each with the division that says it."""
    labels = {code.code: code.label for code in read_law().codes["insurance_type"].codes}
    for row in covers:
        values = [show(name, row[name]) for name in COVER]
        yield [labels[row["insurance_type"]], *values, show("admin_division_code", row["division_code"])]


def _line(name: str, desk: Desk) -> Line | None:
    one, other = desk.reference.get(name), desk.statement.get(name)
    if one is None and other is None:
        return None
    differs = one is not None and other is not None and one != other
    return Line(label_of(name), show(name, one), show(name, other), differs)
