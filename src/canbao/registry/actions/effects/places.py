"""A change of places that two officers agree on waits for its day; one that they take back is undone by a worker."""

from __future__ import annotations

from django.db import connection

from canbao.core.place_changes import Row
from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.registry.actions.admission.staging import own_mapping
from canbao.registry.actions.place_checking import own_places, possible, require_revocable, wanted
from canbao.registry.actions.place_following import move, write_codes
from canbao.registry.actions.place_officers import let_officers_return, let_requests_follow
from canbao.registry.deeds import Note
from canbao.registry.models import Officer, PlaceChange, PlaceRow, Request
from canbao.registry.places_now import forget, rows_of


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


def unchange_places(request: Request, by: Officer, note: Note) -> None:
    """Take a change back: it never comes, or its codes are taken out and its people judged anew by a worker.

    Raises Refused if it is under way, taken back already, or one on which a later change rests.
    """
    own_places()
    with connection.cursor() as cursor:
        own_mapping(cursor)
        change = PlaceChange.objects.select_for_update().filter(request=request.undoes).first()
        require_revocable(change)
        note.objects.append(f"place_change:{change.pk}")
        change.revoked_by = request
        if change.state == "approved":
            move(change, "cancel")
            change.save()
            return
        move(change, "revoke")
        change.stage, change.after_home, change.after_id = "home", "", 0
        change.save()
        write_codes(cursor)
        let_officers_return(cursor, change)
        (rows,) = rows_of([change])
        let_requests_follow([Row(row.new, row.old) for row in rows if row.is_move])
    forget()
