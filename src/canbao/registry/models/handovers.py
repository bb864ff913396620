"""People who belong to another city than before: who lets go, who takes over, and that somebody did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer


class Handover(models.Model):
    """A person's move from one city to another, four digits each; `to_city` is empty as long as nobody claims them.

    It is open till the new city has said that it has the person, or the person has come back.
    """

    person_id = models.BigIntegerField()
    from_city = models.CharField(max_length=4)
    to_city = models.CharField(max_length=4, blank=True, default="")
    package_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=20)
    taken_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    taken_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id"], name="handover_once", condition=models.Q(state="open"))
        ]
        indexes: ClassVar = [
            models.Index(fields=["from_city", "state"]),
            models.Index(fields=["to_city", "state"]),
        ]
