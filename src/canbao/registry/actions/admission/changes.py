"""Carrying out what partners have pushed: a partner's rows piece by piece, each piece one transaction.

A row either stands from now on, or something later stood already, or it lies aside with the reason; it never holds up
another. Killed in the middle nothing of the piece is there, and it is carried out again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial

from django.db import DataError, IntegrityError, ProgrammingError, connection

from canbao.law.exchange import read_exchange
from canbao.registry.access import working
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.judging import rejudge
from canbao.registry.actions.admission.laying import find_standing, lay
from canbao.registry.actions.admission.package import current_judging, patiently
from canbao.registry.actions.admission.staging import own_division, share_mapping, touch
from canbao.registry.actions.admission.taking_up import NOT_TOLD, UNKNOWN, take_up_again
from canbao.registry.audit import append
from canbao.registry.database import Cursor
from canbao.registry.deeds import entry_of
from canbao.registry.models import Partner
from canbao.registry.partner_counts import count_outcomes

PIECE = int(os.environ.get("CANBAO_CHANGES_PIECE", "2000"))
"""Rows in one transaction."""
CARRYING = 0x70757368
"""The lock of whoever carries out: one at a time, so that rows stand in the order of their moments and no other."""
OTHER_NAME = "姓名与登记的不一致；请核对是不是同一个人"
FAILED = "处理时出错，已单独搁置；请联系系统管理员核对"


@dataclass(frozen=True)
class Carried:
    """What came of some rows: how many, by state, and the people whose records were derived anew."""

    counts: dict[str, int]
    people: list[int]


def waiting_partners() -> list[Partner]:
    """The partners of whom rows wait, whoever has waited longest first."""
    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT partner_id FROM inbox WHERE state = 'kept' GROUP BY partner_id ORDER BY min(id)")
        keys = [key for (key,) in cursor.fetchall()]
    found = Partner.objects.select_related("officer").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def carry_out(partner: Partner, rows: int = PIECE) -> Carried:
    """Carry out some of what waits of a partner; of nothing there are no counts.

    If something among it can't be carried out as it is, what can is found by smaller pieces, and it lies aside.
    """
    try:
        return patiently(partial(_carry_out, partner, rows))
    except (DataError, IntegrityError, ProgrammingError) as problem:
        if rows > 1:
            return carry_out(partner, rows // 10 or 1)
        return _set_aside(partner, problem)


def _set_aside(partner: Partner, problem: Exception) -> Carried:
    """Put the first row that waits aside: it, and nothing else, is in the way."""
    with working(), connection.cursor() as cursor:
        cursor.execute(_FIRST_ASIDE, [f"{FAILED}（{type(problem).__name__}）", partner.pk])
        details = {"aside": cursor.rowcount, "why": type(problem).__name__}
        count_outcomes(cursor, partner, {"aside": cursor.rowcount})
        append(cursor, entry_of(partner.officer, "exchange.carry_out", decision="failed", details=details))
        return Carried({"aside": 1}, [])


def _carry_out(partner: Partner, most: int) -> Carried:
    with working(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CARRYING])
        cursor.execute(_WAITING, [partner.pk, most])
        if not cursor.rowcount:
            return Carried({}, [])
        cursor.execute("ANALYZE waiting (ssn)")
        own_division(cursor, partner.division_code)
        share_mapping(cursor)
        _identify(cursor, partner)
        _stand(cursor, partner)
        people = _judge(cursor, partner)
        counts = _tell(cursor)
        count_outcomes(cursor, partner, counts)
        if people:
            take_up_again(cursor)
        objects = (f"partner:{partner.pk}",)
        append(cursor, entry_of(partner.officer, "exchange.carry_out", objects=objects, details=counts))
        return Carried(counts, people)


def _identify(cursor: Cursor, partner: Partner) -> None:
    """Whose the rows are: `holder_id`. Those of nobody, or of somebody with another name, get an `objection`.

    What others say of somebody whom a row of the same piece registers lies aside, and is taken up again at once.
    Who is not registered is registered by a row about a cover, be it that it has ended; of several names the one that
    came first.
    """
    cursor.execute(_NUMBERED)
    cursor.execute(_HOLDERS, {"division": partner.division_code})
    cursor.execute("ANALYZE holders (person_id)")
    cursor.execute(_FOUND)
    cursor.execute("ANALYZE found (ssn)")
    for query in (_HELD, _NEW_NAME):
        cursor.execute(query)
    cursor.execute(_TOLD_BY_DIVISION, {"says": NOT_TOLD, "division": partner.division_code})


def _stand(cursor: Cursor, partner: Partner) -> None:
    """Let each row's facts stand that are later than what stood; `won` are the ids of the rows of which some do."""
    rank = getattr(read_exchange().system(partner.kind), "rank", 9)
    cursor.execute("CREATE TEMP TABLE said ON COMMIT DROP AS " + _SAID)
    cursor.execute("ANALYZE said (person_id)")
    given = {"division": partner.division_code, "partner": partner.pk, "rank": rank}
    cursor.execute("CREATE TEMP TABLE laying ON COMMIT DROP AS " + _STAND, given)


def _judge(cursor: Cursor, partner: Partner) -> list[int]:
    """Lay what stands over the facts, and derive the records anew."""
    cursor.execute("SELECT DISTINCT person_id FROM laying")
    people = sorted(person for (person,) in cursor.fetchall())
    if people:
        judging = current_judging(cursor)
        touch(cursor, people)
        find_standing(cursor)
        cursor.execute(_LATE)
        lay(cursor, judging)
        rejudge(cursor, Cause("pushed", package=partner.stream_id), judging)
        cursor.execute("SELECT DISTINCT person_id FROM touched")
        return sorted(person for (person,) in cursor.fetchall())
    return []


def _tell(cursor: Cursor) -> dict[str, int]:
    cursor.execute(_SETTLED, {"unknown": UNKNOWN, "other_name": OTHER_NAME})
    cursor.execute(
        "SELECT state, count(*) FROM inbox WHERE (partner_id, key) IN (SELECT partner_id, key FROM waiting) GROUP BY 1"
    )
    return dict(cursor.fetchall())


_WAITING = """
CREATE TEMP TABLE waiting ON COMMIT DROP AS
SELECT id, partner_id, key, seq, said ->> 'ssn' AS ssn, said ->> 'name' AS name, said ->> 'sex' AS sex,
    (said ->> 'birth_date')::date AS birth_date, (said ->> 'at')::timestamptz AS at, said -> 'facts' AS facts,
    NULL::bigint AS holder_id, FALSE AS is_new, NULL::text AS objection
FROM inbox WHERE partner_id = %s AND state = 'kept' ORDER BY id LIMIT %s FOR UPDATE
"""
_FIRST_ASIDE = """
UPDATE inbox SET state = 'aside', says = %s, settled_at = now() WHERE (partner_id, key) = (
    SELECT partner_id, key FROM inbox WHERE partner_id = %s AND state = 'kept' ORDER BY id LIMIT 1)
"""
_REGISTERS = (
    "EXISTS (SELECT FROM jsonb_array_elements(facts) AS fact WHERE starts_with(fact ->> 'subject', 'insurance:'))"
)
_NUMBERED = f"""
INSERT INTO person_identifier (ssn, person_id) SELECT ssn, nextval('person_number') FROM (
    SELECT ssn FROM (SELECT DISTINCT ssn FROM waiting WHERE {_REGISTERS}) AS each LEFT JOIN LATERAL (
        SELECT person_id FROM person_identifier AS number WHERE number.ssn = each.ssn OFFSET 0) AS known ON TRUE
    WHERE known.person_id IS NULL ORDER BY ssn) AS new
ON CONFLICT (ssn) DO NOTHING
"""
_HOLDERS = """
CREATE TEMP TABLE holders ON COMMIT DROP AS SELECT each.ssn, coalesce(assigned.person_id, number.person_id) AS person_id
FROM (SELECT DISTINCT ssn FROM waiting) AS each
JOIN LATERAL (SELECT person_id FROM person_identifier WHERE ssn = each.ssn OFFSET 0) AS number ON TRUE
LEFT JOIN registry_assignment AS assigned ON assigned.ssn = each.ssn AND assigned.division_code = %(division)s
    AND assigned.revoked_by_id IS NULL
"""
_FOUND = """
CREATE TEMP TABLE found ON COMMIT DROP AS
SELECT holder.ssn, holder.person_id, array_agg(fact.division_code) FILTER (WHERE fact.person_id IS NOT NULL)
    AS divisions, array_agg(fact.name) FILTER (WHERE NOT fact.is_held) || (SELECT array_agg(value)
        FROM registry_correction AS correction WHERE correction.person_id = holder.person_id AND item = 'name'
        AND revoked_by_id IS NULL) AS names, (SELECT array_agg(DISTINCT live.name) FROM (SELECT name FROM live_fact
        WHERE person_id = holder.person_id OFFSET 0) AS live) AS live_names
FROM holders AS holder LEFT JOIN LATERAL (SELECT person_id, division_code, name, is_held FROM person_fact
    WHERE person_id = holder.person_id OFFSET 0) AS fact ON TRUE
GROUP BY holder.ssn, holder.person_id
"""
"""Under each number: whose it is, which divisions say something of them, by which names. Look-ups by key, fenced."""
_HELD = """
UPDATE waiting SET holder_id = found.person_id, is_new = coalesce(found.divisions, found.live_names) IS NULL,
    objection = CASE WHEN coalesce(found.divisions, found.live_names) IS NOT NULL
        AND waiting.name = ANY(found.names) IS NOT TRUE
        AND (found.divisions IS NOT NULL OR waiting.name = ANY(found.live_names) IS NOT TRUE) THEN 'name' END
FROM found WHERE found.ssn = waiting.ssn
"""
_NEW_NAME = f"""
UPDATE waiting SET objection = CASE WHEN NOT {_REGISTERS} THEN 'unknown' WHEN first.name <> waiting.name THEN 'name' END
FROM (SELECT ssn, (array_agg(name ORDER BY id) FILTER (WHERE {_REGISTERS}))[1] AS name
    FROM waiting WHERE is_new OR holder_id IS NULL GROUP BY ssn) AS first
WHERE first.ssn = waiting.ssn
"""
_TOLD_BY_DIVISION = """
UPDATE waiting SET objection = %(says)s WHERE objection IS NULL AND NOT is_new
AND NOT EXISTS (SELECT FROM jsonb_array_elements(facts) AS fact WHERE NOT starts_with(fact ->> 'subject', 'item:'))
AND EXISTS (SELECT FROM found WHERE found.ssn = waiting.ssn AND (%(division)s = ANY(found.divisions)) IS NOT TRUE)
"""
_SAID = """
SELECT DISTINCT ON (holder_id, fact ->> 'subject') holder_id AS person_id, fact ->> 'subject' AS subject,
    nullif(fact -> 'content', 'null') AS content, ssn, name, sex, birth_date, at, seq, id
FROM waiting, LATERAL jsonb_array_elements(facts) AS fact WHERE objection IS NULL AND holder_id IS NOT NULL
ORDER BY holder_id, fact ->> 'subject', at DESC, seq DESC, id DESC
"""
"""Of several about one thing the latest: that of the piece that may stand."""
_STAND = """
WITH won AS (
    INSERT INTO live_fact AS stood (person_id, division_code, subject, ssn, name, sex, birth_date, at, rank, partner_id,
        seq, content)
    SELECT person_id, %(division)s, subject, ssn, name, sex, birth_date, at, %(rank)s, %(partner)s, seq, content
    FROM said ORDER BY person_id, subject
    ON CONFLICT (person_id, division_code, subject) DO UPDATE SET (ssn, name, sex, birth_date, at, rank, partner_id,
        seq, content) = (EXCLUDED.ssn, EXCLUDED.name, EXCLUDED.sex, EXCLUDED.birth_date, EXCLUDED.at, EXCLUDED.rank,
        EXCLUDED.partner_id, EXCLUDED.seq, EXCLUDED.content)
    WHERE (CASE WHEN starts_with(stood.subject, 'item:') THEN -EXCLUDED.rank ELSE 0 END, EXCLUDED.at, -EXCLUDED.rank,
        EXCLUDED.seq, -EXCLUDED.partner_id) >
        (CASE WHEN starts_with(stood.subject, 'item:') THEN -stood.rank ELSE 0 END, stood.at, -stood.rank, stood.seq,
        -stood.partner_id)
    RETURNING person_id, division_code, subject
), marked AS (
    UPDATE waiting SET facts = NULL FROM said JOIN won USING (person_id, subject) WHERE waiting.id = said.id
)
SELECT DISTINCT person_id, division_code FROM won
"""
"""Items: the lower rank, then the later moment; all else: the later moment, then the lower rank."""
_LATE = """
UPDATE waiting SET facts = '[]' WHERE facts IS NULL AND NOT EXISTS (SELECT FROM standing AS stands
    WHERE stands.person_id = waiting.holder_id AND stands.partner_id = waiting.partner_id
    AND stands.seq = waiting.seq AND stands.at = waiting.at)
"""
"""What was pushed before the day of the division's package."""
_SETTLED = """
UPDATE inbox SET settled_at = now(), person_id = waiting.holder_id,
    state = CASE WHEN waiting.objection IS NOT NULL THEN 'aside' WHEN waiting.facts IS NULL THEN 'taken'
        ELSE 'older' END,
    says = CASE waiting.objection WHEN 'unknown' THEN %(unknown)s WHEN 'name' THEN %(other_name)s
        ELSE coalesce(waiting.objection, '') END,
    said = CASE WHEN waiting.objection IS NOT NULL THEN inbox.said END
FROM waiting WHERE inbox.partner_id = waiting.partner_id AND inbox.key = waiting.key
"""
