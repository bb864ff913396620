"""Runs of an officer's area, their rows, and which lists a partner may give by its agreements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from canbao.core.pushed import ITEMS
from canbao.registry.access import Refused, acting
from canbao.registry.database import rows
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.models import FULL, Agreement, ExchangePlan, ExchangeRun, Officer, Partner
from canbao.registry.partners import agreements_in_force, require_agreed, require_within
from canbao.registry.streams.listing import source_label

COMPARE = "compare"
OPEN = ("received", "held", "checked", "carrying")
"""The states of runs that are not over."""
PAGE = 100


@dataclass(frozen=True)
class Choice:
    """A list that a partner may give: its key on forms, `partner:source`, and its words."""

    key: str
    label: str


def own_partners(by: Officer) -> QuerySet[Partner]:
    """The partners of the officer's area."""
    found = Partner.objects.select_related("officer").order_by("division_code", "code")
    return found.filter(officer__area__startswith=by.area) if by.area else found.none()


def own_runs(by: Officer) -> QuerySet[ExchangeRun]:
    """The runs of the officer's area, the latest first."""
    found = ExchangeRun.objects.select_related("partner__officer", "agreement", "received_by", "work")
    return found.filter(partner__in=own_partners(by)).order_by("-pk")


def own_run(id_: int, by: Officer) -> ExchangeRun | None:
    """One of them."""
    return own_runs(by).filter(pk=min(id_, LARGEST_ID)).first()


def choices(by: Officer) -> list[Choice]:
    """The lists that may be compared today, by agreements in force with partners of the officer's area."""
    found = []
    for partner in own_partners(by).filter(cut_off_at=None):
        agreed = agreements_in_force(partner).filter(services__contains=[COMPARE])
        sources = dict.fromkeys(source for one in agreed for source in sources_of(one))
        found += [Choice(f"{partner.pk}:{one}", f"{partner.label}：{source_label(one)}") for one in sources]
    return found


def sources_of(agreement: Agreement) -> list[str]:
    """Which lists may come under an agreement."""
    return [*agreement.rows, *([ITEMS] if agreement.items_in else [])]


def require_list(partner: Partner, source: str) -> Agreement:
    """The latest agreement under which a partner's list may be compared today; raises PartnerRefused without one."""
    latest = require_agreed(partner, COMPARE)
    granting = agreements_in_force(partner).filter(services__contains=[COMPARE]).order_by("-since")
    found = next((one for one in granting if source in sources_of(one)), latest)
    require_within([source], sources_of(found), "名单")
    return found


def last_full(run: ExchangeRun) -> ExchangeRun | None:
    """The latest complete list of the same kind before a run."""
    before = ExchangeRun.objects.filter(partner=run.partner, source=run.source, kind=FULL, state="done")
    return before.exclude(pk=run.pk).order_by("-as_of", "-pk").first()


def lines(run: ExchangeRun, outcome: str, after: int, by: Officer) -> list[dict[str, Any]]:
    """Rows of a run that came out in a way: number and reason, nothing of the person."""
    with acting(by.area, by), connection.cursor() as cursor:
        cursor.execute(_LINES, [run.pk, outcome, after, PAGE])
        return rows(cursor)


def own_plans(by: Officer) -> QuerySet[ExchangePlan]:
    """The plans of the officer's area, what is due first."""
    found = ExchangePlan.objects.select_related("partner", "set_by").order_by("due_on", "pk")
    return found.filter(partner__in=own_partners(by))


def overdue_plans(by: Officer) -> QuerySet[ExchangePlan]:
    """Plans whose day has come and no list with it; not of partners that are cut off."""
    return own_plans(by).filter(due_on__lte=timezone.localdate(), partner__cut_off_at=None)


def require_order(partner: Partner, source: str, as_of: date) -> None:
    """Raise Refused while another run of the list is open, or if a later complete list has been compared already."""
    own = ExchangeRun.objects.filter(partner=partner, source=source)
    busy = own.filter(state__in=OPEN).first()
    if busy is not None:
        raise Refused(f"这种名单还有比对批次 {busy.pk} 没有办完；请先办完或取消它")
    later = own.filter(kind=FULL, state="done", as_of__gt=as_of).order_by("-as_of").first()
    if later is not None:
        raise Refused(f"批次 {later.pk} 已经比对过 {later.as_of} 的完整名单；更早的名单不再比对")


_LINES = """
SELECT row, says FROM exchange_run_row WHERE run_id = %s AND outcome = %s AND row > %s AND NOT ends
ORDER BY row LIMIT %s
"""
