"""Rows as partners push them, and what comes of them."""

from __future__ import annotations

from itertools import count
from typing import Any

from canbao.registry.access import working
from canbao.registry.actions.admission.changes import carry_out
from canbao.registry.models import Partner
from canbao.registry.streams.keeping import Answer, keep
from cleaning_desk import number

HEADS = "ssn,name,sex,hukou_address,residence_address,hukou_division_code,vital_status,mobile\n"
AT = "2026-11-30T08:00:00+08:00"
ONE, TWO = number(1), number(3)
_seq = count(1)


def household(*people: tuple[str, str]) -> str:
    """A household list of Chancheng with these people, nobody's mobile being known."""
    return HEADS + "".join(f"{ssn},{name},1,某路1号,某路1号,440604,1,\n" for ssn, name in people)


def cover(ssn: str = ONE, name: str = "张三", **more: str) -> dict[str, str]:
    """An employee's pension that is being paid."""
    return {
        "ssn": ssn, "name": name, "insurance_type": "emp_pension", "contrib_status": "1", "enrol_date": "2026-11-01",
        "region_code": "440604", **more,
    }  # fmt: skip


def row(content: dict[str, Any], *, at: str = AT, source: str = "insurance", **more: Any) -> dict[str, Any]:
    """A row with the next number."""
    seq = next(_seq)
    return {"id": f"r{seq}", "seq": seq, "at": at, "source": source, "row": content, **more}


def push(whose: Partner, *rows: dict[str, Any]) -> list[Answer]:
    """Have rows kept."""
    with working():
        return keep(whose, whose.agreements.get(), rows)


def carried(whose: Partner) -> dict[str, int]:
    """Carry out a piece of what waits."""
    return carry_out(whose).counts
