"""Writing an urge letter to a place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from canbao.law.survey import read_survey
from canbao.office.campaigns.tabs import campaign_of, frame
from canbao.registry.access import Refused
from canbao.registry.deeds import LONGEST
from canbao.registry.models import Officer
from canbao.registry.places_now import places
from canbao.survey.actions.urging import urge, urged
from canbao.survey.models import Campaign

FINEST = 9


class UrgeForm(forms.Form):
    """To whom, and what is said."""

    place = forms.ChoiceField(label="催办哪里")
    words = forms.CharField(label="说什么", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, choices: list[tuple[str, str]], *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.fields["place"].choices = [("", "请选择"), *choices]


@require_http_methods(["GET", "POST"])
def urging(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The form, with the letters that have been sent; then sends one."""
    campaign = campaign_of(request, campaign_id)
    choices = below(campaign, request.user)
    chosen = {"place": request.GET.get("place", "")[:12]}
    form = UrgeForm(choices, request.POST) if request.method == "POST" else UrgeForm(choices, initial=chosen)
    if form.is_bound and form.is_valid():
        try:
            urge(campaign_id=campaign.pk, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已催办；那里的人打开这个批次就会看到。")
            return redirect("supervision_urge", campaign.pk)
    shown = {
        **frame(request, campaign, "supervision"), "form": form, "urged": urged(campaign, request.user),
        "days": read_survey().rules.urge_days,
    }  # fmt: skip
    return render(request, "office/supervision/urging.html", shown, status=400 if form.errors else 200)


def below(campaign: Campaign, by: Officer) -> list[tuple[str, str]]:
    """The counties and towns below an officer's area, each under what it lies in."""
    tree, own = places(), by.area if len(by.area) > len(campaign.area) else campaign.area
    found = [] if own == by.area else [(own, tree.name(own.ljust(6, "0")))]
    for place in tree.children(own.ljust(6, "0")):
        found.append((place.code, place.name))
        if len(place.code) < FINEST:
            found += [(town.code, f"　{town.name}") for town in tree.children(place.code)]
    return found
