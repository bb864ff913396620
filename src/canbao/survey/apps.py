"""The survey as a Django application."""

from typing import ClassVar

from django.apps import AppConfig


class SurveyConfig(AppConfig):
    """Tables and verbs of the survey."""

    name = "canbao.survey"
    label = "survey"
    verbose_name = "调查核实"
    default_auto_field = "django.db.models.BigAutoField"
    added_to: ClassVar = (
        "survey_campaignmove", "survey_formversion", "survey_taskmove", "survey_visit", "survey_entry",
        "survey_comment", "survey_wording", "survey_volumemove", "survey_urge", "survey_task_seen",
    )  # fmt: skip
    """Tables to which rows are only ever added."""
    kept: ClassVar = (
        "survey_campaign", "survey_task", "survey_surveyor", "survey_contractor", "survey_sample", "survey_sampletask",
        "survey_selfcode", "survey_volume", "survey_printing", "survey_issuer", "survey_device", "survey_phonepermit",
        "survey_stream", "survey_phoneaction",
    )  # fmt: skip
    """Tables whose rows change but never go."""
    told: ClassVar = (
        "target.list", "task.list", "task.see", "task.find", "task.walk_in", "task.sheet", "task.assignment_sheet",
        "task.visit", "task.collect", "task.submit", "task.withdraw", "task.approve", "task.return", "task.reopen",
        "task.make_codes", "task.open_by_code", "task.turn_in", "review.list", "sample.see", "sample.record",
        "paper.print", "paper.preview", "paper.fetch", "volume.see", "phone.tasks", "dispute.see", "dispute.decide",
        "picture.see",
    )  # fmt: skip
    """The looks and deeds that name people: the insured are told of them when they ask who looked at their record."""
