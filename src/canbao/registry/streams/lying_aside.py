"""Pushed rows that lie aside: those of one's partners, but for people who are protected from whoever looks.

`inbox` has no lock of its own on rows, since partners' rows are kept before it is known whose they are; so each look
leaves out the people who are hidden, by their key and by their number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from canbao.registry.actions.admission.changes import FAILED, NOT_TOLD, OTHER_NAME, UNKNOWN
from canbao.registry.database import rows
from canbao.registry.deeds import deed
from canbao.registry.models import Officer, Partner
from canbao.registry.quotas import count_as_seen
from canbao.registry.streams.keeping import TWICE
from canbao.registry.streams.overseeing import own_partners

PAGE = 50
PERMISSION = "exchange.decide"
REASONS = {"name": OTHER_NAME, "unknown": UNKNOWN, "twice": TWICE, "not_told": NOT_TOLD, "failed": FAILED}
"""Why rows lie aside, by what `says` begins with."""


@dataclass(frozen=True)
class AsideRow:
    """A row that lies aside: `subjects` are what it is about, `person_id` is whose number it has."""

    id: int
    partner: Partner
    seq: int
    received_at: datetime
    says: str
    person_id: int | None
    ssn: str
    name: str
    subjects: list[str]

    @property
    def reason(self) -> str:
        """Why it lies aside; empty for what has no name."""
        return next((kind for kind, says in REASONS.items() if self.says.startswith(says)), "")


def aside_rows(*, by: Officer, partner: int = 0, reason: str = "", after: int = 0) -> list[AsideRow]:
    """At most PAGE rows of one's partners, the oldest first, beginning behind the number `after`.

    Whoever of them is registered counts as seen. Raises Refused beyond the day's quota.
    """
    with deed(by=by, action="exchange.aside", permission=PERMISSION) as note:
        own = {one.pk: one for one in own_partners(by) if not partner or one.pk == partner}
        note.objects.extend(f"partner:{key}" for key in own)
        found = _found(list(own), reason, after)
        note.details.update(rows=len(found))
        count_as_seen(sorted({one["person_id"] for one in found if one["person_id"]}), by, note)
        return [AsideRow(**{**one, "partner": own[one["partner"]]}) for one in found]


def _found(partners: list[int], reason: str, after: int) -> list[dict[str, Any]]:
    given = {"partners": partners, "says": REASONS.get(reason, ""), "after": after, "most": PAGE}
    with connection.cursor() as cursor:
        cursor.execute(_ASIDE, given)
        return rows(cursor)


VISIBLE = """NOT EXISTS (SELECT FROM hidden_numbers() AS hidden
    WHERE hidden.person_id = inbox.person_id OR hidden.ssn = inbox.said ->> 'ssn')"""
_ASIDE = f"""
SELECT inbox.id, partner_id AS partner, seq, received_at, says, said ->> 'ssn' AS ssn, said ->> 'name' AS name,
    coalesce(inbox.person_id, known.person_id) AS person_id,
    ARRAY(SELECT fact ->> 'subject' FROM jsonb_array_elements(said -> 'facts') AS fact) AS subjects
FROM inbox LEFT JOIN person_identifier AS known ON known.ssn = said ->> 'ssn'
WHERE state = 'aside' AND partner_id = ANY(%(partners)s) AND inbox.id > %(after)s AND starts_with(says, %(says)s)
AND {VISIBLE} ORDER BY inbox.id LIMIT %(most)s
"""
