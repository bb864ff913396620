"""Packages that came in, what became of them, and the conflicts that officers have to settle."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer

STREAMING = "streaming"
"""The state of what is no package that came in, but stands where one would: a partner's stream."""


class Package(models.Model):
    """A data package of one division; `people` is how many its summary says there are.

    `is_reversible` says that what it replaced was kept, so that it can be withdrawn. `plausibility` is what the gate
    found (registry.plausibility), `rehearsal` what a dry run of its admission counted (registry.rehearsals).
    """

    division_code = models.CharField(max_length=6)
    as_of = models.DateField(null=True)
    profile = models.CharField(max_length=64, default="")
    serial = models.IntegerField(null=True)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=20)
    received_at = models.DateTimeField(auto_now_add=True)
    received_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    summary = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    people = models.BigIntegerField(default=0)
    is_reversible = models.BooleanField(default=False)
    plausibility = models.JSONField(default=dict)
    rehearsal = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["division_code", "-received_at"]), models.Index(fields=["state"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sha256"],
                name="package_once",
                condition=~models.Q(state__in=["refused", "cancelled", "withdrawn"]),
            )
        ]


class AdmissionRange(models.Model):
    """A range of a package's numbers on their way into the register, or out of it: all up to `cursor` are through.

    The range goes on to `upto`, an empty one to the end.
    """

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="ranges")
    upto = models.CharField(max_length=32)
    cursor = models.CharField(max_length=32)
    is_done = models.BooleanField(default=False)
    is_withdrawal = models.BooleanField(default=False)
    people = models.BigIntegerField(default=0)
    changed_facts = models.BigIntegerField(default=0)
    gone = models.BigIntegerField(default=0)
    registered = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)


class PackageMove(models.Model):
    """A move that was made with a package; rows are only ever added."""

    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    note = models.TextField(default="")


class Conflict(models.Model):
    """Two statements under one number that may be two people; the division that came later has to settle it."""

    person_id = models.BigIntegerField()
    division_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=20)
    reference_name = models.CharField(max_length=64)
    other_name = models.CharField(max_length=64)
    package = models.ForeignKey(Package, on_delete=models.PROTECT)
    raised_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=20, default="open")
    decision = models.CharField(max_length=20, default="")
    reason = models.TextField(default="")
    settled_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person_id", "division_code", "kind", "other_name"],
                name="conflict_asked_once",
                condition=models.Q(state="open"),
            )
        ]
        indexes: ClassVar = [models.Index(fields=["division_code", "state"]), models.Index(fields=["person_id"])]
