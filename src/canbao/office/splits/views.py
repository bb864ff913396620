"""The desk where a number's statements are told apart as two people's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.office.pages import unkept
from canbao.office.people.purposes import purpose_of
from canbao.office.requests.asking import Asking
from canbao.office.splits.statements import Number, Statement, cover_headers, numbers
from canbao.registry import desks
from canbao.registry.access import Refused
from canbao.registry.actions.splits import ask_split
from canbao.registry.lookup import Record


class Splitting(Asking):
    """Which statements are another person's, that person's true number if it is known, why, and papers."""

    kind = "split"
    statements = forms.MultipleChoiceField(
        label="属于另一个人的资料", error_messages={"required": "请勾选属于另一个人的资料"}
    )
    number = forms.CharField(
        label="另一个人的真实号码", max_length=40, required=False,
        help_text="不知道时留空，由系统编临时号码，查实后再合并", widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, under: list[Number], *more: Any) -> None:
        super().__init__(*more)
        self.under = under
        self.fields["statements"].choices = [(one.key, one.division) for one in _all(under)]

    def clean_statements(self) -> list[Statement]:
        """The ticked statements: of one number, and not all that is said under it."""
        ticked = [one for one in _all(self.under) if one.key in self.cleaned_data["statements"]]
        if len({one.ssn for one in ticked}) > 1:
            raise forms.ValidationError("一次只能分立一个号码下的资料；请分两次申请")
        for number in self.under:
            if {one.key for one in number.statements} <= {one.key for one in ticked}:
                raise forms.ValidationError("请至少留下一方的资料；全部属于另一个人时不用分立")
        return ticked


@unkept
@require_http_methods(["GET", "POST"])
def desk(request: HttpRequest, person_id: int) -> HttpResponse:
    """What each division says under each number; a post asks for the split."""
    purpose = purpose_of(request) or desks.PURPOSE
    record = _record(request, person_id, purpose)
    under = numbers(record, ticked=request.POST.getlist("statements"))
    form = Splitting(under, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        asked = _asked(request, form, record)
        if asked:
            return redirect("request", asked)
    shown = {
        "form": form,
        "person_id": record.person["id"],
        "under": under,
        "can_be_split": any(one.can_be_split for one in under),
        "cover_headers": cover_headers(),
    }
    return render(request, "office/splits/desk.html", shown)


def _all(under: list[Number]) -> list[Statement]:
    return [one for number in under for one in number.statements]


def _record(request: HttpRequest, person_id: int, purpose: str) -> Record:
    (record,) = desks.records([person_id], by=request.user, action="split.see", permission="split.ask", purpose=purpose)
    if record is None:
        raise Http404
    return record


def _asked(request: HttpRequest, form: Splitting, record: Record) -> int:
    """The key of the request that was made, or 0 if it was refused."""
    ticked: list[Statement] = form.cleaned_data["statements"]
    try:
        asked = ask_split(
            person_id=record.person["id"], ssn=ticked[0].ssn, divisions=[one.division_code for one in ticked],
            number=form.cleaned_data["number"], **form.asked(), by=request.user,
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("number" if "号码" in str(refusal) else None, str(refusal))
        return 0
    messages.success(request, "已提出分立申请，等另一位有权的人决定")
    return asked.pk
