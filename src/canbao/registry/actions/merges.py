"""Asking for a merge of two records that are one person's, and for taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from django.db import connection

from canbao.law.duties import DIGITS
from canbao.registry.access import PROVINCE, Refused
from canbao.registry.actions.effects.merges import move_candidate
from canbao.registry.actions.papers import File
from canbao.registry.actions.requests import Asked, put
from canbao.registry.database import rows
from canbao.registry.deeds import Note, deed
from canbao.registry.joining import numbers_of
from canbao.registry.lookup import alarm_protected
from canbao.registry.models import Officer, Request
from canbao.registry.quotas import count_as_seen

COARSEST, FINEST = 2, 6
"""Digits of the area that decides: a county at the finest."""


def ask_merge(*, keep: int, other: int, reason: str, papers: Sequence[File], by: Officer) -> Request:
    """Ask that what is said under the other's number count for the kept one.

    Both have to be seen by the officer. Raises Refused if they are one already, or one of them is not in the area.
    """
    with deed(by=by, action="merge.ask", permission="merge.ask") as note:
        with connection.cursor() as cursor:
            keep, other = (numbers_of(cursor, one)[0] for one in (keep, other))
        if keep == other:
            raise Refused("这两个号码已经是一个人的了，不用合并")
        area = common_area(see((keep, other), by, note))
        request = put(
            Asked("merge", area, {"keep": keep, "other": other}, person_id=keep),
            reason=reason, papers=papers, by=by, note=note,
        )  # fmt: skip
        move_candidate(request, "ask", by, pair=(keep, other))
        return request


def ask_undoing(*, request: Request, reason: str, papers: Sequence[File] = (), by: Officer) -> Request:
    """Ask that an approved merge, split or correction be taken back; it is decided where it was.

    Raises Refused for a request that was not approved, or whose kind can't be taken back.
    """
    with deed(by=by, action="request.undo", permission="request.see") as note:
        note.objects.append(f"request:{request.pk}")
        kind = UNDOING.get(request.kind)
        if kind is None or request.state != "approved":
            raise Refused("只有已同意的合并、分立和更正可以申请撤销")
        return put(
            Asked(kind, request.area, {}, person_id=request.person_id, undoes=request),
            reason=reason, papers=papers, by=by, note=note,
        )  # fmt: skip


UNDOING = {"merge": "unmerge", "split": "unsplit", "correction": "uncorrection", "objection": "uncorrection"}


def see(people: Sequence[int], by: Officer, note: Note) -> list[str]:
    """Count people as seen; returns their homes. Raises Refused if one of them is not in the officer's area."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, home FROM person WHERE id = ANY(%s)", [list(people)])
        found = rows(cursor)
    if len(found) != len({*people}):
        alarm_protected(note, people)
        raise Refused("其中有人不在您的管辖范围内，或没有这个人；请由管辖双方的上一级办理")
    count_as_seen([one["id"] for one in found], by, note)
    return [one["home"] for one in found]


def common_area(homes: Sequence[str]) -> str:
    """The smallest area, of a county at least, that all homes lie in."""
    return area_of("".join(one[0] for one in takewhile(lambda digits: len({*digits}) == 1, zip(*homes, strict=False))))


def area_of(code: str) -> str:
    """The area whose officers decide about a place."""
    digits = max((n for n in DIGITS.values() if COARSEST <= n <= min(FINEST, len(code))), default=0)
    return code[:digits] or PROVINCE
