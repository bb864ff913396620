"""Runs: a department's list held against the register at one go, and the plans by which lists come."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models.officers import Officer
from canbao.registry.models.partners import Agreement, Partner
from canbao.registry.models.work import Work

FULL, CHANGES = "full", "changes"


class ExchangeRun(models.Model):
    """One list of a partner; its rows are in `exchange_run_row` until it is known what became of them.

    `source` is one of the law's, or `items`; `kind` FULL (whoever isn't on it any more has ended) or CHANGES. `rows`
    are all, `people` the different ones, `leaving` who isn't on it any more; `handed` the last row that was handed on.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="runs")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    as_of = models.DateField()
    state = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    work = models.ForeignKey(Work, on_delete=models.PROTECT, null=True, related_name="+")
    faults = models.JSONField(default=list)
    rows = models.IntegerField(default=0)
    people = models.IntegerField(default=0)
    leaving = models.IntegerField(default=0)
    handed = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    received_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["partner", "source", "-as_of"])]


class ExchangeRunMove(models.Model):
    """A move that was made with a run; rows are only ever added."""

    run = models.ForeignKey(ExchangeRun, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(default="")


class ExchangePlan(models.Model):
    """How often a list of a partner is due: every so many weeks or months, the next one on `due_on`."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="plans")
    source = models.CharField(max_length=40)
    steps = models.IntegerField()
    unit = models.CharField(max_length=10)
    due_on = models.DateField()
    set_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["partner", "source"], name="plan_once")]
