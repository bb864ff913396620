"""The page of one task, and what happens with it in the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from canbao.core.progress import open_moves
from canbao.law.moves import read_workflows
from canbao.law.reader import read_law
from canbao.office.day_field import DayField
from canbao.office.pages import number, unkept
from canbao.office.phones.beside import beside
from canbao.office.tasks.showing import answer_rows, course, person_facts, warnings
from canbao.registry.access import Refused, acting
from canbao.survey.actions import entries
from canbao.survey.actions.self_filling import may_have_code
from canbao.survey.archiving import where_filed
from canbao.survey.models import UNDER_WAY
from canbao.survey.opening import Opened, opened

FAILED = ("2", "3", "4", "5", "8")


class Visiting(forms.Form):
    """A visit at which nobody was found or nobody answered."""

    at = forms.DateTimeField(
        label="时间", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip
    way = forms.ChoiceField(label="方式")
    outcome = forms.ChoiceField(label="结果")
    next_on = DayField(label="下次预约", required=False)
    note = forms.CharField(label="记录", required=False, max_length=200, help_text="不要写身份号码")

    def __init__(self, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        codes = read_law().codes
        self.fields["way"].choices = [(one.code, f"{one.code} {one.label}") for one in codes["survey_way"].codes]
        self.fields["outcome"].choices = [
            (one.code, f"{one.code} {one.label}") for one in codes["survey_outcome"].codes if one.code in FAILED
        ]


@unkept
@require_GET
def task(request: HttpRequest, task_id: int) -> HttpResponse:
    """One task: the person, the form, visits, and its course."""
    return _page(request, _opened(request, task_id), Visiting(initial={"at": timezone.localtime(), "way": "1"}))


@unkept
@require_POST
def visit(request: HttpRequest, task_id: int) -> HttpResponse:
    """Write down a visit that came to nothing."""
    form = Visiting(request.POST)
    if form.is_valid():
        try:
            entries.visit(task_id=task_id, attempt=entries.Attempt(**form.cleaned_data), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "走访已登记")
            return redirect("task", task_id)
    return _page(request, _opened(request, task_id), form)


@require_POST
def collect(request: HttpRequest, task_id: int) -> HttpResponse:
    """A filled form has come in on paper."""
    entries.collect(task_id=task_id, by=request.user)
    messages.success(request, "已登记收表；请在录入期限内录入")
    return redirect("task", task_id)


@require_POST
def withdraw(request: HttpRequest, task_id: int) -> HttpResponse:
    """Take one's own form back before it is reviewed."""
    version = number(request.POST.get("version", "")) or 0
    entries.withdraw(task_id=task_id, version=version, by=request.user)
    messages.success(request, "已撤回，可以改后再提交")
    return redirect("task", task_id)


def _opened(request: HttpRequest, task_id: int) -> Opened:
    found = opened(task_id, by=request.user)
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Opened, visiting: Visiting) -> HttpResponse:
    task = found.task
    may_enter = request.user.may("task.enter") and task.campaign.state in UNDER_WAY
    can = {move.id for move in open_moves(read_workflows()["task"], task.state)} if may_enter else set()
    with acting(request.user.area, request.user):
        filed = where_filed(task) if request.user.may("archive.see") else ""
    shown = {
        "filed": filed,
        "task": task,
        "facts": person_facts(found),
        "entry": found.entry,
        "answers": answer_rows(found.form, found.entry, found.person) if found.entry else [],
        "warnings": warnings(found.form, found.entry) if found.entry else [],
        "comments": [
            (found.form.questions[one.question].label if one.question in found.form.questions else one.question, one)
            for one in found.comments
        ],
        "visits": found.visits,
        **beside(task.pk, request.user),
        "others": found.others(request.user),
        "line": course(found.moves),
        "can": can,
        "may_type": bool({"submit", "resubmit"} & can),
        "may_visit": bool({"attempt", "start", "resurvey"} & can),
        "may_withdraw": "withdraw" in can and found.entry is not None and found.entry.by_id == request.user.pk,
        "may_review": request.user.may("task.review") and task.state == "submitted",
        "visiting": visiting,
        "may_invite": request.user.may("paper.print") and may_have_code(task),
    }
    return render(request, "office/tasks/task.html", shown)
