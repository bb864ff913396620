"""Surveyors: who bears a card, of which body, till when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer


class Contractor(models.Model):
    """A body that surveys by contract (外包机构); without a confidentiality agreement on file it gets no tasks."""

    city = models.CharField(max_length=4)
    name = models.CharField(max_length=128)
    uscc = models.CharField(max_length=18)
    agreement_no = models.CharField(max_length=60, default="")
    signed_on = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    sealed_agreement = models.TextField(default="")
    media_type = models.CharField(max_length=40, default="")
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "uscc"], name="contractor_once")]


class Surveyor(models.Model):
    """Somebody with a card (入户调查证) of a city.

    `place` is where they work, `officer` the account, if they have one.
    """

    city = models.CharField(max_length=4)
    place = models.CharField(max_length=12, db_collation="C")
    name = models.CharField(max_length=64)
    mobile = models.CharField(max_length=11)
    unit = models.CharField(max_length=128, default="")
    contractor = models.ForeignKey(Contractor, on_delete=models.PROTECT, null=True, related_name="surveyors")
    officer = models.OneToOneField(Officer, on_delete=models.PROTECT, null=True, related_name="surveyor")
    card_number = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField()
    revoked_on = models.DateField(null=True)
    revoked_for = models.TextField(default="")
    sealed_photo = models.TextField(default="")
    added_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["city", "card_number"], name="card_once")]
        indexes: ClassVar = [models.Index(fields=["place"])]
