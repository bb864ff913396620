"""How partners' streams are: when each was heard, what waits, what became of rows, how long that takes.

Counts are those of `partner_minute`, so that a look costs the same however many rows there are; how long rows take is
that of the latest `SAMPLE` of the last hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.database import rows
from canbao.registry.days import midnight
from canbao.registry.models import Partner
from canbao.registry.partner_counts import OUTCOME
from canbao.registry.partners import granting_agreement
from canbao.registry.streams.keeping import Standing, standing

SAMPLE = 2000
SILENT, BACKLOG, ASIDE, GAPS = "silent", "backlog", "aside", "gaps"
STATES = ("taken", "older", "aside", "refused")
NOTHING = timedelta(0)


@dataclass(frozen=True)
class Counts:
    """Rows of a while, by what became of them, and refused requests of any kind."""

    taken: int = 0
    older: int = 0
    aside: int = 0
    refused: int = 0
    requests_refused: int = 0


@dataclass(frozen=True)
class Watched:
    """How a partner's stream is now.

    `since` is since when rows may be pushed (None: not now), `oldest` when the first that waits was received, `aside`
    how many lie aside; `middle` and `slow` are the seconds within which half and 95 of 100 rows were carried out.
    """

    partner: Partner
    now: datetime
    since: datetime | None
    heard_at: datetime | None
    standing: Standing
    oldest: datetime | None
    aside: int
    today: Counts
    hour: Counts
    middle: float | None
    slow: float | None

    @property
    def waiting(self) -> int:
        """How many rows wait to be carried out."""
        return self.standing.waiting

    @property
    def waits(self) -> timedelta:
        """How long the first of them has waited."""
        return self.now - self.oldest if self.oldest else NOTHING

    @property
    def silent(self) -> timedelta:
        """How long a partner that may push has not been heard; no longer than it may."""
        known = [moment for moment in (self.heard_at, self.since) if moment]
        return self.now - max(known) if self.since else NOTHING

    @cached_property
    def troubles(self) -> tuple[str, ...]:
        """What is not as it should be, the worst first."""
        most = read_thresholds().exchange
        found = {
            SILENT: self.silent > timedelta(hours=most.silent_hours),
            BACKLOG: self.waits > timedelta(minutes=most.backlog_minutes),
            ASIDE: self.hour.aside >= most.aside,
            GAPS: bool(self.standing.gaps),
        }
        return tuple(kind for kind, holds in found.items() if holds)


@dataclass(frozen=True)
class HourOfDay:
    """An hour, with rows that were pushed in it and what became of rows in it."""

    begins: datetime
    pushed: int
    settled: int
    aside: int


def watched(partners: Sequence[Partner]) -> list[Watched]:
    """How the streams of some partners are, in their order."""
    return [_watched(one) for one in partners]


def hours(partner: Partner, most: int = 24) -> list[HourOfDay]:
    """A partner's last hours, the present one last; an hour in which nothing was has none of anything."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    wanted = [now - timedelta(hours=back) for back in reversed(range(most))]
    given = {"partner": partner.pk, "since": wanted[0], "outcome": OUTCOME}
    found = {one.pop("begins"): one for one in _asked(_HOURS, given)}
    nothing = {"pushed": 0, "settled": 0, "aside": 0}
    return [HourOfDay(begins, **found.get(begins, nothing)) for begins in wanted]


def _watched(partner: Partner) -> Watched:
    now = timezone.now()
    given = {
        "partner": partner.pk, "outcome": OUTCOME, "sample": SAMPLE, "midnight": midnight(timezone.localdate()),
        "hour": now - timedelta(hours=1),
    }  # fmt: skip
    (stands,), (takes,) = _asked(_STANDS, given), _asked(_TAKES, given)
    granting = None if partner.cut_off_at else granting_agreement(partner, "push")
    today, hour = (_counts(given, since) for since in (given["midnight"], given["hour"]))
    since = max(granting.since, midnight(granting.valid_from)) if granting else None
    return Watched(partner, now, since, standing=standing(partner), today=today, hour=hour, **stands, **takes)


def _counts(given: dict[str, Any], since: datetime) -> Counts:
    (found,) = _asked(_COUNTS, {**given, "since": since})
    return Counts(**{name: int(many) for name, many in found.items()})


def _asked(query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        return rows(cursor)


_STANDS = """
SELECT greatest((SELECT heard_at FROM inbox_sequence WHERE partner_id = %(partner)s),
    (SELECT minute FROM partner_minute WHERE partner_id = %(partner)s AND service IN ('push', 'standing')
        AND requests > refused ORDER BY minute DESC, service DESC LIMIT 1)) AS heard_at,
    (SELECT received_at FROM inbox WHERE partner_id = %(partner)s AND state = 'kept' ORDER BY id LIMIT 1) AS oldest,
    (SELECT count(*) FROM inbox WHERE partner_id = %(partner)s AND state = 'aside') AS aside
"""
"""Whoever asks how it stands has been heard as well as whoever pushes; who is refused has not."""
_COUNTS = "SELECT {}, coalesce(sum(refused), 0) AS requests_refused FROM partner_minute {}".format(
    ", ".join(
        f"coalesce(sum(rows) FILTER (WHERE service = %(outcome)s || '{state}'), 0) AS {state}" for state in STATES
    ),
    "WHERE partner_id = %(partner)s AND minute >= %(since)s",
)
_TAKES = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS middle,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS slow
FROM (SELECT state, settled_at, extract(epoch FROM settled_at - received_at) AS seconds FROM inbox
    WHERE partner_id = %(partner)s
    AND id < coalesce((SELECT min(id) FROM inbox WHERE partner_id = %(partner)s AND state = 'kept'),
        9223372036854775807)
    ORDER BY id DESC LIMIT %(sample)s) AS latest
WHERE settled_at >= %(hour)s AND state IN ('taken', 'older')
"""
"""What was received before the first that waits has been carried out, so that not one that waits is looked at."""
_HOURS = """
SELECT date_trunc('hour', minute) AS begins,
    coalesce(sum(rows) FILTER (WHERE service = 'push'), 0)::bigint AS pushed,
    coalesce(sum(rows) FILTER (WHERE service IN (%(outcome)s || 'taken', %(outcome)s || 'older')), 0)::bigint
        AS settled,
    coalesce(sum(rows) FILTER (WHERE service = %(outcome)s || 'aside'), 0)::bigint AS aside
FROM partner_minute WHERE partner_id = %(partner)s AND minute >= %(since)s GROUP BY 1
"""
