"""Asking that a person be protected: seen from then on by the officers who are named, and by nobody else.

Requests about protections name no person, so that those who decide need not be among those who see: whom a protection
is of stands in `registry_protection`, which only they see. Asking changes nothing yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.access import Refused, unveiled
from canbao.registry.actions.merges import area_of, see
from canbao.registry.actions.papers import File
from canbao.registry.actions.requests import Asked, put
from canbao.registry.deeds import Note, deed
from canbao.registry.joining import numbers_of
from canbao.registry.models import Officer, Protection, Request

MOST_READERS = 20


def ask_protection(
    *, person_id: int, cause: str, readers: Sequence[str], until: date | None, reason: str, papers: Sequence[File],
    by: Officer,
) -> Request:  # fmt: skip
    """Ask that a person be seen by the accounts `readers` alone, up to a last day or for good.

    Raises Refused for a cause that the law doesn't have, an account that isn't there, a day that is over, or a person
    who is protected, or asked for, already.
    """
    with deed(by=by, action="protection.ask", permission="protection.ask") as note:
        (home,) = see([person_id], by, note)
        if cause not in read_duties().causes:
            raise Refused("请选择保护的原因")
        if until is not None and until < timezone.localdate():
            raise Refused("保护的最后一天不能在今天以前")
        with connection.cursor() as cursor:
            numbers = numbers_of(cursor, person_id)
        _require_unprotected(numbers)
        content = {"cause": cause, "readers": _named(readers), "until": until.isoformat() if until else ""}
        request = put(Asked("protection", area_of(home), content), reason=reason, papers=papers, by=by, note=note)
        protection = Protection.objects.create(person_id=numbers[0], cause=cause, until=until, request=request)
        note.objects.append(f"protection:{protection.pk}")
        return request


def ask_readers(*, request: Request, readers: Sequence[str], reason: str, by: Officer) -> Request:
    """Ask that others may see the person of a protection from now on: all accounts who may, not only the new ones."""
    with deed(by=by, action="protection.ask_readers", permission="protection.ask") as note:
        _require_in_force(request, note)
        asked = Asked("protection_readers", request.area, {"of": request.pk, "readers": _named(readers)})
        return put(asked, reason=reason, papers=(), by=by, note=note)


def ask_unprotection(*, request: Request, reason: str, papers: Sequence[File], by: Officer) -> Request:
    """Ask that a protection end; raises Refused if it is not in force."""
    with deed(by=by, action="protection.ask_end", permission="protection.ask") as note:
        _require_in_force(request, note)
        asked = Asked("unprotection", request.area, {}, undoes=request)
        return put(asked, reason=reason, papers=papers, by=by, note=note)


def _require_unprotected(numbers: Sequence[int]) -> None:
    found = Protection.objects.filter(person_id__in=numbers, revoked_by=None)
    if found.exclude(since=None).exists() or found.filter(request__state="asked").exists():
        raise Refused("这个人已经受保护，或已有人申请、还没有决定")


def _require_in_force(request: Request, note: Note) -> None:
    """Whoever asks or decides need not see whose protection it is."""
    note.objects.append(f"request:{request.pk}")
    with unveiled():
        protections = Protection.objects.filter(request=request, revoked_by=None).exclude(since=None)
        found = [one.pk for one in protections]
    note.objects.extend(f"protection:{one}" for one in found)
    if not found:
        raise Refused("这项保护没有生效，或已经解除；请刷新页面")


def _named(accounts: Sequence[str]) -> list[int]:
    """The keys of accounts; raises Refused for one that isn't there or is disabled, for none, and for too many."""
    written = [*dict.fromkeys(filter(None, (one.strip() for one in accounts)))]
    if not 1 <= len(written) <= MOST_READERS:
        raise Refused(f"请写明可以查看的账号（1 至 {MOST_READERS} 个）")
    found = dict(Officer.objects.filter(username__in=written, is_active=True).values_list("username", "pk"))
    missing = [one for one in written if one not in found]
    if missing:
        raise Refused(f"没有启用的账号 {'、'.join(missing)}；请核对账号")
    if not any(one.may("person.see") for one in Officer.objects.filter(pk__in=found.values())):
        raise Refused("可以查看的账号里至少要有一个能查看个人登记的岗位")
    return sorted(found.values())
