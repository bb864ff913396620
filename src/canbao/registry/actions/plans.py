"""Plans: how often a partner's list is due, and that it has come."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from canbao.law.exchange import read_exchange
from canbao.registry.access import Refused, require_area
from canbao.registry.deeds import deed
from canbao.registry.models import ExchangePlan, ExchangeRun, Officer, Partner
from canbao.registry.runs import require_list

UNITS = {"week": "星期", "month": "个月"}


def set_plan(*, partner: Partner, source: str, steps: int, unit: str, due_on: date, by: Officer) -> ExchangePlan:
    """Say how often a list is due, and when next; another plan for the same list is replaced."""
    with deed(by=by, action="plan.set", permission="exchange.drop") as note:
        note.objects.append(f"partner:{partner.pk}")
        require_area(by, partner.area)
        require_list(partner, source)
        if unit not in UNITS or not 1 <= steps <= read_exchange().plan_steps:
            raise Refused(f"请写明每几个星期或每几个月（1 至 {read_exchange().plan_steps}）")
        told = {"steps": steps, "unit": unit, "due_on": due_on, "set_by": by}
        return ExchangePlan.objects.update_or_create(partner=partner, source=source, defaults=told)[0]


def end_plan(*, plan: ExchangePlan, by: Officer) -> None:
    """A list is no longer due."""
    with deed(by=by, action="plan.end", permission="exchange.drop") as note:
        note.objects.append(f"partner:{plan.partner_id}")
        require_area(by, plan.partner.area)
        plan.delete()


def list_came(run: ExchangeRun) -> None:
    """A list has been compared: it is due again by its plan. One that comes a quarter of a step early is that one."""
    for plan in ExchangePlan.objects.filter(partner=run.partner, source=run.source):
        while run.as_of >= plan.due_on - (plan.due_on - moved(plan.due_on, plan.unit, -plan.steps)) / 4:
            plan.due_on = moved(plan.due_on, plan.unit, plan.steps)
        plan.save(update_fields=["due_on"])


def moved(day: date, unit: str, steps: int) -> date:
    """So many weeks or months after a day, or before it; a month's last day stands for days that it lacks."""
    if unit == "week":
        return day + timedelta(weeks=steps)
    year, month = divmod(day.year * 12 + day.month - 1 + steps, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
