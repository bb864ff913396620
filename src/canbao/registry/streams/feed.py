"""The feed: what changed for the people of an agreement's area, in an order that never goes back.

It goes by the transaction that wrote a line of history, up to the oldest one that is still under way: so nothing
appears behind a reader. A cursor names the last line that was looked at, and the era of the database.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from django.db import connection

from canbao.core.covers import SLOT_ITEMS
from canbao.law.exchange import read_exchange
from canbao.registry.access import PROVINCE, acting
from canbao.registry.database import Cursor, rows
from canbao.registry.models import Agreement
from canbao.registry.partners import PartnerRefused

LOOKED_THROUGH = 20_000
"""Lines of history in one answer, of whatever area: who has few people is answered as quickly as who has many."""
_CURSOR = re.compile(r"([0-9a-f-]{36})\.([0-9]{1,20})\.([0-9]{1,19})\.([0-9]{1,9})")
NOW = "now"


@dataclass(frozen=True)
class Changes:
    """Some changes, where to go on, and whether there is more by now."""

    changes: list[dict[str, Any]]
    next: str
    more: bool


def changes(agreement: Agreement, after: str, most: int) -> Changes:
    """The changes after a cursor, after the beginning if it is empty, or from now on.

    Raises PartnerRefused for a cursor that is none, or of another era.
    """
    items = items_of(agreement)
    with acting(PROVINCE, agreement.partner.officer), connection.cursor() as cursor:
        era, last = _position(cursor, after)
        if after == NOW:
            return Changes([], _cursor(era, last), False)
        cursor.execute(_LINES, {**_after(last), "lines": LOOKED_THROUGH, "area": f"|{agreement.area}"})
        found = rows(cursor)
    told = [one for one in found if one["is_theirs"] or one["was_theirs"]][:most]
    is_cut = len(told) == most
    read_to = told[-1] if is_cut else found[-1] if found else None
    where = _cursor(era, (read_to["written"], read_to["person_id"], read_to["version"])) if read_to else ""
    more = is_cut or len(found) == LOOKED_THROUGH
    kept = [change for one in told if (change := _change(one, items)) is not None]
    return Changes(kept, where or after or _cursor(era, last), more)


def items_of(agreement: Agreement) -> frozenset[str]:
    """The record's items that an agreement lets somebody be told; those of covers are those of its types."""
    shown = {one.id: one.items for one in read_exchange().shown}
    agreed = {item for id_ in agreement.shown for item in shown.get(id_, ())}
    slots = {f"{slug}_{item}" for slug in agreement.insurance_types for item in agreed & {*SLOT_ITEMS}}
    return frozenset((agreed - {*SLOT_ITEMS}) | slots)


def _change(line: dict[str, Any], items: frozenset[str]) -> dict[str, Any] | None:
    """A line as it is told, None if nothing of it was agreed. A person's first line tells what is known by now."""
    said = json.loads(line["changes"]) if isinstance(line["changes"], str) else line["changes"]
    gone = not line["is_theirs"]
    if gone:
        told: dict[str, Any] = {}
    elif line["version"] == 1 or not line["was_theirs"]:
        now = json.loads(line["now"]) if isinstance(line["now"], str) else line["now"]
        told = {item: now.get(item) for item in sorted(items) if now.get(item) is not None}
    else:
        told = {item: value[1] for item, value in sorted(said.items()) if item in items}
        if not told:
            return None
    id_ = f"{line['person_id']}-{line['version']}"
    return {"id": id_, "person": line["ssn"], "at": line["at"].isoformat(), "items": told, "gone": gone}


def _position(cursor: Cursor, after: str) -> tuple[str, tuple[Any, ...]]:
    cursor.execute("SELECT era::text, pg_snapshot_xmin(pg_current_snapshot())::text FROM feed_era")
    era, horizon = cursor.fetchone()
    if after == NOW:
        return era, (horizon, 0, 0)
    if not after:
        return era, ("0", 0, 0)
    read = _CURSOR.fullmatch(after)
    if read is None:
        raise PartnerRefused(400, "wrong", "游标读不懂；请用上一次答复里的 next，或留空从头开始")
    if read[1] != era:
        raise PartnerRefused(409, "cursor", "数据库恢复过，这个游标已经不能用；请留空从头开始，重复的变更按 id 略过")
    if int(read[2]) >= 2**63 or int(read[3]) >= 2**63 or int(read[4]) >= 2**31:
        raise PartnerRefused(400, "wrong", "游标读不懂；请用上一次答复里的 next，或留空从头开始")
    return era, (read[2], int(read[3]), int(read[4]))


def _after(last: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(("written", "person", "version"), last, strict=True))


def _cursor(era: str, last: tuple[Any, ...]) -> str:
    return ".".join((era, *map(str, last)))


_LINES = """
SELECT line.written::text AS written, line.person_id, line.version, line.at, line.changes, person.ssn,
    strpos(person.areas, %(area)s) > 0 AS is_theirs,
    CASE WHEN line.changes -> 'areas' IS NULL THEN line.version > 1 AND strpos(person.areas, %(area)s) > 0
        ELSE strpos(line.changes -> 'areas' ->> 0, %(area)s) > 0 END AS was_theirs,
    CASE WHEN strpos(person.areas, %(area)s) > 0
        AND (line.version = 1 OR line.changes -> 'areas' IS NOT NULL) THEN to_jsonb(person) END AS now
FROM (SELECT * FROM history WHERE (written, person_id, version) > (%(written)s::xid8, %(person)s, %(version)s)
    AND written < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY written, person_id, version LIMIT %(lines)s) AS line
JOIN LATERAL (SELECT * FROM person WHERE id = line.person_id OFFSET 0) AS person ON TRUE
ORDER BY line.written, line.person_id, line.version
"""
