"""A request in words, for the list and for its page."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.law.reader import read_law
from canbao.office.people.showing import as_text, label_of, show, show_text
from canbao.office.shell import area_name
from canbao.registry.models import Request


def kind_label(kind: str) -> str:
    """What a kind of request is called; the kind itself where the law no longer knows it."""
    decision = read_duties().decisions.get(kind)
    return decision.label if decision else kind


def row(one: Request) -> dict[str, Any]:
    """What a list shows of a request: nothing of the people whom it is about."""
    return {
        "id": one.pk,
        "kind": kind_label(one.kind),
        "area": area_name(one.area),
        "asked_area": area_name(one.asked_area),
        "asked_by": one.asked_by.display_name,
        "asked_at": one.asked_at,
        "due_on": one.due_on,
        "is_overdue": is_overdue(one),
        "state": one.state,
        "decided_by": one.decided_by.display_name if one.decided_by else "",
        "decided_at": one.decided_at,
    }


def is_overdue(one: Request) -> bool:
    """Whether the day by which it was to be decided is over."""
    return one.state == "asked" and one.due_on < timezone.localdate()


def content_in_words(content: dict[str, Any]) -> list[tuple[str, str]]:
    """What a request of a kind without a part of its own asks for: each thing by its name, long figures masked."""
    fields = read_law().fields
    return [
        (label_of(name), show(name, said) if name in fields else show_text(_as_words(said)))
        for name, said in content.items()
        if said not in ("", None, [], {})
    ]


def _as_words(said: Any) -> str:
    if isinstance(said, dict):
        return "；".join(f"{label_of(name)}：{_as_words(one)}" for name, one in said.items())
    return "、".join(map(_as_words, said)) if isinstance(said, list) else as_text(said)
