"""Pushing: rows are kept, their standing is told, and what became of them."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from canbao.api.partners.guard import Signed, SignedPush
from canbao.api.partners.problems import problems
from canbao.api.partners.serving import serving
from canbao.core.strict_json import read_json
from canbao.law.exchange import read_exchange
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Partner
from canbao.registry.partners import PartnerRefused
from canbao.registry.streams import keeping
from canbao.registry.streams.outcomes import outcomes

router = Router(auth=Signed(), tags=["stream"])
LINES = "application/x-ndjson"
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["rows"],
                    "properties": {"rows": {"type": "array", "items": {}}},  # each row is answered by itself
                }
            },
            LINES: {"schema": {"type": "string", "description": "一行一个 JSON 对象"}},
        },
    }
}


Range = Annotated[list[int], Field(min_length=2, max_length=2)]
"""First and last number. Of a tuple the description would say what JSON Schema knows no more."""


class RowAnswer(Schema):
    """What came of a row; `id` and `seq` as they were sent, null if they were none."""

    id: str | None
    seq: int | None
    state: str
    says: str


class StreamStanding(Schema):
    """Everything up to `acknowledged` has come, `gaps` are the first ranges that are missing, `waiting` are rows."""

    acknowledged: int
    gaps: list[Range]
    waiting: int


class Kept(StreamStanding):
    """What came of rows, in their order, and how the stream stands after them."""

    rows: list[RowAnswer]


class Outcome(Schema):
    """What became of a row; `number` is where it came in the stream."""

    number: int
    id: str
    seq: int
    state: str
    says: str


class Outcomes(Schema):
    """What became of rows, and the number after which to go on."""

    outcomes: list[Outcome]
    next: int


@router.post("", auth=SignedPush(), response={200: Kept, **problems()}, openapi_extra=BODY, summary="推送变更")
def push(request: HttpRequest) -> Any:
    """Keep rows durably and say what came of each."""
    rows = _rows(request)
    with serving(request, "push", rows=len(rows)) as served:
        answers = keeping.keep(served.partner, served.agreement, rows)
        for state in sorted({one.state for one in answers}):
            served.note.details[state] = sum(one.state == state for one in answers)
        standing = _standing(served.partner)
    return {"rows": [_told(one) for one in answers], **standing}


@router.get("", response={200: StreamStanding, **problems()}, summary="推送到了哪里")
def standing(request: HttpRequest) -> Any:
    """How far the partner's stream is."""
    with serving(request, "push") as served:
        return _standing(served.partner)


@router.get("/outcomes", response={200: Outcomes, **problems()}, summary="推送的结果")
def what_became(request: HttpRequest, after: int = Query(0, ge=0, le=LARGEST_ID)) -> Any:
    """What became of rows, in the order in which they came."""
    with serving(request, "push") as served:
        found = outcomes(served.partner, after)
    return {"outcomes": found, "next": found[-1]["number"] if found else after}


def _rows(request: HttpRequest) -> list[Any]:
    """The rows of a body; raises PartnerRefused for what can't be read, and for too many."""
    most = read_exchange().batch_rows
    try:
        if request.content_type == LINES:
            rows = [read_json(line) for line in request.body.splitlines() if line.strip()]
        else:
            rows = read_json(request.body)["rows"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise PartnerRefused(400, "wrong", "内容读不懂，没有收下；请按约定写成 JSON 或每行一个 JSON") from problem
    if not isinstance(rows, list):
        raise PartnerRefused(400, "wrong", "rows 应为数组；请按约定填写")
    if len(rows) > most:
        raise PartnerRefused(413, "too_large", f"一次最多 {most} 条；请分几次推送")
    return rows


def _standing(partner: Partner) -> dict[str, Any]:
    found = keeping.standing(partner)
    return {"acknowledged": found.acknowledged, "gaps": found.gaps, "waiting": found.waiting}


def _told(answer: keeping.Answer) -> dict[str, Any]:
    is_number = isinstance(answer.seq, int) and not isinstance(answer.seq, bool)
    return {
        "id": answer.id if isinstance(answer.id, str) else None,
        "seq": answer.seq if is_number else None,
        "state": answer.state,
        "says": answer.says,
    }
