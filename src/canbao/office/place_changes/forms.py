"""What is asked about a change of places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from canbao.registry.actions.papers import LARGEST, File
from canbao.registry.deeds import LONGEST

LARGEST_LIST = 4 << 20
CODE = {"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}
ASKED = {
    "new": ("code", "name"),
    "rename": ("code", "name"),
    "split": ("code", "name", "rest_code", "rest_name"),
    "merge": ("code", "name"),
    "transfer": ("code",),
}
"""Which fields each kind has."""
LABELS = {
    "new": {"code": "新区划代码", "name": "名称"},
    "rename": {"code": "新代码（不变就空着）", "name": "新名称（不变就空着）"},
    "split": {"code": "新区划代码", "name": "新区划名称"},
    "merge": {"code": "并成的区划代码（可以是现有的）", "name": "名称（新设的才写）"},
    "transfer": {"code": "划入哪个区划（代码）"},
}
OPTIONAL = {("rename", "code"), ("rename", "name"), ("merge", "name"), ("split", "rest_code"), ("split", "rest_name")}


def code_field(label: str, **more: Any) -> forms.CharField:
    """A field for a whole code."""
    return forms.RegexField(
        r"^(\d{6}|\d{9}|\d{12})$", label=label, widget=forms.TextInput(attrs=CODE),
        error_messages={"invalid": "区划代码是 6、9 或 12 位数字；请核对"}, **more,
    )  # fmt: skip


class Day(forms.Form):
    """From which day a change holds."""

    day = forms.DateField(
        label="生效日",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="文件规定的日期；已经过了的，核准后立即生效",
        error_messages={"invalid": "请按 年-月-日 填写"},
        initial=timezone.localdate,
    )


class Changing(Day):
    """One kind of change: the new code and name, and what becomes of the rest."""

    code = code_field("代码")
    name = forms.CharField(label="名称", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    rest_code = code_field("原区划撤销时，其余下级的新代码", help_text="原区划保留的，这两项空着")
    rest_name = forms.CharField(
        label="其余下级的新名称", max_length=60, widget=forms.TextInput(attrs=CODE | {"inputmode": "text"})
    )
    field_order = ("code", "name", "rest_code", "rest_name", "day")

    def __init__(self, *more: object, kind: str, **named: object) -> None:
        super().__init__(*more, **named)
        for field in ("code", "name", "rest_code", "rest_name"):
            if field not in ASKED[kind]:
                del self.fields[field]
                continue
            self.fields[field].label = LABELS[kind].get(field, self.fields[field].label)
            self.fields[field].required = (kind, field) not in OPTIONAL

    def said(self) -> dict[str, Any]:
        """All that was said; what the kind doesn't ask for is empty."""
        return {"code": "", "name": "", "rest_code": "", "rest_name": "", **self.cleaned_data}


class Listing(Day):
    """The yearly list of codes of a county or city."""

    area = code_field("哪个地方的代码表", help_text="县级 6 位代码；全市的写市的代码，如 440600")
    file = forms.FileField(
        label="代码表",
        widget=forms.FileInput(attrs={"accept": ".csv"}),
        help_text="CSV，两列：代码、名称；含县级、街道（乡镇）和社区（村）",
    )
    field_order = ("area", "file", "day")

    def clean_file(self) -> bytes:
        """The content."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_LIST:
            raise forms.ValidationError(f"文件超过 {LARGEST_LIST >> 20} MB；请按市分开上传")
        return file.read()


class Asking(forms.Form):
    """A change that was looked at and is now asked for."""

    reason = forms.CharField(
        label="理由", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}), help_text="文件名称、文号"
    )
    paper = forms.FileField(
        label="依据文件", widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}), help_text="PDF、JPEG 或 PNG"
    )

    def clean_paper(self) -> list[File]:
        """The paper as it is kept."""
        paper = self.cleaned_data["paper"]
        if paper.size > LARGEST:
            raise forms.ValidationError(f"一份材料最大 {LARGEST >> 20} MB；请压缩后再上传")
        return [File("区划变更文件", paper.read())]
