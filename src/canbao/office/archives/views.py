"""The archive's pages: the villages of a campaign, a volume with its catalogue, finding, and what may be destroyed."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from canbao.law.survey import read_survey
from canbao.office.archives.written import volume_of
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.office.pages import number, unkept
from canbao.office.people.showing import place_name, show_name
from canbao.office.time_line import time_line
from canbao.registry.models import Officer
from canbao.survey import archiving
from canbao.survey.actions.archiving import SORTED_IN
from canbao.survey.archiving import Line
from canbao.survey.models import Volume
from canbao.survey.reckoning import FATES, SORTING

TOLD = ("missing", "late", "taken_out", "absent")
"""The fates that somebody has to do something about, or should know of at a glance."""
COLOURS = {
    "there": "green", "absent": "orange", "missing": "red", "late": "red", "taken_out": "yellow",
}  # fmt: skip


@require_GET
def archives(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The villages of a campaign, with their volumes and what became of the forms."""
    campaign, by = campaign_of(request, campaign_id), request.user
    after = _place_after(request)
    found = archiving.villages(campaign.pk, by=by, after=after)
    shown = {
        **frame(request, campaign, "archives"),
        "villages": [
            {"village": one, "name": village_name(one.place), "notes": _notes(one.counts.of)} for one in found
        ],
        "may_open": by.may("archive.sort") and campaign.state in SORTED_IN,
        "next": found[-1].place if len(found) == archiving.PAGE else "",
        "after": after,
    }
    return render(request, "office/archives/villages.html", shown)


@unkept
@require_GET
def volume(request: HttpRequest, volume_id: int) -> HttpResponse:
    """A volume: where it lies, what is in it, what is missing, and what can be done with it."""
    volume_of(request, volume_id)
    only, page = request.GET.get("only", ""), _page(request)
    found = archiving.opened(volume_id, by=request.user, only=only, page=page)
    if found is None:
        raise Http404
    one = found.volume
    shown = {
        **frame(request, one.campaign, "archives"),
        **_may(request.user, one),
        "volume": one,
        "name": village_name(one.place),
        "counts": found.counts,
        "fates": [(id_, label, found.counts.of[id_]) for id_, label in FATES.items() if found.counts.of[id_]],
        "only": only if only in FATES else "",
        "absences": read_survey().absences,
        "line": time_line("volume", found.moves),
        "page": Paginator(range(found.many), archiving.PAGE).get_page(page),
        "kept": urlencode({"only": only}) + "&" if only in FATES else "",
    }
    shown["rows"] = [_row(line, one, shown) for line in found.lines]
    shown["has_marks"] = any(row["is_marked"] for row in shown["rows"])
    shown["late_by_phone"] = found.late_by_phone if shown["may_supplement"] else 0
    return render(request, "office/archives/volume.html", shown)


@require_GET
def finding(request: HttpRequest) -> HttpResponse:
    """Volumes by box, shelf, village or the number of a task."""
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("box", "shelf", "place", "task")}
    task = asked["task"]
    key = number(task) or 0
    words = {name: asked[name] for name in ("box", "shelf", "place")}
    is_asked = any(asked.values())
    found = archiving.find(by=request.user, task=key, **words) if is_asked and (key or not task) else []
    shown = {
        "asked": asked,
        "is_asked": is_asked,
        "volumes": [(one, village_name(one.place)) for one in found],
        "is_cut": len(found) == archiving.PAGE,
        "may_destroy": request.user.may("archive.accept"),
    }
    return render(request, "office/archives/finding.html", shown)


@require_GET
def due(request: HttpRequest) -> HttpResponse:
    """The volumes whose time is over."""
    volumes = [(one, village_name(one.place)) for one in archiving.due(by=request.user)]
    return render(request, "office/archives/due.html", {"volumes": volumes})


def village_name(place: str) -> str:
    """A village with its county; where only the town is known, that is said."""
    return place_name(place) if len(place) == 12 else f"{place_name(place)}（没有定社区、村）"


def _place_after(request: HttpRequest) -> str:
    after = request.GET.get("after", "")
    return "" if number(after, 12) is None else after


def _page(request: HttpRequest) -> int:
    return number(request.GET.get("page", ""), 6) or 1


def _notes(counts: Any) -> list[tuple[str, int, str]]:
    return [(FATES[id_], counts[id_], COLOURS[id_]) for id_ in TOLD if counts[id_]]


def _may(by: Officer, one: Volume) -> dict[str, bool]:
    """What the officer may do with the volume as it is."""
    sorts, keeps = by.may("archive.sort"), by.may("archive.accept")
    is_over = one.destroy_on is not None and one.destroy_on < timezone.localdate()
    return {
        "may_mark": sorts and one.state in SORTING and one.campaign.state in SORTED_IN,
        "may_accept": keeps and one.state == "handed_over",
        "may_supplement": keeps and one.state == "accepted",
        "may_destroy": keeps and one.state == "accepted" and is_over,
    }


def _row(line: Line, one: Volume, may: dict[str, Any]) -> dict[str, Any]:
    task, form = line.row["task"], line.form
    can_be_there = form.needs_paper or (form.has_paper and line.fate != "taken_out")
    is_late = line.fate in ("late", "absent") and form.needs_paper
    return {
        "task": task,
        "name": show_name(line.row["name"]),
        "number": line.number,
        "fate": FATES[line.fate],
        "colour": COLOURS.get(line.fate, "secondary"),
        "why": line.why,
        "is_there": line.fate == "there",
        "chosen": one.absent.get(str(task.pk), "") if line.fate == "absent" else "",
        "is_marked": (may["may_mark"] and can_be_there) or (may["may_supplement"] and is_late),
        "may_be_absent": form.needs_paper,
    }
