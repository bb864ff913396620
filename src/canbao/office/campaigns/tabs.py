"""A campaign's pages: what is common to them, and the tabs that lead from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from canbao.registry.access import Refused, acting
from canbao.survey.models import Campaign
from canbao.survey.tasks import own_campaign


@dataclass(frozen=True)
class Tab:
    """One page of a campaign: its words, the name of its address (with the campaign's id), the permission it needs."""

    label: str
    name: str
    permission: str


TABS = (
    Tab("概况", "campaign", "campaign.see"),
    Tab("分派", "campaign_split", "task.list"),
    Tab("任务", "tasks", "task.list"),
    Tab("文书", "papers", "paper.print"),
    Tab("表格", "campaign_batch", "task.enter"),
    Tab("审核", "reviews", "task.review"),
    Tab("抽查", "samples", "campaign.see"),
    Tab("督导", "supervision", "survey.supervise"),
    Tab("档案", "archives", "archive.see"),
    Tab("登记表", "campaign_form", "campaign.see"),
)


def campaign_of(request: HttpRequest, campaign_id: int) -> Campaign:
    """The campaign of an address, or 404 where the officer has none such."""
    try:
        with acting(request.user.area, request.user):
            return own_campaign(campaign_id, request.user)
    except Refused:
        raise Http404 from None


def frame(request: HttpRequest, campaign: Campaign, here: str) -> dict[str, Any]:
    """What the head of each page of a campaign is drawn from: `here` is the name of the open tab."""
    tabs = [
        {"label": one.label, "address": reverse(one.name, args=[campaign.pk]), "is_here": one.name == here}
        for one in TABS
        if request.user.may(one.permission)
    ]
    return {"campaign": campaign, "tabs": tabs}
