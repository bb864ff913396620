"""Entering a form: found by number or by the code on the paper, typed, judged as one types, handed in."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from canbao.core.survey_form import Reading
from canbao.office.pages import number, unkept
from canbao.office.tasks.fields import parts
from canbao.registry.access import Refused, acting
from canbao.survey.actions import entries
from canbao.survey.actions.entries import Unfinished
from canbao.survey.derived import would_be
from canbao.survey.judging_forms import prefilled, read_form
from canbao.survey.marks import read_mark
from canbao.survey.moving import Stale
from canbao.survey.opening import Opened, by_number, open_again, opened

REASON = "reason_"
LONGEST_NUMBER = 12
"""Digits of a task's number at most: what is longer is a person's."""


@unkept
@require_http_methods(["GET", "POST"])
def entering(request: HttpRequest) -> HttpResponse:
    """Where a clerk scans or types what stands on the paper."""
    if request.method == "POST":
        try:
            return redirect("task_enter", _meant(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("entering")
    return render(request, "office/tasks/entering.html")


def _meant(request: HttpRequest) -> int:
    written = request.POST.get("mark", "").strip()
    task = read_mark(written)
    if task is not None:
        return task
    if len(written) <= LONGEST_NUMBER:
        raise Refused("没有这个编号；请扫表上的二维码，或输入表号、身份号码")
    return by_number(written, by=request.user).pk


@unkept
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, task_id: int) -> HttpResponse:
    """The form of one task."""
    found = _opened(request, task_id)
    if request.method == "POST":
        return _submitted(request, found)
    draft = found.draft_of(request.user)
    written = dict(draft.answers) if draft else _before(found)
    return _page(request, found, written, dict(draft.reasons) if draft else {}, shows_gaps=False)


@unkept
@require_POST
def judge(request: HttpRequest, task_id: int) -> HttpResponse:
    """What is asked and wrong now, and what would be registered; kept as a draft, for htmx."""
    written, reasons = _written(request)
    try:
        others = entries.keep_draft(
            task_id=task_id, answers=written, reasons=reasons, based_on=_number(request, "based_on"), by=request.user
        )
    except Refused:
        raise Http404 from None
    with acting(request.user.area, request.user):
        found = _again(request, task_id)
    reading = read(request, found, written)
    shown = {"reading": reading, "would_be": would_be(found, reading), "others": others, "reasons": reasons}
    shown["saved_at"] = timezone.now()
    return render(request, "office/tasks/judged.html", shown)


def read(request: HttpRequest, found: Opened, written: Mapping[str, str]) -> Reading:
    """What is written, judged with what the officer's area knows."""
    with acting(request.user.area, request.user):
        return read_form(found.task, found.form, written, found.person)


def _submitted(request: HttpRequest, found: Opened) -> HttpResponse:
    written, reasons = _written(request)
    try:
        entries.submit(
            task_id=found.task.pk, written=written, reasons=reasons, based_on=_number(request, "based_on"),
            seconds=_number(request, "seconds"), by=request.user,
        )  # fmt: skip
    except Unfinished as unfinished:
        return _page(request, found, written, reasons, shows_gaps=True, refusal=str(unfinished))
    except Stale as stale:
        entries.keep_draft(
            task_id=found.task.pk, answers=written, reasons=reasons, based_on=found.task.entries, by=request.user
        )
        again = _opened(request, found.task.pk)
        return _page(request, again, written, reasons, shows_gaps=False, refusal=str(stale), status=stale.status)
    except Refused as refusal:
        return _page(request, found, written, reasons, shows_gaps=False, refusal=str(refusal))
    messages.success(request, f"任务 {found.task.pk} 已提交，等县区审核")
    return redirect("entering")


def _page(
    request: HttpRequest, found: Opened, written: Mapping[str, str], reasons: Mapping[str, str], *, shows_gaps: bool,
    refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    reading = read(request, found, written)
    shown = {
        "opened": found,
        "parts": parts(
            found.form, written, reading, found.person, found.comments_of(found.entry), shows_gaps=shows_gaps
        ),
        "reading": reading,
        "reasons": reasons,
        "would_be": would_be(found, reading),
        "others": found.others(request.user),
        "theirs": found.entry if refusal and found.entry and found.entry.by_id != request.user.pk else None,
        "based_on": found.task.entries,
        "refusal": refusal,
    }
    return render(request, "office/tasks/enter.html", shown, status=status)


def _before(found: Opened) -> dict[str, str]:
    """What the form begins with: what was handed in before, else what the register has."""
    if found.entry is not None:
        return {**found.entry.kept, **found.entry.answers}
    return {**prefilled(found.form, found.person), "surveyed_on": timezone.localdate().isoformat()}


def _written(request: HttpRequest) -> tuple[dict[str, str], dict[str, str]]:
    said = {name: str(value) for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken",)}
    reasons = {name.removeprefix(REASON): text for name, text in said.items() if name.startswith(REASON)}
    ours = ("based_on", "seconds")
    return {name: text for name, text in said.items() if not name.startswith(REASON) and name not in ours}, reasons


def _number(request: HttpRequest, name: str) -> int:
    return number(request.POST.get(name, ""), 8) or 0


def _opened(request: HttpRequest, task_id: int) -> Opened:
    found = opened(task_id, by=request.user, permission="task.enter")
    if found is None:
        raise Http404
    return found


def _again(request: HttpRequest, task_id: int) -> Opened:
    found = open_again(task_id, by=request.user)
    if found is None:
        raise Http404
    return found
