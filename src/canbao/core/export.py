"""The law as one JSON document: what an engine without Python (the phone) needs to judge a person."""

from __future__ import annotations

from typing import Any

from canbao.core.conditions import read_condition, say, to_json
from canbao.core.registration import DERIVED
from canbao.core.survey_form import Form, options_of
from canbao.law.guide import read_guide
from canbao.law.models import Condition, Table
from canbao.law.moves import Workflow, read_workflows
from canbao.law.reader import Law
from canbao.law.survey import FormFinding, Question, Section, read_survey

FORMAT = 1


def exported_law(law: Law) -> dict[str, Any]:
    """Fields, codes, qualities, tables, required items, checks and cases, conditions in their JSON reading."""
    return {**_judging(law), "cases": [one.model_dump(mode="json") for one in law.cases]}


def exported_for_phone(law: Law, profile: str) -> dict[str, Any]:
    """What a phone keeps to judge by and to show: the law without its cases, and what surveyors need besides.

    `profile` is the order in which tables are tried; `moves` are those of a task (docs/phone.md, `GET law`).
    """
    survey = read_survey()
    return {
        **_judging(law),
        "profile": profile,
        "moves": exported_moves(read_workflows()["task"]),
        "survey": {
            "returns": [one.model_dump() for one in survey.returns],
            "failed_outcomes": list(survey.failed_outcomes),
        },
        "guide": read_guide().exported(law),
    }


def exported_moves(flow: Workflow) -> dict[str, Any]:
    """A workflow's states and moves; a move without `from` is how the thing begins."""
    moves = [{"id": one.id, "label": one.label, "from": sorted(one.from_), "to": one.to} for one in flow.moves]
    return {"label": flow.label, "states": dict(flow.states), "moves": moves}


def exported_form(form: Form, law: Law) -> dict[str, Any]:
    """A form as the phone asks and judges it: options in place of code lists, severities as the city has them."""
    return {
        "sections": [_section(one, law) for one in form.sections],
        "findings": [_finding(one) for one in form.findings],
    }


def _section(section: Section, law: Law) -> dict[str, Any]:
    return {
        "id": section.id,
        "label": section.label,
        "shown": _condition(section.shown),
        "questions": [_question(one, law) for one in section.questions],
    }


def _question(question: Question, law: Law) -> dict[str, Any]:
    return {
        "id": question.id,
        "label": question.label,
        "kind": question.kind,
        "options": [list(one) for one in options_of(question, law)],
        "longest": question.longest,
        "field": question.field,
        "needed": _condition(question.needed),
        "shown": _condition(question.shown),
    }


def _finding(finding: FormFinding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "question": finding.question,
        "severity": finding.severity,
        "fixed": finding.fixed,
        "says": finding.says,
        "when": _condition(finding.when),
    }


def _condition(written: Condition | None) -> dict[str, Any] | None:
    return to_json(read_condition(written)) if written is not None else None


def _judging(law: Law) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "decided_in_order": [*DERIVED, "disposition"],
        "profiles": {id_: {"label": one.label, "reading": one.reading} for id_, one in law.profiles.items()},
        "fields": {name: _field(law, name) for name in law.fields},
        "codes": {
            name: [{"code": one.code, "label": one.label} for one in list_.codes if one.enabled]
            for name, list_ in law.codes.items()
        },
        "qualities": {
            id_: {"label": one.label, "of": one.of, "when": to_json(read_condition(one.when))}
            for id_, one in law.qualities.items()
        },
        "tables": {name: _table(law, table) for name, table in law.tables.items()},
        "requirements": [
            {
                "id": one.id,
                "severity": one.severity,
                "who": to_json(read_condition(one.who)),
                "fields": list(one.fields),
            }
            for one in law.requirements
        ],
        "checks": {
            id_: {
                "severity": one.severity,
                "message": one.message,
                "field": one.field,
                "when": to_json(read_condition(one.when)),
            }
            for id_, one in law.checks.items()
            if one.when is not None
        },
    }


def _field(law: Law, name: str) -> dict[str, Any]:
    spec = law.fields[name]
    return {"label": spec.label, "type": spec.type, "codes": spec.codes, "privacy": spec.privacy}


def _table(law: Law, table: Table) -> dict[str, Any]:
    return {
        "label": table.label,
        "citation": law.citation(table.source, table.clause),
        "only_when": _condition(table.only_when),
        "orders": {profile: [row.id for row in table.rows(profile)] for profile in law.profiles},
        "rows": {
            row.id: {
                "gives": row.gives,
                "when": to_json(read_condition(row.when)),
                "phrase": row.phrase,
                "said": say(read_condition(row.when), law),
            }
            for row in table.first_match
        },
    }
