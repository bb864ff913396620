"""What waits for an officer: counts within the officer's area, only of what the duty may see."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from canbao.law.duties import read_duties
from canbao.registry.lookup import seen_today
from canbao.registry.models import Conflict, Officer, Package, Work


@dataclass(frozen=True)
class Waiting:
    """Packages by state, open conflicts, running work, and people seen today of how many; None where not allowed."""

    packages: dict[str, int] | None
    conflicts: int | None
    work: int | None
    seen: int | None
    most: int

    @property
    def nearly(self) -> int:
        """How many people are nearly all that may be seen in a day."""
        return self.most * 4 // 5


def waiting_for(by: Officer) -> Waiting:
    """Count what waits for an officer."""
    duty = read_duties().duties.get(by.duty)
    return Waiting(
        packages=_packages(by.area) if by.may("package.see") else None,
        conflicts=_conflicts(by.area) if by.may("conflict.see") else None,
        work=Work.objects.filter(area__startswith=by.area, ended_at=None).count() if by.may("work.see") else None,
        seen=seen_today(by) if by.may("person.search") else None,
        most=duty.people_a_day if duty else 0,
    )


def _packages(area: str) -> dict[str, int]:
    within = Package.objects.filter(division_code__startswith=area)
    return dict(within.values_list("state").annotate(count=Count("id")).order_by())


def _conflicts(area: str) -> int:
    return Conflict.objects.filter(state="open", division_code__startswith=area).count()
