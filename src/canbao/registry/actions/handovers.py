"""Taking over people who have come from another city."""

from __future__ import annotations

from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.access import PROVINCE, Refused
from canbao.registry.deeds import deed, refuse_identity_numbers
from canbao.registry.models import Handover, Officer


def take(*, handover_id: int, note: str = "", by: Officer) -> None:
    """Say that one's own city has the person; raises Refused for another city's, or for one that nobody claims yet."""
    with deed(by=by, action="handover.take", permission="handover.take", area=PROVINCE) as entry:
        entry.objects.append(f"handover:{handover_id}")
        handover = Handover.objects.select_for_update().filter(pk=handover_id).first()
        if handover is None or not by.area or handover.to_city != by.area[:4]:
            raise Refused("没有转到本市的这一条")
        entry.objects.append(f"person:{handover.person_id}")
        refuse_identity_numbers(note, "备注")
        handover.state = after(read_workflows()["handover"], handover.state, "take")
        handover.taken_by, handover.taken_at, handover.note = by, timezone.now(), note.strip()[:200]
        handover.save()
