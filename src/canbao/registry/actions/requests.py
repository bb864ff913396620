"""Two-person decisions: one officer asks, with papers, another decides; what was decided takes effect at once or not.

Who may ask and who may decide is data (duties.yaml, `decisions`). Whatever can't be read denies: a kind that is not
written down, an account of which nobody has said whose it is. Asking, deciding and the effect are one transaction each,
with their line on the log.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from canbao.core.progress import after
from canbao.law.duties import Decision, read_duties
from canbao.law.moves import read_workflows
from canbao.registry.access import PROVINCE, Refused, covers, require, unveiled
from canbao.registry.actions.effects import EFFECTS
from canbao.registry.actions.effects.merges import move_candidate
from canbao.registry.actions.officers import is_same_person
from canbao.registry.actions.papers import File, attach
from canbao.registry.deeds import Note, deed, require_words
from canbao.registry.models import Officer, Package, Request, RequestMove

ANSWERED = frozenset({"objection"})
"""Kinds that are answered in words also when they are approved: somebody waits to read why."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: `area` decides, `content` says what, the rest whom or what it is about."""

    kind: str
    area: str
    content: dict[str, Any]
    person_id: int | None = None
    package: Package | None = None
    undoes: Request | None = None


def put(asked: Asked, *, reason: str, papers: Sequence[File], by: Officer, note: Note) -> Request:
    """Write a request down within the deed of the verb that found it sensible.

    Raises Refused if the law doesn't know the kind, the duty may not ask, the reason or a paper is missing, nobody has
    said whose the account is, or the same is asked already.
    """
    decision = decision_of(asked.kind)
    require(by, decision.ask)
    require_person(by)
    require_words(reason, "理由")
    if len(papers) < decision.papers:
        raise Refused(f"请附上材料（至少 {decision.papers} 份）：扫描件或照片")
    _require_new(asked)
    request = Request.objects.create(
        **vars(asked), state="", asked_area=by.area, reason=reason.strip(), asked_by=by,
        due_on=timezone.localdate() + timedelta(days=decision.days),
    )  # fmt: skip
    move(request, "ask", by)
    for paper in papers:
        attach(paper, request=request, by=by)
    note.objects.append(f"request:{request.pk}")
    note.details.update(kind=asked.kind, papers=len(papers))
    return request


def approve(*, request: Request, answer: str = "", by: Officer) -> Request:
    """Decide that it shall be so, and have it so; raises Refused, or what the effect raises if it can't be any more."""
    decision = decision_of(request.kind)
    with deed(by=by, action="request.approve", permission=decision.approve, area=PROVINCE) as note:
        locked = _to_decide(request, by, note)
        if answer.strip() or locked.kind in ANSWERED:
            require_words(answer, "答复")
        _decide(locked, "approve", answer, by)
        with unveiled():
            EFFECTS[locked.kind](locked, by, note)
        return locked


def refuse(*, request: Request, answer: str, by: Officer) -> Request:
    """Decide that it shall not be so, and say why."""
    with deed(by=by, action="request.refuse", permission=decision_of(request.kind).approve, area=PROVINCE) as note:
        locked = _to_decide(request, by, note)
        require_words(answer, "驳回的理由")
        _decide(locked, "refuse", answer, by)
        move_candidate(locked, "refuse", by)
        return locked


def take_back(*, request: Request, by: Officer) -> Request:
    """Whoever asked no longer does."""
    with deed(by=by, action="request.take_back", permission=decision_of(request.kind).ask) as note:
        locked = _locked(request, note)
        if locked.asked_by_id != by.pk:
            raise Refused("只有申请人自己能收回申请")
        move(locked, "take_back", by)
        move_candidate(locked, "reopen", by)
        return locked


def decision_of(kind: str) -> Decision:
    """Who decides about a kind of request; raises Refused for one that nobody has written down."""
    decision = read_duties().decisions.get(kind)
    if decision is None or kind not in EFFECTS:
        raise Refused("规则里没有写明这件事由谁申请、由谁决定，不能办理")
    return decision


def move(request: Request, name: str, by: Officer, note: str = "") -> None:
    """Make a legal move and write it down; raises IllegalMove."""
    request.state = after(read_workflows()["request"], request.state or None, name)
    request.save()
    RequestMove.objects.create(request=request, move=name, by=by, note=note)


def require_person(by: Officer) -> None:
    """Raise Refused for an account of which nobody has said whose it is."""
    if not by.staff_number:
        raise Refused("您的账号还没有人员编号，不能申请或决定须由两人办理的事；请联系系统管理员补上")


def _require_new(asked: Asked) -> None:
    same = Request.objects.filter(
        kind=asked.kind, state="asked", person_id=asked.person_id, package=asked.package, undoes=asked.undoes,
        content=asked.content,
    ).first()  # fmt: skip
    if same is not None:
        raise Refused(f"同样的申请已经有了（编号 {same.pk}），还没有决定，不用再提")


def _to_decide(request: Request, by: Officer, note: Note) -> Request:
    """The request, locked, if somebody else than its asker may decide it."""
    locked = _locked(request, note)
    if not covers(by.area, locked.area):
        raise Refused("不在您的管辖范围内")
    require_person(by)
    if is_same_person(by, locked.asked_by):
        raise Refused("申请人自己不能决定，换一个账号也不行；请由另一位有权的人办理")
    return locked


def _locked(request: Request, note: Note) -> Request:
    found = Request.objects.select_for_update(of=("self",)).select_related("asked_by").filter(pk=request.pk)
    locked = found.first()
    if locked is None:
        raise Refused("没有这份申请，或它涉及的人您不能查看")
    note.objects.append(f"request:{locked.pk}")
    if locked.person_id:
        note.objects.append(f"person:{locked.person_id}")
    note.details.update(kind=locked.kind)
    return locked


def _decide(request: Request, name: str, answer: str, by: Officer) -> None:
    request.answer, request.decided_by, request.decided_at = answer.strip(), by, timezone.now()
    move(request, name, by)
