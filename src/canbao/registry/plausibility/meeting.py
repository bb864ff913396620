"""What a package meets in the register: who is known, of whom the division speaks already, whom others call otherwise.

Piece by piece, each person looked up by key; nothing is written but temporary tables, and nobody is locked.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.db import connection

from canbao.law.places import PROVINCE as POLICE_LIST
from canbao.registry.access import working
from canbao.registry.actions.admission.delivery import Delivery
from canbao.registry.actions.admission.staging import copy_csv, make
from canbao.registry.database import Cursor

PIECE = 20_000


@dataclass
class Meeting:
    """Counts of people: `known` are in the register, of `stated` the division has spoken before, of those `changed`
    otherwise than now; `before` is of how many it speaks at all; `conflicts` are named otherwise by somebody else;
    `shared` counts by division those of whom another city speaks."""

    people: int = 0
    known: int = 0
    stated: int = 0
    changed: int = 0
    conflicts: int = 0
    before: int = 0
    shared: Counter[str] = field(default_factory=Counter)


def meet(delivery: Delivery, division: str) -> Meeting:
    """Look all people of a delivery up."""
    met = Meeting()
    for piece in delivery.chunks(persons=PIECE):
        with working(), connection.cursor() as cursor:
            columns = delivery.columns("persons")
            make(cursor, "new_person", columns, "ON COMMIT DROP")
            copy_csv(cursor, "new_person", columns, piece.persons)
            cursor.execute("CREATE TEMP TABLE met ON COMMIT DROP AS " + _MET, {"division": division})
            _count(cursor, met)
    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM person_fact WHERE division_code = %s", [division])
        met.before = cursor.fetchone()[0]
    return met


def _count(cursor: Cursor, met: Meeting) -> None:
    cursor.execute(_COUNTED)
    for name, counted in zip(("people", "known", "stated", "changed", "conflicts"), cursor.fetchone(), strict=True):
        setattr(met, name, getattr(met, name) + counted)
    cursor.execute(
        "SELECT division, count(*) FROM met, LATERAL unnest(others) AS division WHERE division <> %s GROUP BY 1",
        [POLICE_LIST],
    )
    met.shared.update(dict(cursor.fetchall()))


_MET = """
SELECT holder.person_id, holder.content, told.content AS was,
    told.least <> holder.name OR told.most <> holder.name AS is_named_otherwise, told.others
FROM (
    SELECT coalesce(assigned.person_id, known.person_id) AS person_id, new_person.name, new_person.content
    FROM new_person LEFT JOIN LATERAL (SELECT person_id FROM person_identifier AS number
        WHERE number.ssn = new_person.ssn OFFSET 0) AS known ON TRUE
    LEFT JOIN registry_assignment AS assigned ON assigned.ssn = new_person.ssn
        AND assigned.division_code = %(division)s AND assigned.revoked_by_id IS NULL OFFSET 0
) AS holder LEFT JOIN LATERAL (
    SELECT max(content) FILTER (WHERE division_code = %(division)s) AS content,
        min(name) FILTER (WHERE division_code <> %(division)s) AS least,
        max(name) FILTER (WHERE division_code <> %(division)s) AS most,
        array_agg(division_code) FILTER (WHERE division_code <> %(division)s) AS others
    FROM (SELECT * FROM person_fact WHERE person_id = holder.person_id OFFSET 0) AS fact
) AS told ON TRUE
"""
"""Each look-up is fenced by itself (OFFSET 0), or PostgreSQL reads the whole province for each person."""
_COUNTED = (
    "SELECT count(*), count(person_id), count(was), count(*) FILTER (WHERE was <> content), "
    "count(*) FILTER (WHERE is_named_otherwise) FROM met"
)
