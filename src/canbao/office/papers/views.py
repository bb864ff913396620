"""A campaign's papers: choosing and looking at one, having a batch printed, and what was printed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.law.wording import WordingError, read_wording
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import unkept
from canbao.office.papers.forms import Choosing
from canbao.office.papers.showing import pdf
from canbao.paper.documents.printing import PrintError
from canbao.registry.access import Refused, acting, covers
from canbao.registry.deeds import together
from canbao.registry.lookup import LARGEST_ID
from canbao.survey.actions import printing as actions
from canbao.survey.models import Campaign, Printing
from canbao.survey.printing.choices import printings
from canbao.survey.printing.files import file_of, kept_until
from canbao.survey.printing.offered import MAKERS

PAGE = 20
FORMS = "registration_form"


@require_GET
def papers(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The kinds of papers, one of them open, and what was printed."""
    campaign = campaign_of(request, campaign_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in MAKERS else FORMS
    return _page(request, campaign, Choosing(kind, campaign, request.user))


@unkept
@require_POST
def preview(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The first paper of what would be printed."""
    campaign = campaign_of(request, campaign_id)
    form = _form(request, campaign)
    if not form.is_valid():
        return _page(request, campaign, form)
    try:
        return pdf(actions.look(campaign=campaign, wish=form.wish(), by=request.user), f"{form.kind}.pdf")
    except (PrintError, WordingError) as problem:
        raise Refused(str(problem)) from problem


@require_POST
def order(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Have a batch printed in the background."""
    from canbao.office import jobs

    campaign = campaign_of(request, campaign_id)
    form = _form(request, campaign)
    if not form.is_valid():
        return _page(request, campaign, form)
    try:
        with together():
            made = actions.order(campaign=campaign, wish=form.wish(), by=request.user)
            jobs.print_papers.defer(work_id=made.work_id)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, campaign, form)
    messages.success(request, f"{made.records:,} 份已排队打印，完成后在下面下载")
    return redirect("papers", campaign.pk)


@require_GET
def progress(request: HttpRequest, printing_id: int) -> HttpResponse:
    """The line of a batch; asked for again while it is made."""
    return render(request, "office/papers/printing.html", {"row": _row(_own(request, printing_id))})


@require_POST
def stop(request: HttpRequest, printing_id: int) -> HttpResponse:
    """Break a batch off."""
    printing = _own(request, printing_id)
    actions.stop(printing_id=printing.pk, by=request.user)
    return redirect("papers", printing.campaign_id)


@unkept
@require_POST
def file(request: HttpRequest, printing_id: int) -> HttpResponse:
    """A batch's PDF, to be saved and printed."""
    printing, path = actions.fetch(printing_id=_own(request, printing_id).pk, by=request.user)
    name = f"{printing.kind}-{printing.place}-{printing.pk}.pdf"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="application/pdf")


@require_POST
def hand_out(request: HttpRequest, printing_id: int) -> HttpResponse:
    """Say that the forms were given to the surveyors."""
    printing = _own(request, printing_id)
    try:
        many = actions.hand_out(printing_id=printing.pk, by=request.user)
        messages.success(request, f"已确认分发；{many:,} 个任务转入“调查中”")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("papers", printing.campaign_id)


def _form(request: HttpRequest, campaign: Campaign) -> Choosing:
    kind = request.POST.get("kind", "")
    if kind not in MAKERS:
        raise Refused("没有这种文书；请从列出的文书里选")
    return Choosing(kind, campaign, request.user, request.POST)


def _page(request: HttpRequest, campaign: Campaign, form: Choosing) -> HttpResponse:
    page = Paginator(printings(campaign, request.user), PAGE).get_page(request.GET.get("page"))
    names = read_wording()
    shown = {
        **frame(request, campaign, "papers"),
        "kinds": [(kind, names[kind].name, kind == form.kind) for kind in MAKERS],
        "form": form,
        "kind": names[form.kind],
        "page": page,
        "rows": [_row(one) for one in page],
        "may_word": request.user.may("wording.edit"),
    }
    return render(request, "office/papers/papers.html", shown, status=400 if form.is_bound else 200)


def _own(request: HttpRequest, printing_id: int) -> Printing:
    """A batch of the officer's area; raises Http404."""
    with acting(request.user.area, request.user):
        found = (
            Printing.objects.select_related("work", "by", "campaign").filter(pk=min(printing_id, LARGEST_ID)).first()
        )
    if found is None or not covers(request.user.area, found.place):
        raise Http404
    return found


def _row(one: Printing) -> dict[str, Any]:
    is_done = one.work.state == "done" and file_of(one).exists()
    return {
        "printing": one,
        "work": one.work,
        "kind": read_wording()[one.kind].name,
        "is_moving": one.work.ended_at is None,
        "percent": 100 * one.work.done // one.work.total if one.work.total else 0,
        "is_there": is_done,
        "kept_until": kept_until(one),
        "may_hand_out": is_done and one.kind == FORMS and one.handed_out_at is None and any(one.asked["keys"]),
    }
