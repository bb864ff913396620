"""A city with people to be surveyed, the officers who do it, and a campaign brought to where a test needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from canbao.registry.access import acting, working
from canbao.registry.models import Officer
from canbao.survey.actions import campaigns, entries, splitting, surveyors
from canbao.survey.actions.listing import make_list
from canbao.survey.models import Campaign, Surveyor, Task
from canbao.survey.targets import Scope
from cleaning_desk import number
from kept_register import Kept, keep, put_back
from people_of_office import officer
from setting_desk import put_in

HEADS = (
    "ssn,name,hukou_address,residence_address,hukou_division_code,hukou_town_name,hukou_town_code,"
    "hukou_village_name,hukou_village_code,vital_status,mobile\n"
)
TOWN, OTHER_TOWN = "440604010", "440604012"
VILLAGES = (f"{TOWN}001", f"{TOWN}003", f"{OTHER_TOWN}001")
"""Of Chancheng in Foshan: 石湾镇街道 and 祖庙街道."""


def household(place: int, village: str) -> str:
    """A row of the household list: somebody uninsured in a village."""
    town = village[:9]
    home = f"某路{place}号"
    return f"{number(place * 2 + 1)},样例{place},{home},{home},{village[:6]},某街道,{town},某社区,{village},1,\n"


def city(people: int = 12) -> None:
    """Put people to be surveyed into the empty register, turn by turn in the three villages."""
    is_empty = not Officer.objects.exists()
    if is_empty and people in _KEPT:
        put_back(_KEPT[people])
        return
    put_in("440600", household=HEADS + "".join(household(one, VILLAGES[one % 3]) for one in range(people)))
    if is_empty:
        _KEPT[people] = keep()


_KEPT: dict[int, Kept] = {}
"""The register with so many people in it, as it was made first."""


def who(duty: str, area: str, name: str = "") -> Officer:
    """An officer, made when first asked for."""
    username = name or f"{duty}-{area}"
    return Officer.objects.filter(username=username).first() or officer(duty, area, username)


def city_officer() -> Officer:
    return who("city_data_officer", "4406")


def county_officer() -> Officer:
    return who("county_officer", "440604")


def clerk(town: str = TOWN) -> Officer:
    return who("town_clerk", town)


def plan(**more: Any) -> campaigns.Plan:
    today = timezone.localdate()
    said = {
        "name": "样例调查", "starts_on": today, "ends_on": today + timedelta(days=60), "scope": Scope(), "attempts": 3,
        "entry_days": 7, "phone": "0757-12345678",
    }  # fmt: skip
    return campaigns.Plan(**{**said, **more})


def listed(*, is_training: bool = False, **more: Any) -> Campaign:
    """A campaign whose list is made."""
    campaign = campaigns.draw_up(plan(**more), by=city_officer(), is_training=is_training)
    make_list(campaign_id=campaign.pk, by=city_officer())
    return fresh(campaign)


def running(**more: Any) -> Campaign:
    """A campaign that is under way; it was announced in time."""
    campaign = listed(**more)
    campaigns.announce(campaign=campaign, on=campaign.starts_on - timedelta(days=8), by=city_officer())
    campaigns.begin(campaign=campaign, by=city_officer())
    return fresh(campaign)


def fresh(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def surveyor(place: str = TOWN, name: str = "调查甲", **more: Any) -> Surveyor:
    today = timezone.localdate()
    said = {"mobile": "13800138000", "valid_from": today, "valid_to": today + timedelta(days=90), **more}
    return surveyors.register(surveyors.Person(name=name, place=place, **said), by=who("town_clerk", place[:9]))


def tasks(campaign: Campaign, **sought: Any) -> list[Task]:
    with working():
        return list(Task.objects.filter(campaign=campaign, **sought).order_by("pk"))


def split(campaign: Campaign) -> Surveyor:
    """All tasks of the first town with one surveyor of it."""
    splitting.allot_by_place(campaign=campaign, by=county_officer())
    one = surveyor()
    keys = [task.pk for task in tasks(campaign, place__startswith=TOWN)]
    splitting.assign(campaign=campaign, tasks=keys, surveyor=one, by=clerk())
    return one


def answers(**more: str) -> dict[str, str]:
    """A form that can be handed in."""
    return {
        "survey_outcome": "1", "survey_way": "1", "surveyed_on": timezone.localdate().isoformat(), "respondent": "1",
        "signed": "1", "identity_right": "1", "residence_address": "某路新址", "mobile": "13800138001",
        "employment_status": "2", "no_unit_type": "3", "covered_elsewhere": "0", "uninsured_reason": "10", **more,
    }  # fmt: skip


def entered(task: Task, by: Officer | None = None, **more: str) -> Task:
    """A task whose form was handed in by the town's clerk."""
    entries.submit(
        task_id=task.pk, written=answers(**more), reasons={}, based_on=task.entries, by=by or clerk(task.place[:9])
    )
    return seen(task)


def seen(task: Task) -> Task:
    """The task as it is now."""
    with working():
        return Task.objects.select_related("campaign", "surveyor").get(pk=task.pk)


def as_seen_by(by: Officer) -> list[int]:
    """The keys of all tasks that the database shows an officer."""
    with acting(by.area, by):
        return sorted(Task.objects.values_list("pk", flat=True))
