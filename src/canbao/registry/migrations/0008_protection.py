"""Protected people, and emergencies; the lock on both."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0007_gate"),
    ]

    operations = [
        migrations.CreateModel(
            name="Emergency",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("area", models.CharField(max_length=12)),
                ("place", models.CharField(max_length=12)),
                ("reason", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("state", models.CharField(max_length=20)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="emergencies",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="looks", to="registry.emergency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("note", models.TextField(default="")),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="registry.emergency"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Protection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("cause", models.CharField(max_length=40)),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateField(null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.request"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ProtectionReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "protection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readers", to="registry.protection"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["state", "area"], name="registry_em_state_6ae9c2_idx"),
        ),
        migrations.AddIndex(
            model_name="emergency",
            index=models.Index(fields=["officer", "state"], name="registry_em_officer_6beb79_idx"),
        ),
        migrations.AddConstraint(
            model_name="emergencylook",
            constraint=models.UniqueConstraint(fields=("emergency", "person_id"), name="seen_once"),
        ),
        migrations.AddIndex(
            model_name="protection",
            index=models.Index(fields=["person_id"], name="registry_pr_person__591f10_idx"),
        ),
        migrations.AddConstraint(
            model_name="protectionreader",
            constraint=models.UniqueConstraint(fields=("protection", "officer"), name="reader_once"),
        ),
        migrations.RunSQL((TABLES / "protection.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
