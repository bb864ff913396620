"""The office's navigation: which pages there are, in the order of a day's work, and who sees which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from canbao.registry.models import Officer


@dataclass(frozen=True)
class Entry:
    """A page in the navigation: its words, the name of its address, the permission it needs, its picture."""

    label: str
    name: str
    permission: str
    icon: str


@dataclass(frozen=True)
class Link:
    """An entry as it is drawn."""

    label: str
    address: str
    icon: str
    is_here: bool


GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    ("", (Entry("待办", "home", "", "home"),)),
    (
        "业务",
        (
            Entry("人员查询", "people", "person.search", "user-search"),
            Entry("紧急查询", "emergencies", "emergency.see", "alert-triangle"),
            Entry("受保护人员", "protections", "protection.see", "lock"),
            Entry("一人多号候选", "candidates", "candidate.see", "git-merge"),
            Entry("争议核准", "conflicts", "conflict.list", "arrows-split-2"),
            Entry("重复参保", "duplicates", "duplicate.list", "alert-triangle"),
            Entry("迁转承接", "handovers", "handover.see", "package-import"),
            Entry("申请与决定", "requests", "request.see", "clipboard-list"),
            Entry("数据包", "packages", "package.see", "package"),
            Entry("户籍名单", "household_lists", "household_list.download", "download"),
            Entry("调查档案", "archives_find", "archive.see", "inbox"),
            Entry("数据交换", "exchange", "exchange.watch", "chart-bar"),
            Entry("部门比对", "exchange_runs", "exchange.watch", "list-check"),
            Entry("后台任务", "works", "work.see", "progress"),
        ),
    ),
    (
        "调查",
        (
            Entry("调查批次", "campaigns", "campaign.see", "clipboard-list"),
            Entry("需调查人员", "targets", "target.list", "users"),
            Entry("录入", "entering", "task.enter", "list-check"),
            Entry("固定点登记", "walk_in", "task.walk_in", "map-pin"),
            Entry("调查员", "surveyors", "surveyor.see", "certificate"),
            Entry("手机设备", "phones", "phone.see", "device-mobile"),
            Entry("手机待处理", "disputes", "dispute.see", "alert-triangle"),
        ),
    ),
    (
        "管理",
        (
            Entry("文书措辞", "wordings", "wording.edit", "printer"),
            Entry("用户", "officers", "officer.see", "users"),
            Entry("签名公钥", "keys", "key.manage", "key"),
            Entry("合作系统", "partners", "partner.see", "user-cog"),
            Entry("警报", "alarms", "alarm.see", "alert-triangle"),
            Entry("审计", "audit", "audit.read", "shield-lock"),
        ),
    ),
    (
        "查阅",
        (
            Entry("区划", "places", "place.see", "map-pin"),
            Entry("区划人数", "place_counts", "place.count", "chart-bar"),
            Entry("区划变更", "place_changes", "place_change.see", "history"),
            Entry("规则手册", "rule_book", "rule_book.see", "book-2"),
            Entry("调查指南", "guide", "guide.see", "info-circle"),
        ),
    ),
)


def navigation(by: Officer, here: str) -> list[tuple[str, list[Link]]]:
    """The groups and links that an officer sees; `here` is the path of the page that is open."""
    addresses = (reverse(entry.name) for _, entries in GROUPS for entry in entries)
    matching = (one for one in addresses if here == one or (one != "/" and here.startswith(one)))
    open_one = max(matching, default="", key=len)
    groups = ((label, list(_links(entries, by, open_one))) for label, entries in GROUPS)
    return [(label, links) for label, links in groups if links]


def _links(entries: Iterable[Entry], by: Officer, open_one: str) -> Iterable[Link]:
    for entry in entries:
        if not entry.permission or by.may(entry.permission):
            address = reverse(entry.name)
            yield Link(entry.label, address, entry.icon, address == open_one)
