"""Whether a change of places can be: looked at against the tree, and against what others ask or have had decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from canbao.core.place_changes import ChangeRefused, Row, checked
from canbao.registry.access import Refused
from canbao.registry.models import PlaceChange, Request
from canbao.registry.places_now import forget, places, rows_of

PLACES = 0x706C6163
"""The lock of whoever asks for or decides a change of places: two that contradict each other can't be at it at once."""
FIRST_DAY = date(2017, 11, 1)
"""The tree that comes with the program is that of the day before."""
FARTHEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Wanted:
    """A change that somebody wants: its kind, its first day, and the rows as they were written."""

    kind: str
    day: date
    rows: tuple[Row, ...]

    @property
    def content(self) -> dict[str, Any]:
        """As a request keeps it."""
        rows = [[row.old, row.new, row.name] for row in self.rows]
        return {"kind": self.kind, "day": self.day.isoformat(), "rows": rows}


def wanted(content: dict[str, Any]) -> Wanted:
    """What a request asks for."""
    rows = tuple(Row(*map(str, row)) for row in content["rows"])
    return Wanted(str(content["kind"]), date.fromisoformat(content["day"]), rows)


def possible(change: Wanted, but: Request | None = None) -> tuple[Row, ...]:
    """The rows written out; raises Refused if the change can't be, or if another one has the place already."""
    if not FIRST_DAY <= change.day <= timezone.localdate() + FARTHEST:
        raise Refused(f"生效日应在 {FIRST_DAY} 以后、三年以内；请核对文件上的日期")
    forget()
    try:
        rows = checked(change.kind, change.rows, places())
    except ChangeRefused as problem:
        raise Refused(str(problem)) from problem
    touched = codes_of(rows)
    _require_untaken(touched, but)
    _require_no_later(touched, change.day)
    return rows


def own_places() -> None:
    """Be the only one who asks for or decides a change of places till this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PLACES])


def codes_of(rows: Iterable[Row]) -> set[str]:
    """All codes that a change is about."""
    return {code for row in rows for code in (row.old, row.new) if code}


def common(some: set[str], others: set[str]) -> str:
    """A code of both, or one that lies in a place of the other's; empty if there is none."""
    for one, other in ((some, others), (others, some)):
        for code in sorted(one):
            if any(code[:digits] in other for digits in (6, 9, 12) if digits <= len(code)):
                return code
    return ""


def _require_untaken(touched: set[str], but: Request | None) -> None:
    """Raise Refused if another change that waits, for a decision or for its day, is about the same places."""
    asked = Request.objects.filter(kind__in=("place_change", "place_list"), state="asked")
    for request in asked.exclude(pk=but.pk) if but else asked:
        code = common(touched, codes_of(wanted(request.content).rows))
        if code:
            raise Refused(f"{code} 已在另一份待核准的变更里（编号 {request.pk}）；请等它决定，或请申请人收回")
    for change in PlaceChange.objects.filter(state__in=("approved", "revoking")):
        code = common(touched, codes_of(rows_of([change])[0]))
        if code:
            raise Refused(f"{code} 已在另一份变更里（编号 {change.request_id}，{change.day} 生效）；请等它生效后再申请")


def _require_no_later(touched: set[str], day: date) -> None:
    """Raise Refused for a change that would come before one that is in force already."""
    for change in PlaceChange.objects.filter(state__in=("following", "in_force"), day__gt=day):
        code = common(touched, codes_of(rows_of([change])[0]))
        if code:
            raise Refused(f"{code} 在 {change.day} 已有变更（编号 {change.request_id}）；生效日请写在那一天或以后")


def require_revocable(change: PlaceChange | None) -> None:
    """Raise Refused unless the change can be taken back: it has not begun, or is in force with none resting on it."""
    if change is None or change.state not in ("approved", "in_force"):
        raise Refused("只有待生效或已生效的变更可以撤销；正在生效的请等它完成")
    (rows,) = rows_of([change])
    touched = codes_of(rows)
    later = PlaceChange.objects.filter(state__in=("approved", "following", "in_force"), day__gte=change.day)
    for other in later.exclude(pk=change.pk):
        if (other.day, other.pk) > (change.day, change.pk) and common(touched, codes_of(rows_of([other])[0])):
            raise Refused(f"后来的变更（编号 {other.request_id}）是在它之上做的；请先撤销那一项")
