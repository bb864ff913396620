"""Background work, as people watch it: the queue itself is procrastinate's."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer
from canbao.registry.models.packages import Package


class Work(models.Model):
    """One piece of background work: how far it is, and what became of it; `package` is what it works on, if it does."""

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    area = models.CharField(max_length=12)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, related_name="works")
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
