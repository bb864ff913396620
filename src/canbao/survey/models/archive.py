"""The archive: a village's papers of a campaign, in a box on a shelf."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer
from canbao.survey.models.campaigns import Campaign


class Volume(models.Model):
    """The papers of a village in a campaign; `box` and `shelf` say where they lie.

    `order` are the tasks whose forms are in it, in the order of the summary sheets, of which there are `sheets`;
    `absent` those whose form should be there and is not, each with why (law's `absences`). It is kept to `destroy_on`.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="volumes")
    place = models.CharField(max_length=12, db_collation="C")
    state = models.CharField(max_length=20)
    order = models.JSONField(default=list)
    absent = models.JSONField(default=dict)
    sheets = models.PositiveIntegerField(default=0)
    box = models.CharField(max_length=40, default="")
    shelf = models.CharField(max_length=60, default="")
    destroy_on = models.DateField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "place"], name="volume_once")]


class VolumeMove(models.Model):
    """A move that was made with a volume; rows are only ever added."""

    volume = models.ForeignKey(Volume, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    note = models.TextField(default="")
