"""Candidates for one person under two numbers: kept as a machine found them, set aside or merged by people alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from django.db import connection
from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import Refused, covers, working
from canbao.registry.actions.merges import common_area, see
from canbao.registry.actions.requests import require_words
from canbao.registry.audit import append
from canbao.registry.deeds import deed, entry_of
from canbao.registry.models import Candidate, Officer

PIECE = 1_000


class Pair(Protocol):
    """A pair as `batch.candidates` finds it."""

    left_id: int
    right_id: int
    probability: float
    weight: float
    reasons: tuple[str, ...]
    left_digest: str
    right_digest: str


def keep_found(*, pairs: Iterable[Pair], by: Officer) -> int:
    """Let the open candidates be these; what is decided stays decided unless the data of a side has changed.

    Returns how many are open. One transaction: whoever looks meanwhile sees the ones before.
    """
    with working(), connection.cursor() as cursor:
        Candidate.objects.filter(state="open").delete()
        found = kept = 0
        piece: list[Pair] = []
        for pair in pairs:
            piece.append(pair)
            if len(piece) == PIECE:
                kept += _keep(piece)
                found, piece = found + len(piece), []
        kept += _keep(piece)
        append(cursor, entry_of(by, "candidate.find", details={"found": found + len(piece), "open": kept}))
    return kept


def dismiss(*, candidate: Candidate, reason: str, by: Officer) -> None:
    """Say that they are two people; they are not proposed again unless the data of one of them changes."""
    with deed(by=by, action="candidate.dismiss", permission="candidate.decide") as note:
        locked = _locked(candidate, by)
        note.objects.append(f"candidate:{locked.pk}")
        see((locked.left_id, locked.right_id), by, note)
        require_words(reason, "理由")
        locked.state = after(read_workflows()["candidate"], locked.state, "dismiss")
        locked.decided_by, locked.decided_at, locked.reason = by, timezone.now(), reason.strip()
        locked.save()


def _locked(candidate: Candidate, by: Officer) -> Candidate:
    locked = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
    if locked is None or not covers(by.area, locked.area):
        raise Refused("没有这一对候选，或不在您的管辖范围内；请刷新页面")
    return locked


def _keep(pairs: list[Pair]) -> int:
    """Keep a piece of pairs; those with a number that is no longer a person's own, or that were decided, are left."""
    homes = _homes({one for pair in pairs for one in (pair.left_id, pair.right_id)})
    fresh = [
        Candidate(
            left_id=pair.left_id, right_id=pair.right_id, probability=pair.probability, weight=pair.weight,
            reasons=list(pair.reasons), left_digest=pair.left_digest, right_digest=pair.right_digest, state="open",
            found_at=timezone.now(), area=common_area([homes[pair.left_id], homes[pair.right_id]]),
        )
        for pair in pairs if pair.left_id in homes and pair.right_id in homes
    ]  # fmt: skip
    for one in fresh:
        decided = Candidate.objects.filter(left_id=one.left_id, right_id=one.right_id)
        decided.exclude(left_digest=one.left_digest, right_digest=one.right_digest).delete()
    made = Candidate.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(made)


def _homes(people: set[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, home FROM person WHERE id = ANY(%s) AND home <> ''", [sorted(people)])
        return dict(cursor.fetchall())
