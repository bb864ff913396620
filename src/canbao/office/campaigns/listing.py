"""Making a campaign's list in the background: a city's may be a million people."""

from __future__ import annotations

from canbao.registry.access import Refused, require
from canbao.registry.actions import work
from canbao.registry.deeds import together
from canbao.registry.models import Officer, Work
from canbao.survey.actions.listing import make_list
from canbao.survey.models import Campaign

KIND = "list_targets"


def queue_list(campaign: Campaign, by: Officer) -> None:
    """Put the making of the list on the queue; raises Refused if it is there already."""
    from canbao.office import jobs

    require(by, "campaign.manage")
    if campaign.state != "draft":
        raise Refused("名册已经生成过")
    label = f"生成名册：{campaign.name}"
    with together():
        if Work.objects.filter(kind=KIND, label=label, area=campaign.area, ended_at=None).exists():
            raise Refused("名册正在生成，请稍候")
        task = work.ask(kind=KIND, label=label, area=campaign.area, total=0, by=by)
        jobs.list_targets.defer(work_id=task.pk, campaign_id=campaign.pk)


def list_targets(campaign_id: int, task: Work) -> None:
    """What the queue does: the list, whole or not at all."""
    try:
        listed = make_list(campaign_id=campaign_id, by=task.asked_by)
    except Refused as refusal:
        work.end(work=task, state="refused", message=str(refusal))
    else:
        work.end(work=task, state="done", message=f"{listed:,} 人列入名册")
