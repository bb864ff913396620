"""Agreements that two officers have decided: from now on they count, or no longer."""

from __future__ import annotations

from django.utils import timezone

from canbao.registry.access import Refused
from canbao.registry.deeds import Note
from canbao.registry.models import Agreement, Officer, Request


def agree(request: Request, by: Officer, note: Note) -> None:
    """The agreement counts from its first day on; raises Refused if its last day is over meanwhile."""
    agreement = Agreement.objects.select_for_update().get(request=request, since=None)
    if agreement.valid_to < timezone.localdate():
        raise Refused("协议的最后一天已经过了；请驳回后按新的协议重新申请")
    agreement.since = timezone.now()
    agreement.save(update_fields=["since"])
    note.objects += [f"partner:{agreement.partner_id}", f"agreement:{agreement.pk}"]


def end_agreement(request: Request, by: Officer, note: Note) -> None:
    """The agreement counts no longer; raises Refused if another decision has ended it already."""
    found = Agreement.objects.select_for_update().filter(request=request.undoes, revoked_by=None)
    agreement = found.exclude(since=None).first()
    if agreement is None:
        raise Refused("这份协议没有生效，或已经终止；请刷新页面")
    agreement.revoked_by = request
    agreement.save(update_fields=["revoked_by"])
    note.objects += [f"partner:{agreement.partner_id}", f"agreement:{agreement.pk}"]
