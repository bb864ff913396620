"""Rehearsing: a package is admitted piece by piece by the very code that admits, and each piece is rolled back.

What it would change is read just before. A piece doesn't see what the pieces before it would have done: where two
numbers of one person lie in different pieces, their record is counted in both.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction

from canbao.core.masks import mask_name, mask_number
from canbao.registry.access import working
from canbao.registry.actions.admission import staging
from canbao.registry.actions.admission.delivery import Delivery, Piece
from canbao.registry.actions.admission.package import COUNTS, PIECE, Announce, Cancelled, admit_piece, patiently
from canbao.registry.database import Cursor, rows
from canbao.registry.models import AdmissionRange, Officer, Package

SHOWN = 50
"""People kept of each effect, to be looked at: at most four times as many."""
ITEMS = (
    "registration_status", "disposition", "employment_status", "no_unit_type", "uninsured_reason", "vital_status",
    "is_household",
)  # fmt: skip
"""The items of which it is counted how many people go from what to what."""
EFFECTS = ("registered", "changed", "gone", "conflict")


@dataclass
class Rehearsal:
    """What an admission would do: counts as an admission's, `conflicts` it would raise, `items` as item, was, now and
    how many people; `people` are some of those touched, with nothing of them but codes and masked words."""

    counts: Counter[str] = field(default_factory=Counter)
    items: Counter[tuple[str, str | None, str | None]] = field(default_factory=Counter)
    people: list[dict[str, Any]] = field(default_factory=list)

    def kept(self) -> dict[str, Any]:
        """The counts, as they are kept with the package."""
        ordered = sorted(self.items.items(), key=lambda one: (ITEMS.index(one[0][0]), -one[1]))
        return {"counts": dict(self.counts), "items": [[*which, many] for which, many in ordered]}

    def add(self, other: Rehearsal) -> None:
        """Add what another piece would do."""
        self.counts.update(other.counts)
        self.items.update(other.items)
        self.people += other.people

    def wanted(self, effect: str) -> int:
        """How many more people of an effect are kept."""
        return SHOWN - sum(one["effect"] == effect for one in self.people)


def rehearse(*, package: Package, delivery: Delivery, by: Officer, announce: Announce = lambda done: True) -> Rehearsal:
    """Find out what admitting the package now would change; nothing stays but gaps in sequences.

    Raises Cancelled when `announce` answers no.
    """
    found, after = Rehearsal(), ""
    with working(), connection.cursor() as cursor:
        staging.stage_conflicts(cursor, delivery, package)  # once in this session, not once in each piece undone
    for piece in (*delivery.chunks(persons=PIECE), None):
        found.add(patiently(partial(_undone, package, delivery, piece, after, by, found)))
        after = piece.last if piece else after
        if not announce(found.counts["people"]):
            raise Cancelled("已按要求停止；试运行没有留下任何改动")
    return found


def _undone(
    package: Package, delivery: Delivery, piece: Piece | None, after: str, by: Officer, so_far: Rehearsal
) -> Rehearsal:
    """What this piece would do: it is done, looked at, and undone."""
    with working(), connection.cursor() as cursor:
        range_ = AdmissionRange.objects.create(package=package, upto="", cursor=after)
        admit_piece(package, delivery, piece, range_, by)
        range_.refresh_from_db()
        found = Rehearsal(Counter({name: getattr(range_, name) for name in COUNTS}))
        _count(cursor, package, found)
        for effect in EFFECTS:
            found.people += _people(cursor, package, effect, so_far.wanted(effect))
        transaction.set_rollback(True)
    return found


def _count(cursor: Cursor, package: Package, found: Rehearsal) -> None:
    cursor.execute(_ITEMS, {"items": list(ITEMS)})
    for item, was, now, many in cursor.fetchall():
        found.items[item, was, now] += many
    cursor.execute("SELECT count(*) FROM registry_conflict WHERE package_id = %s AND raised_at = now()", [package.pk])
    found.counts["conflicts"] += cursor.fetchone()[0]


def _people(cursor: Cursor, package: Package, effect: str, most: int) -> list[dict[str, Any]]:
    """Some people of an effect; those who are not registered yet, with number and name masked."""
    if most <= 0:
        return []
    cursor.execute(_PEOPLE[effect], {"package": package.pk, "most": most, "items": list(ITEMS)})
    return [_shown(effect, one) for one in rows(cursor)]


def _shown(effect: str, one: dict[str, Any]) -> dict[str, Any]:
    is_new = effect == "registered"
    return {
        "effect": effect,
        "person_id": None if is_new else one["id"],
        "areas": one["areas"],
        "home": one["home"],
        "number": mask_number(one["ssn"]) if is_new else "",
        "name": mask_name(one["name"] or "") if is_new else "",
        "changes": json.loads(one["changes"]) if isinstance(one["changes"], str) else one["changes"],
    }


_TOLD = (
    "SELECT told.person_id, told.version, noted.changes FROM told, LATERAL (SELECT changes FROM history "
    "WHERE person_id = told.person_id AND version = told.version OFFSET 0) AS noted"
)
"""The records that are new or changed, with what changed of them."""
_RECORD = "LATERAL (SELECT * FROM person WHERE id = told.person_id OFFSET 0) AS person"
_VALUES = ", ".join(f"('{item}', person.{item}::text)" for item in ITEMS)
_NEW = f"LATERAL (SELECT * FROM (VALUES {_VALUES}) AS item (name, value) WHERE value IS NOT NULL) AS item"
_ITEMS = (
    "SELECT name, was, value, count(*) FROM ("
    f"SELECT item.name, NULL AS was, item.value FROM told, {_RECORD}, {_NEW} WHERE told.version = 1 UNION ALL "
    f"SELECT item.key, item.value ->> 0, item.value ->> 1 FROM ({_TOLD}) AS told, jsonb_each(told.changes) AS item "
    "WHERE item.key = ANY(%(items)s) AND told.version > 1) AS each GROUP BY 1, 2, 3"
)
_CODES = (
    "(SELECT jsonb_object_agg(item.key, CASE WHEN item.key = ANY(%(items)s) THEN item.value ELSE 'null' END) "
    "FROM jsonb_each(told.changes) AS item WHERE item.key !~ '_rule$')"
)
"""What changed: from what to what for what is counted, of all else that it changed and nothing more."""
_WHO = "SELECT person.id, ssn, person.name, areas, home"
_PEOPLE = {
    "registered": (
        f"{_WHO}, jsonb_object_agg(item.name, jsonb_build_array(NULL, item.value)) AS changes FROM "
        f"(SELECT * FROM told WHERE version = 1 ORDER BY person_id LIMIT %(most)s) AS told, {_RECORD}, {_NEW} "
        "GROUP BY person.id, ssn, person.name, areas, home ORDER BY person.id"
    ),
    "changed": (
        f"{_WHO}, {_CODES} AS changes FROM (SELECT * FROM ({_TOLD}) AS told WHERE version > 1 "
        "AND NOT EXISTS (SELECT FROM gone WHERE gone.leader_id = told.person_id) "
        "ORDER BY jsonb_exists(changes, 'registration_status') DESC, jsonb_exists(changes, 'disposition') DESC, "
        f"person_id LIMIT %(most)s) AS told, {_RECORD}"
    ),
    "gone": (
        f"{_WHO}, coalesce({_CODES}, '{{}}') AS changes FROM (SELECT gone.leader_id AS person_id, changes FROM gone "
        f"LEFT JOIN ({_TOLD}) AS told ON told.person_id = gone.leader_id ORDER BY 1 LIMIT %(most)s) AS told, {_RECORD}"
    ),
    "conflict": (
        f"{_WHO}, '{{}}'::jsonb AS changes FROM (SELECT DISTINCT person_id FROM registry_conflict "
        f"WHERE package_id = %(package)s AND raised_at = now() ORDER BY 1 LIMIT %(most)s) AS told, {_RECORD}"
    ),
}
