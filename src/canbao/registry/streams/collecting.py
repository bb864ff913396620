"""What a counter has collected: it goes the way of a pushed row, and is none of the partner's stream."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from canbao.core.pushed import ITEMS
from canbao.registry.deeds import Note
from canbao.registry.models import Agreement
from canbao.registry.streams.counter import known_person
from canbao.registry.streams.keeping import Answer, keep_uncounted
from canbao.registry.streams.rows import Envelope, digest_of


def collect(agreement: Agreement, person_id: int, items: Mapping[str, str], *, at: datetime, note: Note) -> Answer:
    """Keep items of a person whom the partner has looked up; raises PartnerRefused(404) for another one."""
    record = known_person(agreement, person_id, note)
    row = {**items, "ssn": record.person["ssn"], "name": record.person["name"]}
    digest = digest_of({"at": at.isoformat(), "row": row})
    envelope = Envelope(f"counter:{uuid.uuid4()}", 0, at, ITEMS, False, row, digest)
    note.details["items"] = sorted(items)
    return keep_uncounted(agreement.partner, agreement, envelope)
