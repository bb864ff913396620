"""Pairs of records that may be one person."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_handovers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("left_id", models.BigIntegerField()),
                ("right_id", models.BigIntegerField()),
                ("area", models.CharField(max_length=12)),
                ("probability", models.FloatField()),
                ("weight", models.FloatField()),
                ("reasons", models.JSONField()),
                ("left_digest", models.CharField(max_length=32)),
                ("right_digest", models.CharField(max_length=32)),
                ("found_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                ("reason", models.TextField(default="")),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="registry.request"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "area", "-probability"], name="registry_ca_state_8f5ca1_idx")
                ],
                "constraints": [models.UniqueConstraint(fields=("left_id", "right_id"), name="candidate_once")],
            },
        ),
    ]
