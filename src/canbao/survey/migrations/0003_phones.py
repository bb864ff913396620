"""Surveyors' phones: devices, permits, and what came from them."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("survey", "0002_rest"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="revision",
            field=models.BigIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("digest", models.CharField(max_length=64)),
                ("state", models.CharField(default="bound", max_length=10)),
                ("label", models.CharField(default="", max_length=60)),
                ("bound_at", models.DateTimeField(auto_now_add=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_for", models.TextField(default="")),
                ("emptied_at", models.DateTimeField(null=True)),
                ("contact_at", models.DateTimeField(null=True)),
                ("clock_ms", models.BigIntegerField(default=0)),
                ("app", models.IntegerField(default=0)),
                ("law", models.CharField(default="", max_length=64)),
                ("pending", models.IntegerField(default=0)),
                ("drafts", models.IntegerField(default=0)),
                ("storage", models.JSONField(default=dict)),
                ("diagnosis", models.JSONField(default=dict)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "surveyor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="devices", to="survey.surveyor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("length", models.IntegerField()),
                ("content", models.BinaryField(default=b"")),
                ("receipts", models.JSONField(null=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="parcels", to="survey.device"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhonePermit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("valid_to", models.DateField()),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
                (
                    "surveyor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="permits", to="survey.surveyor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Picture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField()),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("kind", models.CharField(max_length=20)),
                ("sha256", models.CharField(max_length=64)),
                ("length", models.IntegerField()),
                ("content", models.BinaryField(default=b"")),
                ("sealed", models.TextField(default="")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pictures", to="survey.device"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("key", models.CharField(max_length=32)),
                ("next", models.IntegerField(default=1)),
                (
                    "surveyor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="streams", to="survey.surveyor"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PhoneAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("seq", models.IntegerField()),
                ("kind", models.CharField(max_length=10)),
                ("task_id", models.BigIntegerField()),
                ("person_id", models.BigIntegerField(null=True)),
                ("place", models.CharField(db_collation="C", max_length=12)),
                ("text", models.TextField()),
                ("state", models.CharField(default="kept", max_length=10)),
                ("says", models.TextField(default="")),
                ("at", models.DateTimeField()),
                ("arrived_at", models.DateTimeField(auto_now_add=True)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "device",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="survey.device"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "stream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="actions", to="survey.stream"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="device",
            index=models.Index(fields=["place"], name="device_of_place"),
        ),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "bound")), fields=("surveyor",), name="one_bound_phone"
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.UniqueConstraint(fields=("device", "sha256"), name="parcel_once"),
        ),
        migrations.AddIndex(
            model_name="picture",
            index=models.Index(fields=["task_id"], name="picture_of_task"),
        ),
        migrations.AddConstraint(
            model_name="picture",
            constraint=models.UniqueConstraint(fields=("device", "sha256"), name="picture_once"),
        ),
        migrations.AddConstraint(
            model_name="stream",
            constraint=models.UniqueConstraint(fields=("surveyor", "key"), name="stream_once"),
        ),
        migrations.AddIndex(
            model_name="phoneaction",
            index=models.Index(condition=models.Q(("state", "kept")), fields=["stream", "seq"], name="action_waiting"),
        ),
        migrations.AddIndex(
            model_name="phoneaction",
            index=models.Index(
                condition=models.Q(("state", "dispute")), fields=["place", "id"], name="action_disputed"
            ),
        ),
        migrations.AddIndex(
            model_name="phoneaction",
            index=models.Index(fields=["task_id"], name="action_of_task"),
        ),
        migrations.AddConstraint(
            model_name="phoneaction",
            constraint=models.UniqueConstraint(fields=("stream", "key", "sha256"), name="action_once"),
        ),
        migrations.RunSQL((TABLES / "phones.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
