"""A person's record laid out for the page: groups of items, slots, rows by division, history, what is open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from canbao.core.covers import SLOT_ITEMS, SLUGS
from canbao.law.reader import read_law
from canbao.office.duplicates.showing import listed_row, matters_by_subject
from canbao.office.people.showing import NOTHING, label_of, said_where, show, show_name, show_text
from canbao.paper.data_dictionary import GROUPS
from canbao.paper.rule_book import SEVERITIES
from canbao.registry.actions.admission.delivery import CAUSES
from canbao.registry.covers_elsewhere import duplicates, elsewhere
from canbao.registry.explaining import DECIDED
from canbao.registry.lookup import Record
from canbao.registry.models import STREAMING

COVER = ("insurance_type", *SLOT_ITEMS, "payer_category", "personal_status", "unit_name")
COLOURS = {"error": "red", "warning": "yellow", "note": "blue"}
APART = ("insurance", "provenance")
"""Groups with a table of their own, and what only the register itself asks for."""


@dataclass(frozen=True)
class Item:
    """A field with its value; `why` is its name if one may ask why."""

    label: str
    value: str
    why: str = ""


def laid_out(record: Record, *, whole: bool, may_unmask: bool) -> dict[str, Any]:
    """Everything that the template draws."""
    return {
        "number": show("ssn", record.person["ssn"], whole=whole),
        "groups": list(_groups(record, whole, may_unmask)),
        "slots": list(_slots(record, whole)),
        "covers": [_cover(row, whole) for row in record.insurances],
        "evidence": [_evidence(row) for row in record.evidence] if whole else [],
        "evidence_count": len(record.evidence),
        "history": [{**change(row, whole=whole), "number": under(row, record, whole)} for row in record.history],
        **_duplicates(record, whole),
        "elsewhere": [_cover(row, whole) for row in elsewhere(record)],
        "findings": [_finding(row, whole) for row in record.findings],
        "conflicts": [_conflict(one, whole) for one in record.conflicts],
    }


def _duplicates(record: Record, whole: bool) -> dict[str, Any]:
    """What excludes each other now, each with what was decided about it, and what there was before."""
    law, found = read_law(), duplicates(record, read_law())
    matters = matters_by_subject(record.matters)
    now = {(one.rule.kind, one.subject) for one in found}
    return {
        "duplicates": [
            {
                "label": one.rule.label,
                "citation": law.citation(one.rule.source, one.rule.clause),
                "rows": [_cover(row, whole) for row in one.rows],
                "matter": listed_row(matter) if (matter := matters.get((one.rule.kind, one.subject))) else None,
            }
            for one in found
        ],
        "former_duplicates": [listed_row(one) for one in record.matters if (one.kind, one.subject) not in now],
    }


def _groups(record: Record, whole: bool, may_unmask: bool) -> Iterator[tuple[str, list[Item]]]:
    for group, label in GROUPS.items():
        specs = [spec for spec in read_law().fields.values() if spec.group == group and spec.name in record.person]
        names = [spec.name for spec in specs if not _is_of_slot(spec.name)]
        if group not in APART:
            yield label, [_item(name, record, whole, may_unmask) for name in names]
    injury = [name for name in DECIDED if name.startswith("wi_")]
    yield "工伤待遇", [_item(name, record, whole, may_unmask) for name in injury]


def _item(name: str, record: Record, whole: bool, may_unmask: bool) -> Item:
    is_open = may_unmask or read_law().fields[name].privacy != "sensitive"
    why = name if name in DECIDED and is_open else ""
    return Item(label_of(name), show(name, record.person[name], whole=whole), why)


def _is_of_slot(name: str) -> bool:
    return any(name == f"{slug}_{item}" for slug in SLUGS for item in SLOT_ITEMS)


def _slots(record: Record, whole: bool) -> Iterator[tuple[str, list[str]]]:
    """The insurances that a person has or had, each with its four items."""
    labels = {code.code: code.label for code in read_law().codes["insurance_type"].codes}
    for slug in SLUGS:
        values = [record.person[f"{slug}_{item}"] for item in SLOT_ITEMS]
        if any(value is not None for value in values):
            shown = (show(f"{slug}_{item}", value, whole=whole) for item, value in zip(SLOT_ITEMS, values, strict=True))
            yield labels[slug], list(shown)


def _cover(row: dict[str, Any], whole: bool) -> dict[str, str]:
    """An insurance row in words, with who says it and where it stands."""
    shown = {name: show(name, row[name], whole=whole) for name in COVER}
    labels = {code.code: code.label for code in read_law().codes["insurance_type"].codes}
    shown["insurance_type"] = labels.get(row["insurance_type"], row["insurance_type"])
    return {**shown, "division": show("admin_division_code", row["division_code"]), "where": _where(row)}


def _evidence(row: dict[str, Any]) -> tuple[str, str, str, str]:
    law = read_law()
    kind = law.sources[row["kind"]].label if row["kind"] in law.sources else row["kind"]
    quality = law.qualities[row["quality"]].label if row["quality"] in law.qualities else NOTHING
    return kind, quality, show("admin_division_code", row["division_code"]), _where(row)


def _where(row: dict[str, Any]) -> str:
    return said_where(row) if row["source"] else NOTHING


def under(row: dict[str, Any], record: Record, whole: bool) -> str:
    """Under which number an entry of history came to be, if the person has several."""
    several = {one["person_id"]: one["ssn"] for one in record.identifiers}
    return show("ssn", several.get(row["person_id"]), whole=whole) if len(several) > 1 else ""


def change(row: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    """One entry of history: when, by which package or officer, and each known item from what to what."""
    fields = read_law().fields
    changes = [
        (label_of(name), show(name, old, whole=whole), show(name, new, whole=whole))
        for name, (old, new) in row["changes"].items()
        if name in fields and not name.endswith("_rule") and old != new
    ]
    by = "，依据".join(filter(None, (row["display_name"], _basis(row))))
    is_of_area = not changes and "areas" in row["changes"]
    kind = CAUSES.get(row["kind"], row["kind"])
    return {"at": row["at"], "kind": kind, "by": by, "changes": changes, "is_of_area": is_of_area}


def _basis(row: dict[str, Any]) -> str:
    """What an entry of history rests on: a request, a division's package, or what a partner has pushed."""
    if row["request_id"]:
        return f"申请 {row['request_id']}"
    if not row["package_id"]:
        return ""
    if row["package_state"] == STREAMING:
        return str(row["file_name"])
    return f"{show('admin_division_code', row['division_code'])}的数据包（编号 {row['package_id']}）"


def _finding(row: dict[str, Any], whole: bool) -> dict[str, Any]:
    checks = read_law().checks
    label = SEVERITIES.get(row["severity"], row["severity"])
    colour = COLOURS.get(row["severity"], "secondary")
    field = row["field"] or ""
    value = (
        show(field, row["value"], whole=whole) if field in read_law().fields else show_text(row["value"], whole=whole)
    )
    return {
        "severity": label,
        "colour": colour,
        "rule": checks[row["rule"]].label if row["rule"] in checks else row["rule"],
        "field": label_of(field) if field else NOTHING,
        "value": value,
        "message": show_text(row["message"], whole=True) if whole else checks_message(row["rule"]),
        "division": show("admin_division_code", row["division_code"]),
        "where": _where(row),
    }


def checks_message(rule: str) -> str:
    """What a finding asks for, without the value that it is about."""
    known = read_law().checks.get(rule)
    return known.message.replace("{value}", "…").replace("{field}", "该项") if known else NOTHING


def _conflict(one: Any, whole: bool) -> dict[str, Any]:
    return {
        "id": one.pk,
        "division": show("admin_division_code", one.division_code),
        "names": (show_name(one.reference_name, whole=whole), show_name(one.other_name, whole=whole)),
        "state": one.state,
        "decision": one.decision,
        "raised_at": one.raised_at,
    }
