"""Requests that one officer makes and another decides, their papers, and the decisions that are in force."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer
from canbao.registry.models.packages import Package


class Request(models.Model):
    """Something that two officers decide: `kind` is a decision of the law (duties.yaml), `content` what it asks for.

    `area` is the place whose officers decide it, `asked_area` that of whoever asked. `person_id` is whom it is about;
    `undoes` the decision that it takes back.
    """

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=20)
    area = models.CharField(max_length=12)
    asked_area = models.CharField(max_length=12)
    person_id = models.BigIntegerField(null=True)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, related_name="requests")
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    content = models.JSONField(default=dict)
    reason = models.TextField()
    asked_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="requests")
    asked_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField()
    answer = models.TextField(default="")
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="decisions")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "area"]),
            models.Index(fields=["person_id"]),
            models.Index(fields=["-asked_at"]),
        ]


class RequestMove(models.Model):
    """A move that was made with a request; rows are only ever added."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    note = models.TextField(default="")


class Paper(models.Model):
    """A scan or photo that goes with a request, sealed; rows are only ever added."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="papers")
    label = models.CharField(max_length=100)
    media_type = models.CharField(max_length=40)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    sealed = models.TextField()
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    added_at = models.DateTimeField(auto_now_add=True)


class InForce(models.Model):
    """A decision that holds until another one takes it back."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="+")
    revoked_by = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class Link(InForce):
    """Two numbers are one person: what is said under `person_id` counts for `into_id`, whose number is kept."""

    person_id = models.BigIntegerField()
    into_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person_id"], name="link_once", condition=models.Q(revoked_by__isnull=True))
        ]
        indexes: ClassVar = [models.Index(fields=["into_id"])]


class Assignment(InForce):
    """What a division says under a number is about another person, who is registered as `number`."""

    division_code = models.CharField(max_length=6)
    ssn = models.CharField(max_length=32)
    person_id = models.BigIntegerField()
    number = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["division_code", "ssn"],
                name="assignment_once",
                condition=models.Q(revoked_by__isnull=True),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person_id"])]


class Correction(InForce):
    """An item that officers have corrected: `value` stands in place of what any source says, `was` before it."""

    person_id = models.BigIntegerField()
    item = models.CharField(max_length=40)
    value = models.TextField()
    was = models.TextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "item"], name="correction_once", condition=models.Q(revoked_by__isnull=True)
            )
        ]
