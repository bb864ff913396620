"""What of a partner's requests those who watch should know at once: each kind once a day and partner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.registry.audit.patterns import CLOSES, OPENS
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.deeds import Alarm
from canbao.registry.models import Agreement, Partner
from canbao.registry.partner_counts import last_hour
from canbao.registry.partner_limits import is_groping
from canbao.registry.quotas import is_raised_today
from canbao.registry.streams.watching import ASIDE, BACKLOG, SILENT, Watched

LOOKS = frozenset({"look_up", "back_fill"})
"""The services by which somebody at a counter sees people; machines push and fetch by night as well."""


def of_rows(agreement: Agreement, rows: int) -> Iterator[Alarm]:
    """When a day's rows come near to what was agreed, and when they are more."""
    most = agreement.rows_a_day
    kind = "exchange_beyond" if rows > most else "exchange_rows"
    if rows * 100 >= most * read_thresholds().quota_percent:
        yield from _once(agreement.partner, kind, rows=rows, most=most)


def of_hours(partner: Partner, service: str) -> Iterator[Alarm]:
    """When people are looked up while no counter is open."""
    if service in LOOKS and not OPENS <= timezone.localtime().hour < CLOSES:
        yield from _once(partner, "exchange_night")


def of_refusal(partner: Partner) -> Iterator[Alarm]:
    """When a refusal is one of many: requests of any kind, or look-ups that were stopped."""
    refused = last_hour(partner).refused + 1
    if refused >= read_thresholds().exchange.refused:
        yield from _once(partner, "exchange_refused", seen=refused)
    if is_groping(partner):
        yield from _once(partner, "exchange_misses")


def of_stream(watched: Watched) -> Iterator[Alarm]:
    """When a stream is not as it should be: nothing is heard, rows wait too long, many are laid aside."""
    partner, troubles = watched.partner, watched.troubles
    if SILENT in troubles:
        yield from _once(partner, "exchange_silent", hours=int(watched.silent.total_seconds() // 3600))
    if BACKLOG in troubles:
        minutes = int(watched.waits.total_seconds() // 60)
        yield from _once(partner, "exchange_backlog", minutes=minutes, rows=watched.waiting)
    if ASIDE in troubles:
        yield from _once(partner, "exchange_aside", rows=watched.hour.aside)


def _once(partner: Partner, kind: str, **details: Any) -> Iterator[Alarm]:
    with connection.cursor() as cursor:
        is_raised = is_raised_today(cursor, partner.officer, kind)
    if not is_raised:
        yield Alarm(kind, (f"partner:{partner.pk}",), details)
