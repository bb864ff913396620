"""Tasks: one person to be visited in a campaign, and the moves that were made with it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer
from canbao.survey.models.campaigns import Campaign
from canbao.survey.models.surveyors import Surveyor


class Task(models.Model):
    """One person of a campaign; `state` is folded from its moves (law's workflow `task`).

    `place` is where it is to be done: a village, or the finest place that is known. A made person, for training, has a
    negative `person_id` and stands in `made`. `version` grows with each change: who writes names the one they saw.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    person_id = models.BigIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    state = models.CharField(max_length=20)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, null=True, related_name="tasks")
    form = models.SmallIntegerField(default=1)
    reason = models.CharField(max_length=4, default="")
    failed = models.SmallIntegerField(default=0)
    returned = models.SmallIntegerField(default=0)
    entries = models.SmallIntegerField(default=0)
    is_clean = models.BooleanField(default=False)
    next_on = models.DateField(null=True)
    collected_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    made = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "person_id"], name="task_once")]
        indexes: ClassVar = [
            models.Index(fields=["campaign", "place", "state", "surveyor"]),
            models.Index(fields=["surveyor", "state"]),
            models.Index(fields=["person_id"]),
            models.Index(fields=["campaign", "state", "changed_at"]),
        ]


class TaskMove(models.Model):
    """A move that was made with a task, by an officer or, without one, by the program; rows are only ever added."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, null=True)
    place = models.CharField(max_length=12, default="")
    note = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"])]
