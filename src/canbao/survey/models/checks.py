"""What reviewers say: comments on questions, and samples of forms that are checked by telephone or afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer
from canbao.survey.models.campaigns import Campaign
from canbao.survey.models.entries import Entry
from canbao.survey.models.tasks import Task


class Comment(models.Model):
    """What a reviewer says about one question of a form; rows are only ever added."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="comments")
    question = models.CharField(max_length=40)
    words = models.TextField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)


class Sample(models.Model):
    """Tasks drawn by lot: `kind` is phone (before approval) or recheck (afterwards); `seed` lets it be drawn again."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="samples")
    kind = models.CharField(max_length=10)
    area = models.CharField(max_length=12)
    percent = models.SmallIntegerField()
    seed = models.BigIntegerField()
    among = models.IntegerField()
    drawn_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    drawn_at = models.DateTimeField(auto_now_add=True)


class SampleTask(models.Model):
    """One task of a sample, and what came of it: empty, same, differs or unreached."""

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="drawn")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="samples")
    result = models.CharField(max_length=10, default="")
    note = models.TextField(default="")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["sample", "task"], name="drawn_once")]
