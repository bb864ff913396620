"""Evidence containers for somebody outside: asked for with a purpose and a receiver, taken away as one file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from canbao.office.pages import unkept
from canbao.office.people.purposes import purpose_of, purposes
from canbao.registry.actions.evidence import take_record
from canbao.registry.evidence.container import LONGEST_RECEIVER, Asked, Sealed
from canbao.registry.models import Officer

TEMPLATE = "office/people/evidence.html"


class EvidenceForm(forms.Form):
    """For what, and for whom."""

    purpose = forms.ChoiceField(label="用途", choices=lambda: [("", "请选择"), *purposes()])
    receiver = forms.CharField(
        label="接收的单位或个人",
        max_length=LONGEST_RECEIVER,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="写进材料，不写身份号码；日志只记摘要",
    )

    def asked(self) -> Asked:
        """What was asked, as the verbs take it."""
        return Asked(self.cleaned_data["purpose"], self.cleaned_data["receiver"])


@unkept
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, person_id: int) -> HttpResponse:
    """The question, and then the container of the person's record."""
    if request.method == "GET":
        return _asking(request, EvidenceForm(initial={"purpose": purpose_of(request)}), person_id)
    form = EvidenceForm(request.POST)
    if not form.is_valid():
        return _asking(request, form, person_id)
    taken = take_record(person_id=person_id, asked=form.asked(), by=request.user)
    if taken is None:
        raise Http404
    return handed_out(taken)


def handed_out(taken: Sealed) -> HttpResponse:
    """The container as a file that the browser keeps."""
    answer = HttpResponse(taken.content, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{taken.name}"'
    return answer


def papers(by: Officer, person_id: int) -> list[tuple[str, str]]:
    """What the officer may make on paper or as a file of a person: words and address of each."""
    known = (
        ("出具证明材料", "person_evidence", "evidence.take"),
        ("谁查询过", "person_lookers", "person.lookers"),
    )
    return [(label, reverse(name, args=[person_id])) for label, name, permission in known if by.may(permission)]


def _asking(request: HttpRequest, form: EvidenceForm, person_id: int) -> HttpResponse:
    shown: dict[str, Any] = {"form": form, "person_id": person_id, "back": reverse("person", args=[person_id])}
    return render(request, TEMPLATE, shown)
