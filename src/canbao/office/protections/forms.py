"""What is asked about protections."""

from __future__ import annotations

from django import forms
from django.utils import timezone

from canbao.law.duties import read_duties
from canbao.registry.actions.papers import LARGEST, File
from canbao.registry.deeds import LONGEST

ACCEPTED = "application/pdf,image/jpeg,image/png"


def _reason() -> forms.CharField:
    return forms.CharField(
        label="理由", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不要写本人的姓名和号码：决定的人不必知道是谁",
    )  # fmt: skip


def _readers() -> forms.CharField:
    return forms.CharField(
        label="可以查看的账号", max_length=1000, widget=forms.Textarea(attrs={"rows": 2, "autocapitalize": "none"}),
        help_text="用空格或换行分开；除这些账号以外，谁也看不到这个人",
    )  # fmt: skip


class _Accounts(forms.Form):
    def clean_readers(self) -> list[str]:
        """The accounts, one by one."""
        return str(self.cleaned_data["readers"]).replace("，", " ").replace("、", " ").split()


class _Paper(forms.Form):
    def paper(self) -> File:
        """The paper as the register takes it; what is too large is cut where it is refused anyway."""
        return File(self.cleaned_data["label"], self.cleaned_data["scan"].read(LARGEST + 1))


def _scan() -> forms.FileField:
    return forms.FileField(
        label="材料",
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text="来函、裁定等的扫描件或照片，PDF、JPEG 或 PNG",
    )


def _label() -> forms.CharField:
    return forms.CharField(label="材料名称", max_length=100, help_text="如 公安机关来函")


class Asking(_Accounts, _Paper):
    """That a person be protected."""

    cause = forms.ChoiceField(label="保护原因")
    readers = _readers()
    until = forms.DateField(
        label="保护到（含当天）",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="不填就是直到解除",
    )
    reason = _reason()
    label = _label()
    scan = _scan()

    def __init__(self, *more: object, **named: object) -> None:
        super().__init__(*more, **named)
        causes = read_duties().causes.values()
        self.fields["cause"].choices = [("", "请选择"), *((one.id, one.label) for one in causes)]
        self.fields["until"].widget.attrs["min"] = timezone.localdate().isoformat()


class Naming(_Accounts):
    """Who may see from now on."""

    readers = _readers()
    reason = _reason()


class Ending(_Paper):
    """That a protection end."""

    reason = _reason()
    label = _label()
    scan = _scan()


class Deciding(forms.Form):
    """Yes or no, with an answer."""

    answer = forms.CharField(
        label="答复", max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="驳回时必须写明理由",
    )  # fmt: skip
