"""Pages of runs: the list, uploading one, one run with what came of its rows, and the moves that are open to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.core.progress import open_moves
from canbao.law.moves import read_workflows
from canbao.office.exchange_runs.forms import Uploading
from canbao.office.exchange_runs.showing import facts, outcomes, problems, templates
from canbao.office.exchange_runs.working import file_of, queue
from canbao.office.packages import spool
from canbao.office.packages.forms import Reasoning
from canbao.office.pages import begins_after
from canbao.office.time_line import time_line
from canbao.registry.access import Refused
from canbao.registry.actions import runs as actions
from canbao.registry.deeds import together
from canbao.registry.disk import sync_folder
from canbao.registry.models import ExchangeRun, Officer
from canbao.registry.runs import overdue_plans, own_run, own_runs
from canbao.registry.streams.listing import source_label

PAGE = 30
PERMISSIONS = {"release": "exchange.decide", "carry": "exchange.drop", "cancel": "exchange.drop"}


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The runs of one's area, and which lists are due."""
    states, asked = read_workflows()["exchange_run"].states, request.GET.get("state", "")
    found = own_runs(request.user)
    found = found.filter(state=asked) if asked in states else found
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page, "rows": [(run, source_label(run.source), actions.KINDS[run.kind]) for run in page],
        "states": states, "asked": asked if asked in states else "", "kept": urlencode({"state": asked}) + "&",
        "due": [(plan, source_label(plan.source)) for plan in overdue_plans(request.user)],
        "may_drop": request.user.may("exchange.drop"),
    }  # fmt: skip
    return render(request, "office/exchange_runs/list.html", shown)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take a list in and put its check on the queue."""
    form = Uploading(request.user, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            return redirect("exchange_run", run_id=_receive(request.user, form).pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {"form": form, "templates": templates()}
    return render(request, "office/exchange_runs/upload.html", shown, status=400 if form.is_bound else 200)


def _receive(by: Officer, form: Uploading) -> ExchangeRun:
    """The file is on the disk under its run's name before anything says that there is one."""
    said = form.cleaned_data
    spooled = spool.spool(said["file"])
    try:
        with together():
            told = ((said["file"].name or "")[-200:], spooled.size, spooled.sha256)
            run = actions.receive(
                partner=form.partner(), source=form.source(), kind=said["kind"], as_of=said["as_of"], file=told, by=by
            )
            spooled.part.rename(file_of(run))
            sync_folder(spooled.part.parent)
            queue("check_run", run, by)
    except Refused:
        spooled.part.unlink(missing_ok=True)
        raise
    return run


@require_GET
def shown(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: its course, what came of its rows, the rows that were not taken, and what can be done with it."""
    run, outcome = found(request, run_id), request.GET.get("outcome", "")
    moves = run.moves.select_related("by").order_by("pk")
    context = {
        **_progress(run), "facts": facts(run), "outcomes": outcomes(run), "line": time_line("exchange_run", moves),
        "can": _possible(request.user, run), "form": Reasoning(), "outcome": outcome,
        "may_take": run.state == "done" and request.user.may("exchange.drop"),
        **problems(run, outcome, begins_after(request), request.user),
    }  # fmt: skip
    return render(request, "office/exchange_runs/run.html", context)


@require_GET
def progress(request: HttpRequest, run_id: int) -> HttpResponse:
    """The part of the page that moves; the whole page once work is over."""
    context = _progress(found(request, run_id))
    response = render(request, "office/exchange_runs/progress.html", context)
    if not context["is_moving"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def release(request: HttpRequest, run_id: int) -> HttpResponse:
    """Let a doubtful list be compared."""
    return _done(request, run_id, "已放行，可以开始比对", lambda run: _release(request, run))


@require_POST
def carry(request: HttpRequest, run_id: int) -> HttpResponse:
    """Begin to compare, or go on."""
    return _done(request, run_id, "正在后台比对", lambda run: _carry(request, run))


@require_POST
def cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a run for good."""
    return _done(request, run_id, "批次已取消", lambda run: _cancel(request, run))


def _release(request: HttpRequest, run: ExchangeRun) -> None:
    actions.release(run=run, reason=request.POST.get("reason", ""), by=request.user)


def _carry(request: HttpRequest, run: ExchangeRun) -> None:
    if _progress(run)["is_moving"]:
        raise Refused("后台还在处理这个批次，请稍候")
    with together():
        actions.order(run=run, by=request.user)
        queue("carry_run", run, request.user)


def _cancel(request: HttpRequest, run: ExchangeRun) -> None:
    actions.cancel(run=run, by=request.user)
    file_of(run).unlink(missing_ok=True)


def _done(request: HttpRequest, run_id: int, words: str, act: Any) -> HttpResponse:
    run = found(request, run_id)
    try:
        act(run)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("exchange_run", run_id=run.pk)


def found(request: HttpRequest, run_id: int) -> ExchangeRun:
    """The run of an address, or 404 where the officer has none such."""
    run = own_run(run_id, request.user)
    if run is None:
        raise Http404
    return run


def _possible(by: Officer, run: ExchangeRun) -> set[str]:
    """The moves that the officer can make with the run now."""
    legal = {move.id for move in open_moves(read_workflows()["exchange_run"], run.state)}
    possible = {move for move, permission in PERMISSIONS.items() if move in legal and by.may(permission)}
    return possible - {"carry"} if _progress(run)["is_moving"] else possible


def _progress(run: ExchangeRun) -> dict[str, Any]:
    task = run.work
    is_moving = task is not None and task.state in ("waiting", "running")
    percent = min(100, round(100 * task.done / task.total)) if task and task.total else 0
    return {"run": run, "work": task, "percent": percent, "is_moving": is_moving}
