"""A record as the page shows it: items in the law's groups, with their words, masked or whole."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from canbao.core.conditions.chinese import value_label
from canbao.core.masks import masked
from canbao.core.registration import DERIVED
from canbao.law.models import FieldSpec
from canbao.law.places import read_places
from canbao.law.reader import read_law
from canbao.registry.lookup import Record

GROUPS = {
    "identity": "基本信息",
    "residence": "户籍与居住",
    "contact": "联系方式",
    "employment": "就业",
    "outcome": "登记",
}
EXPLAINED = (*DERIVED, "disposition")
HIDDEN = ("id", "qualities", "areas", "home", "version", "judged_on", "is_household")
PLACES = ("admin_division_code", "hukou_division_code", "hukou_town_code", "hukou_village_code", "region_code")
Row = dict[str, Any]


def groups(record: Record, *, whole: bool) -> list[tuple[str, list[Row]]]:
    """The items by group: each with name, label, shown value, and whether it is explained or was masked."""
    law = read_law()
    shown: dict[str, list[Row]] = {group: [] for group in GROUPS}
    for name, spec in law.fields.items():
        if name in record.person and name not in HIDDEN and spec.group in shown:
            shown[spec.group].append(_item(spec, record.person[name], whole))
    return [(GROUPS[group], items) for group, items in shown.items() if items]


def _item(spec: FieldSpec, value: Any, whole: bool) -> Row:
    text = said(spec.name, value, whole=whole)
    return {"name": spec.name, "label": spec.label, "value": text, "is_explained": spec.name in EXPLAINED}


def said(name: str, value: Any, *, whole: bool) -> str:
    """A value in words; masked by the field's privacy class unless `whole`."""
    if value is None:
        return ""
    spec = read_law().fields.get(name)
    plain = _plain(value)
    if spec is not None and not whole:
        hidden = masked(spec, plain)
        if hidden != plain:
            return hidden
    if name in PLACES:
        return f"{read_places().name(plain) or plain}（{plain}）"
    if not isinstance(value, str):
        return plain
    words = value_label(name, plain, read_law())
    return words if plain.isdigit() else words.removeprefix(f"{plain} ")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def covers(record: Record, *, whole: bool) -> list[Row]:
    """The insurance rows in words, by type."""
    law = read_law()
    types = {code.code: code.label for code in law.codes["insurance_type"].codes}
    return [
        {
            **row,
            "type_label": types.get(row["insurance_type"], row["insurance_type"]),
            "contrib": _coded("contrib_status", row["contrib_status"]),
            "benefit": _coded("benefit_status", row["benefit_status"]),
            "payer": _coded("payer_category", row["payer_category"]),
            "region": said("region_code", row["region_code"], whole=True),
            "unit": row["unit_name"] or row["unit_no"] or "",
            "division": read_places().name(row["division_code"]) or row["division_code"],
        }
        for row in record.insurances
    ]


def _coded(list_: str, value: str | None) -> str:
    codes = read_law().codes.get(list_)
    return next((code.label for code in codes.codes if code.code == value), value or "") if codes else value or ""


def time_line(record: Record, *, whole: bool) -> list[Row]:
    """The history in words, the latest first."""
    return [
        {
            "at": entry["at"],
            "label": {"registered": "首次登记", "changed": "变更", "settled": "争议核准后变更"}.get(entry["kind"], ""),
            "by": _by(entry),
            "changes": [_change(name, before, after, whole) for name, (before, after) in _told(entry)],
        }
        for entry in record.history
    ]


def _told(entry: Row) -> list[tuple[str, list[Any]]]:
    known = read_law().fields
    return [(name, both) for name, both in entry["changes"].items() if name in known and not name.endswith("_rule")]


def _by(entry: Row) -> str:
    if entry["division_code"] is None:
        return ""
    place = read_places().name(entry["division_code"]) or entry["division_code"]
    return f"{place}的数据包 {entry['package_id']}"


def _change(name: str, before: Any, after: Any, whole: bool) -> Row:
    return {
        "label": read_law().fields[name].label,
        "before": said(name, before, whole=whole) or "（空）",
        "after": said(name, after, whole=whole) or "（空）",
    }
