"""Made-up rows to push."""

from __future__ import annotations

from canbao_client import Row
from canbao_client.facts import Fact, fact


def made_fact(number: int, source: str = "insurance") -> Fact:
    row = {"ssn": f"44060119900101{number:04}", "name": "某某", "insurance_type": "emp_pension", "contrib_status": "1"}
    return fact(source, [str(number)], "2026-11-30T08:00:00+08:00", False, row)


def made_row(number: int) -> Row:
    made = made_fact(number)
    return Row(made.id, number, made.at, made.source, made.row)
