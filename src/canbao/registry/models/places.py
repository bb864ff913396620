"""Changes of places: what two officers have decided, from which day on, and how far it has gone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.requests import Request


class PlaceChange(models.Model):
    """A change that was approved; `kind` is one of `core.place_changes.KINDS`, `day` the day from which it holds.

    Once in force, the people whose codes change are judged anew: first those whose home is in a changed place, in the
    order of homes (`stage` home, up to `after_home` and `after_id`), then whoever else is concerned, in the order of
    keys (sweep). `moved` are the officers whose areas went along, each as [id, before, after]; `to_grant` those whose
    area has several successors, as [id, area].
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="place_change")
    revoked_by = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    day = models.DateField()
    state = models.CharField(max_length=20)
    in_force_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=10, default="home")
    after_home = models.CharField(max_length=12, default="")
    after_id = models.BigIntegerField(default=0)
    judged = models.BigIntegerField(default=0)
    changed = models.BigIntegerField(default=0)
    unclear = models.BigIntegerField(default=0)
    moved = models.JSONField(default=list)
    to_grant = models.JSONField(default=list)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "day"])]


class PlaceRow(models.Model):
    """A row of a change, also for each place that goes with another; rows are only ever added.

    An empty old code is a place that begins. `name` and `town_name` are new names, empty where nothing changes.
    """

    change = models.ForeignKey(PlaceChange, on_delete=models.PROTECT, related_name="rows")
    old_code = models.CharField(max_length=12)
    new_code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    town_name = models.CharField(max_length=60)
    is_said = models.BooleanField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change", "old_code"], name="place_changed_once", condition=~models.Q(old_code="")
            )
        ]
