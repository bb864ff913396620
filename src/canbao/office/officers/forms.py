"""What is asked about accounts."""

from __future__ import annotations

from django import forms

from canbao.law.duties import read_duties
from canbao.office.areas import AreaField
from canbao.registry.actions.officers import OF_PARTNERS


class Opening(forms.Form):
    """A new account."""

    username = forms.RegexField(
        r"^[a-z][a-z0-9._-]{2,39}$",
        label="账号",
        help_text="小写字母开头，3 至 40 个字母、数字、点或横线；一人一号，不要用身份证号",
        error_messages={"invalid": "账号应以小写字母开头，由 3 至 40 个字母、数字、点或横线组成"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    display_name = forms.CharField(label="姓名", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    staff_number = forms.CharField(
        label="人员编号",
        max_length=40,
        help_text="单位的工号或人事编号；同一个人的几个账号填同一个，不要用身份证号",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    area = AreaField(label="范围", help_text="区划代码，如 440600 佛山市；岗位由安全管理员另行授予")


class Naming(forms.Form):
    """Whose account it is."""

    staff_number = forms.CharField(
        label="人员编号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class Granting(forms.Form):
    """The duty of an account, and where it is held."""

    duty = forms.ChoiceField(label="岗位")
    area = AreaField(label="范围", help_text="区划代码，如 440604 禅城区")

    def __init__(self, *more: object, **named: object) -> None:
        super().__init__(*more, **named)
        duties = [one for one in read_duties().duties.values() if one.id != OF_PARTNERS]
        self.fields["duty"].choices = [("", "请选择"), *((duty.id, duty.label) for duty in duties)]
