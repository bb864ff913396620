"""A form's field for a day, as browsers choose it."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day; what it begins with is written as browsers read it, whatever the reader's language."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        messages = {"required": "请选择日期", "invalid": "日期不对；请重新选择"}
        super().__init__(widget=widget, error_messages=messages, **more)
