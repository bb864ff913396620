"""Background work, as people watch it: the queue itself is procrastinate's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer


class Work(models.Model):
    """One piece of background work: how far it is, and what became of it."""

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    area = models.CharField(max_length=12)
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    asked_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    state = models.CharField(max_length=20, default="waiting")
    is_cancel_asked = models.BooleanField(default=False)
    message = models.TextField(default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-asked_at"])]
