"""What an auditor asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone


def day_field(label: str) -> forms.DateField:
    """A day, chosen from the browser's own calendar."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class Person(forms.Form):
    """Somebody, by the record's key or by a number."""

    person = forms.CharField(
        label="人员编号或社会保障号码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="只查日志，不显示此人的登记",
    )


class Days(forms.Form):
    """From one day to another, both included."""

    since = day_field("从")
    until = day_field("至")

    @classmethod
    def of(cls, asked: dict[str, Any]) -> Days:
        """The days asked for, else the last thirty."""
        today = timezone.localdate()
        days = {"since": str(today - timedelta(days=30)), "until": str(today)}
        return cls({name: asked.get(name) or default for name, default in days.items()})


class Day(forms.Form):
    """One day."""

    day = day_field("日期")
