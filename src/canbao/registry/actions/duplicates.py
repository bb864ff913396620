"""Deciding what becomes of covers that exclude each other: which of them is to end, or that all are right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.law.reader import read_law
from canbao.registry.access import Refused, covers
from canbao.registry.deeds import deed, require_words
from canbao.registry.duplicates import choices, is_concerned
from canbao.registry.models import Duplicate, Officer

BOTH_RIGHT = "both_right"


@dataclass(frozen=True)
class Decision:
    """What was decided: the cover that is to end (`Duplicate.ends`), or nothing if all are right; and why."""

    ends: str
    reason: str


def decide(*, duplicate: Duplicate, decision: Decision, by: Officer) -> Duplicate:
    """Decide about a duplicate that concerns one's own place; until data say so it waits, for as long as law gives.

    Whose cover is to end elsewhere asks that place, which may decide otherwise. Raises Refused without a reason, for a
    cover that is none of it, or where it concerns none of one's own; IllegalMove if it is over.
    """
    with deed(by=by, action="duplicate.decide", permission="duplicate.decide") as note:
        locked = Duplicate.objects.select_for_update().filter(pk=duplicate.pk).first()
        if locked is None or not is_concerned(by, locked):
            raise Refused("没有这一条重复参保，或与您管辖的地方无关；请刷新页面")
        move = _move(locked, decision, by)
        note.objects += [f"duplicate:{locked.pk}", f"person:{locked.person_id}"]
        note.details.update(decision=move, kind=locked.kind, ends=decision.ends)
        require_words(decision.reason, "理由")
        locked.state = after(read_workflows()["duplicate"], locked.state, move)
        _write_down(locked, decision, move, by)
        locked.save()
    return locked


def _move(duplicate: Duplicate, decision: Decision, by: Officer) -> str:
    if not decision.ends:
        return "settle"
    if decision.ends not in {one.ends for one in choices(duplicate)}:
        raise Refused("请选择哪一处参保应当终止；情况可能已变，请刷新页面")
    return "end_here" if covers(by.area, decision.ends.partition(":")[2]) else "end_there"


def _write_down(duplicate: Duplicate, decision: Decision, move: str, by: Officer) -> None:
    now, rule = timezone.localtime(), read_law().duplicate_kinds[duplicate.kind]
    duplicate.decision, duplicate.ends = BOTH_RIGHT if move == "settle" else f"ends{move[3:]}", decision.ends
    duplicate.reason, duplicate.decided_by, duplicate.decided_at = decision.reason.strip(), by, now
    duplicate.due_on = now.date() + timedelta(days=rule.days) if decision.ends else None
    duplicate.said = [
        *duplicate.said,
        {
            "decision": duplicate.decision, "ends": decision.ends, "reason": duplicate.reason, "officer": by.pk,
            "name": by.display_name, "area": by.area, "at": now.isoformat(),
        },
    ]  # fmt: skip
