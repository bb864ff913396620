"""Insurance rows of one person: how they are understood, and which one stands for each insurance type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from canbao.core.dates import read_day

SLUGS = ("emp_pension", "res_pension", "emp_medical", "res_medical", "unemployment", "work_injury", "maternity")
RESIDENT_SLUGS = frozenset({"res_pension", "res_medical"})
UNIT_ORDER = ("emp_pension", "emp_medical", "work_injury", "unemployment", "maternity", "res_pension", "res_medical")
"""Whose unit is the person's unit when several are known: decision page "readings", 5.8."""

SLOT_ITEMS = ("contrib_status", "benefit_status", "enrol_date", "region_code")
"""What a record says of each insurance type taken part in."""
UNIT_ITEMS = ("unit_no", "unit_name", "unit_type")

STANDING_SQL = (
    "CASE WHEN contrib_status = '1' THEN 0 WHEN benefit_status = '1' THEN 1 WHEN contrib_status = '2' THEN 2 "
    "WHEN benefit_status = '2' THEN 3 ELSE 4 END"
)
"""`standing` over the columns of a row, for any engine."""
SLOT_ORDER_SQL = f"{STANDING_SQL}, enrol_date DESC NULLS LAST, updated_at DESC NULLS LAST, region_code NULLS LAST"
"""`slot_order` over the columns of a row, for any engine."""
PAYER_SQL = "coalesce(payer_category, CASE WHEN insurance_type IN ({}) THEN 'R' ELSE 'U' END)".format(
    ", ".join(f"'{slug}'" for slug in sorted(RESIDENT_SLUGS))
)
"""The row's payer category, or the usual one of its type (`usual_payer`), for any engine."""

Row = Mapping[str, str]
_LAST = date(9999, 12, 31)


def understood(rows: Iterable[Row]) -> list[dict[str, str]]:
    """The rows that are covers: contrib_status 0 is no row, and one of the two states must be known.

    A missing payer_category is U for the five employee types and R for the two resident ones.
    """
    kept = [row for row in rows if row.get("contrib_status") != "0"]
    kept = [row for row in kept if row.get("contrib_status") or row.get("benefit_status")]
    return [{**row, "payer_category": row.get("payer_category") or usual_payer(row["insurance_type"])} for row in kept]


def usual_payer(insurance_type: str) -> str:
    """Who pays when a source does not say: the resident for the resident types, else the unit."""
    return "R" if insurance_type in RESIDENT_SLUGS else "U"


def standing(row: Row) -> int:
    """How strongly a row speaks for its type, 0 the most: contrib 1, benefit 1, contrib 2, benefit 2, either 3."""
    contrib, benefit = row.get("contrib_status"), row.get("benefit_status")
    order = (contrib == "1", benefit == "1", contrib == "2", benefit == "2")
    return next((rank for rank, holds in enumerate(order) if holds), len(order))


def slot_order(row: Row) -> tuple[int, int, str, str]:
    """Sort key whose smallest row fills the slot: standing, latest enrol_date, latest updated_at, smallest region."""
    enrolled = read_day(row.get("enrol_date") or "")
    days = (_LAST - enrolled).days if enrolled else (_LAST - date.min).days + 1
    return standing(row), days, _descending(row.get("updated_at") or ""), row.get("region_code") or "~"


def slots(rows: Iterable[Row]) -> dict[str, Row]:
    """One row per insurance type taken part in."""
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row["insurance_type"], []).append(row)
    return {slug: min(by_type[slug], key=slot_order) for slug in SLUGS if slug in by_type}


def primary_slot(filled: Mapping[str, Row]) -> Row | None:
    """The slot whose unit is the person's unit."""
    return next((filled[slug] for slug in UNIT_ORDER if slug in filled), None)


def _descending(text: str) -> str:
    """Digits turned round, so that the later of two ISO moments sorts first; a missing one sorts last."""
    return text.translate(str.maketrans("0123456789", "9876543210")) if text else "~"
