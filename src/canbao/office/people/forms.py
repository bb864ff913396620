"""What may be asked for in a search of people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms import BoundField

from canbao.core.names import normalise_name
from canbao.law.reader import read_law
from canbao.office.people.place_choice import Choice
from canbao.office.people.purposes import purposes
from canbao.registry.lookup import Question

LISTED = ("ssn", "name", "sex", "birth_date", "registration_status", "employment_status", "disposition")
"""What a list of people shows of each, on the page and in a file."""
COUNTY = 6
ANY = "不限"


class QuestionForm(forms.Form):
    """Purpose, and a number, or a name, or a place, with codes to sift by."""

    purpose = forms.ChoiceField(label="查询用途", choices=lambda: [("", "请选择"), *purposes()])
    number = forms.CharField(label="社会保障号码", max_length=40, required=False)
    name = forms.CharField(label="姓名", max_length=64, required=False)

    def __init__(
        self, *args: Any, choice: Choice, area: str, filters: Iterable[str], is_emergency: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.choice, self.area, self.filters = choice, area, tuple(filters)
        self.is_emergency = is_emergency
        if is_emergency:
            del self.fields["purpose"]
        for name in self.filters:
            self.fields[name] = _code_field(name)
        for name, field in self.fields.items():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs.update({"class": kind, "autocomplete": "off", "id": f"id_{name}"})

    def codes(self) -> list[BoundField]:
        """The fields to sift by, of those that the officer may."""
        return [self[name] for name in self.filters]

    def clean_name(self) -> str:
        """The name in its normal form; `*` stands for any text."""
        name = normalise_name(self.cleaned_data["name"])
        if name and not name.strip("*%_\\"):
            raise forms.ValidationError("姓名不能只有通配符，请至少写一个字")
        return name

    def clean(self) -> dict[str, Any]:
        """Refuse a question that nothing bounds."""
        said = super().clean() or {}
        bounded = said.get("number") or said.get("name")
        if self.is_emergency and not bounded and not self.errors:
            raise forms.ValidationError("紧急查询只能按号码或姓名查，不能列清单")
        bounded = bounded or len(self.choice.digits or self.area) >= COUNTY
        if not bounded and not self.errors:
            raise forms.ValidationError("请填写号码或姓名，或把地方选到县（市、区）以下")
        return said

    def question(self) -> dict[str, Any]:
        """The question as the session keeps it."""
        said = self.cleaned_data
        codes = {name: said[name] for name in self.filters if said.get(name)}
        return {"number": said["number"], "name": said["name"], "place": self.choice.digits, "codes": codes}


def question_of(kept: dict[str, Any], after: int = 0) -> Question:
    """The question that a session keeps, beginning after a person."""
    return Question(kept["number"], kept["name"], kept["place"], dict(kept["codes"]), after)


def _code_field(name: str) -> forms.ChoiceField:
    spec = read_law().fields[name]
    codes = read_law().codes[spec.codes or ""].codes
    options = [(code.code, f"{code.code} {code.label}") for code in codes if code.enabled]
    return forms.ChoiceField(label=spec.label, choices=[("", ANY), *options], required=False)
