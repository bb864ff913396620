"""Covers that exclude each other, and the locks on them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0010_living_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="Duplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("subject", models.CharField(default="", max_length=20)),
                ("rows", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("areas", models.TextField()),
                ("seen_by", models.TextField()),
                ("found_on", models.DateField()),
                ("state", models.CharField(max_length=20)),
                ("decision", models.CharField(default="", max_length=20)),
                ("ends", models.CharField(default="", max_length=40)),
                ("reason", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("said", models.JSONField(default=list)),
                (
                    "decided_by",
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
                    models.Index(fields=["person_id"], name="registry_du_person__61fe9e_idx"),
                    models.Index(fields=["state", "-id"], name="registry_du_state_ab4a5a_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("open", "waiting"))),
                        fields=("person_id", "kind", "subject"),
                        name="duplicate_once",
                    )
                ],
            },
        ),
        migrations.RunSQL((TABLES / "duplicates.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
