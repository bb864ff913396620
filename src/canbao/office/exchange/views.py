"""The streams of one's area, one of them, and the desk for rows that lie aside."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from canbao.office.exchange.showing import REASONS, aside_row, bars, gap, seconds, span, states_of
from canbao.office.pages import begins_after, number, ticked, unkept
from canbao.registry.access import Refused
from canbao.registry.actions import aside_rows as actions
from canbao.registry.audit.thresholds import read_thresholds
from canbao.registry.streams import lying_aside, overseeing
from canbao.registry.streams.watching import Watched


@require_GET
def streams(request: HttpRequest) -> HttpResponse:
    """The partners of one's area, those with a trouble first."""
    found = overseeing.streams(by=request.user)
    shown = {"rows": [_row(one) for one in found], "may_decide": request.user.may(lying_aside.PERMISSION)}
    return render(request, "office/exchange/streams.html", shown)


@require_GET
def stream(request: HttpRequest, partner_id: int) -> HttpResponse:
    """One partner's stream."""
    found = overseeing.stream(partner_id, by=request.user)
    if found is None:
        raise Http404
    one, hours = found
    shown = {
        **_row(one), "gaps": [gap(bounds) for bounds in one.standing.gaps], "bars": bars(hours),
        "most": read_thresholds().exchange, "may_decide": request.user.may(lying_aside.PERMISSION),
        "counts": [("最近一小时", one.hour), ("今天", one.today)],
    }  # fmt: skip
    return render(request, "office/exchange/stream.html", shown)


@unkept
@require_GET
def aside(request: HttpRequest) -> HttpResponse:
    """Rows that lie aside, the oldest first."""
    asked = _asked(request.GET.get("partner", ""), request.GET.get("reason", ""))
    found = lying_aside.aside_rows(by=request.user, after=begins_after(request), **asked)
    shown = {
        "rows": [aside_row(one) for one in found], "asked": asked, "reasons": REASONS.items(),
        "partners": overseeing.own_partners(request.user), "longest": actions.LONGEST_REASON,
        "may_correct": request.user.may("correction.ask"), "may_compare": request.user.may("conflict.list"),
        "next": found[-1].id if len(found) == lying_aside.PAGE else None,
    }  # fmt: skip
    return render(request, "office/exchange/aside.html", shown)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Try the rows that are ticked again, or don't take them."""
    rows = ticked(request, "row")
    try:
        if request.POST.get("decision") == "again":
            many = actions.try_again(rows=rows, by=request.user)
            messages.success(request, f"{many} 条重新排队，几秒内就会处理")
        else:
            many = actions.drop(rows=rows, reason=request.POST.get("reason", ""), by=request.user)
            messages.success(request, f"{many} 条不予采用；内容已删除，合作系统会得知理由")
    except Refused as refusal:
        messages.error(request, str(refusal))
    asked = _asked(request.POST.get("partner", ""), request.POST.get("only", ""))
    return redirect(f"{reverse('exchange_aside')}?{urlencode({k: v for k, v in asked.items() if v})}")


def _row(one: Watched) -> dict[str, Any]:
    return {
        "one": one,
        "partner": one.partner,
        "states": states_of(one),
        "silent": span(one.now - one.heard_at) if one.heard_at else "",
        "waits": span(one.waits) if one.waiting else "",
        "middle": seconds(one.middle),
        "slow": seconds(one.slow),
    }


def _asked(partner: str, reason: str) -> dict[str, Any]:
    """What of the filters is known; the rest is as if it were not there."""
    return {"partner": number(partner) or 0, "reason": reason if reason in REASONS else ""}
