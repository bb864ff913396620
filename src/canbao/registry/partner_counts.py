"""What partners have asked for and sent, minute by minute: limits, alarms and the watching page go by it.

A count is written before the work and stays if the work is refused, so that a hundred requests at the same moment
count as a hundred. It is not waited for till it lies on the disk: what a crash takes with it are counts of a moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from canbao.registry.database import Cursor
from canbao.registry.days import midnight
from canbao.registry.models import Partner

MISS = "miss"
"""The service under which those are counted who were asked for and aren't there."""
TURNED_AWAY = "turned_away"
"""The service under which requests are counted that were refused before it was clear what they want."""
OUTCOME = "outcome."
"""Begins the services under which rows are counted by what became of them: `outcome.taken`, `outcome.aside` …"""
KEPT_DAYS = 92

_COUNT = """
    INSERT INTO partner_minute AS kept (partner_id, minute, service, requests, rows)
    VALUES (%s, date_trunc('minute', now()), %s, 1, %s)
    ON CONFLICT (partner_id, minute, service) DO UPDATE SET
        requests = kept.requests + 1, rows = kept.rows + excluded.rows
    RETURNING minute, requests
"""
_REFUSED = (
    "UPDATE partner_minute SET refused = refused + 1, rows = rows - %s "
    "WHERE partner_id = %s AND minute = %s AND service = %s"
)
_OUTCOMES = """
    INSERT INTO partner_minute AS kept (partner_id, minute, service, rows)
    SELECT %s, date_trunc('minute', now()), service, rows FROM unnest(%s::text[], %s::bigint[]) AS new (service, rows)
    ON CONFLICT (partner_id, minute, service) DO UPDATE SET rows = kept.rows + excluded.rows
"""
_HOUR = (
    "SELECT coalesce(sum(requests) FILTER (WHERE service = %s), 0), coalesce(sum(requests - refused) FILTER "
    "(WHERE service = %s), 0), coalesce(sum(refused), 0) FROM partner_minute "
    "WHERE partner_id = %s AND minute > now() - interval '1 hour'"
)


@dataclass(frozen=True)
class Counted:
    """A request that was counted: it is the `requests`th of its service and minute, and came with so many rows."""

    partner: Partner
    service: str
    minute: datetime
    requests: int
    rows: int


@dataclass(frozen=True)
class Hour:
    """A partner's last hour: how often somebody wasn't there, of how many answered look-ups; refused requests."""

    misses: int
    answered: int
    refused: int


def count_request(partner: Partner, service: str, rows: int = 0) -> Counted:
    """Count a request, and the rows that come with it."""
    minute, requests = _written(_COUNT, [partner.pk, service, rows])
    return Counted(partner, service, minute, requests, rows)


def count_refusal(counted: Counted) -> None:
    """A request that was counted has been refused: its rows were not taken."""
    _written(_REFUSED, [counted.rows, counted.partner.pk, counted.minute, counted.service])


def count_outcomes(cursor: Cursor, partner: Partner, counts: Mapping[str, int]) -> None:
    """Count what became of rows, by state, in the transaction in which it did; what is counted now is never less."""
    told = sorted((state, many) for state, many in counts.items() if many)
    if told:
        services, rows = [f"{OUTCOME}{state}" for state, _ in told], [many for _, many in told]
        cursor.execute(_OUTCOMES, [partner.pk, services, rows])


def last_hour(partner: Partner) -> Hour:
    """What a partner's last hour was like."""
    with connection.cursor() as cursor:
        cursor.execute(_HOUR, [MISS, "look_up", partner.pk])
        return Hour(*map(int, cursor.fetchone()))


def rows_today(partner: Partner) -> int:
    """How many rows a partner has pushed today."""
    return _today(partner, "rows", f"rows > 0 AND NOT starts_with(service, '{OUTCOME}')")


def misses_today(partner: Partner) -> int:
    """How often a partner has asked today for somebody who isn't there."""
    return _today(partner, "requests", f"service = '{MISS}'")


def forget_old_counts() -> int:
    """Delete counts that nobody looks at any more; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM partner_minute WHERE minute < now() - make_interval(days => %s)", [KEPT_DAYS])
        return int(cursor.rowcount)


def _today(partner: Partner, column: str, condition: str) -> int:
    query = f"SELECT coalesce(sum({column}), 0) FROM partner_minute WHERE partner_id = %s AND minute >= %s"
    with connection.cursor() as cursor:
        cursor.execute(f"{query} AND {condition}", [partner.pk, midnight(timezone.localdate())])
        return int(cursor.fetchone()[0])


def _written(query: str, parameters: list[Any]) -> Any:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(query, parameters)
        return cursor.fetchone() if cursor.description else None
