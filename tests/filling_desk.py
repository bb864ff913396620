"""A campaign in which residents fill in their own forms, and what one of them writes."""

from __future__ import annotations

from typing import Any

from canbao.survey.actions.self_filling import make_codes, open_code
from canbao.survey.models import Campaign, Task
from survey_desk import clerk, running, split, tasks


def open_campaign() -> tuple[Campaign, list[Task]]:
    """A running campaign with self-filling, and the tasks of the first town, with a surveyor."""
    campaign = running(self_filling=True)
    split(campaign)
    return campaign, tasks(campaign, state="assigned")


def code_for(task: Task, **more: Any) -> str:
    """The code on the letter that the town's clerk prints."""
    return make_codes(campaign=task.campaign, tasks=[task.pk], **{"by": clerk(task.place[:9]), **more})[task.pk]


def code_id(code: str) -> int:
    return open_code(code).code_id


def filled(**more: str) -> dict[str, str]:
    """What a resident writes who does it right."""
    return {
        "respondent": "1", "signed": "1", "identity_right": "1", "residence_address": "某路新址",
        "mobile": "13800138009", "employment_status": "2", "no_unit_type": "3", "covered_elsewhere": "0",
        "uninsured_reason": "10", **more,
    }  # fmt: skip
