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
        "survey_selfcode", "survey_volume", "survey_printing", "survey_issuer",
    )  # fmt: skip
    """Tables whose rows change but never go."""
