"""What is asked of a surveyor, and of the body they come from."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from canbao.office.areas import AreaField
from canbao.office.day_field import DayField
from canbao.office.requests.asking import Words
from canbao.registry.models import Officer
from canbao.survey.actions.surveyors import Person
from canbao.survey.models import Contractor


class Registering(forms.Form):
    """A surveyor's card."""

    name = forms.CharField(label="姓名", max_length=64)
    mobile = forms.CharField(label="手机", max_length=11, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    place = AreaField(label="工作地方", help_text="区划代码：街道（乡镇）9 位或社区（村）12 位，可从“区划”页查到")
    unit = forms.CharField(label="单位", max_length=128, required=False)
    contractor = forms.ModelChoiceField(
        label="外包机构", queryset=Contractor.objects.none(), required=False, empty_label="（不是外包）"
    )
    account = forms.CharField(label="账号", max_length=40, required=False, help_text="岗位须为调查员；没有的不填")
    card_number = forms.CharField(label="调查证编号", max_length=40, required=False, help_text="不填由系统编号")
    valid_from = DayField(label="有效期从")
    valid_to = DayField(label="到")
    photo = forms.FileField(
        label="照片", required=False, widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
        help_text="印在调查证上；JPEG 或 PNG，不超过 5 MB",
    )  # fmt: skip

    def __init__(self, city: str, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        today = timezone.localdate()
        self.fields["valid_from"].initial, self.fields["valid_to"].initial = today, today + timedelta(days=240)
        self.fields["contractor"].queryset = Contractor.objects.filter(city=city[:4]).order_by("name")
        self.fields["contractor"].label_from_instance = lambda one: one.name

    def clean_account(self) -> Officer | None:
        """The account; raises ValidationError where there is none such."""
        username = self.cleaned_data["account"].strip()
        if not username:
            return None
        found = Officer.objects.filter(username=username, duty="surveyor").first()
        if found is None:
            raise forms.ValidationError("没有这个调查员账号；请先由系统管理员开立、安全管理员授岗")
        return found

    def person(self) -> Person:
        """Whom the card is for."""
        said = self.cleaned_data
        names = ("name", "mobile", "place", "unit", "contractor", "card_number", "valid_from", "valid_to")
        photo = said["photo"].read() if said["photo"] else b""
        return Person(officer=said["account"], photo=photo, **{name: said[name] for name in names})


class Revoking(forms.Form):
    """Why a card is taken away."""

    reason = Words(label="注销的理由")


class Contracting(forms.Form):
    """A body that surveys by contract."""

    name = forms.CharField(label="机构名称", max_length=128)
    uscc = forms.CharField(label="统一社会信用代码", max_length=18)


class Agreeing(forms.Form):
    """A confidentiality agreement."""

    number = forms.CharField(label="协议编号", max_length=60)
    signed_on = DayField(label="签订")
    valid_to = DayField(label="到期")
    content = forms.FileField(
        label="协议扫描件", widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}), help_text="不超过 5 MB"
    )
