"""What is asked when a list is uploaded, planned, or a partner's own file is brought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.utils import timezone

from canbao.batch.department_list import ENDINGS
from canbao.law.exchange import read_exchange
from canbao.office.day_field import DayField
from canbao.registry.actions.plans import UNITS
from canbao.registry.actions.runs import KINDS
from canbao.registry.models import Officer, Partner
from canbao.registry.runs import choices, own_partners


class ListForm(forms.Form):
    """Something about one list of one partner, of those that may be compared."""

    listed = forms.ChoiceField(
        label="哪个部门的哪种名单", error_messages={"required": "请选择名单", "invalid_choice": "请选择名单"}
    )

    def __init__(self, by: Officer, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.by = by
        known = [(one.key, one.label) for one in choices(by)]
        self.fields["listed"].choices = [("", "请选择"), *known]  # type: ignore[attr-defined]
        self.has_choices = bool(known)

    def partner(self) -> Partner:
        """Whose list it is."""
        return own_partners(self.by).get(pk=self.cleaned_data["listed"].partition(":")[0])

    def source(self) -> str:
        """Which list it is."""
        return str(self.cleaned_data["listed"].partition(":")[2])


class Uploading(ListForm):
    """A list in a file."""

    kind = forms.ChoiceField(
        label="名单的种类",
        choices=[*KINDS.items()],
        initial="changes",
        help_text="完整名单：上次在名单上、这次不在的人，当作已经结束；变动名单：只说名单上的人。",
    )
    as_of = DayField(label="截止日", help_text="名单反映到哪一天的情况")
    file = forms.FileField(
        label="文件",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
        help_text="CSV（UTF-8 或 GB18030）或 XLSX，第一行是列名",
        error_messages={"required": "请选择文件"},
    )

    def clean_file(self) -> Any:
        """Only what can be read; a wrong ending is said at once."""
        file = self.cleaned_data["file"]
        if Path(file.name or "").suffix.lower() not in ENDINGS:
            raise forms.ValidationError("请上传 CSV 或 XLSX 文件")
        return file


class Planning(ListForm):
    """How often a list is due."""

    steps = forms.IntegerField(label="每隔", min_value=1, initial=1)
    unit = forms.ChoiceField(label="单位", choices=[*UNITS.items()], initial="month")
    due_on = DayField(label="下一次到期", initial=timezone.localdate)

    def clean_steps(self) -> int:
        """Not more than the law's number."""
        steps, most = int(self.cleaned_data["steps"]), read_exchange().plan_steps
        if steps > most:
            raise forms.ValidationError(f"最多 {most}")
        return steps


class Dropping(forms.Form):
    """A file that a partner's system has written, and its signature."""

    file = forms.FileField(
        label="数据文件", widget=forms.FileInput(attrs={"accept": ".gz"}), help_text="代号-首号-末号.ndjson.gz"
    )
    signature = forms.FileField(
        label="签名文件", widget=forms.FileInput(attrs={"accept": ".sig"}), help_text="同名，多一个 .sig"
    )
