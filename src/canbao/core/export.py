"""The law as one JSON document: what an engine without Python (the phone) needs to judge a person."""

from __future__ import annotations

from typing import Any

from canbao.core.conditions import read_condition, say, to_json
from canbao.core.registration import DERIVED
from canbao.law.models import Table
from canbao.law.reader import Law

FORMAT = 1


def exported_law(law: Law) -> dict[str, Any]:
    """Fields, codes, qualities, tables, required items, checks and cases, conditions in their JSON reading."""
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
        "cases": [one.model_dump(mode="json") for one in law.cases],
    }


def _field(law: Law, name: str) -> dict[str, Any]:
    spec = law.fields[name]
    return {"label": spec.label, "type": spec.type, "codes": spec.codes, "privacy": spec.privacy}


def _table(law: Law, table: Table) -> dict[str, Any]:
    return {
        "label": table.label,
        "citation": law.citation(table.source, table.clause),
        "only_when": to_json(read_condition(table.only_when)) if table.only_when else None,
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
