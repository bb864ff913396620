"""What holds of a person beside what divisions say: joined numbers, corrected items, statements set apart, answers."""

from __future__ import annotations

from typing import Any

from canbao.core.surveying import ANSWERABLE
from canbao.office.people.person_page import under
from canbao.office.people.showing import label_of, show
from canbao.registry import desks, requests
from canbao.registry.lookup import Record
from canbao.registry.models import Assignment, Officer, Request, SurveyAnswers


def decided(record: Record, by: Officer, *, whole: bool) -> dict[str, Any]:
    """Everything that templates/office/people/decided.html draws; requests of other areas are told without a link."""
    joins, apart = desks.joins(record), desks.apart(record)
    ids = [*joins.values(), *(one.request_id for one in (*apart, *record.corrections))]
    known = requests.known(ids, by=by)
    return {
        "numbers": [_number(one, record, joins, known, whole) for one in record.identifiers],
        "corrections": [_correction(one, known, whole) for one in record.corrections],
        "answers": [_answers(one, record, whole) for one in record.answers],
        "apart": [_apart(one, record, known, whole) for one in apart],
    }


def _number(
    one: dict[str, Any], record: Record, joins: dict[int, int], known: dict[int, Request], whole: bool
) -> dict[str, Any]:
    request = joins.get(one["person_id"], 0)
    return {
        "number": show("ssn", one["ssn"], whole=whole),
        "is_current": one["ssn"] == record.person["ssn"],
        **_by(request, known),
    }


def _correction(one: Any, known: dict[int, Request], whole: bool) -> dict[str, Any]:
    return {
        "label": label_of(one.item),
        "value": show(one.item, one.value, whole=whole),
        "was": show(one.item, one.was, whole=whole),
        **_by(one.request_id, known),
    }


def _answers(one: SurveyAnswers, record: Record, whole: bool) -> dict[str, Any]:
    """What the person has said to a surveyor; under which number, if there are several."""
    return {
        "number": under({"person_id": one.person_id}, record, whole),
        "counts": one is record.answers[0],
        "surveyed_on": one.surveyed_on,
        "method": show("registration_method", one.method),
        "signed": ((one.operator_name, one.operated_at), (one.reviewer_name, one.reviewed_at)),
        "items": [
            (label_of(item), show(item, one.items[item], whole=whole)) for item in ANSWERABLE if item in one.items
        ],
    }


def _apart(one: Assignment, record: Record, known: dict[int, Request], whole: bool) -> dict[str, Any]:
    """A statement that was set apart: from this person to another one, or from another number to this one."""
    return {
        "division": show("admin_division_code", one.division_code),
        "number": show("ssn", one.ssn, whole=whole),
        "is_own": one.person_id in {known["person_id"] for known in record.identifiers},
        "other": show("ssn", one.number),
        **_by(one.request_id, known),
    }


def _by(request: int, known: dict[int, Request]) -> dict[str, Any]:
    """The request by which something holds, and its reason where it may be seen."""
    return {"request": request, "reason": known[request].reason if request in known else "", "open": request in known}
