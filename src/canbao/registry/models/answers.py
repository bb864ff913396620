"""Approved survey answers: what surveyed people have said, laid over what divisions say of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer


class SurveyAnswers(models.Model):
    """A person's answers; in force until `withdrawn_at`. Rows change but never go.

    `items` are values by item (`core.surveying.ANSWERABLE`), `person_id` the number that they were given for, `task_id`
    the survey's own number for its work on the person, `method` one of 登记方式 (2 paper, 3 mobile, 4 self-service).
    `operator_name` and `reviewer_name` are who entered and reviewed them: the record bears these.
    """

    person_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    items = models.JSONField()
    surveyed_on = models.DateField()
    method = models.CharField(max_length=1)
    operator_name = models.CharField(max_length=64)
    operated_at = models.DateTimeField()
    reviewer_name = models.CharField(max_length=64)
    reviewed_at = models.DateTimeField()
    admitted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    admitted_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id"], name="answers_once", condition=models.Q(withdrawn_at__isnull=True)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person_id"]), models.Index(fields=["task_id"])]
