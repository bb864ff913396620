"""Splitting a list: a county's among its towns, a town's among its surveyors; the balance shows whose each task is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import ticked
from canbao.registry.access import Refused, acting
from canbao.survey.actions import splitting
from canbao.survey.balance import Balance, balance
from canbao.survey.models import Campaign, Surveyor
from canbao.survey.surveyors import own_surveyors, unfit


@require_GET
def split(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """How the list is split now."""
    return _page(request, campaign_of(request, campaign_id))


@require_POST
def allot(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Give every waiting task to the town it lies in."""
    campaign = campaign_of(request, campaign_id)
    try:
        done = splitting.allot_by_place(campaign=campaign, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已按户口所在地分到镇街：{done:,} 个")
    return redirect("campaign_split", campaign.pk)


@require_POST
def spread(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Spread a town's waiting tasks evenly: first as a proposal, then for good."""
    campaign = campaign_of(request, campaign_id)
    chosen = _chosen(request)
    if not chosen:
        messages.error(request, "请先勾选调查员")
        return redirect("campaign_split", campaign.pk)
    try:
        if "confirm" not in request.POST:
            given = splitting.proposed(campaign=campaign, surveyors=chosen, by=request.user)
            proposal = [(one, len(given[one.pk])) for one in chosen]
            return _page(request, campaign, proposal=proposal, most=sum(many for _, many in proposal))
        done = splitting.assign_evenly(campaign=campaign, surveyors=chosen, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已分派 {sum(done.values()):,} 个任务；可在“任务”里再调整")
    return redirect("campaign_split", campaign.pk)


def _page(request: HttpRequest, campaign: Campaign, **more: Any) -> HttpResponse:
    found = balance(campaign.pk, by=request.user)
    with acting(request.user.area, request.user):
        surveyors = list(own_surveyors(request.user)) if request.user.may("surveyor.see") else []
    shown = {
        **frame(request, campaign, "campaign_split"),
        "balance": found,
        "hands": _hands(found, surveyors),
        "may_allot": request.user.may("task.allot") and found.whole.states.get("pending", 0) > 0,
        "may_assign": request.user.may("task.assign"),
        "waiting": found.whole.states.get("town", 0),
        **more,
    }
    return render(request, "office/tasks/split.html", shown)


def _hands(found: Balance, surveyors: list[Surveyor]) -> list[dict[str, Any]]:
    """Each surveyor with what they have; those with nothing are there too, and so is what nobody has."""
    lines = {line.key: line for line in found.surveyors}
    today = timezone.localdate()
    return [{"surveyor": one, "line": lines.get(one.pk), "unfit": unfit(one, today)} for one in surveyors] + [
        {"surveyor": None, "line": lines[0], "unfit": ""} for _ in [0] if 0 in lines
    ]


def _chosen(request: HttpRequest) -> list[Surveyor]:
    with acting(request.user.area, request.user):
        return list(own_surveyors(request.user).filter(pk__in=ticked(request, "surveyor")))
