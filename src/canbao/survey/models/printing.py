"""Papers that were printed: what, for where, how far, and the file's digest."""

from __future__ import annotations

from django.db import models

from canbao.registry.models import Officer, Work
from canbao.survey.models.campaigns import Campaign


class Printing(models.Model):
    """A batch of papers of one kind; `work` the background work that makes them.

    `asked` says what they are of, so that whoever begins anew makes the same: keys (of tasks, surveyors, places or
    volumes), the day and the version of the words. `strange` are characters that no font has, each with what it is on.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="printings")
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=12, db_collation="C")
    asked = models.JSONField(default=dict)
    work = models.OneToOneField(Work, on_delete=models.PROTECT, related_name="printing")
    records = models.IntegerField(default=0)
    pages = models.IntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="")
    strange = models.JSONField(default=list)
    handed_out_at = models.DateTimeField(null=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
