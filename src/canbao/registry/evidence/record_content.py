"""What a container says of a person: the record as it is now, with its reasons, its facts by source and its history.

A statement that is held out may be about somebody else, so nothing of it is here; nor are findings and conflicts, which
are about the work and not about the person. Whoever settled or entered something is not named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from canbao.core.conditions.chinese import label
from canbao.core.tables import why
from canbao.law.reader import read_law
from canbao.registry.actions.admission.delivery import CAUSES
from canbao.registry.evidence.wording import in_words, plain
from canbao.registry.explaining import DECIDED
from canbao.registry.lookup import Record
from canbao.registry.models import Correction, SurveyAnswers
from canbao.registry.places_now import called

Row = Mapping[str, Any]
FORMAT = "canbao-evidence-record/1"
COVER = (
    "insurance_type", "contrib_status", "benefit_status", "enrol_date", "region_code", "payer_category", "unit_no",
    "unit_name", "unit_type",
)  # fmt: skip


def record_content(record: Record) -> dict[str, Any]:
    """The record for `record.json` and for the page that is read; whatever has no value is left out."""
    person = record.person
    return {
        "format": FORMAT,
        "subject": f"person:{person['id']}",
        "version": person["version"],
        "judged_on": plain(person["judged_on"]),
        "identifiers": [
            {"number": one["ssn"], "is_current": one["ssn"] == person["ssn"]} for one in record.identifiers
        ],
        "items": list(_items(person)),
        "statements": [_statement(fact) for fact in record.facts if not fact["is_held"]],
        "covers": [_cover(row) for row in record.insurances if not record.is_held(row)],
        "supports": [_support(row) for row in record.evidence if not record.is_held(row)],
        "corrections": [_correction(one) for one in record.corrections],
        "answers": [_answers(one) for one in record.answers[:1]],
        "history": [_change(row) for row in record.history],
    }


def _items(row: Row) -> Iterator[dict[str, Any]]:
    """Each item that has a value, and for one that follows from law the winning row and its clause."""
    law = read_law()
    for name, spec in law.fields.items():
        if row.get(name) is not None and spec.group != "provenance":
            item = {"field": name, "label": spec.label, "value": plain(row[name]), "words": in_words(name, row[name])}
            rule = row.get(f"{name}_rule") if name in DECIDED else None
            reason = {"rule": rule, "citation": why(law.tables[name], rule, law)} if rule else {}
            yield {**item, **reason}


def _statement(fact: Row) -> dict[str, Any]:
    return {
        **_source(fact),
        "package": fact["package_id"] or fact["since"],
        "as_of": plain(fact["as_of"]),
        "items": list(_items(fact)),
    }


def _source(row: Row) -> dict[str, Any]:
    return {"division": row["division_code"], "division_name": called(row["division_code"])}


def _cover(row: Row) -> dict[str, Any]:
    known = [name for name in COVER if row.get(name) is not None]
    items = [{"field": name, "label": label(name, read_law()), "words": in_words(name, row[name])} for name in known]
    return {**_source(row), "file": row["source"], "row": row["row"], "items": items}


def _support(row: Row) -> dict[str, Any]:
    law = read_law()
    kind, quality = law.sources.get(row["kind"]), law.qualities.get(row["quality"])
    said = {"kind": kind.label if kind else row["kind"], "shows": quality.label if quality else row["quality"]}
    return {**_source(row), **said, "file": row["source"], "row": row["row"]}


def _correction(one: Correction) -> dict[str, Any]:
    """An item that officers have set right, in place of what anybody states."""
    said = {"field": one.item, "label": label(one.item, read_law()), "value": one.value}
    return {**said, "words": in_words(one.item, one.value), "instead_of": in_words(one.item, one.was)}


def _answers(one: SurveyAnswers) -> dict[str, Any]:
    """What the person has said to a surveyor, as far as the register takes it."""
    items = [
        {"field": name, "label": label(name, read_law()), "value": value, "words": in_words(name, value)}
        for name, value in sorted(one.items.items())
    ]
    method = {"method": one.method, "method_words": in_words("registration_method", one.method)}
    return {"surveyed_on": plain(one.surveyed_on), **method, "items": items}


def _change(row: Row) -> dict[str, Any]:
    known = read_law().fields
    changes = [
        {"field": name, "label": known[name].label, "from": in_words(name, old), "to": in_words(name, new)}
        for name, (old, new) in row["changes"].items()
        if name in known and old != new
    ]
    return {
        "subject": f"person:{row['person_id']}",
        "version": row["version"],
        "at": plain(row["at"]),
        "kind": CAUSES.get(row["kind"], row["kind"]),
        "package": row["package_id"],
        "division_name": called(row["division_code"] or ""),
        "digest": plain(row["digest"]),
        "changes": changes,
    }
