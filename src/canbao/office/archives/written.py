"""What is written into the archive's forms: counts, and what is said of each form in a list."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from canbao.office.pages import number
from canbao.registry.access import Refused
from canbao.survey.archiving import found_volume
from canbao.survey.models import Volume


def volume_of(request: HttpRequest, volume_id: int) -> Volume:
    """The volume of an address, or 404 where the officer has none such."""
    volume = found_volume(volume_id, by=request.user)
    if volume is None:
        raise Http404
    return volume


def done(request: HttpRequest, volume_id: int, verb: Callable[[], object], words: str) -> HttpResponse:
    """Do it and go back to the volume, to the lines that were looked at, with `words` or what stood against it.

    404 where the officer has no such volume.
    """
    volume = volume_of(request, volume_id)
    try:
        verb()
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    kept = {name: request.POST[name][:20] for name in ("only", "page") if request.POST.get(name)}
    address = reverse("volume", args=[volume.pk])
    return redirect(f"{address}?{urlencode(kept)}" if kept else address)


def count(request: HttpRequest, name: str) -> int:
    """A count that somebody has written; raises Refused for what is none."""
    written = number(request.POST.get(name, "").strip(), 6)
    if written is None:
        raise Refused("请填写清点的张数和份数（整数）")
    return written


def marks(request: HttpRequest) -> dict[int, str]:
    """What is said of each form of the list: `there`, why it is absent, or nothing; raises Refused for both at once."""
    found: dict[int, str] = {}
    for text in request.POST.getlist("row")[:500]:
        key = number(text)
        if key is None:
            raise Refused("这一页的清单不完整；请刷新后再标")
        is_there, why = f"there-{text}" in request.POST, request.POST.get(f"why-{text}", "")
        if is_there and why:
            raise Refused(f"任务 {text} 既标了在卷，又选了缺的原因；请去掉一个")
        found[key] = "there" if is_there else why
    return found
