"""Approved survey answers, and the lock on them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0008_protection"),
    ]

    operations = [
        migrations.CreateModel(
            name="SurveyAnswers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("task_id", models.BigIntegerField()),
                ("items", models.JSONField()),
                ("surveyed_on", models.DateField()),
                ("method", models.CharField(max_length=1)),
                ("operator_name", models.CharField(max_length=64)),
                ("operated_at", models.DateTimeField()),
                ("reviewer_name", models.CharField(max_length=64)),
                ("reviewed_at", models.DateTimeField()),
                ("admitted_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "admitted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person_id"], name="registry_su_person__6f6918_idx"),
                    models.Index(fields=["task_id"], name="registry_su_task_id_06ed83_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)), fields=("person_id",), name="answers_once"
                    )
                ],
            },
        ),
        migrations.RunSQL((TABLES / "answers.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
