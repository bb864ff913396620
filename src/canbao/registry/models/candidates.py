"""Pairs of records that a machine takes for one person's; what officers have found is remembered with them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer
from canbao.registry.models.requests import Request


class Candidate(models.Model):
    """Two kept numbers' keys, left below right, with how likely they are one person's and why.

    `area` is the smallest place that both lie in, a county at the finest. The digests tell on which data the machine,
    and whoever decided, has looked.
    """

    left_id = models.BigIntegerField()
    right_id = models.BigIntegerField()
    area = models.CharField(max_length=12)
    probability = models.FloatField()
    weight = models.FloatField()
    reasons = models.JSONField()
    left_digest = models.CharField(max_length=32)
    right_digest = models.CharField(max_length=32)
    found_at = models.DateTimeField()
    state = models.CharField(max_length=20)
    reason = models.TextField(default="")
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    decided_at = models.DateTimeField(null=True)
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["left_id", "right_id"], name="candidate_once")]
        indexes: ClassVar = [models.Index(fields=["state", "area", "-probability"])]
