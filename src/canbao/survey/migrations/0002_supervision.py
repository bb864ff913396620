"""What supervision looks at, and the lock on it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("survey", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counted_at", models.DateTimeField(null=True)),
                ("marked_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="watch", to="survey.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("digits", models.SmallIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("move", models.CharField(max_length=20)),
                ("many", models.IntegerField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.campaign",
                    ),
                ),
                (
                    "surveyor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.surveyor",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["campaign", "digits", "place", "day"], name="day_count_of_place"),
                    models.Index(fields=["campaign", "day"], name="day_count_of_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("kind", models.CharField(max_length=20)),
                ("detail", models.CharField(default="", max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.campaign",
                    ),
                ),
                (
                    "surveyor",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.surveyor",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="survey.task",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "kind", "place"], name="mark_of_place")],
                "constraints": [models.UniqueConstraint(fields=("task", "kind"), name="mark_once")],
            },
        ),
        migrations.CreateModel(
            name="ReviewCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("hours", models.IntegerField()),
                ("many", models.IntegerField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="survey.campaign",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["campaign", "day", "place"], name="review_count_of_day")],
            },
        ),
        migrations.RunSQL((TABLES / "supervision.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
