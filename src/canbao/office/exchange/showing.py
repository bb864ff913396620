"""Streams and rows in words, and the bars of the last hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from canbao.core.conditions.chinese import value_label
from canbao.core.pushed import INSURANCE
from canbao.law.reader import read_law
from canbao.office.people.showing import label_of, place_name, show, show_name
from canbao.registry.streams.lying_aside import AsideRow
from canbao.registry.streams.watching import ASIDE, BACKLOG, GAPS, SILENT, HourOfDay, Watched

TROUBLES = {
    SILENT: ("久未联系", "red"),
    BACKLOG: ("积压", "red"),
    ASIDE: ("大量搁置", "orange"),
    GAPS: ("缺号", "yellow"),
}
REASONS = {
    "name": "姓名与登记的不一致",
    "unknown": "登记库没有这个人",
    "twice": "同一 id 两种内容",
    "not_told": "本区划没有登记资料",
    "failed": "处理时出错",
}
HEIGHT, WIDTH = 100, 20
"""Of the bars' field, and of one hour in it, in the picture's own units."""
EVERY = 4
"""Hours between two that are named below the bars."""


@dataclass(frozen=True)
class Bar:
    """An hour as it is drawn: settled rows stand on the ground, those that were laid aside on top of them."""

    x: int
    settled: float
    aside: float
    hour: HourOfDay
    is_named: bool

    @property
    def settled_y(self) -> float:
        """Where the lower part begins."""
        return HEIGHT - self.settled

    @property
    def aside_y(self) -> float:
        """Where the upper part begins."""
        return self.settled_y - self.aside


def states_of(one: Watched) -> list[tuple[str, str]]:
    """How a stream is, in words with their colours."""
    if one.partner.cut_off_at is not None:
        return [("已停用", "secondary")]
    found = [TROUBLES[kind] for kind in one.troubles]
    if one.since is None:
        return [*found, ("没有推送协议", "secondary")]
    return found or [("正常", "green")]


def span(time: timedelta) -> str:
    """How long something lasts, as somebody would say it."""
    seconds = time.total_seconds()
    for unit, words in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= 2 * unit or (unit == 60 and seconds >= 60):
            return f"{int(seconds // unit)} {words}"
    return f"{max(seconds, 0.1):.1f} 秒" if 0 < seconds < 10 else f"{int(seconds)} 秒"


def seconds(many: float | None) -> str:
    """Seconds, or that there are none to tell of."""
    return "—" if many is None else span(timedelta(seconds=float(many)))


def gap(bounds: tuple[int, int]) -> str:
    """Numbers that are missing."""
    first, last = bounds
    return f"{first:,}" if first == last else f"{first:,} 至 {last:,}"


def bars(found: list[HourOfDay]) -> list[Bar]:
    """The hours as bars; the highest fills the field."""
    most = max([one.settled + one.aside for one in found] or [0]) or 1
    return [
        Bar(
            place * WIDTH, round(one.settled * HEIGHT / most, 1), round(one.aside * HEIGHT / most, 1), one,
            place % EVERY == 0,
        )
        for place, one in enumerate(found)
    ]  # fmt: skip


def aside_row(one: AsideRow) -> dict[str, Any]:
    """A row as an officer sees it: number and name masked."""
    return {
        "row": one,
        "reason": REASONS.get(one.reason, one.says),
        "number": show("ssn", one.ssn),
        "name": show_name(one.name),
        "about": "、".join(dict.fromkeys(map(subject, one.subjects))),
    }


def subject(name: str) -> str:
    """What a row is about: an insurance with its place of cover, an item, or a department's list."""
    kind, _, rest = name.partition(":")
    if kind == "item":
        return label_of(rest)
    if kind == INSURANCE:
        type_, _, place = rest.partition(":")
        label = value_label("insurance_type", type_, read_law()).removeprefix(f"{type_} ")
        return f"{label}（{place_name(place)}）" if place else label
    source = read_law().sources.get(kind)
    return source.label if source else kind
