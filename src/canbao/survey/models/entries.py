"""What surveyors bring back: visits, forms that were handed in, and what somebody is still typing."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer
from canbao.survey.models.surveyors import Surveyor
from canbao.survey.models.tasks import Task


class Visit(models.Model):
    """One attempt to find the person; rows are only ever added. `way` and `outcome` are codes of the law.

    A position is what a phone says of itself, and no proof.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="visits")
    at = models.DateTimeField()
    way = models.CharField(max_length=1)
    outcome = models.CharField(max_length=1)
    next_on = models.DateField(null=True)
    note = models.TextField(default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    is_position_faked = models.BooleanField(default=False)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    written_at = models.DateTimeField(auto_now_add=True)


class Entry(models.Model):
    """A form that was handed in; rows are only ever added, the highest number counts.

    `kept` are answers to questions that were not asked then, `found` the warnings, `reasons` why each was let pass.
    `method` is law's registration_method, `seconds` how long it was typed (0 if nobody knows).
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="forms")
    number = models.SmallIntegerField()
    form = models.SmallIntegerField()
    answers = models.JSONField()
    kept = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    found = models.JSONField(default=list)
    method = models.CharField(max_length=1)
    seconds = models.IntegerField(default=0)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, null=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "number"], name="entry_once")]


class Draft(models.Model):
    """What an officer is typing for a task, on the form as it was at `entries` forms handed in before.

    `revision` is the phone's count of changes, 0 for what was never on one.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="drafts")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT)
    answers = models.JSONField()
    reasons = models.JSONField(default=dict)
    based_on = models.IntegerField()
    revision = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "officer"], name="draft_once")]


class SelfCode(models.Model):
    """A code that lets a resident fill in their own form once; kept as a digest."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    valid_to = models.DateField()
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
