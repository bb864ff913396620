"""Samples: drawn by lot, telephoned about or looked at again, and what came of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from canbao.law.survey import read_survey
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import number, unkept
from canbao.office.shell import area_name
from canbao.office.tasks.showing import in_words
from canbao.registry.access import Refused
from canbao.survey import reviewing
from canbao.survey.actions import sampling


@require_GET
def samples(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The samples of one's area."""
    campaign = campaign_of(request, campaign_id)
    shown = {
        **frame(request, campaign, "samples"),
        "rows": reviewing.samples(campaign.pk, by=request.user),
        "percent": read_survey().rules.spot_check_percent,
        "kinds": [
            (kind, label)
            for kind, label in (("phone", "电话核实（审核前）"), ("recheck", "事后抽查（入库后）"))
            if request.user.may(sampling.KINDS[kind][0])
        ],
    }
    return render(request, "office/reviews/samples.html", shown)


@require_POST
def draw(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Draw one."""
    campaign = campaign_of(request, campaign_id)
    try:
        sample = sampling.draw(
            campaign=campaign, kind=request.POST.get("kind", ""), by=request.user,
            percent=number(request.POST.get("percent", ""), 3) or 0,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("samples", campaign.pk)
    return redirect("sample", sample.pk)


@unkept
@require_GET
def sample(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Whom to call, and what came of it."""
    found = reviewing.drawn(sample_id, by=request.user)
    if found is None:
        raise Http404
    one, rows = found
    shown = {
        **frame(request, one.campaign, "samples"),
        "sample": one,
        "results": sampling.RESULTS.items(),
        "rows": [
            {
                "drawn": row["drawn"], "task": row["task"], "name": row["name"], "place": area_name(row["task"].place),
                "mobile": _telephone(row), "said": _said(row),
            }
            for row in rows
        ],
    }  # fmt: skip
    return render(request, "office/reviews/sample.html", shown)


@require_POST
def record(request: HttpRequest, sample_id: int, drawn_id: int) -> HttpResponse:
    """What came of one call."""
    try:
        sampling.record(
            drawn_id=drawn_id, result=request.POST.get("result", ""), words=request.POST.get("words", ""),
            by=request.user,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "已登记")
    return redirect("sample", sample_id)


def _telephone(row: dict) -> str:
    entry = row["entry"]
    said = (entry.answers.get("mobile") or entry.answers.get("phone")) if entry else ""
    return said or row["mobile"] or "—"


def _said(row: dict) -> str:
    entry = row["entry"]
    if entry is None:
        return ""
    names = ("employment_status", "no_unit_type", "uninsured_reason")
    return "；".join(in_words(name, entry.answers[name]) for name in names if entry.answers.get(name))
