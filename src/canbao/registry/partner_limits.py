"""How much a partner may ask: requests a minute, rows and people a day, and no groping for people who aren't there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.days import midnight
from canbao.registry.deeds import Note
from canbao.registry.models import Agreement, Partner
from canbao.registry.partner_counts import MISS, Counted, count_request, last_hour, misses_today
from canbao.registry.partners import PartnerRefused
from canbao.registry.quotas import is_within_the_day

MINUTE, HOUR = 60, 3600
UNAGREED = 60
"""Requests a minute of whoever has no agreement about what is asked for: they get to know that, and no more."""


def require_minute(counted: Counted, most: int) -> None:
    """Raise PartnerRefused for a request beyond what is agreed for a minute."""
    if counted.requests > most:
        seconds = max(1, MINUTE - int((timezone.now() - counted.minute).total_seconds()))
        raise too_many(f"一分钟内的请求超过上限（{most} 次），请稍后再试", seconds)


def require_rows(agreement: Agreement, rows: int) -> None:
    """Raise PartnerRefused once a day's rows, those of this request among them, are more than was agreed."""
    if rows > agreement.rows_a_day:
        raise too_many(
            f"今天推送的条数超过协议 {agreement.number} 的上限（{agreement.rows_a_day} 条）", till_midnight()
        )


def count_people(agreement: Agreement, ids: Sequence[int], note: Note) -> None:
    """Count people who are shown to a partner and name them on the log; raises PartnerRefused beyond the day's number.

    Alarms are those of an officer who looks at people: near the number, beyond it, at a canary, at a protected person.
    """
    most = agreement.people_a_day
    if not is_within_the_day(ids, agreement.partner.officer, most, note):
        raise too_many(f"今天查询的人数已到协议 {agreement.number} 的上限（{most} 人）", till_midnight())


def note_miss(partner: Partner) -> None:
    """Count somebody who was asked for and isn't there; never within a transaction, which might be taken back."""
    count_request(partner, MISS)


def is_groping(partner: Partner) -> bool:
    """Whether a partner seems to try numbers out: many in the last hour weren't there, and as many as were."""
    hour = last_hour(partner)
    return hour.misses >= read_thresholds().exchange.misses and 2 * hour.misses >= hour.answered


def require_no_crawl(agreement: Agreement) -> None:
    """Raise PartnerRefused for a partner that gropes; over a day, whoever wasn't there counts like one who was."""
    if is_groping(agreement.partner):
        raise too_many("接连查无此人，已暂停查询；请核对号码和姓名后再试", HOUR)
    if misses_today(agreement.partner) >= agreement.people_a_day:
        raise too_many("今天查无此人的次数太多，已暂停查询；请核对号码和姓名，明天再试", till_midnight())


def till_midnight() -> int:
    """Seconds till the day is over."""
    tomorrow = midnight(timezone.localdate() + timedelta(days=1))
    return max(1, int((tomorrow - timezone.now()).total_seconds()))


def too_many(says: str, seconds: int) -> PartnerRefused:
    """The refusal of what is too much, with the seconds after which it may be tried again."""
    return PartnerRefused(429, "too_many", says, seconds=seconds)
