"""What is asked when a package is uploaded."""

from __future__ import annotations

from django import forms

from canbao.registry.deeds import LONGEST, SHORTEST


class Uploading(forms.Form):
    """A package file; what is in it the check says, and its size the spool."""

    package = forms.FileField(
        label="数据包",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".canbao"}),
        error_messages={"required": "请选择 canbao pack 写出的 .canbao 文件"},
    )


class Reasoning(forms.Form):
    """Why somebody asks for something, or gives it back."""

    reason = forms.CharField(
        label="理由",
        min_length=SHORTEST,
        max_length=LONGEST,
        help_text="写明看到了什么、核实过什么；不写号码。",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Answering(forms.Form):
    """The second officer's answer; a refusal says why."""

    decision = forms.ChoiceField(choices=[("approve", "同意"), ("refuse", "驳回")])
    answer = forms.CharField(required=False, max_length=LONGEST)
