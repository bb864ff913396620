"""A change of places that two officers agree on waits for its day; a worker then lets people follow."""

from __future__ import annotations

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.actions.place_checking import own_places, possible, wanted
from canbao.registry.deeds import Note
from canbao.registry.models import Officer, PlaceChange, PlaceRow, Request


def change_places(request: Request, by: Officer, note: Note) -> None:
    """Write down what is to change, for every place that goes along; raises Refused if it can't be any more."""
    own_places()
    change = wanted(request.content)
    rows = possible(change, but=request)
    state = after(read_workflows()["place_change"], None, "approve")
    made = PlaceChange.objects.create(request=request, kind=change.kind, day=change.day, state=state)
    PlaceRow.objects.bulk_create(
        PlaceRow(
            change=made, old_code=row.old, new_code=row.new, name=row.name, town_name=row.town_name, is_said=row.is_said
        )
        for row in rows
    )
    note.objects.append(f"place_change:{made.pk}")
    note.details.update(day=change.day.isoformat(), rows=len(rows))
