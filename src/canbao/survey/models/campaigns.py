"""Campaigns: a city's survey of a period, the form it asks, and the words of its papers."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer

UNDER_WAY = ("running", "auditing")
"""The states of a campaign in which people are visited and forms come in."""
OVER = ("closed", "archived", "dropped")
"""The states of a campaign in which nothing of it is changed any more."""


class Campaign(models.Model):
    """A survey of an area, a city or a county of one; `scope` says who is on its list (survey.targets.Scope).

    `attempts` failed visits go before 人户分离, a paper form is entered within `entry_days`. One `is_training` has made
    people, and nothing of it comes to the register.
    """

    area = models.CharField(max_length=6, db_collation="C")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    announced_on = models.DateField(null=True)
    state = models.CharField(max_length=20)
    scope = models.JSONField(default=dict)
    attempts = models.SmallIntegerField()
    entry_days = models.SmallIntegerField()
    self_filling = models.BooleanField(default=False)
    is_training = models.BooleanField(default=False)
    form = models.SmallIntegerField(default=1)
    phone = models.CharField(max_length=40, default="")
    waiver = models.TextField(default="")
    drawn_up_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    drawn_up_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["area", "state"])]

    @property
    def city(self) -> str:
        """The four digits of its city."""
        return self.area[:4]


class CampaignMove(models.Model):
    """A move that was made with a campaign; rows are only ever added."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    note = models.TextField(default="")


class FormVersion(models.Model):
    """What a campaign's form is from now on: the changes laid over the law's form; rows are only ever added.

    With `moves_up` open tasks go over to it, without they keep the version they began with.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="forms")
    number = models.SmallIntegerField()
    overlay = models.JSONField(default=dict)
    moves_up = models.BooleanField(default=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "number"], name="form_once")]


class Wording(models.Model):
    """The words of a kind of paper in a city, from one version to the next; rows are only ever added."""

    city = models.CharField(max_length=4)
    kind = models.CharField(max_length=40)
    number = models.SmallIntegerField()
    words = models.JSONField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "kind", "number"], name="wording_once")]


class Urge(models.Model):
    """A letter that asks a place to make haste; rows are only ever added."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="urges")
    place = models.CharField(max_length=12)
    words = models.TextField()
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)


class Contact(models.Model):
    """Whom residents of a place ring or go to in a campaign, as its town has entered it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="contacts")
    place = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=64)
    phone = models.CharField(max_length=40)
    address = models.CharField(max_length=150, default="")
    hours = models.CharField(max_length=60, default="")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["campaign", "place"], name="contact_once")]


class Issuer(models.Model):
    """In whose name a city's papers go out, and its seal as a picture, sealed; a city's latest row counts."""

    city = models.CharField(max_length=4)
    name = models.CharField(max_length=60)
    sealed_seal = models.TextField(default="")
    by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["city"])]
