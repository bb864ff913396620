"""What a town does with a village's papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from canbao.office.archives.written import count, done, marks
from canbao.office.campaigns.tabs import campaign_of
from canbao.registry.access import Refused
from canbao.survey.actions import archiving


@require_POST
def open_volume(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Begin to sort the papers of a village."""
    campaign = campaign_of(request, campaign_id)
    try:
        place = request.POST.get("place", "")[:12]
        volume = archiving.open_volume(campaign_id=campaign.pk, place=place, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("archives", campaign.pk)
    return redirect("volume", volume.pk)


@require_POST
def mark(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Say of the forms of a page which are there and why others are not."""
    return done(
        request, volume_id, lambda: archiving.mark(volume_id=volume_id, marks=marks(request), by=request.user), "已保存"
    )


@require_POST
def mark_all(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Save what is said of the forms of a page, and say that all the others are there."""
    return done(
        request, volume_id,
        lambda: archiving.mark_all(volume_id=volume_id, marks=marks(request), by=request.user),
        "本页已保存，其余的都标为在卷了",
    )  # fmt: skip


@require_POST
def put_in_box(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Say in which box they lie."""
    box = request.POST.get("box", "")
    return done(
        request, volume_id, lambda: archiving.put_in_box(volume_id=volume_id, box=box, by=request.user), "盒号已保存"
    )


@require_POST
def hand_over(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Give them to the county, as counted."""
    return done(
        request, volume_id,
        lambda: archiving.hand_over(
            volume_id=volume_id, sheets=count(request, "sheets"), forms=count(request, "forms"), by=request.user
        ),
        "已移交，等县区清点接收",
    )  # fmt: skip
