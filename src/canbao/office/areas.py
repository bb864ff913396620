"""A form's field for an area: somebody types the code of a place, we keep its leading digits."""

from __future__ import annotations

from django import forms

from canbao.office.shell import area_of


class AreaField(forms.CharField):
    """The code of a place (2 to 12 digits, with or without the zeros at its end), as the digits of an area."""

    def __init__(self, **more: object) -> None:
        attributes = {"autocomplete": "off", "inputmode": "numeric"}
        super().__init__(max_length=12, widget=forms.TextInput(attrs=attributes), **more)

    def clean(self, value: str) -> str:
        """The digits; raises ValidationError for what is no place of the province."""
        code = super().clean(value)
        try:
            return area_of(code.ljust(6, "0")) if code else ""
        except ValueError:
            raise forms.ValidationError("没有这个区划代码；请从“区划”页查到代码后填写") from None
