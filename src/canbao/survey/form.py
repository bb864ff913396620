"""The form of a campaign in its versions, and the form that a task is asked with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from canbao.core.survey_form import SEVERITIES, Form, Overlay, laid_over
from canbao.law.survey import Question, read_survey
from canbao.registry.access import Refused
from canbao.survey.models import FormVersion, Task

MOST_EXTRA = 10


def read_overlay(kept: Mapping[str, Any]) -> Overlay:
    """The changes of a version, as it is kept; raises Refused for what the law's form does not allow."""
    law = read_survey()
    try:
        extra = tuple(Question.model_validate(one) for one in kept.get("extra", ()))
    except ValidationError as problem:
        raise Refused("补充问题写得不对；请检查名称和选项") from problem
    severities = dict(kept.get("severities", {}))
    known = {one.id: one for one in law.findings}
    if set(severities) - set(known) or set(severities.values()) - set(SEVERITIES):
        raise Refused("校验的轻重写得不对；请重新选择")
    fixed = [id_ for id_, severity in severities.items() if known[id_].fixed and severity != known[id_].severity]
    if fixed:
        raise Refused(f"校验 {'、'.join(sorted(fixed))} 是全省统一的，不能调整")
    _require_questions(kept, extra)
    return Overlay(frozenset(kept.get("hidden", ())), frozenset(kept.get("needed", ())), extra, severities)


def _require_questions(kept: Mapping[str, Any], extra: tuple[Question, ...]) -> None:
    questions = read_survey().questions
    core = sorted(id_ for id_ in kept.get("hidden", ()) if id_ not in questions or questions[id_].core)
    if core:
        raise Refused(f"问题 {'、'.join(core)} 不能隐藏")
    if set(kept.get("needed", ())) - set(questions):
        raise Refused("必填的问题里有不认得的")
    ids = [one.id for one in extra]
    if len(extra) > MOST_EXTRA or len(ids) != len(set(ids)) or any(not id_.startswith("extra_") for id_ in ids):
        raise Refused(f"补充问题最多 {MOST_EXTRA} 个，名称不能重复")


def form_of(campaign_id: int, number: int) -> Form:
    """A version of a campaign's form."""
    version = FormVersion.objects.get(campaign_id=campaign_id, number=number)
    return laid_over(read_survey(), read_overlay(version.overlay))


def form_of_task(task: Task) -> Form:
    """The form that a task is asked with."""
    return form_of(task.campaign_id, task.form)
