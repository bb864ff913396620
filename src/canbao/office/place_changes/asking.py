"""Asking for a change of places: its kind, its form, a look at what it would move, and the request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from canbao.core.dates import read_day
from canbao.core.place_changes import KINDS, ChangeRefused, Row
from canbao.core.place_changes.comparing import Comparison, compare, read_list
from canbao.law.places import Place
from canbao.office.place_changes.building import BUILDERS
from canbao.office.place_changes.forms import Asking, Changing, Listing
from canbao.office.place_changes.showing import moved_lines
from canbao.office.place_changes.writing import as_text, from_text
from canbao.registry.access import Refused, require_area
from canbao.registry.actions.place_changes import ask_change, preview
from canbao.registry.actions.place_checking import Wanted
from canbao.registry.place_changes import moved_by, unclear_in
from canbao.registry.places_now import places

EXAMPLES = {
    "split": "一个街道分成两个，或分出一部分社区新设一个",
    "merge": "几个街道或社区并成一个",
    "transfer": "一批社区（村）划给另一个现有的街道",
    "rename": "换名称、换代码，或都换",
    "new": "新设一个还没有人的区划",
}
MOST_HEIRS = 300


@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Which kind of change, of which place."""
    kinds = [(kind, KINDS[kind], words) for kind, words in EXAMPLES.items()]
    return render(request, "office/place_changes/choose.html", {"kinds": kinds, "code": request.GET.get("place", "")})


@require_http_methods(["GET", "POST"])
def fill_in(request: HttpRequest, kind: str) -> HttpResponse:
    """The form of a kind of change; when it is filled in, what it would move."""
    if kind not in BUILDERS:
        raise Http404
    place = places().by_code.get((request.POST or request.GET).get("place", ""))
    if place is None or (len(place.code) == 6 and place.code.endswith("00") and not places().is_county(place.code)):
        messages.error(request, "没有这个县级、街道（乡镇）或社区（村）的代码；请从“区划”页查到后填写")
        return redirect("place_change_new")
    require_area(request.user, place.code)
    form = Changing(request.POST or None, kind=kind)
    chosen = request.POST.getlist("chosen")
    if form.is_valid():
        try:
            rows = BUILDERS[kind](place, form.said(), chosen)
            return _draft(request, Wanted(kind, form.cleaned_data["day"], rows))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    shown = {
        "form": form, "kind": kind, "kind_label": KINDS[kind], "place": place, "chosen": chosen,
        "below": _choices(kind, place), "words": EXAMPLES[kind],
    }  # fmt: skip
    return render(request, "office/place_changes/form.html", shown, status=400 if form.errors else 200)


def _choices(kind: str, place: Place) -> Sequence[Place]:
    """What can be ticked: what lies in the place, where the kind asks for some of it."""
    return places().children(place.code) if kind in ("split", "merge", "transfer") else ()


@require_http_methods(["GET", "POST"])
def yearly(request: HttpRequest) -> HttpResponse:
    """The yearly list of codes, compared with the tree."""
    form = Listing(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        area = form.cleaned_data["area"]
        digits = area[:4] if area.endswith("00") and len(area) == 6 else area
        try:
            require_area(request.user, digits)
            comparison = compare(read_list(form.cleaned_data["file"]), places(), digits)
            return _compared(request, comparison, form.cleaned_data["day"])
        except (ChangeRefused, Refused) as refusal:
            form.add_error(None, str(refusal))
    return render(request, "office/place_changes/yearly.html", {"form": form}, status=400 if form.errors else 200)


def _compared(request: HttpRequest, comparison: Comparison, day: date) -> HttpResponse:
    """What differs; where nothing does there is nothing to ask for."""
    rows = comparison.rows(comparison.heirs)
    if not rows:
        messages.success(request, "代码表与现在的区划完全相同，没有要变更的")
        return redirect("place_changes")
    counts = {"new": len(comparison.new), "renamed": len(comparison.renamed), "gone": len(comparison.gone)}
    return _draft(request, Wanted("list", day, rows), {"counts": counts})


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """The rows as somebody has corrected them, looked at again."""
    return _draft(request, _wanted(request))


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the change."""
    change, form = _wanted(request), Asking(request.POST, request.FILES)
    if form.is_valid():
        try:
            made = ask_change(
                change=change, reason=form.cleaned_data["reason"], papers=form.cleaned_data["paper"], by=request.user
            )
            messages.success(request, f"已提交申请 {made.pk}，由省级经办核准")
            return redirect("place_change", made.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _draft(request, change, {"form": form})


def _wanted(request: HttpRequest) -> Wanted:
    """The change that a page holds: its kind, its day, its rows as text, and successors chosen since."""
    day = read_day(request.POST.get("day", "")[:10])
    if day is None:
        raise Refused("生效日不对；请按 年-月-日 填写")
    heirs = dict(zip(request.POST.getlist("old"), map(str.strip, request.POST.getlist("heir")), strict=False))
    rows = from_text(request.POST.get("rows", ""))
    settled = tuple(Row(row.old, row.new or heirs.get(row.old, ""), row.name) for row in rows)
    return Wanted(request.POST.get("kind", ""), day, _joined(settled, set(heirs.values())))


def _joined(rows: Sequence[Row], heirs: set[str]) -> tuple[Row, ...]:
    """A new place that takes another one over doesn't begin from nothing besides."""
    names = {row.new: row.name for row in rows if not row.old}
    taken = {row.new for row in rows if row.old} & heirs
    return tuple(
        Row(row.old, row.new, row.name or names.get(row.new, "")) if row.old and row.new in heirs else row
        for row in rows
        if row.old or row.new not in taken
    )


def _draft(request: HttpRequest, change: Wanted, more: dict[str, Any] | None = None) -> HttpResponse:
    """The change with what it would move, or with what is wrong with it."""
    missing = [row.old for row in change.rows if not row.new]
    shown: dict[str, Any] = {
        "change": change,
        "kind_label": KINDS.get(change.kind, change.kind),
        "text": as_text(change.rows),
        "missing": missing[:MOST_HEIRS],
        "missing_more": max(len(missing) - MOST_HEIRS, 0),
        "is_past": change.day < timezone.localdate(),
        "form": Asking(),
        **(more or {}),
    }
    if missing:
        shown["missing_people"] = _people_left(request, change)
        shown["moved"] = moved_lines(moved_by([row for row in change.rows if row.new], by=request.user))
    else:
        try:
            rows = preview(change=change, by=request.user)
            shown["moved"] = moved_lines(moved_by(rows, by=request.user))
            shown["along"] = sum(not row.is_said for row in rows)
            shown["unclear"] = unclear_in(rows, by=request.user)
        except Refused as refusal:
            shown["wrong"] = str(refusal)
    is_wrong = "wrong" in shown or bool(shown["form"].errors)
    return render(request, "office/place_changes/draft.html", shown, status=400 if is_wrong else 200)


def _people_left(request: HttpRequest, change: Wanted) -> list[dict[str, Any]]:
    """The places that have no successor yet, with how many people live in each."""
    left = [Row(row.old, row.old) for row in change.rows if not row.new and row.old][:MOST_HEIRS]
    return moved_lines(moved_by(left, by=request.user))
