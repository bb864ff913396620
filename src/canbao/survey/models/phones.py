"""Surveyors' phones: which are bound, what came from them and on which way it is (docs/phone.md)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer
from canbao.survey.models.surveyors import Surveyor


class Device(models.Model):
    """One browser's store on one phone (设备), bound to a surveyor; `state` is bound, replaced or revoked.

    Of its secret a digest is kept. `clock_ms` is by how much its clock is slow, as measured at the last contact. What
    it says of itself (`app`, `law`, `pending`, `storage`, `diagnosis`) holds nothing of a person, and is no proof.
    """

    key = models.UUIDField(unique=True)
    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="devices")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=12, db_collation="C")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default="bound")
    label = models.CharField(max_length=60, default="")
    bound_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    ended_for = models.TextField(default="")
    emptied_at = models.DateTimeField(null=True)
    contact_at = models.DateTimeField(null=True)
    clock_ms = models.BigIntegerField(default=0)
    app = models.IntegerField(default=0)
    law = models.CharField(max_length=64, default="")
    pending = models.IntegerField(default=0)
    drafts = models.IntegerField(default=0)
    storage = models.JSONField(default=dict)
    diagnosis = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["surveyor"], condition=models.Q(state="bound"), name="one_bound_phone")
        ]
        indexes: ClassVar = [models.Index(fields=["place"], name="device_of_place")]


class PhonePermit(models.Model):
    """A code (换机码) by which another phone may take the place of a surveyor's; works once, kept as a digest."""

    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="permits")
    digest = models.CharField(max_length=64, unique=True)
    valid_to = models.DateField()
    made_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)


class Stream(models.Model):
    """A run of a surveyor's actions; `next` is the number of the one that is carried out next.

    It is the surveyor's and not the phone's: a backup may bring it to another phone.
    """

    surveyor = models.ForeignKey(Surveyor, on_delete=models.PROTECT, related_name="streams")
    place = models.CharField(max_length=12, db_collation="C")
    key = models.CharField(max_length=32)
    next = models.IntegerField(default=1)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["surveyor", "key"], name="stream_once")]


class Parcel(models.Model):
    """Some actions on their way: `content` are the bytes that are there, none of them once `receipts` are given.

    `receipts` are the id and digest of each action that was in it.
    """

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="parcels")
    sha256 = models.CharField(max_length=64)
    length = models.IntegerField()
    content = models.BinaryField(default=b"")
    receipts = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "sha256"], name="parcel_once")]


class PhoneAction(models.Model):
    """One action as it came with a device: `text` is its JSON (emptied once carried out), `sha256` the digest of that.

    `state` is kept, taken, ignored, dispute or set_aside; `says` tells why. `at` is when it was done by the phone's
    clock, put right. `task_id` is what the phone says, `person_id` whose task that is as far as it is the surveyor's.
    """

    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="actions")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="actions")
    key = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    seq = models.IntegerField()
    kind = models.CharField(max_length=10)
    task_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    place = models.CharField(max_length=12, db_collation="C")
    text = models.TextField()
    state = models.CharField(max_length=10, default="kept")
    says = models.TextField(default="")
    at = models.DateTimeField()
    arrived_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["stream", "key", "sha256"], name="action_once")]
        indexes: ClassVar = [
            models.Index(fields=["stream", "seq"], condition=models.Q(state="kept"), name="action_waiting"),
            models.Index(fields=["place", "id"], condition=models.Q(state="dispute"), name="action_disputed"),
            models.Index(fields=["task_id"], name="action_of_task"),
        ]


class Picture(models.Model):
    """A picture taken with a phone: `content` while it is on its way, `sealed` when it is all there."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="pictures")
    task_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    kind = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    length = models.IntegerField()
    content = models.BinaryField(default=b"")
    sealed = models.TextField(default="")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["device", "sha256"], name="picture_once")]
        indexes: ClassVar = [models.Index(fields=["task_id"], name="picture_of_task")]
