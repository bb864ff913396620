"""What the page of a correction or an objection shows: what is said, and each item from what to what."""

from __future__ import annotations

from typing import Any

from canbao.office.people.showing import label_of, show
from canbao.registry import desks
from canbao.registry.models import Officer, Request


def correction_part(request: Request, by: Officer) -> dict[str, Any]:
    """The person is looked at, and counts as seen.

    Who may see records whole sees the asked items whole: nobody can agree to a telephone number of stars.
    """
    items = request.content["items"]
    (record,) = desks.records(
        [request.person_id], by=by, action="correction.see", permission="person.see", request=request.pk
    )
    whole = by.may("person.unmask")
    was = desks.corrected_by(request)
    registered = {**(record.person if record else {}), **was}
    return {
        "said": request.content.get("said", ""),
        "is_away": record is None,
        "is_done": bool(was),
        "number": show("ssn", registered.get("ssn")),
        "name": show("name", registered.get("name")),
        "items": [
            (label_of(item), show(item, registered.get(item), whole=whole), show(item, value, whole=whole))
            for item, value in items.items()
        ],
    }
