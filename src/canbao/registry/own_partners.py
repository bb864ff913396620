"""Partners of one's area as the office sees them: their agreements, keys, and what they were told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Prefetch, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from canbao.law.exchange import read_exchange
from canbao.registry.access import acting, require
from canbao.registry.database import rows
from canbao.registry.days import midnight
from canbao.registry.deeds import deed
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import Agreement, Given, Officer, Partner, PartnerKey, Request
from canbao.registry.quotas import count_as_seen

PAGE = 50


def own_partners(by: Officer) -> list[Partner]:
    """The partners of the officer's area, with their agreements, the latest first, and keys."""
    require(by, "partner.see")
    return _read(by)


def own_partner(id_: int, *, by: Officer) -> Partner | None:
    """One of them, or None if there is none such in the area."""
    require(by, "partner.see")
    return next(iter(_read(by, pk=min(id_, LARGEST_ID))), None)


def _read(by: Officer, **which: int) -> list[Partner]:
    """Requests show themselves within their area alone, so all is read before that ends."""
    if not by.area:
        return []
    related = Agreement.objects.select_related("request").order_by("-valid_to", "-pk")
    keys = PartnerKey.objects.order_by("-added_at")
    found = Partner.objects.filter(officer__area__startswith=by.area, **which).order_by("division_code", "code")
    with acting(by.area, by):
        return list(
            found.select_related("officer", "made_by", "cut_off_by").prefetch_related(
                Prefetch("agreements", related), Prefetch("keys", keys)
            )
        )


def standing(agreement: Agreement, today: date) -> str:
    """How an agreement stands: asked, refused, taken_back, ahead, ending (soon), in_force, over or ended."""
    if agreement.revoked_by_id is not None:
        return "ended"
    if agreement.since is None:
        return agreement.request.state
    if agreement.valid_to < today:
        return "over"
    if agreement.valid_from > today:
        return "ahead"
    return "ending" if agreement.valid_to <= today + timedelta(days=read_exchange().warning_days) else "in_force"


def is_usable(key: PartnerKey, today: date) -> bool:
    """Whether a partner may sign with the key."""
    return key.withdrawn_at is None and key.valid_to >= today


def of_request(request: Request, *, by: Officer) -> Agreement | None:
    """The agreement that a request asks for."""
    with acting(by.area, by):
        found = Agreement.objects.select_related("partner", "partner__officer", "request")
        return found.filter(request=request).first()


@dataclass(frozen=True)
class Told:
    """What a partner was told within some days: counts by day and service, and, for whoever sees people, of whom.

    `people` are Given with the person's `ssn`, the latest first, at most PAGE; None for a duty that sees nobody.
    `next` is the id below which the following ones begin.
    """

    counts: list[dict[str, Any]]
    people: list[dict[str, Any]] | None
    next: int | None


def told(partner: Partner, since: date, until: date, *, by: Officer, after: int = 0) -> Told:
    """What a partner was told; the people that are listed count as seen. Raises Refused beyond the day's quota."""
    sees = by.may("person.see")
    with deed(
        by=by, action="exchange.given", permission="exchange.watch", purpose="supervision" if sees else ""
    ) as note:
        note.objects.append(f"partner:{partner.pk}")
        note.details.update(since=since.isoformat(), until=until.isoformat())
        within = Given.objects.filter(
            partner=partner, at__gte=midnight(since), at__lt=midnight(until + timedelta(days=1))
        )
        counts = list(_counted(within))
        if not sees:
            return Told(counts, None, None)
        page = list((within.filter(pk__lt=after) if after else within).order_by("-pk")[:PAGE])
        numbers = _numbers([one.person_id for one in page])
        count_as_seen(list(numbers), by, note)
        people = [{"given": one, "ssn": numbers.get(one.person_id)} for one in page]
        return Told(counts, people, page[-1].pk if len(page) == PAGE else None)


def _counted(within: QuerySet[Given]) -> QuerySet[Given, dict[str, Any]]:
    day = TruncDate("at", tzinfo=timezone.get_current_timezone())
    by_day = within.annotate(day=day).values("day", "service", "purpose")
    return by_day.annotate(times=Count("pk"), people=Count("person_id", distinct=True)).order_by("-day", "service")


def _numbers(ids: Sequence[int]) -> dict[int, str]:
    """The numbers of those of some people whom the officer may see."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, ssn FROM person WHERE id = ANY(%s)", [sorted(set(ids))])
        return {one["id"]: one["ssn"] for one in rows(cursor)}
