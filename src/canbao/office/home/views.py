"""Home: a card for each kind of thing that waits, leading to where it is done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from canbao.registry.emergencies import is_overdue
from canbao.registry.models import Officer
from canbao.registry.waiting import Waiting, waiting_for
from canbao.survey.waiting import SurveyWaiting, survey_waiting


@dataclass(frozen=True)
class Card:
    """Something that waits: how many, of what, and the address where it is done, if there is one."""

    label: str
    count: int
    note: str
    address: str
    icon: str


def home(request: HttpRequest) -> HttpResponse:
    """The work list of an officer."""
    waiting = waiting_for(request.user)
    cards = [*_cards(request.user, waiting), *_survey_cards(survey_waiting(request.user))]
    return render(request, "office/home/home.html", {"cards": cards, "waiting": waiting})


def _cards(by: Officer, waiting: Waiting) -> Iterator[Card]:
    if waiting.packages is not None:
        yield _package_card(by, waiting.packages)
    if waiting.conflicts is not None:
        note = "同一号码下的两个姓名，请核准" if by.may("conflict.decide") else "由各市核准"
        yield Card("待核准争议", waiting.conflicts, note, reverse("conflicts"), "arrows-split-2")
    if waiting.duplicates is not None:
        note = "同一人在两处参保或领取待遇，请处理" if by.may("duplicate.decide") else "由有关参保地处理"
        yield Card("待处理重复参保", waiting.duplicates, note, f"{reverse('duplicates')}?state=open", "alert-triangle")
    yield from _request_cards(waiting)
    if waiting.due_lists:
        yield Card(
            "到期的比对名单", waiting.due_lists, "到了计划的日子还没有收到", reverse("exchange_runs"), "alert-triangle"
        )
    if waiting.work is not None:
        yield Card("运行中的后台任务", waiting.work, "检查、准入和导出", reverse("works"), "progress")
    if waiting.emergencies is not None:
        overdue = sum(map(is_overdue, waiting.emergencies))
        note = f"其中 {overdue} 次逾期未复核" if overdue else "用户开启的紧急查询，请复核"
        yield Card("待复核紧急查询", len(waiting.emergencies), note, reverse("emergencies"), "alert-triangle")
    if waiting.alarms is not None:
        latest = f"；最近 {timezone.localtime(waiting.alarms[0]['at']):%m-%d %H:%M}" if waiting.alarms else ""
        yield Card("警报", len(waiting.alarms), f"近七天{latest}", reverse("alarms"), "alert-triangle")


def _survey_cards(waiting: SurveyWaiting) -> Iterator[Card]:
    if waiting.campaign is None:
        return
    tasks, split = (reverse(name, args=[waiting.campaign]) for name in ("tasks", "campaign_split"))
    if waiting.to_allot:
        yield Card("待分派到镇街", waiting.to_allot, "调查名册里还没有分下去的人", split, "users")
    if waiting.to_assign:
        yield Card("待派调查员", waiting.to_assign, "在镇街、还没有派给调查员的任务", split, "users")
    if waiting.to_do is not None:
        yield Card("调查中的任务", waiting.to_do, "已派出、还没有交回的", tasks, "list-check")
    if waiting.to_review is not None:
        address = reverse("reviews", args=[waiting.campaign])
        yield Card("待审核的登记表", waiting.to_review, "由录入人以外的人审核", address, "list-check")
    if waiting.late:
        yield Card("逾期的调查任务", waiting.late, "没有按时录入，或过了预约", f"{tasks}?late=1", "alert-triangle")


def _request_cards(waiting: Waiting) -> Iterator[Card]:
    if waiting.to_decide is not None:
        address = f"{reverse('requests')}?whose=decide"
        yield Card("待我决定的申请", waiting.to_decide, "合并、分立、更正等，须由另一人决定", address, "clipboard-list")
    if waiting.overdue:
        address = f"{reverse('requests')}?overdue=1"
        yield Card("逾期的申请", waiting.overdue, "过了办理期限还没有决定", address, "alert-triangle")


def _package_card(by: Officer, packages: dict[str, int]) -> Card:
    on_the_way = sum(packages.get(state, 0) for state in ("received", "checking", "admitting", "withdrawing"))
    note = f"存疑 {packages.get('doubtful', 0)} 个，处理中 {on_the_way} 个，已退回 {packages.get('refused', 0)} 个"
    label = "待准入数据包" if by.may("package.admit") else "等待省级准入的数据包"
    return Card(label, packages.get("checked", 0), note, reverse("packages"), "package")
