"""What is asked when an emergency is opened or reviewed."""

from __future__ import annotations

from django import forms

from canbao.law.duties import read_duties
from canbao.office.areas import AreaField

LONGEST = 1000


class Opening(forms.Form):
    """Where, why and for how long."""

    place = AreaField(label="地方", help_text="区划代码，如 440106 天河区；可从“区划”页查到")
    hours = forms.TypedChoiceField(label="时长", coerce=int)
    reason = forms.CharField(
        label="理由", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明为什么现在必须查外地人员；不要写身份号码",
    )  # fmt: skip

    def __init__(self, *more: object, **named: object) -> None:
        super().__init__(*more, **named)
        rules = read_duties().emergency
        self.fields["hours"].choices = [(hours, f"{hours} 小时") for hours in range(1, rules.most_hours + 1)]
        self.fields["hours"].initial = rules.hours


class Reviewing(forms.Form):
    """Whether there was reason for it, in words."""

    verdict = forms.ChoiceField(
        label="结论", choices=[("", "请选择"), ("justified", "理由成立"), ("unjustified", "理由不成立")]
    )
    words = forms.CharField(label="复核意见", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}))
