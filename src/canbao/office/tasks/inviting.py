"""A code by which a resident fills in their own form, shown once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from canbao.office.pages import unkept
from canbao.registry.access import acting
from canbao.survey.actions.self_filling import make_codes
from canbao.survey.tasks import found


@unkept
@require_POST
def invite(request: HttpRequest, task_id: int) -> HttpResponse:
    """Make a code for one task; the one before opens nothing any more."""
    with acting(request.user.area, request.user):
        task = found(task_id, by=request.user)
    if task is None:
        raise Http404
    codes = make_codes(campaign=task.campaign, tasks=[task.pk], by=request.user)
    if task.pk not in codes:
        messages.error(request, "这份表已经交上来了或不用再填，不能生成自填代码")
        return redirect("task", task.pk)
    shown = {"task": task, "code": codes[task.pk], "address": request.build_absolute_uri(reverse("fill"))}
    return render(request, "office/tasks/code.html", shown)
