"""Keeping what a partner pushes: one transaction a request, each row once, and the answer says what came of each.

Kept rows wait for `actions.admission.changes`. Order and repetition don't matter: a row is known by its own id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db import connection

from canbao.core.pushed import Unreadable
from canbao.law.exchange import read_exchange
from canbao.registry.database import Cursor
from canbao.registry.models import Agreement, Partner
from canbao.registry.partner_counts import count_outcomes
from canbao.registry.partners import PartnerRefused
from canbao.registry.streams.rows import Envelope, is_number, kept_form, read_envelope, said_by

KEPT, SAME, ASIDE, REFUSED = "kept", "same", "aside", "refused"
MOST_GAPS = 20
SECONDS = 30
"""After which a partner of whom too much waits may try again."""
TWICE = "同一个 id 先后送来两种内容；后来的先搁置，请核对"


@dataclass
class Answer:
    """What came of one row; `id` and `seq` as they were sent, whatever that was."""

    id: Any
    seq: Any
    state: str = REFUSED
    says: str = ""


@dataclass(frozen=True)
class Standing:
    """How far a stream is: everything up to `acknowledged` has come, `gaps` are the first ranges that are missing."""

    acknowledged: int
    gaps: list[tuple[int, int]]
    waiting: int


@dataclass(frozen=True)
class _Coming:
    """A readable row with its answer. What contradicts an earlier row of its id is kept under another key, aside."""

    envelope: Envelope
    answer: Answer

    @property
    def other_key(self) -> str:
        return f"{self.envelope.key}#{self.envelope.digest.hex()[:16]}"


def keep(partner: Partner, agreement: Agreement, written: Sequence[Any]) -> list[Answer]:
    """Keep rows within the caller's transaction; the answers are in the order of the rows.

    Raises PartnerRefused if too many of the partner's rows wait already.
    """
    answers, coming = _read(written)
    _keep_all(partner, agreement, coming, [one.seq for one in answers if is_number(one.seq)])
    _count(partner, answers)
    return answers


def keep_uncounted(partner: Partner, agreement: Agreement, envelope: Envelope) -> Answer:
    """Keep a row that is none of the partner's stream: `seq` is 0."""
    one = _Coming(envelope, Answer(envelope.key, envelope.seq))
    _keep_all(partner, agreement, [one], [])
    _count(partner, [one.answer])
    return one.answer


def _keep_all(partner: Partner, agreement: Agreement, coming: Sequence[_Coming], seen: Sequence[int]) -> None:
    """Keep what is new of readable rows; `seen` are the numbers that have come, of what is refused too."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO inbox_sequence (partner_id) VALUES (%s) ON CONFLICT DO NOTHING", [partner.pk])
        cursor.execute("SELECT FROM inbox_sequence WHERE partner_id = %s FOR UPDATE", [partner.pk])
        new = _new(cursor, partner, coming)
        _require_room(cursor, partner, len(new))
        _keep(cursor, partner, _rows(agreement, new))
        if new:
            cursor.execute("NOTIFY pushed")
        cursor.execute(_SEEN, [list(seen), partner.pk])


def standing(partner: Partner) -> Standing:
    """How far a partner's stream is."""
    with connection.cursor() as cursor:
        cursor.execute(_RANGES, [partner.pk, MOST_GAPS + 2])
        ranges = [(0, 1), *cursor.fetchall()]
        waiting = _waiting(cursor, partner)
    if len(ranges) > 1 and ranges[1][0] == 1:
        del ranges[0]
    gaps = [(before[1], after[0] - 1) for before, after in pairwise(ranges)]
    return Standing(ranges[0][1] - 1, gaps[:MOST_GAPS], waiting)


def _count(partner: Partner, answers: Sequence[Answer]) -> None:
    """Count those of whom it is settled what becomes of them; the others are counted when they are carried out."""
    with connection.cursor() as cursor:
        count_outcomes(cursor, partner, Counter(one.state for one in answers if one.state in (ASIDE, REFUSED)))


def _read(written: Sequence[Any]) -> tuple[list[Answer], list[_Coming]]:
    answers, coming = [], []
    for one in written:
        told = one if isinstance(one, dict) else {}
        answers.append(Answer(told.get("id"), told.get("seq")))
        try:
            coming.append(_Coming(read_envelope(one), answers[-1]))
        except Unreadable as problem:
            answers[-1].says = str(problem)
    return answers, coming


def _new(cursor: Cursor, partner: Partner, coming: Sequence[_Coming]) -> dict[str, _Coming]:
    """Those that have not come before, by the key under which they are kept; the others are told so."""
    keys = [key for one in coming for key in (one.envelope.key, one.other_key)]
    cursor.execute("SELECT key, digest FROM inbox WHERE partner_id = %s AND key = ANY(%s)", [partner.pk, keys])
    known = {key: bytes(digest) for key, digest in cursor.fetchall()}
    new: dict[str, _Coming] = {}
    for one in coming:
        key, digest = one.envelope.key, one.envelope.digest
        if key in known and (known[key] == digest or one.other_key in known):
            one.answer.state = SAME
            continue
        key = one.other_key if key in known else key
        known[key], new[key] = digest, one
    return new


def _require_room(cursor: Cursor, partner: Partner, coming: int) -> None:
    most = read_exchange().waiting_rows
    if coming and _waiting(cursor, partner) + coming > most:
        raise PartnerRefused(429, "waiting", f"等待处理的已有约 {most} 条；请稍后从断点续送", seconds=SECONDS)


def _waiting(cursor: Cursor, partner: Partner) -> int:
    cursor.execute("SELECT count(*) FROM inbox WHERE partner_id = %s AND state = 'kept'", [partner.pk])
    return int(cursor.fetchone()[0])


def _rows(agreement: Agreement, new: dict[str, _Coming]) -> list[tuple[Any, ...]]:
    """The rows of the inbox; what may not be said is refused, what contradicts an earlier row lies aside."""
    kept = []
    for key, one in new.items():
        envelope, answer = one.envelope, one.answer
        try:
            said = kept_form(said_by(envelope, agreement), envelope)
        except Unreadable as problem:
            answer.says = str(problem)
            continue
        answer.state, answer.says = (KEPT, "") if key == envelope.key else (ASIDE, TWICE)
        kept.append((key, envelope.seq, envelope.digest, answer.state, answer.says, said))
    return kept


def _keep(cursor: Cursor, partner: Partner, kept: Sequence[tuple[Any, ...]]) -> None:
    columns = "partner_id, key, seq, digest, state, says, said"
    with cursor.copy(f"COPY inbox ({columns}) FROM STDIN") as copying:  # type: ignore[attr-defined]
        for row in kept:
            copying.write_row((partner.pk, *row))


_SEEN = """
UPDATE inbox_sequence SET heard_at = now(), seen = seen + coalesce((SELECT range_agg(int8range(seq, seq, '[]'))
    FROM unnest(%s::bigint[]) AS seq), '{}') WHERE partner_id = %s
"""
_RANGES = """
SELECT lower(range), upper(range) FROM inbox_sequence, unnest(seen) AS range WHERE partner_id = %s ORDER BY 1 LIMIT %s
"""
