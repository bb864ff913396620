"""What supervision looks at: counts by day and marks, both derived from moves, forms and visits, and made anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from canbao.registry.models import Officer
from canbao.survey.models.campaigns import Campaign
from canbao.survey.models.surveyors import Surveyor
from canbao.survey.models.tasks import Task


class DayCount(models.Model):
    """How often a move was made on a day in a county, town (there by surveyor) or village: `digits` is 6, 9 or 12.

    Beside moves it counts each task's first form, as `form`.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    digits = models.SmallIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    surveyor = models.ForeignKey(Surveyor, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    move = models.CharField(max_length=20)
    many = models.IntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["campaign", "digits", "place", "day"], name="day_count_of_place"),
            models.Index(fields=["campaign", "day"], name="day_count_of_day"),
        ]


class ReviewCount(models.Model):
    """How many reviews of a day an officer made in a county so many whole hours after the form was handed in."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    place = models.CharField(max_length=12, db_collation="C")
    by = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="+", db_index=False)
    hours = models.IntegerField()
    many = models.IntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["campaign", "day", "place"], name="review_count_of_day")]


class Mark(models.Model):
    """A task that is remarkable (质量标记): `kind` is law's, `detail` rules or reasons (commas between), or a number.

    `place`, `person_id` and `surveyor` are the task's and the form's as they were when it was marked.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="marks", db_index=False)
    person_id = models.BigIntegerField()
    place = models.CharField(max_length=12, db_collation="C")
    surveyor = models.ForeignKey(Surveyor, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    kind = models.CharField(max_length=20)
    detail = models.CharField(max_length=200, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["task", "kind"], name="mark_once")]
        indexes: ClassVar = [models.Index(fields=["campaign", "kind", "place"], name="mark_of_place")]


class Watch(models.Model):
    """When a campaign's counts and marks were last made."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="watch")
    counted_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
