"""What a county's archive room does with the volumes it is given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from canbao.office.archives.written import count, done, marks
from canbao.survey.actions import archive_room


@require_POST
def accept(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Take a volume over, as counted."""
    shelf = request.POST.get("shelf", "")
    return done(
        request, volume_id,
        lambda: archive_room.accept(
            volume_id=volume_id, sheets=count(request, "sheets"), forms=count(request, "forms"), shelf=shelf,
            by=request.user,
        ),
        "已接收，这个社区（村）已入库的任务随之归档",
    )  # fmt: skip


@require_POST
def refuse(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Give a volume back to the town."""
    words = request.POST.get("words", "")
    return done(
        request, volume_id, lambda: archive_room.refuse(volume_id=volume_id, words=words, by=request.user), "已退回镇街"
    )


@require_POST
def supplement(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Take in what came late."""
    return done(
        request, volume_id,
        lambda: archive_room.supplement(volume_id=volume_id, marks=marks(request), by=request.user),
        "已补收",
    )  # fmt: skip


@require_POST
def shelve(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Say where a volume lies now."""
    box, shelf = request.POST.get("box", ""), request.POST.get("shelf", "")
    return done(
        request, volume_id,
        lambda: archive_room.shelve(volume_id=volume_id, box=box, shelf=shelf, by=request.user),
        "存放位置已更新",
    )  # fmt: skip


@require_POST
def destroy(request: HttpRequest, volume_id: int) -> HttpResponse:
    """Write down that a volume was destroyed."""
    words = request.POST.get("words", "")
    return done(
        request, volume_id,
        lambda: archive_room.destroy(volume_id=volume_id, words=words, by=request.user),
        "已登记销毁",
    )  # fmt: skip
