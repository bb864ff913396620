"""The page of plans: which list is due how often, and when next."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from canbao.office.exchange_runs.forms import Planning
from canbao.registry.access import Refused, require
from canbao.registry.actions.plans import UNITS, end_plan, set_plan
from canbao.registry.lookup import LARGEST_ID
from canbao.registry.runs import own_plans
from canbao.registry.streams.listing import source_label


@require_http_methods(["GET", "POST"])
def plans(request: HttpRequest) -> HttpResponse:
    """The plans of one's area; whoever uploads lists makes them."""
    form = Planning(request.user, *((request.POST,) if request.method == "POST" else ()))
    if form.is_bound:
        require(request.user, "exchange.drop")
    if form.is_bound and form.is_valid() and _is_set(request, form):
        return redirect("exchange_plans")
    today = timezone.localdate()
    shown = {
        "form": form, "may_drop": request.user.may("exchange.drop"),
        "plans": [
            (plan, source_label(plan.source), f"每 {plan.steps} {UNITS[plan.unit]}", plan.due_on <= today)
            for plan in own_plans(request.user)
        ],
    }  # fmt: skip
    return render(request, "office/exchange_runs/plans.html", shown, status=400 if form.is_bound else 200)


def _is_set(request: HttpRequest, form: Planning) -> bool:
    said = form.cleaned_data
    try:
        set_plan(
            partner=form.partner(), source=form.source(), steps=said["steps"], unit=said["unit"],
            due_on=said["due_on"], by=request.user,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, "计划已保存")
    return True


@require_POST
def end(request: HttpRequest, plan_id: int) -> HttpResponse:
    """End a plan."""
    plan = own_plans(request.user).filter(pk=min(plan_id, LARGEST_ID)).first()
    if plan is None:
        raise Http404
    end_plan(plan=plan, by=request.user)
    messages.success(request, "计划已结束")
    return redirect("exchange_plans")
