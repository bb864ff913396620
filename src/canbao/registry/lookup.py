"""Look-ups: who is registered, within the officer's area, for a purpose, counted against a daily quota, on the log."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.numbering.judge import judge
from canbao.core.numbering.normal_form import normalise_number
from canbao.law.reader import read_law
from canbao.registry.access import Refused, beyond, covers
from canbao.registry.answers import answers_of
from canbao.registry.database import row, rows
from canbao.registry.deeds import Note, deed
from canbao.registry.emergencies import looking
from canbao.registry.joining import numbers_of
from canbao.registry.models import Conflict, Correction, Duplicate, Emergency, Officer, Protection, SurveyAnswers
from canbao.registry.number_marks import marks_of
from canbao.registry.quotas import count_as_seen, protected_among

Row = dict[str, Any]
PAGE = 50
MOST_NAMED = 2_000
"""Among how many people of a name those with certain codes are looked for."""
MOST_EXPORTED = 5_000
LARGEST_ID = 2**63 - 1
LISTED = (
    "id", "ssn", "name", "sex", "birth_date", "home", "registration_status", "employment_status", "uninsured_reason",
    "disposition", "is_household",
)  # fmt: skip
FILTERS = ("registration_status", "uninsured_reason", "disposition", "employment_status", "no_unit_type")


@dataclass(frozen=True)
class Question:
    """What to look for: a number, or a name (with `*` for any text) and a place, or a place and codes.

    `place` is the leading digits of a code: a list without a name needs one of a county at least, the officer's own
    will do. A name without a place is looked for among all whom the officer may see.
    """

    number: str = ""
    name: str = ""
    place: str = ""
    codes: dict[str, str] = field(default_factory=dict)
    after: int = 0


@dataclass(frozen=True)
class Record:
    """A person's whole record: items, the facts behind them by source, history and what is open.

    Facts, history and the rest are those of all the person's numbers; `person_id` of each says under which. Of several
    answers of surveys the first ones count. `matters` are duplicates as they were found and decided.
    """

    person: Row
    identifiers: list[Row] = field(default_factory=list)
    facts: list[Row] = field(default_factory=list)
    insurances: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    history: list[Row] = field(default_factory=list)
    findings: list[Row] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    protections: list[Protection] = field(default_factory=list)
    answers: list[SurveyAnswers] = field(default_factory=list)
    matters: list[Duplicate] = field(default_factory=list)

    def is_held(self, said: Mapping[str, Any]) -> bool:
        """Whether a row belongs to a statement that is held out, and so has no say."""
        return (said["person_id"], said["division_code"]) in self._held

    @cached_property
    def _held(self) -> set[tuple[int, str]]:
        return {(fact["person_id"], fact["division_code"]) for fact in self.facts if fact["is_held"]}


def people(question: Question, *, by: Officer, purpose: str, under: Emergency | None = None) -> list[Row]:
    """The people found, at most PAGE, in the order of their names' places or numbers; each counts as seen.

    Under an emergency they are those of its place, found by number or name.

    Raises Refused without permission, purpose or a bounded question, or beyond the day's quota.
    """
    with looking(by=by, action="person.search", permission="person.search", purpose=purpose, under=under) as note:
        _require_filters(question, by)
        found = _found(question, under.place, is_listed=False) if under else _found(question, by.area)
        note.details.update(
            kind=_kind(question), place=question.place, filters=sorted(question.codes), found=len(found)
        )
        note.details.update(marks_of(normalised(question.number), by))
        count_as_seen([person["id"] for person in found], by, note)
        if question.number and not found:
            alarm_protected(note, number=normalised(question.number))
        return found


def exported(question: Question, *, by: Officer, purpose: str) -> list[Row]:
    """All the people of a place, at most MOST_EXPORTED, to be taken away as a file; each counts as seen.

    Raises Refused as `people` does, and if they are more: a list is never cut off without saying so.
    """
    with deed(by=by, action="person.export", permission="person.export", purpose=purpose, needs_purpose=True) as note:
        _require_filters(question, by)
        place = _bounded_place(question, by.area)
        found = _by_place(question, place, MOST_EXPORTED + 1)
        note.details.update(place=place, filters=sorted(question.codes), found=len(found))
        if len(found) > MOST_EXPORTED:
            raise Refused(f"超过 {MOST_EXPORTED} 人，不能导出；请缩小地方或加上筛选条件")
        count_as_seen([person["id"] for person in found], by, note)
        return found


def record(person_id: int, *, by: Officer, purpose: str, under: Emergency | None = None) -> Record | None:
    """A person's record, or None if there is no such person in the officer's area, or in the emergency's place."""
    with looking(by=by, action="person.see", permission="person.see", purpose=purpose, under=under) as note:
        return whole_record(person_id, by, note)


def unmasked(person_id: int, *, by: Officer, purpose: str, under: Emergency | None = None) -> Record | None:
    """As `record`, to be shown whole; its own permission and its own line on the log."""
    with looking(by=by, action="person.unmask", permission="person.unmask", purpose=purpose, under=under) as note:
        return whole_record(person_id, by, note)


def filters_of(by: Officer) -> tuple[str, ...]:
    """The items by which an officer may sift people: to sift by what is masked would be to see it."""
    fields = read_law().fields
    return tuple(name for name in FILTERS if fields[name].privacy != "sensitive" or by.may("person.unmask"))


def _require_filters(question: Question, by: Officer) -> None:
    """Raise Refused for an item by which nobody sifts, or by which the officer may not."""
    refused = sorted(question.codes.keys() - set(filters_of(by)))
    if refused:
        fields = read_law().fields
        raise Refused(f"不能按{'、'.join(fields[name].label if name in fields else name for name in refused)}筛选")


def _kind(question: Question) -> str:
    return "number" if question.number else "name" if question.name else "place"


def _found(question: Question, area: str, *, is_listed: bool = True) -> list[Row]:
    if question.number:
        return _by_number(question.number)
    if question.name:
        return _by_name(question, _own_place(question.place, area) if question.place else "")
    if not is_listed:
        raise Refused("紧急查询只能按号码或姓名查，不能列清单")
    return _by_place(question, _bounded_place(question, area), PAGE)


def _bounded_place(question: Question, area: str) -> str:
    """The place of a list: a county, or smaller."""
    place = _own_place(question.place or area, area)
    if len(place) < 6:
        raise Refused("按地方查询时请选到县（市、区）")
    return place


def _own_place(place: str, area: str) -> str:
    if not covers(area, place) or not (place.isascii() and place.isdigit()):
        raise Refused("不在您的管辖范围内")
    return place


def _by_number(written: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_columns()} FROM person_identifier AS known LEFT JOIN merged USING (person_id) "
            "JOIN person ON person.id = coalesce(into_id, person_id) WHERE known.ssn = %s",
            [normalised(written)],
        )
        return rows(cursor)


def normalised(written: str) -> str:
    """A number as the register keeps it; what is no number in its normal form, by which nobody is found."""
    return judge(written, as_of=timezone.localdate()).normalised or normalise_number(written)


def _by_name(question: Question, place: str) -> list[Row]:
    pattern = question.name.strip().replace("\\", "").replace("%", "").replace("_", "").replace("*", "%")
    if not pattern.strip("%"):
        raise Refused("姓名不能只有通配符")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_columns()} FROM person WHERE id IN (SELECT people_named(%s, %s, %s)) {_coded(question)} "
            "ORDER BY name, id LIMIT %s",
            [pattern, place, MOST_NAMED if question.codes else PAGE, *question.codes.values(), PAGE],
        )
        return rows(cursor)


def _by_place(question: Question, place: str, most: int) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_columns()} FROM person WHERE home >= %s AND home < %s AND id > %s {_coded(question)} "
            "ORDER BY id LIMIT %s",
            [place, beyond(place), question.after, *question.codes.values(), most],
        )
        return rows(cursor)


def _columns() -> str:
    return ", ".join(f"person.{name}" for name in LISTED)


def _coded(question: Question) -> str:
    return "".join(f" AND person.{FILTERS[FILTERS.index(name)]} = %s" for name in question.codes)


def whole_record(person_id: int, by: Officer, note: Note) -> Record | None:
    """The record within a deed that is under way; counts as seen, and stands on the deed's log entry."""
    with connection.cursor() as cursor:
        numbers = numbers_of(cursor, min(person_id, LARGEST_ID))
        cursor.execute("SELECT * FROM person WHERE id = %s", [numbers[0]])
        person = row(cursor)
        if person is None:
            note.details.update(found=0, asked=person_id)
            alarm_protected(note, [person_id])
            return None
        count_as_seen([person["id"]], by, note)
        own = [numbers]
        return Record(
            person=person,
            identifiers=_all(cursor, "SELECT * FROM person_identifier WHERE person_id = ANY(%s) ORDER BY ssn", own),
            facts=_all(cursor, _FACTS, own),
            insurances=_all(cursor, _INSURANCES, own),
            evidence=_all(cursor, _EVIDENCE, own),
            history=[{**row, "changes": json.loads(row["changes"])} for row in _all(cursor, _HISTORY, own)],
            findings=_all(cursor, _FINDINGS, own),
            conflicts=list(Conflict.objects.filter(person_id__in=numbers).order_by("-raised_at")),
            corrections=list(Correction.objects.filter(person_id__in=numbers, revoked_by=None).order_by("item")),
            protections=_protections(numbers),
            answers=answers_of(numbers),
            matters=_matters(numbers),
        )


def _matters(numbers: Sequence[int]) -> list[Duplicate]:
    """Duplicates that were found, the latest first, but for those that never were."""
    found = Duplicate.objects.filter(person_id__in=numbers).exclude(state="dropped")
    return list(found.select_related("decided_by").order_by("-pk"))


def _protections(numbers: Sequence[int]) -> list[Protection]:
    """Those in force, for whoever sees the person in spite of them."""
    found = Protection.objects.filter(person_id__in=numbers, revoked_by=None).exclude(since=None)
    return [one for one in found if one.until is None or one.until >= timezone.localdate()]


def alarm_protected(note: Note, ids: Sequence[int] = (), number: str = "") -> None:
    """Raise an alarm if who was asked for, and not found, is protected."""
    with connection.cursor() as cursor:
        note.alarms.extend(protected_among(cursor, [min(id_, LARGEST_ID) for id_ in ids], number))


_COVERS = "insurance_type, contrib_status NULLS LAST, enrol_date DESC NULLS LAST, division_code, source, row"
_SAID_BY = (
    "SELECT told.*, partner.label AS partner_label FROM {table} AS told LEFT JOIN registry_partner AS partner "
    "ON partner.code = told.source WHERE told.person_id = ANY(%s) ORDER BY {order}"
)
_INSURANCES = _SAID_BY.format(table="insurance_fact", order=_COVERS)
_EVIDENCE = _SAID_BY.format(table="evidence", order="kind, source, row")
_FACTS = "SELECT * FROM person_fact WHERE person_id = ANY(%s) ORDER BY since, division_code, person_id"
_HISTORY = (
    "SELECT history.*, package.file_name, package.state AS package_state, package.division_code, package.as_of, "
    "officer.display_name FROM history "
    "LEFT JOIN registry_package AS package ON package.id = history.package_id "
    "LEFT JOIN registry_officer AS officer ON officer.id = history.officer_id "
    "WHERE person_id = ANY(%s) ORDER BY at DESC, version DESC, person_id"
)
_FINDINGS = (
    "SELECT finding.*, package.division_code FROM finding JOIN registry_package AS package "
    "ON package.id = finding.package_id WHERE finding.ssn IN (SELECT ssn FROM person_identifier "
    "WHERE person_id = ANY(%s)) AND package.id = (SELECT max(latest.id) "
    "FROM registry_package AS latest WHERE latest.division_code = package.division_code "
    "AND latest.state IN ('admitted', 'admitting')) ORDER BY severity, rule LIMIT 100"
)
"""What a division's latest package still complains of; an earlier one is superseded by it."""


def _all(cursor: Any, query: str, parameters: Sequence[Any]) -> list[Row]:
    cursor.execute(query, parameters)
    return rows(cursor)
