"""The form of a campaign: what it asks now, and publishing another version of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.core.survey_form import SEVERITIES, Form, options_of
from canbao.law.reader import read_law
from canbao.law.survey import Question, read_survey
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.registry.access import Refused, acting
from canbao.survey.actions.campaigns import publish_form
from canbao.survey.form import MOST_EXTRA, form_of, read_overlay
from canbao.survey.models import OVER, Campaign, FormVersion

LABELS = {"block": "不改不能提交", "warn": "写明原因可提交", "ignore": "不提示"}


@require_http_methods(["GET", "POST"])
def form(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The form as it is; the city publishes another one from here."""
    campaign = campaign_of(request, campaign_id)
    may_change = request.user.may("survey_form.change") and campaign.area == request.user.area
    refusal = ""
    if request.method == "POST":
        try:
            version = publish_form(
                campaign=campaign, overlay=_overlay(request), moves_up="moves_up" in request.POST, by=request.user
            )
        except Refused as problem:
            refusal = str(problem)
        else:
            messages.success(request, f"登记表第 {version.number} 版已启用")
            return redirect("campaign_form", campaign.pk)
    with acting(request.user.area, request.user):
        shown = _shown(campaign)
    shown["may_change"] = may_change and campaign.state not in OVER
    shown |= {**frame(request, campaign, "campaign_form"), "refusal": refusal}
    return render(request, "office/campaigns/form.html", shown)


def _shown(campaign: Campaign) -> dict[str, Any]:
    law, current = read_survey(), form_of(campaign.pk, campaign.form)
    versions = list(FormVersion.objects.filter(campaign=campaign).select_related("by").order_by("-number"))
    overlay = read_overlay(versions[0].overlay)
    return {
        "sections": [
            (section.label, [_question(one, current) for one in section.questions]) for section in law.sections
        ],
        "needed": overlay.needed,
        "findings": [
            {"finding": one, "severity": next(each.severity for each in current.findings if each.id == one.id)}
            for one in law.findings
        ],
        "severities": LABELS.items(),
        "extra": [
            {"number": place, "question": question}
            for place, question in enumerate([*overlay.extra, *[None] * 3][:MOST_EXTRA], 1)
        ],
        "versions": versions,
    }


def _question(one: Question, current: Form) -> dict[str, Any]:
    options = options_of(one, read_law())
    return {
        "question": one, "is_shown": one.id in current.questions,
        "options": "、".join(f"{code} {label}" for code, label in options[:12]) + ("…" if len(options) > 12 else ""),
    }  # fmt: skip


def _overlay(request: HttpRequest) -> dict[str, Any]:
    said, law = request.POST, read_survey()
    hidden = [one.id for one in law.questions.values() if not one.core and f"show_{one.id}" not in said]
    severities = {
        one.id: said[f"severity_{one.id}"]
        for one in law.findings
        if said.get(f"severity_{one.id}") in SEVERITIES and said[f"severity_{one.id}"] != one.severity
    }
    needed = [one.id for one in law.questions.values() if f"need_{one.id}" in said]
    return {"hidden": hidden, "needed": needed, "severities": severities, "extra": [*_extra(request)]}


def _extra(request: HttpRequest) -> Any:
    for number in range(1, MOST_EXTRA + 1):
        label = request.POST.get(f"extra_{number}", "").strip()
        if not label:
            continue
        options = [one.strip() for one in request.POST.get(f"options_{number}", "").replace("；", ";").split(";")]
        coded = [(str(place), one) for place, one in enumerate(filter(None, options), 1)]
        yield {"id": f"extra_{number}", "label": label[:60], "longest": 200, **({"options": coded} if coded else {})}
