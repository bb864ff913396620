"""Duties: who may do what at which level; data like all law, each line with the clause it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from canbao.law.consistency import uncited
from canbao.law.models import Cited
from canbao.law.reader import HOME, LawError, read_law, read_yaml

Level = Literal["province", "city", "county", "town", "village"]
DIGITS: dict[Level, int] = {"province": 2, "city": 4, "county": 6, "town": 9, "village": 12}
"""How many digits of a code name a place of each level."""


EMERGENCY = "emergency"
"""The purpose of look-ups outside one's area; nobody states it, it goes with the emergency that is open."""


class Permission(Cited):
    """Something that can be allowed: `person.see`."""

    id: str
    label: str


class Purpose(Cited):
    """A reason for which a person's record may be looked at, or for which a person is protected."""

    id: str
    label: str


class Duty(Cited):
    """An office that people hold at certain levels.

    `people_a_day` bounds how many different people's records they may see in a day, `cities_a_day` of how many
    different cities they may fetch the household list, `tasks_a_day` how many different survey tasks they may open,
    take away as a file or print.
    """

    id: str
    label: str
    levels: tuple[Level, ...]
    may: frozenset[str]
    people_a_day: int
    cities_a_day: int = 0
    tasks_a_day: int = 0


class Decision(Cited):
    """Something that two people decide: who has `ask` asks for it, somebody else who has `approve` decides.

    `days` are calendar days within which it is to be decided, `papers` how many papers have to go with it at least.
    """

    id: str
    label: str
    ask: str
    approve: str
    days: int = Field(gt=0)
    papers: int = Field(ge=0)


class Emergency(Cited):
    """How access outside one's own area is bounded.

    `hours` if nobody says otherwise and `most_hours` at most, `people` different ones each time, `review_days` calendar
    days till somebody has to have reviewed it, `widest` the level of the widest place by duty.
    """

    hours: int = Field(gt=0)
    most_hours: int = Field(gt=0)
    people: int = Field(gt=0)
    review_days: int = Field(ge=0)
    widest: dict[str, Level]


class Exclusive(Cited):
    """Groups of duties of which nobody holds two from different groups, whatever accounts they have."""

    groups: tuple[tuple[str, ...], ...] = Field(min_length=2)

    def forbids(self, one: str, other: str) -> bool:
        """Whether the two duties exclude each other."""
        group_of = {duty: place for place, group in enumerate(self.groups) for duty in group}
        return one in group_of and other in group_of and group_of[one] != group_of[other]


@dataclass(frozen=True)
class Duties:
    """All permissions, duties, decisions, purposes and causes by id, which duties exclude each other, and emergency."""

    permissions: dict[str, Permission]
    duties: dict[str, Duty]
    purposes: dict[str, Purpose]
    decisions: dict[str, Decision]
    causes: dict[str, Purpose]
    exclusive: tuple[Exclusive, ...]
    emergency: Emergency

    def allows(self, duty: str, permission: str) -> bool:
        """Whether the duty has the permission; a duty or a permission that is not written down allows nothing."""
        return duty in self.duties and permission in self.permissions and permission in self.duties[duty].may

    def exclude(self, one: str, other: str) -> bool:
        """Whether nobody may hold both duties; one that is not written down goes with none."""
        if one not in self.duties or other not in self.duties:
            return True
        return any(rule.forbids(one, other) for rule in self.exclusive)


@cache
def read_duties(home: Path = HOME) -> Duties:
    """Read and check `duties.yaml`; raises LawError naming the entry that can't be trusted."""
    written = read_yaml(home / "duties.yaml")
    try:
        duties = Duties(
            permissions={one["id"]: Permission.model_validate(one) for one in written["permissions"]},
            duties={one["id"]: Duty.model_validate(one) for one in written["duties"]},
            purposes={one["id"]: Purpose.model_validate(one) for one in written["purposes"]},
            decisions={one["id"]: Decision.model_validate(one) for one in written["decisions"]},
            causes={one["id"]: Purpose.model_validate(one) for one in written["protection_causes"]},
            emergency=Emergency.model_validate(written["emergency"]),
            exclusive=tuple(Exclusive.model_validate(one) for one in written["exclusive"]),
        )
    except (ValidationError, KeyError, TypeError) as problem:
        raise LawError(f"duties.yaml：读不懂（{problem}）；请补全后再试") from problem
    found = [*_contradictions(duties, written)]
    if found:
        raise LawError("岗位有矛盾：\n" + "\n".join(found))
    return duties


def _contradictions(duties: Duties, written: dict[str, Any]) -> Iterator[str]:
    for duty in duties.duties.values():
        for permission in sorted(duty.may - duties.permissions.keys()):
            yield f"岗位 {duty.id}：权限 {permission} 没有列出"
        if ("task.see" in duty.may) != (duty.tasks_a_day > 0):
            yield f"岗位 {duty.id}：查看调查任务内容的权限与 tasks_a_day 不符"
        if ("household_list.download" in duty.may) != (duty.cities_a_day > 0):
            yield f"岗位 {duty.id}：下载户籍名单的权限与 cities_a_day 不符"
    for decision in duties.decisions.values():
        for permission in sorted({decision.ask, decision.approve} - duties.permissions.keys()):
            yield f"两人决定 {decision.id}：权限 {permission} 没有列出"
    for rule in duties.exclusive:
        for duty_id in sorted({one for group in rule.groups for one in group} - duties.duties.keys()):
            yield f"互斥岗位：{duty_id} 没有列出"
    for duty_id in sorted(
        {one.id for one in duties.duties.values() if "emergency.use" in one.may} ^ duties.emergency.widest.keys()
    ):
        yield f"紧急查询：岗位 {duty_id} 的权限与 widest 不符"
    for kind, entries in (
        ("permissions", duties.permissions), ("duties", duties.duties), ("decisions", duties.decisions),
        ("protection_causes", duties.causes),
    ):  # fmt: skip
        if len(entries) != len(written[kind]):
            yield f"{kind} 中有重复的 id"
    cited: dict[str, Cited] = {
        **duties.permissions,
        **duties.duties,
        **duties.purposes,
        **{f"保护原因 {id_}": cause for id_, cause in duties.causes.items()},
        "紧急查询": duties.emergency,
        **{f"两人决定 {id_}": decision for id_, decision in duties.decisions.items()},
        **{f"互斥岗位 {place}": rule for place, rule in enumerate(duties.exclusive, 1)},
    }
    yield from uncited(cited.items(), read_law())


def level_of(area: str) -> Level:
    """The level of an area written as the leading digits of its code; raises ValueError for another length."""
    for level, digits in DIGITS.items():
        if len(area) == digits:
            return level
    raise ValueError(f"{area} 不是区划代码的前缀")
