"""Places that change: changes with their rows, today's code of any code, whom a split can't tell apart."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

TABLES = Path(__file__).parents[1] / "tables"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0005_candidates"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=20)),
                ("day", models.DateField()),
                ("state", models.CharField(max_length=20)),
                ("in_force_at", models.DateTimeField(null=True)),
                ("stage", models.CharField(default="home", max_length=10)),
                ("after_home", models.CharField(default="", max_length=12)),
                ("after_id", models.BigIntegerField(default=0)),
                ("judged", models.BigIntegerField(default=0)),
                ("changed", models.BigIntegerField(default=0)),
                ("unclear", models.BigIntegerField(default=0)),
                ("moved", models.JSONField(default=list)),
                ("to_grant", models.JSONField(default=list)),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="place_change", to="registry.request"
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
            name="PlaceRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("old_code", models.CharField(max_length=12)),
                ("new_code", models.CharField(max_length=12)),
                ("name", models.CharField(max_length=60)),
                ("town_name", models.CharField(max_length=60)),
                ("is_said", models.BooleanField()),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="registry.placechange"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="placechange",
            index=models.Index(fields=["state", "day"], name="registry_pl_state_2aebc6_idx"),
        ),
        migrations.AddConstraint(
            model_name="placerow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("old_code", ""), _negated=True),
                fields=("change", "old_code"),
                name="place_changed_once",
            ),
        ),
        migrations.RunSQL((TABLES / "places.sql").read_text(encoding="utf-8"), reverse_sql=migrations.RunSQL.noop),
    ]
