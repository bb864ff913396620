"""Covers that exclude each other, as they were found in the register, and what cities have decided about them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from canbao.registry.models.officers import Officer


class Duplicate(models.Model):
    """One matter: a person (the kept number's key), a rule of law's (`kind`), and the rows that it was found in.

    `subject` is the insurance type where the rule is about one alone, else empty. `rows` are the covers as they stand,
    or stood last, and `digest` those of their items by which they are taken for the same. `areas` has each place and
    each reporting city after a bar, |440604|4406: whose matter it is; `seen_by` has the person's places too. `ends`
    names the cover that is to end (TYPE:PLACE, the type empty where all of the place's are), `said` is everything that
    was decided so far, the latest last.
    """

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=20, default="")
    rows = models.JSONField()
    digest = models.CharField(max_length=64)
    areas = models.TextField()
    seen_by = models.TextField()
    found_on = models.DateField()
    state = models.CharField(max_length=20)
    decision = models.CharField(max_length=20, default="")
    ends = models.CharField(max_length=40, default="")
    reason = models.TextField(default="")
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    said = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "kind", "subject"], condition=Q(state__in=("open", "waiting")),
                name="duplicate_once",
            )
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["person_id"]), models.Index(fields=["state", "-id"])]
