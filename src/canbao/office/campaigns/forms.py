"""What is asked when a campaign is planned, and when its list is looked through beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone

from canbao.law.reader import read_law
from canbao.law.survey import read_survey
from canbao.office.day_field import DayField
from canbao.office.people.place_choice import digits_of
from canbao.office.people.showing import label_of
from canbao.office.requests.asking import Words
from canbao.registry.places_now import places
from canbao.survey.actions.campaigns import Plan
from canbao.survey.models import Campaign
from canbao.survey.targets import MISSING, MODES, OLDEST, Scope, read_scope

TICK = {"class": "form-check-input"}


class Ticks(forms.MultipleChoiceField):
    """Some of a list, or none of it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple(attrs=TICK), **more)


class Scoping(forms.Form):
    """Who is meant: by mode, place, reason, age and what is missing."""

    mode = forms.ChoiceField(label="范围", choices=[*MODES.items()])
    places = Ticks(label="地方（不选为全部）")
    reasons = Ticks(label="未参保原因（不选为全部）")
    age_from = forms.IntegerField(label="年龄从", required=False, min_value=0, max_value=OLDEST)
    age_to = forms.IntegerField(label="到（含）", required=False, min_value=0, max_value=OLDEST)
    missing = Ticks(label="缺少的项目")

    def __init__(self, area: str, *more: Any, **named: Any) -> None:
        super().__init__(*more, **named)
        below = places().children(area.ljust(6, "0"))
        self.fields["places"].choices = [(digits_of(one.code), one.name) for one in below]
        self.fields["reasons"].choices = [
            (one.code, f"{one.code} {one.label}") for one in read_law().codes["uninsured_reason"].codes
        ]
        self.fields["missing"].choices = [(item, label_of(item)) for item in MISSING]

    def scope(self) -> Scope:
        """The scope that is meant."""
        said = self.cleaned_data
        lists = {name: tuple(said[name]) for name in ("places", "reasons", "missing")}
        return Scope(said["mode"], **lists, age_from=said["age_from"], age_to=said["age_to"])


class Planning(Scoping):
    """A campaign's plan."""

    name = forms.CharField(label="名称", max_length=80, help_text="如：2027 年全民参保调查核实")
    starts_on = DayField(label="调查从")
    ends_on = DayField(label="到")
    attempts = forms.IntegerField(label="“人户分离”之前至少走访次数", min_value=1, max_value=9)
    entry_days = forms.IntegerField(label="纸表收回后几天内录入", min_value=1, max_value=60)
    phone = forms.CharField(label="监督电话", max_length=40)
    self_filling = forms.BooleanField(
        label="允许居民凭一次性代码自填", required=False, widget=forms.CheckboxInput(attrs=TICK),
        help_text="代码印在通知上；自填的表与其他表一样审核",
    )  # fmt: skip

    def plan(self) -> Plan:
        """The plan that is meant."""
        names = ("name", "starts_on", "ends_on", "attempts", "entry_days", "phone", "self_filling")
        return Plan(scope=self.scope(), **{name: self.cleaned_data[name] for name in names})


def beginning() -> dict[str, Any]:
    """What a new plan begins with: the law's numbers, and a period that can still be announced."""
    rules, today = read_survey().rules, timezone.localdate()
    starts = today + timedelta(days=rules.announced_days + 1)
    return {
        "attempts": rules.attempts, "entry_days": rules.entry_days, "starts_on": starts,
        "ends_on": starts + timedelta(days=60), "mode": "unresolved",
    }  # fmt: skip


def kept(campaign: Campaign) -> Mapping[str, Any]:
    """A campaign's plan as its form shows it."""
    scope = read_scope(campaign.scope)
    names = ("name", "starts_on", "ends_on", "attempts", "entry_days", "phone", "self_filling")
    return {
        **{name: getattr(campaign, name) for name in names},
        **{name: getattr(scope, name) for name in ("mode", "age_from", "age_to")},
        **{name: list(getattr(scope, name)) for name in ("places", "reasons", "missing")},
    }


class Announcing(forms.Form):
    """On which day the announcement is posted."""

    on = DayField(label="公告日期")


class Closing(forms.Form):
    """Why tasks may stay undone, if any are."""

    waiver = Words(label="不再办理的理由", required=False, help_text="还有任务没有办完时必须写明，以您的名义留存")
