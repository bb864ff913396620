"""What a correction asks: a new value for each item that is wrong, beside the one that is registered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from canbao.law.places import Place
from canbao.law.reader import read_law
from canbao.office.people.place_choice import Choice, choice
from canbao.office.people.showing import label_of, show
from canbao.office.requests.asking import Asking, Words
from canbao.registry.access import PROVINCE, Refused
from canbao.registry.actions.corrections import VITAL, checked_value
from canbao.registry.derivation.stating import CORRECTABLE
from canbao.registry.places_now import places

Row = dict[str, Any]
HOUSEHOLD = {
    "county": ("hukou_division_code", ""),
    "town": ("hukou_town_code", "hukou_town_name"),
    "village": ("hukou_village_code", "hukou_village_name"),
}
"""The items that follow from a chosen place, by its level: its code and its name."""
CHOSEN = frozenset(item for items in HOUSEHOLD.values() for item in items)
TYPED = tuple(item for item in CORRECTABLE if item not in CHOSEN)
AS_IT_IS = "不更正"


@dataclass(frozen=True)
class Line:
    """An item: its registered value, masked, and the field for the true one."""

    label: str
    registered: str
    field: BoundField


class Correcting(Asking):
    """The true values, why, and papers; what is left empty stays as it is."""

    kind = "correction"
    needs_items = True
    household_place = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, person: Row, *more: Any) -> None:
        super().__init__(*more)
        self.person = person
        for item in TYPED:
            self.fields[item] = _field(item)
        self.household = household_choice(self.data)

    def lines(self) -> Iterator[Line]:
        """Each item that is typed or selected."""
        for item in TYPED:
            yield Line(label_of(item), show(item, self.person[item]), self[item])

    def clean(self) -> Row:
        """Check each value as the verb will, so that what is wrong is said beside its field."""
        said = super().clean() or {}
        for item in TYPED:
            if said.get(item):
                try:
                    checked_value(item, said[item], self.person["ssn"])
                except Refused as refusal:
                    self.add_error(item, str(refusal))
        if self.household.place != self.household.own and self.household.place.level != _finest(self.household):
            self.add_error("household_place", "户籍地请一直选到社区（村）")
        if self.needs_items and not self.errors and not self.items():
            self.add_error(None, "请至少填写一项要更正的内容")
        return said

    def items(self) -> dict[str, str]:
        """The asked items with their new values."""
        typed = {item: self.cleaned_data[item] for item in TYPED if self.cleaned_data.get(item)}
        return {**typed, **dict(_of_household(self.household))}


class Objecting(Correcting):
    """What the insured say, and what they want instead, if they know; papers if they have any."""

    kind = "objection"
    needs_items = False
    said = Words(label="本人的意见", help_text="照本人所说记录；不写身份号码")

    def __init__(self, person: Row, *more: Any) -> None:
        super().__init__(person, *more)
        del self.fields["reason"]

    def asked(self) -> dict[str, Any]:
        """What is said, and papers."""
        said = self.cleaned_data["said"]
        self.cleaned_data["reason"] = said
        return {"said": said, "papers": super().asked()["papers"]}


def _field(item: str) -> forms.Field:
    spec = read_law().fields[item]
    if item.endswith("_date"):
        return forms.CharField(
            label=spec.label, required=False, max_length=10, widget=forms.DateInput(attrs={"type": "date"})
        )
    if not spec.codes:
        widget = forms.TextInput(attrs={"autocomplete": "off"})
        return forms.CharField(label=spec.label, required=False, max_length=200, widget=widget)
    codes = [one for one in read_law().codes[spec.codes].codes if one.enabled]
    options = [(one.code, f"{one.code} {one.label}") for one in codes if item != "vital_status" or one.code in VITAL]
    return forms.ChoiceField(label=spec.label, required=False, choices=[("", AS_IT_IS), *options])


def household_choice(said: Any) -> Choice:
    """The household's place, from the whole province: where somebody truly lives need not be in one's own area."""
    found = choice(PROVINCE, said)
    assert found is not None
    return found


def _finest(chosen: Choice) -> str:
    """The level at which the choice ends: that of the last list."""
    return chosen.steps[-1].level


def _of_household(chosen: Choice) -> Iterator[tuple[str, str]]:
    if chosen.place == chosen.own:
        return
    for place in _up_from(chosen.place):
        code, name = HOUSEHOLD.get(place.level, ("", ""))
        if code:
            yield code, place.code
        if name:
            yield name, place.name


def _up_from(place: Place) -> Iterator[Place]:
    tree, here = places(), place
    while here is not None:
        yield here
        here = tree.by_code.get(here.parent)
