"""Choosing the other number, and the desk where a merge is asked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from canbao.office.merges.comparing import better, compared
from canbao.office.pages import number, unkept
from canbao.office.people.purposes import purpose_of
from canbao.office.requests.asking import Asking
from canbao.registry import desks, lookup
from canbao.registry.access import Refused
from canbao.registry.actions.merges import ask_merge
from canbao.registry.lookup import Question, Record

NOBODY = "在您的管辖范围内没有这个号码的登记；不在一处的，请由管辖双方的上一级办理"


class Choosing(forms.Form):
    """The other number."""

    number = forms.CharField(
        label="另一号码", max_length=40, help_text="社会保障号码，也可以是证件号码或临时号码",
        error_messages={"required": "请填写另一号码"}, widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class Merging(Asking):
    """Which number is kept, why, and papers."""

    kind = "merge"
    keep = forms.TypedChoiceField(
        label="保留哪个号码", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "请选择保留哪个号码", "invalid_choice": "请选择保留哪个号码"},
    )  # fmt: skip

    def __init__(self, sides: tuple[Record, Record], *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.fields["keep"].choices = [(one.person["id"], "") for one in sides]


@unkept
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, person_id: int) -> HttpResponse:
    """Find the other one by number."""
    purpose = purpose_of(request) or desks.PURPOSE
    form = Choosing(request.POST or None)
    if form.is_valid():
        question = Question(number=form.cleaned_data["number"])
        found = lookup.people(question, by=request.user, purpose=purpose)
        if found and found[0]["id"] != person_id:
            return redirect("merge_desk", person_id, found[0]["id"])
        form.add_error("number", "这就是本人现有的号码" if found else NOBODY)
    return render(request, "office/merges/choose.html", {"form": form, "person_id": person_id})


@unkept
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, person_id: int, other_id: int) -> HttpResponse:
    """Both records side by side; a post asks for the merge."""
    sides = _sides(request, person_id, other_id, permission="merge.ask")
    form = Merging(sides, *_posted(request), initial={"keep": better(*sides)})
    if form.is_valid():
        asked = _asked(request, form, sides)
        if asked:
            return redirect("request", asked)
    shown = {
        "form": form,
        "person_id": person_id,
        "other_id": other_id,
        "may_unmask": request.user.may("person.unmask"),
        "chosen": _chosen(form),
        "compared": compared(*sides),
    }
    return render(request, "office/merges/desk.html", shown)


@unkept
@require_POST
def whole(request: HttpRequest, person_id: int, other_id: int) -> HttpResponse:
    """Both records without masks, for this one view: whether digits are transposed is seen only in whole numbers."""
    sides = _sides(request, person_id, other_id, permission="person.unmask")
    shown = {"person_id": person_id, "other_id": other_id, "compared": compared(*sides, whole=True)}
    return render(request, "office/merges/whole.html", shown)


def _posted(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _sides(request: HttpRequest, person_id: int, other_id: int, *, permission: str) -> tuple[Record, Record]:
    action = "person.unmask" if permission == "person.unmask" else "merge.see"
    purpose = purpose_of(request) or desks.PURPOSE
    one, other = desks.records(
        [person_id, other_id], by=request.user, action=action, permission=permission, purpose=purpose
    )
    if one is None or other is None:
        raise Http404
    if one.person["id"] == other.person["id"]:
        raise Refused("这两个号码已经是一个人的了，不用合并")
    return one, other


def _asked(request: HttpRequest, form: Merging, sides: tuple[Record, Record]) -> int:
    """The key of the request that was made, or 0 if it was refused."""
    keep = form.cleaned_data["keep"]
    (other,) = (one.person["id"] for one in sides if one.person["id"] != keep)
    try:
        asked = ask_merge(keep=keep, other=other, **form.asked(), by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 0
    messages.success(request, "已提出合并申请，等另一位有权的人决定")
    return asked.pk


def _chosen(form: Merging) -> int:
    """The number that is ticked."""
    return number(str(form["keep"].value() or "")) or 0
