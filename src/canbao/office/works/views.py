"""The page of background work: what runs, how far it is, and stopping it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.registry.actions import work
from canbao.registry.conflicts import CITY
from canbao.registry.waiting import own_work

PAGE = 50


@require_GET
def works(request: HttpRequest) -> HttpResponse:
    """The work of one's own area, the latest first."""
    page = Paginator(own_work(request.user).select_related("asked_by").order_by("-id"), PAGE).get_page(
        request.GET.get("page")
    )
    may_cancel = request.user.may("work.cancel") and len(request.user.area) <= CITY
    return render(request, "office/works/list.html", {"page": page, "may_cancel": may_cancel})


@require_POST
def cancel(request: HttpRequest, work_id: int) -> HttpResponse:
    """Ask work to stop at the next safe place."""
    task = own_work(request.user).filter(pk=work_id).first()
    if task is None:
        raise Http404
    work.cancel(work=task, by=request.user)
    return redirect("works")
