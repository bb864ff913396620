"""Values of a record in words, for the people who get a container: nothing is masked here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from canbao.core.conditions.chinese import value_label
from canbao.law.duties import read_duties
from canbao.law.reader import read_law
from canbao.registry.places_now import OF_PLACES, called

DECISIONS = {"allowed": "准许", "refused": "拒绝"}


def plain(value: Any) -> Any:
    """A value as JSON has it: days and moments in figures, bytes in hexadecimal."""
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat() if timezone.is_aware(value) else value.isoformat()
    return value.isoformat() if isinstance(value, date) else value


def in_words(name: str, value: Any) -> str:
    """A field's value with the label of its code or the name of its place."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    text = f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(plain(value))
    place = called(text) if name.endswith(OF_PLACES) else ""
    return f"{place}（{text}）" if place else value_label(name, text, read_law())


def office(area: str) -> str:
    """The name of an area with the city above a county: who has made something."""
    code = area.ljust(6, "0")
    above = called(f"{area[:4]}00") if len(area) >= 6 and not area[:6].endswith("00") else ""
    return above + called(code) if called(code) else area


def line_in_words(line: Mapping[str, Any]) -> dict[str, str]:
    """A line of the log for the page that is read: codes by their labels, the moment to the second."""
    duties = read_duties()
    duty, purpose = duties.duties.get(line["duty"]), duties.purposes.get(line["purpose"])
    action = duties.permissions.get(line["action"].removeprefix("page:"))
    return {
        "number": line["number"],
        "at": f"{timezone.localtime(line['at']):%Y-%m-%d %H:%M:%S}",
        "account": line["account"],
        "person": line["person_name"],
        "duty": duty.label if duty else line["duty"],
        "office": office(line["area"]),
        "action": f"{action.label}（{line['action']}）" if action else line["action"],
        "purpose": purpose.label if purpose else line["purpose"],
        "decision": DECISIONS.get(line["decision"], line["decision"]),
        "objects": "、".join(line["objects"]),
        "details": line["details"],
        "hash": plain(line["hash"]),
    }
