"""What is asked before papers are printed: for which place, of which tasks, of which surveyors."""

from __future__ import annotations

from typing import Any

from django import forms

from canbao.registry.models import Officer
from canbao.survey.models import Campaign
from canbao.survey.printing.batches import Wish
from canbao.survey.printing.choices import places_with_tasks, surveyors_with_cards
from canbao.survey.printing.offered import MAKERS
from canbao.survey.printing.places import name_of

COUNTED = ("letter", "notice", "registration_form", "summary_sheet")
"""Kinds of which there is one, or a line, for each task."""


class Choosing(forms.Form):
    """A kind's batch; what a kind does not ask is not there."""

    place = forms.ChoiceField(label="地方")
    which = forms.ChoiceField(label="打印哪些")
    surveyor = forms.TypedChoiceField(label="只要这位调查员的", coerce=int, empty_value=None, required=False)
    surveyors = forms.TypedMultipleChoiceField(
        label="哪些调查员（不选为全部）",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )

    def __init__(self, kind: str, campaign: Campaign, by: Officer, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.kind = kind
        places = places_with_tasks(campaign, by)
        self.fields["place"].choices = [(code, _told(code, many, kind)) for code, many in places]
        cards = [(one.pk, f"{one.name}（{one.card_number}）") for one in surveyors_with_cards(campaign, by)]
        self.fields["which"].choices = MAKERS[kind].choices
        self.fields["surveyor"].choices = [("", "不限"), *cards]
        self.fields["surveyors"].choices = cards
        unasked = {
            "which": not MAKERS[kind].choices,
            "surveyor": kind != "registration_form",
            "surveyors": kind != "card",
        }
        for name in [name for name, is_unasked in unasked.items() if is_unasked]:
            del self.fields[name]

    def wish(self) -> Wish:
        """The batch that is meant."""
        said = self.cleaned_data
        chosen = tuple(said.get("surveyors", ()))
        return Wish(self.kind, said["place"], said.get("which", ""), said.get("surveyor"), chosen)


def _told(code: str, many: int, kind: str) -> str:
    return f"{code} {name_of(code)}" + (f"（{many:,} 个任务）" if kind in COUNTED else "")
