"""The feed: what changed in the register for an agreement's people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from canbao.api.partners.guard import Signed
from canbao.api.partners.problems import problems
from canbao.api.partners.serving import serving
from canbao.law.exchange import read_exchange
from canbao.registry.streams.feed import changes

router = Router(auth=Signed(), tags=["feed"])
LONGEST_CURSOR = 100


class Change(Schema):
    """A change of a person's record: its id, the person's number, when, agreed items as they are by then.

    `gone`: the person is no longer one of the agreement's area.
    """

    id: str
    person: str
    at: str
    items: dict[str, str | bool | int | None]
    gone: bool


class Fed(Schema):
    """Some changes, the cursor with which to go on, and whether there is more by now."""

    changes: list[Change]
    next: str
    more: bool


@router.get("", response={200: Fed, **problems(409)}, summary="订阅变更")
def feed(
    request: HttpRequest, after: str = Query("", max_length=LONGEST_CURSOR), limit: int = Query(500, ge=1, le=1_000)
) -> Any:
    """The changes after a cursor, from the beginning without one."""
    with serving(request, "feed") as served:
        found = changes(served.agreement, after, min(limit, read_exchange().page_rows))
        served.note.details["changes"] = len(found.changes)
    return {"changes": found.changes, "next": found.next, "more": found.more}
