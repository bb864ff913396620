"""One person under two numbers: a link is made or taken back, and the people on both sides are judged anew."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import Refused
from canbao.registry.actions.admission.delivery import Cause
from canbao.registry.actions.admission.package import judge_again
from canbao.registry.actions.admission.staging import own_mapping
from canbao.registry.database import Cursor
from canbao.registry.deeds import Note
from canbao.registry.joining import numbers_of, rejoin
from canbao.registry.models import Candidate, Link, Officer, Request


def merge(request: Request, by: Officer, note: Note) -> None:
    """What is said under the other number counts for the kept one from now on.

    Raises Refused if either has meanwhile become another one's.
    """
    keep, other = request.content["keep"], request.content["other"]
    with connection.cursor() as cursor:
        own_mapping(cursor)
        require_kept(cursor, keep, other)
        join(cursor, other, keep, request)
        note.objects += rejudged(cursor, [keep, other], "merged", request, by)


def unmerge(request: Request, by: Officer, note: Note) -> None:
    """Each number counts for itself again, with all that was said under it before and since."""
    with connection.cursor() as cursor:
        own_mapping(cursor)
        parted = part(cursor, request)
        note.objects += rejudged(cursor, parted, "unmerged", request, by)


def move_candidate(request: Request, move: str, by: Officer, *, pair: tuple[int, int] | None = None) -> None:
    """What becomes of a merge that was asked for is remembered with the pair that a machine had proposed, if it had."""
    found = Candidate.objects.filter(request=request)
    if pair:
        found = Candidate.objects.filter(left_id=min(pair), right_id=max(pair), state="open")
    for one in found.select_for_update():
        one.state = after(read_workflows()["candidate"], one.state, move)
        one.request, one.decided_by, one.decided_at, one.reason = request, by, timezone.now(), request.answer
        one.save()


def require_kept(cursor: Cursor, *numbers: int) -> None:
    """Raise Refused unless these are different people's kept numbers."""
    cursor.execute(
        "SELECT count(*) FROM person WHERE id = ANY(%s) AND NOT EXISTS "
        "(SELECT FROM merged WHERE merged.person_id = person.id)",
        [list(numbers)],
    )
    if cursor.fetchone()[0] != len(numbers):
        raise Refused("其中一个号码已经并入别的登记，或两个号码已是一人；请刷新后按现状重新申请")


def join(cursor: Cursor, number: int, into: int, request: Request) -> None:
    """Link a number to another one."""
    Link.objects.create(person_id=number, into_id=into, request=request)
    rejoin(cursor, [number])


def part(cursor: Cursor, request: Request) -> list[int]:
    """Take back the links that the request undoes; returns all numbers that were one person; raises Refused."""
    links = Link.objects.select_for_update().filter(request=request.undoes, revoked_by=None)
    concerned: list[int] = []
    for link in links:
        concerned += [link.person_id, *numbers_of(cursor, link.into_id)]
        link.revoked_by = request
        link.save(update_fields=["revoked_by"])
        rejoin(cursor, [link.person_id, link.into_id])
    if not concerned:
        raise Refused("这次合并已经撤销了；请刷新页面")
    return sorted({*concerned})


def rejudged(cursor: Cursor, numbers: list[int], kind: str, request: Request, by: Officer) -> list[str]:
    """Judge the people of some numbers anew because of a decision; returns them as the log names them."""
    judge_again(cursor, numbers, Cause(kind, officer=by.id, request=request.pk))
    return [f"person:{one}" for one in numbers]
