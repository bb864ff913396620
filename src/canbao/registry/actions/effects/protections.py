"""Protections that two officers have decided: they begin, others may see, they end. The locks follow by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from canbao.registry.access import Refused
from canbao.registry.actions.admission.staging import own_mapping
from canbao.registry.deeds import Note
from canbao.registry.models import Officer, Protection, ProtectionReader, Request


def protect(request: Request, by: Officer, note: Note) -> None:
    """From now on the named officers alone see the person; raises Refused if the last day is over meanwhile."""
    with connection.cursor() as cursor:
        own_mapping(cursor)
    protection = Protection.objects.get(request=request, since=None)
    if protection.until is not None and protection.until < timezone.localdate():
        raise Refused("申请的最后一天已经过了；请驳回后重新申请")
    protection.since = timezone.now()
    protection.save(update_fields=["since"])
    _let_see(protection, request.content["readers"])
    note.objects.append(f"protection:{protection.pk}")


def change_readers(request: Request, by: Officer, note: Note) -> None:
    """The officers named now see the person, and those named before no longer do."""
    for protection in _in_force(request.content["of"]):
        protection.readers.all().delete()
        _let_see(protection, request.content["readers"])
        note.objects.append(f"protection:{protection.pk}")


def unprotect(request: Request, by: Officer, note: Note) -> None:
    """Whoever may see people of the place sees the person again."""
    with connection.cursor() as cursor:
        own_mapping(cursor)
    for protection in _in_force(request.undoes_id):
        protection.revoked_by = request
        protection.save(update_fields=["revoked_by"])
        note.objects.append(f"protection:{protection.pk}")


def protect_alike(number: int, other: int) -> None:
    """Protect who was under one number with another, as who stays under it is: nobody can say whose danger it was."""
    for protection in Protection.objects.filter(person_id=number, revoked_by=None).exclude(since=None):
        readers = [one.officer_id for one in protection.readers.all()]
        protection.pk, protection.person_id = None, other
        protection.save(force_insert=True)
        _let_see(protection, readers)


def _in_force(request_id: int | None) -> list[Protection]:
    given = Protection.objects.select_for_update().filter(request_id=request_id, revoked_by=None)
    found = list(given.exclude(since=None))
    if not found:
        raise Refused("这项保护没有生效，或已经解除；请刷新页面")
    return found


def _let_see(protection: Protection, readers: Sequence[int]) -> None:
    ProtectionReader.objects.bulk_create(ProtectionReader(protection=protection, officer_id=one) for one in readers)
