"""Protected people, who may see them, and emergencies: access outside one's area for some hours."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from canbao.registry.models.officers import Officer
from canbao.registry.models.requests import InForce


class Protection(InForce):
    """A person whom named officers alone may see; `since` is empty while it is only asked for.

    `cause` is one of the law's (duties.yaml, `protection_causes`), `until` the last day, if there is one. The numbers
    that are merged with the person's are protected with it (tables/protection.sql).
    """

    person_id = models.BigIntegerField()
    cause = models.CharField(max_length=40)
    since = models.DateTimeField(null=True)
    until = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person_id"])]


class ProtectionReader(models.Model):
    """An officer who may see a protected person."""

    protection = models.ForeignKey(Protection, on_delete=models.CASCADE, related_name="readers")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["protection", "officer"], name="reader_once")]


class Emergency(models.Model):
    """Access to a place outside an officer's area till `ends_at`; `area` is the officer's own when it was opened."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="emergencies")
    area = models.CharField(max_length=12)
    place = models.CharField(max_length=12)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=20)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "area"]), models.Index(fields=["officer", "state"])]

    @property
    def is_open(self) -> bool:
        """Whether look-ups are possible under it now."""
        return self.state == "open" and self.ends_at > timezone.now()


class EmergencyMove(models.Model):
    """A move that was made with an emergency; rows are only ever added. `by` is empty when its time ran out."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    note = models.TextField(default="")


class EmergencyLook(models.Model):
    """Somebody whom an officer has seen in an emergency; rows are only ever added."""

    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="looks")
    person_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["emergency", "person_id"], name="seen_once")]
