"""What a counter of another office asks about the person who stands there, and says of them (四（三）).

Number and name together, exactly: nobody is found by parts. Whoever isn't there, is elsewhere, is protected or has
another name is not found, all alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from canbao.core.covers import SLOT_ITEMS
from canbao.core.names import normalise_name
from canbao.law.exchange import read_exchange
from canbao.law.reader import read_law
from canbao.registry.access import acting
from canbao.registry.covers_elsewhere import covering_rows, duplicates, elsewhere
from canbao.registry.database import Cursor, row, rows
from canbao.registry.deeds import Note
from canbao.registry.joining import numbers_of
from canbao.registry.lookup import Record, alarm_protected, normalised
from canbao.registry.models import Agreement, Given
from canbao.registry.partner_limits import count_people
from canbao.registry.partners import PartnerRefused, require_within
from canbao.registry.places_now import called

NOT_FOUND = "没有查到；请核对号码和姓名，或向登记所在地查询"
COLLECTED = ("mobile", "residence_address")
"""What a counter collects if it is missing."""


def look_up(agreement: Agreement, number: str, name: str, *, purpose: str, told_to: str, note: Note) -> dict[str, Any]:
    """What was agreed to be shown of the person with this number and name: `person` (a key) and `shown` by part.

    Raises PartnerRefused(404) if there is none such.
    """
    record = found(agreement, number, name, note)
    shown = parts_of(record, agreement)
    give(agreement, [record.person["id"]], "look_up", purpose, told_to, sorted(shown))
    return {"person": record.person["id"], "shown": shown}


def parts_of(record: Record, agreement: Agreement) -> dict[str, Any]:
    """What was agreed to be shown of a person, by part."""
    return {part: _PARTS[part](record, agreement) for part in agreement.shown if part in _PARTS}


def found(agreement: Agreement, number: str, name: str, note: Note) -> Record:
    """The person's record; counted against the agreement's people a day. Raises PartnerRefused(404)."""
    with acting(agreement.area, agreement.partner.officer), connection.cursor() as cursor:
        cursor.execute(_HOLDER, [normalised(number)])
        holder = cursor.fetchone()
        record = _record(cursor, holder[0], agreement, note, normalise_name(name)) if holder else None
    if record is None:
        alarm_protected(note, number=normalised(number))
        raise PartnerRefused(404, "not_found", NOT_FOUND)
    return record


def known_person(agreement: Agreement, person_id: int, note: Note) -> Record:
    """The record of a person whom the partner has looked up before. Raises PartnerRefused(404)."""
    was_told = Given.objects.filter(partner=agreement.partner, person_id=person_id, service="look_up").exists()
    with acting(agreement.area, agreement.partner.officer), connection.cursor() as cursor:
        record = _record(cursor, person_id, agreement, note) if was_told else None
    if record is None:
        raise PartnerRefused(404, "not_found", NOT_FOUND)
    return record


def _record(cursor: Cursor, person_id: int, agreement: Agreement, note: Note, name: str | None = None) -> Record | None:
    """What counters are told from: the record itself and its covers; history and the rest are not looked at."""
    cursor.execute("SELECT * FROM person WHERE id = %s", [person_id])
    person = row(cursor)
    if person is None or (name is not None and person["name"] != name):
        return None
    count_people(agreement, [person_id], note)
    own = [numbers_of(cursor, person_id)]
    cursor.execute("SELECT * FROM insurance_fact WHERE person_id = ANY(%s) ORDER BY insurance_type, region_code", own)
    insurances = rows(cursor)
    cursor.execute("SELECT person_id, division_code, is_held FROM person_fact WHERE person_id = ANY(%s)", own)
    return Record(person=person, facts=rows(cursor), insurances=insurances)


def back_fill(
    agreement: Agreement, asked: Sequence[tuple[str, str]], items: Sequence[str], *, told_to: str, note: Note
) -> list[dict[str, Any]]:
    """What the register has of some items, for each number and name; empty items are left out.

    Raises PartnerRefused for items that were not agreed, and for too many people.
    """
    agreed = {item for one in read_exchange().shown if one.id in agreement.shown for item in one.items}
    require_within(items, agreed - {*SLOT_ITEMS}, "项目")
    if len(asked) > read_exchange().back_fill_people:
        raise PartnerRefused(413, "too_large", f"一次最多 {read_exchange().back_fill_people} 人")
    with acting(agreement.area, agreement.partner.officer), connection.cursor() as cursor:
        columns = ", ".join(f"person.{item}" for item in dict.fromkeys(items))
        wanted = [(normalised(number), normalise_name(name)) for number, name in asked]
        cursor.execute(_MANY.format(columns=columns), [[one for one, _ in wanted], [one for _, one in wanted]])
        known = {(one.pop("asked"), one.pop("asked_name")): one for one in rows(cursor)}
        ids = [one["id"] for one in known.values()]
        count_people(agreement, ids, note)
    give(agreement, ids, "back_fill", "counter", told_to, sorted(items))
    return [_filled(number, known.get(key)) for (number, _), key in zip(asked, wanted, strict=True)]


def _filled(number: str, one: dict[str, Any] | None) -> dict[str, Any]:
    told = {name: _plain(value) for name, value in (one or {}).items() if name != "id" and value is not None}
    return {"number": number, "found": one is not None, "items": told}


def give(
    agreement: Agreement, people: Iterable[int], service: str, purpose: str, told_to: str, items: Sequence[str]
) -> None:
    """Write down what was told of whom."""
    Given.objects.bulk_create(
        Given(
            partner=agreement.partner, agreement=agreement, person_id=one, service=service, purpose=purpose,
            told_to=told_to, items=list(items),
        )
        for one in people
    )  # fmt: skip


def _coded(record: Record, *items: str) -> dict[str, Any]:
    return {item: _said(item, record.person[item]) for item in items}


def _said(item: str, value: Any) -> dict[str, str] | str | None:
    """A value as it is told: a code with its label."""
    field = read_law().fields.get(item)
    codes = field.codes if field else None
    if value is None or not codes:
        return _plain(value)
    label = next((one.label for one in read_law().codes[codes].codes if one.code == value), value)
    return {"code": value, "label": label}


def _plain(value: Any) -> str | None:
    return None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _registration(record: Record, agreement: Agreement) -> dict[str, Any]:
    return _coded(record, "name", "registration_status", "disposition")


def _missing(record: Record, agreement: Agreement) -> list[dict[str, str]]:
    fields = read_law().fields
    return [{"item": item, "label": fields[item].label} for item in COLLECTED if not record.person[item]]


def _covers(record: Record, agreement: Agreement) -> list[dict[str, Any]]:
    return [_cover(one) for one in covering_rows(record) if one["insurance_type"] in agreement.insurance_types]


def _elsewhere(record: Record, agreement: Agreement) -> list[dict[str, Any]]:
    return [_cover(one) for one in elsewhere(record) if one["insurance_type"] in agreement.insurance_types]


def _cover(one: dict[str, Any]) -> dict[str, Any]:
    told = {item: _said(item, one[item]) for item in ("insurance_type", "contrib_status", "benefit_status")}
    place = {"code": one["region_code"], "label": called(one["region_code"] or "")} if one["region_code"] else None
    return {**told, "enrol_date": _plain(one["enrol_date"]), "region": place}


def _duplicates(record: Record, agreement: Agreement) -> list[dict[str, Any]]:
    law = read_law()
    return [
        {
            "kind": one.rule.kind, "label": one.rule.label, "basis": law.citation(one.rule.source, one.rule.clause),
            "covers": [_cover(dict(each)) for each in one.rows],
        }
        for one in duplicates(record, law)
    ]  # fmt: skip


def _contact(record: Record, agreement: Agreement) -> dict[str, Any]:
    return _coded(record, "mobile", "residence_address")


def _household(record: Record, agreement: Agreement) -> dict[str, Any]:
    codes = ("hukou_division_code", "hukou_town_code", "hukou_village_code")
    return {name: {"code": record.person[name], "label": called(record.person[name] or "")} for name in codes}


def _reasons(record: Record, agreement: Agreement) -> dict[str, Any]:
    return _coded(record, "employment_status", "no_unit_type", "uninsured_reason")


_PARTS: dict[str, Callable[[Record, Agreement], Any]] = {
    "registration": _registration,
    "missing": _missing,
    "covers": _covers,
    "elsewhere": _elsewhere,
    "duplicates": _duplicates,
    "contact": _contact,
    "household": _household,
    "reasons": _reasons,
}
_HOLDER = "SELECT coalesce(into_id, person_id) FROM person_identifier LEFT JOIN merged USING (person_id) WHERE ssn = %s"
_MANY = (
    "SELECT person.id, asked.ssn AS asked, asked.name AS asked_name, {columns} "
    "FROM unnest(%s::text[], %s::text[]) AS asked (ssn, name), LATERAL (SELECT coalesce(into_id, person_id) AS id "
    "FROM person_identifier LEFT JOIN merged USING (person_id) WHERE ssn = asked.ssn OFFSET 0) AS holder, "
    "LATERAL (SELECT * FROM person WHERE id = holder.id OFFSET 0) AS person WHERE person.name = asked.name"
)
