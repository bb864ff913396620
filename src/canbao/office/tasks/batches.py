"""Spreadsheets at the desk: a place's template to take away, and what comes back; wrong rows are given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from canbao.core.trouble import Trouble
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import unkept
from canbao.registry.access import Refused
from canbao.registry.places_now import places
from canbao.survey.actions import batches as actions
from canbao.survey.spreadsheets import surveyor_template

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST = 20 << 20
"""Bytes of an upload; a full template is two million."""
SHOWN = 100
"""Errors told on the page; the sheet that is given back has them all."""


@unkept
@require_GET
def batch(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Where templates are taken and brought back."""
    return _page(request, campaign_id)


@unkept
@require_GET
def template(request: HttpRequest, campaign_id: int, kind: str) -> HttpResponse:
    """A place's template: of entries or of assignments."""
    campaign, place = campaign_of(request, campaign_id), request.GET.get("place", "")
    makers = {"entries": actions.entry_sheet, "assignments": actions.assignment_sheet}
    if kind not in makers:
        raise Http404
    try:
        content = makers[kind](campaign=campaign, place=place, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("campaign_batch", campaign.pk)
    return _file(content, f"{kind}-{place}-{timezone.localdate():%Y%m%d}.xlsx")


@unkept
@require_POST
def upload(request: HttpRequest, campaign_id: int, kind: str) -> HttpResponse:
    """Take a filled template; what is right is taken, the rest given back."""
    takers = {"entries": actions.take_entries, "assignments": actions.take_assignments}
    if kind not in takers:
        raise Http404
    taken = _taken(request, takers[kind])
    return _page(request, campaign_id, **taken)


@unkept
@require_GET
def given_back(request: HttpRequest) -> HttpResponse:
    """The rows of one's last upload that were not taken, to be corrected and uploaded again."""
    file = _own(request)
    if not file.exists():
        raise Http404
    return FileResponse(file.open("rb"), as_attachment=True, filename="to-correct.xlsx", content_type=KIND)


@unkept
@require_GET
def surveyors_template(request: HttpRequest) -> HttpResponse:
    """An empty list of surveyors."""
    return _file(surveyor_template(), "surveyors.xlsx")


@unkept
@require_POST
def surveyors_upload(request: HttpRequest) -> HttpResponse:
    """Register the surveyors of a list."""
    days = [_day(request.POST.get(name, "")) for name in ("valid_from", "valid_to")]
    if None in days:
        messages.error(request, "请填写有效期")
        return redirect("surveyors")

    def take(*, content: bytes, by: Any) -> actions.Taken:
        return actions.take_surveyors(content=content, valid_from=days[0], valid_to=days[1], by=by)

    return render(request, "office/surveyors/uploaded.html", _taken(request, take))


def _taken(request: HttpRequest, take: Callable[..., actions.Taken]) -> dict[str, Any]:
    file = request.FILES.get("sheet")
    try:
        if not isinstance(file, UploadedFile) or not 0 < (file.size or 0) <= LARGEST:
            raise Refused(f"请选择不超过 {LARGEST >> 20} MB 的 .xlsx 文件")
        taken = take(content=file.read(), by=request.user)
    except (Refused, Trouble) as refusal:
        return {"refusal": str(refusal)}
    _keep(request, taken.sheet)
    return {"taken": taken, "errors": taken.errors[:SHOWN], "more": max(0, len(taken.errors) - SHOWN)}


def _keep(request: HttpRequest, sheet: bytes) -> None:
    """Keep the sheet to correct, one for each officer, for them alone."""
    file = _own(request)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    if sheet:
        file.touch(mode=0o600)
        file.write_bytes(sheet)


def _own(request: HttpRequest) -> Path:
    return Path(settings.SPOOL) / "given-back" / f"{request.user.pk}.xlsx"


def _page(request: HttpRequest, campaign_id: int, **more: Any) -> HttpResponse:
    campaign = campaign_of(request, campaign_id)
    area = request.user.area
    below = places().children(area) or (places().by_code[area],)
    shown = {
        **frame(request, campaign, "campaign_batch"),
        "places": [(area, "全部"), *((one.code, one.name) for one in below)] if len(area) >= 9 else [],
        "may_assign": request.user.may("task.assign"),
        **more,
    }
    return render(request, "office/tasks/batch.html", shown)


def _file(content: bytes, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=KIND)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
