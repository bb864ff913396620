"""What is asked about partners, their keys and agreements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from canbao.law.exchange import read_exchange
from canbao.law.places import PROVINCE
from canbao.law.reader import read_law
from canbao.office.areas import AreaField
from canbao.office.campaigns.forms import Ticks
from canbao.office.day_field import DayField
from canbao.office.people.showing import label_of
from canbao.office.requests.asking import Asking, Words
from canbao.registry.actions.agreements import MOST_A_DAY, MOST_A_MINUTE, Terms
from canbao.registry.models import Partner
from canbao.registry.places_now import places

LARGEST_KEY = 4000
CONTACT_HELP = "出了问题找谁；不写身份号码"


class Opening(forms.Form):
    """A new partner."""

    label = forms.CharField(label="名称", max_length=100, help_text="如 佛山市公安局人口信息系统")
    code = forms.RegexField(
        r"^[a-z][a-z0-9-]{2,29}$", label="代号", help_text="小写字母、数字和横线，如 foshan-police；以后不能改",
        error_messages={"invalid": "代号应以小写字母开头，由 3 至 30 个小写字母、数字或横线组成"},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label="种类", help_text="由种类定它能报哪些来源和项目")
    division_code = forms.ChoiceField(label="代表哪个区划", help_text="它报来的算作这个区划报的")
    area = AreaField(label="范围", help_text="区划代码：全省 440000，或一个市，如 440600")
    contact = forms.CharField(label="联系人和电话", max_length=200, help_text=CONTACT_HELP)

    def __init__(self, area: str, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.fields["kind"].choices = [("", "请选择"), *((one.id, one.label) for one in read_exchange().systems)]
        whole = [(PROVINCE, "全省")] if PROVINCE.startswith(area) and len(area) == 2 else []
        cities = [(one.code, one.name) for one in places().children(PROVINCE) if one.code.startswith(area)]
        self.fields["division_code"].choices = [("", "请选择"), *whole, *cities]
        self.fields["area"].initial = area.ljust(6, "0")


class Contacting(forms.Form):
    """Whom to ring from now on."""

    contact = forms.CharField(label="联系人和电话", max_length=200, help_text=CONTACT_HELP)


class Reason(forms.Form):
    """Why a partner is cut off, or let on again."""

    reason = Words(label="理由")


class KeyAdding(forms.Form):
    """A public key, pasted or as the file that `canbao-client key` wrote."""

    pasted = forms.CharField(
        label="公钥", required=False, max_length=LARGEST_KEY,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "placeholder": "-----BEGIN PUBLIC KEY-----"}),
    )  # fmt: skip
    file = forms.FileField(
        label="或上传公钥文件", required=False, widget=forms.FileInput(attrs={"accept": ".pub,.pem"})
    )
    valid_to = DayField(label="用到哪天（含）")

    def __init__(self, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        self.fields["valid_to"].initial = timezone.localdate() + timedelta(days=365)

    def clean(self) -> dict[str, Any]:
        """The key's text, as `public_key`."""
        cleaned = super().clean()
        file = cleaned.get("file")
        raw = file.read(LARGEST_KEY + 1) if file else cleaned.get("pasted", "").encode()
        if not raw.strip() or len(raw) > LARGEST_KEY:
            raise forms.ValidationError("请粘贴公钥，或选一个公钥文件")
        cleaned["public_key"] = raw.decode("utf-8", errors="replace")
        return cleaned


class Agreeing(Asking):
    """An agreement with a partner; what can be ticked is what law lets a partner of its kind have."""

    kind = "agreement"

    number = forms.CharField(label="协议编号", max_length=100)
    contact = forms.CharField(label="对方联系人和电话", max_length=200, help_text=CONTACT_HELP)
    area = AreaField(label="范围", help_text="区划代码；只涉及这里的人")
    valid_from = DayField(label="有效期从")
    valid_to = DayField(label="到（含）")
    purpose = Words(label="用途", help_text="对方用来做什么")
    confidentiality = Words(label="保密义务", help_text="协议里怎样约定的：保密、不作他用、出了问题怎么办")
    services = Ticks(label="服务")
    rows = Ticks(label="可以报的来源")
    insurance_types = Ticks(label="可以报的险种（报险种业务的）")
    items_in = Ticks(label="可以报的项目")
    shown = Ticks(label="可以告知的内容（查询、回填、订阅）")
    panel_origins = forms.CharField(
        label="可以嵌入页面的来源", required=False, max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明了嵌入页面的，一行一个，如 https://ywxt.example.gov.cn",
    )  # fmt: skip
    rows_a_day = forms.IntegerField(label="一天最多多少行", min_value=0, max_value=MOST_A_DAY, help_text="不报行的填 0")
    people_a_day = forms.IntegerField(
        label="一天最多多少人", min_value=0, max_value=MOST_A_DAY, help_text="不问人的填 0"
    )
    requests_a_minute = forms.IntegerField(label="一分钟最多多少次请求", min_value=1, max_value=MOST_A_MINUTE)

    def __init__(self, partner: Partner, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        for name, choices in choices_of(partner.kind).items():
            self.fields[name].choices = choices
        today = timezone.localdate()
        beginning = {
            "area": partner.area.ljust(6, "0"), "valid_from": today, "valid_to": today + timedelta(days=364),
            "contact": partner.contact, "rows_a_day": 100_000, "people_a_day": 1_000, "requests_a_minute": 60,
        }  # fmt: skip
        for name, value in beginning.items():
            self.fields[name].initial = value

    def clean_panel_origins(self) -> list[str]:
        """One a line."""
        return str(self.cleaned_data["panel_origins"]).split()

    def terms(self) -> Terms:
        """What the agreement names."""
        return Terms(**{name: self.cleaned_data[name] for name in Terms.__dataclass_fields__})


def choices_of(kind: str) -> dict[str, list[tuple[str, str]]]:
    """The names that an agreement with a partner of a kind may have, by the agreement's field, with their labels."""
    law, exchange = read_law(), read_exchange()
    system = exchange.system(kind)
    return {
        "services": [(one.id, one.label) for one in exchange.services],
        "rows": [(one, law.sources[one].label) for one in (system.rows if system else ())],
        "insurance_types": [(one.code, one.label) for one in law.codes["insurance_type"].codes],
        "items_in": [(one, label_of(one)) for one in (system.items if system else ())],
        "shown": [(one.id, one.label) for one in exchange.shown],
    }
