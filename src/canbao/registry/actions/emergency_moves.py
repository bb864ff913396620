"""The moves of an emergency, each written down."""

from __future__ import annotations

from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.deeds import Note
from canbao.registry.models import Emergency, EmergencyMove, Officer


def move(emergency: Emergency, name: str, by: Officer | None, words: str = "") -> None:
    """Make a legal move; raises IllegalMove."""
    emergency.state = after(read_workflows()["emergency"], emergency.state or None, name)
    emergency.save()
    EmergencyMove.objects.create(emergency=emergency, move=name, by=by, note=words)


def is_over(emergency: Emergency) -> bool:
    """Whether it is; what has run out of time moves on now."""
    if emergency.state == "open" and not emergency.is_open:
        move(emergency, "expire", None)
    return emergency.state != "open"


def end_now(emergency: Emergency, by: Officer) -> None:
    """End it if it isn't over."""
    if not is_over(emergency):
        emergency.ends_at = timezone.now()
        move(emergency, "end", by)


def end_all_of(officer: Officer, by: Officer, note: Note) -> None:
    """End what an officer has open, within the deed that takes their account or their area away."""
    for one in Emergency.objects.select_for_update().filter(officer=officer, state="open"):
        end_now(one, by)
        note.objects.append(f"emergency:{one.pk}")
