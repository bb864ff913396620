"""A campaign in words."""

from __future__ import annotations

from collections.abc import Iterator

from canbao.core.conditions.chinese import value_label
from canbao.law.reader import read_law
from canbao.office.people.showing import label_of
from canbao.office.shell import area_name
from canbao.survey.models import Campaign
from canbao.survey.targets import MODES, read_scope


def scope_in_words(campaign: Campaign) -> str:
    """Who is on the list, in one line."""
    return "；".join(_parts(campaign))


def _parts(campaign: Campaign) -> Iterator[str]:
    scope = read_scope(campaign.scope)
    yield MODES[scope.mode]
    if scope.places:
        yield "、".join(area_name(one) for one in scope.places)
    if scope.reasons:
        yield "原因：" + "、".join(value_label("uninsured_reason", one, read_law()) for one in scope.reasons)
    if scope.age_from is not None or scope.age_to is not None:
        low, high = scope.age_from or 0, scope.age_to
        yield f"{low} 至 {high} 周岁" if high is not None else f"{low} 周岁以上"
    if scope.missing:
        yield "缺少：" + "、".join(label_of(one) for one in scope.missing)
