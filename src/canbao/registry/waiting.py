"""What waits for an officer: counts within the officer's area, only of what the duty may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from canbao.law.duties import read_duties
from canbao.registry import requests
from canbao.registry.access import acting
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.auditing import latest_alarms
from canbao.registry.conflicts import CITY, own_conflicts
from canbao.registry.duplicates import own_duplicates
from canbao.registry.emergencies import to_review
from canbao.registry.models import STREAMING, Emergency, Officer, Package, Work
from canbao.registry.quotas import seen_today
from canbao.registry.runs import overdue_plans


@dataclass(frozen=True)
class Waiting:
    """Packages by state, open conflicts and duplicates, running work, people seen today of how many, alarms of a week.

    `emergencies` are those to review.

    `to_decide` are the requests that wait for the officer's decision, `overdue` those of the area, or of one's own,
    that nobody has decided in time. `due_lists` are departments' lists that should have come.

    None where not allowed.
    """

    packages: dict[str, int] | None
    conflicts: int | None
    duplicates: int | None
    work: int | None
    seen: int | None
    most: int
    alarms: list[dict[str, Any]] | None = None
    emergencies: list[Emergency] | None = None
    to_decide: int | None = None
    overdue: int | None = None
    due_lists: int = 0

    @property
    def nearly(self) -> int:
        """How many people are nearly all that may be seen in a day."""
        return self.most * read_thresholds().quota_percent // 100


def waiting_for(by: Officer) -> Waiting:
    """Count what waits for an officer."""
    duty = read_duties().duties.get(by.duty)
    to_decide, overdue = _requests(by)
    return Waiting(
        packages=_packages(by) if by.may("package.see") else None,
        conflicts=_conflicts(by) if by.may("conflict.list") else None,
        duplicates=_duplicates(by) if by.may("duplicate.list") else None,
        work=own_work(by).filter(ended_at=None).count() if by.may("work.see") else None,
        seen=seen_today(by) if by.may("person.search") else None,
        most=duty.people_a_day if duty else 0,
        alarms=latest_alarms(by=by) if by.may("alarm.see") else None,
        emergencies=to_review(by) if by.may("emergency.review") else None,
        to_decide=to_decide,
        overdue=overdue,
        due_lists=overdue_plans(by).count() if by.may("exchange.drop") else 0,
    )


def _requests(by: Officer) -> tuple[int | None, int | None]:
    """How many requests the officer has to decide, and how many are overdue; None where the duty doesn't see them."""
    if not by.may("request.see") or not by.area:
        return None, None
    with acting(by.area, by):
        decides = any(by.may(one.approve) for one in read_duties().decisions.values())
        late = requests.overdue(requests.own_requests(by)).count()
        return (requests.to_decide(by).count() if decides else None), late


def own_work(by: Officer) -> QuerySet[Work]:
    """The background work that concerns an officer: that of the city, which is where packages come from."""
    return Work.objects.filter(area__startswith=by.area[:CITY]) if by.area else Work.objects.none()


def _packages(by: Officer) -> dict[str, int]:
    if not by.area:
        return {}
    within = Package.objects.filter(division_code__startswith=by.area[:CITY]).exclude(state=STREAMING)
    return dict(within.values_list("state").annotate(count=Count("id")).order_by())


def _conflicts(by: Officer) -> int:
    """As many as the list has; whose people they are about is seen within the area alone."""
    if not by.area:
        return 0
    with acting(by.area, by):
        return own_conflicts(by).filter(state="open").count()


def _duplicates(by: Officer) -> int:
    """As many as the list has."""
    if not by.area:
        return 0
    with acting(by.area, by):
        return own_duplicates(by).filter(state="open").count()
