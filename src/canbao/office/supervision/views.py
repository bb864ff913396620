"""Pace, quality, the tasks with a mark, and the week's report."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from procrastinate.exceptions import AlreadyEnqueued

from canbao.core.dates import read_day
from canbao.law.supervision import read_supervision
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import begins_after, number, unkept
from canbao.office.supervision.maps import map_of
from canbao.office.supervision.paper import on_paper
from canbao.office.supervision.showing import (
    CHECKS,
    RESULTS,
    day_chart,
    detail_label,
    map_values,
    rank_chart,
    states_in_order,
    way_down,
)  # fmt: skip
from canbao.registry.access import acting
from canbao.survey.models import Campaign
from canbao.survey.supervision import pace as paces
from canbao.survey.supervision import quality as qualities
from canbao.survey.supervision.standing import View
from canbao.survey.supervision.weekly import Weekly, named, weekly, weeks

CITY = 4


@require_GET
def pace(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Plan against done, one level at a time."""
    campaign = campaign_of(request, campaign_id)
    found = paces.pace(campaign.pk, by=request.user, place=_place(request))
    shown = {
        **_around(request, campaign, found.view), "pace": found, "rules": read_supervision().pace,
        "lines": [(one, named(str(one.key))) for one in found.places], "stuck": states_in_order(found.whole.stuck),
        "day_chart": day_chart(found.days), "rank_chart": rank_chart(found.places),
    }  # fmt: skip
    if len(found.view.place) == CITY:
        has_map = map_of(campaign) is not None
        shown |= {"is_city": True, "has_map": has_map, "map_values": map_values(found.places) if has_map else []}
    return render(request, "office/supervision/pace.html", shown)


@require_GET
def quality(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """What is remarkable, counted by place and by surveyor."""
    campaign = campaign_of(request, campaign_id)
    found = qualities.quality(campaign.pk, by=request.user, place=_place(request))
    shown = {
        **_around(request, campaign, found.view), "quality": found,
        "marks": [(rule, many := found.whole.marks.get(rule.id, 0), found.whole.share(many)) for rule in found.rules],
        "places": [_row(one, named(str(one.key)), found) for one in found.places],
        "surveyors": [_row(one, one.name, found) for one in found.surveyors],
        "details": [
            (kind, found_rule.label, [(id_, detail_label(kind, id_), many) for id_, many in _most(counts)])
            for kind, counts in sorted(found.details.items())
            if (found_rule := read_supervision().by_id[kind])
        ],
        "checks": [
            (label, [(result, found.checks[kind].get(id_, 0)) for id_, result in RESULTS.items()])
            for kind, label in CHECKS.items()
            if kind in found.checks
        ],
    }  # fmt: skip
    return render(request, "office/supervision/quality.html", shown)


@require_GET
def marked(request: HttpRequest, campaign_id: int, kind: str) -> HttpResponse:
    """The tasks with a mark, or those that are stuck: their numbers, and never whose they are."""
    campaign = campaign_of(request, campaign_id)
    rule = read_supervision().by_id.get(kind)
    if rule is None and kind != qualities.STUCK:
        raise Http404
    detail, surveyor = request.GET.get("detail", "")[:40], number(request.GET.get("surveyor", ""))
    view, found = qualities.marked(
        campaign.pk, kind, by=request.user, place=_place(request), surveyor=surveyor, detail=detail,
        after=begins_after(request),
    )  # fmt: skip
    kept = "&".join(f"{name}={request.GET[name]}" for name in ("place", "surveyor") if _is_plain(request, name))
    shown = {
        **_around(request, campaign, view), "rule": rule, "rules": read_supervision().pace,
        "detail": detail_label(kind, detail) if rule and detail else "", "kept": kept,
        "found": [(one, named(one.place), detail_label(kind, one.detail)) for one in found],
        "next": found[-1].id if len(found) == qualities.PAGE else None,
    }  # fmt: skip
    return render(request, "office/supervision/marked.html", shown)


@require_GET
def report(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """A week's report, to be printed."""
    campaign = campaign_of(request, campaign_id)
    today = timezone.localdate()
    found = _weekly(request, campaign, today)
    shown = {
        **frame(request, campaign, "supervision"), "weekly": found, "place": found.whole.code,
        "weeks": [(one, one == found.begins) for one in weeks(campaign.starts_on, today)],
        "day_chart": day_chart(list(found.days)), "printed_on": today,
    }  # fmt: skip
    return render(request, "office/supervision/report.html", shown)


@require_POST
def count_now(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Have the figures by day and the marks made now; once at a time for each campaign."""
    from canbao.office import jobs

    campaign = campaign_of(request, campaign_id)
    with suppress(AlreadyEnqueued):
        jobs.watch_survey.configure(queueing_lock=f"watch_survey {campaign.pk}").defer(campaign_id=campaign.pk)
    messages.success(request, "正在统计，请稍后刷新本页")
    return redirect("supervision_quality" if "quality" in request.POST else "supervision", campaign.pk)


@unkept
@require_GET
def report_paper(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The same report as a PDF, in the city's own words."""
    campaign, today = campaign_of(request, campaign_id), timezone.localdate()
    found = _weekly(request, campaign, today)
    with acting(request.user.area, request.user):
        content = on_paper(found, campaign, today)
    answer = HttpResponse(content, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="weekly-{found.begins:%Y%m%d}.pdf"'
    return answer


def _weekly(request: HttpRequest, campaign: Campaign, today: date) -> Weekly:
    """The report of the week that is asked for, or of this one."""
    week = min(read_day(request.GET.get("week", "")[:10]) or today, today)
    return weekly(campaign.pk, _place(request), week, request.user)


def _around(request: HttpRequest, campaign: Campaign, view: View) -> dict[str, Any]:
    """The frame, the way down to the place, and where one goes from there."""
    home = reverse("supervision", args=[campaign.pk])
    return {
        **frame(request, campaign, "supervision"), "place": view.place, "way_down": way_down(view, request.user),
        "may_go_down": view.digits > len(view.place), "may_list": request.user.may("task.list"),
        "may_open": request.user.may("task.see"), "may_urge": request.user.may("survey.urge"),
        "here": request.path, "home": home, "marked": f"{home}marked/",
    }  # fmt: skip


def _row(one: qualities.Marked, name: str, found: qualities.Quality) -> tuple[qualities.Marked, str, list[Any]]:
    return one, name, [(rule.id, one.marks.get(rule.id, 0)) for rule in found.rules]


def _most(counts: dict[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def _place(request: HttpRequest) -> str:
    return request.GET.get("place", "")[:12]


def _is_plain(request: HttpRequest, name: str) -> bool:
    return number(request.GET.get(name, "")) is not None
