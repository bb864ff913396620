"""Runs of departments' lists, their rows, and the plans by which lists come."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0012_proofs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExchangeRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=10)),
                ("as_of", models.DateField()),
                ("state", models.CharField(max_length=20)),
                ("file_name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("faults", models.JSONField(default=list)),
                ("rows", models.IntegerField(default=0)),
                ("people", models.IntegerField(default=0)),
                ("leaving", models.IntegerField(default=0)),
                ("handed", models.BigIntegerField(default=0)),
                ("counts", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.agreement"
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="registry.partner"
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="registry.work"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExchangeRunMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("move", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("note", models.TextField(default="")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="registry.exchangerun"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExchangePlan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=40)),
                ("steps", models.IntegerField()),
                ("unit", models.CharField(max_length=10)),
                ("due_on", models.DateField()),
                ("set_at", models.DateTimeField(auto_now=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="plans", to="registry.partner"
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("partner", "source"), name="plan_once")],
            },
        ),
        migrations.AddIndex(
            model_name="exchangerun",
            index=models.Index(fields=["partner", "source", "-as_of"], name="registry_ex_partner_b8805c_idx"),
        ),
        migrations.RunSQL((TABLES / "runs.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
