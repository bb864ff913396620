"""The city's campaigns: the list, planning one, its page, and the moves that are open to it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.core.progress import open_moves
from canbao.law.moves import read_workflows
from canbao.office.campaigns.forms import Announcing, Closing, Planning, beginning, kept
from canbao.office.campaigns.listing import queue_list
from canbao.office.campaigns.showing import scope_in_words
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.time_line import time_line
from canbao.registry.access import Refused, acting
from canbao.survey.actions import campaigns as actions
from canbao.survey.actions.urging import urges_for
from canbao.survey.balance import balance
from canbao.survey.models import OVER, Campaign
from canbao.survey.targets import counted
from canbao.survey.tasks import own_campaigns

POSTS = ("GET", "POST")


@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """The campaigns of the officer's city, or of the cities of their area."""
    with acting(request.user.area, request.user):
        found = list(own_campaigns(request.user)[:200])
    shown = {"campaigns": found, "may_manage": request.user.may("campaign.manage")}
    return render(request, "office/campaigns/campaigns.html", shown)


@require_http_methods(POSTS)
def drawing_up(request: HttpRequest) -> HttpResponse:
    """Plan a campaign; how many people are meant is said before anything is made."""
    form = Planning(request.user.area, request.POST or None, initial=beginning())
    return _planned(request, form, None) or _plan_page(request, form, None)


@require_http_methods(POSTS)
def changing(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Change a plan."""
    campaign = campaign_of(request, campaign_id)
    form = Planning(request.user.area, request.POST or None, initial=kept(campaign))
    return _planned(request, form, campaign) or _plan_page(request, form, campaign)


def _planned(request: HttpRequest, form: Planning, campaign: Campaign | None) -> HttpResponse | None:
    if request.method != "POST" or "count" in request.POST or not form.is_valid():
        return None
    try:
        if campaign is None:
            campaign = actions.draw_up(form.plan(), by=request.user, is_training="training" in request.POST)
        else:
            actions.change(form.plan(), campaign=campaign, by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, "已保存")
    return redirect("campaign", campaign.pk)


def _plan_page(request: HttpRequest, form: Planning, campaign: Campaign | None) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "campaign": campaign}
    if "count" in request.POST and form.is_valid():
        try:
            shown["counted"] = counted(form.scope(), by=request.user)
            shown["people"] = sum(one["people"] for one in shown["counted"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return render(request, "office/campaigns/plan.html", shown)


@require_GET
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One campaign: how it stands, what can be done with it, its course."""
    one = campaign_of(request, campaign_id)
    with acting(request.user.area, request.user):
        moves = list(one.moves.select_related("by").order_by("pk"))
    is_own = request.user.may("campaign.manage") and one.area == request.user.area
    shown = {
        **frame(request, one, "campaign"),
        "scope": scope_in_words(one),
        "balance": balance(one.pk, by=request.user) if request.user.may("task.list") else None,
        "line": time_line("campaign", moves),
        "urges": urges_for(one, request.user),
        "can": {move.id for move in open_moves(read_workflows()["campaign"], one.state)} if is_own else set(),
        "may_change": is_own and one.state not in OVER,
        "announcing": Announcing(initial={"on": one.starts_on}),
        "closing": Closing(),
    }
    return render(request, "office/campaigns/campaign.html", shown)


@require_POST
def moving(request: HttpRequest, campaign_id: int, move: str) -> HttpResponse:
    """Make a move with a campaign."""
    one = campaign_of(request, campaign_id)
    try:
        words = _MOVES[move](request, one)
    except KeyError:
        raise Refused("没有这种操作") from None
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("campaign", one.pk)


def _prepare(request: HttpRequest, campaign: Campaign) -> str:
    queue_list(campaign, request.user)
    return "正在后台生成名册，完成后批次变为“已准备”"


def _announce(request: HttpRequest, campaign: Campaign) -> str:
    form = Announcing(request.POST)
    if not form.is_valid():
        raise Refused("请填写公告日期")
    actions.announce(campaign=campaign, on=form.cleaned_data["on"], by=request.user)
    return "已公告"


def _begin(request: HttpRequest, campaign: Campaign) -> str:
    actions.begin(campaign=campaign, by=request.user)
    return "调查开始"


def _close(request: HttpRequest, campaign: Campaign) -> str:
    actions.close(campaign=campaign, by=request.user, waiver=request.POST.get("waiver", ""))
    return "批次已结束"


def _archive(request: HttpRequest, campaign: Campaign) -> str:
    actions.archive(campaign=campaign, by=request.user)
    return "批次已归档"


def _plain(to: str, words: str) -> Any:
    def made(request: HttpRequest, campaign: Campaign) -> str:
        actions.go_on(campaign=campaign, to=to, by=request.user)
        return words

    return made


_MOVES = {
    "prepare": _prepare, "announce": _announce, "begin": _begin, "close": _close, "archive": _archive,
    "audit": _plain("audit", "转入审核"), "resume": _plain("resume", "继续调查"), "drop": _plain("drop", "批次已作废"),
    "reopen": _plain("reopen", "批次已重新打开，改完后再结束"),
}  # fmt: skip
