"""Campaigns: drawn up, changed, announced, run, closed; each move is the law's and the city's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from canbao.core.progress import after
from canbao.law.moves import read_workflows
from canbao.law.survey import read_survey
from canbao.registry.access import Refused
from canbao.registry.deeds import Note, deed, refuse_identity_numbers, require_words
from canbao.registry.models import Officer
from canbao.survey.form import read_overlay
from canbao.survey.models import OVER, Campaign, CampaignMove, FormVersion, Task, Volume
from canbao.survey.moving import OPEN, move_many
from canbao.survey.reckoning import SETTLED_DOWN
from canbao.survey.targets import Scope, check_scope

MOST_DAYS = 400


@dataclass(frozen=True)
class Plan:
    """What a city plans: name, period, whom, how many failed visits, days till entry, whom to call."""

    name: str
    starts_on: date
    ends_on: date
    scope: Scope
    attempts: int
    entry_days: int
    phone: str
    self_filling: bool = False


def draw_up(plan: Plan, *, by: Officer, is_training: bool = False) -> Campaign:
    """A new campaign of the officer's city or county, with the law's form as its first version."""
    with deed(by=by, action="campaign.draw_up", permission="campaign.manage") as note:
        _check(plan, by.area)
        campaign = Campaign.objects.create(
            area=by.area, state=after(read_workflows()["campaign"], None, "draw_up"), drawn_up_by=by,
            is_training=is_training, **_columns(plan),
        )  # fmt: skip
        CampaignMove.objects.create(campaign=campaign, move="draw_up", by=by)
        FormVersion.objects.create(campaign=campaign, number=1, by=by)
        note.objects.append(f"campaign:{campaign.pk}")
        return campaign


def change(plan: Plan, *, campaign: Campaign, by: Officer) -> None:
    """Change what is planned: all of it in a draft; afterwards the end, the telephone and self-filling."""
    with deed(by=by, action="campaign.change", permission="campaign.manage") as note:
        campaign = own(campaign.pk, by, note)
        _check(plan, by.area)
        columns = _columns(plan)
        if campaign.state != "draft":
            columns = {name: columns[name] for name in ("ends_on", "phone", "self_filling")}
            if campaign.state in OVER:
                raise Refused("批次已经结束，不能再改")
        for name, value in columns.items():
            setattr(campaign, name, value)
        campaign.save(update_fields=list(columns))


def own(campaign_id: int, by: Officer, note: Note) -> Campaign:
    """A campaign of the officer's own area, locked; raises Refused."""
    found = Campaign.objects.select_for_update().filter(pk=campaign_id, area=by.area).first()
    if found is None:
        raise Refused("没有这个调查批次，或不在您的管辖范围内")
    note.objects.append(f"campaign:{campaign_id}")
    return found


def announce(*, campaign: Campaign, on: date, by: Officer) -> None:
    """Say on which day the announcement is posted; the survey begins not before that day."""
    with deed(by=by, action="campaign.announce", permission="campaign.manage") as note:
        campaign = own(campaign.pk, by, note)
        days = read_survey().rules.announced_days
        if (campaign.starts_on - on).days < days and not campaign.is_training:
            raise Refused(f"公告至少要在调查开始（{campaign.starts_on}）{days} 天以前发布；请提早公告或推迟开始")
        move(campaign, "announce", by, f"公告日期 {on}", announced_on=on)


def begin(*, campaign: Campaign, by: Officer) -> None:
    """Let the survey begin; raises Refused before its first day."""
    with deed(by=by, action="campaign.begin", permission="campaign.manage") as note:
        campaign = own(campaign.pk, by, note)
        move(campaign, "begin", by)
        if timezone.localdate() < campaign.starts_on and not campaign.is_training:
            raise Refused(f"调查期从 {campaign.starts_on} 开始，还没有到")


def go_on(*, campaign: Campaign, to: str, by: Officer) -> None:
    """One of the plain moves: audit, resume, drop, and reopen for what a check afterwards has found."""
    with deed(by=by, action=f"campaign.{to}", permission="campaign.manage") as note:
        if to not in ("audit", "resume", "drop", "reopen"):
            raise Refused("没有这种操作")
        campaign = own(campaign.pk, by, note)
        if to == "drop":
            _cancel_all(campaign, by)
        move(campaign, to, by)


def close(*, campaign: Campaign, by: Officer, waiver: str = "") -> None:
    """Close a campaign; with open tasks it needs a waiver, in words, under the officer's name."""
    with deed(by=by, action="campaign.close", permission="campaign.manage") as note:
        campaign = own(campaign.pk, by, note)
        left = Task.objects.filter(campaign=campaign, state__in=OPEN).count()
        note.details.update(open=left)
        if left:
            if not waiver.strip():
                raise Refused(f"还有 {left:,} 个任务没有办完；确要结束的，请写明为什么可以不办（以您的名义留存）")
            require_words(waiver, "不再办理的理由")
        move(campaign, "close", by, waiver.strip(), waiver=waiver.strip())


def archive(*, campaign: Campaign, by: Officer) -> None:
    """Archive a closed campaign once all its volumes are with the counties."""
    with deed(by=by, action="campaign.archive", permission="campaign.manage") as note:
        campaign = own(campaign.pk, by, note)
        if not campaign.is_training:
            _require_filed(campaign)
        move(campaign, "archive", by)


def _require_filed(campaign: Campaign) -> None:
    waiting = Volume.objects.filter(campaign=campaign).exclude(state__in=SETTLED_DOWN).count()
    unfiled = Task.objects.filter(campaign=campaign, state="loaded").count()
    if waiting or unfiled:
        raise Refused(f"还有 {waiting} 个社区（村）的档案没有移交接收、{unfiled:,} 份已入库的表没有归档")


def publish_form(
    *, campaign: Campaign, overlay: Mapping[str, Any], moves_up: bool, by: Officer
) -> FormVersion:  # fmt: skip
    """A new version of the form; open tasks go over to it, or keep the one they began with. Raises Refused."""
    with deed(by=by, action="survey_form.change", permission="survey_form.change") as note:
        campaign = own(campaign.pk, by, note)
        if campaign.state in OVER:
            raise Refused("批次已经结束，不能再改登记表")
        read_overlay(overlay)
        for one in overlay.get("extra", ()):
            refuse_identity_numbers(one.get("label", ""), "补充问题")
        number = campaign.forms.count() + 1
        version = FormVersion.objects.create(
            campaign=campaign, number=number, overlay=dict(overlay), moves_up=moves_up, by=by
        )
        campaign.form = number
        campaign.save(update_fields=["form"])
        if moves_up:
            Task.objects.filter(campaign=campaign, state__in=OPEN).update(form=number)
        note.details.update(version=number, moves_up=moves_up)
        return version


def move(campaign: Campaign, name: str, by: Officer, words: str = "", **changes: Any) -> None:
    """Make a move with a locked campaign; raises IllegalMove if it is not open."""
    campaign.state = after(read_workflows()["campaign"], campaign.state, name)
    for column, value in changes.items():
        setattr(campaign, column, value)
    campaign.save()
    CampaignMove.objects.create(campaign=campaign, move=name, by=by, note=words)


def _cancel_all(campaign: Campaign, by: Officer) -> None:
    move_many(list(Task.objects.filter(campaign=campaign, state__in=OPEN).values_list("pk", flat=True)), "cancel", by)


def _columns(plan: Plan) -> dict[str, Any]:
    names = ("name", "starts_on", "ends_on", "attempts", "entry_days", "phone", "self_filling")
    return {**{name: getattr(plan, name) for name in names}, "scope": plan.scope.kept()}


def _check(plan: Plan, area: str) -> None:
    if not plan.name.strip() or len(plan.name) > 80:
        raise Refused("请填写批次名称，最多 80 个字")
    refuse_identity_numbers(f"{plan.name}；{plan.phone}", "批次名称和电话")
    if not 0 <= (plan.ends_on - plan.starts_on).days <= MOST_DAYS:
        raise Refused(f"调查期的结束日期应在开始日期以后，最长 {MOST_DAYS} 天")
    if not 1 <= plan.attempts <= 9 or not 1 <= plan.entry_days <= 60:
        raise Refused("走访次数请填 1 至 9，录入期限请填 1 至 60 天")
    check_scope(plan.scope, area)
